//! Who holds which licence from whom, and who can enforce what, on the records of the families that
//! ship: every row of the enforcement table in `docs/conveyance.md`, every modifier, every rule.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::{Arc, LazyLock};

use flowdown_core::evaluate::evaluate;
use flowdown_core::model::{
    Algorithm, Artifact, ArtifactId, ArtifactKind, Basis, Certainty, Claim, Conveyance, Digest,
    Directness, Distillation, EnforcementBasis, EvidenceClass, FlowGapKind, Grant, HopMode,
    Instrument, Inventory, LicenseChain, LicenseFlow, LicenseKey, LicenseStatement, LicenseTerms,
    Location, Matter, Mental, Obligation, PartyRole, PluginRecord, Product, Profile, Recognition,
    Report, ResolverId, ShipMode, SourceIdentity, SourceKind, SourcePath, Threshold, Timestamp,
    UseRestriction, Verified,
};
use flowdown_core::report;
use flowdown_core::resolve::{Knowledge, Plugin, knowledge};
use flowdown_plugin_sdk::Resolver;
use serde_json::Value;

use Certainty::{BasisUncertain, Certain, Disputed, Implied};

const RAIL: &str = "bigscience-openrail-m";
const BIGCODE: &str = "bigcode-openrail-m-v1";
const GEMMA: &str = "gemma-tou-2025-03-24";
const LLAMA: &str = "llama-3.1";

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(shipped);

/// What the built-in families know.
fn shipped() -> Knowledge {
    let resolvers: Vec<Box<dyn Resolver>> = vec![
        Box::new(flowdown_community::resolver()),
        Box::new(flowdown_open_source::resolver()),
        Box::new(flowdown_rail::resolver()),
    ];
    let plugins: Vec<Plugin> = resolvers
        .into_iter()
        .map(|resolver| {
            let descriptor = Arc::new(resolver.describe());
            let record = PluginRecord {
                id: descriptor.id.clone(),
                version: descriptor.version.clone(),
                families: Vec::new(),
                loaded: "built-in".to_owned(),
                sha256: Digest::new(Algorithm::Sha256, [0; 32]),
            };
            Plugin { resolver, descriptor, record, options: BTreeMap::new() }
        })
        .collect();
    knowledge(&plugins)
}

/// A product in the making.
struct Given {
    inventory: Inventory,
    product: Product,
}

impl Given {
    fn new() -> Self {
        let product = Product {
            name: "p".to_owned(),
            vendor: Some("Vendor Ltd".to_owned()),
            ships: Some(ShipMode::Distributed),
            relicenses: Some(true),
            ..Product::default()
        };
        let knowledge = &*KNOWLEDGE;
        let inventory = Inventory {
            terms: knowledge.terms.clone(),
            spdx_ids: knowledge.spdx_ids.clone(),
            ..Inventory::default()
        };
        Self { inventory, product }
    }

    fn product(mut self, change: impl FnOnce(&mut Product)) -> Self {
        change(&mut self.product);
        self
    }

    fn terms(mut self, terms: LicenseTerms) -> Self {
        self.inventory.spdx_ids.insert(terms.key.clone(), terms.spdx.clone());
        self.inventory.terms.insert(terms.key.clone(), terms);
        self
    }

    /// An artifact in which the text of `license` was recognised.
    fn has(self, kind: ArtifactKind, name: &str, license: &str) -> Self {
        self.claims(kind, name, &[license], Basis::Detected)
    }

    fn claims(mut self, kind: ArtifactKind, name: &str, licenses: &[&str], basis: Basis) -> Self {
        let at = Location::scanned(&SourcePath::new(&format!("{name}/LICENSE")));
        let id = ArtifactId(format!("{}:{name}", kind.name()));
        let claim = Claim {
            value: LicenseStatement {
                stated: Some("tag".to_owned()),
                candidates: licenses.iter().map(|key| LicenseKey((*key).to_owned())).collect(),
                expression: None,
                recognition: (basis == Basis::Detected).then_some(Recognition::Exact),
            },
            basis,
            evidence: vec![at.clone()],
            by: ResolverId("test".to_owned()),
        };
        self.inventory.claims.entry(id.clone()).or_default().push(claim);
        self.inventory.artifacts.push(Artifact {
            id,
            kind,
            name: Some(name.to_owned()),
            version: None,
            purl: None,
            folder: SourcePath::new(name),
            files: Vec::new(),
            facts: Vec::new(),
            tensors: Vec::new(),
            occurrences: vec![at],
            development_only: false,
            depends_on: Vec::new(),
        });
        self
    }

    fn flow(&self) -> LicenseFlow {
        evaluate(&self.inventory, Some(&self.product), "tree").flow
    }
}

