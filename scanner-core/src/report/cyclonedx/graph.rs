//! `dependencies[]` and `compositions[]`: what needs what, and how complete the list is.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::context::Context;
use crate::model::{Completeness, RelationKind, RelationTarget};

/// `dependsOn` is always written: some readers take its absence for an error, the schema means
/// "unknown", and here an empty list means that nothing is stated.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dependency {
    #[serde(rename = "ref")]
    reference: String,
    depends_on: Vec<String>,
}

/// One entry for the root and one for each component, by reference.
pub(super) fn dependencies(context: &Context<'_>) -> Vec<Dependency> {
    let mut edges = edges(context);
    let roots = entry_points(&edges);
    edges.insert(&context.root, roots);
    edges
        .into_iter()
        .map(|(reference, targets)| Dependency {
            reference: reference.to_owned(),
            depends_on: targets.into_iter().map(str::to_owned).collect(),
        })
        .collect()
}

type Edges<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

fn edges<'a>(context: &'a Context<'_>) -> Edges<'a> {
    let mut edges = Edges::new();
    for artifact in &context.index.report.inventory.artifacts {
        let Some(reference) = context.artifact(&artifact.id) else { continue };
        let needed = artifact.depends_on.iter().filter_map(|id| context.artifact(id));
        let parts = context.index.relations(&artifact.id).iter().filter_map(|relation| {
            let RelationTarget::Here(id) = &relation.to else { return None };
            // An adapter does nothing without its base; a pipeline consists of its parts.
            let needs = matches!(relation.kind, RelationKind::AdapterOf | RelationKind::Contains);
            context.artifact(id).filter(|_| needs)
        });
        let mut targets: BTreeSet<&str> = needed.chain(parts).collect();
        targets.remove(reference);
        edges.insert(reference, targets);
    }
    for dataset in &context.datasets {
        if let Some(reference) = context.dataset(dataset.name) {
            edges.insert(reference, BTreeSet::new());
        }
    }
    edges
}

/// The smallest prefix-greedy set from which everything can be reached: what nothing depends on,
/// then the first of each cycle that is left over.
fn entry_points<'a>(edges: &Edges<'a>) -> BTreeSet<&'a str> {
    let needed: BTreeSet<&str> = edges.values().flatten().copied().collect();
    let (free, rest): (Vec<&str>, Vec<&str>) =
        edges.keys().copied().partition(|reference| !needed.contains(reference));
    let mut roots = BTreeSet::new();
    let mut reached = BTreeSet::new();
    for root in free.into_iter().chain(rest) {
        if !reached.insert(root) {
            continue;
        }
        roots.insert(root);
        let mut waiting = vec![root];
        while let Some(next) = waiting.pop() {
            for target in edges.get(next).into_iter().flatten().copied() {
                if reached.insert(target) {
                    waiting.push(target);
                }
            }
        }
    }
    roots
}

#[derive(Serialize)]
pub(super) struct Composition {
    aggregate: &'static str,
    assemblies: Vec<String>,
}

/// How complete the document is, and which components have a licence that nobody can name.
pub(super) fn compositions(context: &Context<'_>) -> Vec<Composition> {
    let report = context.index.report;
    let aggregate = match context.index.completeness() {
        Completeness::Incomplete => "incomplete",
        // Files that belong to nothing we know may be part of the product.
        Completeness::Complete if !report.inventory.unclaimed.is_empty() => "unknown",
        Completeness::Complete => "complete",
    };
    let mut compositions = vec![Composition { aggregate, assemblies: vec![context.root.clone()] }];
    let unlicensed = report
        .inventory
        .artifacts
        .iter()
        .filter(|artifact| context.index.own_license(&artifact.id).firmest().is_none())
        .filter_map(|artifact| context.artifact(&artifact.id));
    let datasets = context.datasets.iter().filter_map(|dataset| context.dataset(dataset.name));
    let assemblies: Vec<String> = unlicensed.chain(datasets).map(str::to_owned).collect();
    if !assemblies.is_empty() {
        compositions.push(Composition { aggregate: "unknown", assemblies });
    }
    compositions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(edges: &[(&str, &[&str])], expected: &[&str]) {
        let edges: Edges<'_> =
            edges.iter().map(|(from, to)| (*from, to.iter().copied().collect())).collect();
        assert_eq!(entry_points(&edges).into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn everything_is_reached_from_the_entry_points() {
        check(&[], &[]);
        check(&[("a", &["b"]), ("b", &[]), ("c", &["b"])], &["a", "c"]);
        // A cycle that nothing leads into is entered at its first member.
        check(&[("a", &["b"]), ("b", &["a"]), ("c", &[])], &["a", "c"]);
        // A cycle that something leads into is not entered again.
        check(&[("a", &["b"]), ("b", &["a"]), ("z", &["b"])], &["z"]);
    }
}
