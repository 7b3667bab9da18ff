//! The customer bundle: bytes kept, texts kept apart, gaps named, names harmless.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use flowdown_core::engine::for_customers;
use flowdown_core::model::{
    BundleText, Contract, ContractParticulars, ContractParty, ContractSubject, Digest, Product,
    Report, SourcePath, TextOrigin, UserFile,
};
use flowdown_core::report;
use serde_json::Value;

use crate::fixture;
use crate::json::{check_against, check_schema_file};

fn files(report: &Report) -> BTreeMap<String, Vec<u8>> {
    report::bundle::files(report).unwrap()
}

fn text(files: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    String::from_utf8(files[path].clone()).unwrap()
}

#[test]
fn the_schema_file_is_current() {
    check_schema_file("schemas/bundle/1.json", &report::bundle::schema());
}

#[test]
fn the_manifest_lists_every_other_file_and_follows_its_schema() {
    for report in [fixture::report(), fixture::empty()] {
        let mut files = files(&report);
        let manifest: Value =
            serde_json::from_slice(&files.remove("bundle.json").unwrap()).unwrap();
        assert_eq!(manifest["schema"], report::bundle::SCHEMA_ID);
        assert!(check_against(&report::bundle::schema(), &manifest));
        let listed = manifest["files"].as_array().unwrap();
        assert_eq!(listed.len(), files.len());
        for file in listed {
            let bytes = &files[file["path"].as_str().unwrap()];
            assert_eq!(file["sha256"], Digest::sha256_of(bytes).to_string());
            assert_eq!(file["size"], bytes.len());
        }
        for entry in manifest["entries"].as_array().unwrap() {
            let complete = !entry["texts"].as_array().unwrap().is_empty();
            let gaps = !entry["gaps"].as_array().unwrap().is_empty();
            assert!(complete || gaps, "an entry without a text names the gap: {entry}");
        }
    }
}

#[test]
fn the_files_for_people() {
    let files = files(&fixture::report());
    insta::assert_snapshot!("notice", text(&files, "NOTICE.md"));
    insta::assert_snapshot!("use_restrictions", text(&files, "USE-RESTRICTIONS.md"));
    insta::assert_snapshot!("bundle", text(&files, "bundle.json"));
}

#[test]
fn texts_keep_their_bytes_and_stay_apart() {
    let files = files(&fixture::report());
    let licenses: Vec<&str> =
        files.keys().filter_map(|path| path.strip_prefix("LICENSES/")).collect();
    let rail = "LicenseRef-scancode-bigcode-open-rail-m-v1";
    let named = |bytes: &[u8]| format!("{rail}-{}.txt", &Digest::sha256_of(bytes).hex()[..12]);
    let (first, second) = (fixture::RAIL_TEXT.as_bytes(), &b"another text\xff"[..]);
    let expected: BTreeSet<String> = [named(first), named(second), "MIT.txt".to_owned()].into();
    assert_eq!(licenses, expected.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(files[&format!("LICENSES/{}", named(first))], first);
    assert_eq!(files[&format!("LICENSES/{}", named(second))], second);
    assert_eq!(files["LICENSES/MIT.txt"], b"EXAMPLE MIT TEXT");
}

#[test]
fn texts_stay_apart_whatever_their_licences_are_called() {
    let mut report = fixture::report();
    let make = |spdx: &str, bytes: &[u8]| {
        let mut entry = fixture::entry(Some("x"), spdx, &[]);
        entry.texts = vec![BundleText {
            origin: TextOrigin::Artifact { path: SourcePath::new("x/LICENSE") },
            sha256: Digest::sha256_of(bytes),
            bytes: Arc::from(bytes),
        }];
        entry
    };
    // The last one is named like the file of another one's text.
    let hit = format!("A_b-{}", &Digest::sha256_of(b"1").hex()[..12]);
    report.assessment.bundle.entries = vec![
        make("A/b", b"1"),
        make("A_b", b"2"),
        make("a_B", b"3"),
        make("con", b"4"),
        make(&hit, b"5"),
    ];
    let files = files(&report);
    let licenses: Vec<&String> =
        files.keys().filter(|path| path.starts_with("LICENSES/")).collect();
    assert_eq!(licenses.len(), 5, "{licenses:?}");
    let folded: BTreeSet<String> = licenses.iter().map(|path| path.to_lowercase()).collect();
    assert_eq!(folded.len(), 5, "{licenses:?}");
    assert!(files.contains_key("LICENSES/_con.txt"));
}

#[track_caller]
pub(crate) fn check_paths(report: &Report) {
    for path in files(report).keys() {
        let parts: Vec<&str> = path.split('/').collect();
        assert!(parts.len() <= 2, "{path}");
        for part in parts {
            assert!(!part.is_empty() && !part.starts_with('.') && part.len() < 150, "{path}");
            let harmless = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
            assert!(part.chars().all(harmless), "{path}");
        }
    }
}

#[test]
fn no_path_leaves_the_bundle() {
    check_paths(&fixture::report());
}

#[test]
fn hostile_names_stay_text() {
    let files = files(&fixture::report());
    for file in ["NOTICE.md", "USE-RESTRICTIONS.md"] {
        let text = text(&files, file);
        assert!(!text.contains("\n# Heading"), "{file}");
        assert!(!text.contains("</script>"), "{file}");
        assert!(!text.contains("[y](javascript:"), "{file}");
        assert!(!text.contains(['\u{202e}', '\u{1b}', '\0']), "{file}");
    }
}

/// Whoever forgets to take out what is confidential gets no bundle.
#[test]
fn a_report_with_a_confidential_contract_is_refused() {
    let mut report = fixture::report();
    let party = |name: &str| ContractParty { name: name.to_owned(), affiliates: Vec::new() };
    let contract = Contract {
        terms: report.inventory.terms[&fixture::key(fixture::RAIL)].clone(),
        applies_to: vec![ContractSubject { digest: None, purl: None, name: Some("x".into()) }],
        replaces: Vec::new(),
        particulars: Some(ContractParticulars {
            declared_in: UserFile {
                path: SourcePath::new("contracts/nova.toml"),
                sha256: Digest::sha256_of(b"contract"),
            },
            licensor: party("Nova Inc."),
            licensee: party("ACME GmbH"),
            agreement: None,
            order: Some("4711".to_owned()),
            effective: None,
            from: None,
            until: None,
            evidence: BTreeMap::new(),
        }),
    };
    report.product.get_or_insert_with(Product::default).contracts.push(contract);
    let refused = report::bundle::files(&report).unwrap_err().to_string();
    assert!(refused.contains(fixture::RAIL) && refused.contains("for_customers"), "{refused}");
    let files = report::bundle::files(&for_customers(&report)).unwrap();
    assert!(files.contains_key("bundle.json"));
}
