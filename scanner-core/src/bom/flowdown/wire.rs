//! The part of our own JSON that is read.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Document {
    pub(super) schema: String,
    pub(super) tool_version: String,
    pub(super) created: String,
    pub(super) product: Option<Product>,
    pub(super) inventory: Inventory,
    pub(super) assessment: Assessment,
}

#[derive(Deserialize)]
pub(super) struct Product {
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) vendor: Option<String>,
    pub(super) license: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Inventory {
    pub(super) artifacts: Vec<Artifact>,
    pub(super) relations: Vec<Relation>,
    pub(super) terms: BTreeMap<String, Terms>,
    pub(super) spdx_ids: BTreeMap<String, String>,
}

#[derive(Deserialize)]
pub(super) struct Artifact {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) name: Option<String>,
    pub(super) version: Option<String>,
    pub(super) purl: Option<String>,
    pub(super) folder: String,
    pub(super) development_only: bool,
    pub(super) depends_on: Vec<String>,
    pub(super) occurrences: Vec<Location>,
    pub(super) files: Vec<File>,
    pub(super) facts: Vec<Fact>,
}

#[derive(Deserialize)]
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) value: FactValue,
}

/// A value of a fact; only texts in lists in maps are needed.
#[derive(Deserialize, Default)]
pub(super) struct FactValue {
    pub(super) text: Option<String>,
    #[serde(default)]
    pub(super) list: Vec<Self>,
    #[serde(default)]
    pub(super) map: BTreeMap<String, Self>,
}

#[derive(Deserialize)]
pub(super) struct Location {
    pub(super) path: String,
}

#[derive(Deserialize)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) role: String,
    pub(super) sha256: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Relation {
    pub(super) from: String,
    pub(super) kind: String,
    pub(super) to: Target,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Target {
    Here(String),
    Elsewhere { name: String, purl: Option<String> },
}

#[derive(Deserialize)]
pub(super) struct Terms {
    pub(super) restrictions: Vec<Restriction>,
}

#[derive(Deserialize)]
pub(super) struct Restriction {
    pub(super) label: String,
}

#[derive(Deserialize)]
pub(super) struct Assessment {
    pub(super) artifacts: BTreeMap<String, Assessed>,
}

#[derive(Deserialize)]
pub(super) struct Assessed {
    pub(super) license: Conclusion,
    pub(super) effective: Effective,
    pub(super) obligations: Vec<Owed>,
}

#[derive(Deserialize)]
pub(super) struct Conclusion {
    pub(super) status: String,
    pub(super) expression: Option<String>,
    pub(super) declared: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Effective {
    pub(super) expression: Option<String>,
    pub(super) licenses: Vec<Applied>,
}

#[derive(Deserialize)]
pub(super) struct Applied {
    pub(super) key: String,
    pub(super) alternatives: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Owed {
    pub(super) license: String,
    pub(super) obligation: Obligation,
}

#[derive(Deserialize)]
pub(super) struct Obligation {
    pub(super) kind: String,
    pub(super) clause: String,
}
