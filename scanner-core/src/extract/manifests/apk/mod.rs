//! Packages that are installed in a system of Alpine: `lib/apk/db/installed`.
//!
//! A paragraph for each package, a letter and a value on each line (apk-package(5)): `P` name, `V`
//! version, `A` architecture, `L` licence, `o` origin, `m` maintainer, `D` dependencies; the files of
//! the package follow with `F` and `R`.

mod parse;
#[cfg(test)]
mod tests;

use super::sheet;
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Reads `lib/apk/db/installed`.
pub(super) struct Apk;

impl Extractor for Apk {
    fn id(&self) -> &'static str {
        "apk"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::MANIFEST_KIND, names::MANIFEST_PACKAGE]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        let root = probe.path.as_str().strip_suffix("lib/apk/db/installed");
        root.is_some_and(|root| root.is_empty() || root.ends_with('/'))
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        sheet::begin(probe, limits, parse::read)
    }
}
