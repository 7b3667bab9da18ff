//! Shows what extractors say of bytes in memory.

use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

pub(super) use crate::extract::testing::wants;

use crate::extract::testing::read_in_pieces;
use crate::extract::{Extraction, Extractor};
use crate::model::{FactValue, Limits, Location, Span};

/// Reads `bytes`, which `extractor` must want, in pieces of `piece` bytes.
#[track_caller]
pub(super) fn extract(
    extractor: &dyn Extractor,
    path: &str,
    bytes: &[u8],
    piece: usize,
    limits: &Limits,
) -> Extraction {
    assert!(wants(extractor, path, bytes), "{} does not want `{path}`", extractor.id());
    read_in_pieces(extractor, path, bytes, &[piece], limits)
}

/// One line for each fact, text and diagnostic: `name = value @ place`, `role: text @ line`,
/// `! code: message @ place`.
pub(super) fn shown(extraction: &Extraction) -> String {
    let mut text = String::new();
    for fact in &extraction.facts {
        let _ = writeln!(text, "{} = {}{}", fact.name.as_str(), value(&fact.value), at(&fact.at));
    }
    for captured in &extraction.texts {
        let (role, line) = (captured.role, captured.first_line);
        let _ = writeln!(text, "{role:?}: {:?} @ {line}", captured.text());
    }
    for diagnostic in &extraction.diagnostics {
        assert!(diagnostic.help.is_some(), "`{}` has no help", diagnostic.message);
        let place = diagnostic.at.as_ref().map(at).unwrap_or_default();
        let _ = writeln!(text, "! {}: {}{place}", diagnostic.code.as_str(), diagnostic.message);
    }
    text
}

/// Compares line by line, blank lines aside. A line that ends with `…` is the start of one: the
/// wording of another crate's error is not ours to pin.
#[track_caller]
pub(super) fn check_shown(shown: &str, expected: &str) {
    let expected: Vec<&str> =
        expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let actual: Vec<&str> = shown
        .lines()
        .enumerate()
        .map(|(index, line)| match expected.get(index) {
            Some(start) if start.strip_suffix('…').is_some_and(|s| line.starts_with(s)) => start,
            _ => line,
        })
        .collect();
    assert_eq!(actual, expected);
}

fn value(value: &FactValue) -> String {
    match value {
        FactValue::Text(text) => format!("{text:?}"),
        FactValue::Int(number) => number.to_string(),
        FactValue::Digest(digest) => digest.to_string(),
        FactValue::List(items) => {
            format!("[{}]", items.iter().map(self::value).collect::<Vec<_>>().join(", "))
        }
        FactValue::Map(map) => {
            let fields = map.iter().map(|(key, item)| format!("{key}: {}", self::value(item)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
    }
}

fn at(location: &Location) -> String {
    match &location.span {
        None => String::new(),
        Some(Span::Lines { first, last }) if first == last => format!(" @ {first}"),
        Some(Span::Lines { first, last }) => format!(" @ {first}-{last}"),
        Some(Span::Bytes { start, end }) => format!(" @ bytes {start}-{end}"),
        Some(Span::Key(key)) => format!(" @ {key}"),
    }
}

/// Whatever the bytes are, nothing panics, and the size of the pieces changes nothing.
pub(super) fn check_arbitrary(
    extractor: &dyn Extractor,
    path: &str,
    words: &'static [&'static str],
) {
    let soup = prop::collection::vec(prop::sample::select(words), 0..40)
        .prop_map(|words| words.concat().into_bytes());
    let bytes = prop_oneof![4 => soup, 1 => prop::collection::vec(any::<u8>(), 0..200)];
    let limits = Limits { card_bytes: 300, config_bytes: 300, ..Limits::default() };
    let mut runner =
        TestRunner::new(Config { cases: 500, failure_persistence: None, ..Config::default() });
    runner
        .run(&(bytes, 1_usize..70), |(bytes, piece)| {
            let whole = extract(extractor, path, &bytes, bytes.len().max(1), &limits);
            let pieces = extract(extractor, path, &bytes, piece, &limits);
            prop_assert_eq!(shown(&whole), shown(&pieces));
            for fact in &whole.facts {
                prop_assert!(extractor.facts().contains(&fact.name));
            }
            Ok(())
        })
        .unwrap();
}
