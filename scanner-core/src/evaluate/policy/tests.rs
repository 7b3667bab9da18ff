use std::collections::{BTreeMap, BTreeSet};

use super::{clarify, judge};
use crate::evaluate::evaluate;
use crate::evaluate::tests::{BARE, Given, WITH_LICENSE, at, id, key, obligation};
use crate::model::{
    Baseline, Basis, Claim, Clarification, Conveyance, Date, Digest, EvidenceClass,
    FindingIdentity, FindingStanding, LicenseName, LicenseStatement, LicenseStatus, Location,
    ObligationStatus, Policy, PolicyException, PolicyOutcome, PolicyRule, Purl, Recognition,
    ResolverId, Rule, SourcePath, UserFile,
};

/// A policy in the making, and what it is to judge.
struct Judged {
    given: Given,
    policy: Policy,
    today: Date,
}

fn settings(key: &str) -> Location {
    let path = SourcePath::new("flowdown.toml");
    Location::user_file(&UserFile { path, sha256: Digest::sha256_of(b"settings") }).at_key(key)
}

fn license_name(name: &str) -> LicenseName {
    LicenseName {
        stated: name.to_owned(),
        keys: BTreeSet::from([key(name)]),
        ids: BTreeSet::from([format!("LicenseRef-{name}")]),
    }
}

/// `license=rail`, `category=military`, `license=rail category=military`, …
fn rule(words: &str) -> PolicyRule {
    let parts: BTreeMap<&str, &str> =
        words.split(' ').map(|part| part.split_once('=').unwrap()).collect();
    let part = |name: &str| parts.get(name).map(|value| (*value).to_owned());
    PolicyRule {
        license: part("license").as_deref().map(license_name),
        family: part("family"),
        conveyance: part("conveyance").map(|word| match &*word {
            "direct-license" => Conveyance::DirectLicense,
            _ => Conveyance::SublicenseWithFlowdown,
        }),
        category: part("category"),
        obligation: part("obligation"),
        reason: None,
        at: settings(words),
    }
}

impl Judged {
    fn new(given: Given) -> Self {
        let today = Date::parse("2026-06-15").unwrap();
        Self { given, policy: Policy::default(), today }
    }

    fn allow(mut self, words: &str) -> Self {
        self.policy.allow.push(rule(words));
        self
    }

    fn deny(mut self, words: &str) -> Self {
        self.policy.deny.push(rule(words));
        self
    }

    fn except(mut self, artifact: &str, code: Option<&str>, expires: Option<&str>) -> Self {
        self.policy.exceptions.push(PolicyException {
            artifact: artifact.to_owned(),
            license: None,
            code: code.map(str::to_owned),
            reason: "somebody decided so".to_owned(),
            expires: expires.map(|text| Date::parse(text).unwrap()),
            at: settings("policy.exception[0]"),
        });
        self
    }

    fn run(&self) -> (Vec<Rule>, Vec<FindingStanding>, PolicyOutcome) {
        let Given { inventory, product } = &self.given;
        let mut assessment = evaluate(inventory, product.as_ref(), "tree");
        let before = assessment.findings.clone();
        let outcome = judge(inventory, &mut assessment, &self.policy, self.today);
        assert_eq!(outcome.standings.len(), assessment.findings.len());
        assert!(before.iter().all(|it| assessment.findings.contains(it)), "nothing vanishes");
        assert!(assessment.findings.iter().all(|finding| !finding.because.is_empty()));
        let of_policy = assessment.findings.iter().map(|finding| finding.rule);
        let of_policy = of_policy.filter(|rule| rule.as_str().starts_with("policy.")).collect();
        (of_policy, outcome.standings.clone(), outcome)
    }

    /// The findings of the policy, worst first.
    #[track_caller]
    fn check(&self, expected: &[Rule]) {
        assert_eq!(self.run().0, expected);
    }
}

fn with(license: &str) -> Judged {
    let given = Given::new().model("m", WITH_LICENSE);
    Judged::new(given.has_text("m", license, Recognition::Exact))
}

