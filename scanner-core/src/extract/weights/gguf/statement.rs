//! What the metadata of a GGUF file states.

use std::collections::{BTreeMap, HashMap};

use super::super::metadata::Metadata;
use super::super::problems::Problems;
use super::types;
use super::value::{ValueType, Width};
use crate::extract::names;
use crate::extract::text::{is_unprintable, shown};
use crate::model::{Code, Fact, FactName, FactValue, Limits, Location, Tensor};

const DEFAULT_ALIGNMENT: u64 = 32;
const TWO_READINGS: &str = "readers disagree on which of the two counts: ask the publisher for a file without the repetition";
const KEPT_AS_IS: &str = "the value is reported as it stands; check what wrote it";

/// Keys that have a fact of their own, sorted; all of them are strings by convention.
const TEXT_KEYS: &[(&str, FactName)] = &[
    ("adapter.type", names::GGUF_ADAPTER_TYPE),
    ("general.architecture", names::GGUF_GENERAL_ARCHITECTURE),
    ("general.author", names::GGUF_GENERAL_AUTHOR),
    ("general.basename", names::GGUF_GENERAL_BASENAME),
    ("general.finetune", names::GGUF_GENERAL_FINETUNE),
    ("general.license", names::GGUF_GENERAL_LICENSE),
    ("general.license.link", names::GGUF_GENERAL_LICENSE_LINK),
    ("general.license.name", names::GGUF_GENERAL_LICENSE_NAME),
    ("general.name", names::GGUF_GENERAL_NAME),
    ("general.organization", names::GGUF_GENERAL_ORGANIZATION),
    ("general.quantized_by", names::GGUF_GENERAL_QUANTIZED_BY),
    ("general.repo_url", names::GGUF_GENERAL_REPO_URL),
    ("general.source.huggingface.repository", names::GGUF_GENERAL_SOURCE_REPO_URL),
    ("general.source.repo_url", names::GGUF_GENERAL_SOURCE_REPO_URL),
    ("general.type", names::GGUF_GENERAL_TYPE),
    ("general.version", names::GGUF_GENERAL_VERSION),
];

/// The keys of a file, taken one by one.
#[derive(Debug)]
pub(super) struct Statement {
    metadata: Metadata,
    facts: Vec<Fact>,
    base_models: Numbered,
    datasets: Numbered,
    split: BTreeMap<String, FactValue>,
    file_type: Option<u32>,
    alignment: Option<u64>,
    /// Keys in lower case with the way they were written.
    seen: HashMap<String, String>,
    limit_reached: bool,
}

/// Keys of the form `general.base_model.N.name`, and the count that the file states.
#[derive(Debug, Default)]
struct Numbered {
    entries: BTreeMap<u32, BTreeMap<String, FactValue>>,
    count: Option<i128>,
}

impl Default for Statement {
    fn default() -> Self {
        Self {
            metadata: Metadata::default(),
            facts: Vec::new(),
            base_models: Numbered::default(),
            datasets: Numbered::default(),
            split: BTreeMap::new(),
            file_type: None,
            alignment: Some(DEFAULT_ALIGNMENT),
            seen: HashMap::new(),
            limit_reached: false,
        }
    }
}

impl Statement {
    /// How many bytes of the next value may be kept.
    pub(super) fn room(&self, limits: &Limits) -> u64 {
        if self.limit_reached { 0 } else { self.metadata.room(limits) }
    }

    /// The alignment of the data; `None` when the file states an impossible one.
    pub(super) const fn alignment(&self) -> Option<u64> {
        self.alignment
    }

    /// Takes a key with its value.
    pub(super) fn add(
        &mut self,
        key: &str,
        kind: ValueType,
        value: FactValue,
        limits: &Limits,
        problems: &mut Problems,
    ) {
        if self.metadata.is_full(limits) {
            self.metadata.count_only();
            if !self.limit_reached {
                self.limit_reached = true;
                let message = format!(
                    "the file has more or longer keys than the limit `metadata_keys` of `{}` \
                     allows; the rest is not kept",
                    limits.metadata_keys
                );
                let help = "raise `limits.metadata_keys` if the file is trusted";
                problems.file(Code::GgufLimitReached, message, help);
            }
            return;
        }
        self.check_repeated(key, problems);
        check_text(key, &value, problems);
        self.take_special(key, kind, &value, problems);
        if let Ok(index) = TEXT_KEYS.binary_search_by_key(&key, |(known, _)| known) {
            if kind != ValueType::Text {
                let message = format!("`{key}` is {}, the convention says string", kind.name());
                problems.key(Code::GgufOddity, key, message, KEPT_AS_IS);
            }
            let at = problems.location().at_key(key);
            self.facts.push(Fact { name: TEXT_KEYS[index].1, value: value.clone(), at });
        }
        self.metadata.insert(key, value);
    }

    fn check_repeated(&mut self, key: &str, problems: &mut Problems) {
        match self.seen.insert(key.to_ascii_lowercase(), key.to_owned()) {
            Some(earlier) if earlier == key => {
                let message =
                    format!("the key `{}` comes twice; both values are listed", shown(key));
                problems.key(Code::GgufDuplicateKey, key, message, TWO_READINGS);
            }
            Some(earlier) => {
                let message = format!(
                    "the keys `{}` and `{}` differ only in case",
                    shown(&earlier),
                    shown(key)
                );
                problems.key(Code::GgufOddity, key, message, TWO_READINGS);
            }
            None => {}
        }
    }

