//! Two bills of materials beside each other: what was added, removed and changed, and what of that a
//! policy may care about.
//!
//! Both sides are claims of whoever wrote them; nothing is checked here. Documents of different kinds
//! differ in what they can say: a topic that one of them never mentions is not compared, and that is
//! part of the result. Everything is linear in the number of components.

mod differences;
mod expression;
pub mod json;
pub mod markdown;
mod pair;
mod summary;
#[cfg(test)]
mod tests;
mod topic;

use crate::bom::{Bom, Component, Format};

pub use pair::PairedBy;
pub use topic::{Topic, Weight};

/// What two documents differ in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comparison {
    /// The earlier document.
    pub old: Side,
    /// The later document.
    pub new: Side,
    /// Topics that are not compared, because one side never mentions them.
    pub silences: Vec<Silence>,
    /// The described product, if it changed.
    pub subject: Option<Changed>,
    /// Components that only the new document has, in its order.
    pub added: Vec<Alone>,
    /// Components that only the old document has, in its order.
    pub removed: Vec<Alone>,
    /// Components of both that differ, in the order of the new document.
    pub changed: Vec<Changed>,
    /// How many components of both do not differ.
    pub unchanged: usize,
}

/// One of the two documents.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Side {
    /// What it is written in.
    pub format: Format,
    /// The version of that format.
    pub spec_version: String,
    /// The tools that it says made it.
    pub tools: Vec<String>,
    /// How many components it has.
    pub components: usize,
}

/// Which of the two documents.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Which {
    /// The earlier one.
    Old,
    /// The later one.
    New,
}

impl Which {
    /// `old` or `new`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Old => "old",
            Self::New => "new",
        }
    }
}

/// A document never mentions a topic that the other one does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Silence {
    /// Which document is silent.
    pub side: Which,
    /// About what.
    pub topic: Topic,
}

/// A component that only one document has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alone {
    /// What to call it: its purl, else its name with version.
    pub label: String,
    /// The word for what it is.
    pub kind: String,
    /// Its licence: concluded, else declared; `None` when the document states none.
    pub license: Option<String>,
    /// Its use restrictions.
    pub restrictions: Vec<String>,
    /// Why a policy may care; empty when it need not.
    pub reasons: Vec<&'static str>,
}

/// A component that both documents have, with what differs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// What to call it: its purl, else its name with version, as the new document has it.
    pub label: String,
    /// The word for what it is.
    pub kind: String,
    /// How the two were found to be one.
    pub paired_by: PairedBy,
    /// What differs, by topic; never empty.
    pub changes: Vec<Change>,
}

/// One difference: what stands only in one of the two.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// What it is about.
    pub topic: Topic,
    /// Whether a policy may care.
    pub weight: Weight,
    /// What only the old document says.
    pub old: Vec<String>,
    /// What only the new document says.
    pub new: Vec<String>,
}

/// Compares two bills of materials.
pub fn compare(old: &Bom, new: &Bom) -> Comparison {
    let silences = topic::silences(old, new);
    let pairs = pair::pairs(&old.components, &new.components);
    let compared = |topic| !silences.iter().any(|silence| silence.topic == topic);
    let same_format = old.format == new.format;
    let differ = |before: &Component, after: &Component, paired_by| {
        let changes = differences::differences(before, after, same_format, &compared);
        (!changes.is_empty()).then(|| Changed {
            label: summary::label(after),
            kind: after.kind.clone(),
            paired_by,
            changes,
        })
    };
    let mut changed = Vec::new();
    for pair in &pairs.found {
        let (before, after) = (&old.components[pair.old], &new.components[pair.new]);
        changed.extend(differ(before, after, pair.by));
    }
    let subject = match (&old.subject, &new.subject) {
        (Some(before), Some(after)) => differ(before, after, PairedBy::Subject),
        _ => None,
    };
    let says_licenses = topic::says(new, Topic::Declared) || topic::says(new, Topic::Concluded);
    let unchanged = pairs.found.len() - changed.len();
    Comparison {
        old: Side::of(old),
        new: Side::of(new),
        subject,
        added: pairs
            .only_new
            .iter()
            .map(|index| summary::added(&new.components[*index], says_licenses))
            .collect(),
        removed: pairs
            .only_old
            .iter()
            .map(|index| summary::alone(&old.components[*index]))
            .collect(),
        changed,
        unchanged,
        silences,
    }
}

impl Comparison {
    /// Whether nothing differs.
    pub const fn is_empty(&self) -> bool {
        self.subject.is_none()
            && self.added.is_empty()
            && self.removed.is_empty()
            && self.changed.is_empty()
    }

    /// Everything that changed, the product first.
    pub fn all_changed(&self) -> impl Iterator<Item = &Changed> {
        self.subject.iter().chain(&self.changed)
    }

    /// How many differences a policy may care about, and how many others there are. A component that
    /// only one document has is one.
    pub fn counts(&self) -> (usize, usize) {
        let changes = || self.all_changed().flat_map(|changed| &changed.changes);
        let matters = changes().filter(|change| change.weight == Weight::Policy).count()
            + self.added.iter().filter(|alone| !alone.reasons.is_empty()).count();
        let all = changes().count() + self.added.len() + self.removed.len();
        (matters, all - matters)
    }
}

impl Side {
    fn of(bom: &Bom) -> Self {
        Self {
            format: bom.format,
            spec_version: bom.spec_version.clone(),
            tools: bom.tools.clone(),
            components: bom.components.len(),
        }
    }

    /// In words: `CycloneDX JSON 1.6 by syft 1.18.1, 12 components`.
    pub fn words(&self) -> String {
        let tools = self.tools.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
        let by = if tools.is_empty() { String::new() } else { format!(" by {tools}") };
        let plural = if self.components == 1 { "" } else { "s" };
        format!(
            "{} {}{by}, {} component{plural}",
            self.format.name(),
            self.spec_version,
            self.components
        )
    }
}
