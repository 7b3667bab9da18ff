//! SARIF: what code scanning needs of it, and what must last from one run to the next.

use std::collections::{BTreeMap, BTreeSet};

use flowdown_core::model::{
    Code, Diagnostic, Digest, Finding, FindingIdentity, FindingStanding, Location, PolicyOutcome,
    Report, Rule, Severity, SourcePath, UserFile,
};
use serde_json::Value;

use crate::{fixture, parsed};

fn file(path: &str) -> Location {
    Location::scanned(&SourcePath::new(path))
}

fn settings() -> UserFile {
    UserFile { path: SourcePath::new("flowdown.toml"), sha256: Digest::sha256_of(b"settings") }
}

/// A finding on the fixture's fine-tune.
fn finding(rule: Rule, clause: &str, because: Vec<Location>) -> Finding {
    let report = fixture::report();
    let artifacts = &report.inventory.artifacts;
    let tune = artifacts.iter().find(|it| it.label() == "acme/coder-ft").unwrap();
    Finding {
        artifact: Some(tune.id.clone()),
        rule,
        license: Some(fixture::key(fixture::RAIL)),
        clause: Some(clause.to_owned()),
        message: format!("example {clause}"),
        because,
        fix: "do it".to_owned(),
    }
}

fn with(findings: Vec<Finding>) -> Report {
    let mut report = fixture::report();
    report.inventory.diagnostics.clear();
    report.assessment.findings = findings;
    report
}

fn results(report: &Report) -> Vec<Value> {
    parsed("sarif", report)["runs"][0]["results"].as_array().unwrap().clone()
}

