//! `relationships[]`: the document describes its root, the root contains what was found, and
//! lineage and dependencies run between artifacts.

use spdx_rs::models::{Relationship, RelationshipType};

use super::elements::Elements;
use crate::model::{Artifact, RelationKind};
use crate::report::place::cut;

pub(super) fn relationships(elements: &Elements<'_>) -> Vec<Relationship> {
    let mut all = vec![Relationship::new(
        "SPDXRef-DOCUMENT",
        &elements.root,
        RelationshipType::Describes,
        None,
    )];
    for artifact in &elements.index.report.inventory.artifacts {
        if let Some(id) = elements.artifact(&artifact.id) {
            of_artifact(elements, artifact, id, &mut all);
        }
    }
    all
}

fn of_artifact(
    elements: &Elements<'_>,
    artifact: &Artifact,
    id: &str,
    all: &mut Vec<Relationship>,
) {
    let mut add = |from: &str, kind, to: &str, comment: Option<String>| {
        all.push(Relationship::new(from, to, kind, comment));
    };
    if artifact.development_only {
        add(id, RelationshipType::DevDependencyOf, &elements.root, None);
    } else {
        add(&elements.root, RelationshipType::Contains, id, None);
    }
    for (shard, _) in elements.shards(&artifact.id) {
        add(id, RelationshipType::Contains, shard, None);
    }
    for needed in artifact.depends_on.iter().filter_map(|needed| elements.artifact(needed)) {
        add(id, RelationshipType::DependsOn, needed, None);
    }
    for relation in elements.index.relations(&artifact.id) {
        let Some(target) = elements.target(&relation.to) else { continue };
        let comment = format!("{} ({})", relation.kind.name(), relation.basis.name());
        let comment = Some(cut(&comment).into_owned());
        match relation.kind {
            RelationKind::Contains => add(id, RelationshipType::Contains, target, None),
            RelationKind::DescribedBy => add(target, RelationshipType::DocumentationOf, id, None),
            RelationKind::TrainedOn => add(id, RelationshipType::Other, target, comment),
            RelationKind::AdapterOf => {
                add(id, RelationshipType::DescendantOf, target, comment);
                add(id, RelationshipType::DependsOn, target, None);
            }
            RelationKind::FineTunedFrom
            | RelationKind::QuantizedFrom
            | RelationKind::ConvertedFrom
            | RelationKind::MergedFrom
            | RelationKind::DistilledFrom
            | RelationKind::DerivedFrom => add(id, RelationshipType::DescendantOf, target, comment),
        }
    }
}