impl Given {
    fn report(self) -> Report {
        let assessment = evaluate(&self.inventory, Some(&self.product), "tree");
        Report {
            profile: Profile::Standard,
            policy: None,
            tool_version: "0".to_owned(),
            created: Timestamp(0),
            source: SourceIdentity { kind: SourceKind::Directory, name: "tree".to_owned() },
            images: Vec::new(),
            product: Some(self.product),
            plugins: Vec::new(),
            inventory: self.inventory,
            assessment,
        }
    }
}

/// The chain of one licence on a model, whose text was recognised.
fn chain(license: &str, change: impl FnOnce(&mut Product)) -> LicenseChain {
    let flow = Given::new().product(change).has(ArtifactKind::Model, "m", license).flow();
    only(flow)
}

fn only(flow: LicenseFlow) -> LicenseChain {
    let [chain] = <[LicenseChain; 1]>::try_from(flow.chains).unwrap();
    chain
}

/// The surest that `who` has against `against` about `matter` for the acts of `acts_of`, with its
/// basis; `None` where the graph is silent. `licensor` is whoever licenses the chain.
fn surest(
    chain: &LicenseChain,
    (who, against): (&str, &str),
    matter: Matter,
    acts_of: &str,
) -> Option<(Certainty, Option<EnforcementBasis>)> {
    let who = if who == "licensor" { chain.licensor.0.as_str() } else { who };
    let edges = chain.edges.iter().filter(|edge| {
        edge.who.0 == who
            && edge.against.0 == against
            && edge.matter == matter
            && edge.acts_of.0 == acts_of
    });
    edges.map(|edge| (edge.certainty, edge.basis)).reduce(
        |best, next| {
            if next.0 > best.0 { next } else { best }
        },
    )
}

/// A row of the table: who, against whom, about what, whose acts; then how sure.
type Row<'a> = ((&'a str, &'a str), Matter, &'a str, Option<Certainty>);

