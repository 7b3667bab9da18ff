//! The baseline: findings of an earlier run, so that a gate fails only for new ones.
//!
//! Versioned (`"schema": "flowdown/baseline/1"`) and described by `schemas/baseline/1.json`. It holds
//! what lasts of a finding (code, artifact, licence, clause) and nothing that changes with every
//! release; it is sorted, so that a change of it can be reviewed.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{FindingIdentity, FindingStanding, Report};

/// The identity of this form.
pub const SCHEMA_ID: &str = "flowdown/baseline/1";

/// The JSON Schema of this form, as it stands in `schemas/baseline/1.json`.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Document).to_value()
}

/// Findings that are known.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Document {
    /// `flowdown/baseline/1`.
    schema: String,
    /// Sorted by code, artifact, licence, clause; each once.
    findings: Vec<Entry>,
}

/// A finding that is known.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Stable code of the rule.
    code: String,
    /// The artifact: its purl without version, else kind and name; absent for the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    artifact: Option<String>,
    /// SPDX id or `LicenseRef-…` of the licence that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    license: Option<String>,
    /// The clause that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    clause: Option<String>,
    /// How often it occurs.
    #[serde(default = "once")]
    count: u64,
}

const fn once() -> u64 {
    1
}

/// Why a baseline cannot be read.
#[derive(Debug)]
pub enum BaselineError {
    /// It is not the JSON of this form.
    Json(serde_json::Error),
    /// It is of another form.
    Schema(String),
}

impl fmt::Display for BaselineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(_) => f.write_str("it is not the JSON of a baseline"),
            Self::Schema(found) => {
                write!(f, "its `schema` is `{found}`, and this version reads `{SCHEMA_ID}`")
            }
        }
    }
}

impl std::error::Error for BaselineError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Json(error) => Some(error),
            Self::Schema(_) => None,
        }
    }
}

/// Reads a baseline: each finding, and how often it occurs.
///
/// # Errors
/// When the bytes are not a baseline of this form.
pub fn read(bytes: &[u8]) -> Result<BTreeMap<FindingIdentity, u64>, BaselineError> {
    let document: Document = serde_json::from_slice(bytes).map_err(BaselineError::Json)?;
    if document.schema != SCHEMA_ID {
        return Err(BaselineError::Schema(document.schema));
    }
    let mut known: BTreeMap<FindingIdentity, u64> = BTreeMap::new();
    for Entry { code, artifact, license, clause, count } in document.findings {
        let left = known.entry(FindingIdentity { code, artifact, license, clause }).or_default();
        *left = left.saturating_add(count);
    }
    known.retain(|_, count| *count > 0);
    Ok(known)
}

/// Writes the findings of `report` as a baseline; what an exception accepts is left out, since it
/// comes back when the exception ends.
///
/// # Errors
/// When `out` fails.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut known: BTreeMap<&FindingIdentity, u64> = BTreeMap::new();
    let judged = report.policy.iter().flat_map(|it| it.identities.iter().zip(&it.standings));
    for (identity, standing) in judged {
        if !matches!(standing, FindingStanding::Excepted { .. }) {
            *known.entry(identity).or_default() += 1;
        }
    }
    let findings = known.into_iter().map(|(identity, count)| {
        let FindingIdentity { code, artifact, license, clause } = identity.clone();
        Entry { code, artifact, license, clause, count }
    });
    let document = Document { schema: SCHEMA_ID.to_owned(), findings: findings.collect() };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&[(&str, u64)], &str>) {
        match (read(text.as_bytes()), expected) {
            (Ok(known), Ok(expected)) => {
                let known: Vec<(String, u64)> =
                    known.into_iter().map(|(it, count)| (it.to_string(), count)).collect();
                let expected: Vec<(String, u64)> =
                    expected.iter().map(|(it, count)| ((*it).to_owned(), *count)).collect();
                assert_eq!(known, expected);
            }
            (Err(error), Err(words)) => assert!(error.to_string().contains(words), "{error}"),
            (found, _) => panic!("{found:?}"),
        }
    }

    #[test]
    fn entries_are_counted() {
        let entry = r#"{"code":"a.b","artifact":"model:m","license":"MIT","clause":"4"}"#;
        let twice = r#"{"code":"a.b","artifact":"model:m","license":"MIT","clause":"4","count":2}"#;
        let none = r#"{"code":"c.d","count":0}"#;
        let text =
            format!(r#"{{"schema":"flowdown/baseline/1","findings":[{entry},{twice},{none}]}}"#);
        check(&text, Ok(&[("a.b on `model:m`, MIT clause 4", 3)]));
    }

    #[test]
    fn other_documents_are_refused() {
        check(r#"{"schema":"flowdown/baseline/2","findings":[]}"#, Err("flowdown/baseline/2"));
        check(r#"{"findings":[]}"#, Err("not the JSON"));
        check(r#"{"schema":"flowdown/baseline/1","findings":[{"code":1}]}"#, Err("not the JSON"));
    }
}
