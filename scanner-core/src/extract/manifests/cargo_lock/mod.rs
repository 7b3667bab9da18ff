//! `Cargo.lock`, versions 1 to 4.
//!
//! ```toml
//! [[package]]
//! name = "…"
//! version = "…"
//! source = "registry+…" | "sparse+…" | "git+…#commit"    # absent: workspace member or path
//! checksum = "<sha256>"                                   # version 1: in [metadata]
//! dependencies = ["name", "name version", "name version (source)"]
//! ```
//!
//! The `cargo-lock` crate refuses the whole file for one bad entry and knows no line numbers, so
//! it is the oracle of the tests, not the reader.

mod parse;
#[cfg(test)]
mod tests;

use super::sheet;
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Reads `Cargo.lock`.
pub(super) struct CargoLock;

impl Extractor for CargoLock {
    fn id(&self) -> &'static str {
        "cargo_lock"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::MANIFEST_KIND, names::MANIFEST_PACKAGE, names::MANIFEST_PROJECT]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        probe.name == "Cargo.lock"
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        sheet::begin(probe, limits, parse::read)
    }
}
