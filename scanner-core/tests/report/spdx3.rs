//! SPDX 3.0.1: names, references, and the licences that AI packages must have.

use std::collections::{BTreeMap, BTreeSet};

use flowdown_core::model::parse_expression;
use serde_json::Value;

use crate::{fixture, parsed};

fn graph(report: &flowdown_core::model::Report) -> Vec<Value> {
    parsed("spdx-3", report)["@graph"].as_array().unwrap().clone()
}

fn all() -> Vec<Vec<Value>> {
    [fixture::report(), fixture::layered(), fixture::blank(), fixture::empty()]
        .iter()
        .map(graph)
        .collect()
}

/// Every text in a value with the name of its field.
fn texts<'a>(value: &'a Value, field: &'a str, into: &mut Vec<(&'a str, &'a str)>) {
    match value {
        Value::String(text) => into.push((field, text)),
        Value::Array(items) => items.iter().for_each(|item| texts(item, field, into)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| texts(value, name, into)),
        _ => {}
    }
}

/// Fields whose values are names of elements.
const REFERENCES: [&str; 13] = [
    "creationInfo",
    "createdBy",
    "createdUsing",
    "dataLicense",
    "element",
    "from",
    "originatedBy",
    "rootElement",
    "subject",
    "suppliedBy",
    "to",
    "@id",
    "spdxId",
];

#[test]
fn every_name_is_unique_and_every_reference_resolves() {
    for graph in all() {
        let mut names = BTreeSet::new();
        for element in &graph {
            let id = element.get("spdxId").or_else(|| element.get("@id")).unwrap();
            assert!(names.insert(id.as_str().unwrap().to_owned()), "{id} stands twice");
        }
        let mut found = Vec::new();
        graph.iter().for_each(|element| texts(element, "", &mut found));
        let mut checked = 0;
        for (_, text) in found.iter().filter(|(field, _)| REFERENCES.contains(field)) {
            let is_individual = text.starts_with("https://spdx.org/rdf/3.0.1/terms/");
            assert!(is_individual || names.contains(*text), "{text} leads nowhere");
            checked += 1;
        }
        assert!(checked > 20);
        // Custom licences are named by the expressions that use them.
        for element in graph.iter().filter(|it| it.get("simplelicensing_customIdToUri").is_some()) {
            for entry in element["simplelicensing_customIdToUri"].as_array().unwrap() {
                assert!(names.contains(entry["value"].as_str().unwrap()));
            }
        }
    }
}

#[test]
fn every_ai_package_and_dataset_has_one_declared_and_one_concluded_licence() {
    for graph in all() {
        let mut count: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for element in &graph {
            if let (Some(from), Some(kind)) =
                (element["from"].as_str(), element["relationshipType"].as_str())
            {
                *count.entry((from, kind)).or_default() += 1;
            }
        }
        let packages = graph.iter().filter(|element| {
            ["ai_AIPackage", "dataset_DatasetPackage"].contains(&element["type"].as_str().unwrap())
        });
        for package in packages {
            let id = package["spdxId"].as_str().unwrap();
            for kind in ["hasDeclaredLicense", "hasConcludedLicense"] {
                assert_eq!(count.get(&(id, kind)), Some(&1), "{id} {kind}");
            }
        }
    }
}

#[test]
fn the_licence_of_each_model_is_that_of_the_report() {
    let report = fixture::report();
    let graph = graph(&report);
    let by_id: BTreeMap<&str, &Value> =
        graph.iter().filter_map(|it| Some((it["spdxId"].as_str()?, it))).collect();
    let mut seen = 0;
    for artifact in &report.inventory.artifacts {
        let conclusion = &report.assessment.artifacts[&artifact.id].conclusion;
        let Some(expression) = &conclusion.expression else { continue };
        let label = artifact.label();
        let package = graph.iter().find(|it| {
            it["name"] == label.as_ref() && it["type"].as_str().unwrap().ends_with("Package")
        });
        let id = &package.unwrap_or_else(|| panic!("{label}"))["spdxId"];
        let kind = match conclusion.status {
            flowdown_core::model::LicenseStatus::Concluded => "hasConcludedLicense",
            flowdown_core::model::LicenseStatus::Declared
            | flowdown_core::model::LicenseStatus::Detected => "hasDeclaredLicense",
            _ => continue,
        };
        let relationship = graph
            .iter()
            .find(|it| it["from"] == *id && it["relationshipType"] == kind)
            .unwrap_or_else(|| panic!("{label}"));
        let target = relationship["to"][0].as_str().unwrap();
        let written = by_id.get(target).map(|it| &it["simplelicensing_licenseExpression"]);
        // Words that are no expression are no licence.
        let expected = parse_expression(expression).map(|_| Value::from(expression.as_str()));
        assert_eq!(written, expected.as_ref(), "{label}");
        seen += 1;
    }
    assert!(seen > 2);
}

#[test]
fn custom_licences_have_texts_and_the_bundle_names_what_customers_receive() {
    let graph = graph(&fixture::report());
    let custom: Vec<&Value> =
        graph.iter().filter(|it| it["type"] == "expandedlicensing_CustomLicense").collect();
    assert!(!custom.is_empty());
    for license in custom {
        assert!(!license["simplelicensing_licenseText"].as_str().unwrap().is_empty());
    }
    let bundle = graph.iter().find(|it| it["type"] == "Bundle").unwrap();
    assert_eq!(bundle["context"], "customer-license-bundle");
    assert!(bundle["element"].as_array().unwrap().len() > 1);
    let terms = graph.iter().filter(|it| it["type"] == "Annotation");
    let statements: Vec<&str> = terms.filter_map(|it| it["statement"].as_str()).collect();
    assert!(statements.iter().any(|it| it.contains("useRestrictions")));
    for statement in statements {
        serde_json::from_str::<Value>(statement).unwrap();
    }
}
