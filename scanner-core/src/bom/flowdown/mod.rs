//! Our own JSON (`schemas/inventory/1.json`) as a bill of materials.
//!
//! Only what a bill of materials has is read, and unknown fields are left alone: a published version
//! of the form only gains fields. The scanned source is no component; a declared product is what the
//! document describes.

mod component;
mod wire;

use std::collections::BTreeMap;
use std::fmt;

use self::wire::{Document, Product};
use super::{Bom, Component, Format, Licenses};

/// The versions of the form that are read, as they stand in `schema`.
const SCHEMA: &str = "flowdown/inventory/1";

/// Why bytes are not a document of this form.
#[derive(Debug)]
pub enum Unreadable {
    /// They are not the JSON of it.
    Json(serde_json::Error),
    /// They are of another form; its name.
    Schema(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "it is not the `json` document of Flowdown: {error}"),
            Self::Schema(found) => {
                write!(f, "its `schema` is `{found}`, and this version reads `{SCHEMA}`")
            }
        }
    }
}

impl std::error::Error for Unreadable {}

/// Reads a document of our own form.
///
/// # Errors
/// When the bytes are not that form.
pub fn read(bytes: &[u8]) -> Result<Bom, Unreadable> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let document: Document = serde_json::from_slice(bytes).map_err(Unreadable::Json)?;
    if document.schema != SCHEMA {
        return Err(Unreadable::Schema(document.schema));
    }
    let (components, edges) = component::components(&document);
    Ok(Bom {
        format: Format::Flowdown,
        spec_version: "1".to_owned(),
        identity: None,
        created: Some(document.created),
        tools: vec![format!("flowdown {}", document.tool_version)],
        subject: document.product.map(subject),
        components,
        edges,
        texts: BTreeMap::new(),
        diagnostics: Vec::new(),
    })
}

fn subject(product: Product) -> Component {
    Component {
        reference: "product".to_owned(),
        kind: "application".to_owned(),
        name: product.name,
        version: product.version,
        supplier: product.vendor,
        licenses: Licenses {
            declared: product.license.into_iter().collect(),
            ..Licenses::default()
        },
        ..Component::default()
    }
}
