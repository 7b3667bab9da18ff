//! Weight files: one folder per format.
//!
//! Formats are recognised by content; a file whose name promises another one is told so. Headers
//! are read as they stream by and never trusted: every count and length is bounded by `Limits`, a
//! broken header keeps the facts that were read before the break, and nothing is ever executed.

pub mod empty;
pub mod gguf;
pub mod lfs_pointer;
mod metadata;
pub mod opaque;
mod problems;
pub mod safetensors;
pub mod shard_index;
pub(super) mod tensors;

#[cfg(test)]
mod tests;

use super::Extractor;

/// Every extractor of this folder, sorted by id.
pub static ALL: &[&dyn Extractor] = &[
    &empty::Empty,
    &gguf::Gguf,
    &lfs_pointer::LfsPointer,
    &opaque::Opaque,
    &safetensors::Safetensors,
    &shard_index::ShardIndex,
];

/// Endings of file names under which weights are published, sorted.
const WEIGHT_SUFFIXES: &[&str] = &[
    ".bin",
    ".ckpt",
    ".ggml",
    ".gguf",
    ".h5",
    ".keras",
    ".mlmodel",
    ".msgpack",
    ".npz",
    ".onnx",
    ".onnx_data",
    ".ot",
    ".pdparams",
    ".pickle",
    ".pkl",
    ".pt",
    ".pth",
    ".safetensors",
    ".tflite",
];

/// Whether `name` ends with `suffix`, in either case.
fn has_suffix(name: &str, suffix: &str) -> bool {
    let (name, suffix) = (name.as_bytes(), suffix.as_bytes());
    name.len() >= suffix.len() && name[name.len() - suffix.len()..].eq_ignore_ascii_case(suffix)
}

/// Whether a file of this name is expected to hold weights.
pub(crate) fn is_weight_name(name: &str) -> bool {
    WEIGHT_SUFFIXES.iter().any(|suffix| has_suffix(name, suffix))
}
