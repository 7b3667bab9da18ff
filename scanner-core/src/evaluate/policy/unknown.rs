//! Why it is not known under which terms an artifact stands. No allowance covers that.

use std::collections::{BTreeMap, BTreeSet};

use super::atom::is_from_memory;
use crate::evaluate::Scene;
use crate::model::{Artifact, ArtifactAssessment, ArtifactId, LicenseStatus, RelationTarget};

/// The reasons, in our words; empty when its terms are known, or are one of several known ones.
pub(super) fn reasons(
    artifact: &Artifact,
    assessments: &BTreeMap<ArtifactId, ArtifactAssessment>,
    scene: &Scene<'_>,
) -> Vec<String> {
    let assessment = &assessments[&artifact.id];
    if assessment.effective.expression.is_some() {
        return Vec::new();
    }
    let mut reasons = BTreeSet::new();
    if is_unsettled(assessment) {
        reasons.insert(assessment.conclusion.because.clone());
    }
    for ancestor in &assessment.effective.unknown_ancestors {
        reasons.insert(format!("the terms of its ancestor `{}` are unknown", ancestor.name));
    }
    for ancestor in ancestors_here(&artifact.id, scene) {
        if let (Some(parent), Some(above)) =
            (scene.inventory.artifact(ancestor), assessments.get(ancestor))
            && above.conclusion.status == LicenseStatus::Contradicted
        {
            let because = &above.conclusion.because;
            reasons.insert(format!("of its ancestor `{}`, {because}", parent.label()));
        }
    }
    for license in &assessment.effective.licenses {
        if let (Some(name), true) = (&license.from_ancestor, is_from_memory(license, scene)) {
            let spdx = scene.spdx(&license.key);
            reasons
                .insert(format!("that its ancestor `{name}` is under {spdx} nobody has checked"));
        }
    }
    if assessment.effective.licenses.is_empty() {
        reasons.insert(assessment.conclusion.because.clone());
    }
    reasons.into_iter().collect()
}

fn is_unsettled(assessment: &ArtifactAssessment) -> bool {
    matches!(assessment.conclusion.status, LicenseStatus::Unknown | LicenseStatus::Contradicted)
}

/// Every ancestor of `id` that is in the scan.
fn ancestors_here<'a>(id: &'a ArtifactId, scene: &'a Scene<'_>) -> BTreeSet<&'a ArtifactId> {
    let mut seen = BTreeSet::new();
    let mut pending = vec![id];
    while let Some(next) = pending.pop() {
        for relation in scene.lineage(next) {
            if let RelationTarget::Here(parent) = &relation.to
                && parent != id
                && seen.insert(parent)
            {
                pending.push(parent);
            }
        }
    }
    seen
}
