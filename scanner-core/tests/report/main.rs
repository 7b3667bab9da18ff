//! Documents of one rich report: written, read back, linted, and kept for the validators of
//! `tests/oracles/validate_documents.py`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bundle;
mod cyclonedx;
mod fixture;
mod json;
mod spdx2;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use flowdown_core::model::Report;
use flowdown_core::report::{self, Reporter as _};

/// The document of `report` in one format, as text.
pub(crate) fn written(format: &str, report: &Report) -> String {
    let mut bytes = Vec::new();
    report::by_format(format).unwrap().write(report, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

pub(crate) fn parsed(format: &str, report: &Report) -> serde_json::Value {
    serde_json::from_str(&written(format, report)).unwrap()
}

#[test]
fn every_folder_is_a_reporter_and_every_reporter_a_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report");
    let folders: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| name != "bundle")
        .collect();
    let listed: BTreeSet<String> = report::ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(listed, folders);
    let formats: BTreeSet<&str> = report::ALL.iter().map(|(_, r)| r.format()).collect();
    assert_eq!(formats.len(), report::ALL.len(), "format ids are unique");
    assert!(report::ALL.is_sorted_by_key(|(name, _)| *name));
}

#[test]
fn facts_that_are_read_exist() {
    let known: BTreeSet<&str> =
        flowdown_core::extract::names::ALL.iter().map(|(name, _)| name.as_str()).collect();
    for name in report::FACTS_READ {
        assert!(known.contains(name), "{name} is no fact of an extractor");
    }
    assert!(report::FACTS_READ.is_sorted());
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for (_, reporter) in report::ALL {
        let format = reporter.format();
        assert_eq!(written(format, &fixture::report()), written(format, &fixture::report()));
    }
}

/// Not a check of its own: what it writes is the input of the validators.
#[test]
fn documents_are_kept_for_the_validators() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documents");
    for (name, report) in
        [("rich", fixture::report()), ("layered", fixture::layered()), ("empty", fixture::empty())]
    {
        for (path, bytes) in report::bundle::files(&report).unwrap() {
            let path = folder.join(name).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        fs::write(folder.join(name).join("inventory.json"), written("json", &report)).unwrap();
        assert!(folder.join(name).join("bundle.json").is_file());
    }
}
