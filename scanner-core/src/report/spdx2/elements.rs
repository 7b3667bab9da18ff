//! The identifiers of one document: every artifact, shard, and what lies outside the scan.

use std::collections::{BTreeMap, HashMap};

use crate::model::{
    Artifact, ArtifactFile, ArtifactId, ArtifactKind, FileRole, Finding, RelationTarget,
};
use crate::report::index::{self, Index, Outside};
use crate::report::outside::{self, OutsideKind, OutsideLicenses};
use crate::report::refs::{Alphabet, Refs};
use crate::report::statement;

/// Lookups and identifiers, fixed before any part is written.
pub(super) struct Elements<'a> {
    pub(super) index: Index<'a>,
    pub(super) root: String,
    artifacts: HashMap<&'a ArtifactId, String>,
    /// Shards by the artifact they belong to.
    shards: HashMap<&'a ArtifactId, Vec<(String, &'a ArtifactFile)>>,
    /// Ancestors and datasets outside the scan, by name.
    pub(super) outside: BTreeMap<&'a str, (String, OutsideKind, Outside<'a>)>,
    pub(super) outside_licenses: OutsideLicenses<'a>,
    /// The first findings, worst first, by what they are about.
    pub(super) findings: HashMap<Option<&'a ArtifactId>, Vec<&'a Finding>>,
}

impl<'a> Elements<'a> {
    pub(super) fn new(index: Index<'a>) -> Self {
        let report = index.report;
        let mut refs = Refs::new(Alphabet::SpdxRef);
        let mut take = |wanted: &str| format!("SPDXRef-{}", refs.take(wanted));
        take("DOCUMENT");
        let root = take(if report.product.is_some() { "Product" } else { "Source" });
        let mut artifacts = HashMap::new();
        let mut shards = HashMap::new();
        for artifact in &report.inventory.artifacts {
            artifacts.insert(&artifact.id, take(&artifact.id.0));
            let files = shards_of(artifact);
            if !files.is_empty() {
                let named = files
                    .into_iter()
                    .map(|file| (take(&format!("File-{}", file.path.file_name())), file))
                    .collect();
                shards.insert(&artifact.id, named);
            }
        }
        let kinds = outside::kinds(report);
        let outside = index::outside(report, |_| true)
            .into_iter()
            .map(|(name, outside)| (name, (take(&format!("Outside-{name}")), kinds[name], outside)))
            .collect();
        let outside_licenses = OutsideLicenses::new(&index);
        let mut findings: HashMap<_, Vec<_>> = HashMap::new();
        for finding in report.assessment.findings.iter().take(statement::FINDINGS) {
            let about = finding.artifact.as_ref().filter(|id| artifacts.contains_key(id));
            findings.entry(about).or_default().push(finding);
        }
        Self { index, root, artifacts, shards, outside, outside_licenses, findings }
    }

    /// The identifier of an artifact; `None` for an id that is not in the inventory.
    pub(super) fn artifact(&self, id: &ArtifactId) -> Option<&str> {
        self.artifacts.get(id).map(String::as_str)
    }

    pub(super) fn shards(&self, id: &ArtifactId) -> &[(String, &'a ArtifactFile)] {
        self.shards.get(id).map_or(&[], Vec::as_slice)
    }

    /// The identifier of the other end of a relation.
    pub(super) fn target(&self, target: &RelationTarget) -> Option<&str> {
        match target {
            RelationTarget::Here(id) => self.artifact(id),
            RelationTarget::Elsewhere { name, .. } => {
                self.outside.get(name.as_str()).map(|(id, ..)| id.as_str())
            }
        }
    }
}

/// The weight files of a model that has several; a single one is the package itself.
fn shards_of(artifact: &Artifact) -> Vec<&ArtifactFile> {
    if !matches!(artifact.kind, ArtifactKind::Model | ArtifactKind::Adapter) {
        return Vec::new();
    }
    let files: Vec<&ArtifactFile> = artifact.files_of(FileRole::Weights).collect();
    if files.len() > 1 { files } else { Vec::new() }
}
