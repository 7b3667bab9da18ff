//! Documents of one rich report: written, read back, linted, and kept for the validators of
//! `tests/oracles/validate_documents.py`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod agreement;
mod bom;
mod bundle;
mod completeness;
mod cyclonedx;
mod cyclonedx_versions;
mod cyclonedx_xml;
mod fixture;
mod flow;
mod html;
mod images;
mod in_toto;
mod json;
mod lint;
mod round_trip;
mod sarif;
mod spdx2;
mod spdx3;
mod spdx_tag_value;
mod tables;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use flowdown_core::model::Report;
use flowdown_core::report;

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
    let formats: BTreeSet<&str> = report::reporters().map(report::Reporter::format).collect();
    assert_eq!(formats.len(), report::reporters().count(), "format ids are unique");
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
    for reporter in report::reporters() {
        let format = reporter.format();
        assert_eq!(written(format, &fixture::report()), written(format, &fixture::report()));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever stands in scanned files: every document parses, and every path is harmless.
    #[test]
    fn any_text_is_data(text in ".{0,200}", spdx in "[A-Za-z0-9 ().+-]{0,60}") {
        let mut report = fixture::report();
        for artifact in &mut report.inventory.artifacts {
            artifact.name = Some(text.clone());
            artifact.version = Some(text.clone());
        }
        for assessment in report.assessment.artifacts.values_mut() {
            assessment.conclusion.expression = Some(spdx.clone());
            assessment.conclusion.declared = Some(text.clone());
        }
        for entry in &mut report.assessment.bundle.entries {
            entry.spdx.clone_from(&text);
        }
        for reporter in report::reporters() {
            let text = written(reporter.format(), &report);
            if reporter.media_type().ends_with("+json") {
                serde_json::from_str::<serde_json::Value>(&text).unwrap();
            }
        }
        bundle::check_paths(&report);
    }
}

/// Not a check of its own: what it writes is the input of the validators.
#[test]
fn documents_are_kept_for_the_validators() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documents");
    for (name, report) in [
        ("rich", fixture::report()),
        ("layered", fixture::layered()),
        ("blank", fixture::blank()),
        ("empty", fixture::empty()),
        ("bsi", fixture::bsi()),
    ] {
        for (path, bytes) in report::bundle::files(&report).unwrap() {
            let path = folder.join(name).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        for reporter in report::cyclonedx::ALL {
            let format = reporter.format();
            let (version, ending) = match format.strip_prefix("cyclonedx-") {
                None => ("1.6", "json"),
                Some(rest) => {
                    rest.strip_suffix("-xml").map_or((rest, "json"), |rest| (rest, "xml"))
                }
            };
            let file = format!("bom.cdx-{version}.{ending}");
            fs::write(folder.join(name).join(file), written(format, &report)).unwrap();
        }
        fs::write(folder.join(name).join("flow.md"), written("flow", &report)).unwrap();
        fs::write(folder.join(name).join("bom.spdx"), written("spdx-tag-value", &report)).unwrap();
        let third = folder.join(name).join("bom.spdx3.jsonld");
        fs::write(third, written("spdx-3", &report)).unwrap();
        fs::write(folder.join(name).join("inventory.json"), written("json", &report)).unwrap();
        fs::write(folder.join(name).join("report.html"), written("html", &report)).unwrap();
        fs::write(folder.join(name).join("results.sarif"), written("sarif", &report)).unwrap();
        for (format, file) in [("spdx-tag-value", "bom.spdx"), ("spdx-3", "bom.spdx3.jsonld")] {
            fs::write(folder.join(name).join(file), written(format, &report)).unwrap();
        }
        assert!(folder.join(name).join("bundle.json").is_file());
    }
    let many = written("html", &fixture::many(10_000));
    fs::write(folder.join("ten-thousand.html"), many).unwrap();
}
