//! `config.json` of transformers, diffusers components and sentence-transformers.
//!
//! Layout: one JSON object. `_name_or_path` is where the weights came from when they were saved,
//! which often names the base model: it is reported as lineage, never as the model's own name.

mod parse;
#[cfg(test)]
mod tests;

use crate::extract::capture::{self, Cap, PastCap};
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Reads `config.json`.
pub struct Config;

impl Extractor for Config {
    fn id(&self) -> &'static str {
        "config"
    }

    fn facts(&self) -> &'static [FactName] {
        &[
            names::CONFIG_ARCHITECTURES,
            names::CONFIG_HYPERPARAMETERS,
            names::CONFIG_MODEL_TYPE,
            names::CONFIG_NAME_OR_PATH,
            names::CONFIG_QUANTIZATION,
            names::CONFIG_TORCH_DTYPE,
            names::CONFIG_TRANSFORMERS_VERSION,
        ]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        probe.name == "config.json"
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        capture::begin(probe, limits, Cap::Config, PastCap::Drop, parse::read)
    }
}
