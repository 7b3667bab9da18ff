//! Which parts of a text are explained by a known one.

use std::ops::Range;

use flowdown_plugin_sdk::text::GRAM_WORDS;

use crate::model::ProfileKind;

/// Which grams are explained, for each kind of text.
pub(super) struct Covered {
    licenses: Vec<bool>,
    policies: Vec<bool>,
}

impl Covered {
    pub(super) fn new(grams: usize) -> Self {
        Self { licenses: vec![false; grams], policies: vec![false; grams] }
    }

    pub(super) fn permille(&self, kind: ProfileKind, range: Range<usize>) -> usize {
        let covered = match kind {
            ProfileKind::License => &self.licenses,
            ProfileKind::UsePolicy => &self.policies,
        };
        let length = range.len().max(1);
        covered[range].iter().filter(|covered| **covered).count() * 1000 / length
    }

    pub(super) fn add(&mut self, kind: ProfileKind, range: Range<usize>) {
        match kind {
            ProfileKind::License => self.licenses[range].fill(true),
            ProfileKind::UsePolicy => self.policies[range].fill(true),
        }
    }

    /// Whether the word at `at` stands in an explained gram.
    pub(super) fn word(&self, at: usize) -> bool {
        let grams = at.saturating_sub(GRAM_WORDS - 1)..self.licenses.len().min(at + 1);
        grams.into_iter().any(|gram| self.gram(gram))
    }

    /// Whether the gram at `at` is explained; none past the end is.
    pub(super) fn gram(&self, at: usize) -> bool {
        let is_set = |flags: &[bool]| flags.get(at).copied().unwrap_or_default();
        is_set(&self.licenses) || is_set(&self.policies)
    }
}
