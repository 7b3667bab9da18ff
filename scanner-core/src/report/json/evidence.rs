//! Places, facts and claims.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model;

/// Where something was read.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Location<'a> {
    /// What kind of place.
    origin: Origin,
    /// The file inside it; for a catalogue, the record's key.
    path: &'a str,
    /// The part of the file; absent means all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<Span<'a>>,
}

/// What kind of place.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind", deny_unknown_fields)]
enum Origin {
    /// A file of the scanned source.
    Scanned {
        /// diffID of the image layer.
        #[serde(skip_serializing_if = "Option::is_none")]
        layer: Option<String>,
    },
    /// A file that the user named.
    UserFile {
        /// SHA-256 of that file.
        sha256: String,
    },
    /// A record of a catalogue that ships with Flowdown or a plugin.
    Catalogue,
}

/// The part of a file.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Span<'a> {
    /// Lines, counted from 1, both included.
    Lines {
        /// First line.
        first: u64,
        /// Last line.
        last: u64,
    },
    /// Bytes, end excluded.
    Bytes {
        /// First byte.
        start: u64,
        /// One past the last byte.
        end: u64,
    },
    /// A key of a structured file.
    Key(&'a str),
}

impl<'a> Location<'a> {
    pub(super) fn of(location: &'a model::Location) -> Self {
        let origin = match &location.origin {
            model::Origin::Scanned { layer } => {
                Origin::Scanned { layer: layer.map(|digest| digest.to_string()) }
            }
            model::Origin::UserFile { sha256 } => Origin::UserFile { sha256: sha256.to_string() },
            model::Origin::Catalogue => Origin::Catalogue,
        };
        let span = location.span.as_ref().map(|span| match span {
            model::Span::Lines { first, last } => Span::Lines { first: *first, last: *last },
            model::Span::Bytes { start, end } => Span::Bytes { start: *start, end: *end },
            model::Span::Key(key) => Span::Key(key),
        });
        Self { origin, path: location.path.as_str(), span }
    }

    pub(super) fn all(locations: &'a [model::Location]) -> Vec<Self> {
        locations.iter().map(Self::of).collect()
    }
}

/// What one file says.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Fact<'a> {
    /// Which fact.
    name: &'static str,
    /// What it says.
    value: Value<'a>,
    /// Where it was read.
    at: Location<'a>,
}

impl<'a> Fact<'a> {
    pub(super) fn of(fact: &'a model::Fact) -> Self {
        Self { name: fact.name.as_str(), value: Value::of(&fact.value), at: Location::of(&fact.at) }
    }
}

/// The value of a fact. Numbers are text, because they may not fit what readers of JSON keep.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// A whole number in decimal digits.
    Int(String),
    /// `sha256:…` or `blake3:…`.
    Digest(String),
    /// An ordered list.
    List(Vec<Value<'a>>),
    /// Keys in byte order.
    Map(BTreeMap<&'a str, Value<'a>>),
}

impl<'a> Value<'a> {
    fn of(value: &'a model::FactValue) -> Self {
        match value {
            model::FactValue::Text(text) => Self::Text(text),
            model::FactValue::Int(number) => Self::Int(number.to_string()),
            model::FactValue::Digest(digest) => Self::Digest(digest.to_string()),
            model::FactValue::List(items) => Self::List(items.iter().map(Self::of).collect()),
            model::FactValue::Map(map) => {
                Self::Map(map.iter().map(|(key, value)| (key.as_str(), Self::of(value))).collect())
            }
        }
    }
}

/// What somebody says the licence is.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LicenseClaim<'a> {
    /// The words that were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    stated: Option<&'a str>,
    /// The licences it can mean; with `expression`, its atoms.
    candidates: Vec<&'a str>,
    /// The SPDX expression, when the statement decides on one.
    #[serde(skip_serializing_if = "Option::is_none")]
    expression: Option<&'a str>,
    /// For a recognised text: `family`, `variant` or `exact`.
    #[serde(skip_serializing_if = "Option::is_none")]
    recognition: Option<&'static str>,
    /// On which ground.
    basis: &'static str,
    /// Where to look; never empty.
    evidence: Vec<Location<'a>>,
    /// Who says so.
    by: &'a str,
}

impl<'a> LicenseClaim<'a> {
    pub(super) fn of(claim: &'a model::Claim<model::LicenseStatement>) -> Self {
        let statement = &claim.value;
        Self {
            stated: statement.stated.as_deref(),
            candidates: statement.candidates.iter().map(|key| key.0.as_str()).collect(),
            expression: statement.expression.as_deref(),
            recognition: statement.recognition.map(model::Recognition::name),
            basis: claim.basis.name(),
            evidence: Location::all(&claim.evidence),
            by: &claim.by.0,
        }
    }
}
