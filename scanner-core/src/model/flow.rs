//! Who holds which licence from whom, what binds each party, and who can enforce what.
//!
//! A statement here is about what licence texts give and what no clause gives; `docs/conveyance.md`
//! has the rules. "Nobody" is a statement too: an edge of certainty `none`.

use super::{ArtifactId, LicenseKey, Location};

macro_rules! words {
    ($(#[$of:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident $word:literal,)* }) => {
        $(#[$of])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word used in documents.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

words! {
    /// What a party is to the product.
    PartyRole {
        /// Who licenses an artifact.
        Licensor "licensor",
        /// Who ships the product.
        Vendor "vendor",
        /// Who receives it from the vendor.
        Customer "customer",
        /// Who receives it from the customer.
        CustomersCustomer "customers-customer",
    }
}

words! {
    /// How sure a statement is; a later one is surer.
    Certainty {
        /// No clause gives it.
        None "none",
        /// The text bears more than one reading, or the facts that decide are not declared.
        Disputed "disputed",
        /// The text gives it, and it rests on rights that may not exist (copyright in weights).
        BasisUncertain "basis-uncertain",
        /// It follows from how the text works, without a clause that says so.
        Implied "implied",
        /// A clause gives it.
        Certain "certain",
    }
}

words! {
    /// How the product passes over a hop.
    HopMode {
        /// A copy is handed over.
        Copy "copy",
        /// It is handed over as part of a device or another product.
        Embedded "embedded",
        /// It is used over a network; no copy is handed over.
        Hosted "hosted",
    }
}

words! {
    /// Whether whoever passes an artifact on does so under terms of its own.
    Relicensing {
        /// Under terms of its own.
        Relicensed "relicensed",
        /// As a plain copy with the licence text.
        PlainCopy "plain-copy",
        /// Nobody has said.
        Undeclared "undeclared",
    }
}

words! {
    /// Whether somebody said so.
    Declaration {
        /// The settings say so.
        Declared "declared",
        /// Nobody said so; it is assumed.
        Assumed "assumed",
    }
}

words! {
    /// The rule by which rights travel; `docs/conveyance.md` has a section for each.
    ConveyanceRule {
        /// R1: every recipient holds a licence from the licensor.
        DirectLicense "direct-license",
        /// R2: the vendor relicenses, restrictions flow down.
        Relicense "relicense",
        /// R3: restrictions flow down, and every recipient accepts the licensor's terms by use.
        TermsOfUse "terms-of-use",
        /// R4: a contract says what must flow down.
        Contract "contract",
        /// R5: rights may not be passed on.
        NoConveyance "no-conveyance",
    }
}

words! {
    /// How firmly a licence stands on the artifacts of a chain.
    Standing {
        /// One of several licences that a statement can mean.
        Candidate "candidate",
        /// Somebody says so; no text or weights were recognised.
        AsDeclared "as-declared",
        /// A text or weights were recognised.
        Recognized "recognized",
    }
}

words! {
    /// What kind of thing a licence covers; the rights it rests on differ.
    Subject {
        /// Weights, adapters, tokenizers and data.
        Model "model",
        /// Software packages.
        Software "software",
    }
}

words! {
    /// What binds a party to restrictions.
    Instrument {
        /// The licence itself.
        License "license",
        /// The agreement under which it received the product.
        Agreement "agreement",
        /// The one or the other, depending on the reading.
        LicenseOrAgreement "license-or-agreement",
        /// Nothing that the licence provides for.
        Nothing "nothing",
    }
}

words! {
    /// What an edge is about.
    Matter {
        /// The party's own breach: a forbidden use, or a duty of its own not done.
        OwnBreach "own-breach",
        /// The party does not pass on what it must.
        FlowdownOmitted "flowdown-omitted",
        /// Somebody further down breaches.
        DownstreamBreach "downstream-breach",
        /// The party lets somebody else breach.
        BreachPermitted "breach-permitted",
        /// Somebody else makes claims because of what the party does.
        ThirdPartyClaim "third-party-claim",
        /// Use is restricted, without a claim.
        SelfHelp "self-help",
        /// Nothing went wrong.
        WithoutBreach "without-breach",
    }
}

words! {
    /// What an enforcement edge rests on.
    EnforcementBasis {
        /// Copyright.
        Copyright "copyright",
        /// Patents.
        Patent "patent",
        /// Database rights, trade secrets and other rights that the licence names.
        OtherRight "other-right",
        /// A contract.
        Contract "contract",
        /// A contract of others that names the party as beneficiary.
        ThirdPartyBeneficiary "third-party-beneficiary",
        /// A clause that ends the licence.
        Termination "termination",
        /// A promise to hold harmless.
        Indemnity "indemnity",
        /// A sum agreed for a breach.
        LiquidatedDamages "liquidated-damages",
        /// A right to restrict use from afar.
        RemoteRestriction "remote-restriction",
    }
}

words! {
    /// What an enforcement edge can bring about.
    Remedy {
        /// Nothing.
        Nothing "nothing",
        /// A claim that rights were used outside the licence.
        InfringementClaim "infringement-claim",
        /// A claim that a contract was broken.
        ContractClaim "contract-claim",
        /// The end of the licence.
        EndOfLicense "end-of-license",
        /// Costs and damages are made good.
        Indemnification "indemnification",
        /// A sum that was agreed.
        AgreedSum "agreed-sum",
        /// Use is restricted, without a court.
        RestrictedUse "restricted-use",
    }
}

words! {
    /// What kind of gap.
    FlowGapKind {
        /// Whoever wants a restriction obeyed has no claim against who breaks it.
        Enforcement "enforcement",
        /// Rights may not be passed on, and the product passes the artifact on.
        NoRights "no-rights",
        /// Nothing in the licence binds the next party to a restriction.
        RestrictionLost "restriction-lost",
    }
}

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
