//! `model_index.json` of diffusers: the components of a pipeline.
//!
//! Layout: one JSON object. Keys with a leading underscore describe the pipeline; every other key
//! whose value is a pair `[library, class]` is a component in a folder of that name.

mod parse;
#[cfg(test)]
mod tests;

use crate::extract::capture::{self, Cap, PastCap};
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Reads `model_index.json`.
pub struct ModelIndex;

impl Extractor for ModelIndex {
    fn id(&self) -> &'static str {
        "model_index"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::PIPELINE_CLASS, names::PIPELINE_COMPONENTS, names::PIPELINE_NAME_OR_PATH]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        probe.name == "model_index.json"
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        capture::begin(probe, limits, Cap::Config, PastCap::Drop, parse::read)
    }
}
