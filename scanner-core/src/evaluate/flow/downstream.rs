//! Who answers for what those further down do: by clauses that end the licence, ask indemnity or set a
//! sum for it, and never without one.

use super::agreement::condition;
use super::case::{Case, Position, reaches_all_tiers};
use super::clauses::details;
use super::enforcement::Draft;
use crate::model::{Certainty, EnforcementBasis, EnforcementEdge, Matter, Obligation, Remedy};

/// The licensor against a party for what those after it do; under a contract, also a party against
/// the next one where the contract makes the duty travel.
pub(super) fn of(
    case: &Case<'_>,
    position: &Position,
    below: &[Position],
    edges: &mut Vec<EnforcementEdge>,
) {
    let duties: Vec<(&Obligation, EnforcementBasis, Remedy)> = duties(case).collect();
    let is_vendor = position.from.is_none();
    for (distance, party) in below.iter().enumerate() {
        let draft = Draft {
            who: &case.licensor,
            against: &position.party,
            matter: Matter::DownstreamBreach,
            acts_of: &party.party,
        };
        if duties.is_empty() {
            // Nobody answers for a neighbour; then nobody does for those further away.
            if distance == 0 && position.privity > Certainty::None {
                let because = "no clause ends the licence, asks indemnity or sets a sum for what \
                               others do after it";
                edges.push(draft.nobody(because, Vec::new()));
            }
            continue;
        }
        if is_vendor {
            for (duty, basis, remedy) in &duties {
                let because =
                    format!("a clause makes it answer for those after it{}", details(duty));
                let clauses = vec![case.clause(duty)];
                edges.push(draft.edge(
                    Some(*basis),
                    *remedy,
                    position.privity,
                    None,
                    because,
                    clauses,
                ));
            }
        }
        travelling(case, position, party, distance, &duties, edges);
    }
}

/// Duties that answer for others and travel: whoever passed the product on has the claim that the
/// licensor has against it.
fn travelling(
    case: &Case<'_>,
    position: &Position,
    party: &Position,
    distance: usize,
    duties: &[(&Obligation, EnforcementBasis, Remedy)],
    edges: &mut Vec<EnforcementEdge>,
) {
    let Some(from) = &position.from else { return };
    if distance > 0 {
        return;
    }
    let draft = Draft {
        who: from,
        against: &position.party,
        matter: Matter::DownstreamBreach,
        acts_of: &party.party,
    };
    let travels: Vec<_> = duties.iter().filter(|(duty, ..)| reaches_all_tiers(duty)).collect();
    if travels.is_empty() {
        let because = "the duty to answer for others is the vendor's; no clause makes it travel \
                       into the next agreement";
        edges.push(
            draft.nobody(because, duties.iter().map(|(duty, ..)| case.clause(duty)).collect()),
        );
    }
    for (duty, basis, remedy) in travels {
        let because = format!("the duty must stand in the next agreement too{}", details(duty));
        let clauses = vec![case.clause(duty)];
        edges.push(draft.edge(
            Some(*basis),
            *remedy,
            Certainty::Implied.min(position.bound),
            Some(&condition(case.review, from)),
            because,
            clauses,
        ));
    }
}

/// Obligations by which a party answers for what others do.
pub(super) fn duties<'a>(
    case: &'a Case<'_>,
) -> impl Iterator<Item = (&'a Obligation, EnforcementBasis, Remedy)> {
    case.strand.obligations.iter().filter_map(|duty| {
        let (basis, remedy) = match &*duty.kind {
            "terminate-on-downstream-breach" => {
                (EnforcementBasis::Termination, Remedy::EndOfLicense)
            }
            "indemnify-licensor" if is_downstream(duty) => {
                (EnforcementBasis::Indemnity, Remedy::Indemnification)
            }
            "liquidated-damages" if is_downstream(duty) => {
                (EnforcementBasis::LiquidatedDamages, Remedy::AgreedSum)
            }
            _ => return None,
        };
        Some((duty, basis, remedy))
    })
}

/// Whether an obligation is about what those further down do.
pub(super) fn is_downstream(duty: &Obligation) -> bool {
    duty.triggers.iter().any(|trigger| trigger == "downstream-breach")
        || duty.params.get("scope").is_some_and(|scope| scope.contains("downstream"))
}
