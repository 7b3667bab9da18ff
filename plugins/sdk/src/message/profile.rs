//! Fingerprints of texts and phrases. Numbers cross as text: hexadecimal and base64.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Hashes of word 4-grams. Shared: the scanner keeps hundreds of thousands of them and copies none.
pub type Grams = Arc<[u32]>;

/// What kind of text a profile describes.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ProfileKind {
    /// A licence.
    License,
    /// An acceptable-use policy.
    UsePolicy,
}

/// The fingerprint of one text, made by [`crate::text`]. Numbers, never the text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Key of the licence, or id of the policy.
    pub key: String,
    /// What kind of text.
    pub kind: ProfileKind,
    /// Number of normalised words.
    pub words: u32,
    /// Hash of all words, 16 hexadecimal digits.
    #[serde(with = "hex64")]
    #[schemars(with = "String")]
    pub whole: u64,
    /// Distinct hashes of the word 4-grams, ascending: little-endian 32-bit numbers in base64.
    #[serde(with = "grams64")]
    #[schemars(with = "String")]
    pub grams: Grams,
    /// Grams of what the published text has around its terms and what changes nothing in them: title,
    /// appendix, exceptions that permit more. Like `grams`.
    #[serde(default, with = "grams64", skip_serializing_if = "no_grams")]
    #[schemars(with = "String")]
    pub frame: Grams,
    /// Phrases that settle near twins.
    #[serde(default)]
    pub discriminators: Vec<ProfileDiscriminator>,
    /// The wording of each restriction, in text order.
    #[serde(default)]
    pub clauses: Vec<Phrase>,
    /// A permissive licence: a near miss of it is unknown, never this one.
    #[serde(default)]
    pub permissive: bool,
}

/// A phrase that tells near twins apart.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileDiscriminator {
    /// What it means, in the author's words.
    pub label: String,
    /// Number of words.
    pub words: u32,
    /// Hash of them, 16 hexadecimal digits.
    #[serde(with = "hex64")]
    #[schemars(with = "String")]
    pub hash: u64,
    /// Whether the text must hold it, or must not.
    pub must: bool,
}

/// The fingerprint of a phrase.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// A restriction label (`(a)`) or a phrase id (`llama-3.1`).
    pub label: String,
    /// Number of words.
    pub words: u32,
    /// Hash of them, 16 hexadecimal digits.
    #[serde(with = "hex64")]
    #[schemars(with = "String")]
    pub hash: u64,
}

mod hex64 {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
    pub(super) fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{value:016x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map_err(D::Error::custom)
    }
}

fn no_grams(grams: &Grams) -> bool {
    grams.is_empty()
}

mod grams64 {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use super::Grams;

    pub(super) fn serialize<S: Serializer>(
        grams: &[u32],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = grams.iter().flat_map(|gram| gram.to_le_bytes()).collect();
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Grams, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text).map_err(D::Error::custom)?;
        let (chunks, rest) = bytes.as_chunks::<4>();
        if !rest.is_empty() {
            return Err(D::Error::custom("the number of bytes is not a multiple of 4"));
        }
        Ok(chunks.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect())
    }
}
