//! Our own JSON read back as a bill of materials, and beside itself.

use std::collections::BTreeSet;

use flowdown_core::bom::{Bom, flowdown};
use flowdown_core::compare::{self, Topic};
use flowdown_core::model::{LicenseStatus, Report};

use crate::{fixture, written};

fn read(report: &Report) -> Bom {
    flowdown::read(written("json", report).as_bytes()).unwrap()
}

#[test]
fn every_artifact_is_a_component() {
    for report in [fixture::report(), fixture::layered(), fixture::blank(), fixture::empty()] {
        let bom = read(&report);
        let ids: Vec<&str> = bom.components.iter().map(|it| it.reference.as_str()).collect();
        let artifacts = &report.inventory.artifacts;
        let expected: Vec<&str> = artifacts.iter().map(|artifact| artifact.id.0.as_str()).collect();
        assert_eq!(ids, expected);
        assert_eq!(bom.subject.is_some(), report.product.is_some());
        for (component, artifact) in bom.components.iter().zip(artifacts) {
            let Some(assessment) = report.assessment.artifacts.get(&artifact.id) else { continue };
            assert_eq!(component.licenses.effective, assessment.effective.expression);
            let owed = &assessment.obligations;
            assert_eq!(component.obligations.is_empty(), owed.is_empty());
            let lineage = report.inventory.relations.iter();
            let lineage = lineage.filter(|it| it.from == artifact.id && it.kind.is_lineage());
            assert_eq!(component.ancestors.len(), lineage.count());
        }
    }
    let bom = read(&fixture::report());
    assert!(bom.components.iter().any(|component| !component.restrictions.is_empty()));
    assert!(bom.components.iter().any(|component| !component.hashes.is_empty()));
    assert!(bom.edges.iter().any(|edge| !edge.to.is_empty()));
}

#[test]
fn only_what_is_settled_is_a_licence() {
    let mut seen = BTreeSet::new();
    for report in [fixture::report(), fixture::layered(), fixture::blank()] {
        for component in read(&report).components {
            let artifacts = &report.assessment.artifacts;
            let Some(artifact) = artifacts.iter().find(|(id, _)| id.0 == component.reference)
            else {
                continue;
            };
            let status = artifact.1.conclusion.status;
            seen.insert(status);
            let (declared, concluded) = match status {
                LicenseStatus::Unknown | LicenseStatus::Contradicted => (false, false),
                LicenseStatus::Declared | LicenseStatus::Detected => (true, false),
                LicenseStatus::Concluded => (artifact.1.conclusion.declared.is_some(), true),
            };
            assert_eq!(component.licenses.declared.is_empty(), !declared, "{component:?}");
            assert_eq!(component.licenses.concluded.is_empty(), !concluded, "{component:?}");
        }
    }
    assert!(seen.len() > 3, "{seen:?}");
}

#[test]
fn other_forms_are_refused() {
    let text = written("json", &fixture::empty());
    assert!(flowdown::read(text.replace("inventory/1", "inventory/2").as_bytes()).is_err());
    assert!(flowdown::read(b"{}").is_err());
}

#[test]
fn a_report_beside_itself_differs_in_nothing() {
    for report in [fixture::report(), fixture::layered(), fixture::blank(), fixture::empty()] {
        let comparison = compare::compare(&read(&report), &read(&report));
        assert!(comparison.is_empty(), "{comparison:#?}");
    }
}

#[test]
fn a_dropped_restriction_is_found() {
    let mut report = fixture::report();
    let old = read(&report);
    for terms in report.inventory.terms.values_mut() {
        terms.restrictions.clear();
    }
    let comparison = compare::compare(&old, &read(&report));
    let topics: Vec<Topic> =
        comparison.changed.iter().flat_map(|it| &it.changes).map(|it| it.topic).collect();
    assert!(!topics.is_empty() && topics.iter().all(|topic| *topic == Topic::Restrictions));
    assert_eq!(comparison.counts(), (topics.len(), 0));
}
