//! The header as a state machine: each step waits for a few bytes, or for a text of known length.
//! What a step does with its bytes is in `steps`.

use sha2::{Digest as _, Sha256};

use super::super::problems::Problems;
use super::super::tensors::{self, Coverage};
use super::MAGIC;
use super::check::{self, Entry, Layout};
use super::decode::{ArrayStream, TextStream, TokenDigest};
use super::statement::Statement;
use super::value::{ByteOrder, ValueType};
use crate::extract::text::shown_bytes;
use crate::extract::{Extraction, Need, Parser, Probe, Region, names};
use crate::model::{Algorithm, Code, Digest, Fact, Limits, Tensor};

const STOPPED: &str = "what stands before that byte is listed; the rest of the header was not read";

const RAISE: &str = "raise that limit in `[limits]` of the settings if the file is trusted; what \
                     stands behind that byte was not read";

/// What the parser waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
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
    pub(super) problems: Problems,
    pub(super) limits: Limits,
    file_size: u64,
    step: Step,
    /// Bytes of the file that were taken so far.
    pub(super) position: u64,
    hasher: Sha256,
    /// The bytes of a step that arrived in pieces.
    pending: Vec<u8>,
    pub(super) order: ByteOrder,
    /// Bytes of a count or length: 4 in version 1, else 8.
    pub(super) word: u64,
    pub(super) keys: Progress,
    pub(super) tensor_count: Progress,
    pub(super) key: String,
    pub(super) text: TextStream,
    pub(super) array: Option<ArrayStream>,
    pub(super) tokens: Option<TokenDigest>,
    pub(super) statement: Statement,
    pub(super) entry: Entry,
    pub(super) entries: Vec<Entry>,
    pub(super) facts: Vec<Fact>,
    tensors: Vec<Tensor>,
    regions: Vec<Region>,
}

/// How many of an announced number were read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Progress {
    pub(super) read: u64,
    pub(super) announced: u64,
}

impl Progress {
    pub(super) const fn is_complete(self) -> bool {
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
            self.beyond_limit();
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
    }

    /// Checks the tensors against each other and the file, once all of them are known.
    pub(super) fn end_header(&mut self) {
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

    /// Whether the file or the limit ends before `length` more bytes; says so.
    pub(super) fn lacks(&mut self, length: u64, what: &str) -> bool {
        let left = self.file_size.saturating_sub(self.position);
        if length <= left {
            let end = self.position.saturating_add(length);
            if end > self.limits.gguf_header_bytes {
                self.beyond_limit();
                return true;
            }
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

    fn beyond_limit(&mut self) {
        let limit = self.limits.gguf_header_bytes;
        let what = format!("a header beyond the limit `gguf_header_bytes` of `{limit}`");
        self.stop(Code::GgufLimitReached, &what);
    }

    /// Ends reading at something that nothing behind it can be read past.
    pub(super) fn stop(&mut self, code: Code, what: &str) -> Step {
        let message =
            format!("{what} ended reading at byte `{}`; {}", self.position, self.progress());
        let help = match code {
            Code::GgufLimitReached => RAISE,
            _ => STOPPED,
        };
        self.problems.file(code, message, help);
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
        }
        // What was described before reading ended has no place, but a name and a shape.
        if self.tensors.is_empty() {
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
