//! What follows from an inventory: each artifact's licence, the terms that reach it along its
//! lineage, what is owed and whether it is there, and what every customer receives. Pure.

mod agreement;
mod bundle;
mod conclusion;
mod contracts;
mod effective;
mod flow;
mod freedom;
mod obligations;
pub mod policy;
pub mod rules;

#[cfg(test)]
mod tests;

pub use flow::PASSED_ON;

use std::collections::BTreeMap;

use crate::model::{
    AgreementReview, Artifact, ArtifactAssessment, ArtifactId, ArtifactKind, Assessment,
    EffectiveTerms, Finding, Inventory, LicenseKey, LicenseTerms, Product, TextMatch,
};

/// Assesses `inventory` for `product`; without a product, for customers who receive copies.
pub fn evaluate(inventory: &Inventory, product: Option<&Product>, source_name: &str) -> Assessment {
    let scene = Scene { inventory, product };
    let own: BTreeMap<&ArtifactId, conclusion::Own> = inventory
        .artifacts
        .iter()
        .map(|artifact| (&artifact.id, conclusion::of(artifact, &scene)))
        .collect();
    let mut effective: BTreeMap<ArtifactId, EffectiveTerms> = inventory
        .artifacts
        .iter()
        .map(|artifact| (artifact.id.clone(), effective::of(artifact, &own, &scene)))
        .collect();
    let agreement = agreement::review(&effective, &scene);
    let mut artifacts = BTreeMap::new();
    for artifact in &inventory.artifacts {
        let effective = effective.remove(&artifact.id).expect("each artifact has effective terms");
        let obligations = obligations::of(artifact, &effective, agreement.as_ref(), &scene);
        let conclusion = own[&artifact.id].conclusion.clone();
        artifacts
            .insert(artifact.id.clone(), ArtifactAssessment { conclusion, effective, obligations });
    }
    let findings = findings(&artifacts, agreement.as_ref(), &scene);
    let bundle = bundle::of(&artifacts, &scene, source_name);
    let flow = flow::of(&artifacts, agreement.as_ref(), &scene);
    Assessment { artifacts, findings, bundle, flow, agreement }
}

/// What every part of the evaluation may look at.
pub(crate) struct Scene<'a> {
    pub(crate) inventory: &'a Inventory,
    pub(crate) product: Option<&'a Product>,
}

impl Scene<'_> {
    pub(crate) fn terms(&self, key: &LicenseKey) -> Option<&LicenseTerms> {
        self.inventory.terms.get(key)
    }

    /// SPDX id or `LicenseRef-…` of a key.
    pub(crate) fn spdx(&self, key: &LicenseKey) -> String {
        self.inventory.spdx_ids.get(key).cloned().unwrap_or_else(|| format!("LicenseRef-{key}"))
    }

    pub(crate) fn text_matches(&self, artifact: &Artifact) -> &[TextMatch] {
        self.inventory.text_matches.get(&artifact.id).map_or(&[], Vec::as_slice)
    }

    /// The relations by which `artifact` descends from something.
    pub(crate) fn lineage(
        &self,
        artifact: &ArtifactId,
    ) -> impl Iterator<Item = &crate::model::Relation> {
        self.inventory
            .relations
            .iter()
            .filter(move |relation| relation.from == *artifact && relation.kind.is_lineage())
    }
}

/// What is only needed for development does not reach a customer; a text that belongs to no artifact
/// is not something that ships under it.
fn ships(artifact: &Artifact) -> bool {
    !artifact.development_only && artifact.kind != ArtifactKind::Document
}

fn findings(
    artifacts: &BTreeMap<ArtifactId, ArtifactAssessment>,
    agreement: Option<&AgreementReview>,
    scene: &Scene<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let shipped = scene.inventory.artifacts.iter().filter(|artifact| ships(artifact));
    let cases: Vec<rules::Case<'_>> = shipped
        .map(|artifact| rules::Case { artifact, assessment: &artifacts[&artifact.id], scene })
        .collect();
    let product = rules::ProductCase { scene, cases: &cases, artifacts, agreement };
    for rule in rules::ALL {
        for case in &cases {
            rule.check(case, &mut findings);
        }
        rule.check_product(&product, &mut findings);
    }
    sort(&mut findings);
    findings
}

/// Worst first, then by artifact and rule; each once.
fn sort(findings: &mut Vec<Finding>) {
    findings.sort_by(|left, right| {
        (right.severity(), &left.artifact, left.rule, left).cmp(&(
            left.severity(),
            &right.artifact,
            right.rule,
            right,
        ))
    });
    findings.dedup();
}
