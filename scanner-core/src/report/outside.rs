//! What is known of ancestors outside the scan: the licence that their descendants give them.

use std::collections::{BTreeMap, BTreeSet};

use super::index::Index;

/// The decided licences that effective terms take from an ancestor, by its name.
pub(super) struct OutsideLicenses<'a>(BTreeMap<&'a str, BTreeSet<&'a str>>);

impl<'a> OutsideLicenses<'a> {
    pub(super) fn new(index: &Index<'a>) -> Self {
        let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let assessments = index.report.assessment.artifacts.values();
        for applied in assessments.flat_map(|assessment| &assessment.effective.licenses) {
            if let (Some(name), true) = (&applied.from_ancestor, applied.alternatives.is_empty()) {
                found.entry(name).or_default().insert(index.spdx(&applied.key));
            }
        }
        Self(found)
    }

    /// The licence of the ancestor called `name`; `None` when nobody knows it, or when descendants
    /// disagree.
    pub(super) fn of(&self, name: &str) -> Option<&'a str> {
        let mut found = self.0.get(name)?.iter();
        let first = found.next()?;
        found.next().is_none().then_some(*first)
    }
}
