//! `mergekit_config.yml`: what a merged model was made from.
//!
//! Layout: YAML, one document for each step. Models stand below `models`, `slices[].sources`,
//! `modules.<name>.slices[].sources` or `experts`; each is a name, a name with revision and
//! adapter (`name@revision+adapter`), or a map with the name inside.

mod parse;
#[cfg(test)]
mod tests;

use crate::extract::capture::{self, Cap, PastCap};
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Reads `mergekit_config.yml`.
pub struct Mergekit;

/// Sorted by byte.
const NAMES: &[&str] = &[
    "mergekit_config.yaml",
    "mergekit_config.yml",
    "mergekit_moe_config.yaml",
    "mergekit_moe_config.yml",
];

impl Extractor for Mergekit {
    fn id(&self) -> &'static str {
        "mergekit"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::MERGE_BASE_MODEL, names::MERGE_METHOD, names::MERGE_MODELS]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        NAMES.binary_search(&probe.name).is_ok()
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        capture::begin(probe, limits, Cap::Card, PastCap::Drop, parse::read)
    }
}
