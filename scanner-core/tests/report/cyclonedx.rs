//! CycloneDX: what the schema does not check, and what each kind of licence becomes.

use std::collections::BTreeSet;

use flowdown_core::model::{Fact, FactName, LicenseStatus, Location, Report, SourcePath};
use flowdown_core::report::cyclonedx::PROPERTY_NAMES;
use serde_json::{Value, json};

use crate::{fixture, parsed, written};

#[track_caller]
fn lint(document: &Value) {
    let problems = problems(document);
    assert!(problems.is_empty(), "{problems:#?}");
}

/// Everything the official schema accepts although it is wrong.
fn problems(document: &Value) -> Vec<String> {
    let mut names = BTreeSet::new();
    let mut problems = Vec::new();
    // What 1.5 has no field for stands in properties as the JSON of 1.6.
    let mut document = document.clone();
    let properties = document.get_mut("properties").and_then(Value::as_array_mut);
    for property in properties.into_iter().flatten() {
        if property["name"].as_str().unwrap().starts_with("flowdown:de") {
            let value = serde_json::from_str(property["value"].as_str().unwrap()).unwrap();
            property["json"] = value;
        }
    }
    let document = &document;
    walk(document, &mut |key, value| {
        if key == "bom-ref" && !names.insert(value.as_str().unwrap().to_owned()) {
            problems.push(format!("bom-ref {value} is not unique"));
        }
    });
    for name in &names {
        if name.contains('%') || !name.is_ascii() {
            problems.push(format!("bom-ref {name:?} is encoded or not ASCII"));
        }
    }
    let mut resolve = |value: &Value| {
        if !names.contains(value.as_str().unwrap()) {
            problems.push(format!("{value} refers to nothing"));
        }
    };
    let mut properties = Vec::new();
    walk(document, &mut |key, value| match key {
        "ref" | "requirement" | "target" | "attributedTo" => resolve(value),
        "dependsOn" | "assemblies" | "subjects" | "claims" | "counterClaims" | "evidence"
        | "tools" => {
            // The same words name lists of objects elsewhere.
            value.as_array().into_iter().flatten().filter(|v| v.is_string()).for_each(&mut resolve);
        }
        "properties" => properties.extend(value.as_array().unwrap().iter().cloned()),
        _ => {}
    });
    for property in &properties {
        let (name, value) = (property["name"].as_str().unwrap(), &property["value"]);
        if name.ends_with("-ref") || name.ends_with(":ref") || name.ends_with(":applies-to") {
            resolve(value);
        }
    }
    let known = |name: &str| PROPERTY_NAMES.contains(&name) || name.starts_with("cdx:ai-ml:");
    for property in &properties {
        let name = property["name"].as_str().unwrap();
        if !known(name) {
            problems.push(format!("property {name} is not in the list"));
        }
    }
    walk(document, &mut |key, value| {
        if key == "licenses" {
            let entries = value.as_array().unwrap();
            if entries.len() > 1 && entries.iter().any(|entry| entry.get("expression").is_some()) {
                problems.push(format!("an expression stands beside other licences: {value}"));
            }
        }
    });
    problems
}

pub(crate) fn walk(value: &Value, visit: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                visit(key, field);
                walk(field, visit);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, visit)),
        _ => {}
    }
}

pub(crate) fn component<'a>(document: &'a Value, name: &str) -> &'a Value {
    let components = document["components"].as_array().unwrap();
    components.iter().find(|component| component["name"] == name).unwrap()
}

pub(crate) fn property<'a>(owner: &'a Value, name: &str) -> Vec<&'a str> {
    let properties = owner["properties"].as_array().unwrap().iter();
    let values = properties.filter(|property| property["name"] == name);
    values.map(|property| property["value"].as_str().unwrap()).collect()
}

#[test]
fn documents_pass_our_lint() {
    for format in ["cyclonedx", "cyclonedx-1.5", "cyclonedx-1.7"] {
        lint(&parsed(format, &fixture::report()));
        lint(&parsed(format, &fixture::layered()));
        lint(&parsed(format, &fixture::blank()));
        lint(&parsed(format, &fixture::empty()));
    }
    lint(&parsed("cyclonedx", &fixture::bsi()));
    lint(&parsed("cyclonedx-1.5", &fixture::bsi()));
}

