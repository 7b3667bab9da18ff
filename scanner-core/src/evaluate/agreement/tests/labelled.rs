//! How good the judgement is: passages that a person labelled, half of them held out.
//!
//! The halves are told apart by a hash of the passage. Lists of words were only ever adjusted to the
//! calibration half. `docs/agreement.md` has the numbers; they may not fall.

use std::collections::BTreeMap;

use flowdown_plugin_sdk::text::word_hash;

use super::super::tokens::Patterns;
use super::super::{Text, judge};
use crate::extract::agreement::{Format, read};
use crate::model::{
    Digest, Location, Mental, RestrictionReview, SourcePath, UseRestriction, UserFile,
};

/// Least share of verdicts in the held-out half that are right, in thousandths.
const FLOOR_HELD_OUT: usize = 900;

/// The same for the calibration half.
const FLOOR_CALIBRATION: usize = 950;

/// A label, and a verdict in its words.
type Pair = (String, String);

struct Case {
    passage: String,
    label: String,
    found: String,
}

fn text<'a>(table: &'a toml::Value, key: &str) -> Option<&'a str> {
    table.get(key).map(|value| value.as_str().unwrap())
}

fn list(table: &toml::Value, key: &str) -> Vec<String> {
    let values = table.get(key).and_then(toml::Value::as_array).into_iter().flatten();
    values.map(|value| value.as_str().unwrap().to_owned()).collect()
}

fn judged(subject: &toml::Value, passage: &str) -> RestrictionReview {
    let file = UserFile {
        path: SourcePath::new("EULA.md"),
        sha256: Digest::sha256_of(passage.as_bytes()),
    };
    let files = [read(file, Format::Markdown, passage.as_bytes()).unwrap()];
    let mental = match text(subject, "mental") {
        None => Mental::None,
        Some("effect") => Mental::Effect,
        Some("intent") => Mental::Intent,
        Some("intent-or-effect") => Mental::IntentOrEffect,
        Some(other) => panic!("{other}"),
    };
    let restriction = UseRestriction {
        label: "(a)".to_owned(),
        categories: list(subject, "categories"),
        mental,
        exceptions: list(subject, "exceptions"),
        note: None,
    };
    let wording = text(subject, "wording").unwrap().to_owned();
    let at = Location::scanned(&SourcePath::new("LICENSE"));
    let agreement = Text::of(&files, Patterns::new(["acme"]));
    judge::review(&agreement, restriction, Some((wording, at)), None)
}

fn cases() -> Vec<Case> {
    let file: toml::Table = include_str!("labelled.toml").parse().unwrap();
    let mut cases = Vec::new();
    for subject in file["subject"].as_array().unwrap() {
        for case in subject["cases"].as_array().unwrap() {
            let (label, passage) = (case[0].as_str().unwrap(), case[1].as_str().unwrap());
            let review = judged(subject, passage);
            // A weakened passage may differ in several ways; the labelled one must be among them.
            let kinds: Vec<&str> =
                review.differences.iter().map(|it| it.weakening.name()).collect();
            let wanted = label.split_once(' ').map(|(_, kind)| kind);
            let found = match wanted.filter(|kind| kinds.contains(kind)).or(kinds.first().copied())
            {
                Some(kind) => format!("{} {kind}", review.verdict.name()),
                None => review.verdict.name().to_owned(),
            };
            cases.push(Case { passage: passage.to_owned(), label: label.to_owned(), found });
        }
    }
    cases
}

fn is_held_out(case: &Case) -> bool {
    word_hash(&case.passage) & 1 == 1
}

/// Share of `cases` with the right verdict, in thousandths.
fn accuracy(cases: &[&Case]) -> usize {
    let right = cases.iter().filter(|case| case.label == case.found).count();
    1000 * right / cases.len()
}

fn verdict(words: &str) -> String {
    words.split(' ').next().unwrap().to_owned()
}

