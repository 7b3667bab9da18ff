//! Texts and arrays while they stream by.

use sha2::{Digest as _, Sha256};

use super::super::metadata::{described_array, described_text};
use super::value::ValueType;
use crate::model::{Algorithm, Digest, FactValue};

/// How many texts of an array are kept. Tags, languages and licences have a few; tokens are
/// digested, not kept.
const KEPT_ITEMS: usize = 256;

/// What becomes of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Keep {
    /// It is kept up to this many bytes; a longer one is described by its digest.
    UpTo(u64),
    /// It is walked over.
    Nothing,
}

/// A text that streams by.
#[derive(Debug, Default)]
pub(super) struct TextStream {
    left: u64,
    length: u64,
    sink: Sink,
}

#[derive(Debug, Default)]
enum Sink {
    Kept(Vec<u8>),
    Digested(Box<Sha256>),
    #[default]
    Dropped,
}

/// A text that has ended.
#[derive(Debug)]
pub(super) enum StreamedText {
    /// All of its bytes.
    Kept(Vec<u8>),
    /// Only what is known of it.
    Described(FactValue),
    /// Nothing.
    Dropped,
}

impl TextStream {
    pub(super) fn begin(&mut self, length: u64, keep: Keep) {
        self.left = length;
        self.length = length;
        self.sink = match keep {
            Keep::UpTo(room) if length <= room => Sink::Kept(Vec::new()),
            Keep::UpTo(_) => Sink::Digested(Box::default()),
            Keep::Nothing => Sink::Dropped,
        };
    }

    pub(super) const fn left(&self) -> u64 {
        self.left
    }

    /// Takes bytes, no more than are left.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.left -= bytes.len() as u64;
        match &mut self.sink {
            Sink::Kept(kept) => kept.extend_from_slice(bytes),
            Sink::Digested(hasher) => hasher.update(bytes),
            Sink::Dropped => {}
        }
    }

    pub(super) fn end(&mut self) -> StreamedText {
        match std::mem::take(&mut self.sink) {
            Sink::Kept(bytes) => StreamedText::Kept(bytes),
            Sink::Digested(hasher) => {
                let digest = Digest::new(Algorithm::Sha256, hasher.finalize().into());
                StreamedText::Described(described_text(self.length, digest))
            }
            Sink::Dropped => StreamedText::Dropped,
        }
    }
}

/// An array of texts or arrays while its items stream by.
#[derive(Debug)]
pub(super) struct ArrayStream {
    element: ValueType,
    length: u64,
    /// Items that have not begun, of this array and of those around the current item.
    open: Vec<(ValueType, u64)>,
    /// The items, as long as they are few, short and texts.
    kept: Option<Vec<FactValue>>,
}

impl ArrayStream {
    pub(super) fn begin(element: ValueType, length: u64) -> Self {
        let is_kept = element == ValueType::Text && length <= KEPT_ITEMS as u64;
        Self { element, length, open: vec![(element, length)], kept: is_kept.then(Vec::new) }
    }

    /// How many arrays are open.
    pub(super) const fn depth(&self) -> usize {
        self.open.len()
    }

    /// Opens an array inside the current one.
    pub(super) fn enter(&mut self, element: ValueType, length: u64) {
        self.open.push((element, length));
    }

    /// Ends the items of the innermost array, which are walked over at once.
    pub(super) fn skip_items(&mut self) {
        self.open.pop();
    }

    /// The type of the next item; `None` when all arrays have ended.
    pub(super) fn next_item(&mut self) -> Option<ValueType> {
        while let Some((element, left)) = self.open.last_mut() {
            if *left > 0 {
                *left -= 1;
                return Some(*element);
            }
            self.open.pop();
        }
        None
    }

    /// Whether texts of this array are kept so far.
    pub(super) const fn keeps(&self) -> bool {
        self.kept.is_some()
    }

    /// Takes a text of the outermost array; anything but a kept one ends the keeping.
    pub(super) fn push(&mut self, item: Option<FactValue>) {
        match (item, &mut self.kept) {
            (Some(item), Some(kept)) => kept.push(item),
            _ => self.kept = None,
        }
    }

    pub(super) fn end(self) -> FactValue {
        match self.kept {
            Some(items) => FactValue::List(items),
            None => described_array(self.element.name(), self.length),
        }
    }
}

/// The digest over the tokens of an embedded tokenizer: each as `u64` little-endian length, then
/// its bytes.
#[derive(Debug, Default)]
pub(super) struct TokenDigest(Sha256);

impl TokenDigest {
    pub(super) fn begin_token(&mut self, length: u64) {
        self.0.update(length.to_le_bytes());
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(super) fn end(self) -> Digest {
        Digest::new(Algorithm::Sha256, self.0.finalize().into())
    }
}
