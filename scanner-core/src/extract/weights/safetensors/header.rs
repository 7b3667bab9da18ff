//! The JSON header, read in one pass that sees repeated keys.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::super::metadata::Metadata;
use super::super::problems::Problems;
use crate::extract::json::{Json, Text, small_value};
use crate::extract::names;
use crate::extract::text::shown;
use crate::model::{Code, FactName, FactValue, Limits};

const METADATA: &str = "__metadata__";
const TWO_READINGS: &str = "readers disagree on which of the two counts: ask the publisher for a file without the repetition";
const REJECTED: &str =
    "the reference reader refuses this file: save it again with a current library";

/// One entry of the header, as far as it could be read.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) dtype: Option<String>,
    pub(super) shape: Option<Vec<u64>>,
    pub(super) offsets: Option<(u64, u64)>,
}

/// What the header says.
#[derive(Debug, Default)]
pub(super) struct Header {
    pub(super) entries: Vec<Entry>,
    /// Keys and values of `__metadata__`; `None` when the header has none.
    pub(super) metadata: Option<Metadata>,
    /// Values of the metadata keys that other stages look for, each occurrence.
    pub(super) stated: Vec<Stated>,
    /// Why reading stopped before the end, and at which byte of the header.
    pub(super) broken: Option<(String, usize)>,
    /// The limit that was reached, with its value.
    pub(super) limit: Option<(&'static str, u64)>,
}

/// A metadata key that has a fact of its own, with its value.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Stated {
    pub(super) fact: FactName,
    pub(super) key: &'static str,
    pub(super) value: FactValue,
}

/// Metadata keys that have a fact of their own.
const STATED: &[(&str, FactName)] = &[
    ("license", names::SAFETENSORS_METADATA_LICENSE),
    ("modelspec.architecture", names::WEIGHTS_ARCHITECTURE),
    ("modelspec.license", names::SAFETENSORS_METADATA_LICENSE),
];

/// Reads a header.
pub(super) fn read(bytes: &[u8], limits: &Limits, problems: &mut Problems) -> Header {
    let mut header = Header::default();
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let reading = Reading { header: &mut header, limits, problems };
    let end = deserializer.deserialize_map(reading).and_then(|()| deserializer.end());
    if let Err(error) = end {
        header.broken = Some((reason(&error), offset(bytes, &error)));
    }
    header
}

/// The parser's reason without its line and column, which mean nothing in a binary file.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(&*text, |(reason, _)| reason).replace('`', "'")
}

fn offset(bytes: &[u8], error: &serde_json::Error) -> usize {
    let lines_before = error.line().saturating_sub(1);
    let line_start = match lines_before {
        0 => 0,
        lines => bytes
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .nth(lines - 1)
            .map_or(0, |(index, _)| index + 1),
    };
    line_start + error.column().saturating_sub(1)
}

/// The pass over the whole header.
struct Reading<'a> {
    header: &'a mut Header,
    limits: &'a Limits,
    problems: &'a mut Problems,
}

impl<'de> Visitor<'de> for Reading<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map from tensor names to descriptions")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let mut seen = HashSet::<Cow<'de, str>>::new();
        while let Some(Text(name)) = entries.next_key()? {
            if name == METADATA {
                if self.header.metadata.is_some() {
                    let message = "the header has `__metadata__` twice";
                    self.problems.key(
                        Code::SafetensorsDuplicateKey,
                        METADATA,
                        message,
                        TWO_READINGS,
                    );
                }
                let metadata = self.header.metadata.get_or_insert_default();
                entries.next_value_seed(MetadataReading {
                    metadata,
                    stated: &mut self.header.stated,
                    limit: &mut self.header.limit,
                    limits: self.limits,
                    problems: self.problems,
                })?;
                continue;
            }
            if self.header.entries.len() as u64 >= self.limits.tensors {
                self.header.limit = Some(("tensors", self.limits.tensors));
                return Err(A::Error::custom("the limit `tensors` was reached"));
            }
            let value = small_value(&mut entries, self.limits.nesting)?;
            let entry = entry(&name, &value, self.problems);
            if !seen.insert(name) {
                let message = format!("two tensors are called `{}`", shown(&entry.name));
                self.problems.key(
                    Code::SafetensorsDuplicateKey,
                    &entry.name,
                    message,
                    TWO_READINGS,
                );
            }
            self.header.entries.push(entry);
        }
        Ok(())
    }
}

