//! Places in well-known licences where each author puts a name. What stands between the two ends
//! is dropped, so that `PROVIDED BY ACME INC. "AS IS"` is the text it was copied from.

use std::collections::VecDeque;

use super::{Word, word_hash};

/// No more words than this are dropped: a name, not a sentence.
pub(super) const GAP_WORDS: usize = 16;
/// Words of the longest `before`.
pub(super) const BEFORE_WORDS: usize = 4;
/// Words of the longest `after`.
const AFTER_WORDS: usize = 4;
/// How far a decision looks ahead.
pub(super) const LOOKAHEAD_WORDS: usize = GAP_WORDS + AFTER_WORDS;

struct Place {
    before: [Option<u64>; BEFORE_WORDS],
    after: [Option<u64>; AFTER_WORDS],
}

const fn ends<const N: usize>(words: [&str; N]) -> [Option<u64>; 4] {
    let mut hashes = [None; 4];
    let mut index = 0;
    while index < N {
        hashes[index] = Some(word_hash(words[index]));
        index += 1;
    }
    hashes
}

const PLACES: [Place; 5] = [
    Place { before: ends(["neither", "the", "name", "of"]), after: ends(["nor", "the", "names"]) },
    Place { before: ends(["is", "provided", "by"]), after: ends(["as", "is"]) },
    Place { before: ends(["in", "no", "event", "shall"]), after: ends(["be", "liable"]) },
    Place { before: ends(["as", "is", "and"]), after: ends(["disclaims", "all", "warranties"]) },
    Place { before: ends(["the", "name", "of"]), after: ends(["may", "not", "be", "used"]) },
];

/// How many of the words `ahead` are a name, when `behind` are the last words before them.
pub(super) fn name_words(behind: &VecDeque<u64>, ahead: &VecDeque<Word>) -> usize {
    PLACES
        .iter()
        .filter(|place| ends_with(behind, &place.before))
        .find_map(|place| {
            (0..=GAP_WORDS.min(ahead.len())).find(|&gap| starts_with(ahead, gap, &place.after))
        })
        .unwrap_or(0)
}

fn ends_with(words: &VecDeque<u64>, end: &[Option<u64>]) -> bool {
    let length = end.iter().flatten().count();
    words.len() >= length && words.range(words.len() - length..).eq(end.iter().flatten())
}

fn starts_with(words: &VecDeque<Word>, skip: usize, start: &[Option<u64>]) -> bool {
    start
        .iter()
        .flatten()
        .enumerate()
        .all(|(index, hash)| words.get(skip + index).is_some_and(|word| word.hash == *hash))
}
