//! YAML as far as cards need it: scalars as they are written, the line of everything, every
//! duplicate key, and what stands before the first error.
//!
//! The tree is built from the events of the parser inside `serde-saphyr` and not through serde:
//! serde knows only whole values, so that `3.0` and `no` would lose their spelling, a repeated
//! key its first value, and one bad line the whole document. Nothing is ever constructed from a
//! tag. Depth, nodes and the bytes that aliases copy are bounded.

mod builder;
mod cost;
pub(super) mod lines;
mod merge;
#[cfg(test)]
mod tests;

use crate::model::Limits;

/// A value with its lines, counted from 1 in the text that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::extract::cards) struct Node {
    pub(in crate::extract::cards) value: Value,
    pub(in crate::extract::cards) first: u64,
    pub(in crate::extract::cards) last: u64,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::extract::cards) enum Value {
    /// Nothing, `~` or `null`.
    Null,
    /// A scalar as it is written, whatever type another reader takes it for.
    Text(String, Style),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// Whether a scalar is certainly text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::extract::cards) enum Style {
    /// Without quotes: `no`, `3.0` and `2024-01-01` become something else than text elsewhere.
    Plain,
    /// In quotes or as a block.
    Quoted,
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::extract::cards) struct Entry {
    pub(in crate::extract::cards) key: String,
    pub(in crate::extract::cards) line: u64,
    pub(in crate::extract::cards) value: Node,
}

/// Something that a strict reader refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::extract::cards) struct Problem {
    pub(in crate::extract::cards) line: u64,
    pub(in crate::extract::cards) what: String,
}

/// A key that stands twice in one map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::extract::cards) struct Duplicate {
    pub(in crate::extract::cards) key: String,
    pub(in crate::extract::cards) first_line: u64,
    pub(in crate::extract::cards) line: u64,
}

/// What was read.
#[derive(Debug, Default)]
pub(in crate::extract::cards) struct Reading {
    /// The roots. The last one holds only what was complete when reading stopped.
    pub(in crate::extract::cards) documents: Vec<Node>,
    pub(in crate::extract::cards) problems: Vec<Problem>,
    pub(in crate::extract::cards) duplicates: Vec<Duplicate>,
    /// The first line that is not in `documents`, when reading stopped early.
    pub(in crate::extract::cards) stopped_before: Option<u64>,
}

/// Reads every document of `text`.
pub(in crate::extract::cards) fn read(text: &str, limits: &Limits) -> Reading {
    builder::read(text, limits)
}

impl Node {
    /// The entry of a map.
    pub(in crate::extract::cards) fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(entries) => {
                entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
            }
            _ => None,
        }
    }

    /// The items of a list; none of anything else.
    pub(in crate::extract::cards) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The scalar, unless it is empty.
    pub(in crate::extract::cards) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text, _) if !text.trim().is_empty() => Some(text.trim()),
            _ => None,
        }
    }

    /// The word for its type in a message.
    pub(in crate::extract::cards) fn type_name(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Text(..) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}
