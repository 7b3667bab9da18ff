//! The digest of `tokenizer.json`, and the fields of `tokenizer_config.json`.

use sha2::{Digest as _, Sha256};

use crate::extract::capture::Captured;
use crate::extract::cards::fields::{self, Field, Shape};
use crate::extract::{Extraction, Need, Parser, names};
use crate::model::{Algorithm, Digest, Fact, Location, SourcePath};

// Sorted by key.
const FIELDS: &[Field] = &[
    Field { key: "name_or_path", shape: Shape::Text, fact: names::TOKENIZER_NAME_OR_PATH },
    Field { key: "tokenizer_class", shape: Shape::Text, fact: names::TOKENIZER_CLASS },
];

pub(super) fn read(file: &Captured) -> Extraction {
    fields::read_fields(file, FIELDS)
}

/// Digests a file without keeping it.
pub(super) struct DigestParser {
    path: SourcePath,
    state: Sha256,
}

impl DigestParser {
    pub(super) fn new(path: &SourcePath) -> Self {
        Self { path: path.clone(), state: Sha256::new() }
    }
}

impl Parser for DigestParser {
    fn feed(&mut self, bytes: &[u8]) -> Need {
        self.state.update(bytes);
        Need::More
    }

    fn finish(self: Box<Self>) -> Extraction {
        let digest = Digest::new(Algorithm::Sha256, self.state.finalize().into());
        let at = Location::scanned(&self.path);
        let facts = vec![Fact::new(names::TOKENIZER_DIGEST, digest, at)];
        Extraction { facts, ..Extraction::default() }
    }
}
