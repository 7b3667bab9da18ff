//! Our own JSON: its schema, and that nothing is left out.

use std::fs;
use std::path::Path;

use flowdown_core::report;
use serde_json::Value;

use crate::{fixture, parsed, written};

/// `cargo xtask schemas` writes the files; a published version may only gain optional fields.
#[track_caller]
pub(crate) fn check_schema_file(file: &str, schema: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    let text = format!("{}\n", serde_json::to_string_pretty(schema).unwrap());
    let stored = fs::read_to_string(&path).unwrap();
    assert!(stored == text, "`{file}` differs from the types; run `cargo xtask schemas`");
}

#[track_caller]
pub(crate) fn check_against(schema: &Value, document: &Value) -> bool {
    jsonschema::validator_for(schema).unwrap().is_valid(document)
}

#[test]
fn the_schema_file_is_current() {
    check_schema_file("schemas/inventory/1.json", &report::json::schema());
}

#[test]
fn documents_follow_the_schema() {
    let schema = report::json::schema();
    for report in [fixture::report(), fixture::layered(), fixture::empty()] {
        let mut document = parsed("json", &report);
        assert_eq!(document["schema"], report::json::SCHEMA_ID);
        assert!(check_against(&schema, &document));
        document["unheard_of"] = Value::Null;
        assert!(!check_against(&schema, &document), "the schema refuses what it does not know");
    }
}

#[test]
fn the_whole_document() {
    insta::assert_snapshot!("inventory", written("json", &fixture::report()));
}

#[test]
fn nothing_is_left_out() {
    let report = fixture::report();
    let document = parsed("json", &report);
    let count = |pointer: &str| {
        let value = document.pointer(pointer).unwrap();
        value.as_array().map_or_else(|| value.as_object().unwrap().len(), Vec::len)
    };
    let (inventory, assessment) = (&report.inventory, &report.assessment);
    assert_eq!(count("/inventory/artifacts"), inventory.artifacts.len());
    assert_eq!(count("/inventory/relations"), inventory.relations.len());
    assert_eq!(count("/inventory/texts"), inventory.texts.len());
    assert_eq!(count("/inventory/terms"), inventory.terms.len());
    assert_eq!(count("/inventory/unclaimed"), inventory.unclaimed.len());
    assert_eq!(count("/inventory/diagnostics"), inventory.diagnostics.len());
    assert_eq!(count("/assessment/artifacts"), assessment.artifacts.len());
    assert_eq!(count("/assessment/findings"), assessment.findings.len());
    assert_eq!(count("/assessment/bundle/entries"), assessment.bundle.entries.len());
    assert_eq!(count("/assessment/flow/parties"), assessment.flow.parties.len());
    assert_eq!(count("/assessment/flow/hops"), assessment.flow.hops.len());
    assert_eq!(count("/assessment/flow/unknown"), assessment.flow.unknown.len());
    for (index, chain) in assessment.flow.chains.iter().enumerate() {
        let at = |list: &str| count(&format!("/assessment/flow/chains/{index}/{list}"));
        assert_eq!(at("artifacts"), chain.artifacts.len());
        assert_eq!(at("holdings"), chain.holdings.len());
        assert_eq!(at("bindings"), chain.bindings.len());
        assert_eq!(at("edges"), chain.edges.len());
        assert_eq!(at("gaps"), chain.gaps.len());
    }
    assert_eq!(count("/plugins"), report.plugins.len());
    for (index, artifact) in inventory.artifacts.iter().enumerate() {
        let at = |list: &str| count(&format!("/inventory/artifacts/{index}/{list}"));
        assert_eq!(at("files"), artifact.files.len());
        assert_eq!(at("facts"), artifact.facts.len());
        let claims = inventory.claims.get(&artifact.id).map_or(0, Vec::len);
        assert_eq!(at("license_claims"), claims);
    }
}
