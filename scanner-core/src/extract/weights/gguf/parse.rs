//! The header as a state machine: each step waits for a few bytes, or for a text of known length.

use sha2::{Digest as _, Sha256};

use super::super::problems::{Problems, shown, shown_bytes};
use super::super::tensors::{self, Coverage};
use super::MAGIC;
use super::check::{self, Entry, Layout};
use super::decode::{ArrayStream, Keep, StreamedText, TextStream, TokenDigest};
use super::statement::Statement;
use super::value::{ByteOrder, ValueType};
use crate::extract::{Extraction, Need, Parser, Probe, Region, names};
use crate::model::{Algorithm, Code, Digest, Fact, FactValue, Limits, Tensor};

/// Longest key or tensor name that is read; the format allows keys of this length.
const NAME_BYTES: u64 = 65_535;
/// More dimensions than this end the header: nothing behind such a number can be trusted.
const READ_DIMENSIONS: u64 = 64;
const TOKENS_KEY: &str = "tokenizer.ggml.tokens";
const STOPPED: &str = "what stands before that byte is listed; the rest of the header was not read";

/// What the parser waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    Preamble,
    Counts,
    KeyLength,
    Key,
    ValueType,
    Scalar(ValueType),
    TextLength,
    Text,
    ArrayHead,
    ArrayItems(u64),
    NameLength,
    Name,
    DimensionCount,
    Dimensions(u64),
    Placement,
    /// Nothing more: the header was read, or reading it ended.
    Over,
}

/// Reads one GGUF file.
pub(super) struct GgufParser {
    problems: Problems,
    limits: Limits,
    file_size: u64,
    step: Step,
    /// Bytes of the file that were taken so far.
    position: u64,
    hasher: Sha256,
    /// The bytes of a step that arrived in pieces.
    pending: Vec<u8>,
    order: ByteOrder,
    /// Bytes of a count or length: 4 in version 1, else 8.
    word: u64,
    keys: Progress,
    tensor_count: Progress,
    key: String,
    text: TextStream,
    array: Option<ArrayStream>,
    tokens: Option<TokenDigest>,
    statement: Statement,
    entry: Entry,
    entries: Vec<Entry>,
    facts: Vec<Fact>,
    tensors: Vec<Tensor>,
    regions: Vec<Region>,
}

/// How many of an announced number were read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Progress {
    read: u64,
    announced: u64,
}

impl Progress {
    const fn is_complete(self) -> bool {
        self.read >= self.announced
    }
}

impl GgufParser {
    pub(super) fn begin(probe: &Probe<'_>, limits: &Limits) -> Self {
        let mut problems = Problems::of(probe.path);
        // A file of fewer bytes than the magic is cut, not something else.
        let is_gguf = MAGIC.starts_with(&probe.head[..probe.head.len().min(MAGIC.len())]);
        if !is_gguf {
            let message = format!(
                "the file is named `.gguf` but begins with `{}`, not with `GGUF`",
                shown_bytes(probe.head)
            );
            let help = "the content is another format or an error page: check where it came from";
            problems.file(Code::GgufHeaderInvalid, message, help);
        }
        Self {
            problems,
            limits: limits.clone(),
            file_size: probe.size,
            step: if is_gguf { Step::Preamble } else { Step::Over },
            position: 0,
            hasher: Sha256::new(),
            pending: Vec::new(),
            order: ByteOrder::Little,
            word: 8,
            keys: Progress::default(),
            tensor_count: Progress::default(),
            key: String::new(),
            text: TextStream::default(),
            array: None,
            tokens: None,
            statement: Statement::default(),
            entry: Entry { name: String::new(), shape: Vec::new(), type_id: 0, offset: 0 },
            entries: Vec::new(),
            facts: Vec::new(),
            tensors: Vec::new(),
            regions: Vec::new(),
        }
    }

    /// How many bytes the current step still waits for.
    fn wanted(&self) -> u64 {
        let whole = match self.step {
            Step::Key | Step::Text | Step::Name => return self.text.left(),
            Step::ArrayItems(left) => return left,
            Step::Over => return 0,
            Step::Preamble => 8,
            Step::Counts => 2 * self.word,
            Step::KeyLength | Step::TextLength | Step::NameLength => self.word,
            Step::ValueType | Step::DimensionCount => 4,
            Step::Scalar(kind) => kind.fixed_bytes().unwrap_or_default() as u64,
            Step::ArrayHead => 4 + self.word,
            Step::Dimensions(count) => count * self.word,
            Step::Placement => 12,
        };
        whole - self.pending.len() as u64
    }