    fn take_special(
        &mut self,
        key: &str,
        kind: ValueType,
        value: &FactValue,
        problems: &mut Problems,
    ) {
        if let Some(rest) = key.strip_prefix("general.base_model.") {
            self.base_models.add(rest, value);
        } else if let Some(rest) = key.strip_prefix("general.dataset.") {
            self.datasets.add(rest, value);
        }
        match key {
            "general.alignment" => self.alignment = alignment(kind, value, problems),
            "general.file_type" => {
                self.file_type = value.as_int().and_then(|id| u32::try_from(id).ok());
            }
            "split.no" => drop(self.split.insert("no".to_owned(), value.clone())),
            "split.count" => drop(self.split.insert("count".to_owned(), value.clone())),
            "split.tensors.count" => drop(self.split.insert("tensors".to_owned(), value.clone())),
            _ => {}
        }
    }

    /// The facts, once all keys and tensors are known.
    pub(super) fn into_facts(
        mut self,
        tensors: &[Tensor],
        at: &Location,
        problems: &mut Problems,
    ) -> Vec<Fact> {
        let mut facts = std::mem::take(&mut self.facts);
        let architecture =
            facts.iter().find(|fact| fact.name == names::GGUF_GENERAL_ARCHITECTURE).cloned();
        facts.extend(architecture.map(|fact| Fact { name: names::WEIGHTS_ARCHITECTURE, ..fact }));
        let lists = [
            (names::GGUF_GENERAL_BASE_MODEL, "general.base_model", self.base_models),
            (names::GGUF_GENERAL_DATASET, "general.dataset", self.datasets),
        ];
        for (name, prefix, numbered) in lists {
            facts.extend(numbered.into_fact(name, prefix, problems));
        }
        if !self.split.is_empty() {
            let at = at.clone().at_key("split");
            facts.push(Fact { name: names::WEIGHTS_SPLIT, value: FactValue::Map(self.split), at });
        }
        if let Some(id) = self.file_type {
            facts.push(quantization(id, tensors, at, problems));
        }
        facts.extend(self.metadata.into_facts(at));
        facts
    }
}

impl Numbered {
    fn add(&mut self, rest: &str, value: &FactValue) {
        if rest == "count" {
            self.count = value.as_int();
        } else if let Some((number, key)) = rest.split_once('.')
            && let Ok(number) = number.parse()
        {
            self.entries.entry(number).or_default().insert(key.to_owned(), value.clone());
        }
    }

    fn into_fact(self, name: FactName, prefix: &str, problems: &mut Problems) -> Option<Fact> {
        let found = self.entries.len();
        if let Some(count) = self.count
            && count != found as i128
        {
            let key = format!("{prefix}.count");
            let message = format!("`{key}` says `{count}`, the file describes `{found}`");
            problems.key(Code::GgufOddity, &key, message, "those that are described are listed");
        }
        if found == 0 {
            return None;
        }
        let entries = self.entries.into_values().map(FactValue::Map).collect();
        let at = problems.location().at_key(prefix);
        Some(Fact { name, value: FactValue::List(entries), at })
    }
}

/// Reads `general.alignment`; `None` when no offset can be computed with it.
fn alignment(kind: ValueType, value: &FactValue, problems: &mut Problems) -> Option<u64> {
    let key = "general.alignment";
    let help = "the places of the tensors are unknown; readers refuse this file";
    let stated = value.as_int().and_then(|number| u64::try_from(number).ok());
    let Some(stated) = stated.filter(|_| kind == ValueType::Unsigned(Width::Four)) else {
        let message = format!("`{key}` is {}, it must be uint32", kind.name());
        problems.key(Code::GgufHeaderInvalid, key, message, help);
        return None;
    };
    if !stated.is_power_of_two() {
        let message = format!("`{key}` is `{stated}`, which is not a power of two");
        problems.key(Code::GgufHeaderInvalid, key, message, help);
        return None;
    }
    if stated % 8 != 0 {
        let message = format!("`{key}` is `{stated}`, the format asks for a multiple of `8`");
        problems.key(Code::GgufOddity, key, message, "some readers refuse this file");
    }
    Some(stated)
}

/// Names what could not be shown as it stands.
fn check_text(key: &str, value: &FactValue, problems: &mut Problems) {
    if key.is_empty() || !key.is_ascii() || key.contains(is_unprintable) {
        let message =
            format!("the key `{}` is not one of lower-case ASCII words joined by dots", shown(key));
        problems.key(Code::GgufOddity, key, message, KEPT_AS_IS);
    }
    let is_odd = |character| is_unprintable(character) && !matches!(character, '\n' | '\r' | '\t');
    // Chat templates hold zero-width characters on purpose; a licence or a name does not.
    if key.starts_with("general.") && value.texts().iter().any(|text| text.contains(is_odd)) {
        let message = format!("the value of `{}` holds control characters", shown(key));
        problems.key(Code::GgufOddity, key, message, KEPT_AS_IS);
    }
}

/// The fact `weights.quantization`, compared with the types that the tensors have.
fn quantization(id: u32, tensors: &[Tensor], at: &Location, problems: &mut Problems) -> Fact {
    let key = "general.file_type";
    let at = at.clone().at_key(key);
    let Some((name, tensor_type)) = types::file_type(id) else {
        let message = format!("`{key}` is `{id}`, which this version has no name for");
        problems.key(Code::GgufOddity, key, message, "the types of the tensors are listed instead");
        return Fact::new(names::WEIGHTS_QUANTIZATION, format!("file type {id}"), at);
    };
    if !tensors.is_empty() && !tensors.iter().any(|tensor| tensor.dtype == tensor_type) {
        let message = format!("`{key}` says `{name}`, but no tensor has the type `{tensor_type}`");
        problems.key(Code::GgufOddity, key, message, "the types of the tensors are listed too");
    }
    Fact::new(names::WEIGHTS_QUANTIZATION, name, at)
}