/// Rows of precision and recall by verdict, and what was taken for what, as the page has them.
fn table(cases: &[&Case]) -> Vec<String> {
    let pairs: Vec<Pair> =
        cases.iter().map(|case| (verdict(&case.label), verdict(&case.found))).collect();
    let mut rows = Vec::new();
    for name in ["verbatim", "equivalent", "weakened", "missing"] {
        let labelled = pairs.iter().filter(|(label, _)| label == name).count();
        let found = pairs.iter().filter(|(_, found)| found == name).count();
        let right = pairs.iter().filter(|(label, found)| label == name && found == name).count();
        let confused: BTreeMap<&str, usize> = pairs
            .iter()
            .filter(|(label, found)| label == name && found != name)
            .fold(BTreeMap::new(), |mut counts, (_, found)| {
                *counts.entry(found.as_str()).or_default() += 1;
                counts
            });
        let confused: Vec<String> =
            confused.iter().map(|(name, count)| format!("{count} {name}")).collect();
        let confused = if confused.is_empty() { "–".to_owned() } else { confused.join(", ") };
        rows.push(format!(
            "| {name} | {labelled} | {right} of {found} | {right} of {labelled} | {confused} |"
        ));
    }
    rows
}

#[test]
fn the_labelled_set_is_large_enough() {
    let file: toml::Table = include_str!("labelled.toml").parse().unwrap();
    let subjects = file["subject"].as_array().unwrap();
    let categories: std::collections::BTreeSet<String> =
        subjects.iter().flat_map(|subject| list(subject, "categories")).collect();
    let cases = cases();
    let passages: std::collections::BTreeSet<&str> =
        cases.iter().map(|case| case.passage.as_str()).collect();
    assert!(categories.len() >= 30 && cases.len() >= 150);
    assert_eq!(passages.len(), cases.len(), "no passage counts twice");
    let held_out = cases.iter().filter(|case| is_held_out(case)).count();
    assert!(held_out * 3 >= cases.len() && held_out * 3 <= 2 * cases.len());
}

#[test]
fn verdicts_are_right_as_often_as_the_page_says() {
    let cases = cases();
    let (held_out, calibration): (Vec<&Case>, Vec<&Case>) =
        cases.iter().partition(|case| is_held_out(case));
    let wrong: Vec<String> = calibration
        .iter()
        .filter(|case| case.label != case.found)
        .map(|case| format!("{} found as {}: {}", case.label, case.found, case.passage))
        .collect();
    let report = format!(
        "calibration {}: {:#?}\nheld out {}: {:#?}\nwrong in calibration: {wrong:#?}",
        accuracy(&calibration),
        table(&calibration),
        accuracy(&held_out),
        table(&held_out)
    );
    assert!(accuracy(&held_out) >= FLOOR_HELD_OUT, "{report}");
    assert!(accuracy(&calibration) >= FLOOR_CALIBRATION, "{report}");
    // What is not there must never be taken for there.
    let unsafe_pass = cases.iter().find(|case| {
        case.label == "missing"
            && ["verbatim", "equivalent"].contains(&verdict(&case.found).as_str())
    });
    assert!(unsafe_pass.is_none(), "{}", unsafe_pass.map_or("", |case| case.passage.as_str()));
    let page = include_str!("../../../../../docs/agreement.md");
    for (name, half) in [("calibration", &calibration), ("held out", &held_out)] {
        for row in table(half) {
            assert!(page.contains(&row), "`docs/agreement.md`, {name}: {row}\n{report}");
        }
    }
}

/// `USE-RESTRICTIONS.md` has the vocabulary's words where a licence's are not at hand.
#[test]
fn what_the_vocabulary_says_of_a_category_is_about_it() {
    let vocabulary: toml::Table =
        include_str!("../../../../../plugins/sdk/vocab/categories.toml").parse().unwrap();
    let mut wrong = Vec::new();
    for category in vocabulary["category"].as_array().unwrap() {
        let id = text(category, "id").unwrap();
        let meaning = text(category, "definition").unwrap();
        let subject: toml::Table =
            format!("categories = [{id:?}]\nwording = {meaning:?}").parse().unwrap();
        let passage = format!("You must not use it in this way:\n\n- {meaning}\n");
        let verdict = judged(&subject.into(), &passage).verdict.name();
        if verdict != "verbatim" {
            wrong.push(format!("{id} is {verdict}"));
        }
        let subject: toml::Table =
            format!("categories = [{id:?}]\nwording = {:?}", format!("{meaning} More."))
                .parse()
                .unwrap();
        let found = judged(&subject.into(), &passage);
        if found.verdict.name() != "equivalent" {
            wrong.push(format!(
                "{id} in other words is {} {:?}",
                found.verdict.name(),
                found.differences
            ));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