/// A model that is declared under `expression` over these licences.
fn expression(expression: &str, candidates: &[&str]) -> Judged {
    let claim = Claim {
        value: LicenseStatement {
            stated: Some(expression.to_owned()),
            candidates: candidates.iter().map(|name| key(name)).collect(),
            expression: Some(expression.to_owned()),
            recognition: None,
        },
        basis: Basis::Declared,
        evidence: vec![at("m", "README.md")],
        by: ResolverId("test".to_owned()),
    };
    Judged::new(Given::new().model("m", BARE).claim("m", claim))
}

#[test]
fn an_allowance_closes_the_list_of_licences() {
    with("rail").allow("license=rail").check(&[]);
    with("rail").allow("family=openrail-m").check(&[]);
    with("rail").allow("conveyance=sublicense-with-flowdown").check(&[]);
    with("rail").allow("license=llama").check(&[Rule::LicenseNotAllowed, Rule::AllowanceUnused]);
    with("rail")
        .allow("license=rail family=community")
        .check(&[Rule::LicenseNotAllowed, Rule::AllowanceUnused]);
}

#[test]
fn denial_beats_allowance() {
    with("rail").allow("license=rail").deny("license=rail").check(&[Rule::LicenseDenied]);
    with("rail").deny("family=openrail-m").check(&[Rule::FamilyDenied]);
    with("rail").deny("conveyance=sublicense-with-flowdown").check(&[Rule::ConveyanceDenied]);
    with("rail").deny("conveyance=direct-license").check(&[Rule::DenialUnused]);
    with("rail").deny("license=rail family=community").check(&[Rule::DenialUnused]);
}

#[test]
fn restrictions_and_obligations_are_subjects_of_their_own() {
    with("rail").deny("category=medical-advice").check(&[Rule::CategoryDenied]);
    with("rail").deny("category=military").check(&[Rule::DenialUnused]);
    with("rail").deny("license=llama category=medical-advice").check(&[Rule::DenialUnused]);
    with("rail").deny("obligation=copy-of-licence").check(&[Rule::ObligationDenied]);
    with("rail").allow("category=medical-advice").check(&[]);
    with("rail")
        .allow("category=military")
        .check(&[Rule::CategoryNotAllowed, Rule::AllowanceUnused]);
    with("rail")
        .allow("obligation=notice-file")
        .check(&[Rule::ObligationNotAllowed, Rule::AllowanceUnused]);
    // An allowance of a restriction says nothing of the licence.
    with("rail")
        .allow("category=medical-advice")
        .deny("license=rail")
        .check(&[Rule::LicenseDenied]);
}

#[test]
fn a_dormant_obligation_is_not_denied() {
    let mut judged = with("rail").deny("obligation=no-hosting");
    let owed = obligation("no-hosting", "host", EvidenceClass::Declared);
    judged.given = judged.given.owes("rail", owed);
    judged.check(&[Rule::ObligationDenied]);
    judged.given = judged.given.product(|product| {
        product.ships = Some(crate::model::ShipMode::Distributed);
    });
    judged.check(&[Rule::DenialUnused]);
}

#[test]
fn of_a_choice_one_branch_must_be_acceptable_and_of_a_sum_all() {
    let either = || expression("LicenseRef-rail OR LicenseRef-llama", &["rail", "llama"]);
    let both = || expression("LicenseRef-rail AND LicenseRef-llama", &["rail", "llama"]);
    either().allow("license=llama").check(&[]);
    either().deny("license=rail").check(&[]);
    either().deny("license=rail").deny("license=llama").check(&[Rule::LicenseDenied]);
    both().allow("license=llama").check(&[Rule::LicenseNotAllowed]);
    both().allow("license=llama").allow("license=rail").check(&[]);
    both().deny("license=rail").check(&[Rule::LicenseDenied]);
    let nested = expression(
        "(LicenseRef-rail OR LicenseRef-llama) AND LicenseRef-sa",
        &["rail", "llama", "sa"],
    );
    nested.allow("license=sa").allow("license=rail").check(&[]);
}

