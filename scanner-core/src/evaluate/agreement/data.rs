//! Our own data: what a passage must say to be about a category, and the words that make it a
//! prohibition. Both files are part of the program, so that they are well formed is an invariant.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::tokens::Patterns;

/// What a passage must say to be about one category.
#[derive(Debug)]
pub(super) struct Concept {
    /// Of every one, something stands there.
    pub(super) needs: Vec<Patterns>,
    /// Acts and subjects that a licence may list, by name.
    pub(super) parts: BTreeMap<String, Patterns>,
}

/// Every concept by category.
pub(super) static CONCEPTS: LazyLock<BTreeMap<String, Concept>> =
    LazyLock::new(|| concepts(include_str!("concepts.toml")));

/// Lists of words by table and key.
pub(super) static CUES: LazyLock<Cues> = LazyLock::new(|| Cues::new(include_str!("cues.toml")));

fn concepts(text: &str) -> BTreeMap<String, Concept> {
    let file: toml::Table = text.parse().expect("a test reads the file of concepts");
    let acts = &file["acts"];
    let tables = file["concept"].as_array().expect("concepts are tables");
    let concept = |table: &toml::Value| {
        let needs = table["needs"].as_array().expect("`needs` is a list of lists");
        let listed = table.get("parts").and_then(toml::Value::as_table).into_iter().flatten();
        let shared = table.get("acts").and_then(toml::Value::as_array).into_iter().flatten();
        let shared = shared.map(|name| {
            let name = name.as_str().expect("an act is named");
            (name, &acts[name])
        });
        let parts = listed.map(|(name, words)| (name.as_str(), words)).chain(shared);
        let concept = Concept {
            needs: needs.iter().map(patterns).collect(),
            parts: parts.map(|(name, words)| (name.to_owned(), patterns(words))).collect(),
        };
        (table["category"].as_str().expect("a category is named").to_owned(), concept)
    };
    tables.iter().map(concept).collect()
}

fn patterns(words: &toml::Value) -> Patterns {
    let words = words.as_array().expect("words are a list");
    Patterns::new(words.iter().map(|word| word.as_str().expect("a word is text")))
}

/// The words that decide what a passage does.
#[derive(Debug)]
pub(super) struct Cues {
    lists: BTreeMap<(String, String), Patterns>,
    /// The kinds of exception that licences know, by the name of the vocabulary.
    pub(super) exceptions: Vec<(String, Patterns)>,
}

impl Cues {
    fn new(text: &str) -> Self {
        let file: toml::Table = text.parse().expect("a test reads the file of cues");
        let mut lists = BTreeMap::new();
        let mut exceptions = Vec::new();
        for (table, keys) in &file {
            for (key, words) in keys.as_table().expect("a table of lists") {
                if table == "exceptions" && key != "markers" {
                    exceptions.push((key.clone(), patterns(words)));
                }
                lists.insert((table.clone(), key.clone()), patterns(words));
            }
        }
        Self { lists, exceptions }
    }

    /// The list `key` of `table`.
    pub(super) fn list(&self, table: &str, key: &str) -> &Patterns {
        self.lists
            .get(&(table.to_owned(), key.to_owned()))
            .expect("the code names lists that the file has")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_of_the_vocabulary_has_a_concept() {
        let vocabulary: toml::Table =
            include_str!("../../../../plugins/sdk/vocab/categories.toml").parse().unwrap();
        let categories = vocabulary["category"].as_array().unwrap();
        let mut known: Vec<&str> =
            categories.iter().map(|category| category["id"].as_str().unwrap()).collect();
        known.sort_unstable();
        assert_eq!(CONCEPTS.keys().map(String::as_str).collect::<Vec<_>>(), known);
        assert!(CONCEPTS.values().all(|concept| !concept.needs.is_empty()));
    }

    #[test]
    fn exceptions_are_those_that_records_name() {
        let names: Vec<&str> = CUES.exceptions.iter().map(|(name, _)| name.as_str()).collect();
        let vocabulary = [
            "accessibility",
            "artistic-or-scientific",
            "not-a-substitute-for-professional",
            "with-authorisation",
            "with-consent",
            "with-disclosure",
            "with-human-review",
        ];
        assert_eq!(names, vocabulary);
    }
}
