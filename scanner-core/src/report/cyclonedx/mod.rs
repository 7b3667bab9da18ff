//! CycloneDX 1.5, 1.6 and 1.7, JSON and XML, with our own wire types for the part of it that we write.
//!
//! There is one description of the document, these wire types, in the words of 1.6. Three things
//! differ from it: 1.7 says more about licences and cites who said what (`licenses`, `citations`), 1.5
//! says some of it in properties (`v1_5`), and the XML form is a projection of the JSON form (`xml`).
//! One file per part of the document. The crate for CycloneDX stops at 1.5; see
//! `docs/adr/0002-crates-for-formats.md`. `docs/formats.md` maps every concept to its field and
//! explains the `flowdown:` properties.
//!
//! The schema accepts duplicate and dangling references; here every `bom-ref` comes from one
//! allocator and every reference from `context::Context`, so both are impossible by construction.

mod annotations;
mod bsi;
mod citations;
mod component;
mod content;
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
mod references;
mod v1_5;
mod xml;

use std::io::{self, Write};
use std::mem;

use serde::Serialize;
use serde_json::Value;

use self::context::Context;
use super::index::Index;
use super::{Reporter, identity, property};
use crate::model::Report;

pub use super::property::PROPERTY_NAMES;

/// A version of the specification.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Version {
    V1_5,
    V1_6,
    V1_7,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Encoding {
    Json,
    Xml,
}

/// Writes one version of CycloneDX in one encoding; [`ALL`] has every pair.
pub struct CycloneDx {
    format: &'static str,
    version: Version,
    encoding: Encoding,
}

impl CycloneDx {
    /// 1.6 JSON, which is what most consumers read; format id `cyclonedx`.
    pub const DEFAULT: Self =
        Self { format: "cyclonedx", version: Version::V1_6, encoding: Encoding::Json };
}

/// Every version and encoding, sorted by format id.
pub const ALL: &[&dyn Reporter] = &[
    &CycloneDx::DEFAULT,
    &CycloneDx { format: "cyclonedx-1.5", version: Version::V1_5, encoding: Encoding::Json },
    &CycloneDx { format: "cyclonedx-1.5-xml", version: Version::V1_5, encoding: Encoding::Xml },
    &CycloneDx { format: "cyclonedx-1.6-xml", version: Version::V1_6, encoding: Encoding::Xml },
    &CycloneDx { format: "cyclonedx-1.7", version: Version::V1_7, encoding: Encoding::Json },
    &CycloneDx { format: "cyclonedx-1.7-xml", version: Version::V1_7, encoding: Encoding::Xml },
];

impl Reporter for CycloneDx {
    fn format(&self) -> &'static str {
        self.format
    }

    fn media_type(&self) -> &'static str {
        match self.encoding {
            Encoding::Json => "application/vnd.cyclonedx+json",
            Encoding::Xml => "application/vnd.cyclonedx+xml",
        }
    }

    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let mut bom = bom(report, self.version);
        // Both encodings of a version are one document and have one serial number.
        bom.serial_number = Some(identity::urn(&bom)?);
        match (self.encoding, self.version) {
            // The wire types keep the order of fields, which a value sorts.
            (Encoding::Json, Version::V1_6 | Version::V1_7) => json(&bom, out),
            (Encoding::Json, Version::V1_5) => {
                let (frame, components) = bom.values()?;
                json(&v1_5::Lowered::new(frame, components), out)
            }
            (Encoding::Xml, _) => {
                let (frame, components) = bom.values()?;
                xml::write(frame, components, out)
            }
        }
    }
}

fn json(document: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bom {
    #[serde(skip)]
    spec: Version,
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    citations: Vec<citations::Citation>,
}

impl Bom {
    /// The JSON form in the words of its version, without the components, and each of them, made
    /// when it is asked for: a tree of values for the whole document would be several times its size.
    fn values(
        mut self,
    ) -> serde_json::Result<(Value, impl Iterator<Item = serde_json::Result<Value>>)> {
        let version = self.spec;
        let components = mem::take(&mut self.components).into_iter().map(move |component| {
            let value = serde_json::to_value(component)?;
            Ok(match version {
                Version::V1_5 => v1_5::lowered_component(value),
                Version::V1_6 | Version::V1_7 => value,
            })
        });
        let frame = serde_json::to_value(self)?;
        let frame = match version {
            Version::V1_5 => v1_5::lowered(frame),
            Version::V1_6 | Version::V1_7 => frame,
        };
        Ok((frame, components))
    }
}

fn bom(report: &Report, version: Version) -> Bom {
    let (context, mut refs) = Context::new(Index::new(report), version);
    let (schema, spec_version) = match version {
        Version::V1_5 => ("http://cyclonedx.org/schema/bom-1.5.schema.json", "1.5"),
        Version::V1_6 => ("http://cyclonedx.org/schema/bom-1.6.schema.json", "1.6"),
        Version::V1_7 => ("http://cyclonedx.org/schema/bom-1.7.schema.json", "1.7"),
    };
    let components = component::components(&context, &mut refs);
    let citations = match version {
        Version::V1_5 | Version::V1_6 => Vec::new(),
        Version::V1_7 => citations::citations(&context, &components),
    };
    Bom {
        spec: version,
        schema,
        bom_format: "CycloneDX",
        spec_version,
        serial_number: None,
        version: 1,
        metadata: metadata::metadata(&context, &mut refs),
        components,
        dependencies: graph::dependencies(&context),
        compositions: graph::compositions(&context),
        annotations: annotations::annotations(&context),
        declarations: declarations::declarations(&context, &mut refs),
        definitions: definitions::definitions(&context, &mut refs),
        citations,
    }
}
