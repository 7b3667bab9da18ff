//! R5, no conveyance: rights end with the vendor; whoever receives the product needs a licence of
//! its own from the licensor.

use super::case::{Case, Position, Receives};
use crate::model::{Certainty, Hop, HopMode, Instrument};

pub(super) fn next(_: &Case<'_>, hop: &Hop) -> Position {
    Position {
        party: hop.to.clone(),
        from: Some(hop.from.clone()),
        receives: match hop.mode {
            HopMode::Copy | HopMode::Embedded => Receives::Material,
            HopMode::Hosted => Receives::Service,
        },
        privity: Certainty::None,
        beneficiary: Certainty::None,
        instrument: Instrument::Nothing,
        bound: Certainty::None,
        because: "the licensor licenses the vendor only; no clause lets it pass rights on"
            .to_owned(),
        holdings: Vec::new(),
    }
}
