//! Contracts beside tags, texts, other contracts and ancestors.

use super::*;
use crate::model::{
    Contract, ContractCoverage, ContractDigest, ContractParticulars, ContractParty, ContractStatus,
    ContractSubject, Date, UserFile,
};

/// The digest that contracts name.
fn delivered() -> Digest {
    Digest::sha256_of(b"as delivered")
}

impl Given {
    /// The pattern that a tag such as `proprietary` can mean.
    fn pattern(self) -> Self {
        let mut given = self.terms("pattern", "commercial", "bounded by contract", &[]);
        given.inventory.terms.get_mut(&key("pattern")).unwrap().verified = Verified::Seed;
        given
    }

    /// A contract `name` with ACME that covers the artifact `m`.
    fn contract(self, name: &str, change: impl FnOnce(&mut Contract)) -> Self {
        let mut given = self.terms(name, "commercial", "none", &["military"]);
        let terms = given.inventory.terms.get_mut(&key(name)).unwrap();
        terms.grant.conveyance = Conveyance::CommercialFlowdown;
        terms.obligations.clear();
        let party = |name: &str| ContractParty { name: name.to_owned(), affiliates: Vec::new() };
        let file = |path: &str| UserFile { path: SourcePath::new(path), sha256: delivered() };
        let mut contract = Contract {
            terms: terms.clone(),
            applies_to: vec![ContractSubject { digest: None, purl: None, name: Some("m".into()) }],
            replaces: Vec::new(),
            particulars: Some(ContractParticulars {
                declared_in: file(&format!("contracts/{name}.toml")),
                licensor: party("Licensor"),
                licensee: party("ACME GmbH"),
                agreement: None,
                order: None,
                effective: None,
                from: None,
                until: Date::parse("2026-06-30"),
                evidence: BTreeMap::from([("records".to_owned(), file("customers.csv"))]),
            }),
        };
        change(&mut contract);
        given.inventory.terms.insert(key(name), contract.terms.clone());
        let coverage = ContractCoverage {
            status: ContractStatus::InForce,
            artifacts: BTreeMap::from([(id("m"), 0)]),
            ancestors: BTreeMap::new(),
        };
        given.inventory.contracts.insert(key(name), coverage);
        given.product(|product| {
            product.vendor = Some("acme gmbh ".to_owned());
            product.contracts.push(contract);
        })
    }

    /// `m` is claimed to be under the contract, as its coverage says.
    fn covered(self, name: &str) -> Self {
        let at = at("m", "model.safetensors");
        let claim = Claim {
            value: LicenseStatement {
                stated: Some(format!("The {name} licence")),
                candidates: vec![key(name)],
                expression: Some(format!("LicenseRef-{name}")),
                recognition: None,
            },
            basis: Basis::Declared,
            evidence: vec![at],
            by: ResolverId("contracts".to_owned()),
        };
        self.claim("m", claim)
    }

    fn coverage(mut self, name: &str, change: impl FnOnce(&mut ContractCoverage)) -> Self {
        change(self.inventory.contracts.get_mut(&key(name)).unwrap());
        self
    }

    /// The findings on the product as a whole.
    fn of_product(&self) -> Vec<Rule> {
        let assessment = evaluate(&self.inventory, self.product.as_ref(), "tree");
        let findings = assessment.findings.iter().filter(|finding| finding.artifact.is_none());
        findings.map(|finding| finding.rule).collect()
    }

    /// Status and reason of an obligation of `nova` on `m`.
    #[track_caller]
    fn owes_to_nova(&self, kind: &str, status: ObligationStatus, words: &str) {
        let assessment = evaluate(&self.inventory, self.product.as_ref(), "tree");
        let mut obligations = assessment.artifacts[&id("m")].obligations.iter();
        let owed = obligations.find(|owed| owed.obligation.kind == kind).unwrap();
        assert_eq!(owed.status, status, "{}", owed.because);
        assert!(owed.because.contains(words), "{words} in {}", owed.because);
    }
}

fn owed(kind: &str, params: &[(&str, &str)]) -> Obligation {
    let mut owed = obligation(kind, "always", EvidenceClass::Contract);
    let param = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    owed.params = params.iter().map(param).collect();
    owed
}

