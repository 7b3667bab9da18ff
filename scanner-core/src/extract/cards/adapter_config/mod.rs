//! `adapter_config.json` of PEFT: what an adapter was made on top of.
//!
//! Layout: one JSON object. The base may be a repository, or a path on the machine of whoever
//! trained it; it is reported as it is written.

mod parse;
#[cfg(test)]
mod tests;

use crate::extract::capture::{self, Cap, PastCap};
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Reads `adapter_config.json`.
pub struct AdapterConfig;

impl Extractor for AdapterConfig {
    fn id(&self) -> &'static str {
        "adapter_config"
    }

    fn facts(&self) -> &'static [FactName] {
        &[
            names::ADAPTER_BASE_MODEL,
            names::ADAPTER_PEFT_TYPE,
            names::ADAPTER_RANK,
            names::ADAPTER_REVISION,
            names::ADAPTER_TARGET_MODULES,
        ]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        probe.name == "adapter_config.json"
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        capture::begin(probe, limits, Cap::Config, PastCap::Drop, parse::read)
    }
}
