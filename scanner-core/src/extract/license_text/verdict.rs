//! What a stretch of text may be called.

use std::collections::BTreeSet;
use std::ops::Range;

use flowdown_plugin_sdk::text::{GRAM_WORDS, Power};

use super::covered::Covered;
use super::differences::{changes, clauses};
use super::runs::Run;
use super::{Matcher, Recognized, Text, conditions};
use crate::model::{
    Code, Diagnostic, LicenseKey, Location, ProfileKind, Recognition, TextMatch, TextProfile,
};

/// From here on a changed copy is a variant of the known text, in thousandths.
const VARIANT: Nearness = Nearness { containment: 850, resemblance: 700 };
/// From here on only the family is certain.
const FAMILY: Nearness = Nearness { containment: 600, resemblance: 500 };
/// From here on a permissive text was tampered with rather than quoted.
const NEAR_MISS: Nearness = Nearness { containment: 700, resemblance: 400 };
/// A stretch is explained by a better one that covers this share of it, in thousandths.
const EXPLAINED_PERMILLE: usize = 600;
/// A title may stand this many words outside the stretch that shares grams.
const TITLE_WORDS: usize = 60;
/// Near misses reported for one text.
const NEAR_MISSES: usize = 20;

/// How near a stretch is to a known text, in thousandths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Nearness {
    /// Share of the known text's grams that stand in the stretch.
    containment: u16,
    /// Shared grams over the union of both.
    resemblance: u16,
}

impl Nearness {
    const fn reaches(self, other: Self) -> bool {
        self.containment >= other.containment && self.resemblance >= other.resemblance
    }
}

/// A stretch and what it was found to be.
struct Judged<'a> {
    run: Run,
    known: &'a TextProfile,
    nearness: Nearness,
    verdict: Verdict,
}

enum Verdict {
    Known(Recognition),
    /// Nearly a text that it may not be taken for, and why.
    NearMiss(String),
}

pub(super) fn judge(matcher: &Matcher, text: &Text<'_>, mut runs: Vec<Run>) -> Recognized {
    runs.sort_by_cached_key(|run| rank(run, &matcher.profiles[run.profile]));
    let mut covered = Covered::new(text.grams.len());
    let mut accepted: Vec<Judged<'_>> = Vec::new();
    let mut doubtful: Vec<Judged<'_>> = Vec::new();
    for run in runs {
        let known = &matcher.profiles[run.profile];
        if covered.permille(known.kind, run.start..run.end) >= EXPLAINED_PERMILLE {
            continue;
        }
        let nearness = if run.exact {
            Nearness { containment: 1000, resemblance: 1000 }
        } else {
            nearness(text, &run, known)
        };
        let Some(verdict) = verdict(text, &run, known, nearness) else { continue };
        let judged = Judged { run, known, nearness, verdict };
        // A twin that its discriminators rule out explains nothing: the other twin may.
        if matches!(judged.verdict, Verdict::NearMiss(_)) && !known.permissive {
            doubtful.push(judged);
            continue;
        }
        covered.add(known.kind, run.start..run.end);
        accepted.push(judged);
    }
    drop_fragments(&mut accepted);
    make_conditional(matcher, text, &mut accepted);
    for judged in doubtful {
        let range = judged.run.start..judged.run.end;
        if covered.permille(judged.known.kind, range.clone()) < EXPLAINED_PERMILLE {
            covered.add(judged.known.kind, range);
            accepted.push(judged);
        }
    }
    report(text, accepted)
}

/// Best first: word for word, then by how much more a profile explains than it misses and than it
/// leaves unexplained; then containment, resemblance and key.
fn rank(run: &Run, known: &TextProfile) -> impl Ord + use<> {
    let (shared, grams, length) = (run.shared, known.grams.len(), run.end - run.start);
    let explained = 3 * shared as i64 - grams as i64 - length as i64;
    let containment = shared * 1000 / grams;
    let resemblance = shared * 1000 / (grams + length).saturating_sub(shared).max(1);
    (!run.exact, std::cmp::Reverse((explained, containment, resemblance)), run.profile, run.start)
}

