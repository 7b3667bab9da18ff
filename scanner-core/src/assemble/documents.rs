//! Licences, notices and cards that belong to no other artifact.

use super::companions::{Claimed, file};
use super::role::Role;
use super::{ScannedFile, identity};
use crate::model::names;
use crate::model::{Artifact, ArtifactKind, FileRole, Location};

/// Makes an artifact of each document that nothing has claimed.
pub(super) fn artifacts(
    files: &[ScannedFile],
    roles: &[Role],
    claimed: &mut Claimed,
) -> Vec<Artifact> {
    let mut artifacts = Vec::new();
    for (index, scanned) in files.iter().enumerate() {
        let is_document = matches!(
            roles[index],
            Role::Companion(
                FileRole::License | FileRole::Notice | FileRole::UsePolicy | FileRole::Card
            )
        );
        if !is_document || claimed.is(index) || is_plain_readme(scanned, roles[index]) {
            continue;
        }
        claimed.claim(index);
        let content = scanned
            .sha256
            .map_or_else(|| format!("path {}", scanned.path), |digest| digest.to_string());
        artifacts.push(Artifact {
            id: identity::of_text(ArtifactKind::Document, &content),
            kind: ArtifactKind::Document,
            name: Some(scanned.path.to_string()),
            version: None,
            purl: None,
            folder: scanned.path.parent(),
            files: vec![file(scanned, roles[index])],
            facts: scanned.extraction().facts.clone(),
            tensors: Vec::new(),
            occurrences: vec![Location::scanned(&scanned.path)],
            development_only: false,
            depends_on: Vec::new(),
        });
    }
    artifacts
}

/// A README that states no licence says nothing that a bill of materials could carry.
fn is_plain_readme(scanned: &ScannedFile, role: Role) -> bool {
    let states_license = scanned
        .extraction()
        .facts
        .iter()
        .any(|fact| fact.name == names::CARD_LICENSE || fact.name == names::CARD_BODY_LICENSE);
    role == Role::Companion(FileRole::Card) && !states_license
}
