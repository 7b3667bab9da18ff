//! Who can enforce what: the edges between the licensor and each party, and between neighbours.
//!
//! An edge has one basis. Where no clause gives anything there is one edge of certainty `none`, so
//! that "nobody" is a statement.

use super::agreement::condition;
use super::case::{Case, FLOW_DUTIES, Position, reaches_all_tiers};
use super::downstream;
use super::rights::{self, Right};
use crate::model::{
    Certainty, Clause, ConveyanceRule, EnforcementBasis, EnforcementEdge, Instrument, Matter,
    Obligation, PartyId, Relicensing, Remedy,
};

pub(super) fn of(case: &Case<'_>, positions: &[Position]) -> Vec<EnforcementEdge> {
    let mut edges = Vec::new();
    for (place, position) in positions.iter().enumerate() {
        rights::own_breach(case, position, &mut edges);
        if let Some(below) = positions.get(place + 1) {
            flowdown_omitted(case, place, position, &mut edges);
            downstream::of(case, position, &positions[place + 1..], &mut edges);
            permitted(case, position, below, &mut edges);
            neighbours(case, position, below, &mut edges);
        }
    }
    edges
}

/// An edge in the making; `certainty` `None` has neither basis nor remedy.
pub(super) struct Draft<'a> {
    pub(super) who: &'a PartyId,
    pub(super) against: &'a PartyId,
    pub(super) matter: Matter,
    pub(super) acts_of: &'a PartyId,
}

impl Draft<'_> {
    pub(super) fn nobody(&self, because: &str, clauses: Vec<Clause>) -> EnforcementEdge {
        self.edge(None, Remedy::Nothing, Certainty::None, None, because.to_owned(), clauses)
    }

    pub(super) fn edge(
        &self,
        basis: Option<EnforcementBasis>,
        remedy: Remedy,
        certainty: Certainty,
        condition: Option<&str>,
        because: String,
        clauses: Vec<Clause>,
    ) -> EnforcementEdge {
        EnforcementEdge {
            who: self.who.clone(),
            against: self.against.clone(),
            matter: self.matter,
            acts_of: self.acts_of.clone(),
            basis,
            remedy,
            certainty,
            condition: condition.map(str::to_owned),
            because,
            clauses,
        }
    }

    fn of_right(
        &self,
        right: &Right,
        condition: Option<&str>,
        because: String,
        clauses: Vec<Clause>,
    ) -> EnforcementEdge {
        self.edge(Some(right.basis), right.remedy, right.certainty, condition, because, clauses)
    }
}

/// The licensor against a party that does not pass on what it must.
fn flowdown_omitted(
    case: &Case<'_>,
    place: usize,
    position: &Position,
    edges: &mut Vec<EnforcementEdge>,
) {
    let Some(hop) = case.route.hops.get(place) else { return };
    let draft = Draft {
        who: &case.licensor,
        against: &position.party,
        matter: Matter::FlowdownOmitted,
        acts_of: &position.party,
    };
    let duties: Vec<&Obligation> = case.duties_of(FLOW_DUTIES, hop.mode).collect();
    let clauses: Vec<Clause> = duties.iter().map(|duty| case.clause(duty)).collect();
    if duties.is_empty() && position.privity == Certainty::None {
        // Who owes the licensor nothing, under a licence that demands nothing: no question.
        return;
    }
    if duties.is_empty() {
        let copies = case.duties_of(&["copy-of-licence", "notice-file"], hop.mode);
        let copies: Vec<Clause> = copies.map(|duty| case.clause(duty)).collect();
        let because = if copies.is_empty() {
            "no clause demands that anything be passed on over this hop"
        } else {
            "no clause demands that terms stand in an agreement; what travels is the copy of the \
             licence and its notices, and leaving those out is a breach of its own"
        };
        edges.push(draft.nobody(because, copies));
        return;
    }
    let Some(right) = rights::strongest(case, position) else {
        if position.beneficiary > Certainty::None
            && duties.iter().any(|duty| reaches_all_tiers(duty))
        {
            edges.push(draft.edge(
                Some(EnforcementBasis::ThirdPartyBeneficiary),
                Remedy::ContractClaim,
                position.beneficiary,
                Some(&condition(case.review, &hop.from)),
                "a clause makes the duty travel, and the licensor is a beneficiary of the agreement"
                    .to_owned(),
                clauses,
            ));
            return;
        }
        let because = "the duty binds who holds the licence; this party holds terms of somebody \
                       else and owes the licensor nothing";
        edges.push(draft.nobody(because, clauses));
        return;
    };
    let condition = (hop.relicensing != Relicensing::Relicensed)
        .then_some("only where it has users of its own, or an agreement with them");
    let because = format!("a clause demands that it binds those after it; {}", right.because);
    edges.push(draft.of_right(&right, condition, because, clauses));
}