fn fingerprints(report: &Report) -> Vec<String> {
    results(report)
        .iter()
        .map(|it| it["partialFingerprints"]["flowdownFinding/v1"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_whole_document() {
    let mut report = fixture::report();
    let because = vec![
        Location::catalogue(fixture::RAIL),
        file("starcoder/LICENSE").at_lines(4, 6),
        Location::user_file(&settings()).at_key("product.license"),
    ];
    report.assessment.findings.insert(0, finding(Rule::LicenseCopyMissing, "5.2.a", because));
    report.inventory.diagnostics.push(Diagnostic::of_run(Code::PluginFailed, "`x` went away"));
    insta::assert_snapshot!("sarif", crate::written("sarif", &report));
}

#[test]
fn every_result_has_its_rule_and_the_severest_come_first() {
    for report in [fixture::report(), fixture::layered(), fixture::blank(), fixture::empty()] {
        let document = parsed("sarif", &report);
        let run = &document["runs"][0];
        let results = run["results"].as_array().unwrap();
        let placed = report.inventory.diagnostics.iter().filter(|it| it.at.is_some()).count();
        assert_eq!(results.len(), report.assessment.findings.len() + placed);
        let mut levels = Vec::new();
        for result in results {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            let rule = &run["tool"]["driver"]["rules"][index];
            assert_eq!(rule["id"], result["ruleId"]);
            assert_eq!(rule["defaultConfiguration"]["level"], result["level"]);
            assert!(!rule["help"]["text"].as_str().unwrap().is_empty());
            let location = &result["locations"][0]["physicalLocation"]["artifactLocation"];
            assert_eq!(location["uriBaseId"], "%SRCROOT%");
            levels.push(["error", "warning", "note"].iter().position(|it| result["level"] == *it));
        }
        assert!(levels.is_sorted(), "{levels:?}");
    }
}

#[test]
fn fingerprints_outlast_lines_digests_versions_and_order() {
    let at = |line| vec![file("starcoder/LICENSE").at_lines(line, line)];
    let first = finding(Rule::LicenseCopyMissing, "5.2.a", at(3));
    let second = finding(Rule::NoticeMissing, "5.2.c", at(4));
    // Two of one kind are told apart by a number, whichever comes first.
    let third = Finding { message: "another".to_owned(), ..second.clone() };
    let before = with(vec![first.clone(), second.clone(), third.clone()]);
    let mut after = with(vec![third, second, Finding { because: at(90), ..first }]);
    for artifact in &mut after.inventory.artifacts {
        artifact.version = Some("ab".repeat(20));
        if let Some(purl) = &artifact.purl {
            let next = format!("{}@{}", purl.without_version(), "ab".repeat(20));
            artifact.purl = flowdown_core::model::Purl::parse(&next);
        }
        for file in &mut artifact.files {
            file.sha256 = Some(Digest::sha256_of(b"new"));
        }
    }
    let set = |report| -> BTreeSet<String> { fingerprints(report).into_iter().collect() };
    assert_eq!(set(&before).len(), 3);
    assert_eq!(set(&before), set(&after));
    let other = with(vec![finding(Rule::LicenseCopyMissing, "5.2.b", at(3))]);
    assert!(!set(&before).contains(&fingerprints(&other)[0]), "another clause is another finding");
}

#[test]
fn more_results_than_code_scanning_takes_are_cut_and_counted() {
    let mut report = with(Vec::new());
    let diagnostic = |code| Diagnostic::new(code, file("a"), "example");
    report.inventory.diagnostics = (0..4_000)
        .flat_map(|_| [diagnostic(Code::CardOddity), diagnostic(Code::WeightsDataMissing)])
        .collect();
    let document = parsed("sarif", &report);
    let run = &document["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 5_000);
    let errors = results.iter().filter(|it| it["level"] == "error").count();
    assert_eq!(errors, 4_000, "the severest are kept");
    let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    let words = notes.last().unwrap()["message"]["text"].as_str().unwrap();
    assert!(words.starts_with("3000 results were left out"), "{words}");
}

#[test]
fn places_are_cut_and_what_is_no_file_is_shown_at_the_artifact() {
    let because = (1..=2_000).map(|line| file("starcoder/LICENSE").at_lines(line, line)).collect();
    let of_many = &results(&with(vec![finding(Rule::NoticeMissing, "1", because)]))[0];
    assert_eq!(of_many["locations"].as_array().unwrap().len(), 1);
    assert_eq!(of_many["relatedLocations"].as_array().unwrap().len(), 99);

    let because = vec![Location::catalogue(fixture::RAIL)];
    let of_none = &results(&with(vec![finding(Rule::NoticeMissing, "1", because)]))[0];
    let shown = &of_none["locations"][0]["physicalLocation"];
    assert_eq!(shown["artifactLocation"]["uri"], "starcoder/model.safetensors");
    let named = &of_none["relatedLocations"][0]["logicalLocations"][0]["fullyQualifiedName"];
    assert_eq!(*named, format!("catalogue/{}", fixture::RAIL));
}

#[test]
fn an_incomplete_scan_is_no_successful_execution() {
    let incomplete = fixture::report();
    assert!(incomplete.inventory.diagnostics.iter().any(|it| it.code == Code::FileTooLarge));
    let document = parsed("sarif", &incomplete);
    assert_eq!(document["runs"][0]["invocations"][0]["executionSuccessful"], false);
    let document = parsed("sarif", &with(Vec::new()));
    assert_eq!(document["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn what_the_policy_says_is_suppression_and_baseline() {
    let at = vec![file("starcoder/LICENSE")];
    let clauses = ["1", "2", "3"];
    let findings: Vec<Finding> =
        clauses.iter().map(|clause| finding(Rule::NoticeMissing, clause, at.clone())).collect();
    let mut report = with(findings.clone());
    assert_eq!(results(&report)[0]["suppressions"], Value::Null, "there is no policy");
    report.policy = Some(PolicyOutcome {
        fail_on: Severity::Error,
        standings: vec![
            FindingStanding::New,
            FindingStanding::Known,
            FindingStanding::Excepted {
                reason: "counsel agreed".to_owned(),
                at: Location::user_file(&settings()).at_key("policy.exception[0]"),
            },
        ],
        identities: findings.iter().map(|it| FindingIdentity::of(it, None, None)).collect(),
        fixed: BTreeMap::new(),
        declared_in: Some(settings()),
        baseline: Some(settings()),
    });
    let results = results(&report);
    let states: Vec<&Value> = results.iter().map(|it| &it["baselineState"]).collect();
    assert_eq!(
        states,
        ["new", "unchanged", ""]
            .map(|it| match it {
                "" => Value::Null,
                state => Value::from(state),
            })
            .iter()
            .collect::<Vec<_>>()
    );
    let suppressed: Vec<usize> =
        results.iter().map(|it| it["suppressions"].as_array().unwrap().len()).collect();
    assert_eq!(suppressed, [0, 0, 1]);
    assert_eq!(results[2]["suppressions"][0]["justification"], "counsel agreed");
}
