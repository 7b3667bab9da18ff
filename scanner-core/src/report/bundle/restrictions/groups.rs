//! Restrictions of all licences by what they are about, identical wording once.

use std::collections::BTreeMap;

use crate::model::{Location, Mental, UseRestriction};
use crate::report::bundle::texts::NamedEntry;

/// The words of a scanned text, and where they stand.
type Wording = (String, Location);

/// Restrictions of the same categories, the broadest first.
pub(super) struct Group<'a> {
    pub(super) categories: &'a [String],
    pub(super) statements: Vec<Statement<'a>>,
}

/// One wording, or one absence of it, with every clause that it is.
pub(super) struct Statement<'a> {
    pub(super) categories: &'a [String],
    pub(super) wording: Option<&'a Wording>,
    pub(super) sources: Vec<(&'a NamedEntry<'a>, &'a UseRestriction, Option<&'a Wording>)>,
}

/// The groups, sorted by their categories.
pub(super) fn of<'a>(restricting: &[&'a NamedEntry<'a>]) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<&[String], BTreeMap<Option<Vec<String>>, Statement<'a>>> =
        BTreeMap::new();
    for named in restricting.iter().copied() {
        for (restriction, wording) in &named.entry.restrictions {
            let categories = restriction.categories.as_slice();
            let wording = wording.as_ref();
            let words = wording.map(|(text, _)| words(text));
            let group = groups.entry(categories).or_default();
            let statement = group.entry(words).or_insert_with(|| Statement {
                categories,
                wording,
                sources: Vec::new(),
            });
            statement.sources.push((named, restriction, wording));
        }
    }
    let groups = groups.into_iter().map(|(categories, statements)| {
        let mut statements: Vec<Statement<'a>> = statements.into_values().collect();
        statements.sort_by_key(breadth);
        Group { categories, statements }
    });
    groups.collect()
}

/// No mental element and no exception is broadest; words before none.
fn breadth(statement: &Statement<'_>) -> (bool, usize, usize) {
    let narrowest = |measure: fn(&UseRestriction) -> usize| {
        statement.sources.iter().map(|(_, it, _)| measure(it)).max().unwrap_or(0)
    };
    let mental = narrowest(|restriction| match restriction.mental {
        Mental::None => 0,
        Mental::IntentOrEffect => 1,
        Mental::Effect => 2,
        Mental::Intent => 3,
        Mental::Knowledge => 4,
    });
    (statement.wording.is_none(), mental, narrowest(|restriction| restriction.exceptions.len()))
}

/// Words without punctuation and list marker: wording is the same whatever stands around its words.
fn words(text: &str) -> Vec<String> {
    let marker = |word: &str| {
        let inner = word.trim_matches(['(', ')', '.']);
        inner.len() < word.len() && inner.chars().count() <= 4 || matches!(word, "-" | "*" | "•")
    };
    let mut words = text.split_whitespace().peekable();
    if words.peek().is_some_and(|word| marker(word)) {
        words.next();
    }
    let bare = |word: &str| -> String { word.chars().filter(|c| c.is_alphanumeric()).collect() };
    words.map(|word| bare(word).to_lowercase()).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn markers_and_punctuation_make_no_other_wording() {
        let plain = words("To defame others");
        for text in ["(f) To defame others;", "- to defame\nothers.", "bullet. to defame others"] {
            let same = words(text) == plain;
            assert_eq!(same, !text.starts_with("bullet"), "{text}");
        }
        assert_ne!(words("To defame none"), plain);
    }
}
