//! Which files are one artifact. Pure: files in, artifacts out.
//!
//! Shards, index, configuration, tokenizer, card and licence texts of one model become one
//! artifact; several adapters or quantisations side by side stay several and share what stands
//! beside them; what belongs to nothing is listed. A model keeps its own name: `base_model` and
//! `_name_or_path` are never one.

mod companions;
mod documents;
mod group;
mod identity;
mod naming;
mod packages;
mod role;
mod signatures;
mod systems;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::extract::Extraction;
use crate::extract::driver::FileReport;
use crate::model::{
    Artifact, ArtifactId, ArtifactKind, CapturedText, Diagnostic, Digest, Sha512, SourcePath,
    TextRole, UnclaimedFile,
};

/// A file with everything that reading it once gave.
#[derive(Clone, Debug)]
pub struct ScannedFile {
    /// Where it is.
    pub path: SourcePath,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256, when it was read to the end.
    pub sha256: Option<Digest>,
    /// Its SHA-512, when it was asked for and there is a SHA-256.
    pub sha512: Option<Sha512>,
    /// Ids of the extractors that wanted it.
    pub extractors: Vec<&'static str>,
    /// What they read.
    pub extraction: Extraction,
}

impl ScannedFile {
    /// What reading a file gave.
    pub fn of(path: SourcePath, report: FileReport) -> Self {
        let FileReport { size, sha256, sha512, extraction, extractors, .. } = report;
        Self { path, size, sha256, sha512, extractors, extraction }
    }

    /// A file that nothing wanted.
    pub fn unread(path: SourcePath, size: u64) -> Self {
        let (extractors, extraction) = (Vec::new(), Extraction::default());
        Self { path, size, sha256: None, sha512: None, extractors, extraction }
    }

    /// The same content under another path: what was read says so of every place.
    #[must_use]
    pub fn moved_to(mut self, path: &SourcePath) -> Self {
        for fact in &mut self.extraction.facts {
            fact.at = fact.at.clone().moved_to(path);
        }
        for text in &mut self.extraction.texts {
            text.path = path.clone();
        }
        for diagnostic in &mut self.extraction.diagnostics {
            diagnostic.at = diagnostic.at.take().map(|at| at.moved_to(path));
        }
        self.path = path.clone();
        self
    }
}

/// A repository that the whole source is a copy of, told by where the source lies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Repository {
    /// `org/name`.
    pub name: String,
    /// Its commit.
    pub revision: Option<String>,
}

/// What the source is called, for artifacts at its root.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    /// Name of the source.
    pub name: String,
    /// The repository it is a copy of.
    pub repository: Option<Repository>,
    /// Its own place below the folder of a store of models, when it is or lies in one.
    pub below_store: Option<String>,
}

/// The artifacts of a source.
#[derive(Clone, Debug, Default)]
pub struct Assembled {
    /// Sorted by kind, name, id.
    pub artifacts: Vec<Artifact>,
    /// Licence, notice and policy texts by path.
    pub texts: BTreeMap<SourcePath, CapturedText>,
    /// Bodies of cards by path, for what a licence wants to be said there.
    pub cards: BTreeMap<SourcePath, CapturedText>,
    /// Files that belong to no artifact, sorted.
    pub unclaimed: Vec<UnclaimedFile>,
    /// What the files say against each other, and what extractors could not read.
    pub diagnostics: Vec<Diagnostic>,
}

/// What is left of an absolute `path` below the folder in which LM Studio or ModelScope keep models:
/// empty for that folder itself.
pub fn below_store(path: &str) -> Option<String> {
    naming::below_store(path)
}

/// The id of an artifact that a text identifies.
pub fn id_of_text(kind: ArtifactKind, text: &str) -> ArtifactId {
    identity::of_text(kind, text)
}

/// Puts `files` (sorted by path) together.
pub fn assemble(mut files: Vec<ScannedFile>, origin: &Origin) -> Assembled {
    let mut assembled = Assembled::default();
    for file in &mut files {
        assembled.diagnostics.append(&mut file.extraction.diagnostics);
        for text in std::mem::take(&mut file.extraction.texts) {
            let shelf = match text.role {
                TextRole::Card => &mut assembled.cards,
                _ => &mut assembled.texts,
            };
            shelf.insert(text.path.clone(), text);
        }
    }
    assembled.diagnostics.append(&mut packages::follow_includes(&files));
    assembled.diagnostics.append(&mut signatures::compare(&files));
    let roles: Vec<_> = files.iter().map(role::of).collect();
    let groups = group::models(&files, &roles);
    let mut claimed = companions::Claimed::new(files.len());
    let mut artifacts = companions::artifacts(&files, &roles, &groups, origin, &mut claimed);
    artifacts.append(&mut packages::artifacts(&files, &roles, &mut claimed));
    artifacts.append(&mut documents::artifacts(&files, &roles, &mut claimed));
    for artifact in &artifacts {
        companions::cross_check(artifact, &mut assembled.diagnostics);
    }
    assembled.artifacts = identity::merge_equal(artifacts);
    for artifact in &mut assembled.artifacts {
        companions::drop_bulk(artifact);
    }
    assembled.artifacts.sort_by(|left, right| {
        (left.kind, &left.name, &left.id).cmp(&(right.kind, &right.name, &right.id))
    });
    assembled.unclaimed = files
        .iter()
        .enumerate()
        .filter(|(index, _)| !claimed.is(*index))
        .map(|(_, file)| UnclaimedFile { path: file.path.clone(), size: file.size })
        .collect();
    assembled
}
