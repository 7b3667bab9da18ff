//! R4, a contract that says what the vendor's own contracts must say. The licensor reaches further
//! parties only as a beneficiary that every contract down to them names.

use super::case::{Case, FLOW_DUTIES, Position, Reach, Receives, reaches_all_tiers};
use super::route;
use crate::model::{Certainty, Hop, Instrument, Obligation};

pub(super) fn next(case: &Case<'_>, hop: &Hop, previous: &Position) -> Position {
    let reach = case.reach(hop.mode);
    if reach == Reach::Service || previous.instrument == Instrument::Nothing {
        return case.service(hop);
    }
    let is_first = hop.from == route::vendor();
    let flows = |duty: &Obligation| is_first || reaches_all_tiers(duty);
    let is_bound = case.duties_of(FLOW_DUTIES, hop.mode).any(&flows);
    let is_named = case.duties(&["third-party-beneficiary"]).any(&flows);
    let can_name = is_first || previous.beneficiary > Certainty::None;
    let because = if is_bound {
        "the licensor's contract binds who holds it to put the terms into the next agreement; the \
         licensor is no party to that"
    } else {
        "the licensor's contract is with the vendor; no clause carries its terms over this hop"
    };
    let held = if is_bound { Certainty::Implied } else { Certainty::Disputed };
    Position {
        party: hop.to.clone(),
        from: Some(hop.from.clone()),
        receives: Receives::Material,
        privity: Certainty::None,
        beneficiary: if is_named && can_name { Certainty::Implied } else { Certainty::None },
        instrument: if is_bound { Instrument::Agreement } else { Instrument::Nothing },
        bound: if is_bound { Certainty::Implied } else { Certainty::None },
        because: because.to_owned(),
        holdings: vec![case.passed_on(hop, held.min(reach.ceiling()), because)],
    }
}
