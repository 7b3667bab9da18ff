//! Collects the header as it streams by, then reads it.

use super::super::problems::Problems;
use super::super::tensors::{self, Coverage};
use super::check::{self, Layout};
use super::header::{self, Header, Stated};
use crate::extract::text::shown_bytes;
use crate::extract::{Extraction, Need, Parser, Probe, Region, names};
use crate::model::{Code, Digest, Fact, Limits, Tensor};

const LENGTH_BYTES: u64 = 8;
const FETCH_AGAIN: &str =
    "the file was cut or is not safetensors: fetch it again; what stands before the cut is listed";

/// What the first bytes promise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Promise {
    /// A header that ends at this byte of the file.
    Whole { end: u64 },
    /// A header that the file ends in.
    Cut { announced: u64 },
    /// Nothing that could be read; the reason is among the problems.
    Nothing,
}

/// Reads one safetensors file.
pub(super) struct SafetensorsParser {
    promise: Promise,
    file_size: u64,
    limits: Limits,
    problems: Problems,
    /// The file from its first byte to the end of the header.
    header: Vec<u8>,
    facts: Vec<Fact>,
    tensors: Vec<Tensor>,
    regions: Vec<Region>,
}

impl SafetensorsParser {
    pub(super) fn begin(probe: &Probe<'_>, limits: &Limits) -> Self {
        let mut problems = Problems::of(probe.path);
        let promise = promise(probe, limits, &mut problems);
        Self {
            promise,
            file_size: probe.size,
            limits: limits.clone(),
            problems,
            header: Vec::new(),
            facts: Vec::new(),
            tensors: Vec::new(),
            regions: Vec::new(),
        }
    }

    /// Reads the collected header, which ends where the file or the header ends.
    fn read(&mut self) {
        let at = self.problems.location().at_bytes(0, self.header.len() as u64);
        self.facts.push(Fact::new(names::WEIGHTS_FORMAT, "safetensors", at.clone()));
        let whole =
            matches!(self.promise, Promise::Whole { end } if end == self.header.len() as u64);
        if whole {
            let digest = Digest::sha256_of(&self.header);
            self.facts.push(Fact::new(names::WEIGHTS_HEADER_DIGEST, digest, at.clone()));
        }
        let json = self.header.get(LENGTH_BYTES as usize..).unwrap_or_default();
        if whole {
            check_padding(json, &mut self.problems);
        }
        let mut header = header::read(json, &self.limits, &mut self.problems);
        self.report_end(&header, whole);

        let coverage =
            if whole && header.broken.is_none() { Coverage::Complete } else { Coverage::Partial };
        let layout = Layout { data_start: self.header.len() as u64, file_size: self.file_size };
        let entries = std::mem::take(&mut header.entries);
        if coverage == Coverage::Complete {
            (self.tensors, self.regions) = check::tensors(entries, layout, &mut self.problems);
        } else {
            // Offsets count from the end of a header that was not read to its end.
            let entries = entries.into_iter().map(|entry| Tensor {
                name: entry.name,
                dtype: entry.dtype.unwrap_or_else(|| "unknown".to_owned()),
                shape: entry.shape.unwrap_or_default(),
                bytes: None,
                digest: None,
            });
            self.tensors = entries.collect();
        }
        self.report_metadata(header, &at);
        self.facts.extend(tensors::facts(&self.tensors, coverage, &at));
        self.header = Vec::new();
    }

    fn report_metadata(&mut self, header: Header, at: &crate::model::Location) {
        for Stated { fact: name, key, value } in header.stated {
            let at = self.problems.location().at_key(format!("__metadata__.{key}"));
            self.facts.push(Fact { name, value, at });
        }
        if let Some(metadata) = header.metadata {
            self.facts.extend(metadata.into_facts(at));
        }
    }

