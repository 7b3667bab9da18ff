//! Clauses and places in the words of a message.

use crate::model::{Location, RestrictionReview};

/// Clauses that a message names before it counts the rest.
const NAMED: usize = 40;

/// `(a) illegal-use, (b) minors-harm`.
pub(super) fn clauses(found: &[&RestrictionReview]) -> String {
    join(found, |review| {
        format!("{} {}", review.restriction.label, review.restriction.categories.join("+"))
    })
}

/// `(l) medical-advice: exception-added `unless …``.
pub(super) fn listed(found: &[&RestrictionReview]) -> String {
    join(found, |review| {
        let differences = review.differences.iter();
        let differences: Vec<String> = differences
            .map(|difference| format!("{} {}", difference.weakening.name(), difference.what))
            .collect();
        let categories = review.restriction.categories.join("+");
        format!("{} {categories}: {}", review.restriction.label, differences.join(", "))
    })
}

fn join(found: &[&RestrictionReview], words: impl Fn(&RestrictionReview) -> String) -> String {
    let mut named: Vec<String> = found.iter().take(NAMED).map(|review| words(review)).collect();
    if found.len() > NAMED {
        named.push(format!("{} more", found.len() - NAMED));
    }
    named.join("; ")
}

/// Where the passages stand, sorted.
pub(super) fn places(found: &[&RestrictionReview]) -> Vec<Location> {
    let passages = found.iter().flat_map(|review| &review.passages);
    let mut places: Vec<Location> = passages.map(|passage| passage.at.clone()).collect();
    places.sort();
    places.dedup();
    places
}