/// An exception to a licence adds rights or takes some away: what allows the licence does not allow
/// it with the exception, what denies it denies both.
#[test]
fn an_exception_in_an_expression_is_named() {
    let gnu = |list: fn(Judged, &str) -> Judged, name: &str| {
        let words = "GPL-2.0-only WITH Classpath-exception-2.0";
        let mut judged = list(expression(words, &["gpl"]), &format!("license={name}"));
        let ids = &mut judged.given.inventory.spdx_ids;
        ids.insert(key("gpl"), "GPL-2.0-only".to_owned());
        let rules = judged.policy.allow.iter_mut().chain(&mut judged.policy.deny);
        for name in rules.filter_map(|rule| rule.license.as_mut()) {
            name.ids = BTreeSet::from([name.stated.replace('_', " ")]);
        }
        judged.run().0
    };
    let with = "GPL-2.0-only_WITH_Classpath-exception-2.0";
    assert!(gnu(Judged::allow, with).is_empty());
    assert!(gnu(Judged::allow, "GPL-2.0-only").contains(&Rule::LicenseNotAllowed));
    assert_eq!(gnu(Judged::deny, "GPL-2.0-only"), [Rule::LicenseDenied]);
}

#[test]
fn every_candidate_of_a_tag_must_be_allowed() {
    let ambiguous = || Judged::new(Given::new().model("m", BARE).declares("m", &["rail", "llama"]));
    ambiguous().allow("license=rail").check(&[Rule::LicenseNotAllowed]);
    ambiguous().allow("license=rail").allow("license=llama").check(&[]);
    ambiguous().deny("license=llama").check(&[Rule::LicenseDenied]);
}

#[test]
fn what_is_unknown_is_never_allowed() {
    let nothing = || Judged::new(Given::new().model("m", BARE));
    nothing().allow("license=rail").check(&[Rule::PolicyLicenseUnknown, Rule::AllowanceUnused]);
    nothing()
        .allow("category=military")
        .check(&[Rule::PolicyLicenseUnknown, Rule::AllowanceUnused]);
    nothing().deny("license=rail").check(&[Rule::DenialUndecided, Rule::DenialUnused]);
    let contradicted = with("rail").allow("license=rail").allow("license=permissive");
    let given = contradicted.given.declares("m", &["permissive"]);
    Judged { given, ..contradicted }.check(&[Rule::PolicyLicenseUnknown]);
}

#[test]
fn ancestors_count() {
    let tune = |verified| {
        let judged = with("permissive").allow("license=permissive");
        let given =
            judged.given.derives_from("m", "org/base").knows("org/base", &["llama"], verified);
        Judged { given, ..judged }
    };
    tune(true).check(&[Rule::LicenseNotAllowed]);
    tune(true).allow("license=llama").check(&[]);
    // From memory only, the ancestor's licence is no knowledge.
    tune(false).allow("license=llama").check(&[Rule::PolicyLicenseUnknown]);
    let unknown = with("permissive").allow("license=permissive");
    let given = unknown.given.derives_from("m", "org/nobody-knows");
    Judged { given, ..unknown }.check(&[Rule::PolicyLicenseUnknown]);
}

#[test]
fn an_allow_list_never_lets_an_unknown_ancestor_in_the_scan_pass() {
    let judged = with("permissive").allow("license=permissive");
    let target = crate::model::RelationTarget::Here(id("base"));
    let given = judged.given.model("base", BARE).derives("m", target);
    Judged { given, ..judged }.check(&[Rule::PolicyLicenseUnknown, Rule::PolicyLicenseUnknown]);
}

#[test]
fn a_denial_that_no_record_decides_is_said_once() {
    let judged = || Judged::new(Given::new().model("m", BARE).declares("m", &["listed"]));
    judged().deny("family=community").check(&[Rule::DenialUndecided]);
    judged().deny("category=military").check(&[Rule::DenialUndecided]);
    judged().deny("license=llama family=community").check(&[Rule::DenialUnused]);
    judged().allow("family=community").check(&[Rule::LicenseNotAllowed, Rule::AllowanceUnused]);
    // Open source by definition limits no field of use.
    let mut open = expression("BSD-3-Clause", &["listed"]).deny("category=military");
    open.given.inventory.spdx_ids.insert(key("listed"), "BSD-3-Clause".to_owned());
    open.check(&[Rule::DenialUnused]);
}

