//! Passages of the customer agreement beside the restrictions of each licence.

use serde::Serialize;

use super::parts::Clause;
use super::places::Place;
use super::view::{LicenseLink, PartLinks, View};
use super::words::{Word, duty_verdict, restriction_verdict};
use crate::model::{
    DutyReview, LicenseReview, QuotedPassage, RestrictionReview, RestrictionVerdict, WordingDemand,
};

/// Verdicts in the order in which they are counted.
const VERDICTS: [RestrictionVerdict; 5] = [
    RestrictionVerdict::Missing,
    RestrictionVerdict::Weakened,
    RestrictionVerdict::NotComparable,
    RestrictionVerdict::Equivalent,
    RestrictionVerdict::Verbatim,
];

#[derive(Serialize)]
pub(super) struct Agreement<'a> {
    files: Vec<(&'a str, String)>,
    dangling: Vec<Passage<'a>>,
    licenses: Vec<License<'a>>,
}

#[derive(Serialize)]
struct License<'a> {
    license: LicenseLink,
    parts: PartLinks,
    clause: &'a str,
    demand: &'static str,
    list: Option<&'a str>,
    applies_to: Option<&'a str>,
    counts: Vec<(Word, usize)>,
    restrictions: Vec<Restriction<'a>>,
    duties: Vec<Duty<'a>>,
}

#[derive(Serialize)]
struct Restriction<'a> {
    clause: Clause<'a>,
    verdict: Word,
    compared_with: &'static str,
    passages: Vec<Passage<'a>>,
    differences: Vec<(&'static str, &'a str)>,
    because: &'a str,
}

#[derive(Serialize)]
struct Duty<'a> {
    kind: &'a str,
    clause: &'a str,
    verdict: Word,
    passages: Vec<Passage<'a>>,
    because: &'a str,
}

#[derive(Serialize)]
struct Passage<'a> {
    text: &'a str,
    place: Place,
    /// Share of what was compared that stands there, in per cent.
    score: u16,
}

impl<'a> Agreement<'a> {
    /// The review; `None` when no agreement is declared.
    pub(super) fn of(view: &View<'a>) -> Option<Self> {
        let review = view.report().assessment.agreement.as_ref()?;
        let files = review.files.iter().map(|it| (it.path.as_str(), it.sha256.to_string()));
        Some(Self {
            files: files.collect(),
            dangling: review.dangling.iter().map(|it| Passage::of(&it.passage)).collect(),
            licenses: review.licenses.iter().map(|it| License::of(view, it)).collect(),
        })
    }
}

impl<'a> License<'a> {
    fn of(view: &View<'a>, review: &'a LicenseReview) -> Self {
        let counts = VERDICTS.map(|verdict| {
            let count = review.restrictions.iter().filter(|it| it.verdict == verdict).count();
            (restriction_verdict(verdict), count)
        });
        Self {
            license: view.license(&review.license),
            parts: view.parts(&review.artifacts),
            clause: &review.clause,
            demand: match review.demand {
                WordingDemand::Themselves => "the restrictions themselves, at minimum",
                WordingDemand::Similar => {
                    "the restrictions, or similar ones that serve the same purpose"
                }
            },
            list: review.list.as_deref(),
            applies_to: review.applies_to.as_deref(),
            counts: counts.into_iter().filter(|(_, count)| *count > 0).collect(),
            restrictions: review.restrictions.iter().map(|it| Restriction::of(view, it)).collect(),
            duties: review.duties.iter().map(Duty::of).collect(),
        }
    }
}

impl<'a> Restriction<'a> {
    fn of(view: &View<'a>, review: &'a RestrictionReview) -> Self {
        let differences = review.differences.iter();
        Self {
            clause: Clause::of(view.report(), &review.restriction, review.wording.as_ref()),
            verdict: restriction_verdict(review.verdict),
            compared_with: review.compared_with.name(),
            passages: review.passages.iter().map(Passage::of).collect(),
            differences: differences.map(|it| (it.weakening.name(), it.what.as_str())).collect(),
            because: &review.because,
        }
    }
}

impl<'a> Duty<'a> {
    fn of(review: &'a DutyReview) -> Self {
        Self {
            kind: &review.kind,
            clause: &review.clause,
            verdict: duty_verdict(review.verdict),
            passages: review.passages.iter().map(Passage::of).collect(),
            because: &review.because,
        }
    }
}

impl<'a> Passage<'a> {
    fn of(passage: &'a QuotedPassage) -> Self {
        Self {
            text: &passage.text,
            place: Place::of(&passage.at),
            score: passage.score_permille / 10,
        }
    }
}
