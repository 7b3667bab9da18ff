//! What documents can say of a component, and which documents say it.

use std::collections::BTreeSet;

use super::{Silence, Which};
use crate::bom::{Bom, Component, Format};

/// What a difference is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Topic {
    /// The licence as the author declares it.
    Declared,
    /// The licence that somebody concluded.
    Concluded,
    /// Own and inherited terms together.
    Effective,
    /// Use restrictions.
    Restrictions,
    /// Obligations.
    Obligations,
    /// What it derives from.
    Ancestors,
    /// Its name, with the group.
    Name,
    /// What it is.
    Kind,
    /// Its version.
    Version,
    /// Its digests.
    Digests,
    /// Copyright statements.
    Copyright,
    /// Who supplies it.
    Supplier,
    /// Whether it is needed for development only.
    Scope,
}

impl Topic {
    /// Every topic, in the order of documents.
    pub const ALL: &'static [Self] = &[
        Self::Declared,
        Self::Concluded,
        Self::Effective,
        Self::Restrictions,
        Self::Obligations,
        Self::Ancestors,
        Self::Name,
        Self::Kind,
        Self::Version,
        Self::Digests,
        Self::Copyright,
        Self::Supplier,
        Self::Scope,
    ];

    /// The word in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Declared => "license-declared",
            Self::Concluded => "license-concluded",
            Self::Effective => "license-effective",
            Self::Restrictions => "restrictions",
            Self::Obligations => "obligations",
            Self::Ancestors => "ancestors",
            Self::Name => "name",
            Self::Kind => "kind",
            Self::Version => "version",
            Self::Digests => "digests",
            Self::Copyright => "copyright",
            Self::Supplier => "supplier",
            Self::Scope => "scope",
        }
    }

    /// The words for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Declared => "declared licence",
            Self::Concluded => "concluded licence",
            Self::Effective => "effective terms",
            Self::Restrictions => "use restrictions",
            Self::Obligations => "obligations",
            Self::Ancestors => "ancestors",
            Self::Name => "name",
            Self::Kind => "kind",
            Self::Version => "version",
            Self::Digests => "digests",
            Self::Copyright => "copyright",
            Self::Supplier => "supplier",
            Self::Scope => "scope",
        }
    }

    /// What `component` says about it.
    fn is_said_of(self, component: &Component) -> bool {
        match self {
            Self::Declared => !component.licenses.declared.is_empty(),
            Self::Concluded => !component.licenses.concluded.is_empty(),
            Self::Effective => component.licenses.effective.is_some(),
            Self::Restrictions => !component.restrictions.is_empty(),
            Self::Obligations => !component.obligations.is_empty(),
            Self::Ancestors => !component.ancestors.is_empty(),
            Self::Version => component.version.is_some(),
            Self::Digests => !component.hashes.is_empty(),
            Self::Copyright => !component.copyright.is_empty(),
            Self::Supplier => component.supplier.is_some(),
            Self::Scope => component.is_development_only,
            Self::Name | Self::Kind => true,
        }
    }
}

/// Whether a policy may care about a difference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// It is about what is owed or allowed.
    Policy,
    /// It is worth knowing.
    Note,
}

impl Weight {
    /// `policy` or `note`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Note => "note",
        }
    }
}

/// Whether `bom` mentions a topic for any component. Our own form always speaks of licences, terms
/// and lineage: there, absence is an answer.
pub(super) fn says(bom: &Bom, topic: Topic) -> bool {
    if bom.format == Format::Flowdown {
        return !matches!(topic, Topic::Copyright | Topic::Supplier)
            || bom.subject.iter().any(|subject| topic.is_said_of(subject));
    }
    bom.subject.iter().chain(&bom.components).any(|component| topic.is_said_of(component))
}

/// What one of the two never mentions and the other does. Between documents of one kind, made by the
/// same tools, nothing is silence: what is absent there could have been said.
pub(super) fn silences(old: &Bom, new: &Bom) -> Vec<Silence> {
    if old.format == new.format && makers(old) == makers(new) {
        return Vec::new();
    }
    let of = |topic: Topic| match (says(old, topic), says(new, topic)) {
        (true, false) => Some(Silence { side: Which::New, topic }),
        (false, true) => Some(Silence { side: Which::Old, topic }),
        _ => None,
    };
    Topic::ALL.iter().copied().filter_map(of).collect()
}

/// The names of the tools, without versions.
fn makers(bom: &Bom) -> BTreeSet<&str> {
    let name = |tool: &'_ String| -> usize { tool.rfind(' ').unwrap_or(tool.len()) };
    bom.tools.iter().map(|tool| &tool[..name(tool)]).collect()
}
