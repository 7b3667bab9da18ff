//! In which ways a passage that prohibits says less than the licence.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Text;
use super::concept::{self, Exception, MentalWords};
use super::data::{CUES, Concept};
use super::reading::{Force, Reading};
use super::tokens::{Patterns, Token, tokens, words};
use crate::model::{Difference, Mental, UseRestriction, Weakening};

/// What the licence itself has, with which a passage is compared.
pub(super) struct Yardstick<'a> {
    restriction: &'a UseRestriction,
    /// The words of the licence, where they are at hand.
    wording: Option<Vec<Token>>,
    /// Kinds of exception that the licence has.
    exceptions: BTreeSet<String>,
    mental: MentalWords,
}

impl<'a> Yardstick<'a> {
    pub(super) fn of(restriction: &'a UseRestriction, wording: Option<&str>) -> Self {
        let wording = wording.map(tokens);
        let mut exceptions: BTreeSet<String> = restriction.exceptions.iter().cloned().collect();
        let words = wording.as_deref().unwrap_or_default();
        let own = concept::exceptions(words, &Patterns::default());
        exceptions.extend(own.into_iter().flat_map(|exception| exception.kinds));
        Self { restriction, mental: MentalWords::of(words), exceptions, wording }
    }

    pub(super) fn wording(&self) -> Option<&[Token]> {
        self.wording.as_deref()
    }

