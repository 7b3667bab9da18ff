//! What each step of the header does with its bytes, and which one comes next.

use super::check::Entry;
use super::decode::{ArrayStream, Keep, StreamedText, TokenDigest};
use super::parse::{GgufParser, Step};
use super::value::{ByteOrder, ValueType};
use crate::extract::names;
use crate::extract::text::{shown, shown_bytes};
use crate::model::{Code, Fact, FactValue};

/// Longest key or tensor name that is read; the format allows keys of this length.
const NAME_BYTES: u64 = 65_535;
/// More dimensions than this end the header: nothing behind such a number can be trusted.
const READ_DIMENSIONS: u64 = 64;
const TOKENS_KEY: &str = "tokenizer.ggml.tokens";

impl GgufParser {
    pub(super) fn preamble(&mut self, bytes: &[u8]) -> Step {
        let raw = self.order.unsigned(&bytes[4..]) as u32;
        // Versions are small, so a big-endian one read as little-endian has its low half empty.
        let is_swapped = raw != 0 && raw & 0xffff == 0;
        let version = if is_swapped { raw.swap_bytes() } else { raw };
        self.order = if is_swapped { ByteOrder::Big } else { ByteOrder::Little };
        self.word = if version == 1 { 4 } else { 8 };
        let at = self.problems.location().at_bytes(0, 8);
        self.facts.extend([
            Fact::new(names::WEIGHTS_FORMAT, "gguf", at.clone()),
            Fact::new(names::WEIGHTS_FORMAT_VERSION, u64::from(version), at.clone()),
            Fact::new(names::WEIGHTS_BYTE_ORDER, self.order.name(), at),
        ]);
        if !(1..=3).contains(&version) {
            let message = format!("the file has version `{version}`, known are `1` to `3`");
            let help = "nothing behind the version was read; look for a newer Flowdown";
            self.problems.file(Code::GgufVersionUnknown, message, help);
            return Step::Over;
        }
        Step::Counts
    }

    pub(super) fn counts(&mut self, bytes: &[u8]) -> Step {
        let (tensors, keys) = bytes.split_at(self.word as usize);
        self.tensor_count.announced = self.order.unsigned(tensors);
        self.keys.announced = self.order.unsigned(keys);
        self.next_key()
    }

    fn next_key(&mut self) -> Step {
        if self.keys.is_complete() { self.next_tensor() } else { Step::KeyLength }
    }

    pub(super) fn name_length(&mut self, bytes: &[u8], next: Step) -> Step {
        let length = self.order.unsigned(bytes);
        if length > NAME_BYTES {
            let message = format!("a name of `{length}` bytes, the format allows `{NAME_BYTES}`,");
            return self.stop(Code::GgufHeaderInvalid, &message);
        }
        if self.lacks(length, "a name") {
            return Step::Over;
        }
        self.text.begin(length, Keep::UpTo(NAME_BYTES));
        next
    }

    /// The text that has ended, which was short enough to be kept.
    fn kept_name(&mut self, what: &str) -> String {
        let StreamedText::Kept(bytes) = self.text.end() else {
            return String::new();
        };
        String::from_utf8(bytes).unwrap_or_else(|error| {
            let name = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let message = format!("{what} `{}` is not UTF-8", shown_bytes(error.as_bytes()));
            let help = "bytes that are not UTF-8 are shown as U+FFFD";
            self.problems.key(Code::EncodingNotUtf8, &name, message, help);
            name
        })
    }

    pub(super) fn key(&mut self) -> Step {
        self.key = self.kept_name("the key");
        Step::ValueType
    }

    pub(super) fn value_type(&mut self, bytes: &[u8]) -> Step {
        let id = self.order.unsigned(bytes) as u32;
        match ValueType::of(id) {
            Some(ValueType::Text) => Step::TextLength,
            Some(ValueType::Array) => Step::ArrayHead,
            Some(kind) => Step::Scalar(kind),
            None => self.unknown_type(id),
        }
    }

    fn unknown_type(&mut self, id: u32) -> Step {
        let key = shown(&self.key);
        let message = format!("the value of `{key}` with type `{id}`, known are `0` to `12`,");
        self.stop(Code::GgufHeaderInvalid, &message)
    }

    pub(super) fn scalar(&mut self, kind: ValueType, bytes: &[u8]) -> Step {
        if kind == ValueType::Bool && bytes.iter().any(|byte| *byte > 1) {
            let message = format!("a boolean is `{}`, not `0` or `1`", bytes[0]);
            let help = "it is read as true";
            self.problems.key(Code::GgufOddity, &self.key, message, help);
        }
        self.end_value(kind, kind.scalar(bytes, self.order))
    }

    pub(super) fn text_length(&mut self, bytes: &[u8]) -> Step {
        let length = self.order.unsigned(bytes);
        if self.lacks(length, "a text") {
            return Step::Over;
        }
        if let Some(tokens) = &mut self.tokens {
            tokens.begin_token(length);
        }
        let room = self.statement.room(&self.limits);
        let keep = match &self.array {
            None => Keep::UpTo(room),
            Some(array) if array.keeps() && length <= room => Keep::UpTo(room),
            Some(_) => Keep::Nothing,
        };
        self.text.begin(length, keep);
        Step::Text
    }

