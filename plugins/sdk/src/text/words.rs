//! Words of a text, as fingerprints see them.
//!
//! - A word is a run of alphanumeric characters (Unicode), in lower case. Everything else only
//!   separates: punctuation, quotes and dashes of any kind, Markdown marks, comment leaders.
//!   U+00AD and U+200B to U+200D inside a word are skipped.
//! - HTML tags, HTML entities and the targets of Markdown links vanish. Comments do not: whoever
//!   opens the file reads them.
//! - List markers vanish: one or two digits, one letter, or a Roman numeral up to five letters,
//!   in parentheses or followed by `.` or `)`, between spaces: `(a)`, `1.`, `iv)`. So numbered and
//!   bulleted copies of a text are the same text.
//! - A line that is only a copyright notice vanishes: it begins with `copyright` and a year, a sign
//!   or a placeholder follows; or with `©`; or with `(c)` right before a year or `copyright`. It has
//!   at most 40 words and neither `license` nor `agreement`, which would be a title. The notice ends
//!   before `permission`, `redistribution`, `redistributions` or `licensed`.
//! - Spelling is folded: `https` is `http`, `licence` inside a word is `license`, `non-x` is `nonx`.
//! - Names in places where each author puts one vanish: see `replaceable.rs`.
//!
//! The same applies to the known text and to the scanned one.

use std::collections::VecDeque;

use super::replaceable::{BEFORE_WORDS, LOOKAHEAD_WORDS, name_words};
use super::word_hash;

/// A copyright line has at most this many words; a longer one is a text on a single line.
const NOTICE_WORDS: usize = 40;
/// A tag, entity or link target ends within this many bytes, else it is text.
const MARK_BYTES: usize = 1000;
/// A year is looked for this far into a line that begins with `copyright`.
const LINE_BYTES: usize = 1000;
/// And this far into one that begins with `(c)`.
const SIGN_BYTES: usize = 6;
/// A word is hashed up to here; the rest of a longer run is skipped.
const WORD_BYTES: usize = 200;

const TAGS: [&str; 40] = [
    "a",
    "b",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "html",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "td",
    "tr",
    "u",
    "ul",
];

/// A word of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Word {
    /// [`word_hash`] of the normalised word.
    pub hash: u64,
    /// The line it stands in, from 1.
    pub line: u32,
}

/// The words of `text`, in order. Linear in the text; holds one line's words at a time.
pub fn words(text: &str) -> Words<'_> {
    Words {
        lines: text.split('\n'),
        line: 0,
        word: String::new(),
        ahead: VecDeque::new(),
        behind: VecDeque::with_capacity(BEFORE_WORDS + 1),
        vanished: Vec::new(),
    }
}

/// Iterator over the words of a text; made by [`words`].
#[derive(Clone, Debug)]
pub struct Words<'a> {
    lines: std::str::Split<'a, char>,
    line: u32,
    word: String,
    ahead: VecDeque<Word>,
    behind: VecDeque<u64>,
    vanished: Vec<Word>,
}

impl Iterator for Words<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        self.fill();
        let names = name_words(&self.behind, &self.ahead);
        self.vanished.extend(self.ahead.drain(..names));
        self.fill();
        let word = self.ahead.pop_front()?;
        if self.behind.len() == BEFORE_WORDS {
            self.behind.pop_front();
        }
        self.behind.push_back(word.hash);
        Some(word)
    }
}

impl Words<'_> {
    /// The words of copyright lines and names that were passed so far. They are no part of the
    /// text, yet somebody may have written a condition there.
    pub fn vanished(&self) -> &[Word] {
        &self.vanished
    }

    fn fill(&mut self) {
        while self.ahead.len() < LOOKAHEAD_WORDS {
            let Some(line) = self.lines.next() else { return };
            self.line = self.line.saturating_add(1);
            let first = self.ahead.len();
            let mut scanner = Scanner { text: line, at: 0, line: self.line, word: &mut self.word };
            self.ahead.extend(&mut scanner);
            if let Some(notice) = notice_words(line, self.ahead.range(first..)) {
                self.vanished.extend(self.ahead.drain(first..first + notice));
            }
        }
    }
}

/// How many of a line's words are a copyright notice; `None` when the line is not one.
fn notice_words<'a>(line: &str, words: impl Iterator<Item = &'a Word>) -> Option<usize> {
    const COPYRIGHT: u64 = word_hash("copyright");
    const ENDS: [u64; 4] = [
        word_hash("permission"),
        word_hash("redistribution"),
        word_hash("redistributions"),
        word_hash("licensed"),
    ];
    const TITLES: [u64; 2] = [word_hash("agreement"), word_hash("license")];
    let text = line.trim_start_matches(|c: char| !c.is_alphanumeric() && !"(©".contains(c));
    let sign = |text: &str| {
        text.starts_with('©') || text.get(..3).is_some_and(|mark| mark.eq_ignore_ascii_case("(c)"))
    };
    let named = text.get(..9).is_some_and(|word| word.eq_ignore_ascii_case("copyright"));
    if !named && !sign(text) {
        return None;
    }
    // `(c)` is also a list marker: alone it needs a year right behind it.
    let rest = if named { &text[9..] } else { text };
    let rest = rest.trim_start_matches([' ', '\t', ':', '*', '_']);
    let is_notice = match (named, rest.starts_with('©')) {
        (_, true) => true,
        (true, false) => {
            sign(rest) || rest.starts_with(['<', '[', '{']) || has_year(rest, LINE_BYTES)
        }
        (false, false) => has_year(rest, SIGN_BYTES) || names_copyright(rest),
    };
    if !is_notice {
        return None;
    }
    let hashes: Vec<u64> = words.map(|word| word.hash).take(NOTICE_WORDS + 1).collect();
    let end = hashes.iter().position(|hash| ENDS.contains(hash)).unwrap_or(hashes.len());
    let notice = &hashes[..end];
    let starts_as_notice = !named || notice.first() == Some(&COPYRIGHT);
    let holds_title = notice.iter().any(|hash| TITLES.contains(hash));
    (starts_as_notice && !holds_title && end <= NOTICE_WORDS).then_some(end)
}

