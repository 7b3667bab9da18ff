//! R2, relicensing under flow-down: the licensor licenses the vendor; whoever comes after holds
//! terms of the vendor. Where only a copy with the licence text is passed on, two readings compete.

use super::case::{Case, Position, Reach, Receives};
use crate::model::{Certainty, Directness, Hop, Instrument, Relicensing};

pub(super) fn next(case: &Case<'_>, hop: &Hop, previous: &Position) -> Position {
    let reach = case.reach(hop.mode);
    if reach == Reach::Service || previous.instrument == Instrument::Nothing {
        return case.service(hop);
    }
    // Whoever received terms of somebody else has nothing of the licensor to pass on.
    if hop.relicensing == Relicensing::Relicensed || previous.privity == Certainty::None {
        relicensed(case, hop, previous, reach)
    } else {
        copied(case, hop, previous, reach)
    }
}

fn relicensed(case: &Case<'_>, hop: &Hop, previous: &Position, reach: Reach) -> Position {
    let ceiling = previous.privity.min(reach.ceiling());
    let privity = match case.terms().grant.directness {
        Directness::NoneAfterRelicense | Directness::ExplicitPersonal | Directness::None => {
            Certainty::None
        }
        Directness::Implied | Directness::Unsure => Certainty::Disputed.min(ceiling),
        Directness::Explicit => Certainty::Implied.min(ceiling),
    };
    let because = match hop.relicensing {
        Relicensing::Relicensed => {
            "the vendor passes it on under terms of its own: the customer holds those, and the \
             licensor is no party to them"
        }
        Relicensing::PlainCopy | Relicensing::Undeclared => {
            "whoever passes it on holds terms of somebody else and can pass on no more than those"
        }
    };
    // That the vendor has own terms is declared; what the customer does, nobody has declared.
    let held = match hop.relicensing {
        Relicensing::Relicensed => Certainty::Implied,
        Relicensing::PlainCopy | Relicensing::Undeclared => Certainty::Disputed,
    };
    let held = held.min(reach.ceiling());
    let mut holdings = vec![case.passed_on(hop, held, because)];
    let mut instrument = Instrument::Agreement;
    if privity > Certainty::None {
        let because = "the text may be read to license each recipient all the same";
        holdings.push(case.licensed(&hop.to, privity, because, case.onward(hop)));
        instrument = Instrument::LicenseOrAgreement;
    }
    Position {
        party: hop.to.clone(),
        from: Some(hop.from.clone()),
        receives: Receives::Material,
        privity,
        beneficiary: Certainty::None,
        instrument,
        bound: held,
        because: because.to_owned(),
        holdings,
    }
}

/// The text addresses whoever exercises rights, yet rights travel by sublicence: both readings.
fn copied(case: &Case<'_>, hop: &Hop, previous: &Position, reach: Reach) -> Position {
    let certainty = Certainty::Disputed.min(previous.privity).min(reach.ceiling());
    let direct = "as one reading goes, the text licenses whoever exercises rights under it";
    let through = "as the other reading goes, rights travel by sublicence, from whoever passes \
                   the copy on";
    let because = match hop.relicensing {
        Relicensing::PlainCopy => {
            "a copy travels with the licence text: it addresses whoever exercises rights, and it \
             lets rights travel by sublicence"
        }
        Relicensing::Relicensed | Relicensing::Undeclared => {
            "nothing says whether it is passed on under terms of its own or as a plain copy: \
             both readings are reported"
        }
    };
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
            case.licensed(&hop.to, certainty, direct, case.onward(hop)),
            case.passed_on(hop, certainty, through),
        ],
    }
}
