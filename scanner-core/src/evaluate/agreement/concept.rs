//! Where a passage is about a category: of each list of words something stands there, near to each
//! other.

use std::collections::BTreeSet;
use std::ops::Range;

use super::data::{CUES, Concept};
use super::reading::Reading;
use super::tokens::{Patterns, Token, words};

/// Words within which all of a concept must stand. Calibrated, see `docs/agreement.md`.
pub(super) const WITHIN_WORDS: usize = 30;

/// Words behind an exception that say which one it is.
const EXCEPTION_WORDS: usize = 24;

/// Words behind `without` that say what must be there.
const WITHOUT_WORDS: usize = 10;

/// Where `reading` is about `concept`; something of it stands in its own words.
pub(super) fn find(concept: &Concept, reading: &Reading<'_>) -> Option<Range<usize>> {
    let own: Vec<Vec<Range<usize>>> = concept
        .needs
        .iter()
        .map(|need| {
            let found = need.all(reading.own_tokens()).into_iter();
            found.map(|at| at.start + reading.own..at.end + reading.own).collect()
        })
        .collect();
    let anchors = own.iter().find(|matches| !matches.is_empty())?;
    let leads = &reading.tokens[..reading.own];
    let is_led_in =
        own.iter().zip(&concept.needs).all(|(own, need)| !own.is_empty() || need.matches(leads));
    if !is_led_in {
        return None;
    }
    let spans = anchors.iter().map(|anchor| {
        let others = own.iter().filter(|matches| !matches.is_empty());
        others.fold(anchor.clone(), |span, matches| {
            let distance = |at: &&Range<usize>| at.start.abs_diff(anchor.start);
            let nearest = matches.iter().min_by_key(distance).unwrap_or(anchor);
            span.start.min(nearest.start)..span.end.max(nearest.end)
        })
    });
    spans.min_by_key(|span| (span.len(), span.start)).filter(|span| span.len() <= WITHIN_WORDS)
}

/// An exception in a passage: its words, and which kinds it is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Exception {
    /// First word, and one past the last.
    pub(super) at: (usize, usize),
    pub(super) words: String,
    pub(super) kinds: BTreeSet<String>,
    /// The supplier, not the person concerned, gives the consent.
    pub(super) by_supplier: bool,
}

/// The exceptions that `tokens` make.
pub(super) fn exceptions(tokens: &[Token], supplier: &Patterns) -> Vec<Exception> {
    let markers = CUES.list("exceptions", "markers");
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let is_without = tokens[at].word == "without";
        let marker = markers.at(tokens, at).or_else(|| is_without.then_some(at..at + 1));
        let Some(marker) = marker else {
            at += 1;
            continue;
        };
        let length = if is_without { WITHOUT_WORDS } else { EXCEPTION_WORDS };
        let end = tokens.len().min(marker.end + length);
        let tail = &tokens[marker.end..end];
        let kinds: BTreeSet<String> = CUES
            .exceptions
            .iter()
            .filter(|(_, words)| words.matches(tail))
            .map(|(name, _)| name.clone())
            .collect();
        if !is_without || !kinds.is_empty() {
            let supplied = CUES.list("parties", "supplier").matches(tail)
                || supplier.matches(tail)
                || Patterns::new(["written"]).matches(tail);
            found.push(Exception {
                at: (marker.start, end),
                words: words(&tokens[marker.start..end]),
                kinds,
                by_supplier: supplied,
            });
        }
        at = marker.end;
    }
    found
}

/// The mental elements that words name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct MentalWords {
    pub(super) knowledge: Option<String>,
    pub(super) intent: Option<String>,
    pub(super) purpose: Option<String>,
    pub(super) effect: bool,
}

impl MentalWords {
    pub(super) fn of(tokens: &[Token]) -> Self {
        let find = |key: &str| {
            let found = CUES.list("mental", key).find(tokens);
            found.map(|range| words(&tokens[range]))
        };
        Self {
            knowledge: find("knowledge"),
            intent: find("intent"),
            purpose: find("purpose"),
            effect: CUES.list("mental", "effect").matches(tokens),
        }
    }
}
