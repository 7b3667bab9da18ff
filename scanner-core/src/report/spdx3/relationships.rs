//! What contains, needs, derives from and describes what.

use super::context::{elements, is_one_file};
use super::graph::{Completeness, Edge, Graph};
use super::wire::Id;
use crate::model::{self, Artifact, FileRole, Profile, Relation, RelationKind};
use crate::report::place::cut;

pub(super) fn write(graph: &mut Graph<'_>) {
    of_root(graph);
    of_declared_files(graph);
    for artifact in &graph.context.index.report.inventory.artifacts {
        let Some(id) = graph.context.artifact(&artifact.id).cloned() else { continue };
        of_files(graph, &id, artifact);
        of_dependencies(graph, &id, artifact);
        for relation in graph.context.index.relations(&artifact.id).to_vec() {
            of_relation(graph, &id, relation);
        }
    }
}

/// How far the scan saw all there is.
fn completeness(graph: &Graph<'_>) -> Completeness {
    match graph.context.index.completeness() {
        model::Completeness::Incomplete => Completeness::Incomplete,
        // Files that belong to nothing we know may be part of the product.
        model::Completeness::Complete
            if !graph.context.index.report.inventory.unclaimed.is_empty() =>
        {
            Completeness::NoAssertion
        }
        model::Completeness::Complete => Completeness::Complete,
    }
}

fn of_root(graph: &mut Graph<'_>) {
    let context = &graph.context;
    let (creation, root) = (context.creation.clone(), context.root.clone());
    let completeness = completeness(graph);
    let artifacts = &context.index.report.inventory.artifacts;
    let ids = |development: bool| -> Vec<Id> {
        artifacts
            .iter()
            .filter(|artifact| artifact.development_only == development)
            .filter_map(|artifact| context.artifact(&artifact.id))
            .cloned()
            .collect()
    };
    let (shipped, development) = (ids(false), ids(true));
    let edge = |kind, to, scope| Edge {
        creation: &creation,
        from: &root,
        kind,
        to,
        completeness,
        scope,
        comment: None,
    };
    graph.relate(edge("contains", shipped, None));
    graph.relate(edge("dependsOn", development, Some("development")));
}

/// The single weight file is what a model is distributed as; several are parts of it, like its texts.
fn of_files(graph: &mut Graph<'_>, id: &Id, artifact: &Artifact) {
    if is_one_file(artifact) {
        return;
    }
    let creation = graph.context.creation.clone();
    let ids = |role: fn(FileRole) -> bool| -> Vec<Id> {
        let files = elements(artifact).filter(|file| role(file.role));
        files.filter_map(|file| graph.context.file(&file.path)).cloned().collect()
    };
    let weights = ids(|role| role == FileRole::Weights);
    let texts = ids(|role| role != FileRole::Weights);
    let is_single = weights.len() == 1;
    let distributed = is_single || graph.context.index.report.profile == Profile::Bsi;
    let parts: Vec<Id> =
        if is_single { texts } else { weights.iter().cloned().chain(texts).collect() };
    let edge = |kind, to| Edge {
        creation: &creation,
        from: id,
        kind,
        to,
        completeness: Completeness::NoAssertion,
        scope: None,
        comment: None,
    };
    if distributed {
        graph.relate(edge("hasDistributionArtifact", weights));
    }
    graph.relate(edge("contains", parts));
}

fn of_declared_files(graph: &mut Graph<'_>) {
    let creation = graph.context.creation.clone();
    let files = graph.context.declared_files.iter();
    let pairs: Vec<(Id, Id)> = files.map(|file| (file.package.clone(), file.id.clone())).collect();
    for (package, file) in pairs {
        graph.relate(Edge {
            creation: &creation,
            from: &package,
            kind: "hasDistributionArtifact",
            to: vec![file],
            completeness: Completeness::NoAssertion,
            scope: None,
            comment: None,
        });
    }
}

fn of_dependencies(graph: &mut Graph<'_>, id: &Id, artifact: &Artifact) {
    let needed = artifact.depends_on.iter().filter_map(|needed| graph.context.artifact(needed));
    let needed: Vec<Id> = needed.cloned().collect();
    needs(graph, id, needed);
}

fn needs(graph: &mut Graph<'_>, id: &Id, needed: Vec<Id>) {
    let creation = graph.context.creation.clone();
    graph.relate(Edge {
        creation: &creation,
        from: id,
        kind: "dependsOn",
        to: needed,
        completeness: Completeness::NoAssertion,
        scope: Some("runtime"),
        comment: None,
    });
}

fn of_relation(graph: &mut Graph<'_>, id: &Id, relation: &Relation) {
    let Some(target) = graph.context.target(&relation.to).cloned() else { return };
    let kind = match relation.kind {
        RelationKind::Contains => "contains",
        RelationKind::DescribedBy => "hasDocumentation",
        RelationKind::TrainedOn => "trainedOn",
        RelationKind::AdapterOf
        | RelationKind::FineTunedFrom
        | RelationKind::QuantizedFrom
        | RelationKind::ConvertedFrom
        | RelationKind::MergedFrom
        | RelationKind::DistilledFrom
        | RelationKind::DerivedFrom => "descendantOf",
    };
    let creation = graph.context.creation_by(&relation.by.0).clone();
    let comment = format!("{} ({})", relation.kind.name(), relation.basis.name());
    if relation.kind == RelationKind::AdapterOf {
        needs(graph, id, vec![target.clone()]);
    }
    graph.relate(Edge {
        creation: &creation,
        from: id,
        kind,
        to: vec![target],
        completeness: Completeness::NoAssertion,
        scope: None,
        comment: Some(cut(&comment).into_owned()),
    });
}
