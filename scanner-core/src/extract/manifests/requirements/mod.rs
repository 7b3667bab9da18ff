//! pip's requirements files, and constraints files.
//!
//! Lines as pip reads them: a backslash at the end joins the next line, ` #` begins a comment, a
//! line is a requirement with options behind it (`--hash`), an editable one (`-e`), an include
//! (`-r`, `-c`), or an option of pip. Environment variables are left as written. A line that pip
//! would refuse is a diagnostic, and the next one is read.

mod include;
mod line;
mod parse;
#[cfg(test)]
mod tests;

pub use include::{Include, IncludeEdge, IncludeRole, Includes, resolve_includes};

use super::sheet;
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Reads `requirements*.txt`, `*-requirements.txt`, `requirements/*.txt` and `constraints*.txt`.
pub struct Requirements;

impl Extractor for Requirements {
    fn id(&self) -> &'static str {
        "requirements"
    }

    fn facts(&self) -> &'static [FactName] {
        &[names::MANIFEST_INCLUDE, names::MANIFEST_KIND, names::MANIFEST_PACKAGE]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        let path = probe.path.as_str();
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(stem) = name.strip_suffix(".txt") else { return false };
        let folder = folders.rsplit_once('/').map_or(folders, |(_, folder)| folder);
        stem.starts_with("requirements")
            || stem.starts_with("constraints")
            || ["-requirements", "_requirements", ".requirements"]
                .iter()
                .any(|ending| stem.ends_with(ending))
            || folder == "requirements"
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        sheet::begin(probe, limits, parse::read)
    }
}