#[test]
fn a_tag_that_calls_for_a_contract_is_unknown_until_one_is_named() {
    let given = Given::new().pattern().model("m", BARE).declares("m", &["pattern"]);
    given.check(LicenseStatus::Unknown, "NOASSERTION", "NOASSERTION", &[Rule::ContractMissing]);
    let assessment = evaluate(&given.inventory, None, "tree");
    let model = &assessment.artifacts[&id("m")];
    assert!(model.obligations.is_empty() && model.effective.licenses.is_empty());
    let named = given.contract("nova", |_| {}).covered("nova");
    named.check(LicenseStatus::Declared, "LicenseRef-nova", "LicenseRef-nova", &[]);
    assert_eq!(named.of_product(), []);
}

#[test]
fn a_tag_that_calls_for_a_contract_contradicts_a_licence() {
    let given =
        Given::new().pattern().model("m", BARE).declares("m", &["pattern"]).declares("m", &["sa"]);
    let findings = [Rule::LicenseCopyMissing, Rule::LicenseContradicted];
    given.check(LicenseStatus::Contradicted, "NOASSERTION", "NOASSERTION", &findings);
}

#[test]
fn a_contract_stands_in_place_of_what_it_says_and_of_nothing_else() {
    let given = || {
        let given = Given::new().model("m", WITH_LICENSE).declares("m", &["sa"]);
        given.has_text("m", "sa", Recognition::Exact)
    };
    let without = given().contract("nova", |_| {}).covered("nova");
    let findings = [Rule::LicenseContradicted];
    without.check(LicenseStatus::Contradicted, "NOASSERTION", "NOASSERTION", &findings);
    let other = |contract: &mut Contract| contract.replaces = vec![key("rail")];
    let without = given().contract("nova", other).covered("nova");
    without.check(LicenseStatus::Contradicted, "NOASSERTION", "NOASSERTION", &findings);

    let instead = |contract: &mut Contract| contract.replaces = vec![key("sa")];
    let with = given().contract("nova", instead).covered("nova");
    with.check(LicenseStatus::Declared, "LicenseRef-nova", "LicenseRef-nova", &[]);
    let assessment = evaluate(&with.inventory, with.product.as_ref(), "tree");
    let conclusion = &assessment.artifacts[&id("m")].conclusion;
    assert!(conclusion.because.contains("in place of `LicenseRef-sa`"), "{}", conclusion.because);
    assert_eq!(with.inventory.claims[&id("m")].len(), 3, "every claim stays");
    assert_eq!(assessment.bundle.entries.len(), 1);

    // A statement with several meanings is set aside only if the contract replaces each.
    let vague = Given::new().model("m", BARE).declares("m", &["sa", "rail"]);
    let vague = vague.contract("nova", instead).covered("nova");
    let findings = [Rule::LicenseCopyMissing, Rule::LicenseCopyMissing, Rule::LicenseContradicted];
    let found = evaluate(&vague.inventory, vague.product.as_ref(), "tree").findings;
    assert_eq!(found.iter().map(|finding| finding.rule).collect::<Vec<_>>()[..3], findings);
}

#[test]
fn a_contract_that_is_not_in_force_decides_nothing() {
    let instead = |contract: &mut Contract| contract.replaces = vec![key("sa")];
    let given = Given::new().model("m", BARE).declares("m", &["sa"]);
    let given = given
        .contract("nova", instead)
        .covered("nova")
        .coverage("nova", |coverage| coverage.status = ContractStatus::Ended);
    let findings = [Rule::LicenseCopyMissing, Rule::LicenseContradicted];
    given.check(LicenseStatus::Contradicted, "NOASSERTION", "NOASSERTION", &findings);
    assert_eq!(given.of_product(), [Rule::ContractOutOfTerm]);
}

#[test]
fn of_two_contracts_neither_wins() {
    let given = Given::new().pattern().model("m", BARE).declares("m", &["pattern"]);
    let given = given.contract("nova", |_| {}).covered("nova");
    let given = given.contract("atlas", |_| {}).covered("atlas");
    let findings = [Rule::ContractAmbiguous];
    given.check(LicenseStatus::Contradicted, "NOASSERTION", "NOASSERTION", &findings);
    let assessment = evaluate(&given.inventory, given.product.as_ref(), "tree");
    assert_eq!(assessment.artifacts[&id("m")].effective.licenses.len(), 2);
}

