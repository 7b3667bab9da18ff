//! Recognises captured texts: each distinct text once, in parallel.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::assemble::Assembled;
use crate::extract::license_text::{Matcher, PhraseFinder};
use crate::model::{
    ArtifactId, CapturedText, Code, Diagnostic, Digest, Location, Recognition, SourcePath, Span,
    TextMatch, TextRole,
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
    let texts: Vec<&CapturedText> =
        assembled.texts.values().chain(assembled.cards.values()).collect();
    // Building the index costs milliseconds that a tree without texts need not pay.
    if texts.is_empty() {
        return recognized;
    }
    let matcher = Matcher::new(std::mem::take(&mut knowledge.profiles));
    let phrases = PhraseFinder::new(std::mem::take(&mut knowledge.phrases));
    let mut distinct: BTreeMap<Digest, Vec<&CapturedText>> = BTreeMap::new();
    for text in texts {
        distinct.entry(text.sha256()).or_default().push(text);
    }
    let distinct: Vec<Vec<&CapturedText>> = distinct.into_values().collect();
    let matched: Vec<(&Vec<&CapturedText>, Found)> = distinct
        .par_iter()
        .map(|copies| (copies, Found::of(copies[0], &matcher, &phrases)))
        .collect();
    // A card and the terms shown before access are two texts of one file.
    let mut by_path: BTreeMap<&SourcePath, Vec<TextMatch>> = BTreeMap::new();
    for (copies, found) in &matched {
        for copy in *copies {
            let moved = found.moved_to(copy, copies[0]);
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

/// What one text holds.
struct Found {
    texts: Vec<TextMatch>,
    phrases: Vec<(String, Location)>,
    diagnostics: Vec<Diagnostic>,
}

impl Found {
    fn of(text: &CapturedText, matcher: &Matcher, phrases: &PhraseFinder) -> Self {
        let mut known = matcher.recognize(text);
        // A card that comes near a licence quotes it; only a licence file must be a licence.
        if text.role == TextRole::Card {
            known.diagnostics.clear();
            known.matches.retain(|found| found.recognition == Recognition::Exact);
        } else if text.role == TextRole::License
            && known.matches.is_empty()
            && known.diagnostics.is_empty()
        {
            known.diagnostics.push(unknown(text));
        }
        Self { texts: known.matches, phrases: phrases.find(text), diagnostics: known.diagnostics }
    }

    /// The same for a copy of the text in another file, or further down in its file.
    fn moved_to(&self, copy: &CapturedText, original: &CapturedText) -> Self {
        let place = |at: &Location| {
            let mut at = at.clone();
            at.path = copy.path.clone();
            if let Some(Span::Lines { first, last }) = &mut at.span {
                *first = *first + copy.first_line - original.first_line;
                *last = *last + copy.first_line - original.first_line;
            }
            at
        };
        let texts = self.texts.iter().map(|text| TextMatch {
            path: copy.path.clone(),
            at: place(&text.at),
            clauses: text.clauses.iter().map(|(label, at)| (label.clone(), place(at))).collect(),
            ..text.clone()
        });
        let phrases = self.phrases.iter().map(|(label, at)| (label.clone(), place(at)));
        let diagnostics = self.diagnostics.iter().map(|diagnostic| Diagnostic {
            at: diagnostic.at.as_ref().map(place),
            ..diagnostic.clone()
        });
        Self {
            texts: texts.collect(),
            phrases: phrases.collect(),
            diagnostics: diagnostics.collect(),
        }
    }
}

fn unknown(text: &CapturedText) -> Diagnostic {
    Diagnostic::new(
        Code::LicenseTextUnknown,
        Location::scanned(&text.path),
        "the text of this licence file is none that a plugin knows, nor near to one",
    )
    .help("read it; what it demands is reported as unknown")
}
