//! A JSON reader (RFC 8259) for lock files: every value with its place, and a partial tree when the
//! text breaks off.
//!
//! `extract::json` reads values through serde, which gives no places and abandons a value at its
//! first wrong byte: nothing would be left of a lock file that was cut. This reader keeps all
//! members of an object in order and reports equal keys, takes control characters inside strings
//! (and reports them), and stops at the first thing that it cannot understand with what it has.
//! Depth and number of values are bounded.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use crate::extract::text::shown;

/// A value with its place in the text.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Node<'t> {
    pub(super) value: Value<'t>,
    pub(super) span: Range<usize>,
}

/// A JSON value. Numbers are kept as they are written.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Value<'t> {
    Null,
    Bool(bool),
    Number(&'t str),
    Text(Cow<'t, str>),
    List(Vec<Node<'t>>),
    Map(Vec<Member<'t>>),
}

/// A member of an object.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Member<'t> {
    pub(super) key: Cow<'t, str>,
    /// From the key to the end of the value.
    pub(super) span: Range<usize>,
    pub(super) node: Node<'t>,
}

impl<'t> Node<'t> {
    /// The members, if it is an object; none otherwise.
    pub(super) fn members(&self) -> &[Member<'t>] {
        match &self.value {
            Value::Map(members) => members,
            _ => &[],
        }
    }

    /// The items, if it is an array; none otherwise.
    pub(super) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The value of `key`; of equal keys the last, as every JavaScript program sees it.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let found = self.members().iter().rev().find(|member| member.key == key);
        found.map(|member| &member.node)
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of `key`.
    pub(super) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// Whether `key` is `true`.
    pub(super) fn is_set(&self, key: &str) -> bool {
        self.get(key).is_some_and(|node| node.value == Value::Bool(true))
    }

    /// What kind of value it is, for messages.
    pub(super) const fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "a string",
            Value::List(_) => "an array",
            Value::Map(_) => "an object",
        }
    }
}

/// What is wrong with a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Fault {
    pub(super) kind: FaultKind,
    pub(super) at: usize,
    pub(super) message: String,
}

/// How much a fault matters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FaultKind {
    /// Two members of an object have one name; both were read.
    DuplicateKey,
    /// A bound was reached; reading stopped.
    Limit,
    /// Not JSON, but its meaning is clear; reading went on.
    Tolerated,
    /// Not JSON; reading stopped.
    Syntax,
}

/// Bounds of one document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Arrays and objects inside each other.
    pub(super) depth: u32,
    /// Values of all kinds.
    pub(super) values: u64,
}

/// The reader recurses once per level, so no setting may raise the depth beyond what a thread's
/// stack surely holds.
const MAX_DEPTH: u32 = 256;
/// Faults that reading survives are listed up to this number.
const MAX_FAULTS: usize = 100;

/// Reads a document. The tree holds everything before the fault at which reading stopped; `None`
/// when there was nothing.
pub(super) fn read(text: &str, bounds: Bounds) -> (Option<Node<'_>>, Vec<Fault>) {
    let mut reader = Reader { text, at: 0, bounds, values: 0, faults: Vec::new(), stopped: false };
    let node = reader.value(0);
    if !reader.stopped {
        reader.skip_space();
        if reader.at < text.len() {
            reader.stop("the end of the file");
        }
    }
    (node, reader.faults)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    bounds: Bounds,
    values: u64,
    faults: Vec<Fault>,
    stopped: bool,
}