#[track_caller]
fn check(chain: &LicenseChain, rows: &[Row<'_>]) {
    for (parties, matter, acts_of, expected) in rows {
        let found = surest(chain, *parties, *matter, acts_of).map(|(certainty, _)| certainty);
        assert_eq!(found, *expected, "{parties:?} {matter:?} {acts_of} in {}", chain.id);
    }
}

const L_V: (&str, &str) = ("licensor", "vendor");
const L_C: (&str, &str) = ("licensor", "customer");
const L_CC: (&str, &str) = ("licensor", "customers-customer");
const V_C: (&str, &str) = ("vendor", "customer");
const C_CC: (&str, &str) = ("customer", "customers-customer");
const NOBODY: Option<Certainty> = Some(Certainty::None);

#[test]
fn the_column_of_direct_licences() {
    check(
        &chain(LLAMA, |_| ()),
        &[
            (L_V, Matter::OwnBreach, "vendor", Some(Certain)),
            (L_V, Matter::FlowdownOmitted, "vendor", NOBODY),
            (L_V, Matter::DownstreamBreach, "customer", NOBODY),
            (L_C, Matter::OwnBreach, "customer", Some(Implied)),
            (V_C, Matter::OwnBreach, "customer", NOBODY),
            (L_CC, Matter::OwnBreach, "customers-customer", Some(Implied)),
            (C_CC, Matter::OwnBreach, "customers-customer", NOBODY),
        ],
    );
    // GPL 10: each recipient is licensed by the licensor, and says so.
    let flow = Given::new().has(ArtifactKind::Package, "lib", "gpl-3.0").flow();
    check(
        &only(flow),
        &[
            (L_V, Matter::OwnBreach, "vendor", Some(Certain)),
            (L_C, Matter::OwnBreach, "customer", Some(Certain)),
            (L_CC, Matter::OwnBreach, "customers-customer", Some(Certain)),
            (V_C, Matter::OwnBreach, "customer", NOBODY),
        ],
    );
}

#[test]
fn the_column_of_relicensed_rail() {
    check(
        &chain(RAIL, |_| ()),
        &[
            (L_V, Matter::OwnBreach, "vendor", Some(BasisUncertain)),
            (L_V, Matter::FlowdownOmitted, "vendor", Some(BasisUncertain)),
            (L_V, Matter::DownstreamBreach, "customer", NOBODY),
            (L_C, Matter::OwnBreach, "customer", NOBODY),
            (V_C, Matter::OwnBreach, "customer", Some(Implied)),
            (L_CC, Matter::OwnBreach, "customers-customer", NOBODY),
            (C_CC, Matter::OwnBreach, "customers-customer", Some(Disputed)),
        ],
    );
}

#[test]
fn the_column_of_rail_as_a_plain_copy_and_undeclared() {
    let rows = [
        (L_V, Matter::OwnBreach, "vendor", Some(BasisUncertain)),
        (L_V, Matter::FlowdownOmitted, "vendor", Some(BasisUncertain)),
        (L_V, Matter::DownstreamBreach, "customer", NOBODY),
        (L_C, Matter::OwnBreach, "customer", Some(Disputed)),
        (V_C, Matter::OwnBreach, "customer", Some(Disputed)),
        (L_CC, Matter::OwnBreach, "customers-customer", Some(Disputed)),
    ];
    for relicenses in [Some(false), None] {
        let chain = chain(RAIL, |product| product.relicenses = relicenses);
        check(&chain, &rows);
        let of_customer =
            chain.holdings.iter().filter(|holding| holding.holder.0 == "customer").count();
        assert_eq!(of_customer, 2, "both readings are reported");
        let omitted = chain.edges.iter().find(|edge| edge.matter == Matter::FlowdownOmitted);
        assert!(omitted.unwrap().condition.is_some(), "only if the vendor has users");
    }
}

#[test]
fn own_terms_of_the_product_relicense() {
    let chain = chain(RAIL, |product| {
        product.relicenses = None;
        product.license = Some("LicenseRef-EULA".to_owned());
    });
    check(&chain, &[(L_C, Matter::OwnBreach, "customer", NOBODY)]);
}

#[test]
fn terms_of_use_reach_everybody_by_use() {
    for relicenses in [Some(true), Some(false), None] {
        let chain = chain(GEMMA, |product| product.relicenses = relicenses);
        check(
            &chain,
            &[
                (L_V, Matter::OwnBreach, "vendor", Some(Certain)),
                (L_V, Matter::FlowdownOmitted, "vendor", Some(Certain)),
                (L_C, Matter::OwnBreach, "customer", Some(Implied)),
                (L_CC, Matter::OwnBreach, "customers-customer", Some(Implied)),
            ],
        );
    }
}

fn bases(chain: &LicenseChain, against: &str) -> Vec<(EnforcementBasis, Certainty)> {
    let own = chain.edges.iter().filter(|edge| {
        edge.against.0 == against && edge.matter == Matter::OwnBreach && edge.who == chain.licensor
    });
    own.filter_map(|edge| Some((edge.basis?, edge.certainty))).collect()
}

/// Modifier (a): copyright alone is an uncertain basis for weights, and none for software.
#[test]
fn copyright_in_weights_is_an_uncertain_basis() {
    use EnforcementBasis::{Contract, Copyright, Patent, Termination};
    let nothing_ends = (Termination, Certainty::None);
    assert_eq!(
        bases(&chain(RAIL, |_| ()), "vendor"),
        [(Copyright, BasisUncertain), (Patent, BasisUncertain), nothing_ends]
    );
    assert_eq!(
        bases(&chain(BIGCODE, |_| ()), "vendor"),
        [
            (Copyright, BasisUncertain),
            (Patent, BasisUncertain),
            (Contract, Certain),
            (Termination, Certain)
        ]
    );
    let flow = Given::new().has(ArtifactKind::Package, "lib", "mit").flow();
    assert_eq!(bases(&only(flow), "customer"), [(Copyright, Certain)]);
    let mit_model = chain("mit", |_| ());
    assert_eq!(bases(&mit_model, "customer"), [(Copyright, BasisUncertain)]);
}

/// Modifier (b): restriction from afar needs no contract, and control of what runs.
#[test]
fn self_help_exists_without_privity_and_under_a_condition() {
    let rail = chain(RAIL, |_| ());
    check(
        &rail,
        &[
            (L_V, Matter::SelfHelp, "vendor", Some(Certain)),
            (L_C, Matter::SelfHelp, "customer", Some(Implied)),
        ],
    );
    let mut edges = rail.edges.iter().filter(|edge| edge.matter == Matter::SelfHelp);
    assert!(edges.all(|edge| edge.condition.as_ref().unwrap().contains("controls")));
    check(&chain(LLAMA, |_| ()), &[(L_V, Matter::SelfHelp, "vendor", None)]);
}

/// Modifier (c): whether and how breach ends the licence.
#[test]
fn termination_is_as_the_records_say() {
    let end = |license: &str| {
        let chain = chain(license, |_| ());
        let edge = chain
            .edges
            .iter()
            .find(|edge| edge.basis == Some(EnforcementBasis::Termination))
            .unwrap();
        (edge.certainty, edge.because.clone())
    };
    for silent in [
        "bigscience-bloom-rail-1.0",
        RAIL,
        "creativeml-openrail-m",
        "creativeml-openrailpp-m",
        "deepseek-1.0",
        "aipubs-openrail-m-0.1",
        "ltxv-owl-2025-05-05",
    ] {
        assert_eq!(end(silent).0, Certainty::None, "{silent}");
    }
    for (license, mode) in [
        (BIGCODE, "condition"),
        (GEMMA, "at-option"),
        (LLAMA, "at-option"),
        ("gpl-3.0", "automatic; 30 days to cure"),
        ("cc-by-4.0", "automatic; 30 days to cure"),
    ] {
        let (certainty, because) = end(license);
        assert_eq!(certainty, Certain, "{license}");
        assert!(because.contains(mode), "{license}: {because}");
    }
}

/// Modifier (d): who must not let others breach answers for what it lets happen.
#[test]
fn letting_others_breach_is_a_breach_where_the_text_says_so() {
    for license in [LLAMA, GEMMA] {
        let chain = chain(license, |_| ());
        check(&chain, &[(L_V, Matter::BreachPermitted, "customer", Some(Certain))]);
    }
    check(&chain(RAIL, |_| ()), &[(L_V, Matter::BreachPermitted, "customer", None)]);
}

/// Modifier (e): recipients of an integrated end-user product and the threshold.
#[test]
fn integrated_products_exempt_from_the_threshold() {
    let certainty = |ships| {
        let chain = chain(LLAMA, |product| product.ships = Some(ships));
        chain.exemptions.iter().map(|exemption| exemption.certainty).max()
    };
    assert_eq!(certainty(ShipMode::Embedded), Some(Certain));
    assert_eq!(certainty(ShipMode::Distributed), Some(Disputed));
    assert_eq!(certainty(ShipMode::Internal), None);
    assert!(chain(RAIL, |_| ()).exemptions.is_empty());
}

/// An exemption from a threshold is none from the flow-down beside it.
#[test]
fn an_exemption_leaves_the_flow_down_alone() {
    let key = LicenseKey(GEMMA.to_owned());
    let mut terms = KNOWLEDGE.terms[&key].clone();
    terms.thresholds.push(Threshold {
        metric: "mau".to_owned(),
        value: 1,
        operator: ">".to_owned(),
        window: "month".to_owned(),
        effect: "another licence".to_owned(),
        clause: "4".to_owned(),
        exempt: Some("recipients of an integrated product".to_owned()),
        currency: None,
    });
    let given = Given::new().product(|product| product.ships = Some(ShipMode::Embedded));
    let chain = only(given.terms(terms).has(ArtifactKind::Model, "m", GEMMA).flow());
    let because = &chain.exemptions[0].because;
    assert!(because.contains("the flow-down of clause 3.1 (first bullet) is not"), "{because}");
    check(&chain, &[(L_V, Matter::FlowdownOmitted, "vendor", Some(Certain))]);
}

#[test]
fn two_licensors_of_one_name_are_one_party_and_two_names_two() {
    let named = |key: &str, licensor: &str| LicenseTerms {
        key: LicenseKey(key.to_owned()),
        licensor: Some(licensor.to_owned()),
        ..contract(Conveyance::CommercialFlowdown, &[])
    };
    let flow = Given::new()
        .terms(named("a", "Weights, Inc."))
        .terms(named("b", "Weights Inc"))
        .terms(named("c", "Weights, Inc."))
        .has(ArtifactKind::Model, "a", "a")
        .has(ArtifactKind::Model, "b", "b")
        .has(ArtifactKind::Model, "c", "c")
        .flow();
    let licensors: Vec<&str> = flow.chains.iter().map(|chain| chain.licensor.0.as_str()).collect();
    assert_eq!(
        licensors,
        ["licensor:weights-inc", "licensor:weights-inc-2", "licensor:weights-inc"]
    );
    let names = flow.parties.iter().filter(|party| party.role == PartyRole::Licensor);
    assert_eq!(names.count(), 2);
}

#[test]
fn indemnity_and_agreed_sums_come_from_obligations() {
    check(&chain(LLAMA, |_| ()), &[(L_V, Matter::ThirdPartyClaim, "vendor", Some(Certain))]);
    // A promise is as sure as the contract that it is a part of: accepted by use, that is implied.
    check(
        &chain("ai2-model-license-2023", |_| ()),
        &[(L_V, Matter::ThirdPartyClaim, "vendor", Some(Implied))],
    );
    let owl = chain("ltxv-owl-2025-05-05", |_| ());
    assert!(
        bases(&owl, "vendor").contains(&(EnforcementBasis::LiquidatedDamages, Certain)),
        "{:?}",
        bases(&owl, "vendor")
    );
}

#[test]
fn the_known_gap_of_rail_is_named_and_others_have_none() {
    let kinds = |license: &str, relicenses| {
        let chain = chain(license, |product| product.relicenses = relicenses);
        chain.gaps.iter().map(|gap| (gap.kind, gap.to.0.clone())).collect::<Vec<_>>()
    };
    let customer = || "customer".to_owned();
    assert_eq!(
        kinds(RAIL, Some(true)),
        [
            (FlowGapKind::Enforcement, customer()),
            (FlowGapKind::RestrictionLost, "customers-customer".to_owned())
        ]
    );
    assert_eq!(kinds(RAIL, None), [(FlowGapKind::Enforcement, customer())]);
    assert_eq!(kinds(LLAMA, Some(true)), []);
    assert_eq!(kinds(GEMMA, Some(true)), []);
    assert_eq!(kinds("mit", Some(true)), []);
    let gap = &chain(RAIL, |_| ()).gaps[0];
    assert!(gap.what.contains("no contract with the customer"), "{}", gap.what);
    assert!(gap.what.contains("damage of its own"), "{}", gap.what);
    assert!(gap.categories.contains(&"medical-advice".to_owned()));
}

#[test]
fn a_service_reaches_customers_only_where_hosting_counts() {
    let hosted = |license: &str| chain(license, |product| product.ships = Some(ShipMode::Hosted));
    let instrument = |chain: &LicenseChain| {
        chain.bindings.iter().find(|binding| binding.party.0 == "customer").unwrap().instrument
    };
    // Hosting is distribution under para 4 of OpenRAIL-M, not under the source licence 1.0.
    assert_eq!(instrument(&hosted(RAIL)), Instrument::Agreement);
    let source = hosted("rail-source-1.0");
    assert_eq!(instrument(&source), Instrument::Nothing);
    assert_eq!(source.gaps[0].kind, FlowGapKind::RestrictionLost);
    assert_eq!(source.gaps.len(), 1, "what is lost once stays lost");
    check(&hosted(LLAMA), &[(L_C, Matter::OwnBreach, "customer", Some(Disputed))]);
    check(&hosted("mit"), &[(L_C, Matter::OwnBreach, "customer", NOBODY)]);
}

#[test]
fn inside_the_company_there_is_nobody_to_pass_on_to() {
    let flow = Given::new()
        .product(|product| product.ships = Some(ShipMode::Internal))
        .has(ArtifactKind::Model, "m", RAIL)
        .flow();
    assert!(flow.hops.is_empty());
    let chain = only(flow);
    assert!(chain.edges.iter().all(|edge| edge.against.0 == "vendor"));
    assert!(chain.gaps.is_empty());
    check(&chain, &[(L_V, Matter::OwnBreach, "vendor", Some(BasisUncertain))]);
}

#[test]
fn an_undeclared_way_is_a_copy_and_says_so() {
    let flow = Given::new()
        .product(|product| product.ships = None)
        .has(ArtifactKind::Model, "m", RAIL)
        .flow();
    assert_eq!(flow.hops[0].mode, HopMode::Copy);
    assert!(flow.hops[0].because.contains("`distributed` is assumed"), "{}", flow.hops[0].because);
}

#[test]
fn candidates_and_unknown_licences_get_no_edge() {
    let flow = Given::new()
        .claims(ArtifactKind::Model, "two", &[RAIL, GEMMA], Basis::Declared)
        .claims(ArtifactKind::Model, "none", &[], Basis::Declared)
        .claims(ArtifactKind::Package, "unrecorded", &["BSD-3-Clause"], Basis::Declared)
        .flow();
    assert_eq!(flow.chains.len(), 2);
    for chain in &flow.chains {
        assert_eq!(chain.standing.name(), "candidate");
        assert_eq!(chain.alternatives.len(), 1);
        assert!(chain.edges.is_empty() && chain.gaps.is_empty());
        assert!(!chain.holdings.is_empty() && !chain.bindings.is_empty());
    }
    let what: Vec<&str> = flow.unknown.iter().map(|unknown| unknown.what.as_str()).collect();
    assert_eq!(what.len(), 3, "{what:?}");
    assert!(what.iter().any(|what| what.contains("is not decided")), "{what:?}");
    assert!(what.iter().any(|what| what.contains("licence is unknown")), "{what:?}");
    assert!(what.iter().any(|what| what.contains("is not recorded")), "{what:?}");
    assert!(flow.unknown.iter().all(|unknown| !unknown.evidence.is_empty()));
}

#[test]
fn a_template_is_nobodys_licence() {
    let mut template = contract(Conveyance::CommercialFlowdown, &[]);
    template.verified = Verified::Seed;
    let stated = ["order-7", RAIL];
    let flow = Given::new()
        .terms(template)
        .claims(ArtifactKind::Model, "m", &stated, Basis::Declared)
        .flow();
    assert_eq!(only(flow.clone()).license.0, RAIL);
    let mut what = flow.unknown.iter().map(|unknown| &unknown.what);
    assert!(what.any(|what| what.contains("the contract itself is not named")), "{flow:?}");
}

#[test]
fn a_tag_alone_stays_as_declared() {
    let flow = Given::new().claims(ArtifactKind::Model, "m", &[LLAMA], Basis::Declared).flow();
    assert_eq!(only(flow).standing.name(), "as-declared");
}

#[test]
fn what_is_the_same_is_said_once() {
    let few = Given::new().has(ArtifactKind::Package, "p0", "mit");
    let many = (0..500).fold(Given::new(), |given, number| {
        given.has(ArtifactKind::Package, &format!("p{number}"), "mit")
    });
    let (few, many) = (only(few.flow()), only(many.flow()));
    assert_eq!(many.artifacts.len(), 500);
    assert_eq!(many.edges.len(), few.edges.len());
    assert!(many.edges.len() < 12 && many.evidence.len() <= 8);
}

/// A contract in code: nothing of it comes from a catalogue.
fn contract(conveyance: Conveyance, duties: &[(&str, &[(&str, &str)])]) -> LicenseTerms {
    let obligation = |(kind, params): &(&str, &[(&str, &str)])| Obligation {
        kind: (*kind).to_owned(),
        clause: format!("schedule {kind}"),
        triggers: vec!["distribute".to_owned()],
        evidence: EvidenceClass::Contract,
        params: params.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
    };
    LicenseTerms {
        key: LicenseKey("order-7".to_owned()),
        name: "Order 7".to_owned(),
        date: None,
        licensor: Some("Weights Inc".to_owned()),
        family: "commercial".to_owned(),
        verified: Verified::Read,
        spdx: "LicenseRef-order-7".to_owned(),
        notes: Vec::new(),
        grant: Grant {
            conveyance,
            directness: Directness::None,
            acceptance: "signed".to_owned(),
            acceptance_clause: None,
            sublicensable: true,
            relicense_derivatives: String::new(),
            distillation: Distillation::Silent,
            clause: "2".to_owned(),
            legal_basis: vec!["copyright".to_owned(), "contract".to_owned()],
            revocable: String::new(),
            covers: Vec::new(),
            excludes: Vec::new(),
            hosting_is_distribution: String::new(),
            outputs: String::new(),
            permitted_use: "any".to_owned(),
            governing_law: String::new(),
        },
        thresholds: Vec::new(),
        obligations: duties.iter().map(obligation).collect(),
        restrictions: vec![UseRestriction {
            label: "schedule 1".to_owned(),
            categories: vec!["military".to_owned()],
            mental: Mental::None,
            exceptions: Vec::new(),
            note: None,
        }],
    }
}

fn contract_chain(conveyance: Conveyance, duties: &[(&str, &[(&str, &str)])]) -> LicenseChain {
    let terms = contract(conveyance, duties);
    only(Given::new().terms(terms).has(ArtifactKind::Model, "m", "order-7").flow())
}

const ALL_TIERS: &[(&str, &str)] = &[("flow_to_all_tiers", "true")];

#[test]
fn a_contract_reaches_further_only_as_beneficiary_at_every_hop() {
    let flows = Conveyance::CommercialFlowdown;
    let chain = contract_chain(
        flows,
        &[("flowdown-use-restrictions", ALL_TIERS), ("third-party-beneficiary", ALL_TIERS)],
    );
    let beneficiary = Some(EnforcementBasis::ThirdPartyBeneficiary);
    let own = |chain: &LicenseChain, parties, of| surest(chain, parties, Matter::OwnBreach, of);
    assert_eq!(own(&chain, L_V, "vendor"), Some((Certain, Some(EnforcementBasis::Contract))));
    assert_eq!(own(&chain, L_C, "customer"), Some((Implied, beneficiary)));
    assert_eq!(own(&chain, L_CC, "customers-customer"), Some((Implied, beneficiary)));
    let omitted = surest(&chain, L_C, Matter::FlowdownOmitted, "customer");
    assert_eq!(omitted, Some((Implied, beneficiary)), "a duty that travels");
    assert!(chain.gaps.is_empty(), "{:?}", chain.gaps);

    // Named in the vendor's agreements only: it ends with the customer.
    let chain = contract_chain(
        flows,
        &[("flowdown-use-restrictions", ALL_TIERS), ("third-party-beneficiary", &[])],
    );
    assert_eq!(own(&chain, L_C, "customer"), Some((Implied, beneficiary)));
    assert_eq!(own(&chain, L_CC, "customers-customer"), Some((Certainty::None, None)));

    // No beneficiary, and terms that go one hop: a gap of each kind.
    let chain = contract_chain(flows, &[("flowdown-use-restrictions", &[])]);
    assert_eq!(own(&chain, L_C, "customer"), Some((Certainty::None, None)));
    let contract = Some(EnforcementBasis::Contract);
    assert_eq!(own(&chain, V_C, "customer"), Some((Implied, contract)));
    assert_eq!(own(&chain, C_CC, "customers-customer"), Some((Certainty::None, None)));
    let gaps: Vec<FlowGapKind> = chain.gaps.iter().map(|gap| gap.kind).collect();
    assert_eq!(gaps, [FlowGapKind::Enforcement, FlowGapKind::RestrictionLost]);
}

#[test]
fn a_vendor_answers_for_others_where_its_contract_says_so() {
    let flows = Conveyance::CommercialFlowdown;
    let flow: (&str, &[(&str, &str)]) = ("flowdown-use-restrictions", ALL_TIERS);
    for (duty, basis) in [
        (
            ("terminate-on-downstream-breach", &[("cure_days", "10")][..]),
            EnforcementBasis::Termination,
        ),
        (("indemnify-licensor", &[("scope", "downstream acts")][..]), EnforcementBasis::Indemnity),
        (
            ("liquidated-damages", &[("scope", "downstream")][..]),
            EnforcementBasis::LiquidatedDamages,
        ),
    ] {
        let chain = contract_chain(flows, &[flow, duty]);
        let vendor = surest(&chain, L_V, Matter::DownstreamBreach, "customer");
        assert_eq!(vendor, Some((Certain, Some(basis))));
        let further = surest(&chain, L_V, Matter::DownstreamBreach, "customers-customer");
        assert_eq!(further, Some((Certain, Some(basis))), "the vendor answers for all of them");
        check(&chain, &[(V_C, Matter::DownstreamBreach, "customers-customer", NOBODY)]);

        let travelling = (duty.0, &[duty.1, ALL_TIERS].concat()[..]);
        let chain = contract_chain(flows, &[flow, travelling]);
        let further = surest(&chain, V_C, Matter::DownstreamBreach, "customers-customer");
        assert_eq!(further, Some((Implied, Some(basis))));
    }
    let chain = contract_chain(flows, &[flow, ("indemnify-licensor", &[])]);
    check(&chain, &[(L_V, Matter::DownstreamBreach, "customer", NOBODY)]);
}

#[test]
fn rights_that_may_not_be_passed_on_are_a_gap() {
    let chain = contract_chain(Conveyance::NoConveyance, &[("no-redistribution", &[])]);
    assert_eq!(chain.gaps.len(), 1);
    assert_eq!(chain.gaps[0].kind, FlowGapKind::NoRights);
    assert!(chain.gaps[0].what.contains("a licence of its own"), "{}", chain.gaps[0].what);
    assert!(chain.holdings.iter().all(|holding| holding.holder.0 == "vendor"));
    check(
        &chain,
        &[
            (L_V, Matter::OwnBreach, "vendor", Some(Certain)),
            (L_C, Matter::OwnBreach, "customer", Some(BasisUncertain)),
            (V_C, Matter::OwnBreach, "customer", NOBODY),
        ],
    );
    let contract = (EnforcementBasis::Contract, Certainty::None);
    assert_eq!(
        bases(&chain, "customer"),
        [(EnforcementBasis::Copyright, BasisUncertain), contract],
        "who has no licence can be met with rights, not with a contract"
    );
}

/// On every record that ships, for every way of the product: what the licensor has against a party
/// is never surer than what it has against the one before.
#[test]
fn a_hop_never_adds_certainty() {
    let knowledge = &*KNOWLEDGE;
    assert!(knowledge.terms.len() > 40);
    let mut compared = 0;
    for key in knowledge.terms.keys() {
        for ships in
            [None, Some(ShipMode::Distributed), Some(ShipMode::Embedded), Some(ShipMode::Hosted)]
        {
            for relicenses in [None, Some(true), Some(false)] {
                let given = Given::new().product(|product| {
                    product.ships = ships;
                    product.relicenses = relicenses;
                });
                let flow = given
                    .has(ArtifactKind::Model, "m", &key.0)
                    .has(ArtifactKind::Package, "p", &key.0)
                    .flow();
                for chain in &flow.chains {
                    compared += never_surer(chain);
                }
            }
        }
    }
    assert!(compared > 1_000, "{compared}");
}

fn never_surer(chain: &LicenseChain) -> usize {
    let tiers = ["vendor", "customer", "customers-customer"];
    let mut compared = 0;
    for matter in Matter::ALL {
        let of = |party: &str| {
            let edges = chain.edges.iter().filter(|edge| {
                edge.who == chain.licensor && edge.against.0 == party && edge.matter == *matter
            });
            edges.map(|edge| edge.certainty).max()
        };
        for pair in tiers.windows(2) {
            let (before, after) = (of(pair[0]), of(pair[1]));
            let after = after.unwrap_or(Certainty::None);
            assert!(before.unwrap_or(Certainty::None) >= after, "{} {matter:?}", chain.id);
            compared += 1;
        }
    }
    for pair in tiers.windows(2) {
        let bound = |party: &str| {
            chain.bindings.iter().find(|binding| binding.party.0 == party).map(|b| b.certainty)
        };
        assert!(bound(pair[0]) >= bound(pair[1]), "{}", chain.id);
    }
    compared
}

/// Every edge says why; one that gives something says by which clause; one that gives nothing has
/// neither remedy nor certainty.
#[test]
fn every_edge_has_its_reason() {
    for key in KNOWLEDGE.terms.keys() {
        let chain = chain(&key.0, |_| ());
        assert!(!chain.edges.is_empty());
        for edge in &chain.edges {
            assert!(!edge.because.is_empty());
            if edge.certainty == Certainty::None {
                continue;
            }
            assert!(edge.basis.is_some(), "{} {edge:?}", chain.id);
            let places = edge.clauses.iter().map(|clause| &clause.at);
            let mut places = places.map(|at| at.path.as_str());
            assert!(!edge.clauses.is_empty(), "{} {edge:?}", chain.id);
            assert!(places.all(|path| path == key.0), "{} {edge:?}", chain.id);
        }
    }
}

/// One product with a RAIL model, a Llama model, an MIT package and weights under a contract.
fn of_every_kind() -> Report {
    let duties: &[(&str, &[(&str, &str)])] = &[
        ("flowdown-use-restrictions", ALL_TIERS),
        ("terminate-on-downstream-breach", &[("cure_days", "10")]),
        ("third-party-beneficiary", &[("affiliates", "included")]),
    ];
    Given::new()
        .terms(contract(Conveyance::CommercialFlowdown, duties))
        .has(ArtifactKind::Model, "acme/rail", RAIL)
        .claims(ArtifactKind::Model, "acme/llama", &[LLAMA], Basis::Declared)
        .has(ArtifactKind::Package, "left-pad", "mit")
        .has(ArtifactKind::Model, "acme/bought", "order-7")
        .claims(ArtifactKind::Model, "acme/mystery", &[], Basis::Declared)
        .report()
}

fn written(format: &str, report: &Report) -> String {
    let mut bytes = Vec::new();
    report::by_format(format).unwrap().write(report, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_page_of_a_product_of_every_kind() {
    insta::assert_snapshot!(written("flow", &of_every_kind()));
}

#[test]
fn the_graph_follows_its_schema_and_its_edges_end_at_parties() {
    let document: Value = serde_json::from_str(&written("json", &of_every_kind())).unwrap();
    let schema = jsonschema::validator_for(&report::json::schema()).unwrap();
    assert!(schema.is_valid(&document), "{:?}", schema.iter_errors(&document).next());
    let flow = &document["assessment"]["flow"];
    let texts = |list: &Value, key: &str| -> Vec<String> {
        let items = list.as_array().unwrap().iter();
        items.map(|item| item[key].as_str().unwrap().to_owned()).collect()
    };
    let parties = texts(&flow["parties"], "id");
    assert_eq!(parties.len(), 7, "{parties:?}");
    let chains = flow["chains"].as_array().unwrap();
    assert_eq!(chains.len(), 4);
    for chain in chains {
        for (list, keys) in [
            ("edges", &["who", "against", "acts_of"][..]),
            ("holdings", &["holder", "from"][..]),
            ("bindings", &["party"][..]),
            ("gaps", &["from", "to"][..]),
        ] {
            for key in keys {
                let ids = texts(&chain[list], key);
                assert!(ids.iter().all(|id| parties.contains(id)), "{ids:?}");
            }
        }
    }
}

/// The graph of the example with contracts, at a day.
fn example(epoch: &str) -> Value {
    let folder = "examples/02_commercial_contract";
    let output = Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["scan", folder, "--config", &format!("{folder}/flowdown.toml"), "-o", "json=-"])
        .env("SOURCE_DATE_EPOCH", epoch)
        .output()
        .unwrap();
    let mut document: Value = serde_json::from_slice(&output.stdout).unwrap();
    document["assessment"]["flow"].take()
}

#[test]
fn clauses_of_a_contract_stand_in_its_file_while_it_is_in_force() {
    let flow = example("1700000000");
    let chains = flow["chains"].as_array().unwrap();
    let nova = chains.iter().find(|chain| chain["license"] == "nova-model-license").unwrap();
    for edge in nova["edges"].as_array().unwrap() {
        for clause in edge["clauses"].as_array().unwrap() {
            assert_eq!(clause["at"]["origin"]["kind"], "user-file", "{edge}");
            assert_eq!(clause["at"]["path"], "contracts/nova.toml", "{edge}");
        }
    }

    let flow = example("2050000000");
    assert_eq!(flow["chains"], Value::Array(Vec::new()), "both contracts have ended by 2034");
    let unknown = flow["unknown"].as_array().unwrap();
    assert!(
        unknown.iter().any(|it| it["what"] == "the contract `Nova Model License` is not in force"),
        "{unknown:?}"
    );
}