/// The licensor against a party that lets the next one breach: wording like "not allow others".
fn permitted(
    case: &Case<'_>,
    position: &Position,
    below: &Position,
    edges: &mut Vec<EnforcementEdge>,
) {
    let Some(duty) = case.duties(&["not-permit-others"]).next() else { return };
    let Some(right) = rights::strongest(case, position) else { return };
    let draft = Draft {
        who: &case.licensor,
        against: &position.party,
        matter: Matter::BreachPermitted,
        acts_of: &below.party,
    };
    let scope = duty.params.get("scope").map_or_else(String::new, |scope| format!(" ({scope})"));
    let because =
        format!("a clause forbids it to let others do what is forbidden{scope}; {}", right.because);
    let condition = Some("only for what it knows of and lets happen");
    edges.push(draft.of_right(&right, condition, because, vec![case.clause(duty)]));
}

/// A party against the one that it passed the product on to.
fn neighbours(
    case: &Case<'_>,
    above: &Position,
    below: &Position,
    edges: &mut Vec<EnforcementEdge>,
) {
    let draft = Draft {
        who: &above.party,
        against: &below.party,
        matter: Matter::OwnBreach,
        acts_of: &below.party,
    };
    let hop = case.route.hops.iter().find(|hop| hop.to == below.party);
    let clauses: Vec<Clause> = hop
        .into_iter()
        .flat_map(|hop| case.duties_of(FLOW_DUTIES, hop.mode))
        .map(|duty| case.clause(duty))
        .collect();
    let because = match (case.rule, below.instrument) {
        (ConveyanceRule::NoConveyance, _) => "there are no rights that it could pass on or enforce",
        (ConveyanceRule::DirectLicense, Instrument::Nothing) | (_, Instrument::Nothing) => {
            "nothing of this licence stands between the two"
        }
        (ConveyanceRule::DirectLicense, _) => {
            "the licence runs from the licensor: whoever passes a copy on is no party to it"
        }
        _ => return edges.push(by_agreement(case, &draft, above, below, clauses)),
    };
    let clauses = if case.rule == ConveyanceRule::DirectLicense { Vec::new() } else { clauses };
    edges.push(draft.nobody(because, clauses));
}

fn by_agreement(
    case: &Case<'_>,
    draft: &Draft<'_>,
    above: &Position,
    below: &Position,
    clauses: Vec<Clause>,
) -> EnforcementEdge {
    let held = below.holdings.iter().filter(|holding| holding.from == above.party);
    let held = held.map(|holding| holding.certainty).max().unwrap_or(Certainty::None);
    let tail = if case.rule == ConveyanceRule::Contract {
        ""
    } else {
        "; it must prove damage of its own, and rights in the material give it standing only where \
         it holds them exclusively"
    };
    let because = format!("a contract is all that it has{tail}");
    let clauses = if clauses.is_empty() { vec![case.grant()] } else { clauses };
    draft.edge(
        Some(EnforcementBasis::Contract),
        Remedy::ContractClaim,
        held,
        Some(&condition(case.review, &above.party)),
        because,
        clauses,
    )
}
