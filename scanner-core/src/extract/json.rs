//! JSON values through serde, within bounds, that keep what a map type would hide: repeated keys,
//! in their order.
//!
//! What lies beyond a bound is walked over and replaced by [`Json::Unread`], so that memory does
//! not follow the input; the [`Budget`] says which bound that was. Whoever reads a document drives
//! its outermost object by itself and reads only the values that it wants: a header of a million
//! tensors is never a tree. Lock files need the place of every value, and a partial tree
//! where the text breaks off, which serde cannot give; they have a reader of their own in
//! `manifests`.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};

use super::text::shown;

/// A JSON value.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Json<'t> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A whole number that fits 64 bits.
    Int(i128),
    /// Any other number.
    Float(f64),
    /// A string, borrowed from the input unless it holds escapes.
    Text(Cow<'t, str>),
    /// An array.
    List(Vec<Self>),
    /// An object, with its keys in file order.
    Map(Vec<(Cow<'t, str>, Self)>),
    /// Something beyond a bound; beyond the number of nodes, it stands for all that follows.
    Unread,
}

impl Json<'_> {
    /// What it is, for a message.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Int(0..) => "a whole number",
            Self::Int(_) => "a negative number",
            Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "an object",
            Self::Unread => "a value with too many parts",
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
            Self::Map(entries) => {
                entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The first key that comes twice in one object, at any depth.
    pub(super) fn repeated_key(&self) -> Option<&str> {
        match self {
            Self::Map(entries) => {
                let mut seen = HashSet::new();
                entries.iter().find_map(|(key, value)| {
                    if seen.insert(&**key) { value.repeated_key() } else { Some(&**key) }
                })
            }
            Self::List(items) => items.iter().find_map(Self::repeated_key),
            _ => None,
        }
    }

    /// What was read of it, free of the input; `None` if nothing was.
    pub(super) fn into_read(self) -> Option<Json<'static>> {
        Some(match self {
            Self::Unread => return None,
            Self::Null => Json::Null,
            Self::Bool => Json::Bool,
            Self::Int(number) => Json::Int(number),
            Self::Float(number) => Json::Float(number),
            Self::Text(text) => Json::Text(Cow::Owned(text.into_owned())),
            Self::List(items) => {
                Json::List(items.into_iter().filter_map(Self::into_read).collect())
            }
            Self::Map(entries) => {
                let read = |(key, value): (Cow<'_, str>, Self)| {
                    Some((Cow::Owned(key.into_owned()), value.into_read()?))
                };
                Json::Map(entries.into_iter().filter_map(read).collect())
            }
        })
    }
}

/// Why serde gave up, as a message shows it.
pub(super) fn reason(error: &serde_json::Error) -> String {
    shown(&error.to_string().replace('`', "'"))
}

/// A key or string, borrowed from the input unless it holds escapes.
pub(super) struct Text<'t>(pub(super) Cow<'t, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// A bound on the values of a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Bound {
    /// Lists and objects inside each other.
    Depth,
    /// Values of all kinds.
    Nodes,
}

/// How much may be read, and whether that was enough.
pub(super) struct Budget {
    depth: u32,
    nodes: Cell<u64>,
    reached: Cell<Option<Bound>>,
}

impl Budget {
    /// Values of at most `depth` levels, with at most `nodes` parts together.
    pub(super) const fn new(depth: u32, nodes: u64) -> Self {
        Self { depth, nodes: Cell::new(nodes), reached: Cell::new(None) }
    }

    /// The bound that was reached first.
    pub(super) const fn reached(&self) -> Option<Bound> {
        self.reached.get()
    }

    fn reach<T>(&self, bound: Bound) -> Option<T> {
        self.reached.set(self.reached.get().or(Some(bound)));
        None
    }

    /// Reads one value.
    pub(super) const fn value(&self) -> ValueSeed<'_> {
        ValueSeed { budget: self, depth: self.depth }
    }
}