#[test]
fn the_lint_finds_what_it_is_for() {
    let good = parsed("cyclonedx", &fixture::report());
    for (pointer, value) in [
        ("/components/0/bom-ref", json!("product")),
        ("/components/0/bom-ref", json!("pkg:npm/%40a")),
        ("/dependencies/0/ref", json!("nothing")),
        ("/dependencies/0/dependsOn", json!(["nothing"])),
        ("/compositions/0/assemblies/0", json!("nothing")),
        ("/annotations/0/subjects/0", json!("nothing")),
        ("/declarations/attestations/0/map/0/requirement", json!("nothing")),
        ("/declarations/claims/0/target", json!("nothing")),
        ("/components/0/properties/0/name", json!("flowdown:unheard:of")),
        ("/components/0/licenses", json!([{"expression": "MIT"}, {"license": {"id": "MIT"}}])),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        assert!(!problems(&bad).is_empty(), "{pointer}");
    }
}

#[test]
fn the_whole_document() {
    insta::assert_snapshot!("cyclonedx", written("cyclonedx", &fixture::report()));
}

#[test]
fn the_serial_number_follows_the_content() {
    let number =
        |report: &Report| parsed("cyclonedx", report)["serialNumber"].as_str().unwrap().to_owned();
    let mut changed = fixture::report();
    let same = number(&changed);
    assert!(same.starts_with("urn:uuid:") && same == same.to_lowercase());
    assert_eq!(&same["urn:uuid:xxxxxxxx-xxxx-".len()..][..1], "5", "the UUID says version 5");
    changed.tool_version = "0.1.1".to_owned();
    assert_ne!(number(&changed), same);
}

/// `[(id | name | expression, acknowledgement)]` of the package `serde-like` with this conclusion.
fn shape(status: LicenseStatus, expression: Option<&str>, declared: Option<&str>) -> Value {
    let mut report = fixture::report();
    let package = report.inventory.artifacts.iter().find(|a| a.label() == "serde-like").unwrap();
    let conclusion = &mut report.assessment.artifacts.get_mut(&package.id).unwrap().conclusion;
    conclusion.status = status;
    conclusion.expression = expression.map(str::to_owned);
    conclusion.declared = declared.map(str::to_owned);
    let document = parsed("cyclonedx", &report);
    lint(&document);
    let licenses = component(&document, "serde-like").get("licenses").cloned();
    let licenses = licenses.unwrap_or_else(|| json!([]));
    let entries = licenses.as_array().unwrap().iter().map(|entry| {
        let license = entry.get("license").unwrap_or(entry);
        let field = ["id", "name", "expression"].into_iter().find(|f| license.get(*f).is_some());
        let field = field.unwrap();
        json!([field, license[field], license.get("acknowledgement")])
    });
    entries.collect()
}

#[test]
fn each_situation_has_its_shape() {
    use LicenseStatus::{Concluded, Contradicted, Declared, Detected, Unknown};
    let (mit, rail, both) = (Some("MIT"), Some(fixture::RAIL_SPDX), Some("MIT OR Apache-2.0"));
    assert_eq!(shape(Unknown, None, None), json!([]));
    assert_eq!(shape(Contradicted, None, mit), json!([]), "never the side that reads better");
    assert_eq!(shape(Declared, mit, mit), json!([["id", "MIT", "declared"]]));
    assert_eq!(shape(Detected, mit, None), json!([["id", "MIT", null]]));
    assert_eq!(shape(Concluded, mit, mit), json!([["id", "MIT", "concluded"]]));
    assert_eq!(shape(Concluded, rail, rail), json!([["name", fixture::RAIL_SPDX, "concluded"]]));
    assert_eq!(
        shape(Concluded, rail, mit),
        json!([["id", "MIT", "declared"], ["name", fixture::RAIL_SPDX, "concluded"]])
    );
    let expression = |ack| json!([["expression", "MIT OR Apache-2.0", ack]]);
    assert_eq!(shape(Declared, both, both), expression("declared"));
    assert_eq!(shape(Concluded, both, mit), expression("concluded"), "one expression alone");
    assert_eq!(shape(Detected, mit, both), json!([["id", "MIT", null]]));
    assert_eq!(shape(Declared, Some("mine"), None), json!([["name", "mine", "declared"]]));
}

