//! The configuration of a model artifact in a registry.
//!
//! ModelPack (CNCF, config.md): `{"descriptor": {"name", "family", "licenses": [], "sourceURL",
//! "revision", …}, …}`. KitOps, the Kitfile as JSON: `{"package": {"name", "license"}, "model":
//! {"name", "license"}, …}`. It is what the publisher says of the model.

mod parse;
#[cfg(test)]
mod tests;

use crate::extract::capture::{self, Cap, PastCap};
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Under this name the configuration of an artifact stands among its files.
pub const FILE_NAME: &str = "oci-model-config.json";

/// Reads the configuration of a model artifact.
pub struct OciModel;

impl Extractor for OciModel {
    fn id(&self) -> &'static str {
        "oci_model"
    }

    fn facts(&self) -> &'static [FactName] {
        &[
            names::OCI_MODEL_FAMILY,
            names::OCI_MODEL_LICENSE,
            names::OCI_MODEL_NAME,
            names::OCI_MODEL_REVISION,
            names::OCI_MODEL_SOURCE,
        ]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        probe.name == FILE_NAME
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        capture::begin(probe, limits, Cap::Config, PastCap::Drop, parse::read)
    }
}
