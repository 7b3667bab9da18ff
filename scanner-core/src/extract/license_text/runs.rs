//! For each profile, the stretches of a text that share its grams.
//!
//! A stretch grows while shared grams outweigh the others, and ends when it has fallen far behind its
//! best point: the alignment-free form of an X-drop extension. Work is done only at positions that
//! share a gram with the profile, so the whole is linear in the postings.

use flowdown_plugin_sdk::text::{GRAM_WORDS, Power};

use super::Text;
use super::index::GramIndex;
use crate::model::TextProfile;

/// Grams of other wording that a stretch survives, besides a third of the known text.
const GAP_GRAMS: i64 = 40;
/// A stretch survives this many more other grams than shared ones at its beginning, so that a change
/// in the first lines of a text does not hide them.
const EARLY_GRAMS: i64 = 24;
/// A stretch is reported from this share of the known text's grams on, in thousandths.
const REPORT_PERMILLE: i64 = 500;

/// A stretch of a text that shares grams with a profile.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Run {
    /// Index of the profile.
    pub(super) profile: usize,
    /// First gram.
    pub(super) start: usize,
    /// One past the last gram.
    pub(super) end: usize,
    /// Shared grams in it, with repetitions.
    pub(super) shared: usize,
    /// It is the known text word for word.
    pub(super) exact: bool,
}

/// What is being followed for one profile.
#[derive(Clone, Copy, Default)]
struct Open {
    start: usize,
    /// One past the last shared gram.
    last: usize,
    shared: usize,
    score: i64,
    best_score: i64,
    best_end: usize,
    best_shared: usize,
    /// Where the present sequence of shared grams without a gap began.
    unbroken: usize,
    is_open: bool,
}

pub(super) fn find(
    profiles: &[TextProfile],
    powers: &[Power],
    index: &GramIndex,
    text: &Text<'_>,
) -> Vec<Run> {
    let mut open = vec![Open::default(); profiles.len()];
    let mut runs = Vec::new();
    for (at, &gram) in text.grams.iter().enumerate() {
        for profile in index.profiles_with(gram) {
            let (known, state) = (&profiles[profile], &mut open[profile]);
            state.step(at, profile, known, &mut runs);
            if let Some(run) = state.whole(at, profile, known, powers[profile], text) {
                state.close_before(&run, known, &mut runs);
                runs.push(run);
            }
        }
    }
    for (profile, state) in open.iter_mut().enumerate() {
        state.close(profile, &profiles[profile], &mut runs);
    }
    runs
}

impl Open {
    fn step(&mut self, at: usize, profile: usize, known: &TextProfile, runs: &mut Vec<Run>) {
        let grams = length(known.grams.len());
        let gap = length(at - self.last.min(at));
        // A stretch far longer than the known text only repeats it.
        let too_long = at - self.start.min(at) > 3 * known.grams.len() + GRAM_WORDS;
        if self.is_open
            && (self.best_score - (self.score - gap) > GAP_GRAMS + grams / 3
                || self.score - gap < -EARLY_GRAMS
                || too_long)
        {
            self.close(profile, known, runs);
        }
        // This does not end with a stretch: a copy may begin inside one that is given up.
        if self.last != at {
            self.unbroken = at;
        }
        if !self.is_open {
            let unbroken = self.unbroken;
            *self = Self { start: at, last: at, unbroken, is_open: true, ..Self::default() };
        }
        self.score += 1 - length(at - self.last);
        self.shared += 1;
        self.last = at + 1;
        if self.score >= self.best_score {
            (self.best_score, self.best_end, self.best_shared) = (self.score, at + 1, self.shared);
        }
    }

    /// The known text, if its last word is the last word of the gram at `at`.
    fn whole(
        &self,
        at: usize,
        profile: usize,
        known: &TextProfile,
        power: Power,
        text: &Text<'_>,
    ) -> Option<Run> {
        let grams = (known.words as usize).checked_sub(GRAM_WORDS - 1)?;
        let start = (at + 1).checked_sub(grams)?;
        (self.unbroken <= start && text.prefixes.window(start, power) == Some(known.whole))
            .then_some(Run { profile, start, end: at + 1, shared: grams, exact: true })
    }

    /// Ends the stretch with a word-for-word copy; what stands before that is a stretch of its own.
    fn close_before(&mut self, copy: &Run, known: &TextProfile, runs: &mut Vec<Run>) {
        self.best_shared = self.shared.saturating_sub(copy.shared);
        // The grams that straddle the border hold words of both.
        self.best_end = copy.start.saturating_sub(GRAM_WORDS - 1).max(self.start);
        self.is_open &= self.start < copy.start;
        self.close(copy.profile, known, runs);
    }

    fn close(&mut self, profile: usize, known: &TextProfile, runs: &mut Vec<Run>) {
        let enough = length(self.best_shared) * 1000 >= length(known.grams.len()) * REPORT_PERMILLE;
        if self.is_open && enough {
            let (start, end, shared) = (self.start, self.best_end, self.best_shared);
            runs.push(Run { profile, start, end, shared, exact: false });
        }
        self.is_open = false;
    }
}

/// Lengths of texts in memory fit; saturating keeps this free of panics.
fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX / 4)
}
