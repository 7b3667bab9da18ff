//! JSON configuration files: the wanted fields of one object, in file order, duplicates included.
//!
//! Fields that nobody wants are passed over without being kept, so memory follows the wanted
//! values and not the file. What stands before an error is kept. `NaN` and `Infinity`, which
//! Python writes, are read as absent values instead of losing the file.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

use serde::Deserialize as _;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::capture::Captured;
use super::text::{self, Encoding};
use crate::extract::Extraction;
use crate::model::{Code, Diagnostic, Fact, FactName, FactValue, Limits};

/// A JSON value. Numbers that are not whole are kept as their shortest text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Json {
    Null,
    Bool,
    Int(i128),
    Float(String),
    Text(String),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
    /// Beyond a limit, which is reported once for the file.
    Unread,
}

impl Json {
    /// The word for its type in a message.
    pub(super) const fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "an object",
            Self::Unread => "unread",
        }
    }

    /// The text, unless it is empty.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }

    /// The field of an object.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(fields) => {
                fields.iter().find(|(name, _)| name == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }
}

/// The wanted fields of a file, and what is wrong with it.
#[derive(Default)]
pub(super) struct Object {
    pub(super) fields: Vec<(String, Json)>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// The shape that a field must have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Int,
    /// Text, or a list of text: always reported as a list.
    Texts,
}

/// A field that becomes a fact as it is.
pub(super) struct Field {
    pub(super) key: &'static str,
    pub(super) shape: Shape,
    pub(super) fact: FactName,
}

/// Reads a file whose fields become facts one by one.
pub(super) fn read_fields(file: &Captured, fields: &[Field]) -> Extraction {
    let object = read(file, |key| fields.iter().any(|field| field.key == key));
    let mut extraction = Extraction { diagnostics: object.diagnostics, ..Extraction::default() };
    for (key, value) in &object.fields {
        if let Some(field) = fields.iter().find(|field| field.key == key) {
            push_field(file, field, value, &mut extraction);
        }
    }
    extraction
}

/// Reports one field, or why it is not what it should be.
pub(super) fn push_field(file: &Captured, field: &Field, value: &Json, into: &mut Extraction) {
    let at = file.whole().at_key(field.key);
    let text = |text: &str| FactValue::Text(text::cut(text, &file.limits));
    let fact = match (field.shape, value) {
        // An empty text says as little as none.
        (_, Json::Null | Json::Unread) => return,
        (Shape::Texts, Json::List(items)) if items.is_empty() => return,
        (Shape::Text | Shape::Texts, Json::Text(text)) if text.trim().is_empty() => return,
        (Shape::Text, Json::Text(value)) => text(value),
        (Shape::Texts, Json::Text(value)) => FactValue::List(vec![text(value)]),
        (Shape::Texts, Json::List(items)) if items.iter().all(|item| item.text().is_some()) => {
            FactValue::List(items.iter().filter_map(Json::text).map(text).collect())
        }
        (Shape::Int, Json::Int(number)) => FactValue::Int(*number),
        _ => return into.diagnostics.push(wrong_type(file, field.key, field.shape, value)),
    };
    into.facts.push(Fact::new(field.fact, fact, at));
}

/// The complaint about a field of the wrong type.
pub(super) fn wrong_type(file: &Captured, key: &str, wanted: Shape, found: &Json) -> Diagnostic {
    let wanted = match wanted {
        Shape::Text => "text",
        Shape::Int => "a whole number",
        Shape::Texts => "a list of text",
    };
    Diagnostic::new(
        Code::ConfigFieldInvalid,
        file.whole().at_key(key),
        format!("`{}` is {}, not {wanted}", text::shown(key), found.type_name()),
    )
    .help("the field was ignored; the other fields of the file were read")
}

/// Reads the fields of the top-level object that `wanted` names.
pub(super) fn read(file: &Captured, wanted: impl Fn(&str) -> bool) -> Object {
    let decoded = text::decode(&file.path, &file.bytes);
    let mut object = Object::default();
    object.diagnostics.extend(decoded.diagnostic);
    if decoded.encoding == Encoding::Utf8WithMark {
        object.diagnostics.push(oddity(
            file,
            "the file begins with a byte order mark, which JSON does not allow (RFC 8259, section 8.1)",
        ));
    }
    let attempt = Attempt::run(&decoded.text, &wanted, &file.limits);
    let repaired = attempt.error.as_ref().and_then(|_| without_non_finite(&decoded.text));
    let attempt = match repaired {
        Some(text) => {
            object.diagnostics.push(oddity(
                file,
                "the file holds `NaN` or `Infinity`, which are no JSON values (RFC 8259, section 6)",
            ));
            Attempt::run(&text, &wanted, &file.limits)
        }
        None => attempt,
    };
    attempt.report(file, &mut object);
    object
}

fn oddity(file: &Captured, message: &str) -> Diagnostic {
    Diagnostic::new(Code::ConfigOddity, file.whole(), message)
        .help("the file was read all the same; strict readers refuse it, so save it as plain JSON")
}

/// One reading of the text. What was read before an error stays.
#[derive(Default)]
struct Attempt {
    fields: Vec<(String, Json)>,
    duplicates: Vec<String>,
    reached: Cell<Option<&'static str>>,
    error: Option<serde_json::Error>,
}

impl Attempt {
    fn run(text: &str, wanted: &dyn Fn(&str) -> bool, limits: &Limits) -> Self {
        let mut attempt = Self::default();
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let root = Root { wanted, limits, attempt: &mut attempt };
        let result = deserializer.deserialize_map(root).and_then(|()| deserializer.end());
        attempt.error = result.err();
        attempt
    }

