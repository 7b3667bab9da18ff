//! `poetry.lock`, all versions.
//!
//! ```toml
//! [[package]]
//! name = "…"
//! version = "…"
//! optional = false
//! category = "main" | "dev"            # until 1.4
//! groups = ["main", "dev"]             # from lock version 2.1
//! markers = "…" | { main = "…" }       # from lock version 2.1; `marker` before 1.0
//! files = [{ file = "…", hash = "sha256:…" }]
//! [package.dependencies]
//! [package.source]                     # type = "git" | "url" | "file" | "directory" | "legacy"
//!
//! [metadata.files]                     # lock version 1; [metadata.hashes] before 1.0
//! ```

mod parse;
#[cfg(test)]
mod tests;

use super::sheet;
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Reads `poetry.lock`.
pub(super) struct PoetryLock;

impl Extractor for PoetryLock {
    fn id(&self) -> &'static str {
        "poetry_lock"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::MANIFEST_KIND, names::MANIFEST_PACKAGE]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        probe.name == "poetry.lock"
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        sheet::begin(probe, limits, parse::read)
    }
}
