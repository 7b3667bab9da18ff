//! The agreement with customers beside what licences make the vendor pass on, for people: Markdown
//! with one table a licence, whose rows are clauses.
//!
//! For the vendor's own use and no part of the bundle. Text from scanned files and from the
//! agreement is escaped everywhere.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::Reporter;
use super::index::Index;
use super::markdown::escape;
use super::place::part;
use crate::model::{
    AgreementReview, DutyReview, LicenseReview, Location, QuotedPassage, Report, RestrictionReview,
    RestrictionVerdict, WordingDemand,
};

/// Writes the agreement beside the restrictions as Markdown; format id `agreement`.
pub struct AgreementTable;

/// Verdicts in the order in which they are counted.
const VERDICTS: [RestrictionVerdict; 5] = [
    RestrictionVerdict::Verbatim,
    RestrictionVerdict::Equivalent,
    RestrictionVerdict::NotComparable,
    RestrictionVerdict::Weakened,
    RestrictionVerdict::Missing,
];

impl Reporter for AgreementTable {
    fn format(&self) -> &'static str {
        "agreement"
    }

    fn media_type(&self) -> &'static str {
        "text/markdown"
    }

    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(document(report).as_bytes())
    }
}

/// Writing to a String cannot fail, so results of `write!` are dropped in this file.
fn document(report: &Report) -> String {
    let index = Index::new(report);
    let title = report.product.as_ref().map_or(&report.source.name, |product| &product.name);
    let mut out = format!("# What the customer agreement passes on: {}\n\n", escape(title));
    out.push_str(
        "Each restriction beside the passages of the agreement. It states what texts say and how they \
         were compared; it is\nnot legal advice. A score is the share of what was compared that \
         stands there, no verdict.\n",
    );
    let Some(review) = &report.assessment.agreement else {
        out.push_str("\n`product.agreement` is not declared, so nothing was compared.\n");
        return out;
    };
    files(review, &mut out);
    if review.licenses.is_empty() {
        out.push_str("\nNo licence here makes the vendor pass restrictions on, as far as known.\n");
    }
    for license in &review.licenses {
        of_license(&index, license, &mut out);
    }
    out.push_str(LEGEND);
    out
}

const LEGEND: &str = "
## How to read the words

- verbatim: the licence's words stand there, as a prohibition. equivalent: the same acts and scope \
are prohibited in other
  words. not-comparable: something on the subject is prohibited, and the licence's words are not at \
hand. weakened: less is
  prohibited, and it says in which way. missing: nothing there prohibits it; a permission or mention \
does not count.
";

fn files(review: &AgreementReview, out: &mut String) {
    out.push_str("\n## Files\n\n");
    for file in &review.files {
        let _ = writeln!(out, "- {} ({})", escape(file.path.as_str()), file.sha256);
    }
    for reference in &review.dangling {
        let passage = &reference.passage;
        let _ = writeln!(
            out,
            "- **Refers to a list that no file holds**: {}: {}",
            lines(&passage.at),
            escape(&passage.text)
        );
    }
}

fn of_license(index: &Index<'_>, license: &LicenseReview, out: &mut String) {
    let _ = write!(out, "\n## {}\n\n", escape(index.spdx(&license.license)));
    let parts = license.artifacts.iter().map(|id| {
        index.artifact(id).map_or_else(|| escape(&id.0), |artifact| escape(&artifact.label()))
    });
    let _ = writeln!(out, "- Brought by: {}", parts.collect::<Vec<_>>().join(", "));
    let demand = match license.demand {
        WordingDemand::Themselves => "the restrictions themselves, at minimum",
        WordingDemand::Similar => "the restrictions, or similar ones that serve the same purpose",
    };
    let _ = writeln!(out, "- Clause {} asks for: {demand}", escape(&license.clause));
    if let Some(list) = &license.list {
        let _ = writeln!(out, "- List: {}", escape(list));
    }
    if let Some(applies_to) = &license.applies_to {
        let _ = writeln!(out, "- Where: {}", escape(applies_to));
    }
    let counts = VERDICTS.iter().map(|verdict| {
        let count = license.restrictions.iter().filter(|it| it.verdict == *verdict).count();
        format!("{count} {}", verdict.name())
    });
    let _ = writeln!(out, "- Restrictions: {}", counts.collect::<Vec<_>>().join(", "));
    out.push_str("\n| clause | licence | agreement | verdict | score | what differs |\n");
    out.push_str("|---|---|---|---|---|---|\n");
    for review in &license.restrictions {
        restriction(review, out);
    }
    if !license.duties.is_empty() {
        out.push_str("\n| duty | clause | agreement | verdict | why |\n|---|---|---|---|---|\n");
        for review in &license.duties {
            duty(review, out);
        }
    }
}

fn restriction(review: &RestrictionReview, out: &mut String) {
    let categories = escape(&review.restriction.categories.join(", "));
    let wording = match &review.wording {
        Some((text, at)) => {
            format!(
                "{categories}: “{}” ({}, {})",
                escape(text),
                escape(at.path.as_str()),
                lines(at)
            )
        }
        None => format!("{categories} (its words are not at hand)"),
    };
    let differences: Vec<String> = review
        .differences
        .iter()
        .map(|it| format!("{}: {}", it.weakening.name(), escape(&it.what)))
        .collect();
    let what =
        if differences.is_empty() { escape(&review.because) } else { differences.join("; ") };
    let score = review.passages.first().map_or(0, |passage| passage.score_permille);
    let _ = writeln!(
        out,
        "| {} | {wording} | {} | {} | {}.{:03} | {what} |",
        escape(&review.restriction.label),
        passages(&review.passages),
        review.verdict.name(),
        score / 1000,
        score % 1000
    );
}

fn duty(review: &DutyReview, out: &mut String) {
    let _ = writeln!(
        out,
        "| {} | {} | {} | {} | {} |",
        escape(&review.kind),
        escape(&review.clause),
        passages(&review.passages),
        review.verdict.name(),
        escape(&review.because)
    );
}

fn passages(passages: &[QuotedPassage]) -> String {
    let words = passages.iter().map(|passage| {
        let path = escape(passage.at.path.as_str());
        format!("“{}” ({path}, {})", escape(&passage.text), lines(&passage.at))
    });
    words.collect::<Vec<_>>().join("; ")
}

fn lines(at: &Location) -> String {
    at.span.as_ref().map_or_else(String::new, part)
}
