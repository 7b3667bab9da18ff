//! `METADATA` of an installed Python package, in its `*.dist-info` folder.
//!
//! Headers as in mail (core metadata, versions 1.0 to 2.4): `Name: value` lines, a line that begins
//! with white space continues the one before, an empty line ends them. `RECORD` is not needed, and
//! `direct_url.json` is a file of its own that this extractor does not join.

mod parse;
#[cfg(test)]
mod tests;

use super::sheet;
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Reads `METADATA` in a folder called `*.dist-info` or `dist-info`.
pub(super) struct DistInfo;

impl Extractor for DistInfo {
    fn id(&self) -> &'static str {
        "dist_info"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::MANIFEST_KIND, names::MANIFEST_PACKAGE]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        const FOLDER: &[u8] = b"dist-info";
        const FIELD: &[u8] = b"metadata-version:";
        let Some((folders, name)) = probe.path.as_str().rsplit_once('/') else { return false };
        let folder = folders.rsplit_once('/').map_or(folders, |(_, folder)| folder).as_bytes();
        let ending = folder.len().checked_sub(FOLDER.len()).map(|start| folder.split_at(start));
        let is_folder = ending.is_some_and(|(stem, ending)| {
            ending.eq_ignore_ascii_case(FOLDER) && (stem.is_empty() || stem.ends_with(b"."))
        });
        name == "METADATA"
            && is_folder
            && probe.head.windows(FIELD.len()).any(|bytes| bytes.eq_ignore_ascii_case(FIELD))
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        sheet::begin(probe, limits, parse::read)
    }
}
