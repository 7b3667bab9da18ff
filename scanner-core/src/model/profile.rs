//! Fingerprints of known texts: numbers, never the text.
//!
//! How words and hashes are made is part of the plugin contract and lives in the plugin SDK
//! (`flowdown_plugin_sdk::text`), so that a profile made by a plugin author matches here.

use std::sync::Arc;

use super::{LicenseKey, ResolverId};

/// What kind of text a profile describes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ProfileKind {
    /// A licence.
    License,
    /// An acceptable-use policy.
    UsePolicy,
}

/// A phrase that tells near twins apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Discriminator {
    /// What its presence or absence means, in our words.
    pub label: String,
    /// Number of words.
    pub words: u32,
    /// `text::phrase_hash` of them.
    pub hash: u64,
    /// `true`: the text must hold it; `false`: it must not.
    pub must: bool,
}

/// The fingerprint of one text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextProfile {
    /// The licence, or the policy's id (`llama-3.1-aup`).
    pub key: LicenseKey,
    /// What kind of text.
    pub kind: ProfileKind,
    /// Number of normalised words.
    pub words: u32,
    /// `text::phrase_hash` of all of them: equal means the same text.
    pub whole: u64,
    /// Distinct hashes of its word 4-grams, ascending.
    pub grams: Arc<[u32]>,
    /// Hashes of the 4-grams of what stands around its terms and changes nothing in them, ascending.
    pub frame: Arc<[u32]>,
    /// Phrases that settle near twins.
    pub discriminators: Vec<Discriminator>,
    /// Restriction labels with the word count and hash of their verbatim wording, in text order.
    pub clauses: Vec<PhraseProfile>,
    /// A permissive licence: a text that is nearly this one is unknown, never this one.
    pub permissive: bool,
    /// Which plugin brought it.
    pub by: ResolverId,
}

/// A phrase to find verbatim: a restriction's wording, a notice that a licence prescribes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PhraseProfile {
    /// A restriction label (`(a)`) or a phrase id (`llama-3.1`).
    pub label: String,
    /// Number of words.
    pub words: u32,
    /// `text::phrase_hash` of them.
    pub hash: u64,
}
