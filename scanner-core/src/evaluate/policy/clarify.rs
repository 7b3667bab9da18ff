//! Clarifications of the policy as claims: what a file is, as a person who read it says.
//!
//! A clarification counts like a statement of the author. It settles what a tag leaves open and what
//! a text that nobody recognised is; it contradicts what a tag or a recognised text says otherwise.

use crate::evaluate::Scene;
use crate::model::{
    Artifact, Basis, Claim, Clarification, Inventory, LicenseKey, LicenseStatement, Location,
    Origin, Policy, ResolverId, SourcePath,
};

/// Who makes these claims.
const BY: &str = "policy";

/// Adds a claim for each artifact that holds a clarified file. No other claim is changed.
pub fn clarify(inventory: &mut Inventory, policy: &Policy) {
    for clarification in &policy.clarifications {
        for artifact in &inventory.artifacts {
            let files = artifact.files.iter();
            let pinned = files.filter(|file| file.sha256 == Some(clarification.sha256));
            for file in pinned {
                let claims = inventory.claims.entry(artifact.id.clone()).or_default();
                claims.push(claim(clarification, Location::scanned(&file.path)));
            }
        }
    }
}

fn claim(clarification: &Clarification, file: Location) -> Claim<LicenseStatement> {
    Claim {
        value: LicenseStatement {
            stated: Some(clarification.stated.clone()),
            candidates: clarification.licenses.clone(),
            expression: Some(clarification.expression.clone()),
            recognition: None,
        },
        basis: Basis::Declared,
        evidence: vec![file, clarification.at.clone()],
        by: ResolverId(BY.to_owned()),
    }
}

/// Whether `claim` is a clarification. Plugins cannot make one: their evidence is in what was
/// scanned.
pub(in crate::evaluate) fn is_clarification(claim: &Claim<LicenseStatement>) -> bool {
    let names_the_policy =
        claim.evidence.iter().any(|at| matches!(at.origin, Origin::UserFile { .. }));
    claim.by.0 == BY && names_the_policy
}

/// The file that a clarification is about.
pub(in crate::evaluate) fn clarified_file(claim: &Claim<LicenseStatement>) -> Option<&SourcePath> {
    let scanned = claim.evidence.iter().find(|at| matches!(at.origin, Origin::Scanned { .. }));
    scanned.filter(|_| is_clarification(claim)).map(|at| &at.path)
}

/// The clarifications of files of `artifact`.
pub(in crate::evaluate) fn clarifications<'a>(
    artifact: &Artifact,
    scene: &Scene<'a>,
) -> impl Iterator<Item = &'a Claim<LicenseStatement>> {
    let claims = scene.inventory.claims.get(&artifact.id).into_iter().flatten();
    claims.filter(|claim| is_clarification(claim))
}

/// The clarifications by which a file of `artifact` is the text of `license` and of nothing else.
pub(in crate::evaluate) fn copies<'a>(
    artifact: &Artifact,
    license: &LicenseKey,
    scene: &Scene<'a>,
) -> impl Iterator<Item = &'a Claim<LicenseStatement>> {
    clarifications(artifact, scene)
        .filter(move |claim| claim.value.candidates.as_slice() == std::slice::from_ref(license))
}
