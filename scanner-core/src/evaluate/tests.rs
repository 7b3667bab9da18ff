mod contracts;
mod derivatives;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::evaluate;
use crate::model::{
    Artifact, ArtifactFile, ArtifactId, ArtifactKind, Basis, CapturedText, Claim, Conveyance,
    Digest, Directness, Distillation, EvidenceClass, Fact, FactValue, FileRole, Grant, Inventory,
    KnownAncestor, LicenseKey, LicenseStatement, LicenseStatus, LicenseTerms, Location, Mental,
    Obligation, ObligationStatus, Product, ProfileKind, Recognition, Relation, RelationKind,
    RelationTarget, ResolverId, Rule, ShipMode, SourcePath, TextMatch, TextRole, Threshold,
    UseRestriction, Verified, names,
};

/// An inventory in the making.
#[derive(Default)]
pub(super) struct Given {
    pub(super) inventory: Inventory,
    pub(super) product: Option<Product>,
}

pub(super) fn key(text: &str) -> LicenseKey {
    LicenseKey(text.to_owned())
}

pub(super) fn id(name: &str) -> ArtifactId {
    ArtifactId(format!("model:{name}"))
}

pub(super) fn at(name: &str, file: &str) -> Location {
    Location::scanned(&SourcePath::new(&format!("{name}/{file}")))
}

pub(super) fn obligation(kind: &str, trigger: &str, evidence: EvidenceClass) -> Obligation {
    Obligation {
        kind: kind.to_owned(),
        clause: "4".to_owned(),
        triggers: vec![trigger.to_owned()],
        evidence,
        params: BTreeMap::new(),
    }
}

/// A licence that asks for a copy of itself and restricts nothing.
pub(super) fn terms_for_tests(name: &str, relicense: &str) -> LicenseTerms {
    let conveyance = if relicense.contains("flowdown") {
        Conveyance::SublicenseWithFlowdown
    } else {
        Conveyance::DirectLicense
    };
    LicenseTerms {
        key: key(name),
        name: format!("The {name} licence"),
        date: None,
        licensor: Some("Licensor".to_owned()),
        family: "community".to_owned(),
        verified: Verified::Read,
        spdx: format!("LicenseRef-{name}"),
        notes: Vec::new(),
        grant: Grant {
            conveyance,
            directness: Directness::Implied,
            acceptance: "by-use".to_owned(),
            acceptance_clause: None,
            sublicensable: false,
            relicense_derivatives: relicense.to_owned(),
            distillation: Distillation::Silent,
            clause: "2".to_owned(),
            legal_basis: vec!["copyright".to_owned()],
            revocable: "on-breach".to_owned(),
            covers: vec!["model".to_owned()],
            excludes: Vec::new(),
            hosting_is_distribution: String::new(),
            outputs: String::new(),
            permitted_use: "any".to_owned(),
            governing_law: String::new(),
        },
        thresholds: Vec::new(),
        obligations: vec![obligation("copy-of-licence", "distribute", EvidenceClass::Mechanical)],
        restrictions: Vec::new(),
    }
}

impl Given {
    pub(super) fn new() -> Self {
        Self::default()
            .terms("rail", "openrail-m", "free-with-flowdown", &["medical-advice"])
            .terms("llama", "community", "own-modifications only", &["military"])
            .terms("sa", "data-sharealike", "same-licence", &[])
            .terms("permissive", "oss-permissive", "free", &[])
    }

    pub(super) fn terms(
        mut self,
        name: &str,
        family: &str,
        relicense: &str,
        categories: &[&str],
    ) -> Self {
        let mut terms = terms_for_tests(name, relicense);
        family.clone_into(&mut terms.family);
        terms.restrictions = categories
            .iter()
            .map(|category| UseRestriction {
                label: "(a)".to_owned(),
                categories: vec![(*category).to_owned()],
                mental: Mental::None,
                exceptions: Vec::new(),
                note: None,
            })
            .collect();
        self.inventory.spdx_ids.insert(terms.key.clone(), terms.spdx.clone());
        self.inventory.terms.insert(terms.key.clone(), terms);
        self
    }

