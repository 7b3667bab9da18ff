//! Model cards, configurations, licence files: what stands around weights.

use super::Extractor;

/// Every extractor of this folder, sorted by id.
pub static ALL: &[&dyn Extractor] = &[];
