//! Weight files: one folder per format.

use super::Extractor;

/// Every extractor of this folder, sorted by id.
pub static ALL: &[&dyn Extractor] = &[];
