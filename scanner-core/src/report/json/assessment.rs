//! What follows: conclusions, effective terms, obligations, findings.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::agreement::AgreementReview;
use super::bundle::Bundle;
use super::evidence::Location;
use super::flow::Flow;
use super::policy::FindingStanding;
use super::terms::{Obligation, Threshold};
use crate::model;

/// What follows from an inventory.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Assessment<'a> {
    /// By artifact id.
    artifacts: BTreeMap<&'a str, ArtifactAssessment<'a>>,
    /// Sorted by severity (worst first), artifact, rule.
    findings: Vec<Finding<'a>>,
    /// What every customer of the product receives.
    bundle: Bundle<'a>,
    /// Who holds which licence from whom, and who can enforce what.
    flow: Flow<'a>,
    /// What of all that stands in the agreement with customers; absent when none is declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    agreement: Option<AgreementReview<'a>>,
}

/// What follows for one artifact.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ArtifactAssessment<'a> {
    /// Its own licence.
    license: Conclusion<'a>,
    /// Own and inherited terms.
    effective: Effective<'a>,
    /// What is owed, sorted by licence, kind, clause.
    obligations: Vec<AssessedObligation<'a>>,
}

/// The licence of one artifact, as far as it is settled.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Conclusion<'a> {
    /// `unknown`, `contradicted`, `declared`, `detected` or `concluded`.
    status: &'static str,
    /// The SPDX expression; absent is NOASSERTION.
    #[serde(skip_serializing_if = "Option::is_none")]
    expression: Option<&'a str>,
    /// The expression that was declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    declared: Option<&'a str>,
    /// Why.
    because: &'a str,
}

/// Own terms and every ancestor's.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Effective<'a> {
    /// The SPDX expression of all of them joined; absent is NOASSERTION.
    #[serde(skip_serializing_if = "Option::is_none")]
    expression: Option<&'a str>,
    /// Every licence that applies, own first.
    licenses: Vec<Applied<'a>>,
    /// Ancestors whose licence nobody knows.
    unknown_ancestors: Vec<UnknownAncestor<'a>>,
    /// Licences of models that this one was trained on outputs of, whose definition of a derivative
    /// leaves such models out.
    not_reached: Vec<Applied<'a>>,
    /// Every limit on the permitted use; all of them apply.
    use_limits: Vec<UseLimit<'a>>,
    /// For each metric the lowest threshold of any licence.
    thresholds: Vec<EffectiveThreshold<'a>>,
    /// Every category that any of the licences restricts.
    restricted_categories: Vec<&'a str>,
    /// Why.
    because: &'a str,
}

/// A licence that does not permit every use.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UseLimit<'a> {
    /// Which licence.
    license: &'a str,
    /// What it permits: `non-commercial`, …
    permitted_use: &'a str,
}

/// A threshold that applies, and whose it is.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EffectiveThreshold<'a> {
    /// Which licence.
    license: &'a str,
    /// The threshold.
    threshold: Threshold<'a>,
}

/// A licence that applies to an artifact, and why.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Applied<'a> {
    /// Which licence.
    key: &'a str,
    /// The strongest ground.
    basis: &'static str,
    /// The ancestor it comes from; absent for the artifact's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    from_ancestor: Option<&'a str>,
    /// How the artifact relates to that ancestor.
    #[serde(skip_serializing_if = "Option::is_none")]
    relation: Option<&'static str>,
    /// The other licences the same statement can mean.
    alternatives: Vec<&'a str>,
    /// Where to look; never empty.
    evidence: Vec<Location<'a>>,
}

/// An ancestor whose licence nobody knows.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UnknownAncestor<'a> {
    /// Its name as stated.
    name: &'a str,
    /// How the artifact relates to it.
    relation: &'static str,
    /// Where that is stated.
    evidence: Vec<Location<'a>>,
}

/// An obligation of one licence on one artifact, with its status.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssessedObligation<'a> {
    /// Which licence.
    license: &'a str,
    /// What is owed.
    obligation: Obligation<'a>,
    /// The product's declaration says that its trigger does not happen.
    dormant: bool,
    /// `contradicted`, `missing`, `needs-declaration`, `not-evidencable` or `satisfied`.
    status: &'static str,
    /// Why that status.
    because: &'a str,
    /// Where to look.
    evidence: Vec<Location<'a>>,
}

