//! What an extractor read in one file.

use std::collections::BTreeMap;

use super::{Digest, Location};

/// The name of a fact, for example `gguf.general.license`.
///
/// Names are constants that extractors declare; `docs/facts.md` lists them all and is checked
/// against the declarations.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FactName(&'static str);

impl FactName {
    /// Declares a name: lower case, dotted, kebab-case parts.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The name as text.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// The value of a fact. Floating-point numbers of a file are kept as the text that was read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum FactValue {
    /// Text, cut to `Limits::fact_text_bytes`.
    Text(String),
    /// A whole number.
    Int(i128),
    /// A digest that was computed or that the file claims.
    Digest(Digest),
    /// An ordered list.
    List(Vec<FactValue>),
    /// Keys in byte order.
    Map(BTreeMap<String, FactValue>),
}

impl FactValue {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub const fn as_int(&self) -> Option<i128> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The map, if it is one.
    pub const fn as_map(&self) -> Option<&BTreeMap<String, Self>> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The digest, if it is one.
    pub const fn as_digest(&self) -> Option<&Digest> {
        match self {
            Self::Digest(digest) => Some(digest),
            _ => None,
        }
    }

    /// Every text in it: itself, or the text elements of a list.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::Text(text) => vec![text],
            Self::List(items) => items.iter().filter_map(Self::as_text).collect(),
            _ => Vec::new(),
        }
    }
}

impl From<&str> for FactValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for FactValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for FactValue {
    fn from(number: u64) -> Self {
        Self::Int(number.into())
    }
}

impl From<Digest> for FactValue {
    fn from(digest: Digest) -> Self {
        Self::Digest(digest)
    }
}

/// What an extractor read: a name, a value, and where it stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fact {
    /// Which fact.
    pub name: FactName,
    /// What it says.
    pub value: FactValue,
    /// Where it was read.
    pub at: Location,
}

impl Fact {
    /// A fact `name = value`, read `at`.
    pub fn new(name: FactName, value: impl Into<FactValue>, at: Location) -> Self {
        Self { name, value: value.into(), at }
    }
}
