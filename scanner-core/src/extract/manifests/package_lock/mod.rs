//! `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3.
//!
//! ```json
//! { "name": "…", "version": "…", "lockfileVersion": 3,
//!   "packages": {                                  // versions 2 and 3, by place
//!     "": { "name": "…", "dependencies": {}, "devDependencies": {} },
//!     "node_modules/a": { "version": "…", "resolved": "…", "integrity": "sha512-…", "dev": true },
//!     "node_modules/w": { "resolved": "packages/w", "link": true },
//!     "packages/w": { "version": "…" } },
//!   "dependencies": {                              // versions 1 and 2, nested
//!     "a": { "version": "…", "requires": {}, "dependencies": {} } } }
//! ```
//!
//! Where both are there, `packages` wins, as it does for npm.

mod entries;
mod parse;
#[cfg(test)]
mod tests;
mod tree;

use super::sheet;
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Reads `package-lock.json` and `npm-shrinkwrap.json`.
pub(super) struct PackageLock;

impl Extractor for PackageLock {
    fn id(&self) -> &'static str {
        "package_lock"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::MANIFEST_KIND, names::MANIFEST_PACKAGE, names::MANIFEST_PROJECT]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        matches!(probe.name, "npm-shrinkwrap.json" | "package-lock.json")
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        sheet::begin(probe, limits, parse::read)
    }
}
