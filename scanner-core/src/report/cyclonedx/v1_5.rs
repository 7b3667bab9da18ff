//! CycloneDX 1.5: what it, or the model of it in the crate `cyclonedx-bom`, has no field for moves to
//! `flowdown:` properties, so that this crate reads the whole document.
//!
//! The crate does not write it: it puts `null` where the schema wants text and control characters
//! into XML, and its XML form loses who licenses whom (`docs/adr/0002-crates-for-formats.md`).

use std::cell::RefCell;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::property;

type Object = Map<String, Value>;

/// A document in words of 1.5, whose components are made one by one while it is written. It can be
/// serialised once.
pub(super) struct Lowered<C> {
    frame: Value,
    components: RefCell<C>,
}

impl<C> Lowered<C> {
    /// `frame` is the document without its components.
    pub(super) const fn new(frame: Value, components: C) -> Self {
        Self { frame, components: RefCell::new(components) }
    }
}

impl<C: Iterator<Item = serde_json::Result<Value>>> Serialize for Lowered<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = self.frame.as_object().into_iter().flatten();
        serializer.collect_map(fields.map(|(name, value)| {
            let components = (name == "components").then_some(&self.components);
            (name, Field { value, components })
        }))
    }
}

struct Field<'a, C> {
    value: &'a Value,
    /// What is written instead of the value.
    components: Option<&'a RefCell<C>>,
}

impl<C: Iterator<Item = serde_json::Result<Value>>> Serialize for Field<'_, C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::{Error as _, SerializeSeq as _};
        let Some(components) = self.components else { return self.value.serialize(serializer) };
        let mut list = serializer.serialize_seq(None)?;
        for component in &mut *components.borrow_mut() {
            list.serialize_element(&component.map_err(S::Error::custom)?)?;
        }
        list.end()
    }
}

/// A component in words of 1.5.
pub(super) fn lowered_component(mut component: Value) -> Value {
    if let Some(component) = component.as_object_mut() {
        lower_components(component);
    }
    component
}

/// The document in words of 1.5.
pub(super) fn lowered(mut bom: Value) -> Value {
    if let Some(bom) = bom.as_object_mut() {
        lower(bom);
    }
    bom
}

fn lower(bom: &mut Object) {
    let mut moved = Vec::new();
    for (owner, lists) in [
        (
            "declarations",
            &[
                ("attestations", property::DECLARATIONS_ATTESTATION),
                ("claims", property::DECLARATIONS_CLAIM),
                ("evidence", property::DECLARATIONS_EVIDENCE),
            ][..],
        ),
        ("definitions", &[("standards", property::DEFINITIONS_STANDARD)][..]),
    ] {
        let owner = bom.remove(owner).unwrap_or_default();
        for (list, name) in lists {
            moved.extend(items(&owner[list]).map(|item| entry(name, &item.to_string())));
        }
    }
    add(bom, moved);
    if let Some(metadata) = bom.get_mut("metadata").and_then(Value::as_object_mut) {
        // In 1.5 the maker of the document has no field but the supplier's, which has the same name.
        metadata.remove("manufacturer");
    }
    lower_components(bom);
}

fn lower_components(object: &mut Object) {
    every_object(object, &mut |object| {
        if object.contains_key("type") && object.contains_key("name") {
            component(object);
        }
    });
}

/// Calls `change` for the object and everything in it, from the inside out.
fn every_object(object: &mut Object, change: &mut impl FnMut(&mut Object)) {
    for value in object.values_mut() {
        match value {
            Value::Object(inner) => every_object(inner, change),
            Value::Array(items) => {
                for inner in items.iter_mut().filter_map(Value::as_object_mut) {
                    every_object(inner, change);
                }
            }
            _ => {}
        }
    }
    change(object);
}

fn component(component: &mut Object) {
    let mut moved = Vec::new();
    if let Some(Value::Object(manufacturer)) = component.remove("manufacturer") {
        component.insert("author".to_owned(), manufacturer["name"].clone());
    }
    // Says that a dataset is one and how it is called, which the component says too.
    component.remove("data");
    for choice in component.get_mut("licenses").into_iter().flat_map(items_mut) {
        acknowledgement(choice, &mut moved);
    }
    if let Some(evidence) = component.get_mut("evidence").and_then(Value::as_object_mut) {
        identity(evidence, &mut moved);
        occurrences(evidence, &mut moved);
    }
    if let Some(card) = component.get_mut("modelCard").and_then(Value::as_object_mut) {
        let parameters = card.get_mut("modelParameters").and_then(Value::as_object_mut);
        let datasets = parameters.and_then(|it| it.remove("datasets")).unwrap_or_default();
        let references = items(&datasets).filter_map(|dataset| dataset["ref"].as_str());
        let references =
            references.map(|name| entry(property::LINEAGE_DATASET_REF, name)).collect();
        add(card, references);
    }
    add(component, moved);
}

fn acknowledgement(choice: &mut Object, moved: &mut Vec<Value>) {
    match choice.get_mut("license").and_then(Value::as_object_mut) {
        Some(license) => {
            let word = license.remove("acknowledgement");
            add(license, stated(word.as_ref()));
        }
        None => moved.extend(stated(choice.remove("acknowledgement").as_ref())),
    }
}

fn stated(word: Option<&Value>) -> Vec<Value> {
    let word = word.and_then(Value::as_str);
    word.map(|word| entry(property::LICENSE_ACKNOWLEDGEMENT, word)).into_iter().collect()
}

/// 1.5 has one identity without the value that it concludes.
fn identity(evidence: &mut Object, moved: &mut Vec<Value>) {
    let Some(Value::Array(identities)) = evidence.remove("identity") else { return };
    for identity in &identities {
        if let (Some(field), Some(value)) =
            (identity["field"].as_str(), identity["concludedValue"].as_str())
        {
            moved.push(entry(property::EVIDENCE_IDENTITY, &format!("{field}={value}")));
        }
    }
    if let Some(Value::Object(mut first)) = identities.into_iter().next() {
        first.remove("concludedValue");
        evidence.insert("identity".to_owned(), Value::Object(first));
    }
}

/// 1.5 has the file, but neither line nor layer.
fn occurrences(evidence: &mut Object, moved: &mut Vec<Value>) {
    for occurrence in evidence.get_mut("occurrences").into_iter().flat_map(items_mut) {
        let line = occurrence.remove("line").map(|line| format!("line {line}"));
        let offset = occurrence.remove("offset").map(|offset| format!("offset {offset}"));
        let context = occurrence.remove("additionalContext");
        let context = context.as_ref().and_then(Value::as_str).map(str::to_owned);
        let parts: Vec<String> = line.into_iter().chain(offset).chain(context).collect();
        if let Some(location) = occurrence["location"].as_str().filter(|_| !parts.is_empty()) {
            let place = format!("{location}, {}", parts.join(", "));
            moved.push(entry(property::EVIDENCE_OCCURRENCE, &place));
        }
    }
}

fn entry(name: &str, value: &str) -> Value {
    json!({ "name": name, "value": value })
}

fn add(owner: &mut Object, moved: Vec<Value>) {
    if moved.is_empty() {
        return;
    }
    let properties = owner.entry("properties").or_insert_with(|| Value::Array(Vec::new()));
    if let Some(properties) = properties.as_array_mut() {
        properties.extend(moved);
    }
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn items_mut(value: &mut Value) -> impl Iterator<Item = &mut Object> {
    value.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut)
}
