//! Metadata of a weight file: keys with bounded values.

use std::collections::BTreeMap;

use crate::extract::names;
use crate::model::{Digest, Fact, FactValue, Limits, Location};

/// Bytes of metadata values, and of keys, that one file may keep. Single values are bounded by
/// `Limits::metadata_value_bytes`; this bounds many of them.
const KEPT_BYTES: u64 = 16 << 20;

/// The metadata keys of a file with their values.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    values: BTreeMap<String, FactValue>,
    count: u64,
    key_bytes: u64,
    kept_bytes: u64,
}

impl Metadata {
    /// How many bytes of the next value may be kept.
    pub(super) fn room(&self, limits: &Limits) -> u64 {
        (KEPT_BYTES - self.kept_bytes.min(KEPT_BYTES))
            .min(limits.metadata_value_bytes)
            .min(limits.fact_text_bytes)
    }

    /// A text as it is kept: whole when there is room, else described.
    pub(super) fn text_value(&self, text: &str, limits: &Limits) -> FactValue {
        let bytes = text.len() as u64;
        if bytes <= self.room(limits) {
            return text.into();
        }
        described_text(bytes, Digest::sha256_of(text.as_bytes()))
    }

    /// Adds a key. A key that comes again keeps both values, as a list: which of them a reader
    /// takes differs between readers.
    pub(super) fn insert(&mut self, key: &str, value: FactValue) {
        self.count += 1;
        self.key_bytes += key.len() as u64;
        self.kept_bytes += value_bytes(&value);
        match self.values.remove(key) {
            None => self.values.insert(key.to_owned(), value),
            Some(FactValue::List(mut earlier)) => {
                earlier.push(value);
                self.values.insert(key.to_owned(), FactValue::List(earlier))
            }
            Some(earlier) => {
                self.values.insert(key.to_owned(), FactValue::List(vec![earlier, value]))
            }
        };
    }

    /// Counts a key that is not kept.
    pub(super) const fn count_only(&mut self) {
        self.count += 1;
    }

    /// Whether no more keys are to be kept; the next ones are only counted.
    pub(super) const fn is_full(&self, limits: &Limits) -> bool {
        self.count >= limits.metadata_keys || self.key_bytes > KEPT_BYTES
    }

    /// The facts `weights.metadata` and `weights.metadata-count`.
    pub(super) fn into_facts(self, at: &Location) -> [Fact; 2] {
        [
            Fact::new(names::WEIGHTS_METADATA_COUNT, self.count, at.clone()),
            Fact {
                name: names::WEIGHTS_METADATA,
                value: FactValue::Map(self.values),
                at: at.clone(),
            },
        ]
    }
}

/// A text that is too long to keep.
pub(super) fn described_text(bytes: u64, sha256: Digest) -> FactValue {
    FactValue::Map(BTreeMap::from([
        ("bytes".to_owned(), bytes.into()),
        ("sha256".to_owned(), sha256.into()),
        ("type".to_owned(), "string".into()),
    ]))
}

/// An array that is not kept.
pub(super) fn described_array(element_type: &str, length: u64) -> FactValue {
    FactValue::Map(BTreeMap::from([
        ("length".to_owned(), length.into()),
        ("of".to_owned(), element_type.into()),
        ("type".to_owned(), "array".into()),
    ]))
}

fn value_bytes(value: &FactValue) -> u64 {
    match value {
        FactValue::Text(text) => text.len() as u64,
        FactValue::List(items) => items.iter().map(value_bytes).sum(),
        FactValue::Int(_) | FactValue::Digest(_) | FactValue::Map(_) => 0,
    }
}
