//! Commercial licences: what a tag or manifest field such as `proprietary` or `UNLICENSED` means.
//!
//! It means that a contract states the terms, and nothing more: `catalogue/` has the two patterns
//! that such contracts follow, and every name gives both as candidates. No text is recognised and
//! no duty follows from a pattern; what the contract says is named in the settings
//! (`docs/contracts.md`).

#![forbid(unsafe_code)]

use flowdown_plugin_sdk::Resolver;
use flowdown_plugin_sdk::catalogue::Knowledge;
use flowdown_plugin_sdk::family::Family;

const KNOWLEDGE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/family.json"));

/// The resolver of this family.
pub fn resolver() -> impl Resolver {
    let knowledge = Knowledge::load(KNOWLEDGE).expect("the build script wrote it");
    Family::new("commercial", env!("CARGO_PKG_VERSION"), knowledge).with_packages()
}

flowdown_plugin_sdk::export_plugin!(commercial, resolver());

#[cfg(test)]
mod tests;
