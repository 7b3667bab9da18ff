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

/// A file with everything that reading it once gave. An image has very many of them that nothing
/// wants: those take as little memory as can be.
#[derive(Clone, Debug)]
pub struct ScannedFile {
    /// Where it is.
    pub path: SourcePath,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256, when it was read to the end.
    pub sha256: Option<Digest>,
    /// What the extractors that wanted it gave, or what kept it from being read.
    pub read: Option<Box<ReadFile>>,
}

/// What reading a file gave that an extractor wanted.
#[derive(Clone, Debug, Default)]
pub struct ReadFile {
    /// Its SHA-512, when it was asked for and there is a SHA-256.
    pub sha512: Option<Sha512>,
    /// Ids of the extractors that wanted it.
    pub extractors: Vec<&'static str>,
    /// What they read, and what could not be read.
    pub extraction: Extraction,
}

/// Of a file that nothing wants.
static NO_EXTRACTION: Extraction = Extraction {
    facts: Vec::new(),
    tensors: Vec::new(),
    texts: Vec::new(),
    diagnostics: Vec::new(),
};

impl ScannedFile {
    /// What reading a file gave.
    pub fn of(path: SourcePath, report: FileReport) -> Self {
        let FileReport { size, sha256, sha512, extraction, extractors, .. } = report;
        let is_read = !extractors.is_empty() || !extraction.diagnostics.is_empty();
        let read = is_read.then(|| Box::new(ReadFile { sha512, extractors, extraction }));
        Self { path, size, sha256, read }
    }

    /// A file that nothing wanted.
    pub const fn unread(path: SourcePath, size: u64) -> Self {
        Self { path, size, sha256: None, read: None }
    }

    /// Ids of the extractors that wanted it.
    pub fn extractors(&self) -> &[&'static str] {
        self.read.as_ref().map_or(&[], |read| &read.extractors)
    }

    /// What they read.
    pub fn extraction(&self) -> &Extraction {
        self.read.as_ref().map_or(&NO_EXTRACTION, |read| &read.extraction)
    }

    /// The same content under another path: what was read says so of every place.
    #[must_use]
    pub fn moved_to(mut self, path: &SourcePath) -> Self {
        if let Some(ReadFile { extraction, .. }) = self.read.as_deref_mut() {
            for fact in &mut extraction.facts {
                fact.at = fact.at.clone().moved_to(path);
            }
            for text in &mut extraction.texts {
                text.path = path.clone();
            }
            for diagnostic in &mut extraction.diagnostics {
                diagnostic.at = diagnostic.at.take().map(|at| at.moved_to(path));
            }
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
    for read in files.iter_mut().filter_map(|file| file.read.as_deref_mut()) {
        assembled.diagnostics.append(&mut read.extraction.diagnostics);
        for text in std::mem::take(&mut read.extraction.texts) {
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
