//! Checks one record against the vocabulary.

use std::collections::BTreeSet;

use super::{CatalogueError, vocab};
use crate::message::Terms;

const ACCEPTANCE: &[&str] = &["by-exercise", "by-use", "signed"];
const CONVEYANCE: &[&str] =
    &["commercial-flowdown", "direct-license", "no-conveyance", "sublicense-with-flowdown"];
const DIRECTNESS: &[&str] = &[
    "explicit",
    "explicit-personal",
    "implied",
    "none",
    "none-after-relicense",
    "unknown",
    "unsure",
];
const DISTILLATION: &[&str] = &["outputs-excluded", "reached"];
const EVIDENCE: &[&str] =
    &["contract", "declared", "flag", "mechanical", "mechanical-partial", "none", "semi"];
const LEGAL_BASIS: &[&str] =
    &["contract", "copyright", "database", "other-ip", "patent", "trade-secret"];
const MENTAL: &[&str] = &["effect", "intent", "intent-or-effect", "knowledge", "none"];
const OPERATOR: &[&str] = &[">", ">="];
/// Several joined by `+` must all happen.
const TRIGGER: &[&str] = &[
    "always",
    "breach",
    "derive",
    "distribute",
    "downstream-breach",
    "embed",
    "host",
    "litigation",
    "modify",
    "output-use",
    "produce",
    "publish",
    "termination",
    "use",
    "violation",
];
const VERIFIED: &[&str] = &["hf-table", "partial", "read", "secondary", "seed"];

/// `file` names the file in errors; `stem` is its name without `.toml`.
pub(super) fn check(terms: &Terms, stem: &str, file: &str) -> Result<(), CatalogueError> {
    let invalid = |what: &str, value: &str, expected: &str| CatalogueError::Invalid {
        file: file.to_owned(),
        what: what.to_owned(),
        value: value.to_owned(),
        expected: expected.to_owned(),
    };
    let one_of = |what: &str, value: &str, words: &[&str]| {
        if words.contains(&value) { Ok(()) } else { Err(invalid(what, value, &words.join(", "))) }
    };
    if terms.schema != 1 {
        return Err(invalid("schema", &terms.schema.to_string(), "1"));
    }
    if terms.key != stem {
        return Err(invalid("key", &terms.key, stem));
    }
    if terms.ids.spdx.is_empty() == terms.ids.spdx_ref.is_empty() {
        return Err(invalid("ids.spdx", &terms.ids.spdx, "exactly one of `spdx` and `spdx_ref`"));
    }
    one_of("verified", &terms.verified, VERIFIED)?;
    one_of("grant.conveyance", &terms.grant.conveyance, CONVEYANCE)?;
    one_of("grant.directness", &terms.grant.directness, DIRECTNESS)?;
    one_of("grant.acceptance", &terms.grant.acceptance, ACCEPTANCE)?;
    let relicense = &terms.grant.relicense_derivatives;
    if !vocab::RELICENSE_DERIVATIVES.iter().any(|start| relicense.starts_with(start)) {
        let expected =
            format!("words that begin with one of {}", vocab::RELICENSE_DERIVATIVES.join(", "));
        return Err(invalid("grant.relicense_derivatives", relicense, &expected));
    }
    if let Some(distillation) = &terms.grant.distillation {
        one_of("grant.distillation", distillation, DISTILLATION)?;
    }
    for basis in &terms.grant.legal_basis {
        one_of("grant.legal_basis", basis, LEGAL_BASIS)?;
    }
    for threshold in &terms.threshold {
        one_of("threshold.op", &threshold.op, OPERATOR)?;
        if threshold.clause.is_empty() {
            return Err(invalid("threshold.clause", &threshold.metric, "the clause it stands in"));
        }
    }
    for obligation in &terms.obligation {
        if vocab::obligation_kind(&obligation.kind).is_none() {
            return Err(invalid("obligation.kind", &obligation.kind, "an id of the vocabulary"));
        }
        if obligation.clause.is_empty() {
            return Err(invalid("obligation.clause", &obligation.kind, "the clause it stands in"));
        }
        if obligation.trigger.is_empty() {
            return Err(invalid("obligation.trigger", &obligation.kind, "at least one trigger"));
        }
        for trigger in obligation.trigger.iter().flat_map(|joined| joined.split('+')) {
            one_of("obligation.trigger", trigger, TRIGGER)?;
        }
        one_of("obligation.evidence", &obligation.evidence, EVIDENCE)?;
    }
    let mut labels = BTreeSet::new();
    for restriction in &terms.restriction {
        if restriction.label.is_empty() || !labels.insert(restriction.label.as_str()) {
            return Err(invalid("restriction.label", &restriction.label, "a label of its own"));
        }
        if restriction.categories.is_empty() {
            return Err(invalid("restriction.categories", &restriction.label, "at least one"));
        }
        for category in &restriction.categories {
            if vocab::category(category).is_none() {
                return Err(invalid("restriction.categories", category, "an id of the vocabulary"));
            }
        }
        if let Some(mental) = &restriction.mental {
            one_of("restriction.mental", mental, MENTAL)?;
        }
    }
    Ok(())
}
