//! What gets lost on the way: restrictions that bind nobody any more, and restrictions that nobody
//! who wants them obeyed can enforce.

use std::collections::BTreeSet;

use super::case::{Case, FLOW_DUTIES, Position};
use super::{agreement, downstream};
use crate::model::{Certainty, ConveyanceRule, FlowGap, FlowGapKind, Instrument, PartyId};

pub(super) fn of(case: &Case<'_>, positions: &[Position]) -> Vec<FlowGap> {
    let mut gaps = Vec::new();
    let mut is_lost = false;
    for pair in positions.windows(2) {
        let [above, below] = pair else { continue };
        if case.rule == ConveyanceRule::NoConveyance {
            gaps.push(no_rights(case, above, below));
            break;
        }
        if case.terms().restrictions.is_empty() {
            continue;
        }
        gaps.extend(left_out(case, above, below));
        if !is_lost && below.instrument == Instrument::Nothing {
            // Once it is lost it stays lost; that is said once.
            is_lost = true;
            gaps.push(lost(case, above, below, &below.because));
        } else if above.instrument == Instrument::Agreement
            && case.rule == ConveyanceRule::Relicense
        {
            let because = "the flow-down binds who holds the licence; whoever holds only an \
                           agreement passes restrictions on as far as that agreement says";
            gaps.push(lost(case, above, below, because));
        }
        if above.from.is_none() && below.instrument != Instrument::Nothing {
            gaps.extend(unenforced(case, above, below));
        }
    }
    gaps.sort();
    gaps
}

fn gap(
    case: &Case<'_>,
    kind: FlowGapKind,
    above: &Position,
    below: &Position,
    what: String,
    because: String,
) -> FlowGap {
    let categories: BTreeSet<&String> =
        case.terms().restrictions.iter().flat_map(|restriction| &restriction.categories).collect();
    let mode = case.route.hops.iter().find(|hop| hop.to == below.party).map(|hop| hop.mode);
    let mut clauses = vec![case.grant()];
    let duties = mode.into_iter().flat_map(|mode| case.duties_of(FLOW_DUTIES, mode));
    clauses.extend(duties.map(|duty| case.clause(duty)));
    FlowGap {
        kind,
        from: above.party.clone(),
        to: below.party.clone(),
        categories: categories.into_iter().cloned().collect(),
        what,
        because,
        clauses,
    }
}

fn no_rights(case: &Case<'_>, above: &Position, below: &Position) -> FlowGap {
    let what = "no rights reach the customer with the product; it needs a licence of its own from \
                the licensor";
    gap(case, FlowGapKind::NoRights, above, below, what.to_owned(), below.because.clone())
}

fn lost(case: &Case<'_>, above: &Position, below: &Position, because: &str) -> FlowGap {
    let what = format!(
        "no clause of the licence carries the {} from {} to {}",
        restrictions(case),
        words(&above.party),
        words(&below.party)
    );
    gap(case, FlowGapKind::RestrictionLost, above, below, what, because.to_owned())
}

/// Restrictions that the agreement with customers, where one is named, does not have.
fn left_out(case: &Case<'_>, above: &Position, below: &Position) -> Option<FlowGap> {
    let review = case.review.filter(|_| above.from.is_none())?;
    let (labels, categories) = agreement::missing(review);
    if labels.is_empty() {
        return None;
    }
    let what = format!(
        "the agreement with customers lacks {} of the {}: {}",
        labels.len(),
        restrictions(case),
        labels.join(", ")
    );
    let because = "what does not stand in the agreement binds no customer through it".to_owned();
    let gap = gap(case, FlowGapKind::RestrictionLost, above, below, what, because);
    Some(FlowGap { categories: categories.into_iter().collect(), ..gap })
}

/// The known gap of relicensing: the licensor wants the restrictions obeyed and has no claim; the
/// vendor has one, and no damage.
fn unenforced(case: &Case<'_>, above: &Position, below: &Position) -> Option<FlowGap> {
    let answers = downstream::duties(case).next().is_some();
    if answers || below.beneficiary > Certainty::None || below.privity > Certainty::Disputed {
        return None;
    }
    let count = restrictions(case);
    let (what, because) = if below.privity == Certainty::Disputed {
        (
            format!(
                "whether the licensor can enforce the {count} against the \
                 customer is disputed; no clause makes the vendor do it"
            ),
            "the text bears a reading with a licence from the licensor and one without; a vendor \
             that enforces must prove damage of its own",
        )
    } else {
        (
            format!(
                "the licensor has no contract with the customer; only the vendor can enforce the \
                 {count}, it must prove damage of its own, and no clause makes \
                 it enforce"
            ),
            "the customer holds terms of the vendor; the text ends no licence and asks no \
             indemnity for what the customer does, so who wants the restrictions obeyed has no \
             claim, and who has a claim must prove damage of its own",
        )
    };
    Some(gap(case, FlowGapKind::Enforcement, above, below, what, because.to_owned()))
}

/// `13 use restrictions`.
fn restrictions(case: &Case<'_>) -> String {
    match case.terms().restrictions.len() {
        1 => "1 use restriction".to_owned(),
        count => format!("{count} use restrictions"),
    }
}

/// A party in running words.
fn words(party: &PartyId) -> &'static str {
    match party.0.as_str() {
        "vendor" => "the vendor",
        "customer" => "the customer",
        _ => "the customer's customer",
    }
}
