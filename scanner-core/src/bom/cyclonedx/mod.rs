//! CycloneDX, JSON and XML alike: both are the tree of the JSON form.
//!
//! Use restrictions and obligations are read where Flowdown writes them: requirements of
//! `definitions.standards[]`, which components name by the licences that apply to them. In 1.5, which
//! has no definitions, they stand in properties of the document.

mod component;
mod licenses;
mod requirements;

use std::collections::BTreeMap;

use self::component::Reader;
use self::requirements::Requirements;
use super::tree::{Node, Object};
use super::{Bom, Edge, EdgeKind, Format};

/// Reads the document that `root` is.
pub(super) fn read(format: Format, version: &str, root: &Node) -> Bom {
    let nothing = Object::default();
    let root = root.as_object().unwrap_or(&nothing);
    let metadata = root.get("metadata").and_then(Node::as_object).unwrap_or(&nothing);
    let requirements = Requirements::of(root);
    let mut reader = Reader::new(&requirements);
    let subject = metadata
        .get("component")
        .and_then(Node::as_object)
        .map(|component| reader.subject(component, "/metadata/component"));
    reader.components(root.list("components"), "/components");
    let Reader { components, mut edges, texts, .. } = reader;
    edges.extend(dependencies(root));
    Bom {
        format,
        spec_version: version.to_owned(),
        identity: root.text("serialNumber").map(str::to_owned),
        created: metadata.text("timestamp").map(str::to_owned),
        tools: tools(metadata),
        subject,
        components,
        edges,
        texts,
        diagnostics: Vec::new(),
    }
}

/// Since 1.5 tools are components and services; before, a list of their own.
fn tools(metadata: &Object) -> Vec<String> {
    let listed = match metadata.get("tools") {
        Some(Node::List(tools)) => tools.as_slice(),
        Some(Node::Object(tools)) => tools.list("components"),
        _ => &[],
    };
    let named = listed.iter().filter_map(Node::as_object).filter_map(|tool| {
        let name = tool.text("name")?;
        Some(match tool.text("version") {
            Some(version) => format!("{name} {version}"),
            None => name.to_owned(),
        })
    });
    named.collect()
}

fn dependencies(root: &Object) -> impl Iterator<Item = Edge> {
    let entries = root.list("dependencies").iter().filter_map(Node::as_object);
    entries.flat_map(|entry| {
        let from = entry.text("ref").unwrap_or_default();
        entry.list("dependsOn").iter().filter_map(Node::as_text).map(move |to| Edge {
            from: from.to_owned(),
            to: to.to_owned(),
            kind: EdgeKind::DependsOn,
        })
    })
}

/// The properties of an object, by name.
fn properties(object: &Object) -> BTreeMap<&str, Vec<&str>> {
    let mut properties: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for property in object.list("properties").iter().filter_map(Node::as_object) {
        if let (Some(name), Some(value)) = (property.text("name"), property.text("value")) {
            properties.entry(name).or_default().push(value);
        }
    }
    properties
}

/// The first value of a property.
fn first<'a>(properties: &BTreeMap<&str, Vec<&'a str>>, name: &str) -> Option<&'a str> {
    properties.get(name)?.first().copied()
}
