//! The Markdown below the front matter: its title, and licence lines in it.

use crate::extract::capture::Captured;
use crate::extract::text::{self, Decoded, Encoding};
use crate::extract::{Extraction, names};
use crate::model::{CapturedText, Code, Diagnostic, Fact, TextRole};

/// Licence lines of one body that are reported.
const LICENSE_LINES: usize = 32;

/// A licence line that is longer is a sentence about something.
const LICENSE_LINE_BYTES: usize = 200;

/// Reports what stands from line `from` on.
pub(super) fn read(file: &Captured, decoded: &Decoded<'_>, from: u64, into: &mut Extraction) {
    let mut fence: Option<&str> = None;
    let (mut has_title, mut licenses) = (false, 0);
    let lines = text::numbered_lines(&decoded.text).filter(|(number, _)| *number >= from);
    for (number, line) in lines {
        // A code block ends with at least the marks that began it (CommonMark 0.31, section 4.5).
        if let Some(marks) = fence_marks(line) {
            match fence {
                None => fence = Some(marks),
                Some(open) if marks.starts_with(open) => fence = None,
                Some(_) => {}
            }
            continue;
        }
        if fence.is_some() {
            continue;
        }
        let at = file.whole().at_lines(number, number);
        if let (false, Some(title)) = (has_title, title(line)) {
            has_title = true;
            into.facts.push(Fact::new(
                names::CARD_TITLE,
                text::cut(title, file.limits.fact_text_bytes),
                at,
            ));
        } else if let Some(license) = license_line(line) {
            licenses += 1;
            if licenses > LICENSE_LINES {
                into.diagnostics.push(too_many(file, number));
                break;
            }
            let license = text::cut(license, file.limits.fact_text_bytes);
            into.facts.push(Fact::new(names::CARD_BODY_LICENSE, license, at));
        }
    }
    capture(file, decoded, from, into);
}

fn too_many(file: &Captured, line: u64) -> Diagnostic {
    Diagnostic::new(
        Code::LimitReached,
        file.whole().at_lines(line, line),
        format!(
            "the card has more than {LICENSE_LINES} lines `license: …` outside the front matter"
        ),
    )
    .help("the lines after that were not read")
}

/// The marks that open or close a code block.
fn fence_marks(line: &str) -> Option<&str> {
    let line = line.trim_start();
    ['`', '~'].into_iter().find_map(|mark| {
        let end = line.find(|c| c != mark).unwrap_or(line.len());
        (end >= 3).then(|| &line[..end])
    })
}

/// The text of a heading of the first level.
fn title(line: &str) -> Option<&str> {
    let title = line.strip_prefix("# ")?.trim().trim_end_matches('#').trim_end();
    (!title.is_empty()).then_some(title)
}

/// The value of a line `license: …` in the first column.
fn license_line(line: &str) -> Option<&str> {
    let (key, value) = line.split_once(':')?;
    let is_license = ["license", "licence"].iter().any(|word| key.eq_ignore_ascii_case(word));
    let value = value.trim();
    (is_license && !value.is_empty() && value.len() <= LICENSE_LINE_BYTES).then_some(value)
}

fn capture(file: &Captured, decoded: &Decoded<'_>, from: u64, into: &mut Extraction) {
    // The bytes of a UTF-16 file would be text to nobody.
    let bytes = match decoded.encoding {
        Encoding::Utf16 => decoded.text.as_bytes(),
        Encoding::Utf8 | Encoding::Utf8WithMark => &file.bytes,
    };
    let mut rest = bytes;
    for _ in 1..from {
        rest = &rest[text::first_line_end(rest)..];
    }
    if !rest.trim_ascii().is_empty() {
        let (path, role) = (file.path.clone(), TextRole::Card);
        into.texts.push(CapturedText { path, role, bytes: rest.into(), first_line: from });
    }
}