    fn report(self, file: &Captured, object: &mut Object) {
        object.fields = self.fields;
        for key in self.duplicates {
            object.diagnostics.push(
                Diagnostic::new(
                    Code::ConfigDuplicateKey,
                    file.whole().at_key(&*key),
                    format!("`{}` stands more than once in the file", text::shown(&key)),
                )
                .help("every reading is reported, most tools take the last; keep one of them"),
            );
        }
        if let Some(limit) = self.reached.get() {
            object.diagnostics.push(
                Diagnostic::new(
                    Code::LimitReached,
                    file.whole(),
                    format!("the file goes beyond the limit `{limit}`"),
                )
                .help("what lies beyond it was not read; raise it in `[limits]` to read it"),
            );
        }
        if let Some(error) = self.error {
            object.diagnostics.push(invalid(file, &error));
        }
    }
}

fn invalid(file: &Captured, error: &serde_json::Error) -> Diagnostic {
    if file.bytes.is_empty() {
        return Diagnostic::new(Code::ConfigInvalid, file.whole(), "the file is empty, not JSON")
            .help("nothing is known of what it should configure; restore the file");
    }
    let line = (error.line() as u64).max(1);
    Diagnostic::new(
        Code::ConfigInvalid,
        file.whole().at_lines(line, line),
        format!("the file is no JSON object: {}", text::shown(&error.to_string())),
    )
    .help("only the fields before that place were read; correct the file")
}

/// Names of top-level keys that are repeated and reported, at most.
const DUPLICATES: usize = 20;

struct Root<'a> {
    wanted: &'a dyn Fn(&str) -> bool,
    limits: &'a Limits,
    attempt: &'a mut Attempt,
}

impl<'de> Visitor<'de> for Root<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let left = Cell::new(self.limits.metadata_keys);
        let reached = Cell::new(None);
        let value = Wanted { left: &left, reached: &reached, depth: self.limits.nesting };
        let mut seen: HashSet<String> = HashSet::new();
        let result = loop {
            let key = match map.next_key::<Cow<'de, str>>() {
                Ok(Some(key)) => key,
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            };
            let step = if (self.wanted)(&key) {
                map.next_value_seed(value)
                    .map(|value| self.attempt.fields.push((key.clone().into_owned(), value)))
            } else {
                map.next_value::<IgnoredAny>().map(drop)
            };
            if let Err(error) = step {
                break Err(error);
            }
            if seen.len() as u64 >= self.limits.metadata_keys {
                reached.set(Some("metadata_keys"));
                break Err(A::Error::custom("too many keys"));
            }
            if seen.contains(&*key) {
                if self.attempt.duplicates.len() < DUPLICATES {
                    self.attempt.duplicates.push(key.into_owned());
                }
            } else {
                seen.insert(key.into_owned());
            }
        };
        self.attempt.reached.set(reached.get());
        result
    }
}

/// Reads a value within a number of nodes and a depth; what lies beyond is passed over.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    left: &'a Cell<u64>,
    reached: &'a Cell<Option<&'static str>>,
    depth: u32,
}

impl Wanted<'_> {
    /// Takes one node from what is left, unless that or the depth is used up.
    fn enter(self) -> Option<Self> {
        let Some(left) = self.left.get().checked_sub(1) else {
            self.reached.set(Some("metadata_keys"));
            return None;
        };
        let Some(depth) = self.depth.checked_sub(1) else {
            self.reached.set(Some("nesting"));
            return None;
        };
        self.left.set(left);
        Some(Self { depth, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Wanted<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        match self.enter() {
            Some(inner) => deserializer.deserialize_any(inner),
            None => IgnoredAny::deserialize(deserializer).map(|_| Json::Unread),
        }
    }
}

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, _value: bool) -> Result<Json, E> {
        Ok(Json::Bool)
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Int(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Int(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Float(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(self)? {
            if item != Json::Unread {
                items.push(item);
            }
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut fields = Vec::new();
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            let value = map.next_value_seed(self)?;
            if value != Json::Unread {
                fields.push((key.into_owned(), value));
            }
        }
        Ok(Json::Map(fields))
    }
}

/// The text with `NaN`, `Infinity` and `-Infinity` outside strings replaced by `null`, if there
/// are any.
fn without_non_finite(text: &str) -> Option<String> {
    const NON_FINITE: [&str; 3] = ["-Infinity", "Infinity", "NaN"];
    let mut repaired = String::new();
    let mut copied = 0;
    let mut position = 0;
    while position < text.len() {
        match text.as_bytes()[position] {
            b'"' => position = end_of_string(text.as_bytes(), position),
            b'-' | b'I' | b'N' => {
                let rest = &text[position..];
                match NON_FINITE.iter().find(|word| rest.starts_with(**word)) {
                    Some(word) => {
                        repaired.push_str(&text[copied..position]);
                        repaired.push_str("null");
                        position += word.len();
                        copied = position;
                    }
                    None => position += 1,
                }
            }
            _ => position += 1,
        }
    }
    (copied > 0).then(|| repaired + &text[copied..])
}

/// One past the closing quote of the string that opens at `start`, or the end of the text.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut position = start + 1;
    while let Some(byte) = bytes.get(position) {
        match byte {
            b'"' => return position + 1,
            b'\\' => position += 2,
            _ => position += 1,
        }
    }
    bytes.len()
}
