//! What binds each party to the restrictions of a licence.

use super::case::{Case, Position};
use crate::model::{Binding, Instrument};

/// An agreement is not a part of the scan.
pub(super) const IF_AGREEMENT_SAYS_SO: &str =
    "only where the agreement between the two says so; nothing in the scan shows it";

pub(super) fn of(case: &Case<'_>, positions: &[Position]) -> Vec<Binding> {
    if case.terms().restrictions.is_empty() {
        return Vec::new();
    }
    positions.iter().map(|position| binding(case, position)).collect()
}

fn binding(case: &Case<'_>, position: &Position) -> Binding {
    let restrictions = case.terms().restrictions.iter();
    Binding {
        party: position.party.clone(),
        instrument: position.instrument,
        certainty: position.bound,
        condition: match position.instrument {
            Instrument::Agreement => Some(IF_AGREEMENT_SAYS_SO.to_owned()),
            Instrument::License | Instrument::LicenseOrAgreement | Instrument::Nothing => None,
        },
        because: position.because.clone(),
        restrictions: restrictions
            .map(|restriction| (restriction.label.clone(), restriction.categories.clone()))
            .collect(),
    }
}
