//! The bundle of licences that every customer receives.

use super::{
    ArtifactId, AssessedObligation, Basis, Conveyance, Digest, LicenseKey, Location, SourcePath,
    UseRestriction,
};

/// Where a licence text of the bundle comes from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TextOrigin {
    /// As it came with the artifact.
    Artifact {
        /// The file it came in.
        path: SourcePath,
    },
    /// From the SPDX License List.
    SpdxList,
}

/// A licence text of the bundle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BundleText {
    /// Where it comes from.
    pub origin: TextOrigin,
    /// SHA-256 of `bytes`.
    pub sha256: Digest,
    /// The text, byte for byte.
    pub bytes: std::sync::Arc<[u8]>,
}

/// Something the bundle should hold and does not.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct BundleGap {
    /// What is absent and why, in our words.
    pub what: String,
    /// What would fill it.
    pub fix: String,
}

/// One licence in the bundle, by one grantor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BundleEntry {
    /// Which licence; `None` when the artifact's licence is unknown.
    pub license: Option<LicenseKey>,
    /// SPDX id or `LicenseRef-…`; `NOASSERTION` when unknown.
    pub spdx: String,
    /// Its title.
    pub name: String,
    /// The strongest ground on which it applies to any of the artifacts.
    pub basis: Basis,
    /// How rights reach the customer; `None` when the terms are not recorded.
    pub conveyance: Option<Conveyance>,
    /// Who grants it to the customer: the licensor, or the vendor who must relicense.
    pub grantor: Option<String>,
    /// The artifacts it covers, sorted.
    pub covers: Vec<ArtifactId>,
    /// Its texts; several when artifacts came with different ones.
    pub texts: Vec<BundleText>,
    /// Notice files that travel along, each kept apart.
    pub notices: Vec<BundleText>,
    /// Restrictions that must flow down, with the verbatim wording where a text is at hand.
    pub restrictions: Vec<(UseRestriction, Option<(String, Location)>)>,
    /// What is owed to somebody because of it.
    pub obligations: Vec<(ArtifactId, AssessedObligation)>,
    /// What is absent.
    pub gaps: Vec<BundleGap>,
}

/// What every customer of one product receives: the vendor's own licence plus one per component.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LicenseBundle {
    /// The product's name.
    pub product: String,
    /// The vendor's own licence for the product, as declared in the settings.
    pub product_license: Option<String>,
    /// One entry per licence and grantor, sorted by SPDX id.
    pub entries: Vec<BundleEntry>,
}
