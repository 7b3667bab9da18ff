//! What follows from the inventory: licences, effective terms, obligations, findings.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    AgreementReview, ArtifactId, Basis, Finding, LicenseBundle, LicenseConclusion, LicenseFlow,
    LicenseKey, Location, Obligation, RelationKind, Threshold,
};

/// Whether an obligation has been met, as far as files and declarations show.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ObligationStatus {
    /// Evidence contradicts it.
    Contradicted,
    /// It is owed, and what would show it is absent.
    Missing,
    /// Only the vendor can say, and has not said.
    NeedsDeclaration,
    /// Nothing in a product can show it.
    NotEvidencable,
    /// Evidence shows it.
    Satisfied,
}

impl ObligationStatus {
    /// The word used in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contradicted => "contradicted",
            Self::Missing => "missing",
            Self::NeedsDeclaration => "needs-declaration",
            Self::NotEvidencable => "not-evidencable",
            Self::Satisfied => "satisfied",
        }
    }
}

/// Whether what triggers an obligation happens in this product.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Dormancy {
    /// It happens, or nobody said that it does not.
    Active,
    /// The product's declaration says that it does not happen.
    Dormant,
}

/// An obligation of one licence on one artifact, with its status.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct AssessedObligation {
    /// Which licence.
    pub license: LicenseKey,
    /// What is owed.
    pub obligation: Obligation,
    /// Whether its trigger happens.
    pub dormancy: Dormancy,
    /// Whether it has been met.
    pub status: ObligationStatus,
    /// Why that status, in our words.
    pub because: String,
    /// Where to look; empty only when there is nothing to look at.
    pub evidence: Vec<Location>,
}

/// A licence that applies to an artifact, and why.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct AppliedLicense {
    /// Which licence.
    pub key: LicenseKey,
    /// The strongest ground. `Declared` means: as declared, no text was found.
    pub basis: Basis,
    /// The ancestor it comes from; `None` for the artifact's own.
    pub from_ancestor: Option<String>,
    /// How the artifact relates to that ancestor.
    pub relation: Option<RelationKind>,
    /// The other licences the same statement can mean; empty when it is decided.
    pub alternatives: Vec<LicenseKey>,
    /// Where to look; never empty.
    pub evidence: Vec<Location>,
}

/// An ancestor whose licence nobody knows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct UnknownAncestor {
    /// Its name as stated.
    pub name: String,
    /// How the artifact relates to it.
    pub relation: RelationKind,
    /// Where that is stated.
    pub evidence: Vec<Location>,
}

/// A licence that does not permit every use.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct UseLimit {
    /// Which licence.
    pub license: LicenseKey,
    /// What it permits: `non-commercial`, …
    pub permitted_use: String,
}

/// A threshold that applies, and whose it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EffectiveThreshold {
    /// Which licence.
    pub license: LicenseKey,
    /// The threshold.
    pub threshold: Threshold,
}

/// Own terms and every ancestor's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EffectiveTerms {
    /// The SPDX expression of all of them joined; `None` is NOASSERTION.
    pub expression: Option<String>,
    /// Every licence that applies, own first, then by ancestor.
    pub licenses: Vec<AppliedLicense>,
    /// Ancestors whose licence nobody knows; not empty means NOASSERTION.
    pub unknown_ancestors: Vec<UnknownAncestor>,
    /// Licences of models that this one was trained on outputs of, whose definition of a derivative
    /// leaves such models out.
    pub not_reached: Vec<AppliedLicense>,
    /// Every limit on the permitted use; all of them apply. Empty when every use is permitted, as
    /// far as known.
    pub use_limits: Vec<UseLimit>,
    /// For each metric the lowest threshold of any licence.
    pub thresholds: Vec<EffectiveThreshold>,
    /// Every category that any of the licences restricts.
    pub restricted_categories: BTreeSet<String>,
    /// Why, in our words.
    pub because: String,
}

/// What follows for one artifact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ArtifactAssessment {
    /// Its own licence.
    pub conclusion: LicenseConclusion,
    /// Own and inherited terms.
    pub effective: EffectiveTerms,
    /// What is owed, sorted by licence, kind, clause.
    pub obligations: Vec<AssessedObligation>,
}

/// What follows from an inventory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assessment {
    /// One for each artifact of the inventory.
    pub artifacts: BTreeMap<ArtifactId, ArtifactAssessment>,
    /// Sorted by severity (worst first), artifact, rule.
    pub findings: Vec<Finding>,
    /// What every customer of the product receives.
    pub bundle: LicenseBundle,
    /// Who holds which licence from whom, and who can enforce what.
    pub flow: LicenseFlow,
    /// What of all that stands in the agreement with customers; `None` when none is declared.
    pub agreement: Option<AgreementReview>,
}