    /// Gives `bytes`, no more than are wanted, to the current step.
    fn take(&mut self, bytes: &[u8]) {
        self.position += bytes.len() as u64;
        match &mut self.step {
            Step::Key | Step::Name => self.text.push(bytes),
            Step::Text => {
                self.text.push(bytes);
                if let Some(tokens) = &mut self.tokens {
                    tokens.push(bytes);
                }
            }
            Step::ArrayItems(left) => *left -= bytes.len() as u64,
            _ => self.pending.extend_from_slice(bytes),
        }
    }

    /// Ends the current step, which has all of its bytes, and chooses the next one.
    fn advance(&mut self) {
        if self.position > self.limits.gguf_header_bytes {
            let limit = self.limits.gguf_header_bytes;
            self.stop(
                Code::GgufLimitReached,
                &format!(
                    "the header takes more bytes than the limit `gguf_header_bytes` of `{limit}`"
                ),
            );
            return;
        }
        let bytes = std::mem::take(&mut self.pending);
        self.step = match self.step {
            Step::Preamble => self.preamble(&bytes),
            Step::Counts => self.counts(&bytes),
            Step::KeyLength => self.name_length(&bytes, Step::Key),
            Step::Key => self.key(),
            Step::ValueType => self.value_type(&bytes),
            Step::Scalar(kind) => self.scalar(kind, &bytes),
            Step::TextLength => self.text_length(&bytes),
            Step::Text => self.text(),
            Step::ArrayHead => self.array_head(&bytes),
            Step::ArrayItems(_) => self.next_item(),
            Step::NameLength => self.name_length(&bytes, Step::Name),
            Step::Name => self.name(),
            Step::DimensionCount => self.dimension_count(&bytes),
            Step::Dimensions(_) => self.dimensions(&bytes),
            Step::Placement => self.placement(&bytes),
            Step::Over => Step::Over,
        };
        // The buffer is small and comes back, so that steps do not allocate one each.
        self.pending = bytes;
        self.pending.clear();
        if self.step == Step::Over && self.tensors.is_empty() {
            self.tensors = self.entries.drain(..).map(Entry::tensor).collect();
        }
    }

