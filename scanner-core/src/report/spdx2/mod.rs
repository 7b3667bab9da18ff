//! SPDX 2.3, written with the models of `spdx-rs`: as JSON, and as tag-value by a writer of our own.
//!
//! Only its models: its parsers panic on input they do not know, and its defaults name version 2.2
//! and an invented creator, so every field is set here. Expressions reach its parser only after
//! `report::expression` has read and bounded them. 2.3 has no field for most of what we
//! know of models; that stands as JSON in annotations of the packages (`annotations`).
//!
//! There are no `files[]`: 2.3 demands a SHA-1 for each, which we do not compute. Weight shards are
//! packages with the purpose `FILE` instead.

mod annotations;
mod elements;
mod extracted;
mod licenses;
mod packages;
mod relationships;
mod tag_value;
mod tags;

use std::io::{self, Write};

use chrono::{DateTime, Utc};
use spdx_rs::models::{CreationInfo, DocumentCreationInformation, SPDX};

use self::elements::Elements;
use super::facts::Party;
use super::index::Index;
use super::place::cut;
use super::{Reporter, identity};
use crate::model::{Contact, PluginRecord, Report, Timestamp};

/// The version of the License List that ids are checked against, as SPDX 2.3 writes it.
const LICENSE_LIST: &str = "3.29";

/// Writes SPDX 2.3 JSON; format id `spdx`.
pub struct Spdx2;

impl Reporter for Spdx2 {
    fn format(&self) -> &'static str {
        "spdx"
    }

    fn media_type(&self) -> &'static str {
        "application/spdx+json"
    }

    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let mut value = serde_json::to_value(document(report)?)?;
        strip_nulls(&mut value);
        serde_json::to_writer_pretty(&mut *out, &value)?;
        out.write_all(b"\n")
    }
}

/// Writes SPDX 2.3 tag-value; format id `spdx-tag-value`.
pub struct Spdx2TagValue;

impl Reporter for Spdx2TagValue {
    fn format(&self) -> &'static str {
        "spdx-tag-value"
    }

    fn media_type(&self) -> &'static str {
        "text/spdx"
    }

    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        tag_value::write(&document(report)?, out)
    }
}

/// The document of both forms, with its name space.
fn document(report: &Report) -> io::Result<SPDX> {
    let mut document = unnamed(report);
    // The name space follows from the content, which does not hold it yet.
    document.document_creation_information.spdx_document_namespace = identity::urn(&document)?;
    Ok(document)
}

/// The document in the models of `spdx-rs`, with an empty name space.
fn unnamed(report: &Report) -> SPDX {
    let elements = Elements::new(Index::new(report));
    let root = elements.root.clone();
    SPDX {
        document_creation_information: DocumentCreationInformation {
            spdx_version: "SPDX-2.3".to_owned(),
            data_license: "CC0-1.0".to_owned(),
            spdx_identifier: "SPDXRef-DOCUMENT".to_owned(),
            document_name: cut(&packages::root_name(report)).into_owned(),
            spdx_document_namespace: String::new(),
            external_document_references: Vec::new(),
            creation_info: CreationInfo {
                license_list_version: Some(LICENSE_LIST.to_owned()),
                creators: creators(report),
                created: date(report.created),
                creator_comment: None,
            },
            document_comment: None,
            document_describes: vec![root],
        },
        package_information: packages::packages(&elements),
        other_licensing_information_detected: extracted::extracted(&elements),
        file_information: Vec::new(),
        snippet_information: Vec::new(),
        relationships: relationships::relationships(&elements),
        annotations: Vec::new(),
        spdx_ref_counter: 0,
    }
}

fn creators(report: &Report) -> Vec<String> {
    let plugins = report.plugins.iter().map(plugin_tool);
    std::iter::once(tool(report)).chain(plugins).chain(vendor(report)).collect()
}

/// Flowdown as an actor of SPDX.
fn tool(report: &Report) -> String {
    one_line(&cut(&format!("Tool: flowdown-{}", report.tool_version)))
}

/// A plugin as an actor of SPDX.
fn plugin_tool(plugin: &PluginRecord) -> String {
    one_line(&cut(&format!("Tool: flowdown-plugin-{}-{}", plugin.id, plugin.version)))
}

/// The vendor as an actor of SPDX, which must have a name.
fn vendor(report: &Report) -> Option<String> {
    let product = report.product.as_ref()?;
    let name = product.vendor.as_deref().filter(|name| !name.trim().is_empty())?;
    let contact = product.contact.as_ref().map(Contact::as_str);
    Some(organization(&Party { name, contact }))
}

/// An organisation as an actor of SPDX, which has room for a mail address.
fn organization(party: &Party<'_>) -> String {
    let name = one_line(&cut(party.name));
    match party.mail() {
        Some(mail) => format!("Organization: {name} ({mail})"),
        None => format!("Organization: {name}"),
    }
}

/// Control characters become spaces, for fields that other SPDX formats write as one line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Beyond the years that `chrono` knows, the epoch: a time nobody can mean.
fn date(timestamp: Timestamp) -> DateTime<Utc> {
    i64::try_from(timestamp.0)
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .unwrap_or_default()
}

/// `spdx-rs` writes an absent `spdxIdentifierReference` as `null`, which the schema of 2.3 refuses.
/// Empty lists at the top say nothing and go too.
fn strip_nulls(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            fields.retain(|name, field| {
                let droppable = matches!(name.as_str(), "files" | "snippets" | "annotations");
                let empty = droppable && field.as_array().is_some_and(Vec::is_empty);
                !(field.is_null() || empty)
            });
            fields.values_mut().for_each(strip_nulls);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(strip_nulls),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_license_list_is_the_one_that_is_read() {
        assert!(spdx::license_version().starts_with(&format!("{LICENSE_LIST}.")));
    }

    #[test]
    fn times_past_every_calendar_do_not_panic() {
        assert_eq!(date(Timestamp(u64::MAX)).timestamp(), 0);
        assert_eq!(date(Timestamp(1_700_000_000)).timestamp(), 1_700_000_000);
    }
}
