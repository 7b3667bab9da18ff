//! Packages that are installed in a system of Debian, or of what derives from it.
//!
//! `var/lib/dpkg/status` has a paragraph for each package that dpkg knows, `var/lib/dpkg/status.d/`
//! of images without dpkg a file for each (deb-control(5), dpkg-query(1)). Packages count whose files
//! are there; of a package that was removed only its configuration is. The licence stands in
//! `usr/share/doc/<package>/copyright`, a file of its own that this extractor does not join.

mod parse;
#[cfg(test)]
mod tests;

use super::sheet;
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Reads `status`, and the files of `status.d`, of a folder `var/lib/dpkg`.
pub(super) struct Dpkg;

impl Extractor for Dpkg {
    fn id(&self) -> &'static str {
        "dpkg"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::MANIFEST_KIND, names::MANIFEST_PACKAGE]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        let Some((folder, name)) = probe.path.as_str().rsplit_once('/') else { return false };
        let is_status = name == "status" && is_at(folder, "var/lib/dpkg");
        // Beside each file of `status.d` is one with the digests of the package's files.
        let is_part = is_at(folder, "var/lib/dpkg/status.d") && !name.ends_with(".md5sums");
        is_status || is_part
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        sheet::begin(probe, limits, parse::read)
    }
}

/// Whether `folder` is `place` of a system whose root is the source or any folder of it.
fn is_at(folder: &str, place: &str) -> bool {
    folder.strip_suffix(place).is_some_and(|root| root.is_empty() || root.ends_with('/'))
}
