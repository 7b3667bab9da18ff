//! Contracts of the product, and what each covers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model;

/// A contract under which the vendor holds parts of the product. Confidential: this document is not
/// for customers.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Contract<'a> {
    /// Key of its terms, which `inventory.terms` has when it covers anything.
    key: &'a str,
    /// Its title.
    name: &'a str,
    /// What it says it covers.
    applies_to: Vec<Subject<'a>>,
    /// Keys of licences in whose place it stands.
    replaces: Vec<&'a str>,
    /// What only its parties may read; absent in what customers receive.
    #[serde(skip_serializing_if = "Option::is_none")]
    particulars: Option<Particulars<'a>>,
}

/// What a contract says it covers: by any of these an artifact is known to be it.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Subject<'a> {
    /// `sha256:…` of a file, or an artifact id.
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    /// Package URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    purl: Option<&'a str>,
    /// Name or pattern of names.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

/// What only the parties of a contract may read.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Particulars<'a> {
    /// Its file.
    file: UserFile<'a>,
    /// Who licenses.
    licensor: Party<'a>,
    /// Who is licensed.
    licensee: Party<'a>,
    /// Title of the agreement that governs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    agreement: Option<&'a str>,
    /// Number of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<&'a str>,
    /// When it takes effect, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    effective: Option<String>,
    /// First day of its term.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// Last day of its term.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    /// Documents that the vendor names as evidence, by kind of obligation.
    evidence: BTreeMap<&'a str, UserFile<'a>>,
}

/// A file that the user named.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UserFile<'a> {
    /// Relative to the settings file.
    path: &'a str,
    /// Its SHA-256.
    sha256: String,
}

/// A party of a contract.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Party<'a> {
    /// Its name.
    name: &'a str,
    /// Companies that stand beside it.
    affiliates: &'a [String],
}

/// What one contract was found to cover.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Coverage<'a> {
    /// `in-force`, `not-yet` or `ended` on the day of the document.
    status: &'static str,
    /// Ids of artifacts, each with the index of the entry of `applies_to` that names it.
    artifacts: BTreeMap<&'a str, usize>,
    /// Ancestors outside the scan by the name that is stated, with the same index.
    ancestors: BTreeMap<&'a str, usize>,
}

impl<'a> Contract<'a> {
    pub(super) fn of(contract: &'a model::Contract) -> Self {
        Self {
            key: &contract.terms.key.0,
            name: &contract.terms.name,
            applies_to: contract.applies_to.iter().map(Subject::of).collect(),
            replaces: contract.replaces.iter().map(|key| key.0.as_str()).collect(),
            particulars: contract.particulars.as_ref().map(Particulars::of),
        }
    }
}

impl<'a> Subject<'a> {
    fn of(subject: &'a model::ContractSubject) -> Self {
        Self {
            digest: subject.digest.as_ref().map(|digest| match digest {
                model::ContractDigest::File(digest) => digest.to_string(),
                model::ContractDigest::Artifact(id) => id.to_string(),
            }),
            purl: subject.purl.as_ref().map(model::Purl::as_str),
            name: subject.name.as_deref(),
        }
    }
}

impl<'a> Particulars<'a> {
    fn of(parts: &'a model::ContractParticulars) -> Self {
        let evidence = parts.evidence.iter();
        Self {
            file: UserFile::of(&parts.declared_in),
            licensor: Party::of(&parts.licensor),
            licensee: Party::of(&parts.licensee),
            agreement: parts.agreement.as_deref(),
            order: parts.order.as_deref(),
            effective: parts.effective.map(|day| day.to_string()),
            from: parts.from.map(|day| day.to_string()),
            until: parts.until.map(|day| day.to_string()),
            evidence: evidence.map(|(kind, file)| (kind.as_str(), UserFile::of(file))).collect(),
        }
    }
}

impl<'a> UserFile<'a> {
    fn of(file: &'a model::UserFile) -> Self {
        Self { path: file.path.as_str(), sha256: file.sha256.to_string() }
    }
}

impl<'a> Party<'a> {
    fn of(party: &'a model::ContractParty) -> Self {
        Self { name: &party.name, affiliates: &party.affiliates }
    }
}

impl<'a> Coverage<'a> {
    pub(super) fn of(coverage: &'a model::ContractCoverage) -> Self {
        let artifacts = coverage.artifacts.iter();
        let ancestors = coverage.ancestors.iter();
        Self {
            status: coverage.status.name(),
            artifacts: artifacts.map(|(id, index)| (id.0.as_str(), *index)).collect(),
            ancestors: ancestors.map(|(name, index)| (name.as_str(), *index)).collect(),
        }
    }
}