impl<'t> Reader<'t> {
    fn value(&mut self, depth: u32) -> Option<Node<'t>> {
        self.skip_space();
        self.values += 1;
        if self.values > self.bounds.values {
            let limit = self.bounds.values;
            self.stop_at_limit(format!("the file has more than {limit} values"));
            return None;
        }
        let start = self.at;
        let value = match self.peek() {
            Some(b'{' | b'[') if depth >= self.bounds.depth.min(MAX_DEPTH) => {
                let limit = self.bounds.depth.min(MAX_DEPTH);
                self.stop_at_limit(format!("objects and arrays are nested deeper than {limit}"));
                return None;
            }
            Some(b'{') => Value::Map(self.members(depth)),
            Some(b'[') => Value::List(self.items(depth)),
            Some(b'"') => Value::Text(self.string()?),
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            _ => {
                self.stop("a value");
                return None;
            }
        };
        Some(Node { value, span: start..self.at })
    }

    fn members(&mut self, depth: u32) -> Vec<Member<'t>> {
        let mut members: Vec<Member<'t>> = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.take(b'}') {
            return members;
        }
        loop {
            self.skip_space();
            let start = self.at;
            if self.peek() != Some(b'"') {
                self.stop("a key in quotes");
                break;
            }
            let Some(key) = self.string() else { break };
            self.skip_space();
            if !self.take(b':') {
                self.stop("`:`");
                break;
            }
            let Some(node) = self.value(depth + 1) else { break };
            members.push(Member { key, span: start..self.at, node });
            self.skip_space();
            if self.stopped || self.take(b'}') {
                break;
            }
            if !self.take(b',') {
                self.stop("`,` or `}`");
                break;
            }
        }
        self.report_equal_keys(&members);
        members
    }

    fn report_equal_keys(&mut self, members: &[Member<'t>]) {
        let mut seen = HashSet::with_capacity(members.len());
        for member in members {
            if !seen.insert(&*member.key) {
                let key = shown(&member.key);
                let message = format!("the key `{key}` is given twice in one object");
                self.fault(FaultKind::DuplicateKey, member.span.start, message);
            }
        }
    }

    fn items(&mut self, depth: u32) -> Vec<Node<'t>> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.take(b']') {
            return items;
        }
        while let Some(node) = self.value(depth + 1) {
            items.push(node);
            self.skip_space();
            if self.stopped || self.take(b']') {
                break;
            }
            if !self.take(b',') {
                self.stop("`,` or `]`");
                break;
            }
        }
        items
    }

    /// Reads a string; it is borrowed from the text unless it has escapes.
    fn string(&mut self) -> Option<Cow<'t, str>> {
        let opening = self.at;
        self.at += 1;
        let mut start = self.at;
        let mut decoded = String::new();
        loop {
            match self.peek() {
                None => {
                    self.at = opening;
                    self.stop("a string that ends");
                    return None;
                }
                Some(b'"') => {
                    let rest = &self.text[start..self.at];
                    self.at += 1;
                    if decoded.is_empty() {
                        return Some(Cow::Borrowed(rest));
                    }
                    decoded.push_str(rest);
                    return Some(Cow::Owned(decoded));
                }
                Some(b'\\') => {
                    decoded.push_str(&self.text[start..self.at]);
                    decoded.push(self.escape()?);
                    start = self.at;
                }
                Some(byte) => {
                    if byte < 0x20 {
                        let message = format!("a string holds the control character 0x{byte:02x}");
                        self.fault(FaultKind::Tolerated, self.at, message);
                    }
                    self.at += 1;
                }
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let start = self.at;
        let letter = self.text.as_bytes().get(start + 1).copied();
        self.at += 2;
        let character = match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let Some(high) = self.hex4() else {
                    self.at = start;
                    self.stop("an escape with four hexadecimal digits");
                    return None;
                };
                self.surrogate(high)
            }
            _ => {
                self.at = start;
                self.stop("an escape that JSON knows");
                return None;
            }
        };
        Some(character)
    }

    /// The character of a UTF-16 unit, with the second half if one follows. A half without the
    /// other is valid JSON but no character: U+FFFD.
    fn surrogate(&mut self, high: u16) -> char {
        let after_first = self.at;
        if (0xD800..0xDC00).contains(&high)
            && self.take(b'\\')
            && self.take(b'u')
            && let Some(low) = self.hex4()
            && let Some(Ok(character)) = char::decode_utf16([high, low]).next()
        {
            return character;
        }
        self.at = after_first;
        char::from_u32(u32::from(high)).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    fn hex4(&mut self) -> Option<u16> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4)?;
        let value = digits.iter().try_fold(0, |value: u32, digit| {
            char::from(*digit).to_digit(16).map(|digit| value * 16 + digit)
        })?;
        self.at += 4;
        u16::try_from(value).ok()
    }

    fn number(&mut self) -> Option<&'t str> {
        let start = self.at;
        self.take(b'-');
        let is_whole = self.take(b'0') || self.digits();
        let has_fraction = !self.take(b'.') || self.digits();
        let has_exponent = if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'+') || self.take(b'-');
            self.digits()
        } else {
            true
        };
        if is_whole && has_fraction && has_exponent {
            return Some(&self.text[start..self.at]);
        }
        self.at = start;
        self.stop("a number");
        None
    }

    fn digits(&mut self) -> bool {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at > start
    }

    fn word(&mut self, word: &str, value: Value<'t>) -> Option<Value<'t>> {
        if self.text[self.at..].starts_with(word) {
            self.at += word.len();
            return Some(value);
        }
        self.stop("a value");
        None
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn stop(&mut self, expected: &str) {
        let found = match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(character) => format!("`{}`", character.escape_debug()),
            None => "the end of the file".to_owned(),
        };
        self.end(FaultKind::Syntax, format!("expected {expected}, found {found}"));
    }

    fn stop_at_limit(&mut self, message: String) {
        self.end(FaultKind::Limit, message);
    }

    fn end(&mut self, kind: FaultKind, message: String) {
        // Whoever called this returns at once, and so do all its callers.
        if !self.stopped {
            self.stopped = true;
            self.faults.push(Fault { kind, at: self.at, message });
        }
    }

    fn fault(&mut self, kind: FaultKind, at: usize, message: String) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault { kind, at, message });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { depth: 8, values: 100 };

    fn check(text: &str, tree: &str, faults: &[(FaultKind, usize)]) {
        let (node, found) = read(text, BOUNDS);
        assert_eq!(node.as_ref().map_or_else(String::new, show), tree, "{text}");
        let found: Vec<_> = found.iter().map(|fault| (fault.kind, fault.at)).collect();
        assert_eq!(found, faults, "{text}");
    }

    fn show(node: &Node<'_>) -> String {
        match &node.value {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Number(number) => (*number).to_owned(),
            Value::Text(text) => format!("'{text}'"),
            Value::List(items) => {
                format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" "))
            }
            Value::Map(members) => {
                let members = members.iter().map(|m| format!("{}:{}", m.key, show(&m.node)));
                format!("{{{}}}", members.collect::<Vec<_>>().join(" "))
            }
        }
    }

    #[test]
    fn reads_every_kind_of_value() {
        check(
            r#" {"a": [1, -2.5e+3, true, false, null, ""], "b": {}} "#,
            "{a:[1 -2.5e+3 true false null ''] b:{}}",
            &[],
        );
    }

    #[test]
    fn decodes_escapes_and_surrogates() {
        check(r#""\u00e9\n\ud83d\ude00""#, "'é\n😀'", &[]);
        check(r#""\ud83d-\udc00""#, "'\u{FFFD}-\u{FFFD}'", &[]);
        check(r#""\x""#, "", &[(FaultKind::Syntax, 1)]);
        check(r#""\u12"#, "", &[(FaultKind::Syntax, 1)]);
    }

    #[test]
    fn keeps_what_stands_before_a_syntax_error() {
        check(r#"{"a": {"b": 1, "c": }}"#, "{a:{b:1}}", &[(FaultKind::Syntax, 20)]);
        check(r#"[1, [2, 3"#, "[1 [2 3]]", &[(FaultKind::Syntax, 9)]);
        check(r#"{"a": 1} x"#, "{a:1}", &[(FaultKind::Syntax, 9)]);
        check("[01]", "[0]", &[(FaultKind::Syntax, 2)]);
        check("", "", &[(FaultKind::Syntax, 0)]);
    }

    #[test]
    fn keeps_both_of_two_equal_keys_and_reports_them() {
        check(r#"{"a": 1, "a": 2}"#, "{a:1 a:2}", &[(FaultKind::DuplicateKey, 9)]);
        let (node, _) = read(r#"{"a": 1, "a": 2}"#, BOUNDS);
        assert_eq!(node.unwrap().get("a").unwrap().value, Value::Number("2"));
    }

    #[test]
    fn takes_control_characters_inside_strings() {
        check("[\"a\nb\", 1]", "['a\nb' 1]", &[(FaultKind::Tolerated, 3)]);
    }

    #[test]
    fn stops_at_its_bounds() {
        check(&"[".repeat(100_000), "[[[[[[[[]]]]]]]]", &[(FaultKind::Limit, 8)]);
        let many = format!("[{}1]", "1,".repeat(200));
        let (node, faults) = read(&many, BOUNDS);
        assert_eq!(node.unwrap().items().len(), 99);
        assert_eq!(faults[0].kind, FaultKind::Limit);
    }

    #[test]
    fn knows_the_place_of_each_member() {
        let text = r#"{"a": 1, "bc": [2]}"#;
        let (node, _) = read(text, BOUNDS);
        let node = node.unwrap();
        assert_eq!(&text[node.members()[1].span.clone()], r#""bc": [2]"#);
        assert_eq!(&text[node.members()[1].node.span.clone()], "[2]");
    }
}