    pub(super) fn owes(mut self, license: &str, obligation: Obligation) -> Self {
        self.inventory.terms.get_mut(&key(license)).unwrap().obligations.push(obligation);
        self
    }

    pub(super) fn model(mut self, name: &str, files: &[(&str, FileRole)]) -> Self {
        let path = |file: &str| SourcePath::new(&format!("{name}/{file}"));
        self.inventory.artifacts.push(Artifact {
            id: id(name),
            kind: ArtifactKind::Model,
            name: Some(name.to_owned()),
            version: None,
            purl: None,
            folder: SourcePath::new(name),
            files: files
                .iter()
                .map(|(file, role)| ArtifactFile {
                    path: path(file),
                    role: *role,
                    size: 1,
                    sha256: None,
                    sha512: None,
                    claimed_sha256: None,
                })
                .collect(),
            facts: Vec::new(),
            tensors: Vec::new(),
            occurrences: vec![at(name, "model.safetensors")],
            development_only: false,
            depends_on: Vec::new(),
        });
        self
    }

    pub(super) fn claim(mut self, name: &str, claim: Claim<LicenseStatement>) -> Self {
        self.inventory.claims.entry(id(name)).or_default().push(claim);
        self
    }

    pub(super) fn declares(self, name: &str, candidates: &[&str]) -> Self {
        let claim = Claim {
            value: LicenseStatement {
                stated: Some(format!("tag-{}", candidates.join("-"))),
                candidates: candidates.iter().map(|name| key(name)).collect(),
                expression: match candidates {
                    [only] => Some(format!("LicenseRef-{only}")),
                    _ => None,
                },
                recognition: None,
            },
            basis: Basis::Declared,
            evidence: vec![at(name, "README.md")],
            by: ResolverId("test".to_owned()),
        };
        self.claim(name, claim)
    }

    pub(super) fn has_text(mut self, name: &str, license: &str, recognition: Recognition) -> Self {
        let place = at(name, "LICENSE").at_lines(1, 2);
        let bytes: Arc<[u8]> = Arc::from(&b"first line\nsecond line\n"[..]);
        self.inventory.text_matches.entry(id(name)).or_default().push(TextMatch {
            path: place.path.clone(),
            sha256: Digest::sha256_of(&bytes),
            key: key(license),
            kind: ProfileKind::License,
            recognition,
            resemblance_permille: 1000,
            containment_permille: 1000,
            at: place.clone(),
            differs: Vec::new(),
            clauses: vec![("(a)".to_owned(), place.clone().at_lines(2, 2))],
        });
        self.inventory.texts.insert(
            place.path.clone(),
            CapturedText {
                path: place.path.clone(),
                role: TextRole::License,
                bytes,
                first_line: 1,
            },
        );
        let claim = Claim {
            value: LicenseStatement {
                stated: None,
                candidates: vec![key(license)],
                expression: None,
                recognition: Some(recognition),
            },
            basis: Basis::Detected,
            evidence: vec![place],
            by: ResolverId("test".to_owned()),
        };
        self.claim(name, claim)
    }

    pub(super) fn derives(mut self, name: &str, target: RelationTarget) -> Self {
        self.inventory.relations.push(Relation {
            from: id(name),
            kind: RelationKind::FineTunedFrom,
            to: target,
            basis: Basis::Declared,
            evidence: vec![at(name, "README.md")],
            by: ResolverId("test".to_owned()),
        });
        self
    }

    pub(super) fn derives_from(self, name: &str, ancestor: &str) -> Self {
        let target = RelationTarget::Elsewhere { name: ancestor.to_owned(), purl: None };
        self.derives(name, target)
    }

