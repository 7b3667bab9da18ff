//! Artifacts as components.

use std::collections::{BTreeMap, BTreeSet};

use super::wire::{Artifact, Assessed, Document, Relation, Target};
use crate::bom::{Ancestor, Component, Edge, EdgeKind, Licenses, stated};
use crate::model::Span;

/// More restrictions no licence has, and each component repeats those of its licences.
const LINES: usize = 500;

/// Relations that say what an artifact is next to, not what it derives from.
const NO_LINEAGE: &[&str] = &["contains", "described-by", "trained-on"];

/// Every artifact, and what depends on what.
pub(super) fn components(document: &Document) -> (Vec<Component>, Vec<Edge>) {
    let mut relations: BTreeMap<&str, Vec<&Relation>> = BTreeMap::new();
    for relation in &document.inventory.relations {
        relations.entry(&relation.from).or_default().push(relation);
    }
    let artifacts = &document.inventory.artifacts;
    let by_id: BTreeMap<&str, &Artifact> =
        artifacts.iter().map(|artifact| (artifact.id.as_str(), artifact)).collect();
    let mut edges = Vec::new();
    let components = artifacts.iter().enumerate().map(|(index, artifact)| {
        let from = || artifact.id.clone();
        for to in &artifact.depends_on {
            edges.push(Edge { from: from(), to: to.clone(), kind: EdgeKind::DependsOn });
        }
        let mut component = component(document, artifact);
        component.at = Some(Span::Key(format!("/inventory/artifacts/{index}")));
        for relation in relations.get(artifact.id.as_str()).into_iter().flatten() {
            match (&relation.to, relation.kind.as_str()) {
                (Target::Here(to), "contains") => {
                    edges.push(Edge { from: from(), to: to.clone(), kind: EdgeKind::Contains });
                }
                (_, kind) if NO_LINEAGE.contains(&kind) => {}
                (to, kind) => component.ancestors.push(ancestor(&by_id, to, kind)),
            }
        }
        component
    });
    (components.collect(), edges)
}

fn component(document: &Document, artifact: &Artifact) -> Component {
    let label = label(artifact);
    // A path is no name with an organisation.
    let (group, name) =
        match label.rsplit_once('/').filter(|_| stated(artifact.name.as_deref()).is_some()) {
            Some((group, name)) if !group.is_empty() && !name.is_empty() => (Some(group), name),
            _ => (None, label),
        };
    let assessed = document.assessment.artifacts.get(&artifact.id);
    let mut component = Component {
        reference: artifact.id.clone(),
        kind: artifact.kind.clone(),
        group: group.map(str::to_owned),
        name: name.to_owned(),
        version: stated(artifact.version.as_deref()),
        purl: artifact.purl.clone(),
        hashes: hashes(artifact),
        occurrences: occurrences(artifact),
        is_development_only: artifact.development_only,
        ..Component::default()
    };
    if let Some(assessed) = assessed {
        component.licenses = licenses(assessed);
        component.obligations = obligations(document, assessed);
        component.restrictions = restrictions(document, assessed);
    }
    component
}

/// Its name; without one, where it is: an id changes with every byte.
fn label(artifact: &Artifact) -> &str {
    match (
        artifact.name.as_deref().filter(|it| !it.trim().is_empty()),
        artifact.occurrences.first(),
        artifact.files.first(),
    ) {
        (Some(name), _, _) => name,
        (None, Some(location), _) => &location.path,
        (None, None, Some(file)) => &file.path,
        (None, None, None) => &artifact.id,
    }
}

/// Of what makes the artifact: weights, or the one file that it is; of a package the digest that lock
/// files state, if they agree on one.
fn hashes(artifact: &Artifact) -> BTreeSet<(String, String)> {
    if artifact.kind == "package" || artifact.files.is_empty() {
        let stated: BTreeSet<(String, String)> = stated_hashes(artifact).collect();
        return if stated.len() == 1 { stated } else { BTreeSet::new() };
    }
    let is_single = artifact.files.len() == 1;
    artifact
        .files
        .iter()
        .filter(|file| is_single || file.role == "weights")
        .filter_map(|file| digest(file.sha256.as_deref()?))
        .collect()
}

fn stated_hashes(artifact: &Artifact) -> impl Iterator<Item = (String, String)> {
    let packages = artifact
        .facts
        .iter()
        .filter(|fact| matches!(&*fact.name, "manifest.package" | "bom.component"));
    let hashes = packages.filter_map(|fact| fact.value.map.get("hashes"));
    let texts = hashes.flat_map(|hashes| hashes.list.iter().chain([hashes]));
    let digests = texts.filter_map(|value| digest(value.text.as_deref()?));
    digests.filter(|(algorithm, _)| algorithm == "sha256")
}

/// `sha256:0f…`
fn digest(text: &str) -> Option<(String, String)> {
    let (algorithm, digits) = text.split_once(':')?;
    Some((algorithm.to_owned(), digits.to_owned()))
}

fn occurrences(artifact: &Artifact) -> Vec<String> {
    if artifact.occurrences.is_empty() {
        let of_files = artifact.files.iter().map(|file| file.path.clone());
        return of_files
            .chain((!artifact.folder.is_empty()).then(|| artifact.folder.clone()))
            .collect();
    }
    artifact.occurrences.iter().map(|location| location.path.clone()).collect()
}

/// *Declared* is also what the author's own file says; *concluded* is both.
fn licenses(assessed: &Assessed) -> Licenses {
    let conclusion = &assessed.license;
    let expression = conclusion.expression.clone();
    let (declared, concluded) = match conclusion.status.as_str() {
        "concluded" => (conclusion.declared.clone(), expression),
        "declared" | "detected" => (expression, None),
        _ => (None, None),
    };
    Licenses {
        declared: declared.into_iter().collect(),
        concluded: concluded.into_iter().collect(),
        effective: assessed.effective.expression.clone(),
    }
}

fn spdx<'a>(document: &'a Document, key: &'a str) -> &'a str {
    document.inventory.spdx_ids.get(key).map_or(key, String::as_str)
}

fn obligations(document: &Document, assessed: &Assessed) -> BTreeSet<String> {
    let owed = assessed.obligations.iter();
    owed.map(|owed| {
        let license = spdx(document, &owed.license);
        format!("{license} {} {}", owed.obligation.kind, owed.obligation.clause)
    })
    .collect()
}

/// Those of licences that certainly apply; one of several that a statement can mean may not.
fn restrictions(document: &Document, assessed: &Assessed) -> BTreeSet<String> {
    let applied = assessed.effective.licenses.iter();
    applied
        .filter(|applied| applied.alternatives.is_empty())
        .filter_map(|applied| Some((applied, document.inventory.terms.get(&applied.key)?)))
        .flat_map(|(applied, terms)| {
            let license = spdx(document, &applied.key);
            terms.restrictions.iter().map(move |it| format!("{license} {}", it.label))
        })
        .take(LINES)
        .collect()
}

fn ancestor(by_id: &BTreeMap<&str, &Artifact>, to: &Target, kind: &str) -> Ancestor {
    let relation = Some(kind.to_owned());
    match to {
        Target::Elsewhere { name, purl } => {
            Ancestor { name: name.clone(), purl: purl.clone(), relation }
        }
        Target::Here(id) => {
            let artifact = by_id.get(id.as_str());
            let name = artifact.map_or_else(|| id.clone(), |artifact| label(artifact).to_owned());
            let purl = artifact.and_then(|artifact| artifact.purl.clone());
            Ancestor { name, purl, relation }
        }
    }
}
