//! What licences say: catalogue records as the scan used them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model;

/// What one version of one licence says.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Terms<'a> {
    /// Its title.
    name: &'a str,
    /// Its date or version.
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
    /// Who licenses.
    #[serde(skip_serializing_if = "Option::is_none")]
    licensor: Option<&'a str>,
    /// Licence family.
    family: &'a str,
    /// How the record was verified.
    verified: &'static str,
    /// The SPDX id, or `LicenseRef-…`.
    spdx: &'a str,
    /// Remarks on the record.
    notes: &'a [String],
    /// How rights are granted.
    grant: Grant<'a>,
    /// Sizes above which other terms apply.
    thresholds: Vec<Threshold<'a>>,
    /// What must be done.
    obligations: Vec<Obligation<'a>>,
    /// What must not be done.
    restrictions: Vec<UseRestriction<'a>>,
}

/// How rights are granted.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Grant<'a> {
    /// How rights reach the customer.
    conveyance: &'static str,
    /// Whether the licensor licenses each recipient.
    directness: &'static str,
    /// `by-use`, `by-exercise` or `signed`.
    acceptance: &'a str,
    /// Where the text says by what it binds.
    #[serde(skip_serializing_if = "Option::is_none")]
    acceptance_clause: Option<&'a str>,
    /// Whether rights may be sublicensed.
    sublicensable: bool,
    /// Under what a derivative may be licensed.
    relicense_derivatives: &'a str,
    /// Whether a model trained on outputs is a derivative: `reached`, `outputs-excluded`, `silent`.
    distillation: &'static str,
    /// The clauses that say so.
    clause: &'a str,
    /// `copyright`, `patent`, `contract`, …
    legal_basis: &'a [String],
    /// Whether and when the grant can be ended.
    revocable: &'a str,
    /// What it covers.
    covers: &'a [String],
    /// What it leaves out.
    excludes: &'a [String],
    /// What is said of outputs.
    outputs: &'a str,
    /// `any`, `non-commercial`, …
    permitted_use: &'a str,
    /// Whether hosting counts as distribution; empty when the text is silent.
    hosting_is_distribution: &'a str,
    /// Governing law; empty when the text is silent.
    governing_law: &'a str,
}

/// A size above which other terms apply.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Threshold<'a> {
    /// `mau`, `annual-revenue`, …
    metric: &'a str,
    /// The number.
    value: u64,
    /// `>` or `>=`.
    operator: &'a str,
    /// Over which time.
    window: &'a str,
    /// What follows.
    effect: &'a str,
    /// Where it stands.
    clause: &'a str,
    /// Who is exempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    exempt: Option<&'a str>,
    /// Currency of a money metric.
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'a str>,
}

/// Something a licence makes somebody do, or lets the licensor do.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Obligation<'a> {
    /// A kind of the vocabulary.
    kind: &'a str,
    /// Where it stands.
    clause: &'a str,
    /// What triggers it.
    triggers: &'a [String],
    /// What files can show.
    evidence_class: &'static str,
    /// Details, by name.
    params: &'a BTreeMap<String, String>,
}

/// A use that a licence forbids.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UseRestriction<'a> {
    /// The clause label as the text prints it.
    label: &'a str,
    /// Categories of the vocabulary.
    categories: &'a [String],
    /// The mental element.
    mental: &'static str,
    /// Exceptions.
    exceptions: &'a [String],
    /// What is special about the wording.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

impl<'a> Terms<'a> {
    pub(super) fn of(terms: &'a model::LicenseTerms) -> Self {
        let grant = &terms.grant;
        Self {
            name: &terms.name,
            date: terms.date.as_deref(),
            licensor: terms.licensor.as_deref(),
            family: &terms.family,
            verified: terms.verified.name(),
            spdx: &terms.spdx,
            notes: &terms.notes,
            grant: Grant {
                conveyance: grant.conveyance.name(),
                directness: grant.directness.name(),
                acceptance: &grant.acceptance,
                acceptance_clause: grant.acceptance_clause.as_deref(),
                sublicensable: grant.sublicensable,
                relicense_derivatives: &grant.relicense_derivatives,
                distillation: grant.distillation.name(),
                clause: &grant.clause,
                legal_basis: &grant.legal_basis,
                revocable: &grant.revocable,
                covers: &grant.covers,
                excludes: &grant.excludes,
                outputs: &grant.outputs,
                permitted_use: &grant.permitted_use,
                hosting_is_distribution: &grant.hosting_is_distribution,
                governing_law: &grant.governing_law,
            },
            thresholds: terms.thresholds.iter().map(Threshold::of).collect(),
            obligations: terms.obligations.iter().map(Obligation::of).collect(),
            restrictions: terms.restrictions.iter().map(UseRestriction::of).collect(),
        }
    }
}

impl<'a> Threshold<'a> {
    pub(super) fn of(threshold: &'a model::Threshold) -> Self {
        Self {
            metric: &threshold.metric,
            value: threshold.value,
            operator: &threshold.operator,
            window: &threshold.window,
            effect: &threshold.effect,
            clause: &threshold.clause,
            exempt: threshold.exempt.as_deref(),
            currency: threshold.currency.as_deref(),
        }
    }
}

impl<'a> Obligation<'a> {
    pub(super) fn of(obligation: &'a model::Obligation) -> Self {
        Self {
            kind: &obligation.kind,
            clause: &obligation.clause,
            triggers: &obligation.triggers,
            evidence_class: obligation.evidence.name(),
            params: &obligation.params,
        }
    }
}

impl<'a> UseRestriction<'a> {
    pub(super) fn of(restriction: &'a model::UseRestriction) -> Self {
        Self {
            label: &restriction.label,
            categories: &restriction.categories,
            mental: restriction.mental.name(),
            exceptions: &restriction.exceptions,
            note: restriction.note.as_deref(),
        }
    }
}
