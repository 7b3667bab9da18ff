//! Finds prescribed phrases word for word: the statement that a notice must hold.

use std::collections::HashMap;

use flowdown_plugin_sdk::text::{Power, Prefixes, Word, words};

use crate::model::{CapturedText, Location, PhraseProfile};

/// Every known phrase, by number of words and hash.
#[derive(Debug, Default)]
pub struct PhraseFinder {
    by_length: Vec<(Power, usize, HashMap<u64, String>)>,
}

impl PhraseFinder {
    /// Phrases of no words are dropped: they would stand everywhere.
    pub fn new(phrases: Vec<PhraseProfile>) -> Self {
        let mut by_length: Vec<(Power, usize, HashMap<u64, String>)> = Vec::new();
        for phrase in phrases {
            let length = phrase.words as usize;
            if length == 0 {
                continue;
            }
            let position = by_length.iter().position(|(_, known, _)| *known == length);
            let position = position.unwrap_or_else(|| {
                by_length.push((Power::of(length), length, HashMap::new()));
                by_length.len() - 1
            });
            by_length[position].2.insert(phrase.hash, phrase.label);
        }
        Self { by_length }
    }

    /// The phrases that stand in a captured text, with their lines, in text order.
    pub fn find(&self, captured: &CapturedText) -> Vec<(String, Location)> {
        let text = captured.text();
        let words: Vec<Word> = words(&text).collect();
        let prefixes = Prefixes::new(&words);
        let before = captured.first_line.saturating_sub(1);
        let line = |word: usize| words.get(word).map_or(1, |word| u64::from(word.line)) + before;
        let mut found = Vec::new();
        for (power, length, phrases) in &self.by_length {
            for start in 0..words.len() {
                let Some(hash) = prefixes.window(start, *power) else { break };
                if let Some(label) = phrases.get(&hash) {
                    let at = Location::scanned(&captured.path)
                        .at_lines(line(start), line(start + length - 1));
                    found.push((label.clone(), at));
                }
            }
        }
        found.sort_by(|left, right| (&left.1, &left.0).cmp(&(&right.1, &right.0)));
        found
    }
}

#[cfg(test)]
mod tests {
    use flowdown_plugin_sdk::text;

    use super::PhraseFinder;
    use crate::model::{CapturedText, PhraseProfile, SourcePath, Span, TextRole};

    fn check(wanted: &str, text: &str, lines: &[(u64, u64)]) {
        let phrase = text::phrase("id", wanted);
        let finder = PhraseFinder::new(vec![PhraseProfile {
            label: phrase.label,
            words: phrase.words,
            hash: phrase.hash,
        }]);
        let captured = CapturedText {
            path: SourcePath::new("NOTICE"),
            role: TextRole::Notice,
            bytes: text.as_bytes().into(),
            first_line: 10,
        };
        let found: Vec<(u64, u64)> = finder
            .find(&captured)
            .into_iter()
            .map(|(_, at)| match at.span {
                Some(Span::Lines { first, last }) => (first, last),
                other => panic!("a phrase has lines, not {other:?}"),
            })
            .collect();
        assert_eq!(found, lines);
    }

    #[test]
    fn a_phrase_is_found_word_for_word() {
        check("Acme 1 is fine", "Intro.\n\n*Acme 1* is\nfine!", &[(12, 13)]);
        check("Acme 1 is fine", "Acme 1 is not fine", &[]);
        check("Acme 1 is fine", "", &[]);
        check("", "anything", &[]);
    }
}
