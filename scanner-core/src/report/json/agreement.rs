//! What of each licence's restrictions and duties stands in the agreement with customers.

use schemars::JsonSchema;
use serde::Serialize;

use super::evidence::Location;
use crate::model;

/// A file of the agreement.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct File<'a> {
    /// As the settings name it.
    path: &'a str,
    /// SHA-256 of its bytes.
    sha256: String,
}

/// The review of an agreement.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AgreementReview<'a> {
    /// Its files, in the order of the settings.
    files: Vec<File<'a>>,
    /// Each licence whose restrictions must be passed on, sorted by key.
    licenses: Vec<LicenseReview<'a>>,
    /// Passages that refer to a list which no file holds.
    dangling_references: Vec<Passage<'a>>,
}

/// One licence whose restrictions must stand in the agreement.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LicenseReview<'a> {
    /// Which licence.
    license: &'a str,
    /// The clause that asks for the restrictions.
    clause: &'a str,
    /// Which list it means.
    #[serde(skip_serializing_if = "Option::is_none")]
    list: Option<&'a str>,
    /// Which agreements it means.
    #[serde(skip_serializing_if = "Option::is_none")]
    applies_to: Option<&'a str>,
    /// `themselves`: the restrictions, at minimum; `similar`: such as serve the same purpose.
    demand: &'static str,
    /// Ids of the artifacts that bring it, sorted.
    artifacts: Vec<&'a str>,
    /// Each restriction, in the order of the record.
    restrictions: Vec<RestrictionReview<'a>>,
    /// Each other duty that an agreement can meet, sorted.
    duties: Vec<DutyReview<'a>>,
}

/// One restriction and what of it stands in the agreement.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RestrictionReview<'a> {
    /// The clause label.
    label: &'a str,
    /// Categories of the vocabulary.
    categories: &'a [String],
    /// `verbatim`, `equivalent`, `not-comparable`, `weakened` or `missing`.
    verdict: &'static str,
    /// `fingerprint`, `wording` or `description`.
    compared_with: &'static str,
    /// The licence's words in a scanned text.
    #[serde(skip_serializing_if = "Option::is_none")]
    wording: Option<Wording<'a>>,
    /// The nearest passages.
    passages: Vec<Passage<'a>>,
    /// In which ways they say less.
    differences: Vec<Difference<'a>>,
    /// Why that verdict.
    because: &'a str,
}

/// Words of a scanned text.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wording<'a> {
    /// The words.
    text: &'a str,
    /// Where they stand.
    at: Location<'a>,
}

/// A passage of the agreement.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Passage<'a> {
    /// Its words, with what leads into it.
    text: &'a str,
    /// Where it stands.
    at: Location<'a>,
    /// How much of what was compared stands in it, in thousandths; evidence, no verdict.
    score_permille: u16,
}

/// One way in which passages say less than the licence.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Difference<'a> {
    /// `act-dropped`, `exception-added`, `limited`, `mental-element-narrowed`, `not-incorporated`,
    /// `scope-narrowed` or `softened`.
    kind: &'static str,
    /// The words that show it.
    what: &'a str,
}

/// One duty and what of it stands in the agreement.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DutyReview<'a> {
    /// A kind of the vocabulary.
    kind: &'a str,
    /// Where the licence says so.
    clause: &'a str,
    /// `stated`, `open`, `missing` or `contradicted`.
    verdict: &'static str,
    /// The passages that say so.
    passages: Vec<Passage<'a>>,
    /// Why.
    because: &'a str,
}

impl<'a> File<'a> {
    pub(super) fn of(file: &'a model::UserFile) -> Self {
        Self { path: file.path.as_str(), sha256: file.sha256.to_string() }
    }
}

impl<'a> AgreementReview<'a> {
    pub(super) fn of(review: &'a model::AgreementReview) -> Self {
        Self {
            files: review.files.iter().map(File::of).collect(),
            licenses: review.licenses.iter().map(LicenseReview::of).collect(),
            dangling_references: review
                .dangling
                .iter()
                .map(|reference| Passage::of(&reference.passage))
                .collect(),
        }
    }
}

impl<'a> LicenseReview<'a> {
    fn of(review: &'a model::LicenseReview) -> Self {
        Self {
            license: &review.license.0,
            clause: &review.clause,
            list: review.list.as_deref(),
            applies_to: review.applies_to.as_deref(),
            demand: review.demand.name(),
            artifacts: review.artifacts.iter().map(|id| id.0.as_str()).collect(),
            restrictions: review.restrictions.iter().map(RestrictionReview::of).collect(),
            duties: review.duties.iter().map(DutyReview::of).collect(),
        }
    }
}

impl<'a> RestrictionReview<'a> {
    fn of(review: &'a model::RestrictionReview) -> Self {
        let differences = review.differences.iter().map(|difference| Difference {
            kind: difference.weakening.name(),
            what: &difference.what,
        });
        Self {
            label: &review.restriction.label,
            categories: &review.restriction.categories,
            verdict: review.verdict.name(),
            compared_with: review.compared_with.name(),
            wording: review
                .wording
                .as_ref()
                .map(|(text, at)| Wording { text, at: Location::of(at) }),
            passages: review.passages.iter().map(Passage::of).collect(),
            differences: differences.collect(),
            because: &review.because,
        }
    }
}

impl<'a> DutyReview<'a> {
    fn of(review: &'a model::DutyReview) -> Self {
        Self {
            kind: &review.kind,
            clause: &review.clause,
            verdict: review.verdict.name(),
            passages: review.passages.iter().map(Passage::of).collect(),
            because: &review.because,
        }
    }
}

impl<'a> Passage<'a> {
    fn of(passage: &'a model::QuotedPassage) -> Self {
        Self {
            text: &passage.text,
            at: Location::of(&passage.at),
            score_permille: passage.score_permille,
        }
    }
}