    pub(super) fn knows(mut self, ancestor: &str, licenses: &[&str], verified: bool) -> Self {
        self.inventory.ancestors.insert(
            ancestor.to_owned(),
            KnownAncestor {
                record: ancestor.to_owned(),
                stated: "tag".to_owned(),
                licenses: licenses.iter().map(|name| key(name)).collect(),
                verified,
                license_verified: verified,
                parent: None,
            },
        );
        self
    }

    pub(super) fn product(mut self, change: impl FnOnce(&mut Product)) -> Self {
        let product = self.product.get_or_insert_default();
        change(product);
        self
    }

    /// Status, own and effective expression of `m`, then the findings on it.
    #[track_caller]
    fn check(&self, status: LicenseStatus, own: &str, effective: &str, findings: &[Rule]) {
        let assessment = evaluate(&self.inventory, self.product.as_ref(), "tree");
        let model = &assessment.artifacts[&id("m")];
        let words = |expression: &Option<String>| {
            expression.clone().unwrap_or_else(|| "NOASSERTION".to_owned())
        };
        let found: Vec<Rule> = assessment
            .findings
            .iter()
            .filter(|finding| finding.artifact == Some(id("m")))
            .map(|finding| finding.rule)
            .collect();
        assert_eq!(
            (model.conclusion.status, words(&model.conclusion.expression)),
            (status, own.to_owned())
        );
        assert_eq!(words(&model.effective.expression), effective, "{}", model.effective.because);
        assert_eq!(found, findings);
        assert!(assessment.findings.iter().all(|finding| !finding.because.is_empty()));
    }

    fn status_of(&self, kind: &str) -> ObligationStatus {
        let assessment = evaluate(&self.inventory, self.product.as_ref(), "tree");
        let model = &assessment.artifacts[&id("m")];
        let assessed =
            model.obligations.iter().find(|assessed| assessed.obligation.kind == kind).unwrap();
        assessed.status
    }
}

pub(super) const WITH_LICENSE: &[(&str, FileRole)] =
    &[("model.safetensors", FileRole::Weights), ("LICENSE", FileRole::License)];
pub(super) const BARE: &[(&str, FileRole)] = &[("model.safetensors", FileRole::Weights)];

#[test]
fn a_tag_alone_stays_declared_and_its_text_is_missing() {
    Given::new().model("m", BARE).declares("m", &["rail"]).check(
        LicenseStatus::Declared,
        "LicenseRef-rail",
        "LicenseRef-rail",
        &[Rule::LicenseCopyMissing],
    );
}

#[test]
fn tag_and_text_conclude() {
    let given = Given::new().model("m", WITH_LICENSE).declares("m", &["rail", "llama"]).has_text(
        "m",
        "rail",
        Recognition::Exact,
    );
    given.check(LicenseStatus::Concluded, "LicenseRef-rail", "LicenseRef-rail", &[]);
    assert_eq!(given.status_of("copy-of-licence"), ObligationStatus::Satisfied);
}

#[test]
fn a_text_alone_is_detected() {
    Given::new().model("m", WITH_LICENSE).has_text("m", "rail", Recognition::Exact).check(
        LicenseStatus::Detected,
        "LicenseRef-rail",
        "LicenseRef-rail",
        &[],
    );
}

#[test]
fn a_tag_against_a_text_is_a_contradiction_and_both_apply() {
    let given = Given::new().model("m", WITH_LICENSE).declares("m", &["permissive"]).has_text(
        "m",
        "rail",
        Recognition::Exact,
    );
    given.check(
        LicenseStatus::Contradicted,
        "NOASSERTION",
        "NOASSERTION",
        &[Rule::LicenseCopyMissing, Rule::LicenseContradicted],
    );
    let assessment = evaluate(&given.inventory, None, "tree");
    assert_eq!(assessment.artifacts[&id("m")].effective.licenses.len(), 2);
}

#[test]
fn a_text_for_code_says_nothing_of_the_model() {
    let mut given =
        Given::new().model("m", WITH_LICENSE).has_text("m", "permissive", Recognition::Exact);
    given.inventory.artifacts[0].facts.push(Fact::new(
        names::LICENSE_FILE_SCOPE,
        "code",
        at("m", "LICENSE"),
    ));
    given.check(LicenseStatus::Unknown, "NOASSERTION", "NOASSERTION", &[Rule::LicenseUnknown]);
}

