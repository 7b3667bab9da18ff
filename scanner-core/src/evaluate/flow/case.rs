//! One licence on its way, and where a party stands on it.

use super::route::{self, Route};
use super::strands::Strand;
use crate::model::{
    Certainty, Clause, Conveyance, ConveyanceRule, Holding, Hop, HopMode, Instrument,
    LicenseReview, LicenseTerms, Obligation, PartyId,
};

/// One licence, who licenses it, and the way of the product.
pub(super) struct Case<'a> {
    pub(super) strand: &'a Strand<'a>,
    pub(super) licensor: PartyId,
    pub(super) rule: ConveyanceRule,
    pub(super) route: &'a Route,
    /// What the agreement with customers has of the licence's restrictions, where one is named.
    pub(super) review: Option<&'a LicenseReview>,
}

/// Where one party stands on the way of one licence.
pub(super) struct Position {
    pub(super) party: PartyId,
    /// Who passed the product to it; `None` for the vendor.
    pub(super) from: Option<PartyId>,
    pub(super) receives: Receives,
    /// How sure it is that the licensor and the party stand in a relation of their own.
    pub(super) privity: Certainty,
    /// How sure it is that a contract of others lets the licensor in.
    pub(super) beneficiary: Certainty,
    /// What binds the party to the restrictions.
    pub(super) instrument: Instrument,
    /// How sure that is.
    pub(super) bound: Certainty,
    pub(super) because: String,
    pub(super) holdings: Vec<Holding>,
}

impl Position {
    /// Whether the party received the material and holds nothing that lets it use it.
    pub(super) fn is_unlicensed(&self) -> bool {
        self.receives == Receives::Material && self.holdings.is_empty()
    }
}

/// What a party receives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Receives {
    /// The licensed material, or a service that the licence treats like it.
    Material,
    /// A service that the licence does not speak of.
    Service,
}

/// Whether what passes over a hop is something that the licence speaks of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reach {
    /// It is.
    Reached,
    /// The record is not sure whether hosting counts.
    Unsure,
    /// A service is used, and the text does not count that as distribution.
    Service,
}

impl Reach {
    /// No statement about the party that is reached is surer than this.
    pub(super) const fn ceiling(self) -> Certainty {
        match self {
            Self::Reached => Certainty::Certain,
            Self::Unsure => Certainty::Disputed,
            Self::Service => Certainty::None,
        }
    }
}

/// Duties to put restrictions, or the licence, into agreements with others.
pub(super) const FLOW_DUTIES: &[&str] =
    &["bind-recipients", "flowdown-use-restrictions", "require-users-comply"];

/// Kinds of obligations towards whoever receives a copy.
pub const PASSED_ON: &[&str] = &[
    "attribution",
    "attribution-display",
    "bind-recipients",
    "copy-of-licence",
    "direct-grant-statement",
    "flowdown-use-restrictions",
    "notice-file",
    "notify-recipients",
    "require-users-comply",
    "retain-notices",
    "same-licence",
    "source-disclosure",
    "third-party-beneficiary",
    "warranty-passthrough",
];