#[test]
fn a_contract_that_does_not_fit_the_product_is_named() {
    let covers_nothing = |coverage: &mut ContractCoverage| coverage.artifacts.clear();
    let given = Given::new().contract("nova", |_| {}).coverage("nova", covers_nothing);
    assert_eq!(given.of_product(), [Rule::ContractMatchesNothing]);
    let stranger = |contract: &mut Contract| {
        contract.particulars.as_mut().unwrap().licensee.name = "Other AG".to_owned();
    };
    let given = Given::new().model("m", BARE).contract("nova", stranger).covered("nova");
    assert_eq!(given.of_product(), [Rule::ContractPartyMismatch]);
    let affiliate = |contract: &mut Contract| {
        let licensee = &mut contract.particulars.as_mut().unwrap().licensee;
        licensee.name = "Other AG".to_owned();
        licensee.affiliates = vec!["ACME GmbH".to_owned()];
    };
    let given = Given::new().model("m", BARE).contract("nova", affiliate).covered("nova");
    assert_eq!(given.of_product(), []);
}

#[test]
fn terms_of_a_contract_reach_what_derives_from_an_ancestor_outside() {
    let covers = |coverage: &mut ContractCoverage| {
        coverage.artifacts.clear();
        coverage.ancestors.insert("nova/base".to_owned(), 0);
    };
    let given = Given::new().model("m", BARE).declares("m", &["permissive"]);
    let given = given.derives_from("m", "nova/base").contract("nova", |contract| {
        contract.terms.obligations = vec![owed("no-modification", &[])];
    });
    let given = given.coverage("nova", covers).product(|product| product.commercial = Some(true));
    let effective = "LicenseRef-nova AND LicenseRef-permissive";
    let findings = [Rule::LicenseCopyMissing, Rule::DerivativeForbidden];
    given.check(LicenseStatus::Declared, "LicenseRef-permissive", effective, &findings);
    let changed = "changed copy of material under this licence";
    given.owes_to_nova("no-modification", ObligationStatus::Contradicted, changed);
    // Without the contract, or after its end, the ancestor is unknown.
    // A known ancestor keeps its public terms, unless the contract replaces them.
    let public = given.knows("nova/base", &["sa"], true);
    let assessed = evaluate(&public.inventory, public.product.as_ref(), "tree");
    let effective = assessed.artifacts[&id("m")].effective.expression.clone();
    let all = "LicenseRef-nova AND LicenseRef-permissive AND LicenseRef-sa";
    assert_eq!(effective.as_deref(), Some(all));
    let mut given = public.product(|it| it.contracts[0].replaces = vec![key("LicenseRef-sa")]);
    let assessed = evaluate(&given.inventory, given.product.as_ref(), "tree");
    let effective = assessed.artifacts[&id("m")].effective.expression.clone();
    assert_eq!(effective.as_deref(), Some("LicenseRef-nova AND LicenseRef-permissive"));
    given.inventory.ancestors.clear();
    let ended = given.coverage("nova", |coverage| coverage.status = ContractStatus::Ended);
    let findings = [Rule::LicenseCopyMissing, Rule::AncestorUnknown];
    let own = "LicenseRef-permissive";
    ended.check(LicenseStatus::Declared, own, "NOASSERTION", &findings);
    assert_eq!(ended.of_product(), [Rule::ContractOutOfTerm]);
}

/// With these digests of its weight file, `m` keeps or breaks a contract that names the delivered one.
#[track_caller]
fn check_content(
    read: Option<Digest>,
    claimed: Option<Digest>,
    status: ObligationStatus,
    words: &str,
) {
    let mut given = Given::new().model("m", BARE).contract("nova", |contract| {
        contract.terms.obligations = vec![owed("no-modification", &[])];
        contract.applies_to[0].digest = Some(ContractDigest::File(delivered()));
    });
    let file = &mut given.inventory.artifacts[0].files[0];
    (file.sha256, file.claimed_sha256) = (read, claimed);
    given.covered("nova").owes_to_nova("no-modification", status, words);
}

#[test]
fn content_shows_whether_an_artifact_was_changed() {
    use ObligationStatus::{Contradicted, NeedsDeclaration, Satisfied};
    let other = Digest::sha256_of(b"quantised");
    check_content(Some(delivered()), None, Satisfied, "one that the contract names");
    check_content(Some(other), None, Contradicted, &other.to_string());
    check_content(None, None, NeedsDeclaration, "not read to the end");
    check_content(Some(other), Some(delivered()), NeedsDeclaration, "only a pointer");
    check_content(Some(delivered()), Some(other), Contradicted, &other.to_string());
    let given = Given::new().model("m", BARE).contract("nova", |contract| {
        contract.terms.obligations = vec![owed("no-modification", &[])];
    });
    let words = "names no digest";
    given.covered("nova").owes_to_nova("no-modification", NeedsDeclaration, words);
}

