//! Names for the parts of one document: unique, deterministic, and in the characters it allows.

use std::collections::{HashMap, HashSet};

/// Which characters a document allows in the names of its parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Alphabet {
    /// CycloneDX `bom-ref`: printable ASCII without `%`, because some readers take a percent sign
    /// for an encoded reference and then find nothing.
    BomRef,
    /// SPDX 2.3 `SPDXRef-…`: letters, digits, `.` and `-`.
    SpdxRef,
}

impl Alphabet {
    const fn allows(self, character: char) -> bool {
        match self {
            Self::BomRef => character.is_ascii_graphic() && character != '%',
            Self::SpdxRef => character.is_ascii_alphanumeric() || matches!(character, '.' | '-'),
        }
    }
}

/// Longer names are cut; uniqueness comes from the number that is added on collision.
const NAME_CHARACTERS: usize = 200;

/// Hands out names, each once.
#[derive(Debug)]
pub(super) struct Refs {
    alphabet: Alphabet,
    taken: HashSet<String>,
    // The last number that a taken name got, so that many equal names cost linear time.
    next: HashMap<String, u64>,
}

impl Refs {
    pub(super) fn new(alphabet: Alphabet) -> Self {
        Self { alphabet, taken: HashSet::new(), next: HashMap::new() }
    }

    /// A name like `wanted` that nobody has yet.
    pub(super) fn take(&mut self, wanted: &str) -> String {
        let base: String = wanted
            .chars()
            .take(NAME_CHARACTERS)
            .map(|character| if self.alphabet.allows(character) { character } else { '-' })
            .collect();
        if !self.taken.contains(&base) {
            self.taken.insert(base.clone());
            return base;
        }
        let mut number = self.next.get(&base).copied().unwrap_or(1);
        loop {
            number += 1;
            let name = format!("{base}.{number}");
            if !self.taken.contains(&name) {
                self.taken.insert(name.clone());
                self.next.insert(base, number);
                return name;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(alphabet: Alphabet, wanted: &[&str], expected: &[&str]) {
        let mut refs = Refs::new(alphabet);
        let given: Vec<String> = wanted.iter().map(|name| refs.take(name)).collect();
        assert_eq!(given, expected);
    }

    #[test]
    fn names_are_unique_even_against_numbered_ones() {
        check(Alphabet::BomRef, &["a", "a.2", "a", "a"], &["a", "a.2", "a.3", "a.4"]);
    }

    #[test]
    fn foreign_characters_are_replaced_and_collisions_resolved() {
        check(Alphabet::BomRef, &["a%41", "a b", "a\u{202e}b"], &["a-41", "a-b", "a-b.2"]);
        check(Alphabet::SpdxRef, &["model:sha256:0f", "a_b/c"], &["model-sha256-0f", "a-b-c"]);
    }

    #[test]
    fn long_names_are_cut() {
        let long = "x".repeat(5_000);
        let mut refs = Refs::new(Alphabet::BomRef);
        assert_eq!(refs.take(&long).len(), NAME_CHARACTERS);
        assert_eq!(refs.take(&long).len(), NAME_CHARACTERS + 2);
    }
}
