//! `components[]`, and the component that the document describes.

use std::collections::{BTreeMap, BTreeSet};

use super::licenses;
use super::requirements::Requirements;
use super::{first, properties};
use crate::bom::tree::{Node, Object};
use crate::bom::{Ancestor, Component, Edge, EdgeKind, algorithm, stated};
use crate::model::Span;

pub(super) struct Reader<'a> {
    requirements: &'a Requirements,
    pub(super) components: Vec<Component>,
    pub(super) edges: Vec<Edge>,
    pub(super) texts: BTreeMap<String, String>,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(requirements: &'a Requirements) -> Self {
        Self { requirements, components: Vec::new(), edges: Vec::new(), texts: BTreeMap::new() }
    }

    /// The described component; what is nested in it is among the others.
    pub(super) fn subject(&mut self, object: &Object, pointer: &str) -> Component {
        let mut subject = self.component(object, pointer);
        let nested = format!("{pointer}/components");
        self.nested(object, &nested, &mut subject);
        subject
    }

    pub(super) fn components(&mut self, list: &[Node], pointer: &str) {
        for (index, node) in list.iter().enumerate() {
            // What a card names and nobody scanned is no part of the product.
            if let Some(object) = node.as_object().filter(|object| !is_outside(object)) {
                self.add(object, &format!("{pointer}/{index}"));
            }
        }
    }

    fn add(&mut self, object: &Object, pointer: &str) {
        let mut component = self.component(object, pointer);
        // Document order: a parent stands before its parts.
        let place = self.components.len();
        self.components.push(Component::default());
        self.nested(object, &format!("{pointer}/components"), &mut component);
        self.components[place] = component;
    }

    /// Files inside something that is no file are what it consists of; everything else is a component
    /// of its own.
    fn nested(&mut self, parent: &Object, pointer: &str, component: &mut Component) {
        for (index, node) in parent.list("components").iter().enumerate() {
            let Some(object) = node.as_object() else { continue };
            if object.text("type") == Some("file") && parent.text("type") != Some("file") {
                component.hashes.extend(hashes(object));
                continue;
            }
            if let (Some(from), Some(to)) = (parent.text("bom-ref"), object.text("bom-ref")) {
                let (from, to) = (from.to_owned(), to.to_owned());
                self.edges.push(Edge { from, to, kind: EdgeKind::Contains });
            }
            self.add(object, &format!("{pointer}/{index}"));
        }
    }

    fn component(&mut self, object: &Object, pointer: &str) -> Component {
        let properties = properties(object);
        let kind = first(&properties, "flowdown:artifact:kind").or_else(|| object.text("type"));
        let applies: BTreeSet<&str> =
            properties.get("flowdown:license:applies").into_iter().flatten().copied().collect();
        let evidence = object.get("evidence").and_then(Node::as_object);
        Component {
            reference: object.text("bom-ref").unwrap_or_default().to_owned(),
            kind: kind.unwrap_or_default().to_owned(),
            group: stated(object.text("group")),
            name: object.text("name").unwrap_or_default().to_owned(),
            version: stated(object.text("version")),
            purl: stated(object.text("purl")),
            supplier: supplier(object),
            hashes: hashes(object).collect(),
            licenses: licenses::read(object, &properties, &mut self.texts),
            copyright: copyright(object, evidence),
            occurrences: occurrences(evidence),
            ancestors: ancestors(object),
            obligations: self.requirements.obligations(object.text("bom-ref").unwrap_or_default()),
            restrictions: self.requirements.restrictions(&applies),
            is_development_only: object.text("scope") == Some("excluded"),
            at: place(object, pointer),
        }
    }
}

fn is_outside(object: &Object) -> bool {
    first(&properties(object), "flowdown:artifact:named-by") == Some("card")
}

/// XML has lines, JSON a pointer.
fn place(object: &Object, pointer: &str) -> Option<Span> {
    Some(match object.line {
        Some(line) => Span::Lines { first: line, last: line },
        None => Span::Key(pointer.to_owned()),
    })
}

fn supplier(object: &Object) -> Option<String> {
    let organisation = |key: &str| stated(object.get(key)?.as_object()?.text("name"));
    organisation("supplier")
        .or_else(|| organisation("manufacturer"))
        .or_else(|| stated(object.text("publisher")))
}

fn hashes(object: &Object) -> impl Iterator<Item = (String, String)> {
    let listed = object.list("hashes").iter().filter_map(Node::as_object);
    listed.filter_map(|hash| {
        Some((algorithm(hash.text("alg")?), hash.text("content")?.to_ascii_lowercase()))
    })
}

fn copyright(object: &Object, evidence: Option<&Object>) -> Vec<String> {
    let lines = object.text("copyright").into_iter().flat_map(str::lines);
    let mut copyright: Vec<String> =
        lines.map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if copyright.is_empty() {
        let found = evidence.map(|evidence| evidence.list("copyright")).unwrap_or_default();
        let texts = found.iter().filter_map(|it| it.as_object()?.text("text").or(it.as_text()));
        copyright.extend(texts.map(str::to_owned));
    }
    copyright
}

fn occurrences(evidence: Option<&Object>) -> Vec<String> {
    let occurrences = evidence.map(|evidence| evidence.list("occurrences")).unwrap_or_default();
    let places = occurrences.iter().filter_map(|it| it.as_object()?.text("location"));
    places.map(str::to_owned).collect()
}

fn ancestors(object: &Object) -> Vec<Ancestor> {
    let pedigree = object.get("pedigree").and_then(Node::as_object);
    let listed = pedigree.map(|pedigree| pedigree.list("ancestors")).unwrap_or_default();
    let ancestors = listed.iter().filter_map(Node::as_object).map(|ancestor| {
        let name = ancestor.text("name").unwrap_or_default();
        Ancestor {
            name: match stated(ancestor.text("group")) {
                Some(group) => format!("{group}/{name}"),
                None => name.to_owned(),
            },
            purl: stated(ancestor.text("purl")),
            relation: first(&properties(ancestor), "flowdown:lineage:relation").map(str::to_owned),
        }
    });
    ancestors.collect()
}
