//! Reads wanted fields through serde, within bounds, and keeps what stands before an error.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

use crate::extract::json::{Bound, Budget, Json, Text};
use crate::model::Limits;

/// One reading of the text. What was read before an error stays.
#[derive(Default)]
pub(super) struct Attempt {
    pub(super) fields: Vec<(String, Json<'static>)>,
    pub(super) duplicates: Vec<String>,
    pub(super) reached: Option<&'static str>,
    pub(super) error: Option<serde_json::Error>,
}

impl Attempt {
    pub(super) fn run(text: &str, wanted: &dyn Fn(&str) -> bool, limits: &Limits) -> Self {
        let mut attempt = Self::default();
        let budget = Budget::new(limits.nesting, limits.metadata_keys);
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let root = Root { wanted, limits, budget: &budget, attempt: &mut attempt };
        let result = deserializer.deserialize_map(root).and_then(|()| deserializer.end());
        attempt.error = result.err();
        attempt.reached = attempt.reached.or(budget.reached().map(|bound| match bound {
            Bound::Depth => "nesting",
            Bound::Nodes => "metadata_keys",
        }));
        attempt
    }
}

/// Names of top-level keys that are repeated and reported, at most.
const DUPLICATES: usize = 20;

struct Root<'a> {
    wanted: &'a dyn Fn(&str) -> bool,
    limits: &'a Limits,
    budget: &'a Budget,
    attempt: &'a mut Attempt,
}

impl<'de> Visitor<'de> for Root<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen: HashSet<Cow<'de, str>> = HashSet::new();
        while let Some(Text(key)) = map.next_key()? {
            if (self.wanted)(&key) {
                let value = map.next_value_seed(self.budget.value())?;
                let field = value.into_read().map(|value| (key.clone().into_owned(), value));
                self.attempt.fields.extend(field);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
            if seen.len() as u64 >= self.limits.metadata_keys {
                self.attempt.reached = Some("metadata_keys");
                return Err(A::Error::custom("too many keys"));
            }
            if !seen.contains(&key) {
                seen.insert(key);
            } else if self.attempt.duplicates.len() < DUPLICATES {
                self.attempt.duplicates.push(key.into_owned());
            }
        }
        Ok(())
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
