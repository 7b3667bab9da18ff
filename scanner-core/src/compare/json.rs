//! A comparison as JSON.
//!
//! Versioned (`"schema": "flowdown/diff/1"`) and described by `schemas/diff/1.json`, which is
//! generated from these types.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::Comparison;

/// The identity of this form.
pub const SCHEMA_ID: &str = "flowdown/diff/1";

/// The JSON Schema of this form, as it stands in `schemas/diff/1.json`.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Document<'static>).to_value()
}

/// Writes a comparison.
///
/// # Errors
/// When `out` fails.
pub fn write(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document::of(comparison))?;
    out.write_all(b"\n")
}

/// What two bills of materials differ in.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    /// `flowdown/diff/1`.
    schema: &'static str,
    /// The earlier document.
    old: Side<'a>,
    /// The later document.
    new: Side<'a>,
    /// How many differences a policy may care about.
    policy_changes: usize,
    /// How many other differences there are.
    other_changes: usize,
    /// What is not compared, because one document never mentions it.
    not_compared: Vec<Silence>,
    /// The described product, if it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Changed<'a>>,
    /// Components that only the new document has.
    added: Vec<Alone<'a>>,
    /// Components that only the old document has.
    removed: Vec<Alone<'a>>,
    /// Components of both that differ.
    changed: Vec<Changed<'a>>,
    /// How many components of both do not differ.
    unchanged: usize,
}

/// One of the two documents.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Side<'a> {
    /// Its format, with the encoding.
    format: &'static str,
    /// The version of the format.
    spec_version: &'a str,
    /// The tools that it says made it.
    tools: &'a [String],
    /// How many components it has.
    components: usize,
}

/// A topic that one document never mentions.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Silence {
    /// The silent document: `old` or `new`.
    side: &'static str,
    /// The topic.
    topic: &'static str,
}

/// A component that only one document has.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Alone<'a> {
    /// Its purl, else its name with version.
    component: &'a str,
    /// What it is, in the words of its document.
    kind: &'a str,
    /// Its licence; absent when the document states none.
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'a str>,
    /// Its use restrictions.
    restrictions: &'a [String],
    /// Why a policy may care; empty when it need not.
    reasons: &'a [&'static str],
}

/// A component that both documents have.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Changed<'a> {
    /// Its purl, else its name with version, as the new document has it.
    component: &'a str,
    /// What it is, in the words of the new document.
    kind: &'a str,
    /// How the two were found to be one: `subject`, `purl`, `digest`, `name` or `path`.
    paired_by: &'static str,
    /// What differs; never empty.
    changes: Vec<Change<'a>>,
}

/// One difference.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Change<'a> {
    /// What it is about.
    topic: &'static str,
    /// `policy` when a policy may care, else `note`.
    weight: &'static str,
    /// What only the old document says.
    old: &'a [String],
    /// What only the new document says.
    new: &'a [String],
}

impl<'a> Document<'a> {
    fn of(comparison: &'a Comparison) -> Self {
        let (policy_changes, other_changes) = comparison.counts();
        let silences = comparison.silences.iter();
        Self {
            schema: SCHEMA_ID,
            old: Side::of(&comparison.old),
            new: Side::of(&comparison.new),
            policy_changes,
            other_changes,
            not_compared: silences
                .map(|it| Silence { side: it.side.name(), topic: it.topic.name() })
                .collect(),
            subject: comparison.subject.as_ref().map(Changed::of),
            added: comparison.added.iter().map(Alone::of).collect(),
            removed: comparison.removed.iter().map(Alone::of).collect(),
            changed: comparison.changed.iter().map(Changed::of).collect(),
            unchanged: comparison.unchanged,
        }
    }
}

impl<'a> Side<'a> {
    fn of(side: &'a super::Side) -> Self {
        Self {
            format: side.format.name(),
            spec_version: &side.spec_version,
            tools: &side.tools,
            components: side.components,
        }
    }
}

impl<'a> Alone<'a> {
    fn of(alone: &'a super::Alone) -> Self {
        Self {
            component: &alone.label,
            kind: &alone.kind,
            license: alone.license.as_deref(),
            restrictions: &alone.restrictions,
            reasons: &alone.reasons,
        }
    }
}

impl<'a> Changed<'a> {
    fn of(changed: &'a super::Changed) -> Self {
        let changes = changed.changes.iter().map(|change| Change {
            topic: change.topic.name(),
            weight: change.weight.name(),
            old: &change.old,
            new: &change.new,
        });
        Self {
            component: &changed.label,
            kind: &changed.kind,
            paired_by: changed.paired_by.name(),
            changes: changes.collect(),
        }
    }
}
