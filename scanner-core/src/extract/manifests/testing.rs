//! Runs an extractor on bytes and shows what it said, one line each, for the tests of all formats.

use std::fmt::Write as _;

use crate::extract::testing::{self, read_in_pieces};
use crate::extract::{Extraction, Extractor};
use crate::model::{FactValue, Limits, Location, Span};

/// Feeds `bytes` to `extractor` in pieces of `chunk` bytes, as the file `path`.
pub(super) fn extract(
    extractor: &dyn Extractor,
    path: &str,
    bytes: &[u8],
    chunk: usize,
    limits: &Limits,
) -> Extraction {
    read_in_pieces(extractor, path, bytes, &[chunk], limits)
}

/// What `extractor` says about the file `path` with this text: one line for each fact and
/// diagnostic, with the lines of the file that it is about.
pub(super) fn told(extractor: &dyn Extractor, path: &str, text: &str) -> String {
    show(&extract(extractor, path, text.as_bytes(), usize::MAX, &Limits::default()))
}

/// Compares what `extractor` says with the lines of `expected`, blanks at their ends aside.
#[track_caller]
pub(super) fn check(extractor: &dyn Extractor, path: &str, text: &str, expected: &str) {
    let told = told(extractor, path, text);
    let expected: Vec<&str> =
        expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(told.lines().collect::<Vec<_>>(), expected, "said:\n{told}");
}

/// Whether `extractor` wants the file `path` that begins with `head`.
pub(super) fn wants(extractor: &dyn Extractor, path: &str, head: &str) -> bool {
    testing::wants(extractor, path, head.as_bytes())
}

/// One line for each fact and diagnostic.
pub(super) fn show(extraction: &Extraction) -> String {
    let mut shown = String::new();
    for fact in &extraction.facts {
        let name = fact.name.as_str().trim_start_matches("manifest.");
        let _ = writeln!(shown, "{name}{}: {}", place(&fact.at), show_value(&fact.value));
    }
    for diagnostic in &extraction.diagnostics {
        let at = diagnostic.at.as_ref().map(place).unwrap_or_default();
        let _ = writeln!(shown, "! {}{at}: {}", diagnostic.code.as_str(), diagnostic.message);
    }
    shown
}

fn place(at: &Location) -> String {
    match at.span {
        Some(Span::Lines { first, last }) if first == last => format!(" {first}"),
        Some(Span::Lines { first, last }) => format!(" {first}-{last}"),
        Some(Span::Bytes { start, end }) => format!(" bytes {start}..{end}"),
        Some(Span::Key(_)) | None => String::new(),
    }
}

fn show_value(value: &FactValue) -> String {
    match value {
        FactValue::Text(text) => text.clone(),
        FactValue::Int(number) => number.to_string(),
        FactValue::Digest(digest) => digest.to_string(),
        FactValue::List(items) => {
            format!("[{}]", items.iter().map(show_value).collect::<Vec<_>>().join(", "))
        }
        FactValue::Map(map) => map
            .iter()
            .map(|(key, value)| format!("{key}={}", show_value(value)))
            .collect::<Vec<_>>()
            .join(" "),
    }
}
