//! Who holds which licence from whom, and who can enforce what: a graph of parties and edges.

use schemars::JsonSchema;
use serde::Serialize;

use super::evidence::Location;
use crate::model;

/// The graph: parties are its nodes; edges stand in the chain of the licence that they come from.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Flow<'a> {
    /// Vendor, customer, the customer's customer, then licensors by id.
    parties: Vec<Party<'a>>,
    /// How the product passes on, in order; none when it stays inside the company.
    hops: Vec<Hop<'a>>,
    /// One for each licence, kind of subject and standing, sorted by id.
    chains: Vec<Chain<'a>>,
    /// What is not known; about these there is no edge.
    unknown: Vec<Unknown<'a>>,
}

/// A node.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Party<'a> {
    /// Stable id: `vendor`, `customer`, `customers-customer`, `licensor:…`.
    id: &'a str,
    /// `licensor`, `vendor`, `customer` or `customers-customer`.
    role: &'static str,
    /// Its name in words.
    name: &'a str,
}

/// The product passes from one party to the next.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Hop<'a> {
    /// Who passes it on.
    from: &'a str,
    /// Who receives it.
    to: &'a str,
    /// `copy`, `embedded` or `hosted`.
    mode: &'static str,
    /// Whether the way was `declared` or is `assumed`.
    declaration: &'static str,
    /// `relicensed`, `plain-copy` or `undeclared`.
    relicensing: &'static str,
    /// Why way and terms are taken to be so.
    because: &'a str,
}

/// One licence on one kind of artifact, from its licensor down to the last recipient.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Chain<'a> {
    /// Stable id: licence, subject, standing.
    id: &'a str,
    /// Key of the licence.
    license: &'a str,
    /// Its title.
    name: &'a str,
    /// `model` or `software`.
    subject: &'static str,
    /// `candidate`, `as-declared` or `recognized`.
    standing: &'static str,
    /// The licences that the same statement can mean.
    alternatives: Vec<&'a str>,
    /// Id of the party that licenses.
    licensor: &'a str,
    /// `direct-license` (R1), `relicense` (R2), `terms-of-use` (R3), `contract` (R4) or
    /// `no-conveyance` (R5).
    rule: &'static str,
    /// Ids of the artifacts, sorted.
    artifacts: Vec<&'a str>,
    /// Where the licence was read on them: the first places; never empty.
    evidence: Vec<Location<'a>>,
    /// Who holds it from whom, down the chain.
    holdings: Vec<Holding<'a>>,
    /// What binds each party to the restrictions.
    bindings: Vec<Binding<'a>>,
    /// Who can enforce what.
    edges: Vec<Edge<'a>>,
    /// Who is exempt from a threshold.
    exemptions: Vec<Exemption<'a>>,
    /// What gets lost on the way.
    gaps: Vec<Gap<'a>>,
}

/// A clause that says so.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Clause<'a> {
    /// `grant`, `legal-basis`, `threshold`, or a kind of obligation.
    kind: &'a str,
    /// The clause as the record labels it; empty when the record names none.
    label: &'a str,
    /// The entry of the record.
    at: Location<'a>,
}

/// A party holds a licence from somebody.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Holding<'a> {
    /// Who holds.
    holder: &'a str,
    /// From whom.
    from: &'a str,
    /// `license` (the licence itself) or `agreement` (terms of whoever passed it on).
    instrument: &'static str,
    /// `none`, `disputed`, `basis-uncertain`, `implied` or `certain`.
    certainty: &'static str,
    /// Why.
    because: &'a str,
    /// The clauses that say so.
    clauses: Vec<Clause<'a>>,
    /// Duties towards those that the holder passes copies to.
    pass_on: Vec<Clause<'a>>,
}

/// What binds a party to the restrictions of a licence.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Binding<'a> {
    /// Who is bound.
    party: &'a str,
    /// `license`, `agreement`, `license-or-agreement` or `nothing`.
    instrument: &'static str,
    /// How sure.
    certainty: &'static str,
    /// What it depends on that nothing in the scan shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<&'a str>,
    /// Why.
    because: &'a str,
    /// The restrictions, by clause.
    restrictions: Vec<Restriction<'a>>,
}

/// A restriction, by clause.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Restriction<'a> {
    /// The clause label as the text prints it.
    label: &'a str,
    /// Categories of the vocabulary.
    categories: &'a [String],
}

/// Whether one party can enforce something against another.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Edge<'a> {
    /// Who enforces.
    who: &'a str,
    /// Against whom.
    against: &'a str,
    /// `own-breach`, `flowdown-omitted`, `downstream-breach`, `breach-permitted`,
    /// `third-party-claim`, `self-help` or `without-breach`.
    matter: &'static str,
    /// Whose acts those are.
    acts_of: &'a str,
    /// What it rests on; absent only with certainty `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<&'static str>,
    /// What it can bring about.
    remedy: &'static str,
    /// `none` says that no clause gives it.
    certainty: &'static str,
    /// What it depends on that nothing in the scan shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<&'a str>,
    /// Why.
    because: &'a str,
    /// The clauses that say so.
    clauses: Vec<Clause<'a>>,
}

/// Somebody to whom a threshold does not apply.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Exemption<'a> {
    /// Who is exempt.
    party: &'a str,
    /// How sure.
    certainty: &'static str,
    /// Why.
    because: &'a str,
    /// The clause of the threshold.
    clause: Clause<'a>,
}