    /// The parts of a concept that the licence lists.
    pub(super) fn demanded<'b>(&'b self, concept: &'b Concept) -> Vec<(&'b str, &'b Patterns)> {
        let Some(wording) = &self.wording else { return Vec::new() };
        let parts = concept.parts.iter().filter(|(_, words)| words.matches(wording));
        parts.map(|(name, words)| (name.as_str(), words)).collect()
    }

    /// What makes the prohibition at `hit` in `reading` weaker. `verbatim` words are the licence's
    /// own and make nothing weaker.
    pub(super) fn differences(
        &self,
        text: &Text<'_>,
        reading: &Reading<'_>,
        hit: &Range<usize>,
        verbatim: Option<&Range<usize>>,
    ) -> BTreeSet<Difference> {
        let mut found = BTreeSet::new();
        let mut add = |weakening, what: String| {
            found.insert(Difference { weakening, what });
        };
        if reading.force(hit) == Force::Discourages {
            let words = CUES.list("cues", "soft").find(&reading.tokens);
            let what = words.map_or_else(String::new, |at| self::words(&reading.tokens[at]));
            add(Weakening::Softened, format!("`{what}`"));
        }
        let tokens = outside(&reading.tokens, verbatim);
        for exception in self.added_exceptions(text, &tokens, hit, verbatim) {
            add(Weakening::ExceptionAdded, format!("`{}`", exception.words));
        }
        if let Some(words) = reading.permission_behind(hit) {
            add(Weakening::ExceptionAdded, format!("`{words}`"));
        }
        for words in text.carve_outs.on(reading) {
            add(Weakening::Limited, format!("`{words}`"));
        }
        if let Some(at) = CUES.list("limited", "words").find(&tokens) {
            add(Weakening::Limited, format!("`{}`", words(&tokens[at])));
        }
        let own = outside(reading.own_tokens(), verbatim.map(|at| own_range(reading, at)).as_ref());
        if let Some(what) = self.narrowed_mental(reading, &own, verbatim) {
            add(Weakening::MentalElementNarrowed, what);
        }
        if let Some(words) = self.narrowed_scope(reading, &own, hit) {
            add(Weakening::ScopeNarrowed, format!("`{words}`"));
        }
        if !text.references.incorporates(reading.file) {
            let first = &text.files[0].file.path;
            let other = &text.files[reading.file].file.path;
            let what = format!("nothing in `{first}` makes `{other}` part of the agreement");
            add(Weakening::NotIncorporated, what);
        }
        found
    }

    fn added_exceptions(
        &self,
        text: &Text<'_>,
        tokens: &[Token],
        hit: &Range<usize>,
        verbatim: Option<&Range<usize>>,
    ) -> Vec<Exception> {
        let mut exceptions = concept::exceptions(tokens, &text.supplier);
        exceptions.retain(|exception| {
            // `without human involvement` is what makes a decision automatic, no exception.
            let is_inside = verbatim.is_none()
                && exception.at.0 >= hit.start
                && exception.at.0 < hit.end
                && tokens[exception.at.0].word == "without";
            let is_allowed = !exception.by_supplier
                && exception.kinds.iter().any(|kind| self.exceptions.contains(kind));
            !is_inside && !is_allowed
        });
        exceptions
    }

    /// The words by which the passage asks for an intent or knowledge that the licence does not.
    fn narrowed_mental(
        &self,
        reading: &Reading<'_>,
        own: &[Token],
        verbatim: Option<&Range<usize>>,
    ) -> Option<String> {
        let theirs = &self.mental;
        let ours = MentalWords::of(own);
        // An adverb in what leads in reaches every item: `must not knowingly:`.
        let leads = MentalWords::of(&reading.tokens[..reading.own]);
        let knowledge = ours.knowledge.clone().or(leads.knowledge);
        let intent = ours.intent.clone().or(leads.intent);
        let has_effect = ours.effect || verbatim.is_some();
        let asks = |words: Option<String>, known: bool| {
            words.filter(|_| !known).map(|words| format!("`{words}`"))
        };
        let effect_dropped = |words: Option<String>| {
            let words = words.filter(|_| !has_effect)?;
            Some(format!("`{words}`, and the effect is not enough"))
        };
        let knowing = asks(knowledge, theirs.knowledge.is_some());
        match self.restriction.mental {
            Mental::Knowledge => None,
            Mental::Intent => knowing,
            Mental::Effect | Mental::IntentOrEffect => {
                knowing.or_else(|| effect_dropped(intent.or(ours.purpose)))
            }
            Mental::None => {
                let has_intent = theirs.intent.is_some() || theirs.purpose.is_some();
                let purpose = ours.purpose.filter(|_| self.wording.is_some());
                knowing.or_else(|| asks(intent, has_intent)).or_else(|| asks(purpose, has_intent))
            }
        }
    }

    /// A word by which the passage describes less than the licence.
    fn narrowed_scope(
        &self,
        reading: &Reading<'_>,
        own: &[Token],
        hit: &Range<usize>,
    ) -> Option<String> {
        let wording = self.wording.as_ref()?;
        let narrowing = CUES.list("narrowing", "words").all(own);
        narrowing.into_iter().map(|at| &own[at]).find_map(|found| {
            let text = words(found);
            let in_concept = own_hit(reading, hit).is_some_and(|concept| {
                reading.own_tokens().get(concept).is_some_and(|tokens| {
                    tokens.first().is_some_and(|it| it.word == found[0].word)
                        || tokens.last().is_some_and(|it| it.word == found[0].word)
                })
            });
            let stem: String = found[0].word.chars().take(6).collect();
            let in_wording = wording.iter().any(|token| token.word.starts_with(&stem));
            (!in_concept && !in_wording).then_some(text)
        })
    }
}

/// `tokens` without those of `hole`.
fn outside(tokens: &[Token], hole: Option<&Range<usize>>) -> Vec<Token> {
    let is_outside = |at: &usize| hole.is_none_or(|hole| !hole.contains(at));
    (0..tokens.len()).filter(is_outside).map(|at| tokens[at].clone()).collect()
}

fn own_range(reading: &Reading<'_>, at: &Range<usize>) -> Range<usize> {
    at.start.saturating_sub(reading.own)..at.end.saturating_sub(reading.own)
}

fn own_hit(reading: &Reading<'_>, hit: &Range<usize>) -> Option<Range<usize>> {
    (hit.start >= reading.own).then(|| own_range(reading, hit))
}
