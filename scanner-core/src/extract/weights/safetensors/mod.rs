//! Safetensors: tensors with a JSON header.
//!
//! Layout: `u64` little-endian header length N, then N bytes of JSON that begin with `{` and may
//! end in spaces, then the data of all tensors without holes. The header maps tensor names to
//! `{dtype, shape, data_offsets}`, offsets counted from the end of the header, and
//! `__metadata__` to a map from string to string.
//!
//! Readers disagree on headers that break these rules (the reference reader takes the last of two
//! equal keys), so everything that breaks them is named, and what can be read is still reported.

mod check;
mod dtype;
mod header;
mod parse;
#[cfg(test)]
mod tests;

use super::{has_suffix, lfs_pointer};
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// The longest header that is recognised without the file's name: the reference reader's limit.
const RECOGNISED_HEADER_BYTES: u64 = 100_000_000;

/// Reads safetensors files.
#[derive(Debug)]
pub struct Safetensors;

impl Extractor for Safetensors {
    fn id(&self) -> &'static str {
        "safetensors"
    }

    fn facts(&self) -> &'static [FactName] {
        const FACTS: &[FactName] = &[
            names::SAFETENSORS_METADATA_LICENSE,
            names::WEIGHTS_ARCHITECTURE,
            names::WEIGHTS_DTYPES,
            names::WEIGHTS_FORMAT,
            names::WEIGHTS_HEADER_DIGEST,
            names::WEIGHTS_METADATA,
            names::WEIGHTS_METADATA_COUNT,
            names::WEIGHTS_PARAMETER_COUNT,
            names::WEIGHTS_TENSOR_COUNT,
            names::WEIGHTS_TENSOR_MANIFEST_DIGEST,
            names::WEIGHTS_TENSOR_SET_DIGEST,
        ];
        FACTS
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        probe.size > 0
            && !lfs_pointer::is_pointer(probe)
            && (has_suffix(probe.name, ".safetensors") || looks_like(probe.head))
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        Box::new(parse::SafetensorsParser::begin(probe, limits))
    }
}

/// Whether a file begins like safetensors: a plausible length, then `{`, then a key or the end.
fn looks_like(head: &[u8]) -> bool {
    let Some((length, header)) = head.split_first_chunk::<8>() else {
        return false;
    };
    let length = u64::from_le_bytes(*length);
    let mut rest = header.trim_ascii_start();
    if !(2..=RECOGNISED_HEADER_BYTES).contains(&length) || !rest.starts_with(b"{") {
        return false;
    }
    rest = rest[1..].trim_ascii_start();
    matches!(rest.first(), Some(b'"' | b'}'))
}
