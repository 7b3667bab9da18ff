//! Bytes of a manifest as text, and where its lines begin.

use std::ops::Range;

/// How the bytes of a file were turned into text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Decoding {
    /// Every byte was understood.
    Exact,
    /// The first bytes that were not are at this offset; they became U+FFFD.
    Lossy {
        /// Offset of the first such byte in the file.
        at: usize,
    },
}

/// Decodes UTF-8, or UTF-16 when a byte order mark says so (PowerShell's redirection writes it).
/// Byte order marks are dropped.
pub(super) fn decode(bytes: Vec<u8>) -> (String, Decoding) {
    match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => decode_utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => decode_utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => decode_utf8(rest.to_vec(), 3),
        _ => decode_utf8(bytes, 0),
    }
}

fn decode_utf8(bytes: Vec<u8>, mark_bytes: usize) -> (String, Decoding) {
    match String::from_utf8(bytes) {
        Ok(text) => (text, Decoding::Exact),
        Err(error) => {
            let at = mark_bytes + error.utf8_error().valid_up_to();
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), Decoding::Lossy { at })
        }
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (String, Decoding) {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut decoding = Decoding::Exact;
    // The offset in the file counts the two bytes of the mark.
    let mut offset = 2;
    for unit in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match unit {
            Ok(character) => {
                text.push(character);
                offset += character.len_utf16() * 2;
            }
            Err(_) => {
                text.push(char::REPLACEMENT_CHARACTER);
                if decoding == Decoding::Exact {
                    decoding = Decoding::Lossy { at: offset };
                }
                offset += 2;
            }
        }
    }
    if !odd.is_empty() && decoding == Decoding::Exact {
        decoding = Decoding::Lossy { at: offset };
    }
    (text, decoding)
}

/// Cuts `text` to at most `bytes` bytes without splitting a character.
pub(super) fn cut(mut text: String, bytes: usize) -> String {
    if text.len() > bytes {
        text.truncate(text.floor_char_boundary(bytes));
    }
    text
}

/// At most 80 bytes of `text`, for a message. Whoever prints the message escapes it.
pub(super) fn excerpt(text: &str) -> &str {
    &text[..text.floor_char_boundary(80)]
}

/// Finds the line of a byte offset.
///
/// It counts the line breaks before every 4096th byte once, so that a file of nothing but line
/// breaks costs a thousandth of its size, and a query looks at one block.
pub(super) struct LineIndex {
    breaks_before_block: Vec<u64>,
}

impl LineIndex {
    const BLOCK_BYTES: usize = 4096;

    pub(super) fn new(text: &str) -> Self {
        let mut breaks = 0;
        let blocks = text.as_bytes().chunks(Self::BLOCK_BYTES).map(|block| {
            let before = breaks;
            breaks += count_breaks(block);
            before
        });
        Self { breaks_before_block: blocks.collect() }
    }

    /// The line, counted from 1, that holds the byte at `offset`.
    pub(super) fn line(&self, text: &str, offset: usize) -> u64 {
        let offset = offset.min(text.len());
        let Some(before) = self.breaks_before_block.get(offset / Self::BLOCK_BYTES) else {
            // Only an offset at the very end, on the border of a block, has no block of its own.
            return 1 + count_breaks(text.as_bytes());
        };
        let block_start = offset / Self::BLOCK_BYTES * Self::BLOCK_BYTES;
        1 + before + count_breaks(&text.as_bytes()[block_start..offset])
    }

    /// First and last line of `span`.
    pub(super) fn lines(&self, text: &str, span: &Range<usize>) -> (u64, u64) {
        let last_byte = span.end.saturating_sub(1).max(span.start);
        (self.line(text, span.start), self.line(text, last_byte))
    }
}

fn count_breaks(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}
