//! What a passage does with what it names: prohibits, permits, wishes, or only mentions it.
//!
//! A passage is read with what leads into it. What governs a word is the last cue before it, or,
//! where there is none, the first one behind it in the same sentence (`X is prohibited`). A modal verb
//! is a prohibition only where the customer, anybody, or the use of the product is its subject:
//! `the provider will not give medical advice` is none.

use std::ops::Range;

use super::data::CUES;
use super::tokens::{Patterns, Token, tokens, words};
use crate::model::{Agreement, Passage};

/// Words of one lead-in that are read: its end, where the cue stands.
const LEAD_IN_WORDS: usize = 120;

/// Lead-ins that are read: the nearest ones.
const LEAD_INS: usize = 6;

/// How far before a modal verb its subject is looked for.
const SUBJECT_WORDS: usize = 14;

/// What a passage does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Force {
    /// It names it.
    Mentions,
    /// It permits it.
    Permits,
    /// It wishes that it is not done.
    Discourages,
    /// It prohibits it.
    Prohibits,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Cue {
    at: Range<usize>,
    force: Force,
}

/// A passage with what leads into it, read.
pub(super) struct Reading<'a> {
    pub(super) passage: &'a Passage,
    /// Index of its file.
    pub(super) file: usize,
    /// Index among the passages of its file.
    pub(super) index: usize,
    /// The words of what leads in, then its own.
    pub(super) tokens: Vec<Token>,
    /// Where its own words begin.
    pub(super) own: usize,
    cues: Vec<Cue>,
    heading_prohibits: bool,
}

impl<'a> Reading<'a> {
    pub(super) fn of(
        agreement: &'a Agreement,
        file: usize,
        index: usize,
        supplier: &Patterns,
    ) -> Self {
        let passage = &agreement.passages[index];
        let mut read: Vec<Token> = Vec::new();
        let skipped = passage.lead_ins.len().saturating_sub(LEAD_INS);
        for lead in &passage.lead_ins[skipped..] {
            let lead = tokens(&agreement.passages[*lead].text);
            read.extend_from_slice(&lead[lead.len().saturating_sub(LEAD_IN_WORDS)..]);
        }
        let own = read.len();
        read.extend(tokens(&passage.text));
        let heading = passage.heading.map(|heading| tokens(&agreement.passages[heading].text));
        Self {
            passage,
            file,
            index,
            cues: cues(&read, supplier),
            own,
            heading_prohibits: heading
                .is_some_and(|heading| CUES.list("heading", "prohibit").matches(&heading)),
            tokens: read,
        }
    }

    /// Its own words.
    pub(super) fn own_tokens(&self) -> &[Token] {
        &self.tokens[self.own..]
    }

    /// What it does with the words at `hit`.
    pub(super) fn force(&self, hit: &Range<usize>) -> Force {
        let before = self.cues.iter().rev().find(|cue| cue.at.end <= hit.start.max(self.own));
        let wished = |force: Force| {
            let soft = |cue: &Cue| cue.force == Force::Discourages && cue.at.end <= hit.start;
            let is_soft = force == Force::Prohibits && self.cues.iter().any(soft);
            if is_soft { Force::Discourages } else { force }
        };
        if let Some(cue) = before.filter(|cue| cue.at.end <= hit.start) {
            return wished(cue.force);
        }
        let behind = self.cues.iter().find(|cue| cue.at.start >= hit.start.max(self.own));
        match behind {
            Some(cue) => cue.force,
            None if self.heading_prohibits => Force::Prohibits,
            None => Force::Mentions,
        }
    }

    /// A permission behind the words at `hit`, in the same passage.
    pub(super) fn permission_behind(&self, hit: &Range<usize>) -> Option<String> {
        let cue = self.cues.iter().find(|cue| {
            cue.force == Force::Permits && cue.at.start >= hit.end && cue.at.start >= self.own
        })?;
        Some(words(&self.tokens[cue.at.start.saturating_sub(1)..]))
    }
}

fn cues(tokens: &[Token], supplier: &Patterns) -> Vec<Cue> {
    let lists = [
        (CUES.list("cues", "soft"), Force::Discourages),
        (CUES.list("cues", "permit"), Force::Permits),
        (CUES.list("cues", "prohibit"), Force::Prohibits),
    ];
    let modal = CUES.list("modal", "prohibit");
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let plain = lists
            .iter()
            .filter_map(|(list, force)| Some(Cue { at: list.at(tokens, at)?, force: *force }))
            .filter(|cue| cue.force != Force::Permits || !is_undone(tokens, &cue.at))
            .max_by_key(|cue| cue.at.end);
        let modal = modal
            .at(tokens, at)
            .filter(|range| plain.as_ref().is_none_or(|cue| cue.at.end < range.end));
        if let Some(range) = modal {
            let end = range.end;
            if binds(tokens, &range, supplier) {
                found.push(Cue { at: range, force: Force::Prohibits });
            }
            at = end;
        } else if let Some(cue) = plain {
            at = cue.at.end;
            found.push(cue);
        } else {
            at += 1;
        }
    }
    found
}

