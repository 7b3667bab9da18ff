//! Bytes of a small file as text, and text of a file as a message shows it.
//!
//! One rule for all formats: UTF-8, or UTF-16 when a byte order mark says so; marks are dropped,
//! undecodable bytes become U+FFFD, and whatever is not plain UTF-8 is reported.

use std::borrow::Cow;

use crate::model::{Code, Diagnostic, Location, SourcePath};

/// A decoded file.
pub(super) struct Decoded<'a> {
    /// The text without its byte order mark; undecodable bytes are U+FFFD.
    pub(super) text: Cow<'a, str>,
    /// How the bytes became text.
    pub(super) encoding: Encoding,
    /// The complaint, if the file is not UTF-8.
    pub(super) diagnostic: Option<Diagnostic>,
}

/// How bytes became text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Encoding {
    /// UTF-8 without a mark, or bytes that were taken for it.
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8WithMark,
    /// UTF-16 with a byte order mark.
    Utf16,
}

/// Decodes a file.
pub(super) fn decode<'a>(path: &SourcePath, bytes: &'a [u8]) -> Decoded<'a> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => decode_utf16(path, rest, u16::from_le_bytes, "little"),
        [0xFE, 0xFF, rest @ ..] => decode_utf16(path, rest, u16::from_be_bytes, "big"),
        [0xEF, 0xBB, 0xBF, rest @ ..] => decode_utf8(path, rest, Encoding::Utf8WithMark),
        _ => decode_utf8(path, bytes, Encoding::Utf8),
    }
}

fn decode_utf8<'a>(path: &SourcePath, bytes: &'a [u8], encoding: Encoding) -> Decoded<'a> {
    let diagnostic = std::str::from_utf8(bytes).err().map(|error| {
        let offset = error.valid_up_to();
        let line = line_at(bytes, offset);
        Diagnostic::new(
            Code::EncodingNotUtf8,
            Location::scanned(path).at_lines(line, line),
            format!(
                "the file is not UTF-8: byte `0x{:02x}` on line {line} starts no character",
                bytes[offset]
            ),
        )
        .help("undecodable bytes were read as U+FFFD; save the file as UTF-8")
    });
    Decoded { text: String::from_utf8_lossy(bytes), encoding, diagnostic }
}

fn decode_utf16<'a>(
    path: &SourcePath,
    bytes: &[u8],
    unit: fn([u8; 2]) -> u16,
    order: &str,
) -> Decoded<'a> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut broken_at = None;
    // The offset in the file counts the two bytes of the mark.
    let mut offset = 2;
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let character = character.unwrap_or_else(|_| {
            broken_at.get_or_insert(offset);
            char::REPLACEMENT_CHARACTER
        });
        text.push(character);
        offset += 2 * character.len_utf16();
    }
    if !odd.is_empty() {
        broken_at.get_or_insert(offset);
    }
    let mut message = format!("the file is UTF-16 with {order}-endian byte order mark, not UTF-8");
    if let Some(offset) = broken_at {
        message.push_str(&format!("; at byte {offset} stands no character"));
    }
    let diagnostic = Diagnostic::new(Code::EncodingNotUtf8, Location::scanned(path), message)
        .help("it was decoded here, but other tools read nothing in it; save it as UTF-8");
    Decoded { text: text.into(), encoding: Encoding::Utf16, diagnostic: Some(diagnostic) }
}

/// The line, from 1, of the byte at `offset`.
fn line_at(bytes: &[u8], offset: usize) -> u64 {
    let (mut line, mut end) = (1, first_line_end(bytes));
    while end <= offset && end < bytes.len() {
        end += first_line_end(&bytes[end..]);
        line += 1;
    }
    line
}

/// How many bytes the first line has, with its break: LF, CR LF or CR (YAML 1.2, section 5.4).
///
/// One rule for all: a reader that knows another break sees other lines, and a card can be
/// written so that it says something else there.
pub(super) fn first_line_end(bytes: &[u8]) -> usize {
    match bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        Some(index) if bytes[index..].starts_with(b"\r\n") => index + 2,
        Some(index) => index + 1,
        None => bytes.len(),
    }
}

/// `text`, cut to what a fact may hold, at a character boundary.
pub(super) fn cut(text: impl Into<String>, most_bytes: u64) -> String {
    let mut text = text.into();
    text.truncate(text.floor_char_boundary(usize::try_from(most_bytes).unwrap_or(usize::MAX)));
    text
}

