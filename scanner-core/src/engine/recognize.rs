//! Recognises captured texts: each distinct text once, in parallel.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::assemble::Assembled;
use crate::extract::license_text::{Matcher, Matches};
use crate::model::{
    ArtifactId, CapturedText, Diagnostic, Digest, Location, SourcePath, TextMatch,
};
use crate::resolve::Knowledge;

/// What was recognised.
#[derive(Default)]
pub(super) struct Recognized {
    /// Known texts in the files of each artifact.
    pub(super) matches: BTreeMap<ArtifactId, Vec<TextMatch>>,
    /// Prescribed phrases by file.
    pub(super) phrases: BTreeMap<SourcePath, Vec<(String, Location)>>,
    /// Near misses and texts that nobody knows.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Recognises the texts of `assembled`. Takes the fingerprints out of `knowledge`.
pub(super) fn texts(assembled: &Assembled, knowledge: &mut Knowledge) -> Recognized {
    let mut recognized = Recognized::default();
    let texts: Vec<&CapturedText> = assembled.texts.values().chain(assembled.cards.values()).collect();
    // Building the index costs milliseconds that a tree without texts need not pay.
    if texts.is_empty() {
        return recognized;
    }
    let matcher = Matcher::new(
        std::mem::take(&mut knowledge.profiles),
        std::mem::take(&mut knowledge.phrases),
    );
    let mut distinct: BTreeMap<Digest, Vec<&CapturedText>> = BTreeMap::new();
    for text in texts {
        distinct.entry(text.sha256()).or_default().push(text);
    }
    let matched: Vec<(Vec<&CapturedText>, Matches)> = distinct
        .into_iter()
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|(_, copies)| {
            let matches = matcher.match_text(copies[0]);
            (copies, matches)
        })
        .collect();
    // A card and the terms shown before access are two texts of one file.
    let mut by_path: BTreeMap<&SourcePath, Vec<TextMatch>> = BTreeMap::new();
    for (copies, matches) in matched {
        for copy in copies {
            let moved = matches.moved_to(copy);
            by_path.entry(&copy.path).or_default().extend(moved.texts);
            if !moved.phrases.is_empty() {
                recognized.phrases.entry(copy.path.clone()).or_default().extend(moved.phrases);
            }
            recognized.diagnostics.extend(moved.diagnostics);
        }
    }
    for artifact in &assembled.artifacts {
        let found: Vec<TextMatch> = artifact
            .files
            .iter()
            .filter_map(|file| by_path.get(&file.path))
            .flatten()
            .cloned()
            .collect();
        if !found.is_empty() {
            recognized.matches.insert(artifact.id.clone(), found);
        }
    }
    recognized
}
