use std::collections::BTreeMap;

use super::contracts;
use crate::model::{
    Algorithm, Artifact, ArtifactFile, ArtifactId, ArtifactKind, Basis, Contract, ContractDigest,
    ContractParticulars, ContractParty, ContractStatus, ContractSubject, Conveyance, Date, Digest,
    Directness, Distillation, FileRole, Grant, LicenseKey, LicenseTerms, Location, Purl, Relation,
    RelationKind, RelationTarget, ResolverId, SourcePath, Timestamp, UserFile, Verified,
};

fn digest(byte: u8) -> Digest {
    Digest::new(Algorithm::Sha256, [byte; 32])
}

fn artifact(name: &str, kind: ArtifactKind) -> Artifact {
    let file = |file: &str, role, byte| ArtifactFile {
        path: SourcePath::new(&format!("{name}/{file}")),
        role,
        size: 1,
        sha256: Some(digest(byte)),
        sha512: None,
        claimed_sha256: None,
    };
    Artifact {
        id: ArtifactId(format!("{}:{name}", kind.name())),
        kind,
        name: Some(name.to_owned()),
        version: None,
        purl: Purl::of_hugging_face(name, Some("1a2b")),
        folder: SourcePath::new(name),
        files: vec![file("README.md", FileRole::Card, 1), file("w", FileRole::Weights, 2)],
        facts: Vec::new(),
        tensors: Vec::new(),
        occurrences: vec![Location::scanned(&SourcePath::new(&format!("{name}/w")))],
        development_only: false,
        depends_on: Vec::new(),
    }
}

fn subject() -> ContractSubject {
    ContractSubject { digest: None, purl: None, name: None }
}

fn contract(applies_to: ContractSubject, days: [Option<&str>; 3]) -> Contract {
    let [effective, from, until] = days.map(|day| day.map(|day| Date::parse(day).unwrap()));
    let party = |name: &str| ContractParty { name: name.to_owned(), affiliates: Vec::new() };
    let terms = LicenseTerms {
        key: LicenseKey("nova".to_owned()),
        name: "Nova Model Licence".to_owned(),
        date: None,
        licensor: Some("Nova Inc.".to_owned()),
        family: "commercial".to_owned(),
        verified: Verified::Read,
        spdx: "LicenseRef-nova".to_owned(),
        notes: Vec::new(),
        grant: Grant {
            conveyance: Conveyance::CommercialFlowdown,
            directness: Directness::None,
            acceptance: "signed".to_owned(),
            acceptance_clause: None,
            sublicensable: true,
            relicense_derivatives: "none".to_owned(),
            distillation: Distillation::Silent,
            clause: "2".to_owned(),
            legal_basis: Vec::new(),
            revocable: "on-breach".to_owned(),
            covers: Vec::new(),
            excludes: Vec::new(),
            hosting_is_distribution: String::new(),
            outputs: String::new(),
            permitted_use: "any".to_owned(),
            governing_law: String::new(),
        },
        thresholds: Vec::new(),
        obligations: Vec::new(),
        restrictions: Vec::new(),
    };
    let particulars = ContractParticulars {
        declared_in: UserFile { path: SourcePath::new("contracts/nova.toml"), sha256: digest(9) },
        licensor: party("Nova Inc."),
        licensee: party("ACME GmbH"),
        agreement: None,
        order: None,
        effective,
        from,
        until,
        evidence: BTreeMap::new(),
    };
    Contract {
        terms,
        applies_to: vec![subject(), applies_to],
        replaces: Vec::new(),
        particulars: Some(particulars),
    }
}

/// What a contract on `applies_to` covers, by name; each with a claim that names entry and artifact.
#[track_caller]
fn check(applies_to: ContractSubject, expected: &[&str]) {
    let artifacts = [
        artifact("nova/base", ArtifactKind::Model),
        artifact("nova/base-card", ArtifactKind::Document),
    ];
    let relation = Relation {
        from: ArtifactId("model:x".to_owned()),
        kind: RelationKind::FineTunedFrom,
        to: RelationTarget::Elsewhere {
            name: "nova/far".to_owned(),
            purl: Purl::of_hugging_face("nova/far", None),
        },
        basis: Basis::Declared,
        evidence: vec![Location::scanned(&SourcePath::new("x"))],
        by: ResolverId("test".to_owned()),
    };
    let contract = contract(applies_to, [None; 3]);
    let found = contracts(&[contract], Timestamp(0), &artifacts, &[relation]);
    let coverage = &found.coverage[&LicenseKey("nova".to_owned())];
    let names: Vec<&str> = coverage
        .artifacts
        .keys()
        .map(|id| id.0.trim_start_matches("model:"))
        .chain(coverage.ancestors.keys().map(String::as_str))
        .collect();
    assert_eq!(names, expected);
    assert_eq!(found.claims.len(), coverage.artifacts.len());
    for claim in found.claims.values().flatten() {
        assert_eq!(claim.value.expression.as_deref(), Some("LicenseRef-nova"));
        let places: Vec<String> =
            claim.evidence.iter().map(|at| format!("{} {:?}", at.path, at.span)).collect();
        let entry = "contracts/nova.toml Some(Key(\"contract.applies_to.1\"))";
        assert_eq!(places, ["nova/base/w None", entry]);
    }
}

#[test]
fn an_artifact_is_known_by_content_purl_or_name() {
    let by = |digest| ContractSubject { digest: Some(digest), ..subject() };
    check(by(ContractDigest::File(digest(2))), &["nova/base"]);
    // A card is not the weights, and a document is not licensed to anybody.
    check(by(ContractDigest::File(digest(1))), &[]);
    check(by(ContractDigest::Artifact(ArtifactId("model:nova/base".to_owned()))), &["nova/base"]);
    let by = |purl| ContractSubject { purl: Purl::parse(purl), ..subject() };
    check(by("pkg:huggingface/nova/base"), &["nova/base"]);
    check(by("pkg:huggingface/nova/base@ffff"), &[]);
    check(by("pkg:huggingface/nova/far"), &["nova/far"]);
    let by = |name: &str| ContractSubject { name: Some(name.to_owned()), ..subject() };
    check(by("nova/*"), &["nova/base", "nova/far"]);
    check(by("nova"), &[]);
}

/// On 2026-11-24, a contract with these days (effective, from, until) has this status.
#[track_caller]
fn check_days(days: [Option<&str>; 3], expected: ContractStatus) {
    let key = LicenseKey("nova".to_owned());
    let found = contracts(&[contract(subject(), days)], Timestamp(1_795_478_400), &[], &[]);
    assert_eq!(found.coverage[&key].status, expected, "{days:?}");
    assert!(found.coverage[&key].is_empty());
}

#[test]
fn a_contract_is_in_force_from_its_first_to_its_last_day() {
    assert_eq!(Timestamp(1_795_478_400).date().to_string(), "2026-11-24");
    check_days([None, None, None], ContractStatus::InForce);
    check_days([None, None, Some("2026-11-24")], ContractStatus::InForce);
    check_days([None, None, Some("2026-11-23")], ContractStatus::Ended);
    check_days([Some("2026-11-24"), None, None], ContractStatus::InForce);
    check_days([Some("2026-11-25"), None, None], ContractStatus::NotYet);
    check_days([Some("2026-01-01"), Some("2026-12-01"), None], ContractStatus::NotYet);
    check_days([Some("2026-12-01"), Some("2026-01-01"), None], ContractStatus::NotYet);
}
