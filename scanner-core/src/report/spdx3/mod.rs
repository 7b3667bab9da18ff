//! SPDX 3.0.1 JSON-LD, with our own wire types for the part of it that we write.
//!
//! Every element has an IRI below the identity of the document, which follows from its content. Every
//! IRI comes from one allocator and every reference from `context::Context`, so none is given twice
//! and none leads nowhere. `docs/spdx.md` maps every concept to its element.
//!
//! Neither the schema nor the shapes enforce what a profile demands beyond its properties; a document
//! names only profiles whose demands it meets.

mod agents;
mod annotations;
mod bundle;
mod context;
mod files;
mod graph;
mod licenses;
mod packages;
mod relationships;
mod wire;

use std::io::{self, Write};

use self::context::Context;
use self::graph::Graph;
use self::wire::{CdxProperties, Collection, Document, Id, NamespaceMap, Node};
use super::index::Index;
use super::property::{self, Properties};
use super::{Reporter, identity, image};
use crate::model::{Completeness, Report};

/// The profiles whose demands every document meets. The AI and dataset profiles ask for release times,
/// which no scanned file states, so they are not named although their classes are used. `extension` is
/// not either: the context of 3.0.1 takes its name for the property of that name.
const PROFILES: [&str; 4] = ["core", "software", "simpleLicensing", "expandedLicensing"];

/// Files that belong to nothing are listed up to this many; the count is of all.
const UNCLAIMED: usize = 1_000;

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
        // It stands everywhere in the content and cannot follow from it, so it follows from the
        // native document, in which everything is that stands here.
        let identity = identity::urn_of(|out| {
            write!(out, "{} {:?} ", self.format(), report.profile)?;
            super::json::write_compact(report, out)
        })?;
        let document = document(report, &identity);
        serde_json::to_writer_pretty(&mut *out, &document)?;
        out.write_all(b"\n")
    }
}

fn document(report: &Report, identity: &str) -> Document {
    let (context, refs) = Context::new(Index::new(report), identity);
    let mut graph = Graph::new(context, refs);
    agents::write(&mut graph);
    let licenses = licenses::write(&mut graph);
    packages::write(&mut graph);
    files::write(&mut graph);
    licenses::relate(&mut graph, &licenses);
    relationships::write(&mut graph);
    annotations::write(&mut graph);
    bundle::write(&mut graph, &licenses);
    collect(&mut graph, licenses.of_document());
    Document {
        context: "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
        graph: graph.into_nodes(),
    }
}

/// Writes the bill of materials and the document around it, with all that is in them.
fn collect(graph: &mut Graph<'_>, data_license: Id) {
    let title = graph.context.index.report.product.as_ref();
    let title = title.map_or(&graph.context.index.report.source.name, |product| &product.name);
    let title = packages::name(if title.is_empty() { "source" } else { title });
    let mut ids = graph.ids();
    let sbom = graph.iri("Sbom");
    let mut element = graph.element(&sbom, Some(title.clone()));
    element.extension = CdxProperties::of(&scan(graph));
    graph.push(Node::Sbom(Collection {
        element_of_graph: element,
        sbom_type: vec!["analyzed"],
        profile_conformance: PROFILES.to_vec(),
        root_element: vec![graph.context.root.clone()],
        element: ids.clone(),
        ..Collection::default()
    }));
    ids.push(sbom.clone());
    let document = graph.iri("Document");
    let element = graph.element(&document, Some(title));
    graph.push(Node::SpdxDocument(Collection {
        element_of_graph: element,
        profile_conformance: PROFILES.to_vec(),
        data_license: Some(data_license),
        namespace_map: vec![NamespaceMap {
            prefix: "flowdown",
            namespace: graph.context.namespace.clone(),
        }],
        root_element: vec![sbom],
        element: ids,
        ..Collection::default()
    }));
}

/// What was scanned, how far, and what belongs to nothing.
fn scan(graph: &Graph<'_>) -> Properties {
    let index = &graph.context.index;
    let report = index.report;
    let unclaimed = &report.inventory.unclaimed;
    let mut properties = Properties::default();
    properties.add(property::SCHEMA, "1");
    let source = format!("{}:{}", report.source.kind.name(), report.source.name);
    properties.add(property::SCAN_SOURCE, source);
    image::properties(report, &mut properties);
    properties.add(
        property::SCAN_COMPLETE,
        match index.completeness() {
            Completeness::Complete => "true",
            Completeness::Incomplete => "false",
        },
    );
    properties.add(property::SCAN_UNCLAIMED_COUNT, unclaimed.len().to_string());
    let listed = unclaimed.iter().take(UNCLAIMED).map(|file| file.path.as_str());
    properties.each(property::SCAN_UNCLAIMED, listed);
    properties
}