/// Adds a licence file or a notice in which nothing was recognised.
fn with_text(mut given: Given, file: &str, role: TextRole) -> Given {
    let path = SourcePath::new(&format!("m/{file}"));
    let bytes = Arc::from(&b"the terms of somebody\n"[..]);
    let text = CapturedText { path: path.clone(), role, bytes, first_line: 1 };
    given.inventory.texts.insert(path, text);
    given
}

#[test]
fn a_text_in_a_notice_is_the_licence_of_something_else() {
    let files = &[("model.safetensors", FileRole::Weights), ("LICENSE", FileRole::Notice)];
    let given = Given::new().model("m", files).has_text("m", "permissive", Recognition::Exact);
    given.check(LicenseStatus::Unknown, "NOASSERTION", "NOASSERTION", &[Rule::LicenseUnknown]);
    let bundle = evaluate(&given.inventory, None, "tree").bundle;
    assert_eq!(bundle.entries[0].notices.len(), 1, "the notice travels along");
}

const WITH_TWO_TEXTS: &[(&str, FileRole)] = &[
    ("model.safetensors", FileRole::Weights),
    ("LICENSE", FileRole::License),
    ("LICENSE-MODEL", FileRole::License),
];

#[test]
fn a_text_that_nobody_knows_keeps_the_licence_unknown_and_travels_along() {
    let given =
        Given::new().model("m", WITH_TWO_TEXTS).has_text("m", "permissive", Recognition::Exact);
    let given = with_text(given, "LICENSE-MODEL", TextRole::License);
    given.check(LicenseStatus::Unknown, "NOASSERTION", "NOASSERTION", &[Rule::LicenseUnknown]);
    let bundle = evaluate(&given.inventory, None, "tree").bundle;
    let unknown = bundle.entries.iter().find(|entry| entry.license.is_none()).unwrap();
    assert_eq!(&*unknown.texts[0].bytes, b"the terms of somebody\n");
}

#[test]
fn a_tag_beside_a_text_that_nobody_knows_is_ambiguous() {
    let given = Given::new().model("m", WITH_LICENSE).declares("m", &["rail"]);
    with_text(given, "LICENSE", TextRole::License).check(
        LicenseStatus::Declared,
        "LicenseRef-rail",
        "LicenseRef-rail",
        &[Rule::LicenseCopyMissing, Rule::LicenseAmbiguous],
    );
}

#[test]
fn a_text_that_belongs_to_nothing_owes_nothing() {
    let mut given = Given::new().model("m", BARE).declares("m", &["rail"]);
    given.inventory.artifacts[0].kind = ArtifactKind::Document;
    given.check(LicenseStatus::Declared, "LicenseRef-rail", "LicenseRef-rail", &[]);
}

#[test]
fn a_package_that_is_only_named_lacks_nothing() {
    let status = |state: &str| {
        let mut given = Given::new().model("m", &[]).declares("m", &["permissive"]);
        let package = &mut given.inventory.artifacts[0];
        package.kind = ArtifactKind::Package;
        let state = FactValue::Map([("state".to_owned(), state.into())].into());
        package.facts.push(Fact::new(names::MANIFEST_PACKAGE, state, at("m", "a.lock")));
        given.status_of("copy-of-licence")
    };
    assert_eq!(status("locked"), ObligationStatus::NeedsDeclaration);
    assert_eq!(status("installed"), ObligationStatus::Missing);
}

#[test]
fn a_licence_without_a_record_is_no_licence_without_demands() {
    let given = Given::new().model("m", BARE).declares("m", &["listed"]);
    given.check(
        LicenseStatus::Declared,
        "LicenseRef-listed",
        "LicenseRef-listed",
        &[Rule::TermsUnrecorded],
    );
    let bundle = evaluate(&given.inventory, None, "tree").bundle;
    assert!(bundle.entries[0].gaps.iter().any(|gap| gap.what.contains("not recorded")));
}

