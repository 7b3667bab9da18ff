//! Bytes of a small file as text: byte order marks, UTF-16, and bytes that are no UTF-8.

use std::borrow::Cow;

use crate::model::{Code, Diagnostic, Limits, Location, SourcePath};

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
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: String =
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    let diagnostic = Diagnostic::new(
        Code::EncodingNotUtf8,
        Location::scanned(path),
        format!("the file is UTF-16 with {order}-endian byte order mark, not UTF-8"),
    )
    .help("it was decoded here, but other tools read nothing in it; save it as UTF-8");
    Decoded { text: text.into(), encoding: Encoding::Utf16, diagnostic: Some(diagnostic) }
}

/// The line, from 1, of the byte at `offset`.
fn line_at(bytes: &[u8], offset: usize) -> u64 {
    1 + bytes[..offset].iter().filter(|byte| **byte == b'\n').count() as u64
}

/// `text`, cut to what a fact may hold, at a character boundary.
pub(super) fn cut(text: &str, limits: &Limits) -> String {
    let most = usize::try_from(limits.fact_text_bytes).unwrap_or(usize::MAX);
    text[..text.floor_char_boundary(most)].to_owned()
}

/// A value from a file, short enough for a message.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 80;
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    let start = &line[..line.floor_char_boundary(MOST)];
    if start.len() == text.len() { start.to_owned() } else { format!("{start}…") }
}

/// The lines of a text with their number, counted from 1, without their line break.
pub(super) fn numbered_lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    (1..).zip(text.lines())
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
            b"\xFF\xFEa\0\x3D\xD8",
            "a\u{FFFD}",
            Encoding::Utf16,
            Some("the file is UTF-16 with little-endian byte order mark, not UTF-8"),
        );
        check(
            b"\xFE\xFF\0a\0",
            "a",
            Encoding::Utf16,
            Some("the file is UTF-16 with big-endian byte order mark, not UTF-8"),
        );
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        let limits = Limits { fact_text_bytes: 3, ..Limits::default() };
        assert_eq!(cut("aéé", &limits), "aé");
        assert_eq!(shown("one\ntwo"), "one…");
        assert_eq!(shown("one"), "one");
    }
}
