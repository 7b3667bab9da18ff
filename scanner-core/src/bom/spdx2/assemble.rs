//! Packages and relationships become components and edges.

use std::collections::{BTreeMap, BTreeSet};

use super::{Head, Package, Relationship};
use crate::bom::statement::relation;
use crate::bom::{Ancestor, Bom, Edge, EdgeKind, Format};

/// Everything that was read.
#[derive(Default)]
pub(super) struct Document {
    pub(super) head: Head,
    pub(super) packages: Vec<Package>,
    pub(super) relationships: Vec<Relationship>,
}

impl Document {
    pub(super) fn bom(mut self, format: Format) -> Bom {
        for relationship in &self.relationships {
            if relationship.kind == "DESCRIBES" && relationship.from == "SPDXRef-DOCUMENT" {
                self.head.describes.push(relationship.to.clone());
            }
        }
        let described: BTreeSet<&String> = self.head.describes.iter().collect();
        // A document that describes several things, or one file, has no subject.
        let subject = match described.iter().next() {
            Some(&only) if described.len() == 1 && self.packages.len() > 1 => Some(only.clone()),
            _ => None,
        };
        let Parts { edges, mut ancestors, of_files, development } = self.parts(subject.as_deref());
        let mut hashes: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
        for Package { component, .. } in &self.packages {
            if let Some(owner) = of_files.get(&component.reference) {
                let of_owner = hashes.entry(owner.clone()).or_default();
                of_owner.extend(component.hashes.iter().cloned());
            }
        }
        let mut found_subject = None;
        let mut components = Vec::new();
        for Package { mut component, is_outside, .. } in self.packages {
            let reference = component.reference.clone();
            if of_files.contains_key(&reference) || is_outside {
                continue;
            }
            if subject.as_ref() == Some(&reference) {
                found_subject = Some(component);
                continue;
            }
            component.hashes.extend(hashes.remove(&reference).into_iter().flatten());
            component.ancestors = ancestors.remove(&reference).unwrap_or_default();
            component.is_development_only = development.contains(&reference);
            components.push(component);
        }
        let Head { version, identity, created, tools, texts, .. } = self.head;
        Bom {
            format,
            spec_version: version,
            identity,
            created,
            tools,
            subject: found_subject,
            components,
            edges,
            texts,
            diagnostics: Vec::new(),
        }
    }

    fn parts(&self, subject: Option<&str>) -> Parts {
        let by_id: BTreeMap<&str, &Package> =
            self.packages.iter().map(|it| (it.component.reference.as_str(), it)).collect();
        let mut parts = Parts::default();
        for Relationship { from, kind, to, comment } in &self.relationships {
            let (from, to) = (from.as_str(), to.as_str());
            match kind.as_str() {
                "DEPENDS_ON" => parts.edge(from, to, EdgeKind::DependsOn),
                "DEPENDENCY_OF" | "RUNTIME_DEPENDENCY_OF" | "OPTIONAL_DEPENDENCY_OF" => {
                    parts.edge(to, from, EdgeKind::DependsOn);
                }
                "DEV_DEPENDENCY_OF" | "BUILD_DEPENDENCY_OF" | "TEST_DEPENDENCY_OF" => {
                    parts.development.insert(from.to_owned());
                    parts.edge(to, from, EdgeKind::DependsOn);
                }
                "CONTAINS" => parts.contains(&by_id, subject, from, to),
                "CONTAINED_BY" => parts.contains(&by_id, subject, to, from),
                "DESCENDANT_OF" => parts.ancestor(&by_id, from, to, comment.as_deref()),
                "ANCESTOR_OF" => parts.ancestor(&by_id, to, from, comment.as_deref()),
                _ => {}
            }
        }
        parts
    }
}

/// What relationships say.
#[derive(Default)]
struct Parts {
    edges: Vec<Edge>,
    ancestors: BTreeMap<String, Vec<Ancestor>>,
    /// Packages that are files of another one, with that one.
    of_files: BTreeMap<String, String>,
    development: BTreeSet<String>,
}

impl Parts {
    fn edge(&mut self, from: &str, to: &str, kind: EdgeKind) {
        self.edges.push(Edge { from: from.to_owned(), to: to.to_owned(), kind });
    }

    fn contains(
        &mut self,
        by_id: &BTreeMap<&str, &Package>,
        subject: Option<&str>,
        whole: &str,
        part: &str,
    ) {
        let is_file = |id| by_id.get(id).is_some_and(|package| package.is_file());
        if subject != Some(whole) && is_file(part) && !is_file(whole) && by_id.contains_key(whole) {
            self.of_files.insert(part.to_owned(), whole.to_owned());
        } else {
            self.edge(whole, part, EdgeKind::Contains);
        }
    }

    fn ancestor(
        &mut self,
        by_id: &BTreeMap<&str, &Package>,
        from: &str,
        to: &str,
        comment: Option<&str>,
    ) {
        let Some(parent) = by_id.get(to) else { return };
        let ancestor = Ancestor {
            name: parent.component.name.clone(),
            purl: parent.component.purl.clone(),
            relation: comment.and_then(relation),
        };
        self.ancestors.entry(from.to_owned()).or_default().push(ancestor);
    }
}