/// Whether words around a permission make it none: `which may be used`, `not be permitted`,
/// `customer may not`.
fn is_undone(tokens: &[Token], at: &Range<usize>) -> bool {
    let before = &tokens[at.start.saturating_sub(2)..at.start];
    let relative = ["which", "that", "who"];
    let negations = ["not", "never", "nor", "neither"];
    before.last().is_some_and(|token| relative.contains(&&*token.word))
        || before.iter().any(|token| negations.contains(&&*token.word))
        || tokens.get(at.end).is_some_and(|token| negations.contains(&&*token.word))
}

/// Whether the subject of a modal verb is somebody whom the agreement binds, and what follows an
/// act.
fn binds(tokens: &[Token], modal: &Range<usize>, supplier: &Patterns) -> bool {
    let next = modal.end;
    if CUES.list("modal", "not_acts").at(tokens, next).is_some() {
        return false;
    }
    let earliest = modal.start.saturating_sub(SUBJECT_WORDS);
    let mut begin = modal.start;
    while begin > earliest {
        begin -= 1;
        let joins = ["and", "but", "that", "whereas"];
        if joins.contains(&&*tokens[begin].word) {
            begin += 1;
            break;
        }
        if tokens[begin].follows_break {
            break;
        }
    }
    for at in begin..modal.start {
        if CUES.list("parties", "customer").at(tokens, at).is_some() {
            return true;
        }
        if supplier.at(tokens, at).is_some()
            || CUES.list("parties", "supplier").at(tokens, at).is_some()
        {
            return false;
        }
        if CUES.list("parties", "product").at(tokens, at).is_some() {
            // `The product must not be used`, but not `the product will not diagnose`.
            return tokens.get(next).is_some_and(|token| token.word == "be");
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::agreement::{Format, read};
    use crate::model::{Digest, SourcePath, UserFile};

    /// What the passage with `word` does with it.
    #[track_caller]
    fn check(text: &str, word: &str, expected: Force) {
        let file = UserFile { path: SourcePath::new("a.md"), sha256: Digest::sha256_of(b"") };
        let agreement = read(file, Format::Markdown, text.as_bytes()).unwrap();
        let index = agreement.passages.iter().rposition(|it| it.text.contains(word)).unwrap();
        let supplier = Patterns::new(["acme"]);
        let reading = Reading::of(&agreement, 0, index, &supplier);
        let wanted = Patterns::new([word]);
        let hit = wanted.find(reading.own_tokens()).unwrap();
        let hit = reading.own + hit.start..reading.own + hit.end;
        assert_eq!(reading.force(&hit), expected, "{text}");
    }

    #[test]
    fn prohibitions() {
        for text in [
            "Customer must not use the Product to spam.",
            "Customer must not:\n\n- spam;\n",
            "The customer may not use it to spam.",
            "The Product may not be used to spam.",
            "You agree not to use the model to spam.",
            "It is prohibited to spam.",
            "To spam is not permitted.",
            "The following are prohibited:\n\n* to spam",
            "Users of the Service shall not spam.",
            "Customers of Acme must not spam.",
            "Customer may use the Product, but Customer must not spam.",
            "## Prohibited uses\n\n- to spam\n",
            "Customer shall ensure that its users do not spam.",
            "Do not use it to spam.",
            "No user may spam.",
            "Customer shall not be permitted to spam.",
        ] {
            check(text, "spam", Force::Prohibits);
        }
    }

    #[test]
    fn permissions_and_wishes() {
        for text in [
            "Customer may use the Product to spam.",
            "Permitted uses are:\n\n- to spam\n",
            "Nothing in this agreement prevents a user that wants to spam.",
            "It is not prohibited to spam.",
            "Customer must not resell it, and Customer may spam.",
        ] {
            check(text, "spam", Force::Permits);
        }
        for text in [
            "Customer should not spam.",
            "Customer shall use reasonable efforts not to spam.",
            "Customer will use commercially reasonable efforts to refrain from using it to spam.",
            "Customer is encouraged not to spam.",
        ] {
            check(text, "spam", Force::Discourages);
        }
    }

    #[test]
    fn mentions() {
        for text in [
            "Acme will not spam.",
            "The provider shall not spam.",
            "The Product does not spam.",
            "The Product cannot spam.",
            "This shall not be construed as a right to spam.",
            "Outputs are no spam.",
            "We block spam.",
        ] {
            check(text, "spam", Force::Mentions);
        }
    }
}
