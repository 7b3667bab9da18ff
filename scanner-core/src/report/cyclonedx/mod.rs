//! CycloneDX 1.6 JSON, with our own wire types for the part of it that we write.
//!
//! The crate for CycloneDX stops at 1.5, which has neither `acknowledgement` nor `definitions` nor
//! `declarations`; see `docs/adr/0002-crates-for-formats.md`. `docs/formats.md` maps every concept
//! to its field and explains the `flowdown:` properties. One file per part of the document.
//!
//! The schema accepts duplicate and dangling references; here every `bom-ref` comes from one
//! allocator and every reference from `context::Context`, so both are impossible by construction.

mod annotations;
mod component;
mod context;
mod declarations;
mod definitions;
mod evidence;
mod graph;
mod license;
mod licenses;
mod metadata;
mod model_card;
mod pedigree;
mod product;

use std::io::{self, Write};

use serde::Serialize;

use self::context::Context;
use super::index::Index;
use super::{Reporter, identity, property};
use crate::model::Report;

pub use super::property::PROPERTY_NAMES;

/// Writes CycloneDX 1.6 JSON; format id `cyclonedx`.
pub struct CycloneDx;

impl Reporter for CycloneDx {
    fn format(&self) -> &'static str {
        "cyclonedx"
    }

    fn media_type(&self) -> &'static str {
        "application/vnd.cyclonedx+json"
    }

    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let mut bom = bom(report);
        bom.serial_number = Some(identity::urn(&serde_json::to_vec(&bom)?));
        serde_json::to_writer_pretty(&mut *out, &bom)?;
        out.write_all(b"\n")
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bom {
    #[serde(rename = "$schema")]
    schema: &'static str,
    bom_format: &'static str,
    spec_version: &'static str,
    /// From everything else in the document, so it is set last.
    #[serde(skip_serializing_if = "Option::is_none")]
    serial_number: Option<String>,
    version: u32,
    metadata: metadata::Metadata,
    components: Vec<component::Component>,
    dependencies: Vec<graph::Dependency>,
    compositions: Vec<graph::Composition>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    annotations: Vec<annotations::Annotation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    declarations: Option<declarations::Declarations>,
    #[serde(skip_serializing_if = "definitions::Definitions::is_empty")]
    definitions: definitions::Definitions,
}

fn bom(report: &Report) -> Bom {
    let (context, mut refs) = Context::new(Index::new(report));
    Bom {
        schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
        bom_format: "CycloneDX",
        spec_version: "1.6",
        serial_number: None,
        version: 1,
        metadata: metadata::metadata(&context, &mut refs),
        components: component::components(&context, &mut refs),
        dependencies: graph::dependencies(&context),
        compositions: graph::compositions(&context),
        annotations: annotations::annotations(&context),
        declarations: declarations::declarations(&context, &mut refs),
        definitions: definitions::definitions(&context, &mut refs),
    }
}