#[test]
fn only_a_stated_change_contradicts_a_licence_without_derivatives() {
    let status = |relation| {
        let owed = obligation("no-modification", "modify", EvidenceClass::Mechanical);
        let mut given = Given::new()
            .owes("rail", owed)
            .model("m", BARE)
            .derives_from("m", "org/base")
            .knows("org/base", &["rail"], true);
        given.inventory.relations[0].kind = relation;
        given.status_of("no-modification")
    };
    assert_eq!(status(RelationKind::QuantizedFrom), ObligationStatus::Contradicted);
    assert_eq!(status(RelationKind::DerivedFrom), ObligationStatus::NeedsDeclaration);
    assert_eq!(status(RelationKind::AdapterOf), ObligationStatus::NeedsDeclaration);
}

#[test]
fn a_tag_with_several_meanings_is_ambiguous() {
    Given::new().model("m", BARE).declares("m", &["rail", "llama"]).check(
        LicenseStatus::Declared,
        "NOASSERTION",
        "NOASSERTION",
        &[Rule::LicenseCopyMissing, Rule::LicenseAmbiguous],
    );
}

#[test]
fn what_two_plugins_know_of_one_tag_are_its_meanings() {
    let tag = |license| Claim {
        value: LicenseStatement {
            stated: Some("tag".to_owned()),
            candidates: vec![key(license)],
            expression: Some(format!("LicenseRef-{license}")),
            recognition: None,
        },
        basis: Basis::Declared,
        evidence: vec![at("m", "README.md")],
        by: ResolverId(license.to_owned()),
    };
    Given::new().model("m", BARE).claim("m", tag("rail")).claim("m", tag("llama")).check(
        LicenseStatus::Declared,
        "NOASSERTION",
        "NOASSERTION",
        &[Rule::LicenseCopyMissing, Rule::LicenseAmbiguous],
    );
}

#[test]
fn nothing_said_is_unknown_and_leaves_a_gap() {
    let given = Given::new().model("m", BARE);
    given.check(LicenseStatus::Unknown, "NOASSERTION", "NOASSERTION", &[Rule::LicenseUnknown]);
    let bundle = evaluate(&given.inventory, None, "tree").bundle;
    assert_eq!(bundle.entries.len(), 1);
    assert_eq!(bundle.entries[0].spdx, "NOASSERTION");
    assert_eq!(bundle.entries[0].gaps.len(), 1);
}

#[test]
fn an_unknown_ancestor_makes_the_effective_terms_noassertion() {
    Given::new()
        .model("m", WITH_LICENSE)
        .has_text("m", "permissive", Recognition::Exact)
        .derives_from("m", "org/base")
        .check(
            LicenseStatus::Detected,
            "LicenseRef-permissive",
            "NOASSERTION",
            &[Rule::AncestorUnknown],
        );
}

#[test]
fn a_permissive_tag_on_a_rail_ancestor_strips_restrictions() {
    Given::new()
        .model("m", WITH_LICENSE)
        .has_text("m", "permissive", Recognition::Exact)
        .derives_from("m", "org/base")
        .knows("org/base", &["rail"], true)
        .check(
            LicenseStatus::Detected,
            "LicenseRef-permissive",
            "LicenseRef-permissive AND LicenseRef-rail",
            &[Rule::LicenseCopyMissing, Rule::RestrictionStripped],
        );
}

#[test]
fn base_terms_that_stay_must_be_stated() {
    Given::new()
        .model("m", WITH_LICENSE)
        .has_text("m", "permissive", Recognition::Exact)
        .derives_from("m", "org/base")
        .knows("org/base", &["llama"], true)
        .check(
            LicenseStatus::Detected,
            "LicenseRef-permissive",
            "LicenseRef-llama AND LicenseRef-permissive",
            &[Rule::LicenseCopyMissing, Rule::BaseTermsOmitted],
        );
}

