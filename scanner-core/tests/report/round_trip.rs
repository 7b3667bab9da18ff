//! Every bill of materials that is written reads back as what our own JSON says, as far as its format
//! can carry that.

use std::collections::BTreeSet;

use flowdown_core::bom::{self, Bom, Component};
use flowdown_core::model::{Limits, Report};

use crate::{fixture, written};

const FORMATS: &[&str] = &[
    "cyclonedx",
    "cyclonedx-1.6-xml",
    "cyclonedx-1.7",
    "cyclonedx-1.7-xml",
    "cyclonedx-1.5",
    "cyclonedx-1.5-xml",
    "spdx",
    "spdx-tag-value",
    "spdx-3",
];

/// What every format can say of a component.
#[derive(PartialEq, Eq, Debug)]
struct View {
    name: String,
    version: Option<String>,
    purl: Option<String>,
    kind: String,
    hashes: BTreeSet<(String, String)>,
    declared: Vec<String>,
    concluded: Vec<String>,
    effective: Option<String>,
    obligations: BTreeSet<String>,
    restrictions: BTreeSet<String>,
    ancestors: BTreeSet<(String, Option<String>, Option<String>)>,
    is_development_only: bool,
}

fn read(format: &str, report: &Report) -> Bom {
    bom::read(written(format, report).as_bytes(), &Limits::default()).unwrap()
}

fn views(bom: &Bom, format: &str) -> Vec<View> {
    bom.components
        .iter()
        .map(|component| view(component, format, &|text| carried(format, text)))
        .collect()
}

/// What a format can carry of a text: XML has no control characters, and SPDX 2 names of one line.
fn carried(format: &str, text: &str) -> String {
    if matches!(format, "cyclonedx" | "cyclonedx-1.5" | "cyclonedx-1.7" | "spdx-3") {
        return text.to_owned();
    }
    let is_lost = |c: char| c.is_control() || c.is_whitespace() || c == '\u{fffd}';
    text.chars().filter(|&c| !is_lost(c)).collect()
}

/// SPDX has room for expressions only, where CycloneDX has a name for whatever somebody stated.
fn is_carried(format: &str, license: &str) -> bool {
    !format.starts_with("spdx") || spdx::Expression::parse(license).is_ok()
}

fn view(component: &Component, format: &str, carried: &dyn Fn(&str) -> String) -> View {
    let all = |texts: &[String]| texts.iter().map(|text| carried(text)).collect();
    let maybe = |text: &Option<String>| text.as_deref().map(carried);
    let name = match &component.group {
        Some(group) => format!("{group}/{}", component.name),
        None => component.name.clone(),
    };
    let licenses = &component.licenses;
    // A declared licence that is also concluded is written once by CycloneDX.
    let declared = licenses.declared.iter().filter(|it| !licenses.concluded.contains(it));
    let declared: Vec<String> = declared.filter(|it| is_carried(format, it)).cloned().collect();
    let effective = licenses.effective.clone().filter(|it| is_carried(format, it));
    let ancestors = component.ancestors.iter();
    let lines = |lines: &BTreeSet<String>| lines.iter().map(|line| carried(line)).collect();
    View {
        name: carried(&name),
        version: maybe(&component.version),
        purl: component.purl.clone(),
        kind: component.kind.clone(),
        hashes: component.hashes.clone(),
        declared: all(&declared),
        concluded: all(&licenses.concluded),
        effective: maybe(&effective),
        obligations: lines(&component.obligations),
        restrictions: lines(&component.restrictions),
        ancestors: ancestors
            .map(|it| (carried(&it.name), it.purl.clone(), it.relation.clone()))
            .collect(),
        is_development_only: component.is_development_only,
    }
}

#[test]
fn documents_read_back_as_what_was_written() {
    let mut seen = 0;
    for (name, report) in [("rich", fixture::report()), ("layered", fixture::layered())] {
        let written = read("json", &report);
        for format in FORMATS {
            let expected = views(&written, format);
            let found = views(&read(format, &report), format);
            assert_eq!(found.len(), expected.len(), "{name} as {format}");
            for (found, expected) in found.iter().zip(&expected) {
                assert_eq!(found, expected, "{name} as {format}");
                seen += expected.restrictions.len() + expected.hashes.len();
            }
        }
    }
    assert!(seen > 100, "{seen}");
}
