//! `uv.lock`.
//!
//! ```toml
//! [manifest]
//! members = ["…"]                                  # of a workspace
//!
//! [[package]]
//! name = "…"
//! version = "…"                                    # absent for a dynamic version
//! source = { registry | git | url | path | directory | editable | virtual = "…" }
//! resolution-markers = ["…"]                       # one name may have several versions
//! dependencies = [{ name = "…", version = "…", extra = ["…"], marker = "…" }]
//! sdist = { url = "…", hash = "sha256:…" }
//! wheels = [{ url = "…", hash = "sha256:…" }]
//! [package.optional-dependencies]                  # extra = [{ name = "…" }]
//! [package.dev-dependencies]                       # group = [{ name = "…" }]
//! ```

mod parse;
mod reach;
#[cfg(test)]
mod tests;

use super::sheet;
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Reads `uv.lock`.
pub(super) struct UvLock;

impl Extractor for UvLock {
    fn id(&self) -> &'static str {
        "uv_lock"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::MANIFEST_KIND, names::MANIFEST_PACKAGE, names::MANIFEST_PROJECT]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        probe.name == "uv.lock"
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        sheet::begin(probe, limits, parse::read)
    }
}