/// What is owed and absent, or contradicts itself.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Finding<'a> {
    /// Stable code of the rule.
    rule: &'static str,
    /// `note`, `warning` or `error`.
    severity: &'static str,
    /// The artifact; absent when it concerns the product as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    artifact: Option<&'a str>,
    /// The licence that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'a str>,
    /// The clause that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<&'a str>,
    /// What is wrong.
    message: &'a str,
    /// Where to look; never empty.
    because: Vec<Location<'a>>,
    /// What would settle it.
    fix: &'a str,
    /// How it stands under the policy, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<FindingStanding<'a>>,
}

impl<'a> Assessment<'a> {
    pub(super) fn of(
        assessment: &'a model::Assessment,
        policy: Option<&'a model::PolicyOutcome>,
    ) -> Self {
        let artifacts = assessment.artifacts.iter();
        let standing = |index: usize| policy.and_then(|policy| policy.standings.get(index));
        Self {
            artifacts: artifacts
                .map(|(id, artifact)| (id.0.as_str(), ArtifactAssessment::of(artifact)))
                .collect(),
            findings: assessment
                .findings
                .iter()
                .enumerate()
                .map(|(index, finding)| Finding::of(finding, standing(index)))
                .collect(),
            bundle: Bundle::of(&assessment.bundle),
            flow: Flow::of(&assessment.flow),
            agreement: assessment.agreement.as_ref().map(AgreementReview::of),
        }
    }
}

impl<'a> ArtifactAssessment<'a> {
    fn of(artifact: &'a model::ArtifactAssessment) -> Self {
        let (conclusion, effective) = (&artifact.conclusion, &artifact.effective);
        let unknown = effective.unknown_ancestors.iter();
        let categories = effective.restricted_categories.iter();
        Self {
            license: Conclusion {
                status: conclusion.status.name(),
                expression: conclusion.expression.as_deref(),
                declared: conclusion.declared.as_deref(),
                because: &conclusion.because,
            },
            effective: Effective {
                expression: effective.expression.as_deref(),
                licenses: effective.licenses.iter().map(Applied::of).collect(),
                unknown_ancestors: unknown
                    .map(|ancestor| UnknownAncestor {
                        name: &ancestor.name,
                        relation: ancestor.relation.name(),
                        evidence: Location::all(&ancestor.evidence),
                    })
                    .collect(),
                not_reached: effective.not_reached.iter().map(Applied::of).collect(),
                use_limits: effective.use_limits.iter().map(UseLimit::of).collect(),
                thresholds: effective.thresholds.iter().map(EffectiveThreshold::of).collect(),
                restricted_categories: categories.map(String::as_str).collect(),
                because: &effective.because,
            },
            obligations: artifact.obligations.iter().map(AssessedObligation::of).collect(),
        }
    }
}

impl<'a> UseLimit<'a> {
    fn of(limit: &'a model::UseLimit) -> Self {
        Self { license: &limit.license.0, permitted_use: &limit.permitted_use }
    }
}

impl<'a> EffectiveThreshold<'a> {
    fn of(effective: &'a model::EffectiveThreshold) -> Self {
        Self { license: &effective.license.0, threshold: Threshold::of(&effective.threshold) }
    }
}

impl<'a> Applied<'a> {
    fn of(applied: &'a model::AppliedLicense) -> Self {
        Self {
            key: &applied.key.0,
            basis: applied.basis.name(),
            from_ancestor: applied.from_ancestor.as_deref(),
            relation: applied.relation.map(model::RelationKind::name),
            alternatives: applied.alternatives.iter().map(|key| key.0.as_str()).collect(),
            evidence: Location::all(&applied.evidence),
        }
    }
}

impl<'a> AssessedObligation<'a> {
    pub(super) fn of(owed: &'a model::AssessedObligation) -> Self {
        Self {
            license: &owed.license.0,
            obligation: Obligation::of(&owed.obligation),
            dormant: owed.dormancy == model::Dormancy::Dormant,
            status: owed.status.name(),
            because: &owed.because,
            evidence: Location::all(&owed.evidence),
        }
    }
}

impl<'a> Finding<'a> {
    fn of(finding: &'a model::Finding, standing: Option<&'a model::FindingStanding>) -> Self {
        Self {
            rule: finding.rule.as_str(),
            severity: finding.severity().name(),
            artifact: finding.artifact.as_ref().map(|id| id.0.as_str()),
            license: finding.license.as_ref().map(|key| key.0.as_str()),
            clause: finding.clause.as_deref(),
            message: &finding.message,
            because: Location::all(&finding.because),
            fix: &finding.fix,
            standing: standing.map(FindingStanding::of),
        }
    }
}
