//! Incorporation by reference: which files the agreement makes part of itself, and which lists it
//! refers to that are not there.

use super::Text;
use super::data::CUES;
use super::reading::Reading;
use super::tokens::{Patterns, tokens};
use crate::model::{Agreement, DanglingReference};

/// A passage that asks for compliance with a list outside its file.
struct Reference {
    /// Index among all readings.
    reading: usize,
    /// Whether the list it means is one of the named files, or stands in its own.
    is_resolved: bool,
}

pub(super) struct References {
    /// For each file, whether another one makes it part of the agreement; the first always is.
    incorporated: Vec<bool>,
    found: Vec<Reference>,
}

impl References {
    pub(super) fn of(files: &[Agreement], readings: &[Reading<'_>]) -> Self {
        let mut incorporated = vec![false; files.len()];
        if let Some(first) = incorporated.first_mut() {
            *first = true;
        }
        let names: Vec<Patterns> = files.iter().map(names).collect();
        let outside = CUES.list("reference", "outside");
        let mut found = Vec::new();
        for (index, reading) in readings.iter().enumerate() {
            let own = reading.own_tokens();
            if reading.passage.is_heading || !CUES.list("reference", "comply").matches(own) {
                continue;
            }
            let named: Vec<usize> = (0..files.len())
                .filter(|file| *file != reading.file && names[*file].matches(own))
                .collect();
            for file in &named {
                incorporated[*file] = true;
            }
            let asks = CUES.list("reference", "targets").matches(own);
            let Some(place) = outside.find(own).filter(|_| asks) else { continue };
            let stands_here = has_heading(&files[reading.file], &own[place.start].word);
            if !stands_here && named.is_empty() {
                // A list that has no name of its own is every other file.
                for file in (0..files.len()).filter(|file| *file != reading.file) {
                    incorporated[file] = true;
                }
            }
            let is_resolved = stands_here || !named.is_empty() || files.len() > 1;
            found.push(Reference { reading: index, is_resolved });
        }
        Self { incorporated, found }
    }

    /// Whether a file is part of the agreement.
    pub(super) fn incorporates(&self, file: usize) -> bool {
        self.incorporated[file]
    }

    /// References to lists that are not there.
    pub(super) fn dangling(&self, text: &Text<'_>) -> Vec<DanglingReference> {
        let open = self.found.iter().filter(|reference| !reference.is_resolved);
        open.map(|reference| DanglingReference {
            passage: text.quote(&text.readings[reference.reading], 1000),
        })
        .collect()
    }
}

/// What a file is called in running text: its name, and its title.
fn names(file: &Agreement) -> Patterns {
    let path = file.file.path.as_str();
    let name = path.rsplit('/').next().unwrap_or(path);
    let words = |text: &str| {
        tokens(text).iter().map(|token| token.word.clone()).collect::<Vec<_>>().join(" ")
    };
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let title = file.passages.first().filter(|passage| passage.is_heading);
    let titles = title.map(|title| words(&title.text));
    let names: Vec<String> = [words(name), words(stem)].into_iter().chain(titles).collect();
    Patterns::new(names.iter().filter(|name| !name.is_empty()).map(String::as_str))
}

/// Whether the file itself has the attachment: a heading that begins with that word.
fn has_heading(file: &Agreement, word: &str) -> bool {
    file.passages
        .iter()
        .filter(|passage| passage.is_heading)
        .any(|passage| tokens(&passage.text).first().is_some_and(|token| token.word == word))
}