fn nearness(text: &Text<'_>, run: &Run, known: &TextProfile) -> Nearness {
    let mut grams = text.grams[run.start..run.end].to_vec();
    grams.sort_unstable();
    grams.dedup();
    let shared = grams.iter().filter(|gram| known.grams.binary_search(gram).is_ok()).count();
    let permille = |of: usize| u16::try_from(shared * 1000 / of.max(1)).unwrap_or(1000);
    Nearness {
        containment: permille(known.grams.len()),
        resemblance: permille(known.grams.len() + grams.len() - shared),
    }
}

fn verdict(text: &Text<'_>, run: &Run, known: &TextProfile, near: Nearness) -> Option<Verdict> {
    if run.exact {
        return Some(Verdict::Known(Recognition::Exact));
    }
    if known.permissive {
        let why = || format!("{} of 1000 of its four-word sequences stand here", near.containment);
        return near.reaches(NEAR_MISS).then(|| Verdict::NearMiss(why()));
    }
    if !near.reaches(FAMILY) {
        return None;
    }
    if let Some(why) = contradiction(text, run, known) {
        return near.reaches(VARIANT).then_some(Verdict::NearMiss(why));
    }
    let variant = near.reaches(VARIANT);
    Some(Verdict::Known(if variant { Recognition::Variant } else { Recognition::Family }))
}

/// The first discriminator that says it is another text.
fn contradiction(text: &Text<'_>, run: &Run, known: &TextProfile) -> Option<String> {
    known.discriminators.iter().find_map(|discriminator| {
        let margin = if discriminator.must { TITLE_WORDS } else { 0 };
        let range = run.start.saturating_sub(margin)..run.end + GRAM_WORDS - 1 + margin;
        let power = Power::of(discriminator.words as usize);
        let present = range
            .map_while(|start| text.prefixes.window(start, power))
            .any(|hash| hash == discriminator.hash);
        (present != discriminator.must).then(|| {
            let state = if present { "stands here" } else { "is absent" };
            format!("{} {state}", discriminator.label)
        })
    })
}

/// A short text that stands word for word inside a longer one that was changed is a part of that.
fn drop_fragments(accepted: &mut Vec<Judged<'_>>) {
    let changed: Vec<(ProfileKind, Range<usize>)> = accepted
        .iter()
        .filter(|judged| !judged.run.exact && judged.nearness.containment >= VARIANT.containment)
        .map(|judged| (judged.known.kind, judged.run.start..judged.run.end))
        .collect();
    accepted.retain(|judged| {
        let run = &judged.run;
        let inside = |(kind, whole): &(ProfileKind, Range<usize>)| {
            *kind == judged.known.kind
                && whole.start <= run.start
                && run.end <= whole.end
                && (run.end - run.start) * 3 < whole.len()
        };
        !run.exact || !changed.iter().any(inside)
    });
}

/// A permissive text with a condition beside it is not the permissive licence.
fn make_conditional(matcher: &Matcher, text: &Text<'_>, accepted: &mut [Judged<'_>]) {
    let is_exact = |it: &Judged<'_>| it.known.permissive && it.run.exact;
    if !accepted.iter().any(is_exact) {
        return;
    }
    let is_known = |it: &&Judged<'_>| matches!(it.verdict, Verdict::Known(_));
    let keys: BTreeSet<&LicenseKey> =
        accepted.iter().filter(is_known).map(|judged| &judged.known.key).collect();
    // Title and appendix share some grams with the terms.
    let of_key = |key| matcher.profiles_of(key).iter().filter(|it| !it.frame.is_empty());
    let frames: Vec<&[u32]> =
        keys.into_iter().flat_map(of_key).flat_map(|it| [&*it.frame, &*it.grams]).collect();
    let conditions = matcher.conditions.lines(text, &explained(text, accepted), &frames);
    for judged in accepted.iter_mut().filter(|it| is_exact(it)) {
        let words = judged.run.start..judged.run.end + GRAM_WORDS - 1;
        if let Some(line) = conditions::closest(text, words, text.reach, &conditions) {
            let line = u64::from(line) + text.lines_before;
            judged.verdict = Verdict::NearMiss(format!(
                "it stands here word for word, but line {line} beside it reads like a condition"
            ));
        }
    }
}

