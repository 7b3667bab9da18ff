//! What the vendor's agreement with customers, where it is named, says of a licence's restrictions.

use std::collections::BTreeSet;

use super::route;
use crate::model::{LicenseReview, PartyId, RestrictionVerdict, WordingDemand};

/// An agreement that is not named is not a part of the scan.
const UNSEEN: &str =
    "only where the agreement between the two says so; nothing in the scan shows it";

/// On what it depends that restrictions bind the party that got the product from `from`.
pub(super) fn condition(review: Option<&LicenseReview>, from: &PartyId) -> String {
    let Some(review) = review.filter(|_| *from == route::vendor()) else {
        return UNSEEN.to_owned();
    };
    let stand = review.restrictions.iter().filter(|it| passes(it.verdict, review.demand)).count();
    format!(
        "as far as `[product] agreement` says so: {stand} of {} restrictions stand there as clause \
         {} demands",
        review.restrictions.len(),
        review.clause
    )
}

/// Labels and categories of the restrictions that the agreement does not have at all.
pub(super) fn missing(review: &LicenseReview) -> (Vec<&str>, BTreeSet<String>) {
    let missing = review.restrictions.iter();
    let missing: Vec<_> = missing.filter(|it| it.verdict == RestrictionVerdict::Missing).collect();
    let labels = missing.iter().map(|it| it.restriction.label.as_str()).collect();
    let categories = missing.iter().flat_map(|it| it.restriction.categories.iter().cloned());
    (labels, categories.collect())
}

fn passes(verdict: RestrictionVerdict, demand: WordingDemand) -> bool {
    match verdict {
        RestrictionVerdict::Verbatim => true,
        RestrictionVerdict::Equivalent => demand == WordingDemand::Similar,
        RestrictionVerdict::Missing
        | RestrictionVerdict::Weakened
        | RestrictionVerdict::NotComparable => false,
    }
}