/// What gets lost on the way.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Gap<'a> {
    /// `enforcement`, `no-rights` or `restriction-lost`.
    kind: &'static str,
    /// The hop where it happens begins here.
    from: &'a str,
    /// It leads here.
    to: &'a str,
    /// The restriction categories that it is about, sorted.
    categories: &'a [String],
    /// What.
    what: &'a str,
    /// Why.
    because: &'a str,
    /// The clauses that say so.
    clauses: Vec<Clause<'a>>,
}

/// What is not known.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Unknown<'a> {
    /// What.
    what: &'a str,
    /// Ids of the artifacts, sorted.
    artifacts: Vec<&'a str>,
    /// Keys of the licences that are meant or possible, if any is named.
    licenses: Vec<&'a str>,
    /// Where to look; never empty.
    evidence: Vec<Location<'a>>,
}

impl<'a> Flow<'a> {
    pub(super) fn of(flow: &'a model::LicenseFlow) -> Self {
        let parties = flow.parties.iter();
        Self {
            parties: parties
                .map(|party| Party { id: &party.id.0, role: party.role.name(), name: &party.name })
                .collect(),
            hops: flow.hops.iter().map(Hop::of).collect(),
            chains: flow.chains.iter().map(Chain::of).collect(),
            unknown: flow.unknown.iter().map(Unknown::of).collect(),
        }
    }
}

impl<'a> Hop<'a> {
    fn of(hop: &'a model::Hop) -> Self {
        Self {
            from: &hop.from.0,
            to: &hop.to.0,
            mode: hop.mode.name(),
            declaration: hop.declaration.name(),
            relicensing: hop.relicensing.name(),
            because: &hop.because,
        }
    }
}

impl<'a> Chain<'a> {
    fn of(chain: &'a model::LicenseChain) -> Self {
        Self {
            id: &chain.id,
            license: &chain.license.0,
            name: &chain.name,
            subject: chain.subject.name(),
            standing: chain.standing.name(),
            alternatives: chain.alternatives.iter().map(|key| key.0.as_str()).collect(),
            licensor: &chain.licensor.0,
            rule: chain.rule.name(),
            artifacts: chain.artifacts.iter().map(|id| id.0.as_str()).collect(),
            evidence: Location::all(&chain.evidence),
            holdings: chain.holdings.iter().map(Holding::of).collect(),
            bindings: chain.bindings.iter().map(Binding::of).collect(),
            edges: chain.edges.iter().map(Edge::of).collect(),
            exemptions: chain.exemptions.iter().map(Exemption::of).collect(),
            gaps: chain.gaps.iter().map(Gap::of).collect(),
        }
    }
}

impl<'a> Clause<'a> {
    fn of(clause: &'a model::Clause) -> Self {
        Self { kind: &clause.kind, label: &clause.label, at: Location::of(&clause.at) }
    }

    fn all(clauses: &'a [model::Clause]) -> Vec<Self> {
        clauses.iter().map(Self::of).collect()
    }
}

impl<'a> Holding<'a> {
    fn of(holding: &'a model::Holding) -> Self {
        Self {
            holder: &holding.holder.0,
            from: &holding.from.0,
            instrument: holding.instrument.name(),
            certainty: holding.certainty.name(),
            because: &holding.because,
            clauses: Clause::all(&holding.clauses),
            pass_on: Clause::all(&holding.pass_on),
        }
    }
}

impl<'a> Binding<'a> {
    fn of(binding: &'a model::Binding) -> Self {
        let restrictions = binding.restrictions.iter();
        Self {
            party: &binding.party.0,
            instrument: binding.instrument.name(),
            certainty: binding.certainty.name(),
            condition: binding.condition.as_deref(),
            because: &binding.because,
            restrictions: restrictions
                .map(|(label, categories)| Restriction { label, categories })
                .collect(),
        }
    }
}

impl<'a> Edge<'a> {
    fn of(edge: &'a model::EnforcementEdge) -> Self {
        Self {
            who: &edge.who.0,
            against: &edge.against.0,
            matter: edge.matter.name(),
            acts_of: &edge.acts_of.0,
            basis: edge.basis.map(model::EnforcementBasis::name),
            remedy: edge.remedy.name(),
            certainty: edge.certainty.name(),
            condition: edge.condition.as_deref(),
            because: &edge.because,
            clauses: Clause::all(&edge.clauses),
        }
    }
}

impl<'a> Exemption<'a> {
    fn of(exemption: &'a model::Exemption) -> Self {
        Self {
            party: &exemption.party.0,
            certainty: exemption.certainty.name(),
            because: &exemption.because,
            clause: Clause::of(&exemption.clause),
        }
    }
}

impl<'a> Gap<'a> {
    fn of(gap: &'a model::FlowGap) -> Self {
        Self {
            kind: gap.kind.name(),
            from: &gap.from.0,
            to: &gap.to.0,
            categories: &gap.categories,
            what: &gap.what,
            because: &gap.because,
            clauses: Clause::all(&gap.clauses),
        }
    }
}

impl<'a> Unknown<'a> {
    fn of(unknown: &'a model::FlowUnknown) -> Self {
        Self {
            what: &unknown.what,
            artifacts: unknown.artifacts.iter().map(|id| id.0.as_str()).collect(),
            licenses: unknown.licenses.iter().map(|key| key.0.as_str()).collect(),
            evidence: Location::all(&unknown.evidence),
        }
    }
}