/// `(c) Copyright`.
fn names_copyright(text: &str) -> bool {
    text.get(3..).is_some_and(|rest| {
        rest.trim_start().get(..9).is_some_and(|word| word.eq_ignore_ascii_case("copyright"))
    })
}

/// Whether a year from 1900 to 2099, or `yyyy`, begins among the first bytes.
fn has_year(text: &str, bytes: usize) -> bool {
    text.as_bytes().windows(4).take(bytes).any(|four| {
        four.eq_ignore_ascii_case(b"yyyy")
            || ((four.starts_with(b"19") || four.starts_with(b"20"))
                && four[2..].iter().all(u8::is_ascii_digit))
    })
}

/// Cuts one line into words.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    /// Holds the word that is being read; reused for every word of the text.
    word: &'a mut String,
}

impl Iterator for &mut Scanner<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        loop {
            let rest = &self.text[self.at..];
            let next = rest.chars().next()?;
            if next.is_alphanumeric() {
                let start = self.at;
                let hash = self.run();
                if !self.is_list_marker(start) {
                    return Some(Word { hash, line: self.line });
                }
            } else {
                self.at += mark_bytes(rest).unwrap_or(next.len_utf8());
            }
        }
    }
}

impl Scanner<'_> {
    /// Consumes a run of alphanumeric characters and gives its hash.
    fn run(&mut self) -> u64 {
        let start = self.at;
        self.word.clear();
        while let Some(next) = self.text[self.at..].chars().next() {
            if next.is_alphanumeric() {
                if self.word.len() < WORD_BYTES {
                    self.word.extend(next.to_lowercase());
                }
            } else if !matches!(next, '\u{ad}' | '\u{200b}'..='\u{200d}') && !self.joins(start) {
                break;
            }
            self.at += next.len_utf8();
        }
        folded_hash(self.word)
    }

    /// Whether a hyphen here joins `non` with what follows it.
    fn joins(&self, start: usize) -> bool {
        let mut rest = self.text[self.at..].chars();
        self.text[start..self.at].eq_ignore_ascii_case("non")
            && matches!(rest.next(), Some('-' | '\u{2010}' | '\u{2011}'))
            && rest.next().is_some_and(char::is_alphanumeric)
    }

    fn is_list_marker(&self, start: usize) -> bool {
        let run = &self.text.as_bytes()[start..self.at];
        let digits = run.len() <= 2 && run.iter().all(u8::is_ascii_digit);
        let letter = run.len() == 1 && run[0].is_ascii_alphabetic();
        let roman = run.len() <= 5 && run.iter().all(|byte| b"ivxIVX".contains(byte));
        if !digits && !letter && !roman {
            return false;
        }
        let edge = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || "*_#>•·".contains(c));
        let mut before = self.text[..start].chars().rev();
        let mut after = self.text[self.at..].chars();
        let (first_before, first_after) = (before.next(), after.next());
        let opened = first_before == Some('(') && edge(before.next());
        match first_after {
            Some(')') => (opened || edge(first_before)) && edge(after.next()),
            Some('.') => edge(first_before) && edge(after.next()),
            _ => false,
        }
    }
}

/// How many bytes of an HTML tag, an HTML entity or a link target begin here.
fn mark_bytes(text: &str) -> Option<usize> {
    let bytes = &text.as_bytes()[..text.len().min(MARK_BYTES)];
    let close = |end: u8| bytes.iter().position(|&byte| byte == end).map(|at| at + 1);
    match bytes.first()? {
        b'<' => {
            let name = bytes[1..].strip_prefix(b"/").unwrap_or(&bytes[1..]);
            let length = name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            let ends = matches!(name.get(length), Some(b'>' | b'/' | b' ' | b'\t'));
            let name = std::str::from_utf8(&name[..length]).ok()?.to_ascii_lowercase();
            (ends && TAGS.binary_search(&name.as_str()).is_ok()).then(|| close(b'>')).flatten()
        }
        b'&' => close(b';').filter(|&length| {
            (3..=10).contains(&length)
                && bytes[1..length - 1]
                    .iter()
                    .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'#')
        }),
        b']' if [&b"](http"[..], b"](#", b"](/", b"](mailto:", b"](./"]
            .iter()
            .any(|start| bytes.starts_with(start)) =>
        {
            close(b')')
        }
        _ => None,
    }
}

/// The hash of a word with its spelling folded.
fn folded_hash(word: &str) -> u64 {
    if word == "https" {
        word_hash("http")
    } else if word.contains("licence") {
        word_hash(&word.replace("licence", "license"))
    } else {
        word_hash(word)
    }
}