/// Reads the next value of an object that has very many: each is small, or describes nothing.
/// One that is too deep is an error, one of too many parts is [`Json::Unread`] as a whole.
pub(super) fn small_value<'de, A: MapAccess<'de>>(
    entries: &mut A,
    depth: u32,
) -> Result<Json<'de>, A::Error> {
    const NODES: u64 = 4096;
    let budget = Budget::new(depth, NODES);
    let value = entries.next_value_seed(budget.value())?;
    match budget.reached() {
        None => Ok(value),
        Some(Bound::Nodes) => Ok(Json::Unread),
        Some(Bound::Depth) => {
            Err(A::Error::custom("lists and objects are nested deeper than the limit `nesting`"))
        }
    }
}

/// Reads one value within a budget.
#[derive(Clone, Copy)]
pub(super) struct ValueSeed<'b> {
    budget: &'b Budget,
    /// Levels that are left.
    depth: u32,
}

impl ValueSeed<'_> {
    /// Takes one node from what is left, unless that or the depth is used up. A value that is too
    /// deep takes one as well: its place is kept.
    fn enter(self) -> Option<Self> {
        let Some(nodes) = self.budget.nodes.get().checked_sub(1) else {
            return self.budget.reach(Bound::Nodes);
        };
        self.budget.nodes.set(nodes);
        match self.depth.checked_sub(1) {
            Some(depth) => Some(Self { depth, ..self }),
            None => self.budget.reach(Bound::Depth),
        }
    }

    /// Whether `value` stands for all that follows.
    fn is_end(self, value: &Json<'_>) -> bool {
        *value == Json::Unread && self.budget.nodes.get() == 0
    }
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Json<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json<'de>, D::Error> {
        match self.enter() {
            Some(inner) => deserializer.deserialize_any(inner),
            None => IgnoredAny::deserialize(deserializer).map(|_| Json::Unread),
        }
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(Json::Int(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json<'de>, E> {
        Ok(Json::Int(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json<'de>, E> {
        Ok(Json::Float(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(self)? {
            let is_end = self.is_end(&item);
            items.push(item);
            if is_end {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                break;
            }
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some(Text(key)) = map.next_key()? {
            let value = map.next_value_seed(self)?;
            let is_end = self.is_end(&value);
            entries.push((key, value));
            if is_end {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                break;
            }
        }
        Ok(Json::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads `text` within three levels and eight parts.
    #[track_caller]
    fn check(text: &str, expected: &Json<'_>, reached: Option<Bound>) {
        let budget = Budget::new(3, 8);
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let value = budget.value().deserialize(&mut deserializer).unwrap();
        deserializer.end().unwrap();
        assert_eq!((&value, budget.reached()), (expected, reached));
    }

    #[test]
    fn what_is_too_deep_is_unread_and_its_siblings_are_read() {
        let inner = Json::List(vec![Json::Unread, Json::Unread]);
        let expected = Json::List(vec![Json::List(vec![inner]), Json::Int(1)]);
        check("[[[[2],3]],1]", &expected, Some(Bound::Depth));
    }

    #[test]
    fn one_unread_value_stands_for_all_beyond_the_number_of_parts() {
        let mut items = vec![Json::Null; 7];
        check("[null,null,null,null,null,null,null]", &Json::List(items.clone()), None);
        items.push(Json::Unread);
        let text = format!("[null{}]", ",null".repeat(100));
        check(&text, &Json::List(items.clone()), Some(Bound::Nodes));
        assert_eq!(Json::List(items).into_read(), Some(Json::List(vec![Json::Null; 7])));
        // A value that is too deep keeps its place, so it takes a part.
        let text = format!("[[[[]{}]]]", ",[]".repeat(100));
        let inner = Json::List(vec![Json::Unread; 5]);
        check(&text, &Json::List(vec![Json::List(vec![inner])]), Some(Bound::Depth));
    }

    #[test]
    fn repeated_keys_are_kept_and_named() {
        let field = |key: &'static str| (Cow::Borrowed(key), Json::Bool);
        let expected = Json::List(vec![Json::Map(vec![field("a"), field("b"), field("a")])]);
        check(r#"[{"a":true,"b":false,"\u0061":true}]"#, &expected, None);
        assert_eq!(expected.repeated_key(), Some("a"));
    }
}
