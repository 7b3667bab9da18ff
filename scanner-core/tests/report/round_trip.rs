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

fn views(bom: &Bom) -> Vec<View> {
    bom.components.iter().filter(|component| is_artifact(component)).map(view).collect()
}

/// CycloneDX lists datasets that a card names and the scan did not see.
fn is_artifact(component: &Component) -> bool {
    !component.reference.starts_with("dataset:")
}

fn view(component: &Component) -> View {
    let name = match &component.group {
        Some(group) => format!("{group}/{}", component.name),
        None => component.name.clone(),
    };
    let licenses = &component.licenses;
    // A declared licence that is also concluded is written once by CycloneDX.
    let declared = licenses.declared.iter().filter(|it| !licenses.concluded.contains(it));
    let ancestors = component.ancestors.iter();
    View {
        name,
        version: component.version.clone(),
        purl: component.purl.clone(),
        kind: component.kind.clone(),
        hashes: component.hashes.clone(),
        declared: declared.cloned().collect(),
        concluded: licenses.concluded.clone(),
        effective: licenses.effective.clone(),
        obligations: component.obligations.clone(),
        restrictions: component.restrictions.clone(),
        ancestors: ancestors
            .map(|it| (it.name.clone(), it.purl.clone(), it.relation.clone()))
            .collect(),
        is_development_only: component.is_development_only,
    }
}

#[test]
fn documents_read_back_as_what_was_written() {
    let mut seen = 0;
    for (name, report) in [("rich", fixture::report()), ("layered", fixture::layered())] {
        let expected = views(&read("json", &report));
        for format in FORMATS {
            let found = views(&read(format, &report));
            assert_eq!(found.len(), expected.len(), "{name} as {format}");
            for (found, expected) in found.iter().zip(&expected) {
                assert_eq!(found, expected, "{name} as {format}");
                seen += expected.restrictions.len() + expected.hashes.len();
            }
        }
    }
    assert!(seen > 100, "{seen}");
}
