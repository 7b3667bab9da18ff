//! What is known of what lies outside the scan: what it is, and the licence that its descendants give
//! it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::index::Index;
use crate::model::{RelationKind, RelationTarget, Report};

/// What something outside the scan is, by how the scan relates to it; the firmest last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum OutsideKind {
    Other,
    Dataset,
    Model,
}

impl OutsideKind {
    const fn of(kind: RelationKind) -> Self {
        match kind {
            RelationKind::TrainedOn => Self::Dataset,
            RelationKind::Contains | RelationKind::DescribedBy => Self::Other,
            RelationKind::FineTunedFrom
            | RelationKind::QuantizedFrom
            | RelationKind::ConvertedFrom
            | RelationKind::AdapterOf
            | RelationKind::MergedFrom
            | RelationKind::DistilledFrom
            | RelationKind::DerivedFrom => Self::Model,
        }
    }
}

/// What everything outside the scan is, by its name.
pub(super) fn kinds(report: &Report) -> HashMap<&str, OutsideKind> {
    let mut kinds: HashMap<&str, OutsideKind> = HashMap::new();
    for relation in &report.inventory.relations {
        if let RelationTarget::Elsewhere { name, .. } = &relation.to {
            let kind = kinds.entry(name).or_insert(OutsideKind::Other);
            *kind = (*kind).max(OutsideKind::of(relation.kind));
        }
    }
    kinds
}

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
