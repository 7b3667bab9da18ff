//! One restriction against the agreement: word for word, else by what passages prohibit.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Text;
use super::concept;
use super::data::{CONCEPTS, Concept};
use super::differences::Yardstick;
use super::reading::{Force, Reading};
use super::tokens::{Patterns, Token};
use super::verbatim::{self, Place};
use crate::model::{
    ComparedWith, Difference, Location, PhraseProfile, QuotedPassage, RestrictionReview,
    RestrictionVerdict, UseRestriction, Weakening,
};

/// Passages that are shown for one restriction.
const SHOWN: usize = 4;

/// Letters of a word that are compared, so that its endings do not count.
const STEM: usize = 5;

/// Reviews one restriction. `profile` is the fingerprint of its wording, `wording` the words in a
/// scanned text.
pub(super) fn review(
    text: &Text<'_>,
    restriction: UseRestriction,
    wording: Option<(String, Location)>,
    profile: Option<&PhraseProfile>,
) -> RestrictionReview {
    let words = wording.as_ref().map(|(words, _)| words.as_str());
    let yardstick = Yardstick::of(&restriction, words);
    let own = words.map(verbatim::profile);
    let literal = literally(text, &yardstick, profile.or(own.as_ref()));
    let outcome = match literal {
        Some(outcome) if outcome.verdict == RestrictionVerdict::Verbatim => outcome,
        literal => {
            let other = otherwise(text, &restriction, &yardstick);
            match literal {
                // The same words with an exception are nearer than other words on the subject.
                Some(literal) if literal.rank() >= other.rank() => literal,
                _ => other,
            }
        }
    };
    let Outcome { verdict, compared_with, passages, differences, because } = outcome;
    drop(yardstick);
    RestrictionReview {
        restriction,
        wording,
        verdict,
        compared_with,
        passages,
        differences: differences.into_iter().collect(),
        because,
    }
}

/// What was found for a restriction.
struct Outcome {
    verdict: RestrictionVerdict,
    compared_with: ComparedWith,
    passages: Vec<QuotedPassage>,
    differences: BTreeSet<Difference>,
    because: String,
}

impl Outcome {
    /// What is nearer to the licence is preferred.
    fn rank(&self) -> (RestrictionVerdict, std::cmp::Reverse<usize>) {
        (self.verdict, std::cmp::Reverse(self.differences.len()))
    }
}

/// Where the wording stands word for word; `None` when it does not.
fn literally(
    text: &Text<'_>,
    yardstick: &Yardstick<'_>,
    profile: Option<&PhraseProfile>,
) -> Option<Outcome> {
    let profile = profile?;
    let places = text.streams.iter().enumerate().flat_map(|(file, stream)| {
        stream.find(profile).into_iter().map(move |place| (file, place))
    });
    let outcomes = places.map(|(file, place)| of_place(text, yardstick, file, &place));
    outcomes.max_by_key(Outcome::rank)
}

fn of_place(text: &Text<'_>, yardstick: &Yardstick<'_>, file: usize, place: &Place) -> Outcome {
    let (before, behind) = place.around;
    let last = place.passages.end - 1;
    let mut differences = BTreeSet::new();
    let mut force = Force::Prohibits;
    let mut passages = Vec::new();
    for index in place.passages.clone() {
        let reading = text.reading(file, index);
        let begin = reading.own + if index == place.passages.start { before } else { 0 };
        let end = reading.tokens.len() - if index == last { behind } else { 0 };
        let hit = begin.min(end)..end.max(begin);
        if index == place.passages.start {
            force = reading.force(&hit);
        }
        differences.extend(yardstick.differences(text, reading, &hit, Some(&hit)));
        passages.push(text.quote(reading, 1000));
    }
    passages.truncate(SHOWN);
    let stands = matches!(force, Force::Prohibits | Force::Discourages);
    let (verdict, because) = if !stands {
        differences.clear();
        let what = if force == Force::Permits { "a permission" } else { "no prohibition" };
        let because = format!("its wording stands there word for word, in {what}");
        (RestrictionVerdict::Missing, because)
    } else if differences.is_empty() {
        let because = "its wording stands there word for word, as a prohibition".to_owned();
        (RestrictionVerdict::Verbatim, because)
    } else {
        let because = "its wording stands there word for word, and something takes from it";
        (RestrictionVerdict::Weakened, because.to_owned())
    };
    let compared_with = ComparedWith::Fingerprint;
    Outcome { verdict, compared_with, passages, differences, because }
}