/// An obligation of a contract on a product that is distributed.
#[track_caller]
fn check_duty(owed: Obligation, status: ObligationStatus, words: &str) {
    let kind = owed.kind.clone();
    let given = Given::new()
        .model("m", BARE)
        .contract("nova", |contract| contract.terms.obligations = vec![owed])
        .covered("nova")
        .product(|product| product.ships = Some(ShipMode::Distributed));
    given.owes_to_nova(&kind, status, words);
}

#[test]
fn duties_are_told_in_the_figures_of_the_contract() {
    use ObligationStatus::{Contradicted, NeedsDeclaration, NotEvidencable, Satisfied};
    let days = owed("report-downstream-violation", &[("deadline_days", "5")]);
    check_duty(days, NotEvidencable, "within 5 days");
    check_duty(owed("report-downstream-violation", &[]), NotEvidencable, "not recorded");
    let cure = owed("terminate-on-downstream-breach", &[("cure_days", "30")]);
    check_duty(cure, NotEvidencable, "not cured within 30 days");
    let sum = [("amount", "250000"), ("currency", "USD"), ("scope", "downstream")];
    let words = "a breach (downstream) costs the vendor 250000 USD";
    check_duty(owed("liquidated-damages", &sum), NotEvidencable, words);
    let formula = owed("liquidated-damages", &[("formula", "10 fees"), ("currency", "EUR")]);
    check_duty(formula, NotEvidencable, "10 fees;");
    let cap = [("scope", "downstream acts"), ("cap", "1000000"), ("currency", "EUR")];
    let words = "`Licensor` harmless for downstream acts, up to 1000000 EUR";
    check_duty(owed("indemnify-licensor", &cap), NotEvidencable, words);
    let often = owed("audit", &[("frequency", "once a year"), ("notice_days", "10")]);
    check_duty(often, NotEvidencable, "once a year, with 10 days' notice");
    let flow = [("affiliates", "its affiliates"), ("flow_to_all_tiers", "true")];
    let words = "every further recipient must pass it on again";
    check_duty(owed("third-party-beneficiary", &flow), NeedsDeclaration, words);
    let fee = [("amount", "2"), ("currency", "EUR"), ("per", "customer")];
    check_duty(owed("usage-fee", &fee), NeedsDeclaration, "2 EUR per customer is due");
    check_duty(owed("records", &[]), Satisfied, "`customers.csv`");
    check_duty(owed("usage-control", &[]), NeedsDeclaration, "");
    check_duty(owed("no-redistribution", &[]), Contradicted, "declared `distributed`");
    let scope = owed("no-redistribution", &[("scope", "beyond named customers")]);
    check_duty(scope, NeedsDeclaration, "passed on beyond named customers");
}

#[test]
fn a_name_alone_does_not_make_other_content_licensed() {
    let mut given = Given::new().model("m", BARE).contract("nova", |contract| {
        contract.applies_to[0].digest = Some(ContractDigest::File(delivered()));
    });
    given.inventory.artifacts[0].files[0].sha256 = Some(Digest::sha256_of(b"other"));
    let mut given = given.covered("nova");
    let findings = [Rule::ContractDigestMismatch];
    given.check(LicenseStatus::Declared, "LicenseRef-nova", "LicenseRef-nova", &findings);
    given.inventory.artifacts[0].files[0].sha256 = Some(delivered());
    given.check(LicenseStatus::Declared, "LicenseRef-nova", "LicenseRef-nova", &[]);
}

#[test]
fn a_text_beside_an_artifact_under_contract_does_not_reach_customers() {
    let path = SourcePath::new("m/LICENSE");
    let text = CapturedText {
        path: path.clone(),
        role: TextRole::License,
        bytes: Arc::from(&b"order 4711"[..]),
        first_line: 1,
    };
    let mut given = Given::new().model("m", WITH_LICENSE);
    given.inventory.texts.insert(path, text);
    let texts = |given: &Given| -> usize {
        let assessment = evaluate(&given.inventory, given.product.as_ref(), "tree");
        assessment.bundle.entries.iter().map(|entry| entry.texts.len()).sum()
    };
    assert_eq!(texts(&given), 1, "a text that nobody knows travels along");
    assert_eq!(texts(&given.contract("nova", |_| {}).covered("nova")), 0);
}
