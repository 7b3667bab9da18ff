//! Recognises known texts by their fingerprints.
//!
//! A [`Matcher`] is built once from the profiles of all plugins and is immutable. A text is read
//! once: its words become grams, each gram is looked up, and every profile that shares grams keeps
//! the best run of them (`runs`). A run that is a whole profile word for word is an exact match; what
//! else comes near is judged (`verdict`): discriminators settle twins, a changed copy says what
//! differs, and a text that is only nearly permissive is unknown, never permissive.
//!
//! Time and memory are linear in the text; the factor is the number of profiles that share a gram.

mod conditions;
mod covered;
mod differences;
mod index;
mod limiting;
mod parts;
mod phrases;
mod runs;
mod verdict;

use flowdown_plugin_sdk::text::{Power, Prefixes, Word, grams, words};

use crate::model::{
    CapturedText, Diagnostic, Digest, LicenseKey, SourcePath, TextMatch, TextProfile,
};
use conditions::{ConditionFinder, Reach};
use index::GramIndex;
pub use parts::parts;
pub use phrases::PhraseFinder;
use runs::Run;

/// Every known text, ready to be found.
#[derive(Debug)]
pub struct Matcher {
    profiles: Vec<TextProfile>,
    /// For each profile, the power that gives the hash of a window of its length.
    powers: Vec<Power>,
    index: GramIndex,
    conditions: ConditionFinder,
}

/// What was recognised in one text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Recognized {
    /// Known texts, by first line, then key.
    pub matches: Vec<TextMatch>,
    /// Texts that are nearly a known one and may not be taken for it.
    pub diagnostics: Vec<Diagnostic>,
}

/// A text as the matcher sees it.
struct Text<'a> {
    path: &'a SourcePath,
    sha256: Digest,
    /// Lines before the text in its file.
    lines_before: u64,
    reach: Reach,
    source: &'a str,
    words: Vec<Word>,
    /// Words of copyright lines and names, which are no part of a text.
    vanished: Vec<Word>,
    grams: Vec<u32>,
    prefixes: Prefixes,
}

impl Matcher {
    /// Builds the index. Profiles without grams can never match and are dropped.
    pub fn new(mut profiles: Vec<TextProfile>) -> Self {
        profiles.retain(|profile| !profile.grams.is_empty());
        // Order decides nothing but ties, and those must not depend on the order of plugins.
        profiles.sort_by(|a, b| (&a.key, a.words, a.whole).cmp(&(&b.key, b.words, b.whole)));
        let powers = profiles.iter().map(|profile| Power::of(profile.words as usize)).collect();
        let index = GramIndex::new(profiles.iter().map(|profile| &*profile.grams));
        Self { profiles, powers, index, conditions: ConditionFinder::default() }
    }

    /// Recognises what stands in a captured text.
    pub fn recognize(&self, captured: &CapturedText) -> Recognized {
        let (before, reach) = (captured.first_line.saturating_sub(1), Reach::of(captured.role));
        let source = captured.text();
        let text = Text::new(&captured.path, captured.sha256(), before, reach, &source);
        verdict::judge(self, &text, self.runs(&text))
    }

    /// Recognises what stands in `text`, the whole of the licence file at `path`.
    pub fn match_text(&self, path: &SourcePath, text: &str) -> Recognized {
        let sha256 = Digest::sha256_of(text.as_bytes());
        let text = Text::new(path, sha256, 0, Reach::File, text);
        verdict::judge(self, &text, self.runs(&text))
    }

    fn runs(&self, text: &Text<'_>) -> Vec<Run> {
        runs::find(&self.profiles, &self.powers, &self.index, text)
    }

    /// Whether a key belongs to a profile.
    pub fn knows(&self, key: &LicenseKey) -> bool {
        !self.profiles_of(key).is_empty()
    }

    fn profiles_of(&self, key: &LicenseKey) -> &[TextProfile] {
        let start = self.profiles.partition_point(|profile| profile.key < *key);
        let count = self.profiles[start..].partition_point(|profile| profile.key == *key);
        &self.profiles[start..start + count]
    }
}

impl<'a> Text<'a> {
    fn new(
        path: &'a SourcePath,
        sha256: Digest,
        lines_before: u64,
        reach: Reach,
        source: &'a str,
    ) -> Self {
        let mut reader = words(source);
        let words: Vec<Word> = reader.by_ref().collect();
        let grams = grams(words.iter().map(|word| word.hash)).collect();
        let prefixes = Prefixes::new(&words);
        let vanished = reader.vanished().to_vec();
        Self { path, sha256, lines_before, reach, source, words, vanished, grams, prefixes }
    }
}

#[cfg(test)]
mod tests;
