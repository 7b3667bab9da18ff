use flowdown_plugin_sdk::message::{self, ProfileKind as WireKind};
use flowdown_plugin_sdk::text::{self, Presence};

use super::*;
use crate::model::{Discriminator, PhraseProfile, ProfileKind, ResolverId, Severity, Span};

/// `count` made-up words that begin with `stem`; ten a line.
fn prose(stem: &str, count: usize) -> String {
    let word = |number: usize| {
        let digits = number.to_string();
        let name: String = digits.bytes().map(|digit| char::from(b'a' + digit - b'0')).collect();
        format!("{stem}{name}{}", if number % 10 == 9 { '\n' } else { ' ' })
    };
    (0..count).map(word).collect()
}

fn profile(key: &str, text: &str) -> TextProfile {
    let made = text::profile(key, WireKind::License, text);
    TextProfile {
        key: LicenseKey(made.key),
        kind: ProfileKind::License,
        words: made.words,
        whole: made.whole,
        grams: made.grams,
        frame: made.frame,
        discriminators: Vec::new(),
        clauses: Vec::new(),
        permissive: false,
        by: ResolverId("test".into()),
    }
}

fn permissive(key: &str, text: &str) -> TextProfile {
    TextProfile { permissive: true, ..profile(key, text) }
}

fn policy(key: &str, text: &str) -> TextProfile {
    TextProfile { kind: ProfileKind::UsePolicy, ..profile(key, text) }
}

fn with(mut known: TextProfile, label: &str, phrase: &str, presence: Presence) -> TextProfile {
    let message::ProfileDiscriminator { label, words, hash, must } =
        text::discriminator(label, phrase, presence);
    known.discriminators.push(Discriminator { label, words, hash, must });
    known
}

/// Recognises `text`: `key recognition first-last` for each match, `near key first-last` for each
/// near miss.
fn check(known: &[TextProfile], text: &str, expected: &[&str]) -> Recognized {
    let found = Matcher::new(known.to_vec()).match_text(&SourcePath::new("LICENSE"), text);
    let lines = |at: &crate::model::Location| match at.span {
        Some(Span::Lines { first, last }) => format!("{first}-{last}"),
        _ => panic!("{at:?} has no lines"),
    };
    let matches = found.matches.iter();
    let matches =
        matches.map(|it| format!("{} {} {}", it.key, it.recognition.name(), lines(&it.at)));
    let near = found.diagnostics.iter().map(|it| {
        let key = it.message.split('`').nth(1).unwrap_or_default();
        format!("near {key} {}", lines(it.at.as_ref().unwrap()))
    });
    assert_eq!(matches.chain(near).collect::<Vec<_>>(), expected, "{:?}", found.diagnostics);
    found
}

#[test]
fn a_copy_is_exact_wherever_it_stands() {
    let known = [profile("a", &prose("a", 100))];
    check(&known, &prose("a", 100), &["a exact 1-10"]);
    let inside = format!("{}{}{}", prose("x", 30), prose("a", 100), prose("y", 30));
    check(&known, &inside, &["a exact 4-13"]);
    check(&known, &prose("x", 500), &[]);
    check(&known, "", &[]);
    check(&[], &prose("a", 100), &[]);
}

#[test]
fn a_changed_copy_is_a_variant_that_says_what_differs() {
    let known = [profile("a", &prose("a", 200))];
    let text = prose("a", 200).replacen("abf ", "changed ", 1);
    let found = check(&known, &text, &["a variant 1-20"]);
    assert_eq!(found.matches[0].differs, ["1 other word in line 2"]);
    let text = prose("a", 200).replacen("abf abg abh ", "", 1);
    let found = check(&known, &text, &["a variant 1-20"]);
    assert_eq!(found.matches[0].differs, ["words are missing before line 2"]);
    let text = prose("a", 200).replacen("abf ", &format!("abf {}", prose("x", 20)), 1);
    let found = check(&known, &text, &["a variant 1-22"]);
    assert_eq!(found.matches[0].differs, ["20 other words in lines 2 to 3"]);
}

#[test]
fn half_a_copy_is_only_of_its_family_and_less_is_nothing() {
    let known = [profile("a", &prose("a", 300))];
    check(&known, &prose("a", 210), &["a family 1-21"]);
    check(&known, &prose("a", 120), &[]);
}

#[test]
fn nearly_permissive_is_unknown() {
    let known = [permissive("a", &prose("a", 100))];
    let text = prose("a", 100).replacen("ae ", "not ", 1);
    let found = check(&known, &text, &["near a 1-10"]);
    let diagnostic = &found.diagnostics[0];
    assert_eq!(diagnostic.code.as_str(), "license.text-near-miss");
    assert_eq!(diagnostic.severity(), Severity::Warning);
    assert_eq!(
        diagnostic.message,
        "this text is nearly `a` but is not it: 958 of 1000 of its four-word sequences stand here \
         (1 other word in line 1)"
    );
}