#[test]
fn what_reaches_no_customer_is_not_judged() {
    let mut judged = with("rail").deny("license=rail");
    judged.given.inventory.artifacts[0].development_only = true;
    judged.check(&[Rule::DenialUnused]);
}

#[test]
fn an_exception_accepts_until_its_last_day() {
    let excepted = |artifact: &str, code: Option<&str>, expires: Option<&str>| {
        let judged = with("rail").deny("license=rail").except(artifact, code, expires);
        let (rules, standings, outcome) = judged.run();
        let is_excepted = matches!(standings[0], FindingStanding::Excepted { .. });
        assert_eq!(outcome.standings[0] == FindingStanding::New, !is_excepted);
        (is_excepted, rules.get(1).copied())
    };
    let code = Rule::LicenseDenied.as_str();
    assert_eq!(excepted("m", None, None), (true, None));
    assert_eq!(excepted("m*", Some(code), None), (true, None));
    assert_eq!(excepted("m/model.safetensors", None, None), (true, None));
    assert_eq!(excepted("model:m", None, None), (true, None));
    assert_eq!(excepted("m", None, Some("2026-06-15")), (true, None));
    assert_eq!(excepted("m", None, Some("2026-06-14")), (false, Some(Rule::ExceptionExpired)));
    assert_eq!(excepted("n", None, None), (false, Some(Rule::ExceptionUnused)));
    let other = Rule::LicenseUnknown.as_str();
    assert_eq!(excepted("m", Some(other), None), (false, Some(Rule::ExceptionUnused)));
}

#[test]
fn an_exception_can_be_for_one_licence() {
    let judged = |name: &str| {
        let mut judged = with("rail").deny("license=rail").except("*", None, None);
        judged.policy.exceptions[0].license = Some(license_name(name));
        judged.run().1[0].clone()
    };
    assert!(matches!(judged("rail"), FindingStanding::Excepted { .. }));
    assert_eq!(judged("llama"), FindingStanding::New);
}

fn baseline(known: &[(&FindingIdentity, u64)]) -> Baseline {
    let path = SourcePath::new("baseline.json");
    Baseline {
        file: UserFile { path, sha256: Digest::sha256_of(b"baseline") },
        known: known.iter().map(|(identity, count)| ((*identity).clone(), *count)).collect(),
    }
}

#[test]
fn what_the_baseline_holds_is_known_and_what_no_longer_occurs_is_fixed() {
    let mut judged = with("rail").deny("license=rail");
    let first = judged.run().2;
    assert!(first.standings.iter().all(|standing| *standing == FindingStanding::New));
    let gone = FindingIdentity {
        code: "license.unknown".to_owned(),
        artifact: Some("model:gone".to_owned()),
        license: None,
        clause: None,
    };
    judged.policy.baseline = Some(baseline(&[(&first.identities[0], 2), (&gone, 1)]));
    let (_, standings, outcome) = judged.run();
    assert_eq!(standings[0], FindingStanding::Known);
    let fixed: Vec<u64> = outcome.fixed.values().copied().collect();
    assert_eq!(fixed, [1, 1], "one of two occurrences, and what is gone");
}

#[test]
fn a_finding_stays_the_same_when_bytes_and_versions_change() {
    let identity = |version: &str, digest: &str| {
        let mut judged = with("rail").deny("license=rail");
        let artifact = &mut judged.given.inventory.artifacts[0];
        artifact.purl = Purl::build("pypi", None, "m", Some(version));
        artifact.files[0].sha256 = Some(Digest::sha256_of(digest.as_bytes()));
        judged.run().2.identities[0].clone()
    };
    assert_eq!(identity("1.0", "a"), identity("2.0", "b"));
    assert_eq!(identity("1.0", "a").artifact.as_deref(), Some("pkg:pypi/m"));
}