#[test]
fn share_alike_ancestors_bind_derivatives() {
    Given::new()
        .model("m", WITH_LICENSE)
        .has_text("m", "permissive", Recognition::Exact)
        .model("base", WITH_LICENSE)
        .has_text("base", "sa", Recognition::Exact)
        .derives("m", RelationTarget::Here(id("base")))
        .check(
            LicenseStatus::Detected,
            "LicenseRef-permissive",
            "LicenseRef-permissive AND LicenseRef-sa",
            &[Rule::LicenseCopyMissing, Rule::ShareAlikeBroken],
        );
}

#[test]
fn a_row_from_memory_only_gives_candidates() {
    Given::new()
        .model("m", WITH_LICENSE)
        .has_text("m", "rail", Recognition::Exact)
        .derives_from("m", "org/base")
        .knows("org/base", &["rail"], false)
        .check(LicenseStatus::Detected, "LicenseRef-rail", "NOASSERTION", &[]);
}

#[test]
fn a_cycle_ends() {
    Given::new()
        .model("m", WITH_LICENSE)
        .has_text("m", "rail", Recognition::Exact)
        .model("n", WITH_LICENSE)
        .has_text("n", "rail", Recognition::Exact)
        .derives("m", RelationTarget::Here(id("n")))
        .derives("n", RelationTarget::Here(id("m")))
        .check(LicenseStatus::Detected, "LicenseRef-rail", "LicenseRef-rail", &[]);
}

#[test]
fn a_changed_text_is_no_copy_and_is_said() {
    let given = Given::new().model("m", WITH_LICENSE).declares("m", &["rail"]).has_text(
        "m",
        "rail",
        Recognition::Variant,
    );
    given.check(
        LicenseStatus::Concluded,
        "LicenseRef-rail",
        "LicenseRef-rail",
        &[Rule::LicenseAmbiguous],
    );
    assert_eq!(given.status_of("copy-of-licence"), ObligationStatus::NeedsDeclaration);
    let bundle = evaluate(&given.inventory, None, "tree").bundle;
    assert!(bundle.entries[0].gaps[0].what.contains("differs from the known one"));
}

#[test]
fn declarations_settle_what_files_cannot() {
    let research = || {
        Given::new()
            .owes("rail", obligation("research-only", "use", EvidenceClass::Declared))
            .model("m", WITH_LICENSE)
            .has_text("m", "rail", Recognition::Exact)
    };
    assert_eq!(research().status_of("research-only"), ObligationStatus::NeedsDeclaration);
    research().product(|product| product.commercial = Some(true)).check(
        LicenseStatus::Detected,
        "LicenseRef-rail",
        "LicenseRef-rail",
        &[Rule::UseNotPermitted],
    );
    let not_commercial = research().product(|product| product.commercial = Some(false));
    assert_eq!(not_commercial.status_of("research-only"), ObligationStatus::NeedsDeclaration);
}

#[test]
fn thresholds_compare_with_what_is_declared() {
    let given = |users: Option<u64>| {
        let mut owed =
            obligation("separate-licence-over-threshold", "use", EvidenceClass::Declared);
        owed.params.insert("metric".to_owned(), "mau".to_owned());
        let mut given = Given::new()
            .owes("llama", owed)
            .model("m", WITH_LICENSE)
            .has_text("m", "llama", Recognition::Exact)
            .product(|product| product.monthly_users = users);
        given.inventory.terms.get_mut(&key("llama")).unwrap().thresholds.push(Threshold {
            metric: "mau".to_owned(),
            value: 700,
            operator: ">".to_owned(),
            window: "month".to_owned(),
            effect: "none".to_owned(),
            clause: "2".to_owned(),
            exempt: None,
            currency: None,
        });
        given.status_of("separate-licence-over-threshold")
    };
    assert_eq!(given(None), ObligationStatus::NeedsDeclaration);
    assert_eq!(given(Some(700)), ObligationStatus::Satisfied);
    assert_eq!(given(Some(701)), ObligationStatus::Contradicted);
}

