//! Reads an index in one pass.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::super::is_weight_name;
use super::super::problems::Problems;
use super::stem;
use crate::extract::capture::Captured;
use crate::extract::json::{self, Json, Text, small_value};
use crate::extract::text::shown;
use crate::extract::{Extraction, names};
use crate::model::{Code, Fact, FactValue, Limits};

const WEIGHT_MAP: &str = "weight_map";

/// Reads one index.
pub(super) fn read(file: &Captured) -> Extraction {
    let mut problems = Problems::of(&file.path);
    let mut index = Index::default();
    let mut deserializer = serde_json::Deserializer::from_slice(&file.bytes);
    let reading = Reading { index: &mut index, limits: &file.limits, problems: &mut problems };
    let end = deserializer.deserialize_map(reading).and_then(|()| deserializer.end());
    // JSON of another kind that happens to be called `….index.json` is none of our business.
    let is_due = stem(file.path.file_name()).is_some_and(is_weight_name);
    if is_due || index.has_map {
        report_end(end.err(), index.has_map, &mut problems);
    }
    let facts = if index.has_map { index.into_facts(&problems) } else { Vec::new() };
    Extraction { facts, diagnostics: problems.finish(), ..Extraction::default() }
}

fn report_end(error: Option<serde_json::Error>, has_map: bool, problems: &mut Problems) {
    let help = "the shards are listed without it; fetch the index again";
    if let Some(error) = error {
        let message = format!("the index is not valid JSON: {}", json::reason(&error));
        problems.file(Code::ConfigInvalid, message, help);
    } else if !has_map {
        let message = "the file is named like a shard index and has no `weight_map`";
        problems.file(Code::ConfigInvalid, message, help);
    }
}

/// What an index says.
#[derive(Debug, Default)]
struct Index {
    has_map: bool,
    total_size: Option<u64>,
    map: BTreeMap<String, FactValue>,
    shards: BTreeSet<String>,
}

impl Index {
    fn into_facts(self, problems: &Problems) -> Vec<Fact> {
        let at = problems.location();
        let mut facts = Vec::new();
        if let Some(total_size) = self.total_size {
            let at = at.clone().at_key("metadata.total_size");
            facts.push(Fact::new(names::WEIGHTS_INDEX_TOTAL_SIZE, total_size, at));
        }
        let shards = self.shards.into_iter().map(FactValue::Text).collect();
        let at = at.at_key(WEIGHT_MAP);
        facts.extend([
            Fact {
                name: names::WEIGHTS_INDEX_SHARDS,
                value: FactValue::List(shards),
                at: at.clone(),
            },
            Fact { name: names::WEIGHTS_INDEX_WEIGHT_MAP, value: FactValue::Map(self.map), at },
        ]);
        facts
    }
}

/// The pass over the whole file.
struct Reading<'a> {
    index: &'a mut Index,
    limits: &'a Limits,
    problems: &'a mut Problems,
}

impl<'de> Visitor<'de> for Reading<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map with `weight_map`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(Text(key)) = entries.next_key()? {
            match &*key {
                WEIGHT_MAP => {
                    if self.index.has_map {
                        repeated(WEIGHT_MAP, "the index has `weight_map` twice", self.problems);
                    }
                    self.index.has_map = true;
                    entries.next_value_seed(MapReading {
                        index: self.index,
                        limits: self.limits,
                        problems: self.problems,
                    })?;
                }
                "metadata" => {
                    let value = small_value(&mut entries, self.limits.nesting)?;
                    if let Some(key) = value.repeated_key() {
                        let message = format!("`metadata` has the key `{}` twice", shown(key));
                        repeated(key, &message, self.problems);
                    }
                    self.index.total_size = total_size(&value);
                }
                _ => drop(entries.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

fn repeated(key: &str, message: &str, problems: &mut Problems) {
    let help = "readers disagree on which of the two counts: ask the publisher for a clean index";
    problems.key(Code::SafetensorsDuplicateKey, key, message, help);
}

/// `total_size`, which some writers put down as a floating-point number.
fn total_size(metadata: &Json<'_>) -> Option<u64> {
    let Json::Map(fields) = metadata else {
        return None;
    };
    match fields.iter().rev().find(|(key, _)| key == "total_size")? {
        (_, Json::Int(size)) => u64::try_from(*size).ok(),
        // Up to 2^53 every whole number is exact.
        (_, Json::Float(size)) if (0.0..=9_007_199_254_740_992.0).contains(size) => {
            (size.fract() == 0.0).then_some(*size as u64)
        }
        _ => None,
    }
}

/// The pass over `weight_map`.
struct MapReading<'a> {
    index: &'a mut Index,
    limits: &'a Limits,
    problems: &'a mut Problems,
}

impl<'de> DeserializeSeed<'de> for MapReading<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for MapReading<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map from tensor names to file names")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<(), A::Error> {
        while let Some(Text(tensor)) = entries.next_key()? {
            if self.index.map.len() as u64 >= self.limits.tensors {
                entries.next_value::<IgnoredAny>()?;
                while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                let message = format!(
                    "`weight_map` has more entries than the limit `tensors` of `{}`",
                    self.limits.tensors
                );
                let help = "raise `limits.tensors` if the file is trusted; the rest was not read";
                self.problems.file(Code::SafetensorsLimitReached, message, help);
                break;
            }
            let file = small_value(&mut entries, self.limits.nesting)?;
            self.add(&tensor, file);
        }
        Ok(())
    }
}

impl MapReading<'_> {
    fn add(&mut self, tensor: &str, file: Json<'_>) {
        let help = "the entry is left out: a shard is a file beside its index";
        let Json::Text(file) = file else {
            let message =
                format!("`{}` is mapped to {}, not to a file name", shown(tensor), file.kind());
            self.problems.key(Code::SafetensorsIndexMismatch, tensor, message, help);
            return;
        };
        if !is_plain_name(&file) {
            let message = format!(
                "`{}` is mapped to `{}`, which is not a plain file name",
                shown(tensor),
                shown(&file)
            );
            self.problems.key(Code::SafetensorsIndexMismatch, tensor, message, help);
            return;
        }
        if let Some(earlier) = self.index.map.insert(tensor.to_owned(), file.as_ref().into()) {
            let message = format!(
                "`weight_map` has `{}` twice, in `{}` and in `{}`",
                shown(tensor),
                shown(earlier.as_text().unwrap_or_default()),
                shown(&file)
            );
            repeated(tensor, &message, self.problems);
        }
        if !self.index.shards.contains(&*file) {
            self.index.shards.insert(file.into_owned());
        }
    }
}

/// Whether a name stays in the folder of the index on every system.
fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\\', '\0', ':'])
}
