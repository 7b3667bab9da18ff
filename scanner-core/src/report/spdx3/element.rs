//! Elements of an SPDX 3 graph and their order.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// One object of the graph. What has several values is always a list, what has at most one never
/// is (SPDX 3.0.1, serialisation rules).
#[derive(Serialize, Clone, Debug)]
pub(super) struct Element {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(rename = "spdxId", skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(flatten)]
    fields: BTreeMap<&'static str, Value>,
}

impl Element {
    /// An element with an identity of its own.
    pub(super) fn new(kind: &'static str, id: &str, creation: &str) -> Self {
        let fields = BTreeMap::from([("creationInfo", Value::from(creation))]);
        Self { kind, id: Some(id.to_owned()), fields }
    }

    /// A value inside another element.
    pub(super) const fn part(kind: &'static str) -> Self {
        Self { kind, id: None, fields: BTreeMap::new() }
    }

    pub(super) fn set(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.fields.insert(name, value.into());
        self
    }

    pub(super) fn maybe(self, name: &'static str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// Sets a list, unless it is empty.
    pub(super) fn list(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = impl Into<Value>>,
    ) -> Self {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        if values.is_empty() { self } else { self.set(name, values) }
    }

    pub(super) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

impl From<Element> for Value {
    fn from(element: Element) -> Self {
        serde_json::to_value(element).expect("text, numbers and lists always serialise")
    }
}

/// `sha256` and its hexadecimal digits.
pub(super) fn hash(algorithm: &str, hex: &str) -> Element {
    Element::part("Hash").set("algorithm", algorithm).set("hashValue", hex)
}

/// The properties that CycloneDX documents have, under the same names.
pub(super) fn properties(pairs: &[(&str, String)]) -> Option<Element> {
    let entries: Vec<Element> = pairs
        .iter()
        .map(|(name, value)| {
            Element::part("extension_CdxPropertyEntry")
                .set("extension_cdxPropName", *name)
                .set("extension_cdxPropValue", value.clone())
        })
        .collect();
    (!entries.is_empty()).then(|| {
        Element::part("extension_CdxPropertiesExtension").list("extension_cdxProperty", entries)
    })
}