#[test]
fn a_condition_beside_a_permissive_text_makes_it_unknown() {
    let known = [permissive("a", &prose("a", 100)), profile("c", &prose("commercial c", 60))];
    let text = format!("{}Not for commercial use.", prose("a", 100));
    check(&known, &text, &["near a 1-10"]);
    // The word stands in another text that is known.
    let text = format!("{}{}", prose("a", 100), prose("commercial c", 60));
    check(&known, &text, &["a exact 1-10", "c exact 11-16"]);
    // However far away, and before the text as well as behind it.
    let text = format!("{}{}commercial", prose("a", 100), prose("x", 500));
    check(&known, &text, &["near a 1-10"]);
    let text = format!("Nur für Forschung.\n{}", prose("a", 100));
    check(&known, &text, &["near a 2-11"]);
    let text = format!("本模型仅供学术研究使用不得用于商业目的\n{}", prose("a", 100));
    check(&known, &text, &["near a 2-11"]);
    // What harmless prose says, and a name in another script.
    let text = format!("The A License\nwritten by 王小明\n{}", prose("a", 100));
    check(&known, &text, &["a exact 3-12"]);
    let text = format!("{}Parts may have been written by others.", prose("a", 100));
    check(&known, &text, &["a exact 1-10"]);
}

#[test]
fn a_condition_in_a_copyright_line_or_a_name_counts() {
    let known = [permissive("a", &format!("{}in no event shall be liable", prose("a", 100)))];
    let text = |notice: &str, name: &str| {
        format!(
            "Copyright 2024 Acme{notice}\n{}in no event shall {name} be liable",
            prose("a", 100)
        )
    };
    check(&known, &text(", Ltd. All rights reserved.", "Acme"), &["a exact 2-12"]);
    check(&known, &text(". For evaluation purposes only.", "Acme"), &["near a 2-12"]);
    check(&known, &text("", "users who must pay"), &["near a 2-12"]);
    check(&known, &text("\n<!-- not for sale -->", "Acme"), &["near a 3-13"]);
}

#[test]
fn what_a_frame_holds_is_no_condition_and_a_piece_of_it_is() {
    let notice = "you must not take this notice for a condition since it is what the authors of the \
                  text print behind every copy of it";
    let framed = TextProfile {
        frame: text::frame([notice, &format!("must not be x {}", prose("a", 100))], &[]),
        ..permissive("a", &prose("a", 100))
    };
    let known = [framed, permissive("b", &prose("b", 100))];
    let behind = |stem: &str, behind: &str| format!("{}{behind}", prose(stem, 100));
    check(&known, &behind("a", notice), &["a exact 1-10"]);
    check(&known, &behind("a", "you must not take this"), &["near a 1-10"]);
    check(&known, &behind("a", &format!("{notice} and must not be sold")), &["near a 1-10"]);
    // A title that runs into the text, and one that stands elsewhere.
    let titled = format!("Must not be x {}", prose("a", 100));
    check(&known, &titled, &["a exact 1-10"]);
    check(&known, &titled.replacen("x", "x: must not be x: y", 1), &["near a 1-10"]);
    // Nothing in the file has this frame.
    check(&known, &behind("b", notice), &["near b 1-10"]);
}

#[test]
fn in_a_card_only_the_surroundings_of_a_text_count() {
    let matcher = Matcher::new(vec![permissive("a", &prose("a", 100))]);
    let found = |text: String| {
        let captured = CapturedText {
            path: SourcePath::new("README.md"),
            role: crate::model::TextRole::Card,
            bytes: text.into_bytes().into(),
            first_line: 1,
        };
        matcher.recognize(&captured).matches.len()
    };
    assert_eq!(found(format!("{}{}You must pay.", prose("a", 100), prose("x", 300))), 1);
    assert_eq!(found(format!("{}{}You must pay.", prose("a", 100), prose("x", 100))), 0);
    assert_eq!(found(format!("You must pay.{}{}", prose("x", 30), prose("a", 100))), 0);
}

#[test]
fn a_tampered_copy_beside_a_true_one_is_reported() {
    let known = [permissive("a", &prose("a", 100))];
    let tampered = prose("a", 100).replacen("ae ", "not ", 1);
    let both = format!("{tampered}{}", prose("a", 100));
    // What was changed in the one is a condition beside the other.
    check(&known, &both, &["near a 1-10", "near a 11-20"]);
}

