//! What binds each party to the restrictions of a licence.

use super::agreement::condition;
use super::case::{Case, Position};
use crate::model::{Binding, Instrument};

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
            Instrument::Agreement => {
                position.from.as_ref().map(|from| condition(case.review, from))
            }
            Instrument::License | Instrument::LicenseOrAgreement | Instrument::Nothing => None,
        },
        because: position.because.clone(),
        restrictions: restrictions
            .map(|restriction| (restriction.label.clone(), restriction.categories.clone()))
            .collect(),
    }
}
