//! What a signature of a model says of the files that it is about.
//!
//! OpenSSF Model Signing 1.0: `*.sig` is a Sigstore bundle (JSON) whose DSSE envelope holds an in-toto
//! statement; its predicate lists the files of the model with their digests. The signature itself is
//! not verified, for that needs keys and trust roots that nobody here can vouch for.

mod parse;
#[cfg(test)]
mod tests;

use crate::extract::capture::{self, Cap, PastCap};
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Reads the manifest inside a signature.
pub struct ModelSignature;

impl Extractor for ModelSignature {
    fn id(&self) -> &'static str {
        "model_signature"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::SIGNATURE_FILES, names::SIGNATURE_PREDICATE]
    }

    /// Other signatures have the same ending; theirs is no JSON.
    fn wants(&self, probe: &Probe<'_>) -> bool {
        probe.name.ends_with(".sig")
            && probe.head.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        capture::begin(probe, limits, Cap::Manifest, PastCap::Drop, parse::read)
    }
}
