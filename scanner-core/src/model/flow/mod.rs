//! Who holds which licence from whom, what binds each party, and who can enforce what.
//!
//! A statement here is about what licence texts give and what no clause gives; `docs/conveyance.md`
//! has the rules. "Nobody" is a statement too: an edge of certainty `none`.

mod words;

pub use words::{
    Certainty, ConveyanceRule, Declaration, EnforcementBasis, FlowGapKind, HopMode, Instrument,
    Matter, PartyRole, Relicensing, Remedy, Standing, Subject,
};

use super::{ArtifactId, LicenseKey, Location};

/// A party: a stable id (`vendor`, `customer`, `customers-customer`, `licensor:…`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PartyId(pub String);

/// A party, with its name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Party {
    /// Stable id.
    pub id: PartyId,
    /// What it is to the product.
    pub role: PartyRole,
    /// Its name in words.
    pub name: String,
}

/// The product passes from one party to the next.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Hop {
    /// Who passes it on.
    pub from: PartyId,
    /// Who receives it.
    pub to: PartyId,
    /// How.
    pub mode: HopMode,
    /// Whether the way was declared.
    pub declaration: Declaration,
    /// Under whose terms.
    pub relicensing: Relicensing,
    /// Why way and terms are taken to be so, in our words.
    pub because: String,
}

/// A clause that says so, and where it was read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Clause {
    /// `grant`, `legal-basis`, or a kind of the obligation vocabulary.
    pub kind: String,
    /// The clause as the record labels it; empty when the record names none.
    pub label: String,
    /// The record, at the entry that says so.
    pub at: Location,
}

/// A party holds a licence from somebody.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Holding {
    /// Who holds.
    pub holder: PartyId,
    /// From whom.
    pub from: PartyId,
    /// Under the licence itself, or under terms of whoever passed it on.
    pub instrument: Instrument,
    /// How sure.
    pub certainty: Certainty,
    /// Why, in our words.
    pub because: String,
    /// The clauses that say so.
    pub clauses: Vec<Clause>,
    /// Duties that the holder has towards those it passes copies to, as the licence gives them.
    pub pass_on: Vec<Clause>,
}

/// What binds a party to the restrictions of a licence.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Binding {
    /// Who is bound.
    pub party: PartyId,
    /// Through what.
    pub instrument: Instrument,
    /// How sure.
    pub certainty: Certainty,
    /// What it depends on that nothing here shows.
    pub condition: Option<String>,
    /// Why, in our words.
    pub because: String,
    /// Clause labels as the text prints them, each with its categories.
    pub restrictions: Vec<(String, Vec<String>)>,
}

/// Whether one party can enforce something against another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct EnforcementEdge {
    /// Who enforces.
    pub who: PartyId,
    /// Against whom.
    pub against: PartyId,
    /// About what.
    pub matter: Matter,
    /// Whose acts those are.
    pub acts_of: PartyId,
    /// On what it rests; `None` only with certainty `none`.
    pub basis: Option<EnforcementBasis>,
    /// What it can bring about.
    pub remedy: Remedy,
    /// How sure.
    pub certainty: Certainty,
    /// What it depends on that nothing here shows.
    pub condition: Option<String>,
    /// Why, in our words.
    pub because: String,
    /// The clauses that say so; empty when no clause gives it.
    pub clauses: Vec<Clause>,
}

/// Somebody to whom a threshold of a licence does not apply.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Exemption {
    /// Who is exempt.
    pub party: PartyId,
    /// How sure.
    pub certainty: Certainty,
    /// Why, in our words.
    pub because: String,
    /// The clause of the threshold.
    pub clause: Clause,
}

/// What gets lost on the way.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct FlowGap {
    /// What kind.
    pub kind: FlowGapKind,
    /// The hop where it happens.
    pub from: PartyId,
    /// The party that the hop leads to.
    pub to: PartyId,
    /// The restriction categories that it is about, sorted.
    pub categories: Vec<String>,
    /// In one sentence, what.
    pub what: String,
    /// Why, in our words.
    pub because: String,
    /// The clauses that say so.
    pub clauses: Vec<Clause>,
}

/// One licence on one kind of artifact, from its licensor down to the last recipient.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LicenseChain {
    /// Stable id: licence, subject, standing.
    pub id: String,
    /// Which licence.
    pub license: LicenseKey,
    /// Its title.
    pub name: String,
    /// What it covers here.
    pub subject: Subject,
    /// How firmly it stands on them.
    pub standing: Standing,
    /// The licences that the same statement can mean; empty unless `standing` is `candidate`.
    pub alternatives: Vec<LicenseKey>,
    /// Who licenses.
    pub licensor: PartyId,
    /// By which rule rights travel.
    pub rule: ConveyanceRule,
    /// The artifacts, sorted.
    pub artifacts: Vec<ArtifactId>,
    /// Where the licence was read on them; never empty.
    pub evidence: Vec<Location>,
    /// Who holds it from whom, down the chain.
    pub holdings: Vec<Holding>,
    /// What binds each party; empty for a licence without recorded restrictions.
    pub bindings: Vec<Binding>,
    /// Who can enforce what; empty for a candidate: nothing is enforced before it is decided.
    pub edges: Vec<EnforcementEdge>,
    /// Who is exempt from a threshold.
    pub exemptions: Vec<Exemption>,
    /// What gets lost on the way.
    pub gaps: Vec<FlowGap>,
}

/// Artifacts about which the graph says nothing, and why.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct FlowUnknown {
    /// What is not known, in our words.
    pub what: String,
    /// The artifacts, sorted.
    pub artifacts: Vec<ArtifactId>,
    /// The licences that are meant or possible, if any is named.
    pub licenses: Vec<LicenseKey>,
    /// Where to look; never empty.
    pub evidence: Vec<Location>,
}

/// Who holds which licence from whom, and who can enforce what.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LicenseFlow {
    /// The parties: vendor, customer, the customer's customer, then licensors by id.
    pub parties: Vec<Party>,
    /// The hops in order; none when the product stays inside the company.
    pub hops: Vec<Hop>,
    /// One for each licence, kind of subject and standing, sorted by id.
    pub chains: Vec<LicenseChain>,
    /// What is not known; about these there is no edge.
    pub unknown: Vec<FlowUnknown>,
}

impl LicenseFlow {
    /// The name of a party; its id when it is not one of the graph.
    pub fn party_name<'a>(&'a self, id: &'a PartyId) -> &'a str {
        self.parties.iter().find(|party| party.id == *id).map_or(&id.0, |party| &party.name)
    }
}
