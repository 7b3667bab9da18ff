//! Git-LFS pointers: small texts that stand where a large file was not fetched.
//!
//! Layout (git-lfs specification, version 1): below 1024 bytes of UTF-8; lines `key value`, each
//! ended by a line feed; first `version`, then all other keys in order; `oid sha256:` with 64
//! hexadecimal digits and `size` in decimal are required.

mod parse;
#[cfg(test)]
mod tests;

use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// A pointer is smaller than this.
const POINTER_BYTES: u64 = 1024;
/// How a pointer begins; the second address is the one of pre-release versions.
const BEGINNINGS: &[&[u8]] =
    &[b"version https://git-lfs.github.com/spec/", b"version https://hawser.github.com/spec/"];

/// Recognises git-LFS pointers under any name.
#[derive(Debug)]
pub struct LfsPointer;

/// Whether a file is a git-LFS pointer, or a broken one. Other extractors leave it alone then.
pub(crate) fn is_pointer(probe: &Probe<'_>) -> bool {
    probe.size < POINTER_BYTES && BEGINNINGS.iter().any(|start| probe.head.starts_with(start))
}

impl Extractor for LfsPointer {
    fn id(&self) -> &'static str {
        "lfs_pointer"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::LFS_OID, names::LFS_SIZE, names::WEIGHTS_FORMAT]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        is_pointer(probe)
    }

    fn begin(&self, probe: &Probe<'_>, _limits: &Limits) -> Box<dyn Parser> {
        Box::new(parse::PointerParser::begin(probe))
    }
}
