//! The table as it stands in the file.

use std::path::PathBuf;

use flowdown_core::model::Severity;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

/// What is acceptable.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyTable {
    /// New findings from this severity upwards are objections.
    pub(super) fail_on: Option<Least>,
    /// File with findings that are known, relative to this one; `flowdown check --write-baseline` makes it.
    pub(super) baseline: Option<PathBuf>,
    /// What is acceptable; the list is closed for each subject that it names.
    #[serde(default)]
    pub(super) allow: Vec<RuleTable>,
    /// What is not acceptable; stronger than any allowance.
    #[serde(default)]
    pub(super) deny: Vec<RuleTable>,
    /// Findings on single artifacts that somebody has accepted.
    #[serde(default)]
    pub(super) exception: Vec<ExceptionTable>,
    /// What single files are.
    #[serde(default)]
    pub(super) clarification: Vec<ClarificationTable>,
}

/// From which severity upwards findings are objections.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Least {
    Note,
    Warning,
    Error,
}

impl From<Least> for Severity {
    fn from(least: Least) -> Self {
        match least {
            Least::Note => Self::Note,
            Least::Warning => Self::Warning,
            Least::Error => Self::Error,
        }
    }
}

/// An allowance or denial. Every key that is given must fit; `category` and `obligation` exclude each other.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleTable {
    /// Licences with this name: an SPDX id, a `LicenseRef-…`, a catalogue key or a tag.
    pub(super) license: Option<String>,
    /// Licences of this family.
    pub(super) family: Option<String>,
    /// Licences that convey rights in this way.
    pub(super) conveyance: Option<String>,
    /// Restrictions of this category (`flowdown explain --list categories`).
    pub(super) category: Option<String>,
    /// Obligations of this kind (`flowdown explain --list obligations`).
    pub(super) obligation: Option<String>,
    /// Why.
    pub(super) reason: Option<String>,
}

/// Findings on one artifact that somebody has accepted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExceptionTable {
    /// Name, path or purl, each with `*` and `?`, or a digest.
    pub(super) artifact: String,
    /// Only findings about this licence.
    pub(super) license: Option<String>,
    /// Only findings with this code (`flowdown explain --list codes`).
    pub(super) code: Option<String>,
    /// Why.
    pub(super) reason: String,
    /// The last day on which it holds, `YYYY-MM-DD`.
    #[serde(default, deserialize_with = "day")]
    #[schemars(with = "Option<String>")]
    pub(super) expires: Option<String>,
}

/// What a file is, as a person who read it says.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClarificationTable {
    /// SHA-256 of the file, 64 hexadecimal digits.
    pub(super) sha256: String,
    /// The licence that it is.
    pub(super) license: String,
    /// Why.
    pub(super) reason: String,
}

/// A day as TOML has it, or in quotation marks.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = match toml::Value::deserialize(deserializer)? {
        toml::Value::Datetime(date) => date.to_string(),
        toml::Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(Some(text))
}
