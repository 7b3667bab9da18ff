//! CSV (RFC 4180): one row for each artifact, for spreadsheets and scripts.
//!
//! UTF-8 without a byte order mark, a header, `,` between cells, CRLF after every row. A cell that a
//! spreadsheet would take for a formula gets a `'` before it: names come from scanned files.

use std::borrow::Cow;
use std::io::{self, Write};

use super::Reporter;
use super::index::Index;
use super::plain::plain;
use super::row::{Row, rows};
use crate::model::Report;

/// Writes one row for each artifact; format id `csv`.
pub struct Csv;

const HEADER: [&str; 12] = [
    "kind",
    "name",
    "version",
    "purl",
    "license",
    "license_status",
    "effective_terms",
    "obligations_missing",
    "restrictions",
    "sha256",
    "path",
    "layer",
];

impl Reporter for Csv {
    fn format(&self) -> &'static str {
        "csv"
    }

    fn media_type(&self) -> &'static str {
        "text/csv"
    }

    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let index = Index::new(report);
        line(HEADER, out)?;
        rows(&index).try_for_each(|row| line(cells(&row).each_ref().map(String::as_str), out))
    }
}

fn cells(row: &Row<'_>) -> [String; HEADER.len()] {
    let missing: Vec<&str> = row.missing.iter().map(String::as_str).collect();
    [
        row.kind.to_owned(),
        plain(&row.name),
        plain(row.version),
        plain(row.purl),
        plain(row.license),
        row.status.name().to_owned(),
        plain(row.effective),
        plain(&missing.join("; ")),
        row.restrictions.to_string(),
        plain(&row.sha256.join(" ")),
        plain(&row.path),
        row.layer.map(|layer| layer.to_string()).unwrap_or_default(),
    ]
}

fn line(cells: [&str; HEADER.len()], out: &mut dyn Write) -> io::Result<()> {
    let cells = cells.map(cell);
    write!(out, "{}\r\n", cells.join(","))
}

fn cell(text: &str) -> Cow<'_, str> {
    let text = harmless(text);
    if text.contains([',', '"', '\r', '\n']) {
        return Cow::Owned(format!("\"{}\"", text.replace('"', "\"\"")));
    }
    text
}

/// What spreadsheets take for the start of a formula, also in full width; a tab or line end before
/// it is skipped by some of them, and so are spaces.
fn harmless(text: &str) -> Cow<'_, str> {
    let starts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.trim_start().starts_with(starts) || text.starts_with(starts) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_quoted_and_no_formulas() {
        for (text, expected) in [
            ("plain-1.0", "plain-1.0"),
            ("a, b", "\"a, b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM", "'@SUM"),
            ("  =1", "'  =1"),
            ("\t=1", "'\t=1"),
            ("＝1", "'＝1"),
            ("", ""),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }
}
