//! Duties beside the restrictions that the text of an agreement can meet.
//!
//! A passage states a duty when of each list of words (`duties.toml`) something stands in it and no
//! word takes it back. What words cannot decide stays open.

use std::sync::LazyLock;

use super::Text;
use super::reading::{Force, Reading};
use super::tokens::{Patterns, tokens};
use crate::model::{
    DutyReview, DutyVerdict, LicenseTerms, Obligation, RestrictionReview, RestrictionVerdict,
    Weakening,
};

/// Passages that are shown for one duty.
const SHOWN: usize = 3;

/// A duty, as the file describes it.
struct Description {
    kind: String,
    needs: Vec<Patterns>,
    opposite: Patterns,
    says: String,
    names_licensor: bool,
}

static DUTIES: LazyLock<Vec<Description>> = LazyLock::new(|| {
    let file: toml::Table =
        include_str!("duties.toml").parse().expect("a test reads the file of duties");
    let words = |words: &toml::Value| {
        let words = words.as_array().expect("words are a list");
        Patterns::new(words.iter().map(|word| word.as_str().expect("a word is text")))
    };
    let describe = |table: &toml::Value| Description {
        kind: table["kind"].as_str().expect("a kind is text").to_owned(),
        needs: table["needs"].as_array().expect("needs are lists").iter().map(words).collect(),
        opposite: table.get("opposite").map(words).unwrap_or_default(),
        says: table["says"].as_str().expect("what it says is text").to_owned(),
        names_licensor: table.get("names_licensor").is_some(),
    };
    file["duty"].as_array().expect("duties are tables").iter().map(describe).collect()
});

/// Whose own words cannot be told from the terms: other clauses may conflict in any way.
const CONFLICT: &str = "no-conflicting-terms";

/// Reviews every duty of `terms` that an agreement can meet; sorted.
pub(super) fn review(
    text: &Text<'_>,
    terms: &LicenseTerms,
    restrictions: &[RestrictionReview],
) -> Vec<DutyReview> {
    let mut found: Vec<DutyReview> = terms
        .obligations
        .iter()
        .filter_map(|obligation| {
            if obligation.kind == CONFLICT {
                return Some(conflict(obligation, restrictions));
            }
            let description = DUTIES.iter().find(|duty| duty.kind == obligation.kind)?;
            Some(of_text(text, description, obligation, terms))
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

fn of_text(
    text: &Text<'_>,
    duty: &Description,
    obligation: &Obligation,
    terms: &LicenseTerms,
) -> DutyReview {
    let passages =
        || text.readings.iter().filter(|it| !it.passage.is_heading && incorporated(text, it));
    let quote = |found: Vec<&Reading<'_>>| {
        found.into_iter().take(SHOWN).map(|it| text.quote(it, 1000)).collect()
    };
    let against: Vec<_> = passages().filter(|it| duty.opposite.matches(&it.tokens)).collect();
    let stated: Vec<_> =
        passages().filter(|it| states(duty, it) && !duty.opposite.matches(&it.tokens)).collect();
    let licensor = terms.licensor.as_deref().unwrap_or("the licensor");
    let names = |reading: &&Reading<'_>| !duty.names_licensor || names(licensor, reading);
    let named: Vec<_> = stated.iter().copied().filter(names).collect();
    let (verdict, passages, because) = if !named.is_empty() {
        (DutyVerdict::Stated, quote(named), format!("a passage {}", duty.says))
    } else if !stated.is_empty() {
        let because = format!("a passage {}, and does not name `{licensor}`", duty.says);
        (DutyVerdict::Open, quote(stated), because)
    } else if !against.is_empty() {
        let because = "a passage says the opposite".to_owned();
        (DutyVerdict::Contradicted, quote(against), because)
    } else {
        (DutyVerdict::Missing, Vec::new(), format!("no passage {}", duty.says))
    };
    DutyReview {
        kind: obligation.kind.clone(),
        clause: obligation.clause.clone(),
        verdict,
        passages,
        because,
    }
}

fn incorporated(text: &Text<'_>, reading: &Reading<'_>) -> bool {
    text.references.incorporates(reading.file)
}

fn states(duty: &Description, reading: &Reading<'_>) -> bool {
    let Some(first) = duty.needs.iter().find_map(|need| need.find(reading.own_tokens())) else {
        return false;
    };
    let first = reading.own + first.start..reading.own + first.end;
    let before = &reading.tokens[first.start.saturating_sub(3)..first.start];
    let is_negated = before.iter().any(|it| ["not", "never", "no", "nor"].contains(&&*it.word));
    duty.needs.iter().all(|need| need.matches(&reading.tokens))
        && !is_negated
        && !negates(duty, reading)
        && reading.force(&first) != Force::Discourages
}

/// Whether what the duty asks for is denied: `is not subject to`.
fn negates(duty: &Description, reading: &Reading<'_>) -> bool {
    duty.needs.iter().flat_map(|need| need.all(&reading.tokens)).any(|at| {
        let before = at.start.checked_sub(1).map(|before| reading.tokens[before].word.as_str());
        before == Some("not") && !reading.tokens[at.start].follows_break
    })
}

/// Whether a passage names the licensor: by the first word of its name, or as the licensor.
fn names(licensor: &str, reading: &Reading<'_>) -> bool {
    let name = tokens(licensor).into_iter().next();
    reading.tokens.iter().any(|token| {
        token.word.starts_with("licensor") || name.as_ref().is_some_and(|it| it.word == token.word)
    })
}

/// Terms that permit what the licence forbids conflict with it; whether others do, words alone do
/// not show.
fn conflict(obligation: &Obligation, restrictions: &[RestrictionReview]) -> DutyReview {
    let against = restrictions.iter().find(|review| {
        let adds = |weakening| weakening == Weakening::ExceptionAdded;
        review.verdict == RestrictionVerdict::Weakened
            && review.differences.iter().any(|difference| adds(difference.weakening))
    });
    let (verdict, passages, because) = match against {
        Some(review) => (
            DutyVerdict::Contradicted,
            review.passages.clone(),
            format!(
                "the agreement makes an exception to restriction `{}`",
                review.restriction.label
            ),
        ),
        None => (
            DutyVerdict::Open,
            Vec::new(),
            "whether other terms of the agreement conflict, a person must read".to_owned(),
        ),
    };
    DutyReview {
        kind: obligation.kind.clone(),
        clause: obligation.clause.clone(),
        verdict,
        passages,
        because,
    }
}

#[cfg(test)]
mod tests {
    use super::DUTIES;

    #[test]
    fn kinds_are_of_the_vocabulary() {
        let vocabulary: toml::Table =
            include_str!("../../../../plugins/sdk/vocab/obligations.toml").parse().unwrap();
        let kinds = vocabulary["obligation_kind"].as_array().unwrap();
        let known: Vec<&str> = kinds.iter().map(|kind| kind["id"].as_str().unwrap()).collect();
        let described: Vec<&str> = DUTIES.iter().map(|duty| duty.kind.as_str()).collect();
        assert!(described.is_sorted());
        assert!(described.iter().all(|kind| known.contains(kind)));
    }
}