/// Marks the licence file of `m` as `license`, by its digest.
fn clarified(mut judged: Judged, license: &str) -> Judged {
    let sha256 = Digest::sha256_of(b"the terms of somebody");
    let files = &mut judged.given.inventory.artifacts[0].files;
    files.iter_mut().find(|file| file.path.as_str() == "m/LICENSE").unwrap().sha256 = Some(sha256);
    judged.policy.clarifications.push(Clarification {
        sha256,
        stated: license.to_owned(),
        licenses: vec![key(license)],
        expression: format!("LicenseRef-{license}"),
        reason: "read by somebody".to_owned(),
        at: settings("policy.clarification[0]"),
    });
    clarify(&mut judged.given.inventory, &judged.policy);
    judged
}

#[track_caller]
fn check_conclusion(given: Given, status: LicenseStatus, expression: Option<&str>, because: &str) {
    let judged = clarified(Judged::new(given), "rail");
    let assessment = evaluate(&judged.given.inventory, None, "tree");
    let conclusion = &assessment.artifacts[&id("m")].conclusion;
    assert_eq!((conclusion.status, conclusion.expression.as_deref()), (status, expression));
    assert!(conclusion.because.contains(because), "{}", conclusion.because);
}

#[test]
fn a_clarification_settles_what_nobody_recognised() {
    let model = || Given::new().model("m", WITH_LICENSE);
    let rail = Some("LicenseRef-rail");
    check_conclusion(model(), LicenseStatus::Declared, rail, "the policy clarifies");
    let ambiguous = model().declares("m", &["llama", "rail"]);
    check_conclusion(ambiguous, LicenseStatus::Concluded, rail, "which the policy clarifies");
    let near = model().has_text("m", "llama", Recognition::Variant);
    check_conclusion(near, LicenseStatus::Declared, rail, "the policy clarifies");
    let same = model().has_text("m", "rail", Recognition::Exact);
    check_conclusion(same, LicenseStatus::Concluded, rail, "agree");
}

#[test]
fn a_clarification_does_not_win_against_what_is_known() {
    let model = || Given::new().model("m", WITH_LICENSE);
    let stated = model().declares("m", &["llama"]);
    check_conclusion(stated, LicenseStatus::Contradicted, None, "exclude each other");
    let recognised = model().has_text("m", "llama", Recognition::Exact);
    check_conclusion(recognised, LicenseStatus::Contradicted, None, "disagree");
}

#[test]
fn a_clarified_text_is_the_copy_that_travels() {
    let given = Given::new().model("m", WITH_LICENSE).declares("m", &["rail"]);
    let judged = clarified(Judged::new(given), "rail");
    let assessment = evaluate(&judged.given.inventory, None, "tree");
    let copy = &assessment.artifacts[&id("m")].obligations[0];
    assert_eq!(
        (&*copy.obligation.kind, copy.status),
        ("copy-of-licence", ObligationStatus::Satisfied)
    );
}

#[test]
fn a_clarification_of_other_bytes_is_unused() {
    let given = Given::new().model("m", WITH_LICENSE).declares("m", &["rail"]);
    let mut judged = clarified(Judged::new(given), "rail");
    judged.check(&[]);
    judged.policy.clarifications[0].sha256 = Digest::sha256_of(b"something else");
    judged.check(&[Rule::ClarificationUnused]);
}

/// A plugin cannot speak as the policy: it has no evidence in the settings.
#[test]
fn only_the_policy_clarifies() {
    let mut given = Given::new().model("m", WITH_LICENSE).declares("m", &["rail"]);
    let claims = given.inventory.claims.get_mut(&id("m")).unwrap();
    claims[0].by = ResolverId("policy".to_owned());
    let assessment = evaluate(&given.inventory, None, "tree");
    let conclusion = &assessment.artifacts[&id("m")].conclusion;
    assert!(!conclusion.because.contains("clarifies"), "{}", conclusion.because);
}