/// What `accepted` explains of a text. What only comes near a known text explains nothing: nobody has
/// read it, and what it demands may hold for its neighbours too.
fn explained(text: &Text<'_>, accepted: &[Judged<'_>]) -> Covered {
    let mut explained = Covered::new(text.grams.len());
    for Judged { run, known, verdict, .. } in accepted {
        if matches!(verdict, Verdict::Known(_)) {
            explained.add(known.kind, run.start..run.end);
        }
    }
    explained
}

fn report(text: &Text<'_>, accepted: Vec<Judged<'_>>) -> Recognized {
    let mut matches: Vec<TextMatch> = Vec::new();
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    for judged in accepted {
        match &judged.verdict {
            Verdict::NearMiss(why) => diagnostics.push(near_miss(text, &judged, why)),
            // Ranked: the first of a key is its best.
            Verdict::Known(recognition) => {
                let same = |found: &TextMatch| {
                    (&found.key, found.kind) == (&judged.known.key, judged.known.kind)
                };
                if !matches.iter().any(same) {
                    matches.push(text_match(text, &judged, *recognition));
                }
            }
        }
    }
    matches.sort_by(|a, b| (&a.at, &a.key).cmp(&(&b.at, &b.key)));
    diagnostics.sort();
    diagnostics.truncate(NEAR_MISSES);
    Recognized { matches, diagnostics }
}

fn near_miss(text: &Text<'_>, judged: &Judged<'_>, why: &str) -> Diagnostic {
    let changes = changes(text, &judged.run, judged.known).join("; ");
    let changes = if changes.is_empty() { changes } else { format!(" ({changes})") };
    let message =
        format!("this text is nearly `{}` but is not it: {why}{changes}", judged.known.key);
    let at = text.location(judged.run.start, judged.run.end + GRAM_WORDS - 2);
    Diagnostic::new(Code::LicenseTextNearMiss, at, message).help(
        "read the text; its licence stays unknown until a clarification in the policy names it",
    )
}

fn text_match(text: &Text<'_>, judged: &Judged<'_>, recognition: Recognition) -> TextMatch {
    let Judged { run, known, nearness, .. } = judged;
    let clauses = clauses(text, run, &known.clauses);
    let differs = if recognition == Recognition::Exact {
        Vec::new()
    } else {
        let absent = known.clauses.iter().filter(|clause| !clauses.contains_key(&clause.label));
        let absent = absent.map(|clause| format!("the wording of `{}` is absent", clause.label));
        let differs: Vec<String> = absent.chain(changes(text, run, known)).collect();
        // Every word here is the known text's: what differs stands no longer here.
        if differs.is_empty() {
            vec!["its beginning or its end is absent".to_owned()]
        } else {
            differs
        }
    };
    let located = known.clauses.iter().filter_map(|clause| {
        let words = clauses.get(&clause.label)?;
        Some((clause.label.clone(), text.location(words.start, words.end - 1)))
    });
    TextMatch {
        path: text.path.clone(),
        sha256: text.sha256,
        key: known.key.clone(),
        kind: known.kind,
        recognition,
        resemblance_permille: nearness.resemblance,
        containment_permille: nearness.containment,
        at: text.location(run.start, run.end + GRAM_WORDS - 2),
        differs,
        clauses: located.collect(),
    }
}

impl Text<'_> {
    /// The line of a word in its file, from 1.
    pub(super) fn line(&self, word: usize) -> u64 {
        let line = self.words.get(word).or(self.words.last()).map_or(1, |word| word.line);
        u64::from(line) + self.lines_before
    }

    /// The lines that hold these words, both included.
    fn location(&self, first: usize, last: usize) -> Location {
        Location::scanned(self.path).at_lines(self.line(first), self.line(last))
    }
}
