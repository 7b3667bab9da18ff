//! Prose beside a permissive text that may limit what the text permits.
//!
//! A permissive text is exact or unknown. It is unknown, too, when it stands there word for word and
//! something beside it reads like a condition: a word of `limiting` in prose that belongs to no known
//! text and to the *frame* of none that stands in the file (title, appendix, exceptions), such
//! a word in a copyright line, or prose in a script that the tables do not read. In a licence file
//! the whole file counts, since nothing in it says how far a condition reaches; in the body of a card,
//! which speaks of much else, only the surroundings of the text.

use std::collections::HashSet;
use std::ops::Range;

use flowdown_plugin_sdk::text::{
    GRAM_WORDS, Power, Word, notice_gram, phrase_hash, word_hash, words,
};

use super::Text;
use super::covered::Covered;
use super::limiting::{IN_NAMES, LIMITING, LIMITING_ELSEWHERE, NEUTRAL};
use crate::model::TextRole;

/// Words of a frame that stand apart from the text count in a sequence of at least this many: fewer can
/// be picked from it to say something else.
const FRAME_WORDS: usize = 20;
/// How many words before and behind a text in a card can be a condition on it.
const SURROUNDINGS: [usize; 2] = [60, 150];
/// So many letters of another script in one line are prose, not a name.
const FOREIGN_LETTERS: usize = 12;

/// Where a condition on a text may stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reach {
    /// Anywhere in the file: it is a licence file.
    File,
    /// Close to the text: the file speaks of other things too.
    Surroundings,
}

impl Reach {
    pub(super) fn of(role: TextRole) -> Self {
        match role {
            TextRole::Card => Self::Surroundings,
            TextRole::License | TextRole::Notice | TextRole::UsePolicy | TextRole::GatedPrompt => {
                Self::File
            }
        }
    }
}

/// What makes prose a condition.
#[derive(Debug)]
pub(super) struct ConditionFinder {
    in_prose: HashSet<u64>,
    in_notices: HashSet<u64>,
    /// Length and hash of each phrase.
    neutral: Vec<(usize, Power, u64)>,
}

impl Default for ConditionFinder {
    fn default() -> Self {
        let in_prose = LIMITING.iter().chain(&LIMITING_ELSEWHERE).map(|word| word_hash(word));
        let names = IN_NAMES.map(word_hash);
        let in_notices =
            LIMITING.iter().map(|word| word_hash(word)).filter(|hash| !names.contains(hash));
        let neutral = NEUTRAL.map(|phrase| {
            let hashes: Vec<u64> = words(phrase).map(|word| word.hash).collect();
            (hashes.len(), Power::of(hashes.len()), phrase_hash(hashes))
        });
        Self {
            in_prose: in_prose.collect(),
            in_notices: in_notices.collect(),
            neutral: neutral.into(),
        }
    }
}

impl ConditionFinder {
    /// The lines of `text` that read like a condition, ascending, as the text counts them. `frames` are
    /// those of the texts that were found in it.
    pub(super) fn lines(&self, text: &Text<'_>, covered: &Covered, frames: &[&[u32]]) -> Vec<u32> {
        let mut explained: Vec<bool> =
            (0..text.words.len()).map(|word| covered.word(word)).collect();
        mark_frames(text, covered, frames, &mut explained);
        self.mark_neutral(text, &mut explained);
        let unexplained: Vec<&Word> = text
            .words
            .iter()
            .zip(&explained)
            .filter(|(_, known)| !**known)
            .map(|it| it.0)
            .collect();
        let limits = unexplained.iter().filter(|word| self.in_prose.contains(&word.hash));
        let is_framed = |word: &&Word| {
            let gram = notice_gram(word.hash);
            frames.iter().any(|frame| frame.binary_search(&gram).is_ok())
        };
        let notices = text.vanished.iter().filter(|word| self.in_notices.contains(&word.hash));
        let notices = notices.filter(|word| !is_framed(word));
        let mut lines: Vec<u32> = limits
            .copied()
            .chain(notices)
            .map(|word| word.line)
            .chain(foreign(text, &unexplained))
            .collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    }

    fn mark_neutral(&self, text: &Text<'_>, explained: &mut [bool]) {
        for at in 0..explained.len() {
            for (length, power, hash) in &self.neutral {
                if text.prefixes.window(at, *power) == Some(*hash) {
                    explained[at..at + length].fill(true);
                }
            }
        }
    }
}

/// A sequence of the frame is explained when it runs over the border of a known text, as a title does,
/// or is too long to be a piece that says something else.
fn mark_frames(text: &Text<'_>, covered: &Covered, frames: &[&[u32]], explained: &mut [bool]) {
    let is_framed = |at: &usize| {
        !covered.gram(*at)
            && frames.iter().any(|frame| frame.binary_search(&text.grams[*at]).is_ok())
    };
    let mut at = 0;
    while at < text.grams.len() {
        let end = at + (at..text.grams.len()).take_while(is_framed).count();
        let words = at..end + GRAM_WORDS - 1;
        let at_border = covered.gram(end) || at.checked_sub(1).is_some_and(|it| covered.gram(it));
        if end > at && (at_border || words.len() >= FRAME_WORDS) {
            explained[words].fill(true);
        }
        at = end + 1;
    }
}

/// Lines with unexplained words that are mostly in a script without Latin letters.
fn foreign<'a>(text: &'a Text<'_>, unexplained: &'a [&Word]) -> impl Iterator<Item = u32> + 'a {
    let mut open = unexplained.iter().peekable();
    (1_u32..).zip(text.source.split('\n')).filter_map(move |(line, content)| {
        let mut found = false;
        while open.next_if(|word| word.line <= line).is_some_and(|word| word.line == line) {
            found = true;
        }
        let letters =
            content.chars().filter(|letter| letter.is_alphabetic() && *letter >= '\u{370}');
        (found && letters.take(FOREIGN_LETTERS).count() == FOREIGN_LETTERS).then_some(line)
    })
}

/// The one of `conditions` that is closest to the text in `words` and within reach.
pub(super) fn closest(
    text: &Text<'_>,
    words: Range<usize>,
    reach: Reach,
    conditions: &[u32],
) -> Option<u32> {
    let line = |word: usize| text.words.get(word).or(text.words.last()).map_or(1, |word| word.line);
    let (first, last) = (line(words.start), line(words.end.saturating_sub(1)));
    let within = match reach {
        Reach::File => 0..=u32::MAX,
        Reach::Surroundings => {
            let [before, behind] = SURROUNDINGS;
            line(words.start.saturating_sub(before))..=line(words.end + behind)
        }
    };
    let distance = |at: u32| first.saturating_sub(at).max(at.saturating_sub(last));
    conditions
        .iter()
        .copied()
        .filter(|at| within.contains(at))
        .min_by_key(|at| (distance(*at), *at))
}