#[test]
fn a_product_that_stays_inside_puts_distribution_duties_to_sleep() {
    Given::new()
        .model("m", BARE)
        .declares("m", &["rail"])
        .product(|product| product.ships = Some(ShipMode::Internal))
        .check(LicenseStatus::Declared, "LicenseRef-rail", "LicenseRef-rail", &[]);
}

#[test]
fn what_no_file_shows_is_never_satisfied() {
    for class in [
        EvidenceClass::Mechanical,
        EvidenceClass::MechanicalPartial,
        EvidenceClass::Semi,
        EvidenceClass::Declared,
        EvidenceClass::Contract,
        EvidenceClass::Flag,
        EvidenceClass::None,
    ] {
        let given = Given::new()
            .owes("rail", obligation("something-else", "always", class))
            .model("m", WITH_LICENSE)
            .has_text("m", "rail", Recognition::Exact);
        assert_ne!(given.status_of("something-else"), ObligationStatus::Satisfied, "{class:?}");
    }
}

#[test]
fn the_bundle_quotes_restrictions_and_carries_the_text_as_it_came() {
    let given = Given::new()
        .model("m", WITH_LICENSE)
        .has_text("m", "rail", Recognition::Exact)
        .product(|product| {
            product.name = "Product".to_owned();
            product.vendor = Some("Vendor".to_owned());
        });
    let bundle = evaluate(&given.inventory, given.product.as_ref(), "tree").bundle;
    assert_eq!(bundle.product, "Product");
    let [entry] = &*bundle.entries else { panic!("one entry: {:?}", bundle.entries) };
    assert_eq!(entry.grantor.as_deref(), Some("Vendor"), "who relicenses grants");
    assert_eq!(&*entry.texts[0].bytes, b"first line\nsecond line\n");
    let (_, quote) = &entry.restrictions[0];
    assert_eq!(quote.as_ref().map(|(wording, _)| wording.as_str()), Some("second line"));
    assert!(entry.gaps.is_empty());
}

#[test]
fn the_bundle_quotes_restrictions_from_the_policy_that_holds_them() {
    let mut owed = obligation("comply-with-policy", "use", EvidenceClass::Semi);
    owed.params.insert("policy_ref".to_owned(), "llama-aup".to_owned());
    let mut given = Given::new()
        .owes("llama", owed)
        .model("m", WITH_LICENSE)
        .declares("m", &["llama"])
        .has_text("m", "llama", Recognition::Exact);
    let found = given.inventory.text_matches.get_mut(&id("m")).unwrap();
    let policy_at = at("m", "USE_POLICY.md").at_lines(1, 1);
    let policy = TextMatch {
        path: policy_at.path.clone(),
        key: key("llama-aup"),
        kind: ProfileKind::UsePolicy,
        clauses: vec![("(a)".to_owned(), policy_at.clone())],
        at: policy_at,
        ..found[0].clone()
    };
    found[0].clauses.clear();
    found.push(policy);
    let given = with_text(given, "USE_POLICY.md", TextRole::UsePolicy);
    let bundle = evaluate(&given.inventory, None, "tree").bundle;
    let [entry] = &*bundle.entries else { panic!("one entry: {:?}", bundle.entries) };
    assert_eq!(entry.texts.len(), 2, "licence and policy travel along");
    let (_, quote) = &entry.restrictions[0];
    assert_eq!(quote.as_ref().map(|(words, _)| words.as_str()), Some("the terms of somebody"));
}

#[test]
fn what_is_only_for_development_reaches_no_customer() {
    let mut given = Given::new().model("m", BARE).declares("m", &["rail"]);
    given.inventory.artifacts[0].development_only = true;
    let assessment = evaluate(&given.inventory, None, "tree");
    assert_eq!(assessment.bundle.entries.len(), 0);
    assert_eq!(assessment.findings.len(), 0);
}
