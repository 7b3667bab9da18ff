//! Ancestors inside the scan, and the order in which parents come before children.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Artifact, ArtifactId, ArtifactKind, Code, Diagnostic, Limits, Location, Relation,
    RelationTarget, SourcePath,
};

/// Turns targets that name an artifact of this scan into links to it: by its full name, or by a
/// relative path that leads to its folder. A name that is merely similar stays elsewhere.
pub(super) fn settle_targets(relations: &mut Vec<Relation>, artifacts: &[Artifact]) {
    let mut by_name: BTreeMap<String, Option<&Artifact>> = BTreeMap::new();
    let mut by_folder: BTreeMap<&SourcePath, Option<&Artifact>> = BTreeMap::new();
    let models = artifacts
        .iter()
        .filter(|artifact| matches!(artifact.kind, ArtifactKind::Model | ArtifactKind::Adapter));
    for artifact in models {
        // A name or folder that two artifacts share decides nothing.
        if let Some(name) = &artifact.name {
            by_name
                .entry(name.to_lowercase())
                .and_modify(|only| *only = None)
                .or_insert(Some(artifact));
        }
        by_folder.entry(&artifact.folder).and_modify(|only| *only = None).or_insert(Some(artifact));
    }
    let folders: BTreeMap<&ArtifactId, &SourcePath> =
        artifacts.iter().map(|artifact| (&artifact.id, &artifact.folder)).collect();
    for relation in relations.iter_mut() {
        let RelationTarget::Elsewhere { name, .. } = &relation.to else { continue };
        let by_path = || {
            let is_path = name.starts_with("./") || name.starts_with("../");
            let target = folders.get(&relation.from).filter(|_| is_path)?.join(name)?;
            by_folder.get(&target).copied().flatten()
        };
        let found = by_name.get(&name.to_lowercase()).copied().flatten().or_else(by_path);
        if let Some(artifact) = found.filter(|artifact| artifact.id != relation.from) {
            relation.to = RelationTarget::Here(artifact.id.clone());
        }
    }
    relations.sort();
    relations.dedup();
}

/// Artifacts by generation: every parent that is in the scan stands in an earlier one. A cycle is
/// cut at the artifact that comes first and reported.
pub(super) fn generations<'a>(
    artifacts: &'a [Artifact],
    relations: &[Relation],
    limits: &Limits,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Vec<&'a Artifact>> {
    let mut parents: BTreeMap<&ArtifactId, BTreeSet<&ArtifactId>> = BTreeMap::new();
    for relation in relations.iter().filter(|relation| relation.kind.is_lineage()) {
        if let RelationTarget::Here(parent) = &relation.to {
            parents.entry(&relation.from).or_default().insert(parent);
        }
    }
    let mut waiting: Vec<&Artifact> = artifacts.iter().collect();
    let mut done: BTreeSet<&ArtifactId> = BTreeSet::new();
    let mut generations = Vec::new();
    while !waiting.is_empty() {
        let is_ready = |artifact: &&Artifact| {
            parents
                .get(&artifact.id)
                .is_none_or(|parents| parents.iter().all(|parent| done.contains(parent)))
        };
        let is_too_deep = generations.len() >= limits.lineage_depth as usize;
        let (ready, blocked): (Vec<&Artifact>, Vec<&Artifact>) =
            waiting.iter().copied().partition(|artifact| is_too_deep || is_ready(artifact));
        if ready.is_empty() {
            let first = waiting.remove(0);
            diagnostics.push(cycle(first));
            done.insert(&first.id);
            generations.push(vec![first]);
            continue;
        }
        done.extend(ready.iter().map(|artifact| &artifact.id));
        generations.push(ready);
        waiting = blocked;
    }
    generations
}

fn cycle(artifact: &Artifact) -> Diagnostic {
    let at = artifact
        .occurrences
        .first()
        .cloned()
        .unwrap_or_else(|| Location::scanned(&artifact.folder));
    Diagnostic::new(
        Code::LineageCycle,
        at,
        format!("`{}` is stated to be its own ancestor", artifact.label()),
    )
    .help("its terms were resolved without that ancestor; correct `base_model` in the cards")
}
