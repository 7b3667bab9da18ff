//! The vendor's agreement with its customers as passages: headings, sentences and items of lists,
//! each with the words that lead into it and its lines in the file.
//!
//! Only what a reader sees counts: markup, comments, scripts, hidden and struck-out text are
//! dropped. The vendor names the file, so nothing here is a diagnostic: a file that cannot be read
//! as an agreement is an error.
//!
//! | part | does |
//! |---|---|
//! | `html`, `markdown` | a file as visible lines |
//! | `marker` | what stands before an item: `(a)`, `3.2`, `-` |
//! | `outline` | which lines are one paragraph or item, and what leads into it |
//! | `sentence` | where sentences and the items of a running list end |

mod html;
mod markdown;
mod marker;
mod outline;
mod sentence;

use std::borrow::Cow;

use crate::model::{Agreement, UserFile};

/// Most passages of one file.
const PASSAGES: usize = 50_000;

/// Formats of an agreement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// `.html`, `.htm`
    Html,
    /// `.md`
    Markdown,
    /// `.txt`
    Text,
}

impl Format {
    /// The format of a file by the ending of its name.
    pub fn of(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "htm" | "html" => Some(Self::Html),
            "md" => Some(Self::Markdown),
            "txt" => Some(Self::Text),
            _ => None,
        }
    }
}

/// Why a file is no agreement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// No words in it can be seen.
    Empty,
    /// It is binary.
    NotText,
    /// It has more passages than are read.
    TooManyPassages,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("no words in it can be seen"),
            Self::NotText => f.write_str("it is binary, not a text"),
            Self::TooManyPassages => write!(f, "it has more than {PASSAGES} sentences and items"),
        }
    }
}

impl std::error::Error for Refused {}

/// Cuts the bytes of `file` into passages.
///
/// # Errors
/// When it is binary, has no visible words, or more passages than are read.
pub fn read(file: UserFile, format: Format, bytes: &[u8]) -> Result<Agreement, Refused> {
    let text = decode(bytes)?;
    let lines = match format {
        Format::Html => html::lines(&text),
        Format::Markdown => markdown::lines(&text),
        Format::Text => plain(&text),
    };
    let passages = outline::passages(&lines);
    if passages.is_empty() {
        return Err(Refused::Empty);
    }
    if passages.len() > PASSAGES {
        return Err(Refused::TooManyPassages);
    }
    Ok(Agreement { file, passages })
}

/// A visible line: its number in the file, how far it is indented, its words.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Line {
    number: u64,
    indent: usize,
    kind: LineKind,
    text: String,
}

/// What the format itself says of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum LineKind {
    /// Nothing stands here; what follows is another paragraph.
    Break,
    /// A heading.
    Heading,
    /// The first line of an item that has no marker of its own in the text.
    Item,
    /// Anything else.
    Text,
}

/// Words of a file: UTF-8, or UTF-16 with its mark. Bytes that are neither become U+FFFD, which
/// separates words as the quotation marks do that such files usually mean.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Refused> {
    let utf16 = |unit: fn([u8; 2]) -> u16| {
        let (pairs, _) = bytes[2..].as_chunks::<2>();
        let units = pairs.iter().map(|pair| unit(*pair));
        let text: String =
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        Cow::Owned(text)
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => utf16(u16::from_le_bytes),
        [0xfe, 0xff, ..] => utf16(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
    };
    if text.contains('\0') { Err(Refused::NotText) } else { Ok(text) }
}

/// Lines of a file without markup.
fn plain(text: &str) -> Vec<Line> {
    let numbered = (1..).zip(text.lines());
    let mut lines: Vec<Line> = numbered.map(|(number, line)| as_written(number, line)).collect();
    for at in 0..lines.len() {
        let stands_alone = at == 0 || lines[at - 1].kind != LineKind::Text;
        if stands_alone && lines[at].kind == LineKind::Text && is_title(&lines[at].text) {
            lines[at].kind = LineKind::Heading;
        }
    }
    lines
}

/// A line in capitals that ends like no sentence.
fn is_title(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
        && !text.chars().any(char::is_lowercase)
        && !text.ends_with([':', ';', '.', ','])
        && text.split_whitespace().count() <= 10
}

fn as_written(number: u64, line: &str) -> Line {
    let text = line.trim();
    let indent =
        line.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { 4 } else { 1 }).sum();
    let kind =
        if text.chars().any(char::is_alphanumeric) { LineKind::Text } else { LineKind::Break };
    Line { number, indent, kind, text: text.to_owned() }
}

#[cfg(test)]
mod tests;
