//! How an element is measured: once for the document, or for each thing that should have it.

use super::NAMED;
use crate::model::{
    Artifact, ArtifactFile, ArtifactKind, FileRole, LicenseStatus, Profile, RelationKind, Report,
};
use crate::report::facts::{self, stated_sha256};
use crate::report::index::{Index, outside};

/// How an element is measured.
#[derive(Clone, Copy)]
pub(super) enum Measure {
    /// Every document has it; the table says where.
    Given,
    /// Flowdown reads it nowhere; the table says what to do.
    NotRead,
    /// The report has it or not.
    Once(fn(&Report) -> bool),
    /// So many of so many have it.
    Each(fn(&Index<'_>) -> Tally),
}

/// How many have an element, and the first few that do not.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) total: usize,
    pub(super) filled: usize,
    pub(super) lacking: Vec<String>,
}

impl Tally {
    fn add(&mut self, is_filled: bool, name: impl FnOnce() -> String) {
        self.total += 1;
        if is_filled {
            self.filled += 1;
        } else if self.lacking.len() < NAMED {
            self.lacking.push(name());
        }
    }
}

/// Everything that is a part of the product; a stray text is none.
pub(super) fn components(index: &Index<'_>, has: impl Fn(&Index<'_>, &Artifact) -> bool) -> Tally {
    tally(index, |artifact| artifact.kind != ArtifactKind::Document, has)
}

/// Models and adapters.
pub(super) fn models(index: &Index<'_>, has: impl Fn(&Index<'_>, &Artifact) -> bool) -> Tally {
    tally(index, is_model, has)
}

/// Datasets that models say they were trained on, by name.
pub(super) fn datasets(index: &Index<'_>, has: impl Fn(bool) -> bool) -> Tally {
    let mut tally = Tally::default();
    let named = outside(index.report, |relation| relation.kind == RelationKind::TrainedOn);
    for dataset in named.values() {
        tally.add(has(dataset.purl.is_some()), || short(dataset.name));
    }
    tally
}

fn tally(
    index: &Index<'_>,
    counts: impl Fn(&Artifact) -> bool,
    has: impl Fn(&Index<'_>, &Artifact) -> bool,
) -> Tally {
    let mut tally = Tally::default();
    for artifact in index.report.inventory.artifacts.iter().filter(|artifact| counts(artifact)) {
        tally.add(has(index, artifact), || short(&artifact.label()));
    }
    tally
}

fn short(name: &str) -> String {
    const MOST: usize = 60;
    match name.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

const fn is_model(artifact: &Artifact) -> bool {
    matches!(artifact.kind, ArtifactKind::Model | ArtifactKind::Adapter)
}

pub(super) fn is_stated(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

/// Whether any of the facts is there.
pub(super) fn has_fact(artifact: &Artifact, names: &[&str]) -> bool {
    names.iter().any(|name| artifact.facts_named(name).next().is_some())
}

/// An ecosystem that knows where the thing is to be had.
pub(super) fn has_registry(artifact: &Artifact) -> bool {
    artifact.purl.as_ref().is_some_and(|purl| !purl.as_str().starts_with("pkg:generic/"))
}

/// An organisation that the name or the weights state; a licensor is not the producer.
pub(super) fn has_producer(artifact: &Artifact) -> bool {
    let named = artifact.purl.as_ref().is_some_and(|purl| {
        let path = purl.without_version().strip_prefix("pkg:huggingface/");
        path.is_some_and(|path| path.contains('/'))
    });
    let declared = facts::creator(artifact).or_else(|| facts::supplier(artifact)).is_some();
    named
        || declared
        || has_fact(artifact, &[facts::GGUF_GENERAL_AUTHOR, facts::GGUF_GENERAL_ORGANIZATION])
}

/// SHA-256 of every weight file; of a package, at least one that its lock file states.
pub(super) fn has_sha256(artifact: &Artifact) -> bool {
    if artifact.kind == ArtifactKind::Package || artifact.files.is_empty() {
        return !stated_sha256(artifact).is_empty();
    }
    let mut weights = artifact.files_of(FileRole::Weights).peekable();
    match weights.peek() {
        Some(_) => weights.all(|file| file.sha256.is_some()),
        None => artifact.files.iter().any(|file| file.sha256.is_some()),
    }
}

/// SHA-512 of every weight file, or of the file in which it is handed on.
pub(super) fn has_sha512(artifact: &Artifact) -> bool {
    let mut files = handed_on(artifact).peekable();
    let is_read = files.peek().is_some() && files.all(|file| file.sha512.is_some());
    is_read || facts::declared_file(artifact).is_some()
}

/// What the profile `bsi` says of the file in which it is handed on.
pub(super) fn has_file_properties(report: &Report, artifact: &Artifact) -> bool {
    let is_known = handed_on(artifact).next().is_some() || facts::declared_file(artifact).is_some();
    report.profile == Profile::Bsi && is_known
}

/// The scanned files in which it is handed on; a package's manifest is none.
fn handed_on(artifact: &Artifact) -> impl Iterator<Item = &ArtifactFile> {
    let has_weights = artifact.files_of(FileRole::Weights).next().is_some();
    let files = artifact.files.iter().filter(|_| artifact.kind != ArtifactKind::Package);
    files.filter(move |file| !has_weights || file.role == FileRole::Weights)
}

pub(super) fn has_license(index: &Index<'_>, artifact: &Artifact) -> bool {
    index.own_license(&artifact.id).firmest().is_some()
}

/// The author's declaration and a text agree.
pub(super) fn is_concluded(index: &Index<'_>, artifact: &Artifact) -> bool {
    let assessment = index.assessment(&artifact.id);
    assessment.is_some_and(|it| it.conclusion.status == LicenseStatus::Concluded)
}

pub(super) fn has_declared(index: &Index<'_>, artifact: &Artifact) -> bool {
    let assessment = index.assessment(&artifact.id);
    assessment.is_some_and(|it| is_stated(it.conclusion.declared.as_deref()))
}

pub(super) fn has_effective(index: &Index<'_>, artifact: &Artifact) -> bool {
    index.assessment(&artifact.id).is_some_and(|it| it.effective.expression.is_some())
}

/// Every licence that applies is known, with a record of what it forbids.
pub(super) fn has_use_policy(index: &Index<'_>, artifact: &Artifact) -> bool {
    let Some(assessment) = index.assessment(&artifact.id) else { return false };
    let effective = &assessment.effective;
    let terms = &index.report.inventory.terms;
    effective.expression.is_some()
        && !effective.licenses.is_empty()
        && effective.licenses.iter().all(|license| terms.contains_key(&license.key))
}

pub(super) fn has_relation(
    index: &Index<'_>,
    artifact: &Artifact,
    wanted: impl Fn(RelationKind) -> bool,
) -> bool {
    index.relations(&artifact.id).iter().any(|relation| wanted(relation.kind))
}
