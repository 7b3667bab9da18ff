//! Words of a passage, and patterns over them.

use std::ops::Range;

/// Words that `...` in a pattern may stand for.
const GAP: usize = 8;

/// A word in lower case, and whether punctuation stands before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Token {
    pub(super) word: String,
    pub(super) follows_break: bool,
}

/// The words of `text`. Apostrophes are dropped; everything else that is no letter separates.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut word = String::new();
    let (mut follows_break, mut breaks) = (true, false);
    for character in text.chars().chain([' ']) {
        if character.is_alphanumeric() {
            if word.is_empty() {
                follows_break |= breaks;
            }
            word.extend(character.to_lowercase());
        } else if !matches!(character, '\'' | '’' | '\u{ad}') {
            if !word.is_empty() {
                found.push(Token { word: std::mem::take(&mut word), follows_break });
                (follows_break, breaks) = (false, false);
            }
            breaks |= matches!(character, ',' | ';' | ':' | '.' | '(' | ')' | '!' | '?');
        }
    }
    found
}

/// A word of a pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Part {
    Whole(String),
    Prefix(String),
    Gap,
}

/// Words side by side: `*` is any ending, `...` up to eight words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Pattern(Vec<Part>);

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        let part = |word: &str| match word.strip_suffix('*') {
            _ if word == "..." => Part::Gap,
            Some(prefix) => Part::Prefix(prefix.to_owned()),
            None => Part::Whole(word.to_owned()),
        };
        Self(text.split_whitespace().map(part).collect())
    }

    /// The words it matches from word `at` on.
    pub(super) fn at(&self, tokens: &[Token], at: usize) -> Option<Range<usize>> {
        Some(at..ends(&self.0, tokens, at)?)
    }

    /// Where it matches first.
    pub(super) fn find(&self, tokens: &[Token]) -> Option<Range<usize>> {
        (0..tokens.len()).find_map(|at| self.at(tokens, at))
    }
}

fn ends(parts: &[Part], tokens: &[Token], at: usize) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else { return Some(at) };
    let matches = |matched: bool| matched.then(|| ends(rest, tokens, at + 1)).flatten();
    match part {
        Part::Gap => (at..=at + GAP).find_map(|at| ends(rest, tokens, at)),
        Part::Whole(word) => matches(tokens.get(at).is_some_and(|token| token.word == *word)),
        Part::Prefix(prefix) => {
            matches(tokens.get(at).is_some_and(|token| token.word.starts_with(prefix.as_str())))
        }
    }
}

/// Patterns of which any is enough.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Patterns(Vec<Pattern>);

impl Patterns {
    pub(super) fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self(texts.into_iter().map(Pattern::new).collect())
    }

    /// The longest match from word `at` on.
    pub(super) fn at(&self, tokens: &[Token], at: usize) -> Option<Range<usize>> {
        let found = self.0.iter().filter_map(|pattern| pattern.at(tokens, at));
        found.max_by_key(|range| range.end)
    }

    /// The first match.
    pub(super) fn find(&self, tokens: &[Token]) -> Option<Range<usize>> {
        (0..tokens.len()).find_map(|at| self.at(tokens, at))
    }

    pub(super) fn matches(&self, tokens: &[Token]) -> bool {
        self.0.iter().any(|pattern| pattern.find(tokens).is_some())
    }

    /// Every match, from left to right; none inside another.
    pub(super) fn all(&self, tokens: &[Token]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            match self.at(tokens, at) {
                Some(range) => {
                    at = range.end.max(at + 1);
                    found.push(range);
                }
                None => at += 1,
            }
        }
        found
    }
}

/// The words of a range, as they are shown.
pub(super) fn words(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.word.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: Option<&str>) {
        let tokens = tokens(text);
        let found = Pattern::new(pattern).find(&tokens).map(|range| words(&tokens[range]));
        assert_eq!(found.as_deref(), expected, "{pattern:?} in {text:?}");
    }

    #[test]
    fn patterns_match_words_side_by_side() {
        check("must not", "You MUST not: spam", Some("must not"));
        check("must not", "You must really not", None);
        check("defam*", "or defaming others", Some("defaming"));
        check("defam", "or defaming others", None);
        check(
            "nothing ... prohibits",
            "Nothing in this list prohibits it",
            Some("nothing in this list prohibits"),
        );
        check("one ... two", &format!("one {} two", "x ".repeat(9)), None);
        check("self harm", "self-harm", Some("self harm"));
    }

    #[test]
    fn punctuation_is_remembered() {
        let found = tokens("A licensee's use, or (b) sale: now");
        let breaks: Vec<&str> =
            found.iter().filter(|token| token.follows_break).map(|t| t.word.as_str()).collect();
        assert_eq!(breaks, ["a", "or", "b", "sale", "now"]);
        assert_eq!(found[1].word, "licensees");
    }
}