    pub(super) fn text(&mut self) -> Step {
        let value = match self.text.end() {
            StreamedText::Kept(bytes) => Some(self.decoded(bytes)),
            StreamedText::Described(description) => Some(description),
            StreamedText::Dropped => None,
        };
        if let Some(array) = &mut self.array {
            array.push(value);
            return self.next_item();
        }
        // Only items of arrays are dropped.
        self.end_value(ValueType::Text, value.unwrap_or_else(|| String::new().into()))
    }

    fn decoded(&mut self, bytes: Vec<u8>) -> FactValue {
        match String::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(error) => {
                let key = shown(&self.key);
                let message = format!("the value of `{key}` is not UTF-8");
                let help = "bytes that are not UTF-8 are shown as U+FFFD";
                self.problems.key(Code::EncodingNotUtf8, &self.key, message, help);
                String::from_utf8_lossy(error.as_bytes()).into_owned().into()
            }
        }
    }

    pub(super) fn array_head(&mut self, bytes: &[u8]) -> Step {
        let (kind, length) = bytes.split_at(4);
        let (id, length) = (self.order.unsigned(kind) as u32, self.order.unsigned(length));
        let Some(element) = ValueType::of(id) else {
            return self.unknown_type(id);
        };
        let least = match element {
            ValueType::Array => 4 + self.word,
            ValueType::Text => self.word,
            fixed => fixed.fixed_bytes().unwrap_or_default() as u64,
        };
        let Some(needed) = length.checked_mul(least) else {
            self.lacks(u64::MAX, "an array");
            return Step::Over;
        };
        if self.lacks(needed, "an array") {
            return Step::Over;
        }
        match &mut self.array {
            None => {
                if self.key == TOKENS_KEY && element == ValueType::Text {
                    self.tokens = Some(TokenDigest::default());
                }
                self.array = Some(ArrayStream::begin(element, length));
            }
            Some(array) if array.depth() >= self.limits.nesting as usize => {
                let message = format!(
                    "arrays nested deeper than the limit `nesting` of `{}`",
                    self.limits.nesting
                );
                return self.stop(Code::GgufLimitReached, &message);
            }
            Some(array) => array.enter(element, length),
        }
        if element.fixed_bytes().is_some() {
            if let Some(array) = &mut self.array {
                array.skip_items();
            }
            return Step::ArrayItems(needed);
        }
        self.next_item()
    }

    pub(super) fn next_item(&mut self) -> Step {
        match self.array.as_mut().and_then(ArrayStream::next_item) {
            Some(ValueType::Array) => Step::ArrayHead,
            Some(_) => Step::TextLength,
            None => {
                if let Some(tokens) = self.tokens.take() {
                    let at = self.problems.location().at_key(TOKENS_KEY);
                    self.facts.push(Fact::new(names::WEIGHTS_TOKENIZER_DIGEST, tokens.end(), at));
                }
                let value =
                    self.array.take().map_or_else(|| FactValue::List(Vec::new()), ArrayStream::end);
                self.end_value(ValueType::Array, value)
            }
        }
    }

    fn end_value(&mut self, kind: ValueType, value: FactValue) -> Step {
        self.statement.add(&self.key, kind, value, &self.limits, &mut self.problems);
        self.keys.read += 1;
        self.next_key()
    }

    fn next_tensor(&mut self) -> Step {
        if self.tensor_count.is_complete() {
            self.end_header();
            return Step::Over;
        }
        if self.tensor_count.read >= self.limits.tensors {
            let message = format!(
                "`{}` tensors, more than the limit `tensors` of `{}`,",
                self.tensor_count.announced, self.limits.tensors
            );
            return self.stop(Code::GgufLimitReached, &message);
        }
        Step::NameLength
    }

    pub(super) fn name(&mut self) -> Step {
        self.entry.name = self.kept_name("the tensor name");
        Step::DimensionCount
    }

    pub(super) fn dimension_count(&mut self, bytes: &[u8]) -> Step {
        let count = self.order.unsigned(bytes);
        if count > READ_DIMENSIONS {
            let name = shown(&self.entry.name);
            let message =
                format!("tensor `{name}` with `{count}` dimensions, the format allows `4`,");
            return self.stop(Code::GgufHeaderInvalid, &message);
        }
        Step::Dimensions(count)
    }

    pub(super) fn dimensions(&mut self, bytes: &[u8]) -> Step {
        // The file has the innermost dimension first.
        let dimensions = bytes.chunks_exact(self.word as usize).rev();
        self.entry.shape = dimensions.map(|bytes| self.order.unsigned(bytes)).collect();
        Step::Placement
    }

    pub(super) fn placement(&mut self, bytes: &[u8]) -> Step {
        let (kind, offset) = bytes.split_at(4);
        self.entries.push(Entry {
            name: std::mem::take(&mut self.entry.name),
            shape: std::mem::take(&mut self.entry.shape),
            type_id: self.order.unsigned(kind) as u32,
            offset: self.order.unsigned(offset),
        });
        self.tensor_count.read += 1;
        self.next_tensor()
    }
}
