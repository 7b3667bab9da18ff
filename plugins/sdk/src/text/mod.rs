//! How a text becomes a fingerprint. Part of the plugin contract, version 1.
//!
//! A profile that a plugin author makes must match texts that the scanner reads, so both use this
//! module, and what it does never changes within one major version of the messages.
//!
//! 1. [`words()`] turns a text into words: see [`words`](mod@words) for what vanishes and what is folded.
//! 2. [`word_hash`] is FNV-1a of a word; [`gram_hash`] mixes four neighbours into 32 bits;
//!    [`phrase_hash`] is a polynomial over any number of words, so that [`Prefixes`] gives the
//!    hash of every window of a text in constant time.
//! 3. [`profile`] and [`phrase`] put these numbers into the messages. The text itself never
//!    crosses.
//!
//! All of it is linear in the text. `docs/recognition.md` has test vectors.

mod hash;
mod replaceable;
pub mod words;

pub use hash::{Power, Prefixes, gram_hash, grams, phrase_hash, word_hash};
pub use words::{Word, words};

use crate::message::{Grams, Phrase, Profile, ProfileDiscriminator, ProfileKind};

/// Words in a gram.
pub const GRAM_WORDS: usize = 4;

/// The fingerprint of a text, without frame, discriminators and clauses. Not `permissive`.
///
/// A text of fewer than four words has no grams and is never recognised.
pub fn profile(key: &str, kind: ProfileKind, text: &str) -> Profile {
    let hashes: Vec<u64> = words(text).map(|word| word.hash).collect();
    let grams = distinct(grams(hashes.iter().copied()).collect());
    Profile {
        key: key.to_owned(),
        kind,
        words: count(hashes.len()),
        whole: phrase_hash(hashes),
        grams,
        frame: Grams::default(),
        discriminators: Vec::new(),
        clauses: Vec::new(),
        permissive: false,
    }
}

/// What stands around the `terms` of whole texts: `frame` of a profile. Grams that are none of the terms',
/// those across the border included, and [`notice_gram`]s of the copyright lines.
pub fn frame<'a>(texts: impl IntoIterator<Item = &'a str>, terms: &[u32]) -> Grams {
    let mut found = Vec::new();
    for text in texts {
        let mut reader = words(text);
        let hashes: Vec<u64> = reader.by_ref().map(|word| word.hash).collect();
        found.extend(grams(hashes.into_iter()));
        found.extend(reader.vanished().iter().map(|word| notice_gram(word.hash)));
    }
    found.retain(|gram| terms.binary_search(gram).is_err());
    distinct(found)
}

/// How a word of a copyright line stands in a frame: these lines have no grams, for each author writes
/// another.
pub fn notice_gram(word: u64) -> u32 {
    gram_hash([word; GRAM_WORDS])
}

fn distinct(mut grams: Vec<u32>) -> Grams {
    grams.sort_unstable();
    grams.dedup();
    grams.into()
}

/// The fingerprint of a phrase: the wording of a restriction, a notice that a licence prescribes.
pub fn phrase(label: &str, text: &str) -> Phrase {
    let hashes: Vec<u64> = words(text).map(|word| word.hash).collect();
    Phrase { label: label.to_owned(), words: count(hashes.len()), hash: phrase_hash(hashes) }
}

/// Whether a text must hold a phrase, or must not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// It must.
    Must,
    /// It must not.
    MustNot,
}

/// A phrase that tells near twins apart; `label` says in the author's words what it means.
pub fn discriminator(label: &str, text: &str, presence: Presence) -> ProfileDiscriminator {
    let Phrase { label, words, hash } = phrase(label, text);
    ProfileDiscriminator { label, words, hash, must: presence == Presence::Must }
}

fn count(words: usize) -> u32 {
    u32::try_from(words).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