#[test]
fn discriminators_settle_twins() {
    let one = format!("{}update duty stands\n{}", prose("a", 100), prose("b", 100));
    let other = format!("{}{}", prose("a", 100), prose("b", 100));
    let known = [
        with(profile("one", &one), "the duty", "update duty stands", Presence::Must),
        with(profile("other", &other), "the duty", "update duty stands", Presence::MustNot),
    ];
    check(&known, &one, &["one exact 1-21"]);
    check(&known, &other, &["other exact 1-20"]);
    // A hybrid is a variant of the twin whose discriminators it satisfies, not of the nearest words.
    let hybrid = one.replacen("duty", "x", 1).replacen("bc ", "x ", 1);
    check(&known, &hybrid, &["other variant 1-21"]);
    // And of none, with a reason, when it satisfies those of neither.
    let found = check(&known[..1], &hybrid, &["near one 1-21"]);
    assert!(found.diagnostics[0].message.contains("the duty is absent"));
}

#[test]
fn a_text_inside_a_better_one_is_not_reported() {
    let inner = prose("a", 60);
    let outer = format!("{}{inner}{}", prose("b", 100), prose("c", 100));
    let known = [profile("inner", &inner), profile("outer", &outer)];
    check(&known, &outer, &["outer exact 1-26"]);
    check(&known, &outer.replacen("be ", "x ", 1), &["outer variant 1-26"]);
    check(&known, &inner, &["inner exact 1-6"]);
    // A policy inside a licence is a text of its own.
    let known = [policy("inner", &inner), profile("outer", &outer)];
    check(&known, &outer, &["outer exact 1-26", "inner exact 11-16"]);
}

#[test]
fn several_texts_in_one_file_are_all_found() {
    let known = [profile("a", &prose("a", 100)), profile("b", &prose("b", 50))];
    let text = format!("{}{}{}", prose("b", 50), prose("a", 100), prose("b", 50));
    check(&known, &text, &["b exact 1-5", "a exact 6-15"]);
}

#[test]
fn clauses_are_located_and_absent_ones_named() {
    let text = prose("a", 200);
    let mut known = profile("a", &text);
    for (label, wording) in [("(a)", "abc abd abe"), ("(b)", "aca acb acc acd"), ("(c)", "zz zy")] {
        let message::Phrase { label, words, hash } = text::phrase(label, wording);
        known.clauses.push(PhraseProfile { label, words, hash });
    }
    let changed = text.replacen("aca ", "", 1);
    let found = check(&[known.clone()], &changed, &["a variant 1-20"]);
    let labels = |found: &Recognized| -> Vec<String> {
        found.matches[0].clauses.iter().map(|(label, _)| label.clone()).collect()
    };
    assert_eq!(labels(&found), ["(a)"]);
    assert_eq!(
        found.matches[0].differs[..2],
        ["the wording of `(b)` is absent".to_owned(), "the wording of `(c)` is absent".to_owned(),]
    );
    let found = check(&[known], &text, &["a exact 1-20"]);
    assert_eq!(labels(&found), ["(a)", "(b)"]);
    assert_eq!(found.matches[0].clauses[0].1.span, Some(Span::Lines { first: 2, last: 2 }));
}

#[test]
fn the_order_of_profiles_decides_nothing() {
    let text = prose("a", 100).replacen("ae ", "x ", 1);
    let known = [profile("p", &prose("a", 100)), profile("q", &prose("a", 100))];
    check(&known, &text, &["p variant 1-10"]);
    let turned = [known[1].clone(), known[0].clone()];
    check(&turned, &text, &["p variant 1-10"]);
}

#[test]
fn lines_count_from_the_start_of_the_file() {
    let matcher = Matcher::new(vec![profile("a", &prose("a", 40))]);
    let captured = CapturedText {
        path: SourcePath::new("README.md"),
        role: crate::model::TextRole::Card,
        bytes: prose("a", 40).into_bytes().into(),
        first_line: 11,
    };
    let found = matcher.recognize(&captured);
    assert_eq!(found.matches[0].at.span, Some(Span::Lines { first: 11, last: 14 }));
    assert_eq!(found.matches[0].sha256, captured.sha256());
    assert!(matcher.knows(&LicenseKey("a".into())));
    assert!(!matcher.knows(&LicenseKey("b".into())));
}

/// A text that repeats what many profiles share costs no more than its length.
#[test]
fn hostile_repetition_ends() {
    let known: Vec<TextProfile> =
        (0..50).map(|n| permissive(&format!("k{n}"), &prose("a", 60 + n))).collect();
    let text = prose("a", 30).repeat(200);
    check(&known, &text, &[]);
}
