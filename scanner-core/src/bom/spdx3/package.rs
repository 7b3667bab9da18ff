//! Packages, models, datasets and files as components, without what relationships say.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Graph, id, kind, properties};
use crate::bom::statement::Statement;
use crate::bom::tree::{Node, Object};
use crate::bom::{Component, algorithm, is_known, stated};
use crate::model::Span;

/// More restrictions no licence has, and each component repeats those of its licences.
const LINES: usize = 500;

/// Everything that can be a component, by name.
pub(super) fn components(graph: &Graph<'_>) -> BTreeMap<String, Component> {
    let mut components = BTreeMap::new();
    for (index, element) in graph.elements() {
        let Some(id) = id(element) else { continue };
        let is_one = match kind(element) {
            "software_Package" | "ai_AIPackage" | "dataset_DatasetPackage" => true,
            // Files of a package are many and no components; ours that are artifacts say so.
            "software_File" => !graph.is_plain_file(id),
            _ => false,
        };
        if is_one {
            components.insert(id.to_owned(), component(graph, element, id, index));
        }
    }
    components
}

fn component(graph: &Graph<'_>, element: &Object, id: &str, index: usize) -> Component {
    let properties = properties(element);
    let first = |name: &str| properties.get(name).and_then(|values| values.first().copied());
    let version = element.text("software_packageVersion").or_else(|| {
        // A file has no version in the model.
        element.text("comment").and_then(|comment| comment.strip_prefix("version "))
    });
    let mut component = Component {
        reference: id.to_owned(),
        kind: first("flowdown:artifact:kind").unwrap_or_else(|| word(kind(element))).to_owned(),
        name: element.text("name").unwrap_or_default().to_owned(),
        version: stated(version),
        purl: purl(element),
        supplier: supplier(graph, element),
        hashes: hashes(element).collect(),
        copyright: copyright(element),
        occurrences: occurrences(element),
        at: Some(Span::Key(format!("/@graph/{index}"))),
        ..Component::default()
    };
    let effective = first("flowdown:license:effective").filter(|text| is_known(text));
    component.licenses.effective = effective.map(str::to_owned);
    component
}

/// What a class is called in other bills of materials.
fn word(class: &str) -> &str {
    match class {
        "ai_AIPackage" => "machine-learning-model",
        "dataset_DatasetPackage" => "data",
        "software_File" => "file",
        _ => "package",
    }
}

fn purl(element: &Object) -> Option<String> {
    let identifiers = element.list("externalIdentifier").iter().filter_map(Node::as_object);
    let mut purls =
        identifiers.filter(|it| it.text("externalIdentifierType") == Some("packageUrl"));
    stated(element.text("software_packageUrl"))
        .or_else(|| stated(purls.next().and_then(|it| it.text("identifier"))))
}

fn supplier(graph: &Graph<'_>, element: &Object) -> Option<String> {
    let agent = graph.element(element.text("suppliedBy")?)?;
    stated(agent.text("name"))
}

/// Digests of an element.
pub(super) fn hashes(element: &Object) -> impl Iterator<Item = (String, String)> {
    let listed = element.list("verifiedUsing").iter().filter_map(Node::as_object);
    listed.filter_map(|hash| {
        let digits = hash.text("hashValue")?.to_ascii_lowercase();
        Some((algorithm(hash.text("algorithm")?), digits))
    })
}

fn copyright(element: &Object) -> Vec<String> {
    let text = element.text("software_copyrightText").filter(|text| is_known(text));
    let lines = text.unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

fn occurrences(element: &Object) -> Vec<String> {
    let text = element.text("software_sourceInfo").unwrap_or_default();
    let places = text.strip_prefix("found at ").unwrap_or_default().split("; ");
    // A place may name a part of its file after the path.
    let paths = places.map(|place| place.split(", ").next().unwrap_or(place));
    paths.filter(|path| !path.is_empty()).map(str::to_owned).collect()
}

/// Adds what annotations of ours say of a component, and its licences of their requirements.
pub(super) fn annotate(
    graph: &Graph<'_>,
    component: &mut Component,
    requirements: &BTreeMap<String, BTreeSet<String>>,
) {
    let Some(element) = graph.element(&component.reference) else { return };
    let properties = properties(element);
    for license in properties.get("flowdown:license:applies").into_iter().flatten() {
        let lines = requirements.get(*license).into_iter().flatten().take(LINES);
        component.restrictions.extend(lines.cloned());
    }
}

/// Obligations by what they are about.
pub(super) fn obligations(graph: &Graph<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let mut obligations: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for annotation in graph.of_type("Annotation") {
        let Some(subject) = annotation.text("subject") else { continue };
        if let Some(statement) = annotation.text("statement").and_then(Statement::of) {
            obligations.entry(subject.to_owned()).or_default().extend(statement.obligations());
        }
    }
    obligations
}
