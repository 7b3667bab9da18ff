//! Tokenizer files: `tokenizer.json` as a digest, `tokenizer_config.json` by its fields, and the
//! vocabularies and merges around them by name.
//!
//! `tokenizer.json` can have hundreds of megabytes and is the same for every model of a family, so
//! it is digested as it streams by and never kept.

mod parse;
#[cfg(test)]
mod tests;

use crate::extract::capture::{self, Cap, PastCap, Unread};
use crate::extract::weights::lfs_pointer;
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Reads tokenizer files.
pub struct Tokenizer;

/// Names of tokenizer files that matter by their digest only, sorted by byte.
const NAMES: &[&str] = &[
    "added_tokens.json",
    "bpe.codes",
    "merges.txt",
    "sentencepiece.bpe.model",
    "sentencepiece.model",
    "source.spm",
    "special_tokens_map.json",
    "spiece.model",
    "target.spm",
    "tekken.json",
    "tokenizer.model",
    "tokenizer.model.v3",
    "vocab.bpe",
    "vocab.json",
    "vocab.txt",
];

impl Extractor for Tokenizer {
    fn id(&self) -> &'static str {
        "tokenizer"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::TOKENIZER_CLASS, names::TOKENIZER_DIGEST, names::TOKENIZER_NAME_OR_PATH]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        let name = probe.name;
        matches!(name, "tokenizer.json" | "tokenizer_config.json")
            || name.ends_with(".tiktoken")
            || NAMES.binary_search(&name).is_ok()
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        match probe.name {
            "tokenizer_config.json" => {
                capture::begin(probe, limits, Cap::Config, PastCap::Drop, parse::read)
            }
            // The digest of a pointer would be the digest of something else.
            "tokenizer.json" if !lfs_pointer::is_pointer(probe) => {
                Box::new(parse::DigestParser::new(probe.path))
            }
            _ => Box::new(Unread),
        }
    }
}
