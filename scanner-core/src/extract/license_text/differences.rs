//! What a stretch has of a known text, and what it has instead.

use std::collections::BTreeMap;
use std::ops::Range;

use flowdown_plugin_sdk::text::{GRAM_WORDS, Power};

use super::Text;
use super::runs::Run;
use crate::model::{PhraseProfile, TextProfile};

/// Places named in one verdict.
const PLACES: usize = 5;

/// The words of each clause that stands here verbatim. One pass for each length of a clause.
pub(super) fn clauses(
    text: &Text<'_>,
    run: &Run,
    known: &[PhraseProfile],
) -> BTreeMap<String, Range<usize>> {
    let mut by_length: BTreeMap<usize, Vec<&PhraseProfile>> = BTreeMap::new();
    for clause in known.iter().filter(|clause| clause.words > 0) {
        by_length.entry(clause.words as usize).or_default().push(clause);
    }
    let mut found = BTreeMap::new();
    for (length, wanted) in by_length {
        let power = Power::of(length);
        for start in run.start..run.end {
            let Some(hash) = text.prefixes.window(start, power) else { break };
            for clause in wanted.iter().filter(|clause| clause.hash == hash) {
                found.entry(clause.label.clone()).or_insert(start..start + length);
            }
        }
    }
    found
}

/// Where the stretch has other words than the known text, and how many.
pub(super) fn changes(text: &Text<'_>, run: &Run, known: &TextProfile) -> Vec<String> {
    let shared = |at: usize| known.grams.binary_search(&text.grams[at]).is_ok();
    let mut places = Vec::new();
    let mut at = run.start;
    while at < run.end && places.len() <= PLACES {
        if shared(at) {
            at += 1;
            continue;
        }
        let start = at;
        while at < run.end && !shared(at) {
            at += 1;
        }
        // A gram that is not shared holds at least one changed word; the first three words of the
        // first such gram still belong to the text before it.
        let first = start + GRAM_WORDS - 1;
        let lines = |first: usize, last: usize| match (text.line(first), text.line(last)) {
            (first, last) if first == last => format!("line {first}"),
            (first, last) => format!("lines {first} to {last}"),
        };
        places.push(match at.saturating_sub(first) {
            0 => format!("words are missing before {}", lines(first, first)),
            1 => format!("1 other word in {}", lines(first, first)),
            count => format!("{count} other words in {}", lines(first, at - 1)),
        });
    }
    if places.len() > PLACES {
        places.truncate(PLACES);
        places.push("and more".to_owned());
    }
    places
}
