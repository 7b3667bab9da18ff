//! Everything that is written passes our own lint, and the lint is not blind to it.

use std::collections::{BTreeMap, BTreeSet};

use flowdown_core::lint::{self, LintCode};
use flowdown_core::model::{Limits, Severity};
use flowdown_core::report;
use serde_json::{Value, json};

use crate::{fixture, parsed, written};

/// How often each code occurs in a document.
#[track_caller]
fn counts(document: &Value) -> BTreeMap<&'static str, usize> {
    let lint = lint::lint(document.to_string().as_bytes(), &Limits::default()).unwrap();
    let counts = lint.problems.counts().iter();
    counts.map(|(code, count)| (code.as_str(), *count)).collect()
}

/// Formats that are bills of materials; the others are for people or for other tools.
fn is_bom(format: &str) -> bool {
    format == "json" || format.starts_with("cyclonedx") || format.starts_with("spdx")
}

#[test]
fn documents_pass() {
    let mut judged = BTreeSet::new();
    for (name, report) in [
        ("rich", fixture::report()),
        ("layered", fixture::layered()),
        ("blank", fixture::blank()),
        ("empty", fixture::empty()),
    ] {
        for reporter in report::reporters() {
            let format = reporter.format();
            let document = written(format, &report);
            let lint = match lint::lint(document.as_bytes(), &Limits::default()) {
                Ok(lint) => lint,
                Err(refusal) => {
                    assert!(!is_bom(format), "{format}: {refusal:?}");
                    continue;
                }
            };
            judged.insert(format);
            let errors: Vec<String> = lint
                .problems
                .list
                .iter()
                .filter(|problem| problem.code.severity() == Severity::Error)
                // A package of the fixture depends on one that is not in the inventory, and our own
                // form shows the inventory as it is.
                .filter(|it| format != "json" || it.code != LintCode::ReferenceDangling)
                .map(|problem| {
                    format!("{}: {}: {}", problem.code.as_str(), problem.at, problem.message)
                })
                .collect();
            assert_eq!(errors, Vec::<String>::new(), "{name} as {format}");
        }
    }
    assert!(judged.contains("cyclonedx") && judged.contains("json") && judged.contains("spdx"));
}

/// A document of ours with one value changed gives a problem more.
#[test]
fn a_change_is_found() {
    for (format, pointer, value, code) in [
        ("cyclonedx", "/components/0/bom-ref", json!("product"), "reference-duplicate"),
        ("cyclonedx", "/components/0/bom-ref", json!("pkg:npm/%40a"), "reference-encoded"),
        ("cyclonedx", "/dependencies/0/ref", json!("nothing"), "reference-dangling"),
        ("cyclonedx", "/dependencies/0/dependsOn", json!(["nothing"]), "reference-dangling"),
        ("cyclonedx", "/compositions/0/assemblies/0", json!("nothing"), "reference-dangling"),
        ("cyclonedx", "/annotations/0/subjects/0", json!("nothing"), "reference-dangling"),
        (
            "cyclonedx",
            "/declarations/attestations/0/map/0/requirement",
            json!("nothing"),
            "reference-dangling",
        ),
        ("cyclonedx", "/declarations/claims/0/target", json!("nothing"), "reference-dangling"),
        ("cyclonedx", "/components/0/purl", json!("nothing"), "purl-invalid"),
        ("cyclonedx", "/components/0/hashes", json!([{"alg": "SHA-256"}]), "hash-invalid"),
        (
            "cyclonedx",
            "/components/0/licenses",
            json!([{"expression": "MIT and X"}]),
            "expression-invalid",
        ),
        (
            "cyclonedx",
            "/components/0/licenses",
            json!([{"expression": "MIT"}, {"license": {"id": "MIT"}}]),
            "license-mixed",
        ),
        ("cyclonedx", "/serialNumber", json!("urn:uuid:0"), "identity-invalid"),
        ("cyclonedx", "/metadata/timestamp", json!("today"), "timestamp-invalid"),
        ("spdx", "/relationships/0/relatedSpdxElement", json!("SPDXRef-0"), "reference-dangling"),
        ("spdx", "/packages/0/SPDXID", json!("SPDXRef-DOCUMENT"), "reference-duplicate"),
        ("spdx", "/packages/0/SPDXID", json!("SPDXRef-a_b"), "reference-malformed"),
        ("spdx", "/packages/0/licenseDeclared", json!("LicenseRef-0"), "license-undefined"),
        ("spdx", "/packages/0/licenseDeclared", json!("0 0"), "expression-invalid"),
        ("spdx", "/creationInfo/created", json!("today"), "timestamp-invalid"),
        ("json", "/inventory/artifacts/0/depends_on", json!(["nothing"]), "reference-dangling"),
        ("json", "/inventory/artifacts/0/purl", json!("nothing"), "purl-invalid"),
        ("json", "/created", json!("today"), "timestamp-invalid"),
    ] {
        let mut document = parsed(format, &fixture::report());
        let code = format!("bom.{code}");
        let before = counts(&document);
        set(&mut document, pointer, value);
        let (before, after) = (before.get(code.as_str()), counts(&document));
        assert!(after.get(code.as_str()) > before, "{format} {pointer}: {after:?}");
    }
}

#[track_caller]
fn set(document: &mut Value, pointer: &str, value: Value) {
    let (owner, key) = pointer.rsplit_once('/').unwrap();
    let owner = document.pointer_mut(owner).unwrap();
    match owner {
        Value::Object(fields) => {
            fields.insert(key.to_owned(), value);
        }
        other => other[key.parse::<usize>().unwrap()] = value,
    }
}
