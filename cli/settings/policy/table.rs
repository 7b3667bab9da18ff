//! The table as it stands in the file.

use std::path::PathBuf;

use flowdown_core::model::Severity;
use serde::{Deserialize, Deserializer};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyTable {
    pub(super) fail_on: Option<Least>,
    pub(super) baseline: Option<PathBuf>,
    #[serde(default)]
    pub(super) allow: Vec<RuleTable>,
    #[serde(default)]
    pub(super) deny: Vec<RuleTable>,
    #[serde(default)]
    pub(super) exception: Vec<ExceptionTable>,
    #[serde(default)]
    pub(super) clarification: Vec<ClarificationTable>,
}

/// From which severity upwards findings are objections.
#[derive(Clone, Copy, Debug, Deserialize)]
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

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleTable {
    pub(super) license: Option<String>,
    pub(super) family: Option<String>,
    pub(super) conveyance: Option<String>,
    pub(super) category: Option<String>,
    pub(super) obligation: Option<String>,
    pub(super) reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExceptionTable {
    pub(super) artifact: String,
    pub(super) license: Option<String>,
    pub(super) code: Option<String>,
    pub(super) reason: String,
    #[serde(default, deserialize_with = "day")]
    pub(super) expires: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClarificationTable {
    pub(super) sha256: String,
    pub(super) license: String,
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