    /// Says why the header was not read to its end.
    fn report_end(&mut self, header: &Header, whole: bool) {
        let tensors = header.entries.len();
        if let Some((limit, value)) = header.limit {
            let message = format!(
                "the header holds more than the limit `{limit}` of `{value}`; reading stopped there"
            );
            let help = format!("raise `limits.{limit}` if the file is trusted");
            self.problems.file(Code::SafetensorsLimitReached, message, &help);
            return;
        }
        if let Promise::Cut { announced } = self.promise {
            let present = self.file_size.saturating_sub(LENGTH_BYTES);
            let message = format!(
                "the header takes `{announced}` bytes, the file has `{present}` after the length"
            );
            self.problems.file(Code::SafetensorsHeaderTruncated, message, FETCH_AGAIN);
        } else if !whole {
            let message =
                format!("reading ended at byte `{}`, inside the header", self.header.len());
            self.problems.file(Code::SafetensorsHeaderTruncated, message, FETCH_AGAIN);
        } else if let Some((reason, offset)) = &header.broken {
            let message = format!(
                "the header is not valid at byte `{}`, after `{tensors}` tensors: {reason}",
                LENGTH_BYTES as usize + offset
            );
            let help = "what stands before that byte is listed; the rest was not read";
            self.problems.file(Code::SafetensorsHeaderInvalid, message, help);
        }
    }
}

/// Judges a file by its first bytes. The same for any way of feeding the rest.
fn promise(probe: &Probe<'_>, limits: &Limits, problems: &mut Problems) -> Promise {
    let Some((length, header)) = probe.head.split_first_chunk::<8>() else {
        let message = format!(
            "the file has `{}` bytes, the length of the header alone takes `{LENGTH_BYTES}`",
            probe.size
        );
        problems.file(Code::SafetensorsHeaderTruncated, message, FETCH_AGAIN);
        return Promise::Nothing;
    };
    let announced = u64::from_le_bytes(*length);
    let present = probe.size.saturating_sub(LENGTH_BYTES);
    if announced == 0 {
        let message = "the header has `0` bytes, the shortest possible one has `2`";
        problems.file(Code::SafetensorsHeaderInvalid, message, FETCH_AGAIN);
        return Promise::Nothing;
    }
    if header.trim_ascii_start().first().is_some_and(|first| *first != b'{') {
        let message = format!(
            "the file is named or shaped like safetensors but begins with `{}`: a length and `{{` \
             were expected",
            shown_bytes(probe.head)
        );
        let help = "the content is another format or an error page: check where it came from";
        problems.file(Code::SafetensorsHeaderInvalid, message, help);
        return Promise::Nothing;
    }
    if announced > limits.safetensors_header_bytes {
        let message = format!(
            "the header says it takes `{announced}` bytes, the limit `safetensors_header_bytes` is \
             `{}` and the file has `{present}` after the length",
            limits.safetensors_header_bytes
        );
        let help = "readers stop at 100000000 bytes: the length is false or the file is hostile";
        problems.file(Code::SafetensorsLimitReached, message, help);
        return Promise::Nothing;
    }
    if announced > present {
        return Promise::Cut { announced };
    }
    Promise::Whole { end: LENGTH_BYTES + announced }
}

/// The format lets a header begin with `{` only, and end in spaces only.
fn check_padding(json: &[u8], problems: &mut Problems) {
    let help = "the reference reader accepts it, the format does not";
    if json.first() != Some(&b'{') {
        let spaces = json.len() - json.trim_ascii_start().len();
        let message = format!("`{spaces}` white-space bytes stand before the `{{` of the header");
        problems.file(Code::SafetensorsOddity, message, help);
    }
    let padding = &json[json.trim_ascii_end().len()..];
    if let Some(byte) = padding.iter().find(|byte| **byte != b' ') {
        let message = format!("the header is padded with byte `{byte:#04x}`, not with spaces");
        problems.file(Code::SafetensorsOddity, message, help);
    }
}

impl Parser for SafetensorsParser {
    fn feed(&mut self, bytes: &[u8]) -> Need {
        let end = match self.promise {
            Promise::Nothing => return Need::Done,
            Promise::Whole { end } => end,
            Promise::Cut { announced } => LENGTH_BYTES + announced,
        };
        let missing = end - self.header.len() as u64;
        let taken = bytes.len().min(usize::try_from(missing).unwrap_or(usize::MAX));
        self.header.extend_from_slice(&bytes[..taken]);
        if taken as u64 == missing {
            self.read();
            self.promise = Promise::Nothing;
            return Need::Done;
        }
        Need::More
    }

    fn regions(&self) -> &[Region] {
        &self.regions
    }

    fn finish(mut self: Box<Self>) -> Extraction {
        if self.promise != Promise::Nothing {
            self.read();
        }
        Extraction {
            facts: self.facts,
            tensors: self.tensors,
            texts: Vec::new(),
            diagnostics: self.problems.finish(),
        }
    }
}