#[test]
fn the_atoms_of_an_expression_are_described_as_evidence() {
    let document = parsed("cyclonedx", &fixture::report());
    let package = component(&document, "serde-like");
    assert_eq!(package["licenses"][0]["expression"], "MIT OR Apache-2.0");
    let atoms = package["evidence"]["licenses"].as_array().unwrap();
    let ids: Vec<&Value> = atoms.iter().map(|atom| &atom["license"]["id"]).collect();
    assert_eq!(ids, ["MIT", "Apache-2.0"]);
    for atom in atoms {
        let stated = property(&atom["license"], "flowdown:evidence:expression");
        assert_eq!(stated, ["MIT OR Apache-2.0"]);
    }
    assert_eq!(property(&atoms[0]["license"], "flowdown:license:standard-ref"), ["std:mit"]);
}

#[test]
fn only_evidence_that_decides_has_a_score() {
    let document = parsed("cyclonedx", &fixture::report());
    let attestations = document["declarations"]["attestations"].as_array().unwrap();
    let mappings =
        attestations.iter().flat_map(|attestation| attestation["map"].as_array().unwrap());
    let scores: Vec<String> = mappings
        .map(|mapping| {
            let conformance = &mapping["conformance"];
            let status = conformance["rationale"].as_str().unwrap().split(':').next().unwrap();
            let score = conformance.get("score").map_or("none".to_owned(), Value::to_string);
            let sides = ["claims", "counterClaims"].map(|side| mapping.get(side).is_some());
            format!("{status}: score {score}, claims and counter-claims {sides:?}")
        })
        .collect();
    assert_eq!(
        scores,
        [
            "satisfied: score 1, claims and counter-claims [true, false]",
            "needs-declaration: score none, claims and counter-claims [false, false]",
            "not-evidencable: score none, claims and counter-claims [false, false]",
            "missing: score 0, claims and counter-claims [false, true]",
            "dormant: score none, claims and counter-claims [false, false]",
        ]
    );
}

#[test]
fn an_ancestor_brings_its_licence_only_when_it_is_known() {
    let document = parsed("cyclonedx", &fixture::report());
    let ancestors = |name| component(&document, name)["pedigree"]["ancestors"].clone();
    let tune = ancestors("coder-ft");
    assert_eq!(tune[0]["purl"], "pkg:huggingface/bigcode/starcoderbase-1b");
    assert_eq!(tune[0]["licenses"][0]["license"]["name"], fixture::RAIL_SPDX);
    assert_eq!(tune[0]["licenses"][0]["license"]["acknowledgement"], "declared");
    let adapter = ancestors("llama-lora");
    assert_eq!(property(&adapter[0], "flowdown:lineage:relation"), ["adapter-of"]);
    assert_eq!(adapter[0]["licenses"][0]["license"]["name"], fixture::RAIL_SPDX);
    assert_eq!(adapter[1]["name"], "private");
    assert!(adapter[1].get("licenses").is_none());
    assert_eq!(property(&adapter[1], "flowdown:license:status"), ["NOASSERTION"]);
}

#[test]
fn a_text_is_embedded_once_and_for_references_only() {
    let text = written("cyclonedx", &fixture::report());
    assert_eq!(text.matches("\"contentType\"").count(), 1);
    let document: Value = serde_json::from_str(&text).unwrap();
    let license = &component(&document, "coder-ft")["licenses"][0]["license"];
    assert_eq!(license["text"]["content"], fixture::RAIL_TEXT);
}

#[test]
fn scope_and_composition_tell_what_is_known() {
    let document = parsed("cyclonedx", &fixture::report());
    assert_eq!(component(&document, "test-tool")["scope"], "excluded");
    assert_eq!(component(&document, "serde-like")["scope"], "required");
    assert_eq!(component(&document, "the-stack")["scope"], "excluded");
    let compositions = document["compositions"].as_array().unwrap();
    assert_eq!(compositions[0]["aggregate"], "incomplete", "a diagnostic says so");
    let unknown = compositions[1]["assemblies"].as_array().unwrap();
    for name in ["weights/a/model-00001-of-00002.safetensors", "test-tool", "the-stack"] {
        assert!(unknown.contains(&component(&document, name)["bom-ref"]), "{name}");
    }
    assert!(!unknown.contains(&component(&document, "coder-ft")["bom-ref"]));
    let empty = parsed("cyclonedx", &fixture::empty());
    assert_eq!(empty["compositions"][0]["aggregate"], "complete");
}

