//! R3, terms of use with flow-down: restrictions travel in agreements, and whoever uses the material
//! accepts the licensor's own terms, so a contract with the licensor is arguable at every hop.

use super::case::{Case, Position, Reach, Receives};
use crate::model::{Certainty, Hop, Instrument, Relicensing};

pub(super) fn next(case: &Case<'_>, hop: &Hop, previous: &Position) -> Position {
    let reach = case.reach(hop.mode);
    if reach == Reach::Service || previous.privity == Certainty::None {
        return case.service(hop);
    }
    let certainty = Certainty::Implied.min(previous.privity).min(reach.ceiling());
    let because = "whoever uses the material accepts the licensor's terms by that, besides the \
                   agreement it received the product under";
    let above = match hop.relicensing {
        Relicensing::Relicensed => Certainty::Implied,
        Relicensing::PlainCopy | Relicensing::Undeclared => Certainty::Disputed,
    };
    let through = "the restrictions travel in the agreement with whoever passes it on";
    Position {
        party: hop.to.clone(),
        from: Some(hop.from.clone()),
        receives: Receives::Material,
        privity: certainty,
        beneficiary: Certainty::None,
        instrument: Instrument::LicenseOrAgreement,
        bound: certainty,
        because: because.to_owned(),
        holdings: vec![
            case.licensed(&hop.to, certainty, because, case.onward(hop)),
            case.passed_on(hop, above.min(certainty), through),
        ],
    }
}
