//! `pyproject.toml`: what a Python project asks for.
//!
//! ```toml
//! [build-system]                 # requires = ["…"]
//! [project]                      # name, version, license, license-files, classifiers
//! dependencies = ["…"]           # PEP 508
//! [project.optional-dependencies]
//! [dependency-groups]            # PEP 735
//! [tool.poetry]                  # name, version, license
//! [tool.poetry.dependencies]     # name = "^1.0" | { version = "…", optional = true, … } | [{ … }]
//! [tool.poetry.group.NAME.dependencies]
//! [tool.uv]                      # dev-dependencies = ["…"]
//! ```

mod parse;
mod poetry;
#[cfg(test)]
mod tests;

use super::sheet;
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Reads `pyproject.toml`.
pub(super) struct Pyproject;

impl Extractor for Pyproject {
    fn id(&self) -> &'static str {
        "pyproject"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::MANIFEST_KIND, names::MANIFEST_PACKAGE, names::MANIFEST_PROJECT]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        probe.name == "pyproject.toml"
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        sheet::begin(probe, limits, parse::read)
    }
}
