//! Which elements are filled: counted on the fixture, whose gaps are known.

use std::collections::BTreeMap;

use flowdown_core::model::{
    DeclaredFile, Fact, FactValue, Location, Profile, Report, Sha512, names,
};

use crate::{fixture, written};

/// `filled` and `lacking` of the element.
fn cells(report: &Report, id: &str) -> (String, String) {
    let page = written("completeness", report);
    let row = page.lines().find(|line| line.contains(&format!("(`{id}`)"))).unwrap();
    let row = row.replace("\\|", "");
    let cells: Vec<&str> = row.split('|').map(str::trim).collect();
    assert_eq!(cells.len(), 7, "{row}");
    (cells[3].to_owned(), cells[4].to_owned())
}

#[track_caller]
fn check(report: &Report, id: &str, filled: &str, lacking: &str) {
    assert_eq!(cells(report, id), (filled.to_owned(), lacking.to_owned()), "{id}");
}

#[test]
fn the_whole_page() {
    insta::assert_snapshot!("completeness", written("completeness", &fixture::report()));
}

#[test]
fn what_is_filled_is_counted_and_what_lacks_is_named() {
    let report = fixture::report();
    check(&report, "author", "yes", "");
    check(&report, "coverage", "no", "");
    check(&report, "signature", "not read by Flowdown", "");
    // Three models and adapters, three packages; a document is no component.
    let unknown = "weights/a/model-00001-of-00002.safetensors";
    check(&report, "name", "5 of 6", unknown);
    check(&report, "license", "4 of 6", &format!("{unknown}, test-tool"));
    check(
        &report,
        "license-concluded",
        "1 of 6",
        &format!("acme/llama-lora, {unknown}, serde-like, 2 more"),
    );
    check(&report, "model-license", "2 of 3", unknown);
    check(&report, "model-hash", "2 of 3", "acme/llama-lora");
    check(&report, "data-named", "1 of 3", &format!("acme/llama-lora, {unknown}"));
    check(&report, "data-identifier", "1 of 1", "");
    check(&report, "data-license", "0 of 1", "bigcode/the-stack");
}

#[test]
fn filling_it_fills_it() {
    let mut report = fixture::report();
    assert_eq!(cells(&report, "hash-sha512").0, "0 of 6");
    assert_eq!(cells(&report, "file-properties").0, "0 of 6");
    report.profile = Profile::Bsi;
    for artifact in &mut report.inventory.artifacts {
        let file = DeclaredFile {
            name: "part.tar.gz".to_owned(),
            sha512: Sha512::of(b"part"),
            is_executable: false,
            is_archive: true,
            is_structured: true,
        };
        artifact.facts.push(Fact {
            name: names::DECLARED_COMPONENT,
            value: FactValue::Map(BTreeMap::from([("file".to_owned(), file.to_fact())])),
            at: Location::catalogue("test"),
        });
    }
    check(&report, "hash-sha512", "6 of 6", "");
    check(&report, "file-properties", "6 of 6", "");
    report.inventory.diagnostics.clear();
    check(&report, "coverage", "yes", "");
    report.product = None;
    check(&report, "author", "no", "");
    check(&report, "system-name", "no", "");
}

#[test]
fn where_there_is_nothing_nothing_is_counted() {
    let report = fixture::empty();
    check(&report, "name", "nothing to fill", "");
    check(&report, "infrastructure-software", "no", "");
}

#[test]
fn the_page_says_what_is_second_hand_and_proves_nothing() {
    let page = written("completeness", &fixture::empty());
    for (body, is_second_hand) in [
        ("CISA 2026", true),
        ("G7/BSI", true),
        ("BSI TR-03183-2", true),
        ("EU AI Act", true),
        ("OWASP AIBOM", false),
    ] {
        let line = page.lines().find(|line| line.starts_with(&format!("- {body}: "))).unwrap();
        assert_eq!(line.contains("second-hand"), is_second_hand, "{line}");
    }
    assert!(page.contains("proves no conformance"));
}

#[test]
fn names_stay_inside_their_cells() {
    let mut report = fixture::report();
    for artifact in &mut report.inventory.artifacts {
        artifact.name = Some(fixture::HOSTILE.to_owned());
        artifact.version = None;
    }
    let (_, lacking) = cells(&report, "version");
    assert!(!lacking.replace("\\<", "").contains('<'), "{lacking}");
}
