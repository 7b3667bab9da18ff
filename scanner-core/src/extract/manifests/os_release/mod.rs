//! What the system in a file tree is: `etc/os-release` and `usr/lib/os-release`.
//!
//! Assignments of a shell, one a line, whose values may be quoted (os-release(5)).

mod parse;
#[cfg(test)]
mod tests;

use super::sheet;
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// The places of the file below the root of a system; the first one wins.
pub const PLACES: [&str; 2] = ["etc/os-release", "usr/lib/os-release"];

/// Reads `os-release`.
pub(super) struct OsRelease;

impl Extractor for OsRelease {
    fn id(&self) -> &'static str {
        "os_release"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::MANIFEST_KIND, names::OS_RELEASE]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        let is_at = |place: &&str| {
            let root = probe.path.as_str().strip_suffix(place);
            root.is_some_and(|root| root.is_empty() || root.ends_with('/'))
        };
        PLACES.iter().any(|place| is_at(&place))
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        sheet::begin(probe, limits, parse::read)
    }
}
