//! Obligations that the wording of the agreement with customers meets, by its review.
//!
//! Without an agreement, or where its words decide nothing, they stay as they are: a person must
//! read.

use super::{Duty, Verdict};
use crate::model::ObligationStatus::{Contradicted, Missing, NeedsDeclaration, Satisfied};
use crate::model::{
    DutyVerdict, LicenseReview, Location, RestrictionReview, RestrictionVerdict, WordingDemand,
};

/// The verdict of the review. `None` where there is none, or files decide.
pub(super) fn verdict(duty: &Duty<'_>) -> Option<Verdict> {
    let review = duty.review?.license(&duty.license.key)?;
    if duty.obligation.kind == "flowdown-use-restrictions" {
        return Some(restrictions(review));
    }
    let found = review.duties.iter().find(|found| {
        found.kind == duty.obligation.kind && found.clause == duty.obligation.clause
    })?;
    let status = match found.verdict {
        DutyVerdict::Contradicted => Contradicted,
        DutyVerdict::Missing if elsewhere(&found.kind) => NeedsDeclaration,
        DutyVerdict::Missing => Missing,
        DutyVerdict::Open => NeedsDeclaration,
        DutyVerdict::Stated => Satisfied,
    };
    let mut because = format!("of the agreement with customers, {}", found.because);
    if status == NeedsDeclaration && found.verdict == DutyVerdict::Missing {
        because.push_str("; a notice or card may, and a person must read it");
    }
    let evidence = found.passages.iter().map(|passage| passage.at.clone()).collect();
    Some(Verdict::seen(status, because, evidence))
}

/// Duties that something else than the agreement can meet as well.
fn elsewhere(kind: &str) -> bool {
    matches!(kind, "direct-grant-statement" | "notify-recipients" | "warranty-passthrough")
}

fn restrictions(review: &LicenseReview) -> Verdict {
    let with = |verdict: RestrictionVerdict| -> Vec<&RestrictionReview> {
        review.restrictions.iter().filter(|found| found.verdict == verdict).collect()
    };
    let count = review.restrictions.len();
    let (missing, weakened) =
        (with(RestrictionVerdict::Missing), with(RestrictionVerdict::Weakened));
    if !missing.is_empty() || !weakened.is_empty() {
        let because = format!(
            "of {count} restrictions, {} do not stand in the agreement with customers and {} are \
             weakened there",
            missing.len(),
            weakened.len()
        );
        return Verdict::seen(Missing, because, places(&weakened));
    }
    let open = with(RestrictionVerdict::NotComparable);
    if !open.is_empty() {
        let because = format!(
            "of {count} restrictions, {} could only be compared with Flowdown's own description; a \
             person must compare",
            open.len()
        );
        return Verdict::seen(NeedsDeclaration, because, places(&open));
    }
    let reworded = with(RestrictionVerdict::Equivalent);
    if !reworded.is_empty() && review.demand == WordingDemand::Themselves {
        let because = format!(
            "of {count} restrictions, {} stand in other words in the agreement with customers; the \
             clause asks for the restrictions themselves",
            reworded.len()
        );
        return Verdict::seen(NeedsDeclaration, because, places(&reworded));
    }
    let because = format!(
        "each of {count} restrictions stands in the agreement with customers, {} in other words",
        reworded.len()
    );
    Verdict::seen(Satisfied, because, places(&review.restrictions.iter().collect::<Vec<_>>()))
}

fn places(found: &[&RestrictionReview]) -> Vec<Location> {
    let passages = found.iter().flat_map(|found| &found.passages);
    let mut places: Vec<Location> = passages.map(|passage| passage.at.clone()).collect();
    places.sort();
    places.dedup();
    places
}
