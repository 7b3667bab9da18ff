//! The XML forms of CycloneDX: well formed, and with every value of the JSON form.

use std::collections::BTreeMap;

use flowdown_core::model::Report;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Value, json};

use crate::{fixture, parsed, written};

/// The JSON form and the XML form of each version.
const PAIRS: &[(&str, &str)] = &[
    ("cyclonedx-1.5", "cyclonedx-1.5-xml"),
    ("cyclonedx", "cyclonedx-1.6-xml"),
    ("cyclonedx-1.7", "cyclonedx-1.7-xml"),
];

type Counts = BTreeMap<String, usize>;

/// Every text and attribute of an XML document, with how often it occurs.
fn values_of_xml(text: &str) -> Counts {
    let mut counts = Counts::new();
    let mut reader = Reader::from_str(text);
    let mut inner: Option<String> = None;
    let mut open = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                open.push(start.name().as_ref().to_owned());
                attributes(&start, &mut counts);
                inner = Some(String::new());
            }
            Event::Empty(start) => {
                attributes(&start, &mut counts);
                // What has children has no text but the line ends between them.
                inner = None;
            }
            Event::Text(piece) => {
                if let Some(inner) = &mut inner {
                    inner.push_str(&piece);
                }
            }
            Event::GeneralRef(reference) => {
                let inner = inner.as_mut().unwrap();
                match reference.resolve_char_ref().unwrap() {
                    Some(character) => inner.push(character),
                    None => inner.push_str(
                        quick_xml::escape::resolve_predefined_entity(&reference).unwrap(),
                    ),
                }
            }
            Event::End(end) => {
                assert_eq!(
                    open.pop().unwrap(),
                    end.name().as_ref(),
                    "elements are closed in order"
                );
                if let Some(text) = inner.take().filter(|text| !text.is_empty()) {
                    *counts.entry(text).or_default() += 1;
                }
            }
            Event::Eof => break,
            Event::Decl(_) => {}
            other => panic!("unexpected {other:?}"),
        }
    }
    assert!(open.is_empty());
    counts
}

fn attributes(start: &quick_xml::events::BytesStart<'_>, counts: &mut Counts) {
    for attribute in start.attributes() {
        let attribute = attribute.unwrap();
        if attribute.key.as_ref() != "xmlns" {
            let value = quick_xml::escape::unescape(&attribute.value).unwrap().into_owned();
            *counts.entry(value).or_default() += 1;
        }
    }
}

/// Every value of a JSON document in the characters that XML has, with how often it occurs.
fn values_of_json(value: &Value, counts: &mut Counts) {
    let text = match value {
        Value::Object(fields) => {
            let fields = fields.iter();
            // The XML form says these with its namespace.
            let outer = ["$schema", "bomFormat", "specVersion"];
            let fields = fields.filter(|(name, _)| !outer.contains(&name.as_str()));
            return fields.for_each(|(_, field)| values_of_json(field, counts));
        }
        Value::Array(items) => {
            return items.iter().for_each(|item| values_of_json(item, counts));
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let is_legal = |c: char| c >= ' ' && c < '\u{fffe}' || c > '\u{ffff}' || "\t\n\r".contains(c);
    let text: String = text.chars().map(|c| if is_legal(c) { c } else { '\u{fffd}' }).collect();
    if !text.is_empty() {
        *counts.entry(text).or_default() += 1;
    }
}

/// XML has no place for a rationale without a score but the properties of the document.
fn with_rationales_as_properties(mut document: Value) -> Value {
    let mut moved = Vec::new();
    let attestations = document.pointer("/declarations/attestations").and_then(Value::as_array);
    for (number, attestation) in attestations.into_iter().flatten().enumerate() {
        for place in 0..attestation["map"].as_array().unwrap().len() {
            moved.push(format!("/declarations/attestations/{number}/map/{place}"));
        }
    }
    moved.retain(|at| document.pointer(&format!("{at}/conformance/score")).is_none());
    for at in moved {
        let mapping = document.pointer_mut(&at).unwrap().as_object_mut().unwrap();
        let conformance = mapping.remove("conformance").unwrap();
        let value = format!("{at} {}", conformance["rationale"].as_str().unwrap());
        let entry = json!({ "name": "flowdown:declarations:rationale", "value": value });
        let properties = document.as_object_mut().unwrap().entry("properties");
        properties.or_insert_with(|| json!([])).as_array_mut().unwrap().push(entry);
    }
    document
}

#[track_caller]
fn check(report: &Report) {
    for (json, xml) in PAIRS {
        let mut expected = Counts::new();
        values_of_json(&with_rationales_as_properties(parsed(json, report)), &mut expected);
        let mut found = values_of_xml(&written(xml, report));
        // What is the same on both sides says nothing.
        found.retain(|text, count| {
            let is_same = expected.get(text) == Some(count);
            expected.retain(|other, _| !is_same || other != text);
            !is_same
        });
        assert_eq!(found, expected, "{xml}");
    }
}

#[test]
fn the_xml_form_says_what_the_json_form_says() {
    check(&fixture::report());
    check(&fixture::layered());
    check(&fixture::blank());
    check(&fixture::empty());
    check(&fixture::bsi());
}

#[test]
fn a_rationale_without_a_score_is_a_property() {
    let text = written("cyclonedx-1.6-xml", &fixture::report());
    assert_eq!(text.matches("<score>").count(), 2, "no number is made up");
    let name = "<property name=\"flowdown:declarations:rationale\">";
    let values: Vec<&str> =
        text.split(name).skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    assert_eq!(values.len(), 3);
    assert!(values[0].starts_with("/declarations/attestations/0/map/1 needs-declaration: "));
}

#[test]
fn text_that_breaks_out_of_xml_stays_text() {
    let mut report = fixture::report();
    for hostile in ["]]></name><x a=\"'&lt;&#0;", "\u{b}\u{1}\u{ffff}\u{85}\r\n\t", "<!--", "&x;"] {
        for artifact in &mut report.inventory.artifacts {
            artifact.name = Some(hostile.to_owned());
            artifact.version = Some(hostile.to_owned());
        }
        report.source.name = hostile.to_owned();
        check(&report);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(16))]

    #[test]
    fn any_text_survives(text in "(?s).{0,80}") {
        let mut report = fixture::report();
        report.product.as_mut().unwrap().name.clone_from(&text);
        for artifact in &mut report.inventory.artifacts {
            artifact.name = Some(text.clone());
        }
        check(&report);
    }
}

#[test]
fn each_version_has_its_namespace_and_both_forms_one_number() {
    for (json, xml) in PAIRS {
        let document = parsed(json, &fixture::report());
        let text = written(xml, &fixture::report());
        let version = document["specVersion"].as_str().unwrap();
        let number = document["serialNumber"].as_str().unwrap();
        let start = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/{version}\" serialNumber=\"{number}\" version=\"1\">\n"
        );
        assert!(text.starts_with(&start), "{xml}");
    }
}
