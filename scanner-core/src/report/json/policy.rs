//! The policy: how the findings stand, and whether it objects.

use schemars::JsonSchema;
use serde::Serialize;

use super::evidence::Location;
use crate::model;

/// What the policy makes of the findings. Each finding carries its standing.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Policy<'a> {
    /// New findings of this severity or above are objections: `note`, `warning` or `error`.
    fail_on: &'static str,
    /// Whether there is an objection.
    objects: bool,
    /// SHA-256 of the settings file; absent when nobody wrote a policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    declared_in: Option<String>,
    /// SHA-256 of the baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<String>,
    /// What the baseline holds and no longer occurs.
    fixed: Vec<Fixed<'a>>,
}

/// A finding of the baseline that no longer occurs.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Fixed<'a> {
    /// Stable code of the rule.
    rule: &'a str,
    /// The artifact: its purl without version, else kind and name.
    #[serde(skip_serializing_if = "Option::is_none")]
    artifact: Option<&'a str>,
    /// SPDX id or `LicenseRef-…` of the licence that said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'a str>,
    /// The clause that said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<&'a str>,
    /// How often less.
    count: u64,
}

/// How a finding stands under the policy.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FindingStanding<'a> {
    /// `new`, `known` or `excepted`.
    state: &'static str,
    /// Why an exception accepts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    /// Where the exception stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Location<'a>>,
}

impl<'a> Policy<'a> {
    pub(super) fn of(outcome: &'a model::PolicyOutcome, assessment: &model::Assessment) -> Self {
        let digest = |file: &model::UserFile| file.sha256.to_string();
        Self {
            fail_on: outcome.fail_on.name(),
            objects: outcome.objects(assessment),
            declared_in: outcome.declared_in.as_ref().map(digest),
            baseline: outcome.baseline.as_ref().map(digest),
            fixed: outcome
                .fixed
                .iter()
                .map(|(identity, count)| Fixed {
                    rule: &identity.code,
                    artifact: identity.artifact.as_deref(),
                    license: identity.license.as_deref(),
                    clause: identity.clause.as_deref(),
                    count: *count,
                })
                .collect(),
        }
    }
}

impl<'a> FindingStanding<'a> {
    pub(super) fn of(standing: &'a model::FindingStanding) -> Self {
        let (reason, at) = match standing {
            model::FindingStanding::Excepted { reason, at } => {
                (Some(&**reason), Some(Location::of(at)))
            }
            model::FindingStanding::New | model::FindingStanding::Known => (None, None),
        };
        Self { state: standing.name(), reason, at }
    }
}
