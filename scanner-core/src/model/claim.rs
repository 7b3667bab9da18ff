//! Claims: what somebody says, on which ground, and where to look.

use std::fmt;

use super::Location;

/// The ground of a claim, weakest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Basis {
    /// From an ancestor in the lineage.
    Inherited,
    /// From the catalogue of known models.
    Catalogue,
    /// The author says so: a tag, a manifest field.
    Declared,
    /// A text was recognised.
    Detected,
    /// Weights were recognised.
    Identified,
    /// Declaration and text agree.
    Concluded,
}

impl Basis {
    /// The word used in documents: `declared`, `detected`, …
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inherited => "inherited",
            Self::Catalogue => "catalogue",
            Self::Declared => "declared",
            Self::Detected => "detected",
            Self::Identified => "identified",
            Self::Concluded => "concluded",
        }
    }
}

/// Who made a claim: the id of a plugin, or `core`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ResolverId(pub String);

impl fmt::Display for ResolverId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Somebody says `value`, on a ground, with evidence. A claim never overwrites another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claim<T> {
    /// What is claimed.
    pub value: T,
    /// On which ground.
    pub basis: Basis,
    /// Where to look; never empty.
    pub evidence: Vec<Location>,
    /// Who says so; stamped by the host.
    pub by: ResolverId,
}
