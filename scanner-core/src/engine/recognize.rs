//! Recognises captured texts: each distinct text, or paragraph of a copyright file, once, in parallel.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::assemble::Assembled;
use crate::extract::license_text::{Matcher, PhraseFinder, parts};
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
    let files: Vec<File<'_>> = texts.into_iter().map(File::of).collect();
    // The same words are a licence in one file and a quotation in another.
    let mut distinct: BTreeMap<(Digest, TextRole), Vec<(usize, &CapturedText)>> = BTreeMap::new();
    for (file, part) in
        files.iter().enumerate().flat_map(|(at, file)| file.parts.iter().map(move |it| (at, it)))
    {
        distinct.entry((part.sha256(), part.role)).or_default().push((file, part));
    }
    let distinct: Vec<Vec<(usize, &CapturedText)>> = distinct.into_values().collect();
    let matched: Vec<Found> =
        distinct.par_iter().map(|copies| Found::of(copies[0].1, &matcher, &phrases)).collect();
    let mut by_file: Vec<Found> = files.iter().map(|_| Found::default()).collect();
    for (copies, found) in distinct.iter().zip(&matched) {
        for (file, copy) in copies {
            by_file[*file].extend(found.moved_to(copy, copies[0].1, files[*file].sha256));
        }
    }
    // A card and the terms shown before access are two texts of one file.
    let mut by_path: BTreeMap<&SourcePath, Vec<TextMatch>> = BTreeMap::new();
    for (file, found) in files.iter().zip(by_file) {
        let found = found.settled(file);
        let path = &file.text.path;
        by_path.entry(path).or_default().extend(found.texts);
        if !found.phrases.is_empty() {
            recognized.phrases.entry(path.clone()).or_default().extend(found.phrases);
        }
        recognized.diagnostics.extend(found.diagnostics);
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

/// A captured text with the parts that are recognised one by one.
struct File<'a> {
    text: &'a CapturedText,
    sha256: Digest,
    parts: Vec<CapturedText>,
}

impl<'a> File<'a> {
    fn of(text: &'a CapturedText) -> Self {
        Self { text, sha256: text.sha256(), parts: parts(text) }
    }
}

/// What one text holds.
#[derive(Default)]
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
        }
        Self { texts: known.matches, phrases: phrases.find(text), diagnostics: known.diagnostics }
    }

    fn extend(&mut self, other: Self) {
        self.texts.extend(other.texts);
        self.phrases.extend(other.phrases);
        self.diagnostics.extend(other.diagnostics);
    }

    /// For a whole file: in text order, each licence once, and a word where nothing is known.
    fn settled(mut self, file: &File<'_>) -> Self {
        // Parts of one file may hold the same licence: the best copy stands for all.
        self.texts.sort_by_key(|found| {
            (found.key.clone(), found.kind, Reverse(found.recognition), found.at.clone())
        });
        self.texts.dedup_by(|next, first| (&next.key, next.kind) == (&first.key, first.kind));
        self.texts.sort_by(|a, b| (&a.at, &a.key).cmp(&(&b.at, &b.key)));
        self.phrases.sort_by(|left, right| (&left.1, &left.0).cmp(&(&right.1, &right.0)));
        let is_license = file.text.role == TextRole::License;
        if is_license && self.texts.is_empty() && self.diagnostics.is_empty() {
            self.diagnostics.push(unknown(file.text));
        }
        self
    }

    /// The same for a copy of the text in another file, or further down in its file.
    fn moved_to(&self, copy: &CapturedText, original: &CapturedText, sha256: Digest) -> Self {
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
            sha256,
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
