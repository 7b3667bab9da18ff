//! SPDX 3.0.1 JSON-LD, with the profiles for software, licences, AI models and datasets.
//!
//! ```text
//! {"@context": …, "@graph": [CreationInfo …, agents, tools, packages, files, licences,
//!                            relationships, annotations, Bundle, software_Sbom, SpdxDocument]}
//! ```
//! Every element is named below one name space that follows from the content. The profile
//! `extension` is not declared: the context of 3.0.1 maps that word to a property, and a document
//! that declares it fails the model's own shapes. `docs/spdx.md` says what stands where.

mod agents;
mod bundle;
mod element;
mod graph;
mod licenses;
mod packages;
mod relations;
mod terms;

use std::io::{self, Write};

use serde::Serialize;

use self::element::Element;
use self::graph::Graph;
use super::index::Index;
use super::{Reporter, identity};
use crate::model::Report;

const CONTEXT: &str = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld";
const PROFILES: [&str; 6] =
    ["core", "software", "simpleLicensing", "expandedLicensing", "ai", "dataset"];

/// Writes SPDX 3.0.1 JSON-LD; format id `spdx-3`.
pub struct Spdx3;

impl Reporter for Spdx3 {
    fn format(&self) -> &'static str {
        "spdx-3"
    }

    fn media_type(&self) -> &'static str {
        "application/spdx+json"
    }

    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        // The name space follows from the content, which names everything below it.
        let draft = document(report, "urn:flowdown:draft");
        let namespace = identity::urn(&serde_json::to_vec(&draft)?);
        serde_json::to_writer_pretty(&mut *out, &document(report, &namespace))?;
        out.write_all(b"\n")
    }
}

#[derive(Serialize)]
struct Document {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@graph")]
    graph: Vec<Element>,
}

fn document(report: &Report, namespace: &str) -> Document {
    let mut graph = Graph::new(Index::new(report), namespace);
    agents::add(&mut graph);
    packages::add(&mut graph);
    licenses::add(&mut graph);
    relations::add(&mut graph);
    terms::add(&mut graph);
    bundle::add(&mut graph);
    Document { context: CONTEXT, graph: graph.finish(&PROFILES) }
}
