//! HTML as visible lines, each with its number in the file.
//!
//! A small converter, not a browser: tags begin and end lines and items, character references are
//! replaced, and what no reader sees is dropped: comments, scripts, styles, templates, elements
//! that are `hidden` or styled away, and struck-out text. Style sheets are not applied.

use super::{Line, LineKind};

/// Elements whose content is no text of the page, or struck out; sorted.
const DROPPED: [&str; 10] =
    ["del", "head", "noscript", "s", "script", "select", "strike", "style", "svg", "template"];

/// Elements that have no content; sorted.
const EMPTY: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// Elements inside a line; every other one begins and ends lines. Sorted.
const INLINE: [&str; 24] = [
    "a", "abbr", "b", "cite", "code", "em", "font", "i", "ins", "kbd", "label", "mark", "q",
    "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
];

/// Elements whose content is read as it stands, up to their end; sorted.
const RAW: [&str; 2] = ["script", "style"];

/// A character reference is at most this long.
const REFERENCE_BYTES: usize = 12;

/// Visible lines of an HTML file.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut page = Page { number: 1, ..Page::default() };
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let taken = match next {
            '<' => page.markup(rest),
            '&' => page.reference(rest),
            _ => {
                page.text(next);
                next.len_utf8()
            }
        };
        page.number += rest[..taken].matches('\n').count() as u64;
        rest = &rest[taken..];
    }
    page.end_line();
    page.lines
}

#[derive(Default)]
struct Page {
    lines: Vec<Line>,
    number: u64,
    /// What stands in the line so far, and where it began.
    line: String,
    line_number: u64,
    kind: Option<LineKind>,
    /// Lists that are open.
    depth: usize,
    /// The elements inside an element that is not seen; it is the first of them.
    unseen: Vec<String>,
}

impl Page {
    fn text(&mut self, character: char) {
        if !self.unseen.is_empty() {
            return;
        }
        if character.is_whitespace() {
            // The end of a line in the file is one for line numbers only.
            if character == '\n' && !self.line.is_empty() {
                self.wrap();
            } else if !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
            return;
        }
        if self.line.is_empty() {
            self.line_number = self.number;
        }
        self.line.push(character);
    }

    /// Ends the line and goes on with the same paragraph.
    fn wrap(&mut self) {
        let text = std::mem::take(&mut self.line);
        let text = text.trim();
        if !text.is_empty() {
            let kind = match self.kind {
                Some(LineKind::Item) => {
                    self.kind = None;
                    LineKind::Item
                }
                Some(kind) => kind,
                None => LineKind::Text,
            };
            let indent = 2 * self.depth;
            let text = text.to_owned();
            self.lines.push(Line { number: self.line_number, indent, kind, text });
        }
    }

    /// Ends the line and the paragraph.
    fn end_line(&mut self) {
        self.wrap();
        if self.lines.last().is_some_and(|line| line.kind != LineKind::Break) {
            let number = self.number;
            self.lines.push(Line { number, indent: 0, kind: LineKind::Break, text: String::new() });
        }
    }

    /// A tag or comment at the start of `rest`; how many bytes it has.
    fn markup(&mut self, rest: &str) -> usize {
        if let Some(comment) = rest.strip_prefix("<!--") {
            return comment.find("-->").map_or(rest.len(), |end| end + "<!---->".len());
        }
        let inner = &rest[1..];
        let name_at = usize::from(inner.starts_with('/'));
        let is_tag = inner[name_at..].starts_with(|c: char| c.is_ascii_alphabetic());
        if !is_tag && !inner.starts_with(['!', '?']) {
            self.text('<');
            return 1;
        }
        let length = tag_bytes(rest);
        if !is_tag {
            return length;
        }
        let tag = &rest[1 + name_at..length];
        let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
        let name = tag[..end].to_ascii_lowercase();
        let attributes = tag[end..].to_ascii_lowercase();
        if name_at == 1 {
            self.close(&name);
            return length;
        }
        self.open(&name, &attributes);
        if RAW.binary_search(&name.as_str()).is_ok() {
            let close = format!("</{name}");
            let body = &rest.as_bytes()[length..];
            let end = body
                .windows(close.len())
                .position(|window| window.eq_ignore_ascii_case(close.as_bytes()));
            return length + end.unwrap_or(body.len());
        }
        length
    }

    fn open(&mut self, name: &str, attributes: &str) {
        let is_empty = EMPTY.binary_search(&name).is_ok();
        if !self.unseen.is_empty() {
            if !is_empty {
                self.unseen.push(name.to_owned());
            }
            return;
        }
        if INLINE.binary_search(&name).is_err() && DROPPED.binary_search(&name).is_err() {
            self.end_line();
        }
        if (DROPPED.binary_search(&name).is_ok() || is_hidden(attributes)) && !is_empty {
            self.unseen.push(name.to_owned());
            return;
        }
        match name {
            "ul" | "ol" | "dl" => self.depth += 1,
            "li" | "dd" | "tr" => self.kind = Some(LineKind::Item),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.kind = Some(LineKind::Heading),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if !self.unseen.is_empty() {
            // An end that nothing began is no end.
            if let Some(at) = self.unseen.iter().rposition(|open| open == name) {
                self.unseen.truncate(at);
            }
            return;
        }
        if INLINE.binary_search(&name).is_ok() {
            return;
        }
        self.end_line();
        self.kind = None;
        if matches!(name, "ul" | "ol" | "dl") {
            self.depth = self.depth.saturating_sub(1);
        }
    }

    /// A character reference at the start of `rest`; how many bytes it has.
    fn reference(&mut self, rest: &str) -> usize {
        let head = &rest[..rest.floor_char_boundary(REFERENCE_BYTES)];
        if let Some(end) = head.find(';')
            && let Some(character) = character(&head[1..end])
        {
            self.text(character);
            return end + 1;
        }
        self.text('&');
        1
    }
}

/// How many bytes a tag has: `>` inside a quoted value does not end it.
fn tag_bytes(rest: &str) -> usize {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    rest.len()
}

/// Whether the attributes of an element take it out of sight.
fn is_hidden(attributes: &str) -> bool {
    let compact: String = attributes.chars().filter(|c| !c.is_whitespace()).collect();
    let bare = |name: &str| {
        let mut words = attributes.split(|c: char| c.is_whitespace() || c == '/' || c == '>');
        words.any(|word| word.split('=').next() == Some(name))
    };
    bare("hidden") || compact.contains("display:none") || compact.contains("visibility:hidden")
}

/// The character that a reference means.
fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != '\0');
    }
    Some(match name {
        "amp" => '&',
        "apos" => '\'',
        "bull" => '•',
        "copy" => '©',
        "gt" => '>',
        "hellip" => '…',
        "ldquo" => '“',
        "lsquo" => '‘',
        "lt" => '<',
        "mdash" => '—',
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "ndash" => '–',
        "quot" => '"',
        "rdquo" => '”',
        "reg" => '®',
        "rsquo" => '’',
        "sect" => '§',
        "shy" => '\u{ad}',
        "trade" => '™',
        _ => return None,
    })
}
