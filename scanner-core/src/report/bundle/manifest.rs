//! `bundle.json`: what the bundle holds and what it lacks, for tools.

use std::collections::BTreeMap;
use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use super::texts::{NamedEntry, NamedText, Texts};
use crate::model::{self, Digest, TextOrigin};
use crate::report::index::Index;
use crate::report::place::cut;

/// The identity of this form.
pub const SCHEMA_ID: &str = "flowdown/bundle/1";

/// The JSON Schema of `bundle.json`, as it stands in `schemas/bundle/1.json`.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Manifest<'static>).to_value()
}

/// What every customer of a product receives.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Manifest<'a> {
    /// `flowdown/bundle/1`.
    schema: &'static str,
    /// Version of Flowdown.
    tool_version: &'a str,
    /// When the bundle says it was made, `YYYY-MM-DDThh:mm:ssZ`.
    created: String,
    /// The product.
    product: Product<'a>,
    /// One entry per licence and grantor.
    entries: Vec<Entry<'a>>,
    /// Every other file of the bundle, sorted by path.
    files: Vec<File<'a>>,
}

/// The product that the bundle is for.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Product<'a> {
    /// Its name.
    name: &'a str,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    /// Who sells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'a str>,
    /// The vendor's own licence for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'a str>,
}

/// One licence, by one grantor.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Entry<'a> {
    /// SPDX id or `LicenseRef-…`; `NOASSERTION` when unknown.
    spdx: &'a str,
    /// Its title.
    name: &'a str,
    /// The strongest ground on which it applies to any part.
    basis: &'static str,
    /// How rights reach the customer; absent when the terms are not recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    conveyance: Option<&'static str>,
    /// Who grants it to the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    grantor: Option<&'a str>,
    /// The parts it covers.
    covers: Vec<Part<'a>>,
    /// Its texts.
    texts: Vec<Text<'a>>,
    /// Notices that travel along.
    notices: Vec<Text<'a>>,
    /// How many use restrictions flow down.
    use_restrictions: usize,
    /// What is absent.
    gaps: Vec<Gap<'a>>,
}

/// A part of the product.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Part<'a> {
    /// Its artifact id.
    id: &'a str,
    /// Its name, else where it was found.
    label: String,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
}

/// A text and where it comes from.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Text<'a> {
    /// Its file in the bundle.
    file: &'a str,
    /// `artifact` or `spdx-license-list`.
    origin: &'static str,
    /// The scanned file it came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
}

/// Something absent.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Gap<'a> {
    /// What is absent and why.
    what: &'a str,
    /// What would fill it.
    fix: &'a str,
}

/// A file of the bundle.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    /// Its path inside the bundle.
    path: &'a str,
    /// Its size in bytes.
    size: usize,
    /// Its SHA-256.
    sha256: String,
}

/// Writes the manifest of `files`.
pub(super) fn manifest(
    index: &Index<'_>,
    texts: &Texts<'_>,
    files: &BTreeMap<String, Vec<u8>>,
) -> io::Result<Vec<u8>> {
    let report = index.report;
    let declared = report.product.as_ref();
    let manifest = Manifest {
        schema: SCHEMA_ID,
        tool_version: &report.tool_version,
        created: report.created.to_string(),
        product: Product {
            name: declared.map_or(&texts.bundle.product, |product| &product.name),
            version: declared.and_then(|product| product.version.as_deref()),
            vendor: declared.and_then(|product| product.vendor.as_deref()),
            license: texts.bundle.product_license.as_deref(),
        },
        entries: texts.entries.iter().map(|named| Entry::of(index, named)).collect(),
        files: files
            .iter()
            .map(|(path, bytes)| File {
                path,
                size: bytes.len(),
                sha256: Digest::sha256_of(bytes).to_string(),
            })
            .collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&manifest)?;
    bytes.push(b'\n');
    Ok(bytes)
}

impl<'a> Entry<'a> {
    fn of(index: &Index<'a>, named: &'a NamedEntry<'a>) -> Self {
        let entry = named.entry;
        let gaps = named.gaps.iter();
        Self {
            spdx: &entry.spdx,
            name: &entry.name,
            basis: entry.basis.name(),
            conveyance: entry.conveyance.map(model::Conveyance::name),
            grantor: entry.grantor.as_deref(),
            covers: entry.covers.iter().map(|id| Part::of(index, id)).collect(),
            texts: named.texts.iter().map(Text::of).collect(),
            notices: named.notices.iter().map(Text::of).collect(),
            use_restrictions: entry.restrictions.len(),
            gaps: gaps.map(|gap| Gap { what: &gap.what, fix: &gap.fix }).collect(),
        }
    }
}

impl<'a> Part<'a> {
    fn of(index: &Index<'a>, id: &'a model::ArtifactId) -> Self {
        let artifact = index.artifact(id);
        let label = artifact.map_or_else(|| id.to_string(), model::Artifact::label);
        Self {
            id: &id.0,
            label: cut(&label).into_owned(),
            version: artifact.and_then(|artifact| artifact.version.as_deref()),
        }
    }
}

impl<'a> Text<'a> {
    fn of(named: &'a NamedText) -> Self {
        let (origin, path) = match &named.text.origin {
            TextOrigin::Artifact { path } => ("artifact", Some(path.as_str())),
            TextOrigin::SpdxList => ("spdx-license-list", None),
        };
        Self { file: &named.file, origin, path }
    }
}
