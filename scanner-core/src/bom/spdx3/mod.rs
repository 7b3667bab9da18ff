//! SPDX 3.0.1 JSON-LD, in the form of its JSON schema: one graph of elements that name each other.

mod graph;
mod licenses;
mod package;

use std::collections::{BTreeMap, BTreeSet};

use self::graph::Graph;
use self::licenses::Licenses;
use super::statement::{Statement, relation};
use super::tree::Node;
use super::{Ancestor, Bom, Component, Edge, EdgeKind, Format};

/// Reads the document that `root` is.
pub(super) fn read(version: &str, root: &Node) -> Bom {
    let graph = Graph::of(root);
    let licenses = Licenses::of(&graph);
    let mut components = package::components(&graph);
    let mut relations = Relations::default();
    relations.read(&graph, &licenses, &components);
    let requirements = requirements(&graph);
    let mut obligations = package::obligations(&graph);
    for component in components.values_mut() {
        relations.apply(component);
        package::annotate(&graph, component, &requirements);
        let owed = obligations.remove(&component.reference);
        component.obligations.extend(owed.into_iter().flatten());
    }
    let subject = subject(&graph, &components);
    let mut found = None;
    let mut listed = Vec::new();
    for reference in graph.order() {
        let Some(component) = components.remove(reference) else { continue };
        if subject.as_deref() == Some(reference) {
            found = Some(component);
        } else if !relations.files.contains_key(reference) && !graph.is_outside(reference) {
            listed.push(component);
        }
    }
    Bom {
        format: Format::Spdx3,
        spec_version: version.to_owned(),
        identity: graph.document().and_then(|it| it.text("spdxId")).map(str::to_owned),
        created: graph.created(),
        tools: graph.tools(),
        subject: found,
        components: listed,
        edges: relations.edges,
        texts: licenses.texts,
        diagnostics: Vec::new(),
    }
}

/// The one package that the document is about; none when it is about several, or has no other.
fn subject(graph: &Graph<'_>, components: &BTreeMap<String, Component>) -> Option<String> {
    let roots: BTreeSet<&str> =
        graph.roots().into_iter().filter(|root| components.contains_key(*root)).collect();
    match roots.first() {
        Some(&only) if roots.len() == 1 && components.len() > 1 => Some(only.to_owned()),
        _ => None,
    }
}

/// Use restrictions by licence, as annotations of ours at the licences say.
fn requirements(graph: &Graph<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let mut requirements: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for annotation in graph.of_type("Annotation") {
        let statement = annotation.text("statement").and_then(Statement::of);
        let Some(statement) = statement else { continue };
        if let Some(license) = &statement.license {
            requirements.entry(license.clone()).or_default().extend(statement.restrictions());
        }
    }
    requirements
}

/// What relationships say of packages.
#[derive(Default)]
struct Relations {
    edges: Vec<Edge>,
    declared: BTreeMap<String, Vec<String>>,
    concluded: BTreeMap<String, Vec<String>>,
    ancestors: BTreeMap<String, Vec<Ancestor>>,
    development: BTreeSet<String>,
    /// Files that something consists of, with what that is.
    files: BTreeMap<String, String>,
    hashes: BTreeMap<String, BTreeSet<(String, String)>>,
}

impl Relations {
    fn read(
        &mut self,
        graph: &Graph<'_>,
        licenses: &Licenses,
        components: &BTreeMap<String, Component>,
    ) {
        for relationship in graph.relationships() {
            let from = relationship.text("from").unwrap_or_default();
            let comment = relationship.text("comment");
            let is_development = relationship.text("scope") == Some("development");
            for to in relationship.list("to").iter().filter_map(Node::as_text) {
                match relationship.text("relationshipType").unwrap_or_default() {
                    "hasDeclaredLicense" => {
                        let side = self.declared.entry(from.to_owned()).or_default();
                        side.extend(licenses.expression(to));
                    }
                    "hasConcludedLicense" => {
                        let side = self.concluded.entry(from.to_owned()).or_default();
                        side.extend(licenses.expression(to));
                    }
                    "dependsOn" => {
                        if is_development {
                            self.development.insert(to.to_owned());
                        }
                        self.edge(from, to, EdgeKind::DependsOn);
                    }
                    kind @ ("contains" | "hasDistributionArtifact") => {
                        self.part(graph, components, (from, to), kind);
                    }
                    "descendantOf" => self.ancestor(components, from, to, comment),
                    "ancestorOf" => self.ancestor(components, to, from, comment),
                    _ => {}
                }
            }
        }
    }

    fn edge(&mut self, from: &str, to: &str, kind: EdgeKind) {
        self.edges.push(Edge { from: from.to_owned(), to: to.to_owned(), kind });
    }

    /// A file inside a package is what the package consists of, not a component beside it.
    fn part(
        &mut self,
        graph: &Graph<'_>,
        components: &BTreeMap<String, Component>,
        (whole, part): (&str, &str),
        kind: &str,
    ) {
        let is_part = graph.is_plain_file(part) && components.contains_key(whole);
        if !is_part {
            if kind == "contains" && components.contains_key(whole) {
                self.edge(whole, part, EdgeKind::Contains);
            }
            return;
        }
        self.files.insert(part.to_owned(), whole.to_owned());
        if graph.is_content(part) {
            let hashes = graph.element(part).map(package::hashes).into_iter().flatten();
            self.hashes.entry(whole.to_owned()).or_default().extend(hashes);
        }
    }

    fn ancestor(
        &mut self,
        components: &BTreeMap<String, Component>,
        from: &str,
        to: &str,
        comment: Option<&str>,
    ) {
        let Some(parent) = components.get(to) else { return };
        let ancestor = Ancestor {
            name: parent.name.clone(),
            purl: parent.purl.clone(),
            relation: comment.and_then(relation),
        };
        self.ancestors.entry(from.to_owned()).or_default().push(ancestor);
    }

    fn apply(&mut self, component: &mut Component) {
        let reference = component.reference.clone();
        component.licenses.declared = self.declared.remove(&reference).unwrap_or_default();
        component.licenses.concluded = self.concluded.remove(&reference).unwrap_or_default();
        component.ancestors = self.ancestors.remove(&reference).unwrap_or_default();
        component.is_development_only = self.development.contains(&reference);
        component.hashes.extend(self.hashes.remove(&reference).into_iter().flatten());
    }
}
