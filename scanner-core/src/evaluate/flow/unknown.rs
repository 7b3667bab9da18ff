//! What the graph says nothing about, or less than all, and why.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Scene;
use super::strands::PLACES;
use crate::model::{
    Artifact, ArtifactAssessment, FlowUnknown, LicenseKey, LicenseStatus, Location,
};

/// What the graph says nothing about: one entry for each thing that is not known.
#[derive(Default)]
pub(super) struct Unknown {
    entries: BTreeMap<String, FlowUnknown>,
}

impl Unknown {
    pub(super) fn about(
        &mut self,
        artifact: &Artifact,
        assessment: &ArtifactAssessment,
        scene: &Scene<'_>,
    ) {
        let places = places(artifact);
        match assessment.conclusion.status {
            LicenseStatus::Unknown => {
                self.add("the licence is unknown".to_owned(), artifact, [], &places);
            }
            LicenseStatus::Contradicted => {
                let what = "statements about the licence contradict each other: each is followed \
                            as far as it goes, and which of them applies is not known";
                self.add(what.to_owned(), artifact, [], &places);
            }
            LicenseStatus::Declared | LicenseStatus::Detected | LicenseStatus::Concluded => {}
        }
        for ancestor in &assessment.effective.unknown_ancestors {
            let what = format!(
                "the terms of the ancestor `{}` are unknown: who else can enforce something is \
                 not known",
                ancestor.name
            );
            self.add(what, artifact, [], &ancestor.evidence);
        }
        let mut told: BTreeSet<BTreeSet<&LicenseKey>> = BTreeSet::new();
        for applied in &assessment.effective.licenses {
            let candidates: BTreeSet<&LicenseKey> =
                applied.alternatives.iter().chain([&applied.key]).collect();
            if candidates.len() < 2 || !told.insert(candidates.clone()) {
                continue;
            }
            let ids: Vec<String> = candidates.iter().map(|key| scene.spdx(key)).collect();
            let what = format!(
                "which of {} applies is not decided, since the statement names or means several",
                ids.join(", ")
            );
            self.add(what, artifact, candidates, &applied.evidence);
        }
    }

    pub(super) fn add<'k>(
        &mut self,
        what: String,
        artifact: &Artifact,
        licenses: impl IntoIterator<Item = &'k LicenseKey>,
        evidence: &[Location],
    ) {
        let entry = self.entries.entry(what.clone()).or_insert_with(|| FlowUnknown {
            what,
            artifacts: Vec::new(),
            licenses: licenses.into_iter().cloned().collect(),
            evidence: Vec::new(),
        });
        entry.artifacts.push(artifact.id.clone());
        let evidence = if evidence.is_empty() { places(artifact) } else { evidence.to_vec() };
        let room = PLACES.saturating_sub(entry.evidence.len());
        entry.evidence.extend(evidence.into_iter().take(room));
    }

    pub(super) fn into_list(self) -> Vec<FlowUnknown> {
        let mut entries: Vec<FlowUnknown> = self.entries.into_values().collect();
        for entry in &mut entries {
            entry.artifacts.sort();
            entry.artifacts.dedup();
            entry.evidence.sort();
            entry.evidence.dedup();
        }
        entries
    }
}

fn places(artifact: &Artifact) -> Vec<Location> {
    if artifact.occurrences.is_empty() {
        vec![Location::scanned(&artifact.folder)]
    } else {
        artifact.occurrences.clone()
    }
}
