//! GGUF: the file format of ggml and llama.cpp.
//!
//! Layout: `GGUF`, `u32` version, number of tensors, number of keys, the keys with typed values,
//! the tensor descriptions, padding to `general.alignment`, the data. Counts and lengths are `u32`
//! in version 1 and `u64` later. A big-endian file has its version byte-swapped, there is no other
//! sign. Tensor offsets count from the padded end of the header.
//!
//! The header is read as it streams by: arrays of numbers and long texts are walked over and
//! described, tokens are digested, and no length from the file allocates anything.

mod check;
mod decode;
mod parse;
mod statement;
mod steps;
#[cfg(test)]
mod tests;
mod types;
mod value;

use super::{has_suffix, lfs_pointer};
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

const MAGIC: &[u8] = b"GGUF";

/// Reads GGUF files.
#[derive(Debug)]
pub struct Gguf;

impl Extractor for Gguf {
    fn id(&self) -> &'static str {
        "gguf"
    }

    fn facts(&self) -> &'static [FactName] {
        const FACTS: &[FactName] = &[
            names::GGUF_ADAPTER_TYPE,
            names::GGUF_GENERAL_ARCHITECTURE,
            names::GGUF_GENERAL_AUTHOR,
            names::GGUF_GENERAL_BASENAME,
            names::GGUF_GENERAL_BASE_MODEL,
            names::GGUF_GENERAL_DATASET,
            names::GGUF_GENERAL_FINETUNE,
            names::GGUF_GENERAL_LICENSE,
            names::GGUF_GENERAL_LICENSE_LINK,
            names::GGUF_GENERAL_LICENSE_NAME,
            names::GGUF_GENERAL_NAME,
            names::GGUF_GENERAL_ORGANIZATION,
            names::GGUF_GENERAL_QUANTIZED_BY,
            names::GGUF_GENERAL_REPO_URL,
            names::GGUF_GENERAL_SOURCE_REPO_URL,
            names::GGUF_GENERAL_TYPE,
            names::GGUF_GENERAL_VERSION,
            names::WEIGHTS_ARCHITECTURE,
            names::WEIGHTS_BYTE_ORDER,
            names::WEIGHTS_DTYPES,
            names::WEIGHTS_FORMAT,
            names::WEIGHTS_FORMAT_VERSION,
            names::WEIGHTS_HEADER_DIGEST,
            names::WEIGHTS_METADATA,
            names::WEIGHTS_METADATA_COUNT,
            names::WEIGHTS_PARAMETER_COUNT,
            names::WEIGHTS_QUANTIZATION,
            names::WEIGHTS_SPLIT,
            names::WEIGHTS_TENSOR_COUNT,
            names::WEIGHTS_TENSOR_MANIFEST_DIGEST,
            names::WEIGHTS_TENSOR_SET_DIGEST,
            names::WEIGHTS_TOKENIZER_DIGEST,
        ];
        FACTS
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        probe.size > 0
            && !lfs_pointer::is_pointer(probe)
            && (has_suffix(probe.name, ".gguf") || probe.head.starts_with(MAGIC))
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        Box::new(parse::GgufParser::begin(probe, limits))
    }
}
