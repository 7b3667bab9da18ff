//! Relations between artifacts, above all lineage.

use super::{ArtifactId, Basis, Location, Purl, ResolverId};

/// How one artifact relates to another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RelationKind {
    /// Further trained from the target.
    FineTunedFrom,
    /// The target's weights in lower precision.
    QuantizedFrom,
    /// The target's weights in another file format.
    ConvertedFrom,
    /// Works only on top of the target.
    AdapterOf,
    /// One of several parents of a merge.
    MergedFrom,
    /// Trained on the target's outputs.
    DistilledFrom,
    /// Derived from the target in a way that nothing states.
    DerivedFrom,
    /// Trained on the target, a dataset.
    TrainedOn,
    /// Has the target as a part.
    Contains,
    /// Is described by the target, a document.
    DescribedBy,
}

impl RelationKind {
    /// The word used in documents and plugin messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FineTunedFrom => "fine-tuned-from",
            Self::QuantizedFrom => "quantized-from",
            Self::ConvertedFrom => "converted-from",
            Self::AdapterOf => "adapter-of",
            Self::MergedFrom => "merged-from",
            Self::DistilledFrom => "distilled-from",
            Self::DerivedFrom => "derived-from",
            Self::TrainedOn => "trained-on",
            Self::Contains => "contains",
            Self::DescribedBy => "described-by",
        }
    }

    /// Whether the target's terms may reach the artifact: the target is an ancestor of weights.
    pub const fn is_lineage(self) -> bool {
        !matches!(self, Self::TrainedOn | Self::Contains | Self::DescribedBy)
    }
}

/// The other end of a relation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RelationTarget {
    /// An artifact of this scan.
    Here(ArtifactId),
    /// Something outside the scan: the name as it was stated (`bigcode/starcoderbase-1b`, or a
    /// local path that could not be resolved) and its package URL, when there is one.
    Elsewhere {
        /// As it was stated.
        name: String,
        /// Its package URL.
        purl: Option<Purl>,
    },
}

/// `from` relates to `to`; a claim like any other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Relation {
    /// The derived artifact.
    pub from: ArtifactId,
    /// How.
    pub kind: RelationKind,
    /// What it derives from.
    pub to: RelationTarget,
    /// On which ground.
    pub basis: Basis,
    /// Where to look; never empty.
    pub evidence: Vec<Location>,
    /// Who says so.
    pub by: ResolverId,
}
