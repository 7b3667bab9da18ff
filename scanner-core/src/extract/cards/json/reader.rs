//! Reads wanted fields through serde, within bounds, and keeps what stands before an error.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

use serde::Deserialize as _;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::Json;
use crate::model::Limits;

/// One reading of the text. What was read before an error stays.
#[derive(Default)]
pub(super) struct Attempt {
    pub(super) fields: Vec<(String, Json)>,
    pub(super) duplicates: Vec<String>,
    pub(super) reached: Cell<Option<&'static str>>,
    pub(super) error: Option<serde_json::Error>,
}

impl Attempt {
    pub(super) fn run(text: &str, wanted: &dyn Fn(&str) -> bool, limits: &Limits) -> Self {
        let mut attempt = Self::default();
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let root = Root { wanted, limits, attempt: &mut attempt };
        let result = deserializer.deserialize_map(root).and_then(|()| deserializer.end());
        attempt.error = result.err();
        attempt
    }
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
                map.next_value_seed(value).map(|value| {
                    if value != Json::Unread {
                        self.attempt.fields.push((key.clone().into_owned(), value));
                    }
                })
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
pub(super) fn without_non_finite(text: &str) -> Option<String> {
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