/// Reads the description of one tensor.
fn entry(name: &str, value: &Json<'_>, problems: &mut Problems) -> Entry {
    let mut entry = Entry { name: name.to_owned(), dtype: None, shape: None, offsets: None };
    if let Some(key) = value.repeated_key() {
        let message = format!("`{}` has the key `{}` twice", shown(name), shown(key));
        problems.key(Code::SafetensorsDuplicateKey, name, message, TWO_READINGS);
    }
    let Json::Map(fields) = value else {
        let message = format!("`{}` is {}, not a tensor description", shown(name), value.kind());
        problems.key(Code::SafetensorsTensorInvalid, name, message, REJECTED);
        return entry;
    };
    let mut wrong = |field: &str, value: Option<&Json<'_>>, expected: &str| {
        let found = value.map_or("absent", Json::kind);
        let message = format!("`{field}` of `{}` is {found}, not {expected}", shown(name));
        problems.key(Code::SafetensorsTensorInvalid, name, message, REJECTED);
    };
    // Of a repeated field the last one counts, as for the reference reader.
    let field =
        |key: &str| fields.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value);

    match field("dtype") {
        Some(Json::Text(dtype)) => entry.dtype = Some(dtype.clone().into_owned()),
        other => wrong("dtype", other, "a string"),
    }
    let expected = "an array of whole numbers below 2^64";
    match field("shape") {
        Some(Json::List(dimensions)) => match numbers(dimensions) {
            Ok(shape) => entry.shape = Some(shape),
            Err(dimension) => wrong("a dimension", Some(dimension), "a whole number below 2^64"),
        },
        other => wrong("shape", other, expected),
    }
    match field("data_offsets") {
        Some(value @ Json::List(offsets)) => match numbers(offsets).as_deref() {
            Ok(&[start, end]) => entry.offsets = Some((start, end)),
            Ok(_) => wrong("data_offsets", Some(value), "an array of exactly two numbers"),
            Err(offset) => wrong("an offset", Some(offset), "a whole number below 2^64"),
        },
        other => wrong("data_offsets", other, expected),
    }
    entry
}

/// The numbers of a list, or the first item that is none.
fn numbers<'a, 'de>(items: &'a [Json<'de>]) -> Result<Vec<u64>, &'a Json<'de>> {
    let number = |item: &'a Json<'de>| match item {
        Json::Int(number) => u64::try_from(*number).map_err(|_| item),
        other => Err(other),
    };
    items.iter().map(number).collect()
}

/// The pass over `__metadata__`, whatever type it has.
struct MetadataReading<'a> {
    metadata: &'a mut Metadata,
    stated: &'a mut Vec<Stated>,
    limit: &'a mut Option<(&'static str, u64)>,
    limits: &'a Limits,
    problems: &'a mut Problems,
}

impl MetadataReading<'_> {
    fn wrong_type(self, found: &str) {
        let message = format!("`__metadata__` is {found}, not a map from string to string");
        self.problems.key(Code::SafetensorsHeaderInvalid, METADATA, message, REJECTED);
    }

    fn add(&mut self, key: &str, value: &Json<'_>) {
        let value = match value {
            Json::Text(text) => self.metadata.text_value(text, self.limits),
            other => {
                let message =
                    format!("`__metadata__.{}` is {}, not a string", shown(key), other.kind());
                self.problems.key(Code::SafetensorsOddity, key, message, REJECTED);
                other.kind().into()
            }
        };
        if let Some((key, fact)) = STATED.iter().find(|(known, _)| *known == key) {
            self.stated.push(Stated { fact: *fact, key, value: value.clone() });
        }
        self.metadata.insert(key, value);
    }
}

impl<'de> DeserializeSeed<'de> for MetadataReading<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for MetadataReading<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map from string to string")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<(), A::Error> {
        let mut seen = HashSet::<Cow<'de, str>>::new();
        while let Some(Text(key)) = entries.next_key()? {
            if self.metadata.is_full(self.limits) {
                // The tensors behind it can still be read, so the rest is walked over.
                *self.limit = Some(("metadata_keys", self.limits.metadata_keys));
                self.metadata.count_only();
                entries.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = small_value(&mut entries, self.limits.nesting)?;
            self.add(&key, &value);
            if seen.contains(&key) {
                let message = format!("`__metadata__` has the key `{}` twice", shown(&key));
                self.problems.key(Code::SafetensorsDuplicateKey, &key, message, TWO_READINGS);
            }
            seen.insert(key);
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        let message = "`__metadata__` is null, not a map from string to string";
        let help = "nothing was lost: some writers put null where they have no metadata";
        self.problems.key(Code::SafetensorsOddity, METADATA, message, help);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        self.wrong_type("an array");
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        self.wrong_type("a string");
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.wrong_type("a boolean");
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.wrong_type("a number");
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.wrong_type("a number");
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.wrong_type("a number");
        Ok(())
    }
}
