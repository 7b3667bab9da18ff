//! Vendor terms for models: licences that one company wrote for its own weights.
//!
//! All knowledge is data: `catalogue/` has a record for each version of the terms, `profiles/` the
//! fingerprints of the licences, of their acceptable-use policies, and of the notices that they
//! prescribe.

#![forbid(unsafe_code)]

use flowdown_plugin_sdk::Resolver;
use flowdown_plugin_sdk::catalogue::Knowledge;
use flowdown_plugin_sdk::family::Family;

const KNOWLEDGE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/family.json"));

/// The resolver of this family.
pub fn resolver() -> impl Resolver {
    let knowledge = Knowledge::load(KNOWLEDGE).expect("the build script wrote it");
    Family::new("community", env!("CARGO_PKG_VERSION"), knowledge)
}

flowdown_plugin_sdk::export_plugin!(community, resolver());

#[cfg(test)]
mod tests;
