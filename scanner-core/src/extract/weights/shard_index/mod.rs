//! Shard indexes: which file of a set holds which tensor.
//!
//! Layout: JSON, `{"metadata": {"total_size": n}, "weight_map": {tensor: file}}`. An index is not
//! bound to its shards by anything, so [`check`] compares the two once both are known.

mod check;
mod parse;
#[cfg(test)]
mod tests;

pub use check::{Shard, check};

use super::{has_suffix, lfs_pointer};
use crate::extract::capture::{self, Cap, PastCap};
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Reads `*.index.json` files with a `weight_map`.
#[derive(Debug)]
pub struct ShardIndex;

impl Extractor for ShardIndex {
    fn id(&self) -> &'static str {
        "shard_index"
    }

    fn facts(&self) -> &'static [FactName] {
        &[
            names::WEIGHTS_INDEX_SHARDS,
            names::WEIGHTS_INDEX_TOTAL_SIZE,
            names::WEIGHTS_INDEX_WEIGHT_MAP,
        ]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        probe.size > 0 && stem(probe.name).is_some() && !lfs_pointer::is_pointer(probe)
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        capture::begin(probe, limits, Cap::Config, PastCap::Drop, parse::read)
    }
}

/// What stands before `.index.json`, or before `.index.VARIANT.json` as diffusers names it.
fn stem(name: &str) -> Option<&str> {
    let ending = ".json";
    let stem = has_suffix(name, ending).then(|| &name[..name.len() - ending.len()])?;
    match stem.rsplit_once(".index.") {
        Some((weights, _)) => Some(weights),
        None if has_suffix(stem, ".index") => Some(&stem[..stem.len() - ".index".len()]),
        None => None,
    }
}
