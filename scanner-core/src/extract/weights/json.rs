//! A JSON value that keeps what a map type would hide: repeated keys, in their order.
//!
//! It is bounded in depth and in number of nodes. What lies beyond the node budget is walked over
//! and replaced by [`Loose::Cut`], so that memory does not follow the input.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

/// How many nodes one value may have.
const NODES: u32 = 4096;

/// A JSON value.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Loose<'de> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A whole number that fits 64 bits.
    Unsigned(u64),
    /// Any other number.
    Number(f64),
    /// A string.
    Text(Cow<'de, str>),
    /// An array.
    List(Vec<Loose<'de>>),
    /// An object, with its keys in file order.
    Map(Vec<(Cow<'de, str>, Loose<'de>)>),
    /// Something beyond the node budget.
    Cut,
}

impl Loose<'_> {
    /// What it is, for a message.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Unsigned(_) => "a whole number",
            Self::Number(_) => "a number that is negative, fractional or above 64 bits",
            Self::Text(_) => "a string",
            Self::List(_) => "an array",
            Self::Map(_) => "an object",
            Self::Cut => "a value with too many parts",
        }
    }

    /// The first key that comes twice in one object, at any depth.
    pub(super) fn repeated_key(&self) -> Option<&str> {
        match self {
            Self::Map(entries) => {
                let mut seen = std::collections::HashSet::new();
                entries.iter().find_map(|(key, value)| {
                    if seen.insert(&**key) { value.repeated_key() } else { Some(&**key) }
                })
            }
            Self::List(items) => items.iter().find_map(Self::repeated_key),
            _ => None,
        }
    }
}

/// A key or string, borrowed from the input unless it holds escapes.
pub(super) struct Text<'de>(pub(super) Cow<'de, str>);

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

/// Reads one value.
pub(super) struct LooseSeed<'budget> {
    depth: u32,
    nodes: &'budget mut u32,
}

/// Reads one value of at most `depth` levels through `read`.
pub(super) fn with_seed<T>(depth: u32, read: impl FnOnce(LooseSeed<'_>) -> T) -> T {
    let mut nodes = NODES;
    read(LooseSeed { depth, nodes: &mut nodes })
}

impl LooseSeed<'_> {
    fn below<E: de::Error>(&mut self) -> Result<LooseSeed<'_>, E> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| {
            E::custom("arrays and objects are nested deeper than the limit `nesting`")
        })?;
        Ok(LooseSeed { depth, nodes: self.nodes })
    }
}

impl<'de> DeserializeSeed<'de> for LooseSeed<'_> {
    type Value = Loose<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if *self.nodes == 0 {
            return IgnoredAny::deserialize(deserializer).map(|_| Loose::Cut);
        }
        *self.nodes -= 1;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for LooseSeed<'_> {
    type Value = Loose<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Loose::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Loose::Bool)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Loose::Unsigned(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(u64::try_from(number).map_or(Loose::Number(number as f64), Loose::Unsigned))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Loose::Number(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        loop {
            if *self.nodes == 0 {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                list.push(Loose::Cut);
                return Ok(Loose::List(list));
            }
            match items.next_element_seed(self.below()?)? {
                Some(item) => list.push(item),
                None => return Ok(Loose::List(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = Vec::new();
        loop {
            if *self.nodes == 0 {
                while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                return Ok(Loose::Cut);
            }
            let Some(Text(key)) = entries.next_key()? else {
                return Ok(Loose::Map(map));
            };
            map.push((key, entries.next_value_seed(self.below()?)?));
        }
    }
}
