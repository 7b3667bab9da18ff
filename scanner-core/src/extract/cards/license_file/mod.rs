//! Licence, notice and use-policy files, by name.
//!
//! The text is kept byte for byte: the bundle passes it on as it is, and recognition reads it. A
//! licence that is no text (a PDF, most often) is a named gap. The name also says what a licence
//! covers where a repository has one for code and one for the model; whether that is so is not
//! decided here.

mod name;
mod parse;
#[cfg(test)]
mod tests;

use crate::extract::capture::{self, Cap, PastCap};
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits, SourcePath};

/// Keeps licence, notice and use-policy files.
pub struct LicenseFile;

/// Whether a file with this path is a licence, notice or use-policy file.
pub(super) fn is_license_name(path: &SourcePath) -> bool {
    name::classify(path).is_some()
}

impl Extractor for LicenseFile {
    fn id(&self) -> &'static str {
        "license_file"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::LICENSE_FILE_KIND, names::LICENSE_FILE_SCOPE]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        is_license_name(probe.path)
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        capture::begin(probe, limits, Cap::Card, PastCap::Drop, parse::read)
    }
}
