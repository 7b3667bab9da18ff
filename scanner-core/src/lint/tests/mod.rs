//! One small document of each format that is right, and each rule with what breaks it.

mod cyclonedx;
mod limits;
mod spdx;

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Lint, lint};
use crate::model::Limits;

#[track_caller]
fn linted(document: &[u8]) -> Lint {
    match lint(document, &Limits::default()) {
        Ok(lint) => lint,
        Err(refusal) => panic!("{refusal:?}"),
    }
}

/// Each code that `document` gives, once, and where it first occurs.
#[track_caller]
fn check(document: &str, expected: &[(&str, &str)]) {
    let lint = linted(document.as_bytes());
    let mut seen = BTreeSet::new();
    let found: Vec<(&str, String)> = lint
        .problems
        .list
        .iter()
        .filter(|problem| seen.insert(problem.code))
        .map(|problem| (problem.code.as_str(), problem.at.to_string()))
        .collect();
    let expected: Vec<(&str, String)> =
        expected.iter().map(|(code, at)| (*code, (*at).to_owned())).collect();
    assert_eq!(found, expected, "{:#?}", lint.problems.list);
}

/// `document` with `value` at the place that `pointer` names; a new field is added.
fn with(document: &Value, pointer: &str, value: Value) -> String {
    let mut changed = document.clone();
    let (owner, key) = pointer.rsplit_once('/').unwrap();
    match changed.pointer_mut(owner).unwrap() {
        Value::Object(fields) => {
            fields.insert(key.replace("~1", "/"), value);
        }
        Value::Array(items) => match key.parse::<usize>() {
            Ok(index) if index < items.len() => items[index] = value,
            _ => items.push(value),
        },
        other => panic!("{owner} is {other}"),
    }
    changed.to_string()
}

/// `document` without the field at `pointer`.
fn without(document: &Value, pointer: &str) -> String {
    let mut changed = document.clone();
    let (owner, key) = pointer.rsplit_once('/').unwrap();
    let removed = changed.pointer_mut(owner).unwrap().as_object_mut().unwrap().remove(key);
    assert!(removed.is_some(), "{pointer}");
    changed.to_string()
}
