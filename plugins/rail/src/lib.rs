//! The RAIL family: licences whose use restrictions must flow down to every recipient.
//!
//! All knowledge is data: `catalogue/` has a record for each licence version, `profiles/` the
//! fingerprints of its text and of the wording of each restriction. The Hugging Face tag `openrail`
//! names the family and no text, so it means every OpenRAIL-M licence and decides on none.

#![forbid(unsafe_code)]

use flowdown_plugin_sdk::Resolver;
use flowdown_plugin_sdk::catalogue::Knowledge;
use flowdown_plugin_sdk::family::Family;
use flowdown_plugin_sdk::message::TagScheme;

const KNOWLEDGE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/family.json"));

/// The resolver of this family.
pub fn resolver() -> impl Resolver {
    let knowledge = Knowledge::load(KNOWLEDGE).expect("the build script wrote it");
    let keys: Vec<String> = knowledge
        .terms
        .iter()
        .filter(|terms| terms.family == "openrail-m")
        .map(|terms| terms.key.clone())
        .collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    Family::new("rail", env!("CARGO_PKG_VERSION"), knowledge)
        .with_tag(TagScheme::HuggingFace, "openrail", &keys)
        .with_tag(TagScheme::LicenseName, "openrail-family", &keys)
}

flowdown_plugin_sdk::export_plugin!(rail, resolver());

#[cfg(test)]
mod tests;
