//! What the user's policy says, and how each finding stands under it (`docs/policy.md`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{
    Artifact, Assessment, Conveyance, Date, Digest, Finding, LicenseKey, Location, Severity,
    UserFile,
};

/// What is acceptable to whoever runs the scan: table `[policy]` of the settings file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    /// New findings from this severity upwards are objections.
    pub fail_on: Severity,
    /// What is acceptable; the list is closed for each subject that it names.
    pub allow: Vec<PolicyRule>,
    /// What is not acceptable; stronger than any allowance.
    pub deny: Vec<PolicyRule>,
    /// Findings on single artifacts that somebody has accepted.
    pub exceptions: Vec<PolicyException>,
    /// What single files are, as a person who read them says.
    pub clarifications: Vec<Clarification>,
    /// Findings that were there before.
    pub baseline: Option<Baseline>,
    /// The settings file, as evidence; `None` when nobody wrote a policy.
    pub declared_in: Option<UserFile>,
}

impl Default for Policy {
    /// Without a policy, errors are objections.
    fn default() -> Self {
        Self {
            fail_on: Severity::Error,
            allow: Vec::new(),
            deny: Vec::new(),
            exceptions: Vec::new(),
            clarifications: Vec::new(),
            baseline: None,
            declared_in: None,
        }
    }
}

/// What a rule of the policy speaks of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RuleSubject {
    /// Licences.
    License,
    /// What licences make somebody do.
    Obligation,
    /// What licences forbid.
    Restriction,
}

/// One allowance or denial. Every part that is given must hold; `category` and `obligation`
/// exclude each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyRule {
    /// Licences with this name.
    pub license: Option<LicenseName>,
    /// Licences of this family.
    pub family: Option<String>,
    /// Licences that convey rights in this way.
    pub conveyance: Option<Conveyance>,
    /// Restrictions of this category.
    pub category: Option<String>,
    /// Obligations of this kind.
    pub obligation: Option<String>,
    /// Why, in the user's words.
    pub reason: Option<String>,
    /// Where it stands.
    pub at: Location,
}

impl PolicyRule {
    /// What it speaks of.
    pub const fn subject(&self) -> RuleSubject {
        match (&self.category, &self.obligation) {
            (Some(_), _) => RuleSubject::Restriction,
            (None, Some(_)) => RuleSubject::Obligation,
            (None, None) => RuleSubject::License,
        }
    }
}

/// A licence as the user named it, with all that the name means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LicenseName {
    /// As it was written: an SPDX id, a `LicenseRef-…`, a catalogue key or a tag.
    pub stated: String,
    /// Catalogue keys.
    pub keys: BTreeSet<LicenseKey>,
    /// SPDX ids and references, also with `WITH`.
    pub ids: BTreeSet<String>,
}

/// Findings on an artifact that somebody has accepted, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyException {
    /// Which artifacts: name, path or purl, each with `*` and `?`, or a digest.
    pub artifact: String,
    /// Only findings about this licence.
    pub license: Option<LicenseName>,
    /// Only findings with this code.
    pub code: Option<String>,
    /// Why, in the user's words.
    pub reason: String,
    /// The last day on which it holds.
    pub expires: Option<Date>,
    /// Where it stands.
    pub at: Location,
}

/// What a file is, as a person who read it says; pinned to its bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Clarification {
    /// SHA-256 of the file.
    pub sha256: Digest,
    /// The licence as it was written.
    pub stated: String,
    /// The licences that the words name.
    pub licenses: Vec<LicenseKey>,
    /// The SPDX expression.
    pub expression: String,
    /// Why, in the user's words.
    pub reason: String,
    /// Where it stands.
    pub at: Location,
}

/// The findings of an earlier run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Baseline {
    /// The file.
    pub file: UserFile,
    /// How often each finding occurred.
    pub known: BTreeMap<FindingIdentity, u64>,
}

/// What makes two findings of different runs the same: no digest, version, path of a file or line,
/// which change while the matter stays.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FindingIdentity {
    /// Code of the rule.
    pub code: String,
    /// The artifact: its purl without version, else kind and name; `None` for the product.
    pub artifact: Option<String>,
    /// SPDX id or `LicenseRef-…` of the licence that says so.
    pub license: Option<String>,
    /// The clause that says so.
    pub clause: Option<String>,
}

impl FindingIdentity {
    /// The identity of `finding`, which is about `artifact`; `license` is what documents call the
    /// licence that says so.
    pub fn of(finding: &Finding, artifact: Option<&Artifact>, license: Option<String>) -> Self {
        Self {
            code: finding.rule.as_str().to_owned(),
            artifact: artifact.map(Artifact::lasting_name),
            license,
            clause: finding.clause.clone(),
        }
    }
}

impl fmt::Display for FindingIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(artifact) = &self.artifact {
            write!(f, " on `{artifact}`")?;
        }
        if let Some(license) = &self.license {
            write!(f, ", {license}")?;
        }
        if let Some(clause) = &self.clause {
            write!(f, " clause {clause}")?;
        }
        Ok(())
    }
}

/// How a finding stands under a policy.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum FindingStanding {
    /// Nobody has seen or accepted it yet.
    New,
    /// The baseline holds it.
    Known,
    /// An exception accepts it.
    Excepted {
        /// Why, in the user's words.
        reason: String,
        /// Where the exception stands.
        at: Location,
    },
}

impl FindingStanding {
    /// The word used in documents.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Known => "known",
            Self::Excepted { .. } => "excepted",
        }
    }
}

/// How the findings of an assessment stand under a policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyOutcome {
    /// New findings from this severity upwards are objections.
    pub fail_on: Severity,
    /// One for each finding of the assessment, in its order.
    pub standings: Vec<FindingStanding>,
    /// One for each finding of the assessment, in its order.
    pub identities: Vec<FindingIdentity>,
    /// What the baseline holds and no longer occurs, and how often.
    pub fixed: BTreeMap<FindingIdentity, u64>,
    /// The settings file.
    pub declared_in: Option<UserFile>,
    /// The baseline file.
    pub baseline: Option<UserFile>,
}

impl PolicyOutcome {
    /// Each finding of `assessment` with its standing.
    pub fn judged<'a>(
        &'a self,
        assessment: &'a Assessment,
    ) -> impl Iterator<Item = (&'a Finding, &'a FindingStanding)> {
        assessment.findings.iter().zip(&self.standings)
    }

    /// Whether the policy objects to what `assessment` found.
    pub fn objects(&self, assessment: &Assessment) -> bool {
        self.judged(assessment).any(|(finding, standing)| {
            *standing == FindingStanding::New && finding.severity() >= self.fail_on
        })
    }
}
