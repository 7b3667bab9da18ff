//! Cuts a machine-readable copyright file of Debian into its paragraphs.
//!
//! Such a file begins with a `Format` field and says in each paragraph which files have which licence;
//! a licence text stands in one paragraph, since its empty lines are written as ` .`. The paragraphs
//! are about different files, so a condition in one says nothing about another; and packages share
//! them, so that a paragraph is recognised once for all packages that have it.
//! <https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/>

use crate::model::CapturedText;

/// Words of the `Format` field, of the standard and of its drafts.
const FORMATS: [&str; 3] = ["copyright-format", "/dep5", "machine-readable"];
/// The `Format` field stands this near to the beginning.
const HEAD_BYTES: usize = 500;

/// The parts of a text that are recognised one by one: paragraphs of a copyright file of Debian, for
/// any other file the whole. Each knows its first line in the file.
pub fn parts(captured: &CapturedText) -> Vec<CapturedText> {
    if !is_machine_readable(&captured.bytes) {
        return vec![captured.clone()];
    }
    let mut parts = Vec::new();
    let (mut start, mut first_line) = (0, captured.first_line);
    let (mut at, mut line) = (0, captured.first_line);
    for content in captured.bytes.split_inclusive(|byte| *byte == b'\n') {
        let end = at + content.len();
        line += 1;
        if content.iter().all(u8::is_ascii_whitespace) {
            push(&mut parts, captured, &captured.bytes[start..at], first_line);
            (start, first_line) = (end, line);
        }
        at = end;
    }
    push(&mut parts, captured, &captured.bytes[start..], first_line);
    parts
}

fn push(parts: &mut Vec<CapturedText>, whole: &CapturedText, bytes: &[u8], first_line: u64) {
    if !bytes.is_empty() {
        parts.push(CapturedText {
            path: whole.path.clone(),
            role: whole.role,
            bytes: bytes.into(),
            first_line,
        });
    }
}

fn is_machine_readable(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD_BYTES)]);
    let format = head.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let field = format.get(..6).is_some_and(|name| name.eq_ignore_ascii_case("format"));
    field && FORMATS.iter().any(|name| head.contains(name))
}

#[cfg(test)]
mod tests {
    use super::parts;
    use crate::model::{CapturedText, SourcePath, TextRole};

    fn check(text: &str, expected: &[(u64, &str)]) {
        let captured = CapturedText {
            path: SourcePath::new("usr/share/doc/x/copyright"),
            role: TextRole::License,
            bytes: text.as_bytes().into(),
            first_line: 1,
        };
        let found = parts(&captured);
        let found: Vec<(u64, String)> =
            found.iter().map(|part| (part.first_line, part.text().into_owned())).collect();
        let expected: Vec<(u64, String)> =
            expected.iter().map(|(line, text)| (*line, (*text).to_owned())).collect();
        assert_eq!(found, expected);
    }

    const FORMAT: &str =
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n";

    #[test]
    fn a_copyright_file_is_cut_where_its_paragraphs_end() {
        check(
            &format!(
                "{FORMAT}Source: x\n\nFiles: *\nLicense: A\n one\n .\n two\n\n\n \nLicense: B"
            ),
            &[
                (1, &format!("{FORMAT}Source: x\n")),
                (4, "Files: *\nLicense: A\n one\n .\n two\n"),
                (12, "License: B"),
            ],
        );
        check(FORMAT, &[(1, FORMAT)]);
    }

    #[test]
    fn any_other_text_stays_whole() {
        check("one\n\ntwo\n", &[(1, "one\n\ntwo\n")]);
        check("Format: a song\n\ntwo\n", &[(1, "Format: a song\n\ntwo\n")]);
        check("", &[(1, "")]);
    }
}
