//! Weight formats that are recognised by their first bytes and not read: what they are is said,
//! what they hold is not. Nothing is parsed, above all no pickle.

#[cfg(test)]
mod tests;

use super::problems::Problems;
use super::{has_suffix, is_weight_name, lfs_pointer};
use crate::extract::{Extraction, Extractor, Need, Parser, Probe, names};
use crate::model::{Code, Fact, FactName, Limits};

/// Names weight files of formats whose headers are not read.
#[derive(Debug)]
pub struct Opaque;

impl Extractor for Opaque {
    fn id(&self) -> &'static str {
        "opaque"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::WEIGHTS_FORMAT]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        recognise(probe).is_some()
    }

    fn begin(&self, probe: &Probe<'_>, _limits: &Limits) -> Box<dyn Parser> {
        Box::new(OpaqueParser { problems: Problems::of(probe.path), format: recognise(probe) })
    }
}

/// A format by bytes at a fixed place.
struct Magic {
    format: &'static str,
    offset: usize,
    bytes: &'static [u8],
}

const fn magic(format: &'static str, offset: usize, bytes: &'static [u8]) -> Magic {
    Magic { format, offset, bytes }
}

/// Formats whose first bytes suffice, whatever the name, sorted by format. The `ggml` family
/// stores its magic as a little-endian `u32`, so that it stands reversed in the file.
const MAGICS: &[Magic] = &[
    magic("ggjt", 0, b"tjgg"),
    magic("ggla", 0, b"algg"),
    magic("ggmf", 0, b"fmgg"),
    magic("ggml", 0, b"lmgg"),
    magic("hdf5", 0, b"\x89HDF\r\n\x1a\n"),
    magic("numpy", 0, b"\x93NUMPY"),
    magic("tflite", 4, b"TFL3"),
];

/// The format of a file, if it is one that is recognised here.
fn recognise(probe: &Probe<'_>) -> Option<&'static str> {
    let (name, head) = (probe.name, probe.head);
    if lfs_pointer::is_pointer(probe) {
        return None;
    }
    let has_magic = |magic: &&Magic| {
        head.get(magic.offset..).is_some_and(|bytes| bytes.starts_with(magic.bytes))
    };
    if let Some(magic) = MAGICS.iter().find(has_magic) {
        return Some(magic.format);
    }
    if head.starts_with(b"PK\x03\x04") {
        return recognise_zip(name, head);
    }
    match head {
        // Protocol 2 and above begin with the opcode PROTO and the version; earlier ones with
        // nothing that tells them from text.
        [0x80, 2..=5, ..] if is_weight_name(name) || has_suffix(name, ".joblib") => Some("pickle"),
        // Field 1 of ModelProto, `ir_version`, a small number, then another field.
        [0x08, 1..=0x7f, tag, ..] if has_suffix(name, ".onnx") && is_field(*tag) => Some("onnx"),
        // A map of any length class.
        [0x80..=0x8f | 0xde | 0xdf, ..] if has_suffix(name, ".msgpack") => Some("flax-msgpack"),
        _ => None,
    }
}

/// Whether a byte can begin a field of ModelProto: numbers 1 to 15, varint or length-delimited.
const fn is_field(tag: u8) -> bool {
    matches!(tag & 7, 0 | 2) && tag >= 0x08 && tag < 0x80
}

fn recognise_zip(name: &str, head: &[u8]) -> Option<&'static str> {
    let holds = |text: &[u8]| head.windows(text.len()).any(|window| window == text);
    if holds(b"data.pkl") {
        return Some("torch-zip");
    }
    if has_suffix(name, ".npz") {
        return Some("numpy-zip");
    }
    if has_suffix(name, ".keras") {
        return Some("keras-zip");
    }
    // A zip that is named like weights but does not begin like the one of PyTorch.
    is_weight_name(name).then_some("zip")
}

struct OpaqueParser {
    problems: Problems,
    format: Option<&'static str>,
}

impl Parser for OpaqueParser {
    fn feed(&mut self, _bytes: &[u8]) -> Need {
        Need::Done
    }

    fn finish(mut self: Box<Self>) -> Extraction {
        let Some(format) = self.format else {
            return Extraction::default();
        };
        let at = self.problems.location();
        let message = format!(
            "recognised as `{format}` by its first bytes; its header is not read, identity comes \
             from the file digest"
        );
        let help = "keep a card or configuration beside it: nothing inside the file was looked at";
        self.problems.file(Code::WeightsHeaderUnread, message, help);
        Extraction {
            facts: vec![Fact::new(names::WEIGHTS_FORMAT, format, at)],
            diagnostics: self.problems.finish(),
            ..Extraction::default()
        }
    }
}
