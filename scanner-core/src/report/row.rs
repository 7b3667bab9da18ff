//! An artifact in one row of a table: what CSV, plain text and Markdown show of it.

use std::collections::BTreeSet;

use super::facts::stated_sha256;
use super::index::Index;
use crate::model::{
    Artifact, ArtifactAssessment, ArtifactKind, AssessedObligation, Digest, Dormancy, FileRole,
    LicenseStatus, ObligationStatus, Origin,
};

/// What nobody can say.
pub(super) const NO_ASSERTION: &str = "NOASSERTION";

/// One artifact.
pub(super) struct Row<'a> {
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) version: &'a str,
    pub(super) purl: &'a str,
    /// Its own licence, by the firmest statement; `NOASSERTION` when unknown or contradicted.
    pub(super) license: &'a str,
    pub(super) status: LicenseStatus,
    /// Own and inherited terms.
    pub(super) effective: &'a str,
    /// What is owed and absent or contradicted, as kind and clause; sorted.
    pub(super) missing: BTreeSet<String>,
    /// How many uses the licences that apply restrict.
    pub(super) restrictions: usize,
    /// Of its weight files or, without weights, of its only file; of a package as stated.
    pub(super) sha256: Vec<String>,
    /// Where it was found first.
    pub(super) path: String,
    pub(super) layer: Option<Digest>,
}

/// Every artifact of the report, in its order.
pub(super) fn rows<'a>(index: &'a Index<'a>) -> impl Iterator<Item = Row<'a>> {
    index.report.inventory.artifacts.iter().map(|artifact| Row::of(index, artifact))
}

impl<'a> Row<'a> {
    fn of(index: &'a Index<'a>, artifact: &'a Artifact) -> Self {
        let assessment = index.assessment(&artifact.id);
        let found = artifact.occurrences.first();
        let effective = assessment.and_then(|it| it.effective.expression.as_deref());
        Self {
            kind: artifact.kind.name(),
            name: artifact.label(),
            version: artifact.version.as_deref().unwrap_or_default(),
            purl: artifact.purl.as_ref().map_or("", |purl| purl.as_str()),
            license: index.own_license(&artifact.id).firmest().unwrap_or(NO_ASSERTION),
            status: assessment.map_or(LicenseStatus::Unknown, |it| it.conclusion.status),
            effective: effective.unwrap_or(NO_ASSERTION),
            missing: assessment.into_iter().flat_map(missing).collect(),
            restrictions: assessment.map_or(0, |it| restrictions(index, it)),
            sha256: sha256(artifact),
            path: found.map_or_else(|| artifact.folder.to_string(), |at| at.path.to_string()),
            layer: found.and_then(|at| match at.origin {
                Origin::Scanned { layer } => layer,
                _ => None,
            }),
        }
    }
}

/// Whether it is owed, and evidence shows that it has not been met.
pub(super) fn is_unmet(assessed: &AssessedObligation) -> bool {
    assessed.dormancy == Dormancy::Active
        && matches!(assessed.status, ObligationStatus::Missing | ObligationStatus::Contradicted)
}

fn missing(assessment: &ArtifactAssessment) -> impl Iterator<Item = String> {
    let unmet = assessment.obligations.iter().filter(|assessed| is_unmet(assessed));
    unmet.map(|assessed| format!("{} {}", assessed.obligation.kind, assessed.obligation.clause))
}

fn restrictions(index: &Index<'_>, assessment: &ArtifactAssessment) -> usize {
    let keys: BTreeSet<_> = assessment.effective.licenses.iter().map(|it| &it.key).collect();
    let terms = keys.into_iter().filter_map(|key| index.report.inventory.terms.get(key));
    terms.map(|terms| terms.restrictions.len()).sum()
}

fn sha256(artifact: &Artifact) -> Vec<String> {
    if artifact.kind == ArtifactKind::Package || artifact.files.is_empty() {
        return stated_sha256(artifact);
    }
    let weights: Vec<_> = artifact.files_of(FileRole::Weights).collect();
    let files = match (weights.as_slice(), artifact.files.as_slice()) {
        ([], [only]) => vec![only],
        _ => weights,
    };
    files.into_iter().filter_map(|file| file.sha256.as_ref()).map(Digest::hex).collect()
}