    fn preamble(&mut self, bytes: &[u8]) -> Step {
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

    fn counts(&mut self, bytes: &[u8]) -> Step {
        let (tensors, keys) = bytes.split_at(self.word as usize);
        self.tensor_count.announced = self.order.unsigned(tensors);
        self.keys.announced = self.order.unsigned(keys);
        self.next_key()
    }

    fn next_key(&mut self) -> Step {
        if self.keys.is_complete() { self.next_tensor() } else { Step::KeyLength }
    }

    fn name_length(&mut self, bytes: &[u8], next: Step) -> Step {
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

    fn key(&mut self) -> Step {
        self.key = self.kept_name("the key");
        Step::ValueType
    }

    fn value_type(&mut self, bytes: &[u8]) -> Step {
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

    fn scalar(&mut self, kind: ValueType, bytes: &[u8]) -> Step {
        if kind == ValueType::Bool && bytes.iter().any(|byte| *byte > 1) {
            let message = format!("a boolean is `{}`, not `0` or `1`", bytes[0]);
            let help = "it is read as true";
            self.problems.key(Code::GgufOddity, &self.key, message, help);
        }
        self.end_value(kind, kind.scalar(bytes, self.order))
    }

    fn text_length(&mut self, bytes: &[u8]) -> Step {
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

    fn text(&mut self) -> Step {
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

    fn array_head(&mut self, bytes: &[u8]) -> Step {
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

    fn next_item(&mut self) -> Step {
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

    fn name(&mut self) -> Step {
        self.entry.name = self.kept_name("the tensor name");
        Step::DimensionCount
    }

    fn dimension_count(&mut self, bytes: &[u8]) -> Step {
        let count = self.order.unsigned(bytes);
        if count > READ_DIMENSIONS {
            let name = shown(&self.entry.name);
            let message =
                format!("tensor `{name}` with `{count}` dimensions, the format allows `4`,");
            return self.stop(Code::GgufHeaderInvalid, &message);
        }
        Step::Dimensions(count)
    }

    fn dimensions(&mut self, bytes: &[u8]) -> Step {
        // The file has the innermost dimension first.
        let dimensions = bytes.chunks_exact(self.word as usize).rev();
        self.entry.shape = dimensions.map(|bytes| self.order.unsigned(bytes)).collect();
        Step::Placement
    }

    fn placement(&mut self, bytes: &[u8]) -> Step {
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

    /// Checks the tensors against each other and the file, once all of them are known.
    fn end_header(&mut self) {
        let entries = std::mem::take(&mut self.entries);
        match self.statement.alignment() {
            Some(alignment) => {
                let layout =
                    Layout { header_end: self.position, alignment, file_size: self.file_size };
                (self.tensors, self.regions) = check::tensors(entries, layout, &mut self.problems);
            }
            None => self.tensors = entries.into_iter().map(Entry::tensor).collect(),
        }
    }

    /// Whether the file ends before `length` more bytes; says so.
    fn lacks(&mut self, length: u64, what: &str) -> bool {
        let left = self.file_size.saturating_sub(self.position);
        if length <= left {
            return false;
        }
        let message = format!(
            "{what} at byte `{}` takes at least `{length}` bytes, the file has `{left}` left; {}",
            self.position,
            self.progress()
        );
        self.problems.file(Code::GgufHeaderTruncated, message, STOPPED);
        self.step = Step::Over;
        true
    }

    /// Ends reading at something that nothing behind it can be read past.
    fn stop(&mut self, code: Code, what: &str) -> Step {
        let message =
            format!("{what} ended reading at byte `{}`; {}", self.position, self.progress());
        self.problems.file(code, message, STOPPED);
        self.step = Step::Over;
        Step::Over
    }

    fn progress(&self) -> String {
        format!(
            "`{}` of `{}` keys and `{}` of `{}` tensors were read",
            self.keys.read,
            self.keys.announced,
            self.tensor_count.read,
            self.tensor_count.announced
        )
    }

    /// Whether every announced key and tensor was read.
    const fn coverage(&self) -> Coverage {
        // The counts stand at the end of the first 24 bytes (16 in version 1).
        let has_counts = self.position >= 8 + 2 * self.word;
        if has_counts && self.keys.is_complete() && self.tensor_count.is_complete() {
            Coverage::Complete
        } else {
            Coverage::Partial
        }
    }
}

impl Parser for GgufParser {
    fn feed(&mut self, bytes: &[u8]) -> Need {
        let mut rest = bytes;
        while self.step != Step::Over {
            let wanted = self.wanted();
            if wanted > 0 && rest.is_empty() {
                break;
            }
            let (taken, after) =
                rest.split_at(rest.len().min(usize::try_from(wanted).unwrap_or(usize::MAX)));
            self.take(taken);
            rest = after;
            if self.wanted() == 0 {
                self.advance();
            }
        }
        self.hasher.update(&bytes[..bytes.len() - rest.len()]);
        if self.step == Step::Over { Need::Done } else { Need::More }
    }

    fn regions(&self) -> &[Region] {
        &self.regions
    }

    fn finish(mut self: Box<Self>) -> Extraction {
        if self.step != Step::Over {
            let message = format!(
                "the header breaks off at byte `{}` of `{}`; {}",
                self.position,
                self.file_size,
                self.progress()
            );
            self.problems.file(Code::GgufHeaderTruncated, message, STOPPED);
            self.tensors = self.entries.drain(..).map(Entry::tensor).collect();
        }
        if self.facts.is_empty() {
            // Not GGUF, or cut before the version.
            return Extraction { diagnostics: self.problems.finish(), ..Extraction::default() };
        }
        let at = self.problems.location().at_bytes(0, self.position);
        let coverage = self.coverage();
        let mut facts = self.facts;
        if coverage == Coverage::Complete {
            let digest = Digest::new(Algorithm::Sha256, self.hasher.finalize().into());
            facts.push(Fact::new(names::WEIGHTS_HEADER_DIGEST, digest, at.clone()));
        }
        facts.extend(self.statement.into_facts(&self.tensors, &at, &mut self.problems));
        facts.extend(tensors::facts(&self.tensors, coverage, &at));
        Extraction {
            facts,
            tensors: self.tensors,
            texts: Vec::new(),
            diagnostics: self.problems.finish(),
        }
    }
}
