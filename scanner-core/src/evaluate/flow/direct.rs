//! R1, direct licensing: every recipient of a copy holds the licence from the licensor.

use super::case::{Case, Position, Reach, Receives};
use crate::model::{Certainty, Directness, Hop, Instrument};

pub(super) fn next(case: &Case<'_>, hop: &Hop, previous: &Position) -> Position {
    let reach = case.reach(hop.mode);
    if reach == Reach::Service || previous.privity == Certainty::None {
        return case.service(hop);
    }
    let (given, mut because) = match case.terms().grant.directness {
        Directness::Explicit => {
            (Certainty::Certain, "the text gives each recipient its licence from the licensor")
        }
        Directness::Implied => (
            Certainty::Implied,
            "the text addresses whoever has a copy; that each recipient is licensed by the \
             licensor follows from it",
        ),
        Directness::NoneAfterRelicense
        | Directness::ExplicitPersonal
        | Directness::None
        | Directness::Unsure => {
            (Certainty::Disputed, "the record is not sure that recipients are licensed directly")
        }
    };
    if reach == Reach::Unsure {
        because = "it uses a service; whether the text counts that as passing on is not clear";
    }
    let certainty = given.min(previous.privity).min(reach.ceiling());
    Position {
        party: hop.to.clone(),
        from: Some(hop.from.clone()),
        receives: Receives::Material,
        privity: certainty,
        beneficiary: Certainty::None,
        instrument: Instrument::License,
        bound: certainty,
        because: because.to_owned(),
        holdings: vec![case.licensed(&hop.to, certainty, because, case.onward(hop))],
    }
}