impl Case<'_> {
    pub(super) fn terms(&self) -> &LicenseTerms {
        self.strand.terms
    }

    /// The obligations of these kinds, in the order of kind and clause.
    pub(super) fn duties<'b>(
        &'b self,
        kinds: &'b [&'b str],
    ) -> impl Iterator<Item = &'b Obligation> {
        self.strand.obligations.iter().filter(|duty| kinds.contains(&&*duty.kind))
    }

    /// The obligations of these kinds that passing the product on in this way triggers.
    pub(super) fn duties_of<'b>(
        &'b self,
        kinds: &'b [&'b str],
        mode: HopMode,
    ) -> impl Iterator<Item = &'b Obligation> {
        self.duties(kinds).filter(move |duty| is_triggered(duty, mode))
    }

    /// Where an obligation stands.
    pub(super) fn clause(&self, duty: &Obligation) -> Clause {
        self.cite(&duty.kind, &duty.clause, &format!("obligation.{}", duty.kind))
    }

    /// Where the grant stands.
    pub(super) fn grant(&self) -> Clause {
        self.cite("grant", &self.terms().grant.clause, "grant.conveyance")
    }

    /// An entry of the record, with the clause it was read in.
    pub(super) fn cite(&self, kind: &str, label: &str, entry: &str) -> Clause {
        Clause {
            kind: kind.to_owned(),
            label: label.to_owned(),
            at: self.strand.record.clone().at_key(entry),
        }
    }

    pub(super) fn reach(&self, mode: HopMode) -> Reach {
        if mode != HopMode::Hosted {
            return Reach::Reached;
        }
        // A contract that demands something of whoever hosts speaks of hosting.
        let is_contract = self.terms().grant.conveyance == Conveyance::CommercialFlowdown;
        if is_contract && self.duties_of(FLOW_DUTIES, mode).next().is_some() {
            return Reach::Reached;
        }
        hosting(&self.terms().grant.hosting_is_distribution)
    }

    /// The vendor: it holds the licence from the licensor, whatever the rule.
    pub(super) fn vendor(&self) -> Position {
        let because = match self.rule {
            ConveyanceRule::Contract => "the licensor's contract is with the vendor",
            ConveyanceRule::NoConveyance => "the licensor licenses the vendor, and only the vendor",
            ConveyanceRule::DirectLicense
            | ConveyanceRule::Relicense
            | ConveyanceRule::TermsOfUse => "the text licenses whoever takes it up",
        };
        Position {
            party: route::vendor(),
            from: None,
            receives: Receives::Material,
            privity: Certainty::Certain,
            beneficiary: Certainty::None,
            instrument: Instrument::License,
            bound: Certainty::Certain,
            holdings: vec![self.licensed(
                &route::vendor(),
                Certainty::Certain,
                because,
                self.route.mode_after(0),
            )],
            because: because.to_owned(),
        }
    }

    /// A party that uses a service: it holds nothing, and nothing of this licence binds it.
    pub(super) fn service(&self, hop: &Hop) -> Position {
        Position {
            party: hop.to.clone(),
            from: Some(hop.from.clone()),
            receives: Receives::Service,
            privity: Certainty::None,
            beneficiary: Certainty::None,
            instrument: Instrument::Nothing,
            bound: Certainty::None,
            because: "it uses a service and receives no copy, and the text does not count hosting \
                      as distribution"
                .to_owned(),
            holdings: Vec::new(),
        }
    }

    /// A licence that comes from the licensor itself; `onward` is how the holder passes it on.
    pub(super) fn licensed(
        &self,
        holder: &PartyId,
        certainty: Certainty,
        because: &str,
        onward: Option<HopMode>,
    ) -> Holding {
        let pass_on = onward.into_iter().flat_map(|mode| self.duties_of(PASSED_ON, mode));
        Holding {
            holder: holder.clone(),
            from: self.licensor.clone(),
            instrument: Instrument::License,
            certainty,
            because: because.to_owned(),
            clauses: vec![self.grant()],
            pass_on: pass_on.map(|duty| self.clause(duty)).collect(),
        }
    }

    /// Terms that come from whoever passes the product on.
    pub(super) fn passed_on(&self, hop: &Hop, certainty: Certainty, because: &str) -> Holding {
        let mut clauses = vec![self.grant()];
        clauses.extend(self.duties_of(FLOW_DUTIES, hop.mode).map(|duty| self.clause(duty)));
        Holding {
            holder: hop.to.clone(),
            from: hop.from.clone(),
            instrument: Instrument::Agreement,
            certainty,
            because: because.to_owned(),
            clauses,
            pass_on: Vec::new(),
        }
    }

    /// How the party that a hop leads to passes the product on in turn.
    pub(super) fn onward(&self, hop: &Hop) -> Option<HopMode> {
        let place = self.route.hops.iter().position(|other| other.to == hop.to)?;
        self.route.mode_after(place + 1)
    }
}

/// What the words of a record say about hosting: they begin with `yes`, `no` or `silent`, or say
/// something that is less clear.
pub(super) fn hosting(words: &str) -> Reach {
    let first: String = words.chars().take_while(|character| character.is_alphanumeric()).collect();
    match first.as_str() {
        "yes" => Reach::Reached,
        "no" | "silent" => Reach::Service,
        _ if words.is_empty() || words == "-" => Reach::Service,
        _ => Reach::Unsure,
    }
}

/// Whether an obligation must be repeated in the agreements of every further hop.
pub(super) fn reaches_all_tiers(duty: &Obligation) -> bool {
    duty.params.get("flow_to_all_tiers").is_some_and(|value| value == "true")
}

fn is_triggered(duty: &Obligation, mode: HopMode) -> bool {
    let happens = |trigger: &String| {
        trigger.split('+').all(|part| match part {
            "distribute" => mode != HopMode::Hosted,
            "host" => mode == HopMode::Hosted,
            _ => true,
        })
    };
    duty.triggers.is_empty() || duty.triggers.iter().any(happens)
}