/// A name or value from the file as a message shows it: its first line, cut, with control
/// characters, direction overrides and backticks escaped.
pub(super) fn shown(text: &str) -> String {
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    let start = first_characters(line);
    let mut shown = String::with_capacity(start.len());
    for character in start.chars() {
        if is_unprintable(character) || character == '`' {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    if start.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// The characters of a text that a message shows.
pub(super) fn first_characters(text: &str) -> &str {
    const MOST: usize = 80;
    text.char_indices().nth(MOST).map_or(text, |(end, _)| &text[..end])
}

/// Whether a character can change how the text around it is displayed.
pub(super) fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

/// The first bytes of a file as a message shows them.
pub(super) fn shown_bytes(bytes: &[u8]) -> String {
    bytes.iter().take(16).fold(String::new(), |mut text, byte| {
        if *byte == b'`' {
            text.push_str("\\x60");
        } else {
            text.extend(byte.escape_ascii().map(char::from));
        }
        text
    })
}

/// The lines of a text with their break.
pub(super) fn lines(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (line, rest) = text.split_at(first_line_end(text.as_bytes()));
        text = rest;
        (!line.is_empty()).then_some(line)
    })
}

/// The lines of a text with their number, counted from 1, without their break.
pub(super) fn numbered_lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    (1..).zip(lines(text).map(|line| line.trim_end_matches(['\n', '\r'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], text: &str, encoding: Encoding, message: Option<&str>) {
        let decoded = decode(&SourcePath::new("f"), bytes);
        assert_eq!(decoded.text, text);
        assert_eq!(decoded.encoding, encoding);
        assert_eq!(decoded.diagnostic.map(|d| d.message).as_deref(), message);
    }

    #[test]
    fn marks_are_dropped_and_what_is_not_utf8_is_reported() {
        check(b"a", "a", Encoding::Utf8, None);
        check(b"", "", Encoding::Utf8, None);
        check(b"\xEF\xBB\xBFa", "a", Encoding::Utf8WithMark, None);
        check(
            b"a\nAndr\xE9\n",
            "a\nAndr\u{FFFD}\n",
            Encoding::Utf8,
            Some("the file is not UTF-8: byte `0xe9` on line 2 starts no character"),
        );
        check(
            b"\xFE\xFF\0a",
            "a",
            Encoding::Utf16,
            Some("the file is UTF-16 with big-endian byte order mark, not UTF-8"),
        );
    }

    #[test]
    fn utf16_units_that_are_no_characters_are_located() {
        let message = |order: &str, at: usize| {
            format!(
                "the file is UTF-16 with {order}-endian byte order mark, not UTF-8; at byte {at} \
                 stands no character"
            )
        };
        let half_pair = b"\xFF\xFEa\0\x3D\xD8";
        check(half_pair, "a\u{FFFD}", Encoding::Utf16, Some(&message("little", 4)));
        let odd_byte = b"\xFE\xFF\0a\0";
        check(odd_byte, "a", Encoding::Utf16, Some(&message("big", 4)));
    }

    #[test]
    fn every_kind_of_break_ends_a_line() {
        let lines: Vec<_> = numbered_lines("a\r\nb\rc\n\nd").collect();
        assert_eq!(lines, [(1, "a"), (2, "b"), (3, "c"), (4, ""), (5, "d")]);
        assert_eq!(numbered_lines("").count(), 0);
        let places = [0, 2, 3, 4, 5, 6, 7].map(|offset| line_at(b"a\r\nb\rc\n\nd", offset));
        assert_eq!(places, [1, 1, 2, 2, 3, 3, 4]);
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        assert_eq!(cut("aéé", 3), "aé");
        assert_eq!(cut("aéé", 4), "aé");
        assert_eq!(cut("aéé", u64::MAX), "aéé");
        assert_eq!(shown("one\ntwo"), "one…");
        assert_eq!(shown("one"), "one");
        assert_eq!(shown(&"é".repeat(80)), "é".repeat(80));
        assert_eq!(shown(&"é".repeat(81)), format!("{}…", "é".repeat(80)));
        assert_eq!(shown("a`\u{202e}b"), "a\\u{60}\\u{202e}b");
    }
}
