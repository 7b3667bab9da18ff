//! What the root contains, what needs what, and what derives from what.

use std::collections::BTreeMap;

use super::element::Element;
use super::graph::{Graph, Says};
use crate::model::{Artifact, Completeness, RelationKind};

pub(super) fn add(graph: &mut Graph<'_>) {
    let report = graph.index.report;
    let root = graph.root.clone();
    let artifacts = &report.inventory.artifacts;
    let of = |graph: &Graph<'_>, is_development: bool| -> Vec<String> {
        artifacts
            .iter()
            .filter(|artifact| artifact.development_only == is_development)
            .filter_map(|artifact| graph.artifact(&artifact.id))
            .collect()
    };
    let completeness = match graph.index.completeness() {
        Completeness::Complete => "complete",
        Completeness::Incomplete => "incomplete",
    };
    let shipped = of(graph, false);
    graph.relate(&root, "contains", shipped.clone(), &Says { completeness, ..Says::whole() });
    depends(graph, &root, shipped, "runtime", completeness);
    let development = of(graph, true);
    depends(graph, &root, development, "development", completeness);
    for artifact in artifacts {
        of_artifact(graph, artifact);
    }
}

/// A dependency says in which phase it is needed.
fn depends(
    graph: &mut Graph<'_>,
    from: &str,
    to: Vec<String>,
    scope: &'static str,
    completeness: &'static str,
) {
    if to.is_empty() {
        return;
    }
    let id = graph.take("relationship-dependsOn");
    let element = Element::new("LifecycleScopedRelationship", &id, "_:flowdown")
        .set("from", from)
        .set("relationshipType", "dependsOn")
        .list("to", to)
        .set("scope", scope)
        .set("completeness", completeness);
    graph.push(element);
}

fn of_artifact(graph: &mut Graph<'_>, artifact: &Artifact) {
    let Some(id) = graph.artifact(&artifact.id) else { return };
    let needed = artifact.depends_on.iter().filter_map(|it| graph.artifact(it)).collect();
    depends(graph, &id, needed, "runtime", "complete");
    // One relationship for each kind and plugin, with all its targets.
    let mut grouped: BTreeMap<(RelationKind, &str, String), Vec<String>> = BTreeMap::new();
    for relation in graph.index.relations(&artifact.id) {
        let Some(target) = graph.target(&relation.to) else { continue };
        let comment = format!("{} ({})", relation.kind.name(), relation.basis.name());
        let targets = grouped.entry((relation.kind, &relation.by.0, comment)).or_default();
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    for ((kind, plugin, comment), targets) in grouped {
        let says =
            Says { plugin: Some(plugin), completeness: "noAssertion", comment: Some(comment) };
        match kind {
            RelationKind::Contains => graph.relate(&id, "contains", targets, &says),
            RelationKind::DescribedBy => graph.relate(&id, "hasDocumentation", targets, &says),
            RelationKind::TrainedOn => graph.relate(&id, "trainedOn", targets, &says),
            RelationKind::AdapterOf => {
                depends(graph, &id, targets.clone(), "runtime", "noAssertion");
                graph.relate(&id, "descendantOf", targets, &says)
            }
            RelationKind::FineTunedFrom
            | RelationKind::QuantizedFrom
            | RelationKind::ConvertedFrom
            | RelationKind::MergedFrom
            | RelationKind::DistilledFrom
            | RelationKind::DerivedFrom => graph.relate(&id, "descendantOf", targets, &says),
        };
    }
}