/// A passage that is about a category.
struct Hit<'t, 'a> {
    reading: &'t Reading<'a>,
    force: Force,
    differences: BTreeSet<Difference>,
    /// How many words of the concept, or of the licence, stand in it.
    relevance: usize,
}

/// What other words on the same subject do.
fn otherwise(text: &Text<'_>, restriction: &UseRestriction, yardstick: &Yardstick<'_>) -> Outcome {
    let mut differences = BTreeSet::new();
    let mut chosen: Vec<&Reading<'_>> = Vec::new();
    let mut remarks: BTreeSet<String> = BTreeSet::new();
    let mut missing: Vec<&str> = Vec::new();
    for category in &restriction.categories {
        let Some(concept) = CONCEPTS.get(category) else {
            missing.push(category);
            continue;
        };
        let hits = hits(text, concept, yardstick);
        let demanded = yardstick.demanded(concept);
        let Some(used) = best(&hits, &demanded) else {
            missing.push(category);
            remarks.extend(hits.iter().filter_map(|hit| remark(text, hit)));
            continue;
        };
        for hit in &used {
            differences.extend(hit.differences.iter().cloned());
        }
        for (part, words) in demanded {
            if !used.iter().any(|hit| words.matches(&hit.reading.tokens)) {
                let what = format!("`{part}`");
                differences.insert(Difference { weakening: Weakening::ActDropped, what });
            }
        }
        for hit in hits.iter().filter(|hit| hit.force == Force::Permits) {
            let at = text.files[hit.reading.file].at(hit.reading.passage);
            let what = format!("another passage permits it: `{}`, {}", at.path, lines(hit.reading));
            differences.insert(Difference { weakening: Weakening::ExceptionAdded, what });
        }
        chosen.extend(used.iter().map(|hit| hit.reading));
    }
    chosen.sort_by_key(|reading| (reading.file, reading.index));
    chosen.dedup_by_key(|reading| (reading.file, reading.index));
    let score = yardstick.wording().map_or_else(
        || share(restriction.categories.len() - missing.len(), restriction.categories.len()),
        |wording| overlap(wording, &chosen),
    );
    if chosen.is_empty() {
        return absent(text, yardstick, remarks);
    }
    differences.extend(missing.iter().map(|category| Difference {
        weakening: Weakening::ActDropped,
        what: format!("`{category}`"),
    }));
    let passages = chosen.iter().take(SHOWN).map(|reading| text.quote(reading, score)).collect();
    let (verdict, because) = verdict(yardstick, &differences);
    Outcome { verdict, compared_with: compared(yardstick), passages, differences, because }
}

fn verdict(
    yardstick: &Yardstick<'_>,
    differences: &BTreeSet<Difference>,
) -> (RestrictionVerdict, String) {
    if !differences.is_empty() {
        let because = "what stands there on the subject says less".to_owned();
        return (RestrictionVerdict::Weakened, because);
    }
    if yardstick.wording().is_none() {
        let because = "the licence's wording is not at hand, so the passage was only compared with \
                       Flowdown's own description of the categories; a person must compare";
        return (RestrictionVerdict::NotComparable, because.to_owned());
    }
    (RestrictionVerdict::Equivalent, "the same acts are prohibited in other words".to_owned())
}

fn absent(text: &Text<'_>, yardstick: &Yardstick<'_>, remarks: BTreeSet<String>) -> Outcome {
    let remarks: Vec<String> = remarks.into_iter().take(SHOWN).collect();
    let because = match (remarks.is_empty(), text.files.len()) {
        (false, _) => format!("no passage prohibits it; {}", remarks.join("; ")),
        (true, 1) => "no passage of the agreement prohibits it".to_owned(),
        (true, count) => format!("no passage of the {count} files prohibits it"),
    };
    Outcome {
        verdict: RestrictionVerdict::Missing,
        compared_with: compared(yardstick),
        passages: Vec::new(),
        differences: BTreeSet::new(),
        because,
    }
}

