//! What is said about a licence, and what follows from it for one artifact.

use std::fmt;

use super::{Digest, Location, SourcePath};

/// The key of a licence: a catalogue key (`bigcode-openrail-m-v1`), or the SPDX id of a listed
/// licence that has no record (`BSD-3-Clause`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LicenseKey(pub String);

impl fmt::Display for LicenseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How closely a text is the known one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Recognition {
    /// Nearest is this family; the text itself is not known.
    Family,
    /// This licence with changes, which are listed.
    Variant,
    /// Word for word this text.
    Exact,
}

impl Recognition {
    /// `family`, `variant` or `exact`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Family => "family",
            Self::Variant => "variant",
            Self::Exact => "exact",
        }
    }
}

/// What a recognised text is.
pub type TextMatchKind = super::ProfileKind;

/// A known text found in a captured one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextMatch {
    /// The file.
    pub path: SourcePath,
    /// SHA-256 of that file.
    pub sha256: Digest,
    /// Which licence or policy.
    pub key: LicenseKey,
    /// What kind of text that is.
    pub kind: TextMatchKind,
    /// How closely.
    pub recognition: Recognition,
    /// Shared 4-grams over the union of both, in thousandths.
    pub resemblance_permille: u16,
    /// Share of the known text's 4-grams that stand here, in thousandths.
    pub containment_permille: u16,
    /// The lines that hold it.
    pub at: Location,
    /// What differs from the known text, in our words; empty for an exact match.
    pub differs: Vec<String>,
    /// Where each restriction's wording stands, for those found verbatim: label and lines.
    pub clauses: Vec<(String, Location)>,
}

/// What somebody says the licence is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LicenseStatement {
    /// The words that were read: a tag, an SPDX expression, a manifest field.
    pub stated: Option<String>,
    /// The licences it can mean; one is decided, several are undecided, none is unknown. When
    /// `expression` joins several licences, these are its atoms and all of them are meant.
    pub candidates: Vec<LicenseKey>,
    /// The SPDX expression, when the statement is one or decides on one.
    pub expression: Option<String>,
    /// For a recognised text: how closely.
    pub recognition: Option<Recognition>,
}

/// How far the licence of one artifact is settled.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LicenseStatus {
    /// Nothing is said.
    Unknown,
    /// Statements contradict each other.
    Contradicted,
    /// A tag or field says so; no text was found.
    Declared,
    /// A text was recognised; no tag says the same.
    Detected,
    /// Declaration and text agree.
    Concluded,
}

impl LicenseStatus {
    /// The word used in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Contradicted => "contradicted",
            Self::Declared => "declared",
            Self::Detected => "detected",
            Self::Concluded => "concluded",
        }
    }
}

/// The licence of one artifact, as far as it is settled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LicenseConclusion {
    /// How far.
    pub status: LicenseStatus,
    /// The SPDX expression of the licence: concluded, else detected, else declared when it has
    /// exactly one reading; `None` is NOASSERTION.
    pub expression: Option<String>,
    /// The expression that was declared, when the declaration has exactly one reading.
    pub declared: Option<String>,
    /// Why: one sentence that names the statements, in our words.
    pub because: String,
}
