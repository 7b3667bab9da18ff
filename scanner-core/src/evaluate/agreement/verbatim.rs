//! Whether a restriction's wording stands in the agreement, word for word.

use std::ops::Range;

use flowdown_plugin_sdk::text::{Power, Prefixes, Word, phrase, words};

use crate::model::{Agreement, PhraseProfile};

/// Pieces of a quotation that are tried as the clause.
const PIECES: usize = 64;

/// The words of one file, over the ends of passages.
pub(super) struct Stream {
    prefixes: Prefixes,
    /// For each word, its passage.
    passages: Vec<usize>,
}

/// Where a wording stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Place {
    /// Passages that it covers.
    pub(super) passages: Range<usize>,
    /// Words of the first passage before it, and of the last one behind it.
    pub(super) around: (usize, usize),
}

impl Stream {
    pub(super) fn of(agreement: &Agreement) -> Self {
        let (mut stream, mut passages) = (Vec::<Word>::new(), Vec::new());
        for (index, passage) in agreement.passages.iter().enumerate() {
            stream.extend(words(&passage.text));
            passages.resize(stream.len(), index);
        }
        Self { prefixes: Prefixes::new(&stream), passages }
    }

    /// Every place of the wording with this fingerprint.
    pub(super) fn find(&self, profile: &PhraseProfile) -> Vec<Place> {
        let length = profile.words as usize;
        if length == 0 || length > self.passages.len() {
            return Vec::new();
        }
        let power = Power::of(length);
        let starts = 0..=self.passages.len() - length;
        let found = starts.filter(|at| self.prefixes.window(*at, power) == Some(profile.hash));
        found.map(|at| self.place(at, at + length)).collect()
    }

    fn place(&self, start: usize, end: usize) -> Place {
        let (first, last) = (self.passages[start], self.passages[end - 1]);
        let begins = self.passages.partition_point(|passage| *passage < first);
        let ends = self.passages.partition_point(|passage| *passage <= last);
        Place { passages: first..last + 1, around: (start - begins, ends - end) }
    }
}

/// The fingerprint of a wording that is at hand.
pub(super) fn profile(wording: &str) -> PhraseProfile {
    let phrase = phrase("", wording);
    PhraseProfile { label: phrase.label, words: phrase.words, hash: phrase.hash }
}

/// The part of a quotation that is the clause itself: a scanned text is quoted by whole lines, and
/// one line may hold several clauses.
pub(super) fn cut(quote: String, clause: Option<&PhraseProfile>) -> String {
    let Some(clause) = clause else { return quote };
    let pieces: Vec<&str> = quote.split_inclusive([';', ':']).take(PIECES).collect();
    for first in 0..pieces.len() {
        let mut candidate = String::new();
        for piece in &pieces[first..] {
            candidate.push_str(piece);
            let found = profile(&candidate);
            if found.words > clause.words {
                break;
            }
            if (found.words, found.hash) == (clause.words, clause.hash) {
                return candidate.trim().to_owned();
            }
        }
    }
    quote
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_is_cut_out_of_its_line() {
        let quote = "You agree not to: spam people; harm minors in any way; or defame.".to_owned();
        let clause = profile("harm minors in any way");
        assert_eq!(cut(quote.clone(), Some(&clause)), "harm minors in any way;");
        assert_eq!(cut(quote.clone(), Some(&profile("something else"))), quote);
        assert_eq!(cut(quote.clone(), None), quote);
    }
}