fn compared(yardstick: &Yardstick<'_>) -> ComparedWith {
    match yardstick.wording() {
        Some(_) => ComparedWith::Wording,
        None => ComparedWith::Description,
    }
}

/// The passages about a concept, with what each does.
fn hits<'t, 'a>(
    text: &'t Text<'a>,
    concept: &Concept,
    yardstick: &Yardstick<'_>,
) -> Vec<Hit<'t, 'a>> {
    let readings = text.readings.iter().filter(|reading| !reading.passage.is_heading);
    readings
        .filter_map(|reading| {
            let at: Range<usize> = concept::find(concept, reading)?;
            let force = reading.force(&at);
            let differences = match force {
                Force::Prohibits | Force::Discourages => {
                    yardstick.differences(text, reading, &at, None)
                }
                Force::Permits | Force::Mentions => BTreeSet::new(),
            };
            let relevance = yardstick.wording().map_or_else(
                || share_of_concept(concept, reading),
                |wording| usize::from(overlap(wording, &[reading])),
            );
            Some(Hit { reading, force, differences, relevance })
        })
        .collect()
}

/// How many of a concept's lists and parts stand in a passage.
fn share_of_concept(concept: &Concept, reading: &Reading<'_>) -> usize {
    let parts = concept.parts.values().filter(|words| words.matches(&reading.tokens)).count();
    concept.needs.len() + parts
}

/// Of the passages that prohibit, those that are about nothing else, and of these those that say no
/// less, with the ones that hold parts that they have not; where every one says less, the one that
/// says least less.
fn best<'h, 't, 'a>(
    hits: &'h [Hit<'t, 'a>],
    demanded: &[(&str, &Patterns)],
) -> Option<Vec<&'h Hit<'t, 'a>>> {
    let prohibits = |hit: &&Hit<'t, 'a>| matches!(hit.force, Force::Prohibits | Force::Discourages);
    let all: Vec<&Hit<'t, 'a>> = hits.iter().filter(prohibits).collect();
    let most = all.iter().map(|hit| hit.relevance).max()?;
    let near = all.iter().copied().filter(|hit| 4 * hit.relevance >= 3 * most);
    let (mut used, less): (Vec<_>, Vec<_>) = near.partition(|hit| hit.differences.is_empty());
    if used.is_empty() {
        return less.into_iter().min_by_key(|hit| hit.differences.len()).map(|hit| vec![hit]);
    }
    let whole = all.iter().copied().filter(|hit| hit.differences.is_empty());
    for (_, words) in demanded {
        let holds = |hit: &&Hit<'t, 'a>| words.matches(&hit.reading.tokens);
        if !used.iter().any(&holds) {
            used.extend(whole.clone().find(holds));
        }
    }
    Some(used)
}

/// That a passage names the subject without prohibiting it.
fn remark(text: &Text<'_>, hit: &Hit<'_, '_>) -> Option<String> {
    let does = match hit.force {
        Force::Permits => "permits it",
        Force::Mentions => "names the subject and prohibits nothing",
        Force::Prohibits | Force::Discourages => return None,
    };
    let path = &text.files[hit.reading.file].file.path;
    Some(format!("`{path}`, {}, {does}", lines(hit.reading)))
}

fn lines(reading: &Reading<'_>) -> String {
    let passage = reading.passage;
    if passage.first_line == passage.last_line {
        format!("line {}", passage.first_line)
    } else {
        format!("lines {}-{}", passage.first_line, passage.last_line)
    }
}

/// How many of the licence's words that carry meaning stand in the passages, in thousandths.
fn overlap(wording: &[Token], chosen: &[&Reading<'_>]) -> u16 {
    let stems = |tokens: &[Token]| -> BTreeSet<String> {
        let long = tokens.iter().filter(|token| token.word.chars().count() > 3);
        long.map(|token| token.word.chars().take(STEM).collect()).collect()
    };
    let wanted = stems(wording);
    let found: BTreeSet<String> =
        chosen.iter().flat_map(|reading| stems(&reading.tokens)).collect();
    share(wanted.intersection(&found).count(), wanted.len())
}

fn share(part: usize, whole: usize) -> u16 {
    u16::try_from(1000 * part / whole.max(1)).unwrap_or(1000)
}
