//! Checks what a contract has beside its terms, and the details of its obligations.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{ContractFile, EVIDENCE_KINDS, FLOW_TO_ALL_TIERS, PartyTable};
use crate::catalogue::{CatalogueError, vocab};
use crate::message::TermsObligation;

/// A contract was at least looked at; a pattern or a bare name is none.
const VERIFIED: &[&str] = &["partial", "read", "secondary"];

/// Details that are whole numbers: days.
const DAYS: &[&str] = &["cure_days", "deadline_days", "notice_days"];

/// Details that are true or false.
const TRUTHS: &[&str] = &["equivalence_ok", FLOW_TO_ALL_TIERS];

/// Most entries of `applies_to`, and most licences that are replaced.
const ENTRIES: usize = 10_000;

/// Shorter order numbers occur in words by chance.
const TELLING_ORDER: usize = 4;

pub(super) fn check(contract: &ContractFile, file: &str) -> Result<(), CatalogueError> {
    let invalid = |what: &str, value: &str, expected: &str| CatalogueError::Invalid {
        file: file.to_owned(),
        what: what.to_owned(),
        value: value.to_owned(),
        expected: expected.to_owned(),
    };
    let table = &contract.contract;
    if !is_idstring(&contract.key) {
        return Err(invalid("key", &contract.key, "letters, digits, `-` and `.` only"));
    }
    if contract.name.trim().is_empty() {
        return Err(invalid("name", &contract.name, "a title that customers may read"));
    }
    if !VERIFIED.contains(&&*contract.verified) {
        return Err(invalid("verified", &contract.verified, &VERIFIED.join(", ")));
    }
    party("contract.licensor", &table.licensor, &invalid)?;
    party("contract.licensee", &table.licensee, &invalid)?;
    let order = table.order.as_deref().unwrap_or_default();
    for (what, value) in shown(contract) {
        if order.len() >= TELLING_ORDER && value.contains(order) {
            let expected = "one without the order number: customers see it";
            return Err(invalid(what, value, expected));
        }
    }
    if table.applies_to.is_empty() {
        let expected = "at least one entry `[[contract.applies_to]]`";
        return Err(invalid("contract.applies_to", "[]", expected));
    }
    for (what, count) in [
        ("contract.applies_to", table.applies_to.len()),
        ("contract.replaces", table.replaces.len()),
    ] {
        if count > ENTRIES {
            let value = format!("{count} entries");
            return Err(invalid(what, &value, &format!("at most {ENTRIES}")));
        }
    }
    for (index, subject) in table.applies_to.iter().enumerate() {
        let stated = [&subject.digest, &subject.purl, &subject.name];
        if stated.iter().all(|value| value.as_deref().is_none_or(str::is_empty)) {
            let what = format!("contract.applies_to.{index}");
            return Err(invalid(&what, "empty", "`digest`, `purl` or `name`"));
        }
    }
    if table.replaces.contains(&contract.key) {
        let expected = "keys of other licences";
        return Err(invalid("contract.replaces", &contract.key, expected));
    }
    if let Some(kind) = table.evidence.keys().find(|kind| !EVIDENCE_KINDS.contains(&kind.as_str()))
    {
        return Err(invalid("contract.evidence", kind, &EVIDENCE_KINDS.join(", ")));
    }
    for obligation in &contract.obligation {
        details(obligation, &invalid)?;
    }
    Ok(())
}

/// The words of a contract that customers may read.
fn shown(contract: &ContractFile) -> impl Iterator<Item = (&'static str, &String)> {
    let labels = contract.restriction.iter().map(|it| ("restriction.label", &it.label));
    let exceptions = contract.restriction.iter().flat_map(|it| &it.exceptions);
    let freedom = &contract.grant.relicense_derivatives;
    [("key", &contract.key), ("name", &contract.name), ("grant.relicense_derivatives", freedom)]
        .into_iter()
        .chain(labels)
        .chain(exceptions.map(|it| ("restriction.exceptions", it)))
}

fn party(
    what: &str,
    party: &PartyTable,
    invalid: &dyn Fn(&str, &str, &str) -> CatalogueError,
) -> Result<(), CatalogueError> {
    let mut names = std::iter::once(&party.name).chain(&party.affiliates);
    match names.find(|name| name.trim().is_empty()) {
        Some(name) => Err(invalid(what, name, "the name of a company")),
        None => Ok(()),
    }
}

/// A detail that nobody reads would be lost in silence, so its name must be one of the vocabulary.
fn details(
    obligation: &TermsObligation,
    invalid: &dyn Fn(&str, &str, &str) -> CatalogueError,
) -> Result<(), CatalogueError> {
    let known = vocab::obligation_kind(&obligation.kind).map_or("", |kind| &kind.params);
    let known: BTreeSet<&str> = known
        .split(", ")
        .map(|name| name.split(':').next().unwrap_or_default())
        .chain([FLOW_TO_ALL_TIERS])
        .filter(|name| !name.is_empty())
        .collect();
    for (name, value) in &obligation.params {
        let what = format!("obligation.params.{name}` of `{}", obligation.kind);
        if !known.contains(name.as_str()) {
            let words = known.iter().copied().collect::<Vec<_>>().join(", ");
            return Err(invalid(&what, &value.to_string(), &format!("one of: {words}")));
        }
        let expected = match name.as_str() {
            days if DAYS.contains(&days) && !value.is_u64() => "a number of days",
            truth if TRUTHS.contains(&truth) && !value.is_boolean() => "true or false",
            _ if matches!(value, Value::Array(_) | Value::Object(_) | Value::Null) => {
                "a text, a number, true or false"
            }
            _ => continue,
        };
        return Err(invalid(&what, &value.to_string(), expected));
    }
    Ok(())
}

/// What may follow `LicenseRef-` (SPDX 2.3, annex D).
fn is_idstring(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
}
