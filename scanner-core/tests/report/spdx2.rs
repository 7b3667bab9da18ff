//! SPDX 2.3: read back, references, licence fields.

use std::collections::BTreeSet;

use serde_json::Value;
use spdx_rs::models::SPDX;

use crate::{fixture, parsed, written};

fn strings<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if name == key {
                    found.extend(field.as_str());
                }
                strings(field, key, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| strings(item, key, found)),
        _ => {}
    }
}

fn all<'a>(document: &'a Value, key: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    strings(document, key, &mut found);
    found
}

fn package<'a>(document: &'a Value, name: &str) -> &'a Value {
    let packages = document["packages"].as_array().unwrap();
    packages.iter().find(|package| package["name"] == name).unwrap()
}

#[test]
fn what_is_written_reads_back_equal() {
    for report in [fixture::report(), fixture::layered(), fixture::blank(), fixture::empty()] {
        let text = written("spdx", &report);
        let read: SPDX = serde_json::from_str(&text).unwrap();
        let again: SPDX = serde_json::from_value(serde_json::to_value(&read).unwrap()).unwrap();
        assert_eq!(read, again);
        assert_eq!(read.document_creation_information.spdx_version, "SPDX-2.3");
        assert!(!text.contains("null") && !text.contains("Jane Doe"));
        let packages = report.inventory.artifacts.len();
        assert!(read.package_information.len() > packages);
    }
}

#[test]
fn the_whole_document() {
    insta::assert_snapshot!("spdx2", written("spdx", &fixture::report()));
}

#[test]
fn identifiers_are_unique_and_references_resolve() {
    let document = parsed("spdx", &fixture::report());
    let ids = all(&document, "SPDXID");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(unique.len(), ids.len());
    for id in &unique {
        let rest = id.strip_prefix("SPDXRef-").unwrap();
        assert!(rest.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c)), "{id}");
    }
    for end in ["spdxElementId", "relatedSpdxElement"] {
        for id in all(&document, end) {
            assert!(unique.contains(id), "{id} refers to nothing");
        }
    }
}

#[test]
fn every_reference_that_is_used_is_defined_once() {
    let document = parsed("spdx", &fixture::report());
    let mut used = BTreeSet::new();
    for field in ["licenseDeclared", "licenseConcluded"] {
        for text in all(&document, field) {
            let words = text.split([' ', '(', ')']);
            used.extend(words.filter(|word| word.starts_with("LicenseRef-")));
        }
    }
    let defined = all(&document, "licenseId");
    assert_eq!(used.iter().copied().collect::<Vec<_>>(), defined, "sorted, each once");
    assert_eq!(used.len(), 3);
    let texts = all(&document, "extractedText");
    assert!(texts.contains(&fixture::RAIL_TEXT));
    assert!(texts.contains(&"The text of this licence was not found in the scanned source."));
}

#[test]
fn declared_is_never_concluded() {
    let document = parsed("spdx", &fixture::report());
    let fields = |name: &str| {
        let package = package(&document, name);
        let field = |key: &str| package[key].as_str().unwrap().to_owned();
        (field("licenseDeclared"), field("licenseConcluded"))
    };
    let none = || "NOASSERTION".to_owned();
    let rail = || fixture::RAIL_SPDX.to_owned();
    assert_eq!(fields("acme/coder-ft"), (rail(), rail()));
    assert_eq!(fields("serde-like"), ("MIT OR Apache-2.0".to_owned(), none()));
    assert_eq!(fields("test-tool"), (none(), none()), "contradicted");
    assert_eq!(fields("bigcode/starcoderbase-1b"), (rail(), none()), "from the catalogue");
    assert_eq!(fields("someone/private"), (none(), none()));
}

#[test]
fn relationships_say_what_the_inventory_says() {
    let document = parsed("spdx", &fixture::report());
    let name_of = |id: &Value| {
        let packages = document["packages"].as_array().unwrap();
        let package = packages.iter().find(|package| package["SPDXID"] == *id);
        package.map_or("DOCUMENT", |package| package["name"].as_str().unwrap()).to_owned()
    };
    let relationships: BTreeSet<String> = document["relationships"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| {
            let kind = r["relationshipType"].as_str().unwrap();
            format!("{} {kind} {}", name_of(&r["spdxElementId"]), name_of(&r["relatedSpdxElement"]))
        })
        .collect();
    for expected in [
        "DOCUMENT DESCRIBES acme-chat",
        "acme-chat CONTAINS acme/coder-ft",
        "acme/coder-ft DESCENDANT_OF bigcode/starcoderbase-1b",
        "acme/coder-ft OTHER bigcode/the-stack",
        "acme/llama-lora DEPENDS_ON acme/coder-ft",
        "acme/llama-lora DESCENDANT_OF someone/private",
        "serde-like DEPENDS_ON cyclic",
        "test-tool DEV_DEPENDENCY_OF acme-chat",
        "weights/a/model-00001-of-00002.safetensors CONTAINS model-00001-of-00002.safetensors",
    ] {
        assert!(relationships.contains(expected), "{expected} is not in {relationships:#?}");
    }
}

/// A parser that we give bounded input only must not take long on the worst of it.
#[test]
fn the_deepest_expression_that_passes_is_parsed_quickly() {
    let mut report = fixture::report();
    let deep = format!("{}MIT{}", "(".repeat(24), ")".repeat(24));
    let wide = vec!["MIT"; 1_500].join(" AND ");
    let ids: Vec<_> = report.assessment.artifacts.keys().cloned().collect();
    for (id, expression) in ids.iter().zip([deep, wide]) {
        let conclusion = &mut report.assessment.artifacts.get_mut(id).unwrap().conclusion;
        conclusion.expression = Some(expression);
        conclusion.declared = None;
        conclusion.status = flowdown_core::model::LicenseStatus::Declared;
    }
    let start = std::time::Instant::now();
    written("spdx", &report);
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}
