//! The vendor's agreement with its customers, which the settings name, and what of each licence's
//! restrictions and duties stands in it.

use std::ops::Range;

use super::{ArtifactId, LicenseKey, Location, UseRestriction, UserFile};

/// One file of the agreement with customers, cut into passages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Agreement {
    /// The file, as the settings name it.
    pub file: UserFile,
    /// Its passages, in text order.
    pub passages: Vec<Passage>,
}

impl Agreement {
    /// Where a passage stands.
    pub fn at(&self, passage: &Passage) -> Location {
        Location::user_file(&self.file).at_lines(passage.first_line, passage.last_line)
    }
}

/// A heading, a sentence, or an item of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Passage {
    /// Its visible words on one line, without list marker and markup.
    pub text: String,
    /// The line of the file in which it begins, from 1.
    pub first_line: u64,
    /// The line in which it ends, included.
    pub last_line: u64,
    /// Whether it is a heading.
    pub is_heading: bool,
    /// The passages that lead into it (`Customer must not:`), outermost first, by index.
    pub lead_ins: Vec<usize>,
    /// The heading above it.
    pub heading: Option<usize>,
    /// The paragraph or item that it belongs to: the indexes of its passages.
    pub block: Range<usize>,
}

/// A passage of the agreement, as evidence.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct QuotedPassage {
    /// Its words, with what leads into it.
    pub text: String,
    /// Where it stands.
    pub at: Location,
    /// How much of what was compared stands in it, in thousandths.
    pub score_permille: u16,
}

/// How far a restriction stands in the agreement.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RestrictionVerdict {
    /// It does not.
    Missing,
    /// Something of it stands there, and less than the licence says.
    Weakened,
    /// Something on the same subject stands there; the licence's wording is not at hand.
    NotComparable,
    /// The same acts and scope stand there, in other words.
    Equivalent,
    /// Its wording stands there, word for word.
    Verbatim,
}

impl RestrictionVerdict {
    /// The word used in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Weakened => "weakened",
            Self::NotComparable => "not-comparable",
            Self::Equivalent => "equivalent",
            Self::Verbatim => "verbatim",
        }
    }
}

/// In which way a passage says less than the licence.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weakening {
    /// A part of it is not there.
    ActDropped,
    /// An exception was added.
    ExceptionAdded,
    /// It reaches only some customers or some use.
    Limited,
    /// It holds only with an intent or knowledge that the licence does not ask for.
    MentalElementNarrowed,
    /// It stands in a file that no other file makes part of the agreement.
    NotIncorporated,
    /// The act is described more narrowly.
    ScopeNarrowed,
    /// It is a wish or an effort, not a prohibition.
    Softened,
}

impl Weakening {
    /// The word used in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ActDropped => "act-dropped",
            Self::ExceptionAdded => "exception-added",
            Self::Limited => "limited",
            Self::MentalElementNarrowed => "mental-element-narrowed",
            Self::NotIncorporated => "not-incorporated",
            Self::ScopeNarrowed => "scope-narrowed",
            Self::Softened => "softened",
        }
    }
}

/// One way in which a passage says less, with the words that show it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Difference {
    /// Which way.
    pub weakening: Weakening,
    /// The words, in ours where they are not quoted.
    pub what: String,
}

/// What a passage was compared with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ComparedWith {
    /// The fingerprint of the licence's wording.
    Fingerprint,
    /// The wording in a scanned text.
    Wording,
    /// Our own description of the restriction's categories.
    Description,
}

impl ComparedWith {
    /// The word used in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fingerprint => "fingerprint",
            Self::Wording => "wording",
            Self::Description => "description",
        }
    }
}

/// One restriction of a licence and what of it stands in the agreement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RestrictionReview {
    /// The restriction.
    pub restriction: UseRestriction,
    /// Its wording in a scanned text, and where.
    pub wording: Option<(String, Location)>,
    /// How far it stands in the agreement.
    pub verdict: RestrictionVerdict,
    /// What the passages were compared with.
    pub compared_with: ComparedWith,
    /// The nearest passages, in text order; empty when there is none.
    pub passages: Vec<QuotedPassage>,
    /// In which ways they say less; sorted.
    pub differences: Vec<Difference>,
    /// Why that verdict, in our words.
    pub because: String,
}

/// How far a duty stands in the agreement.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DutyVerdict {
    /// The agreement says the opposite.
    Contradicted,
    /// Nothing in the agreement says it.
    Missing,
    /// Its words do not decide it.
    Open,
    /// A passage says it.
    Stated,
}

impl DutyVerdict {
    /// The word used in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contradicted => "contradicted",
            Self::Missing => "missing",
            Self::Open => "open",
            Self::Stated => "stated",
        }
    }
}

/// One duty of a licence that an agreement can meet, and what of it stands there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct DutyReview {
    /// A kind of the vocabulary, for example `notify-recipients`.
    pub kind: String,
    /// Where the licence says so.
    pub clause: String,
    /// How far it stands in the agreement.
    pub verdict: DutyVerdict,
    /// The passages that say so; never empty for `Stated` and `Contradicted`.
    pub passages: Vec<QuotedPassage>,
    /// Why, in our words.
    pub because: String,
}

/// What a licence asks of the wording of its restrictions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum WordingDemand {
    /// The restrictions themselves, at minimum.
    Themselves,
    /// Restrictions that serve the same purpose are enough.
    Similar,
}

impl WordingDemand {
    /// The word used in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Themselves => "themselves",
            Self::Similar => "similar",
        }
    }
}

/// One licence whose restrictions must stand in the agreement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LicenseReview {
    /// Which licence.
    pub license: LicenseKey,
    /// The clause that asks for the restrictions.
    pub clause: String,
    /// Which list it means, as the record names it.
    pub list: Option<String>,
    /// Which agreements it means, as the record says.
    pub applies_to: Option<String>,
    /// What it asks of their wording.
    pub demand: WordingDemand,
    /// The artifacts that bring it, sorted.
    pub artifacts: Vec<ArtifactId>,
    /// Each restriction, in the order of the record.
    pub restrictions: Vec<RestrictionReview>,
    /// Each other duty that an agreement can meet, sorted.
    pub duties: Vec<DutyReview>,
}

/// The agreement refers to a list that none of the files named in the settings holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DanglingReference {
    /// The passage that refers to it.
    pub passage: QuotedPassage,
}

/// What of the restrictions and duties of all licences stands in the agreement with customers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AgreementReview {
    /// The files of the agreement, in the order of the settings.
    pub files: Vec<UserFile>,
    /// Each licence whose restrictions must be passed on, sorted by key.
    pub licenses: Vec<LicenseReview>,
    /// References to lists that are not there, in text order.
    pub dangling: Vec<DanglingReference>,
}

impl AgreementReview {
    /// What was found for one licence.
    pub fn license(&self, key: &LicenseKey) -> Option<&LicenseReview> {
        self.licenses.iter().find(|review| review.license == *key)
    }
}
