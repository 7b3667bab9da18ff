//! SPDX 2.3 tag-value: read back by a reader that is not ours, against the JSON of the same report.

use std::collections::BTreeSet;

use flowdown_core::model::Timestamp;
use spdx_rs::models::SPDX;
use spdx_rs::parsers::spdx_from_tag_value;

use crate::{fixture, parsed, written};

fn read(report: &flowdown_core::model::Report) -> SPDX {
    spdx_from_tag_value(&written("spdx-tag-value", report)).unwrap()
}

#[test]
fn the_whole_document() {
    insta::assert_snapshot!("spdx_tag_value", written("spdx-tag-value", &fixture::report()));
}

/// The two forms say the same, as far as one line can hold it.
#[test]
fn tag_value_says_what_the_json_says() {
    for report in [fixture::report(), fixture::layered(), fixture::empty()] {
        let json: SPDX = serde_json::from_str(&written("spdx", &report)).unwrap();
        let read = read(&report);
        let (left, right) =
            (&read.document_creation_information, &json.document_creation_information);
        assert_eq!(left.spdx_document_namespace, right.spdx_document_namespace);
        assert_eq!(left.document_name, right.document_name);
        assert_eq!(left.creation_info.created, right.creation_info.created);
        // The reader begins with creators of its own.
        assert!(left.creation_info.creators.ends_with(&right.creation_info.creators));
        assert_eq!(read.relationships.len(), json.relationships.len());
        assert_eq!(
            read.relationships.iter().map(|r| &r.related_spdx_element).collect::<BTreeSet<_>>(),
            json.relationships.iter().map(|r| &r.related_spdx_element).collect::<BTreeSet<_>>()
        );
        assert_eq!(read.package_information.len(), json.package_information.len());
        let last = &json.package_information.last().unwrap().package_spdx_identifier;
        for (read, json) in read.package_information.iter().zip(&json.package_information) {
            assert_eq!(read.package_spdx_identifier, json.package_spdx_identifier);
            assert_eq!(read.package_name.trim(), json.package_name.trim());
            assert_eq!(read.package_checksum, json.package_checksum);
            assert_eq!(read.concluded_license, json.concluded_license);
            assert_eq!(read.declared_license, json.declared_license);
            // The reader loses the reference of the last package.
            if read.package_spdx_identifier != *last {
                assert_eq!(read.external_reference, json.external_reference);
            }
            assert_eq!(read.package_attribution_text, json.package_attribution_text);
        }
        // The reader leaves purposes out.
        let text = written("spdx-tag-value", &report);
        let purposes = json.package_information.iter().filter_map(|p| p.primary_package_purpose);
        let lines = text.lines().filter_map(|line| line.strip_prefix("PrimaryPackagePurpose: "));
        let expected = purposes.map(|purpose| serde_json::to_value(purpose).unwrap());
        assert_eq!(lines.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        let annotations: usize =
            json.package_information.iter().map(|package| package.annotations.len()).sum();
        assert_eq!(read.annotations.len(), annotations);
        let (read, json) = (
            &read.other_licensing_information_detected,
            &json.other_licensing_information_detected,
        );
        assert_eq!(read.len(), json.len());
        for (read, json) in read.iter().zip(json) {
            assert_eq!(read.license_identifier, json.license_identifier);
            assert_eq!(read.extracted_text, json.extracted_text);
            assert_eq!(read.license_comment, json.license_comment);
        }
    }
}

/// A value may not end its line, its text, or be taken for a tag or an actor.
#[test]
fn hostile_text_stays_where_it_is_written() {
    let inside = "a</text>\nRelationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-Evil\n<text>";
    let mut report = fixture::report();
    let names =
        [inside, "Tool: evil", "SPDXID", "<text>open", "2024-01-31T00:00:00Z", "SHA1: 0", "NONE"];
    for (artifact, name) in report.inventory.artifacts.iter_mut().zip(names) {
        artifact.name = Some(name.to_owned());
        artifact.version = Some(name.to_owned());
    }
    for assessment in report.assessment.artifacts.values_mut() {
        assessment.conclusion.because = inside.to_owned();
    }
    for text in report.inventory.texts.values_mut() {
        text.bytes = inside.as_bytes().into();
    }
    let text = written("spdx-tag-value", &report);
    assert!(!text.contains("\nRelationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-Evil\n</text>"));
    let read = read(&report);
    let json: SPDX = serde_json::from_str(&written("spdx", &report)).unwrap();
    assert_eq!(read.package_information.len(), json.package_information.len());
    assert_eq!(read.relationships.len(), json.relationships.len());
    assert!(read.relationships.iter().all(|r| r.related_spdx_element != "SPDXRef-Evil"));
    let named: Vec<&str> =
        read.package_information[1..].iter().map(|p| p.package_name.as_str()).collect();
    for name in &names[1..] {
        assert!(named.contains(&format!("\"{name}\"").as_str()), "{name} in {named:?}");
    }
    let licenses = &read.other_licensing_information_detected;
    assert!(licenses.iter().any(|license| license.extracted_text.starts_with("a</ text>\n")));
}

#[test]
fn one_line_is_one_line() {
    let text = written("spdx-tag-value", &fixture::report());
    let mut rest = text.as_str();
    let mut outside = String::new();
    while let Some((before, after)) = rest.split_once("<text>") {
        outside.push_str(before);
        rest = after.split_once("</text>").unwrap().1;
    }
    outside.push_str(rest);
    for line in outside.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let tag = line.split_once(": ").unwrap().0;
        assert!(tag.chars().all(|c| c.is_ascii_alphabetic()), "{line}");
        assert!(!line.contains(['\u{1b}', '\u{0}']), "{line}");
    }
}

#[test]
fn times_are_whole_seconds_of_the_calendar() {
    for (created, expected) in
        [(1_767_225_600, "2026-01-01T00:00:00Z"), (u64::MAX, "1970-01-01T00:00:00Z")]
    {
        let mut report = fixture::report();
        report.created = Timestamp(created);
        let text = written("spdx-tag-value", &report);
        let created: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("Created: ")).collect();
        assert_eq!(created, [expected]);
        let dates: BTreeSet<&str> =
            text.lines().filter_map(|line| line.strip_prefix("AnnotationDate: ")).collect();
        assert_eq!(dates, BTreeSet::from([expected]));
    }
}

#[test]
fn empty_names_are_left_out_or_replaced() {
    let text = written("spdx-tag-value", &fixture::blank());
    assert!(text.contains("\nPackageName: unnamed\n"));
    assert!(!text.lines().any(|line| line.trim_end().ends_with(':') && !line.starts_with('#')));
    let document = parsed("spdx", &fixture::blank());
    let packages = document["packages"].as_array().unwrap().len();
    assert_eq!(read(&fixture::blank()).package_information.len(), packages);
}
