//! Where sentences and the items of a running list end.

use std::ops::Range;

use super::marker;

/// A piece of a paragraph.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Piece {
    /// Its bytes, without the spaces around it.
    pub(super) at: Range<usize>,
    pub(super) role: Role,
}

/// What a piece is to its neighbours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// An item of a running list.
    Item,
    /// It leads into the items that follow.
    Lead,
    /// A sentence.
    Sentence,
}

/// Words that a dot ends without ending a sentence; sorted.
const ABBREVIATIONS: [&str; 16] = [
    "art", "cf", "co", "corp", "e.g", "etc", "i.e", "inc", "ltd", "no", "nos", "para", "resp",
    "sec", "u.s", "vs",
];

/// Items of a list in one sentence: at least this many, or it is no list.
const ITEMS: usize = 2;

/// Cuts a paragraph into sentences, and a sentence that holds a list into its items.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for sentence in sentences(text) {
        let cut = items(&text[sentence.clone()]);
        pieces.extend(cut.into_iter().map(|Piece { at, role }| Piece {
            at: sentence.start + at.start..sentence.start + at.end,
            role,
        }));
    }
    pieces
}

fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, mark) in text.char_indices().filter(|(_, c)| matches!(c, '.' | '!' | '?')) {
        let end = at + mark.len_utf8();
        if ends_here(text, at, end) {
            push(text, start..end, &mut found);
            start = end;
        }
    }
    push(text, start..text.len(), &mut found);
    found
}

/// Whether the mark at `at` ends a sentence: something that can begin one follows.
fn ends_here(text: &str, at: usize, end: usize) -> bool {
    let rest = text[end..].trim_start_matches(['"', '”', '’', ')', '\'']);
    let Some(next) = rest.strip_prefix(char::is_whitespace) else { return false };
    let begins = next.trim_start().chars().next();
    if !begins.is_some_and(|c| c.is_uppercase() || c.is_numeric() || "([“\"‘".contains(c)) {
        return false;
    }
    let word = text[..at].rsplit(|c: char| c.is_whitespace() || "([“\"".contains(c)).next();
    let word = word.unwrap_or_default().to_lowercase();
    // A number at the start is a label, and so is a letter anywhere.
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_letter = word.chars().count() == 1 && !is_number;
    let is_label = is_letter || (is_number && text[..at].trim() == word);
    !is_label && ABBREVIATIONS.binary_search(&word.as_str()).is_err()
}

/// The sentence, or what leads in and the items where it holds a list: markers behind `:` or `;`, or
/// semicolons behind a colon. Without a colon only marked items are cut off.
fn items(sentence: &str) -> Vec<Piece> {
    let is_marked = |at: &usize| {
        let rest = sentence[*at..].trim_start();
        marker::split(
            CONJUNCTIONS.iter().fold(rest, |rest, word| rest.strip_prefix(word).unwrap_or(rest)),
        )
        .is_some()
    };
    let colon = sentence.find(": ").map(|at| at + 1);
    let semicolons: Vec<usize> = sentence
        .match_indices("; ")
        .map(|(at, _)| at + 1)
        .filter(|at| colon.is_none_or(|colon| *at > colon))
        .collect();
    let marked: Vec<usize> = semicolons.iter().copied().filter(is_marked).collect();
    let is_list =
        semicolons.len() >= ITEMS || !marked.is_empty() || colon.as_ref().is_some_and(is_marked);
    let (cuts, first) = match colon {
        Some(colon) if is_list => ([vec![colon], semicolons].concat(), Role::Lead),
        _ => (marked, Role::Sentence),
    };
    let mut found = Vec::new();
    let mut start = 0;
    for cut in cuts.into_iter().chain([sentence.len()]) {
        push(sentence, start..cut, &mut found);
        start = cut;
    }
    let roles = std::iter::once(first).chain(std::iter::repeat(Role::Item));
    found.into_iter().zip(roles).map(|(at, role)| Piece { at, role }).collect()
}

/// What may stand before the marker of an item.
pub(super) const CONJUNCTIONS: [&str; 3] = ["or ", "and ", "and/or "];

fn push(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let piece = &text[range.clone()];
    if !piece.chars().any(char::is_alphanumeric) {
        return;
    }
    let start = range.start + (piece.len() - piece.trim_start().len());
    found.push(start..start + piece.trim().len());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = pieces(text).into_iter().map(|piece| &text[piece.at]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn sentences_end_where_another_begins() {
        check("Do not spam. You may write.", &["Do not spam.", "You may write."]);
        check("Use it (e.g. Bots) well.", &["Use it (e.g. Bots) well."]);
        check("See no. 5 of Acme Inc. and others.", &["See no. 5 of Acme Inc. and others."]);
        check("Version 1.5 applies", &["Version 1.5 applies"]);
        check(" . ", &[]);
    }

    #[test]
    fn a_running_list_is_cut_behind_its_colon() {
        check(
            "You must not: (a) spam; (b) defame; or (c) spy.",
            &["You must not:", "(a) spam;", "(b) defame;", "or (c) spy."],
        );
        check("You must not: spam; defame; spy.", &["You must not:", "spam;", "defame;", "spy."]);
        check("One thing: another", &["One thing: another"]);
        check("Do not spam; do not spy; stop.", &["Do not spam; do not spy; stop."]);
        check("spy; or (c) defame. Pay.", &["spy;", "or (c) defame.", "Pay."]);
    }
}