#[test]
fn long_text_is_cut_and_long_lists_end() {
    let mut report = fixture::report();
    report.source.name = "x".repeat(1 << 20);
    report.inventory.artifacts[0].name = Some("n".repeat(1 << 20));
    let unclaimed = report.inventory.unclaimed[0].clone();
    report.inventory.unclaimed = vec![unclaimed; 5_000];
    let text = written("cyclonedx", &report);
    assert!(text.len() < 1 << 20, "{} bytes", text.len());
    let document: Value = serde_json::from_str(&text).unwrap();
    let metadata = &document["metadata"];
    assert_eq!(property(metadata, "flowdown:scan:unclaimed").len(), 1_000);
    assert_eq!(property(metadata, "flowdown:scan:unclaimed-count"), ["5000"]);
}

#[test]
fn what_files_state_of_addresses_makers_and_copyright_is_shown() {
    let mut report = fixture::report();
    let path = SourcePath::new("starcoder/LICENSE");
    let text = report.inventory.texts.get_mut(&path).unwrap();
    text.bytes = b"Copyright (c) 2023 BigCode\nCopyright 2024 Acme\n".as_slice().into();
    let model = &mut report.inventory.artifacts[0];
    for (name, value) in [
        ("card.license-link", "https://example.org/licence"),
        ("card.license-link", "LICENSE"),
        ("gguf.general.license.link", "javascript:alert(1)"),
        ("gguf.general.organization", "BigCode"),
        ("gguf.general.repo-url", "https://huggingface.co/acme/coder-ft"),
    ] {
        model.facts.push(Fact::new(FactName::new(name), value, Location::scanned(&path)));
    }
    let document = parsed("cyclonedx", &report);
    let model = component(&document, "coder-ft");
    assert_eq!(model["copyright"], "Copyright (c) 2023 BigCode\nCopyright 2024 Acme");
    assert_eq!(
        model["evidence"]["copyright"],
        json!([{ "text": "Copyright (c) 2023 BigCode" }, { "text": "Copyright 2024 Acme" }])
    );
    assert_eq!(model["manufacturer"]["name"], "BigCode");
    assert_eq!(
        model["supplier"],
        json!({ "name": "acme", "url": ["https://huggingface.co/acme"] })
    );
    let references = model["externalReferences"].as_array().unwrap().iter();
    let references: Vec<String> = references
        .map(|it| format!("{} {}", it["type"].as_str().unwrap(), it["url"].as_str().unwrap()))
        .collect();
    let card = format!("https://huggingface.co/acme/coder-ft/blob/{}/README.md", "0f".repeat(20));
    assert_eq!(
        references,
        [
            "vcs https://huggingface.co/acme/coder-ft".to_owned(),
            format!("model-card {card}"),
            "license https://example.org/licence".to_owned(),
        ],
        "addresses of the web only, each once"
    );
}

/// A reader that others wrote, for the version before: it ignores what it does not know. What is
/// written for it stands in `cyclonedx_versions`.
#[test]
fn another_library_reads_the_common_part() {
    let mut document = parsed("cyclonedx", &fixture::report());
    document["specVersion"] = json!("1.5");
    for component in document["components"].as_array_mut().unwrap() {
        // `evidence.identity` is one object in 1.5 and a list in 1.6.
        component.as_object_mut().unwrap().remove("evidence");
        // The schema has a list here; this library expects text.
        component.as_object_mut().unwrap().remove("data");
        // The schema has `{"ref": …}` for a dataset since 1.5; this library expects plain text.
        if let Some(datasets) = component.pointer_mut("/modelCard/modelParameters/datasets") {
            for dataset in datasets.as_array_mut().unwrap() {
                *dataset = dataset["ref"].take();
            }
        }
    }
    let bom = cyclonedx_bom::prelude::Bom::parse_json_value(document).unwrap();
    let components = bom.components.unwrap().0;
    let names: Vec<String> = components.iter().map(|c| c.name.to_string()).collect();
    assert_eq!(names.len(), fixture::report().inventory.artifacts.len() + 1);
    let purl = components[0].purl.as_ref().unwrap().to_string();
    assert!(purl.starts_with("pkg:huggingface/acme/coder-ft@"), "{purl}");
    assert!(components[0].model_card.is_some());
    assert_eq!(bom.dependencies.unwrap().0.len(), names.len() + 1);
}

#[test]
fn every_property_is_documented() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/formats.md");
    let page = std::fs::read_to_string(path).unwrap();
    let documented: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .filter(|name| name.starts_with("bsi:") || name.starts_with("flowdown:"))
        .collect();
    assert_eq!(documented, PROPERTY_NAMES, "same names in the same order");
}
