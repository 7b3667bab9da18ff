//! Texts that were kept, and what they were recognised as.

use schemars::JsonSchema;
use serde::Serialize;

use super::evidence::Location;
use crate::model;

/// A known text found in a file.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TextMatch<'a> {
    /// Which licence or policy.
    key: &'a str,
    /// `license` or `use-policy`.
    kind: &'static str,
    /// `family`, `variant` or `exact`.
    recognition: &'static str,
    /// SHA-256 of the file.
    sha256: String,
    /// The lines that hold it.
    at: Location<'a>,
    /// Shared word 4-grams over the union of both, in thousandths.
    resemblance_permille: u16,
    /// Share of the known text's 4-grams that stand here, in thousandths.
    containment_permille: u16,
    /// What differs from the known text.
    differs: &'a [String],
    /// Where each restriction's wording stands.
    clauses: Vec<Clause<'a>>,
}

/// The wording of a restriction in a text.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Clause<'a> {
    /// The restriction's label.
    label: &'a str,
    /// The lines.
    at: Location<'a>,
}

/// A text that was kept while its file was read.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Text<'a> {
    /// The file.
    path: &'a str,
    /// What it is for.
    role: &'static str,
    /// Its length in bytes.
    size: usize,
    /// SHA-256 of the bytes.
    sha256: String,
    /// The first line of the text inside its file, from 1.
    first_line: u64,
}

impl<'a> TextMatch<'a> {
    pub(super) fn of(found: &'a model::TextMatch) -> Self {
        Self {
            key: &found.key.0,
            kind: match found.kind {
                model::ProfileKind::License => "license",
                model::ProfileKind::UsePolicy => "use-policy",
            },
            recognition: found.recognition.name(),
            sha256: found.sha256.to_string(),
            at: Location::of(&found.at),
            resemblance_permille: found.resemblance_permille,
            containment_permille: found.containment_permille,
            differs: &found.differs,
            clauses: found
                .clauses
                .iter()
                .map(|(label, at)| Clause { label, at: Location::of(at) })
                .collect(),
        }
    }
}

impl<'a> Text<'a> {
    pub(super) fn of(text: &'a model::CapturedText) -> Self {
        Self {
            path: text.path.as_str(),
            role: match text.role {
                model::TextRole::License => "license",
                model::TextRole::Notice => "notice",
                model::TextRole::UsePolicy => "use-policy",
                model::TextRole::Card => "card",
                model::TextRole::GatedPrompt => "gated-prompt",
            },
            size: text.bytes.len(),
            sha256: text.sha256().to_string(),
            first_line: text.first_line,
        }
    }
}
