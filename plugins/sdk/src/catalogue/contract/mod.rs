//! A contract as a TOML file: the record of its terms, like that of any licence, and the table
//! `[contract]`, which says between whom, when and for what (`docs/contracts.md`).
//!
//! Every word of the terms is checked against the vocabulary, as in a catalogue. A contract has no
//! names elsewhere and no published text, so the tables `[ids]` and `[detect]` do not exist here:
//! its SPDX id is `LicenseRef-<key>`.

mod check;

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::{CatalogueError, syntax};
use crate::message::{
    Terms, TermsDetect, TermsGrant, TermsIds, TermsObligation, TermsRestriction, TermsThreshold,
};

/// The family of all contracts.
pub const FAMILY: &str = "commercial";

/// The detail of an obligation that says whether each further recipient must pass it on again.
pub const FLOW_TO_ALL_TIERS: &str = "flow_to_all_tiers";

/// Kinds of obligation for which the vendor can name a document, sorted.
pub const EVIDENCE_KINDS: &[&str] = &["records", "usage-control"];

/// A contract file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractFile {
    /// Version of the schema: 1.
    pub schema: u32,
    /// Unique key; customers see it as `LicenseRef-<key>`.
    pub key: String,
    /// Title of the licence; customers see it.
    pub name: String,
    /// How the contract was read for this file: `read`, `partial` or `secondary`.
    #[serde(default = "read")]
    pub verified: String,
    /// Remarks, among them where the file is unsure.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Between whom, when and for what.
    pub contract: ContractTable,
    /// How rights are granted.
    pub grant: TermsGrant,
    /// Sizes above which other terms apply.
    #[serde(default)]
    pub threshold: Vec<TermsThreshold>,
    /// What must be done.
    #[serde(default)]
    pub obligation: Vec<TermsObligation>,
    /// What must not be done.
    #[serde(default)]
    pub restriction: Vec<TermsRestriction>,
}

fn read() -> String {
    "read".to_owned()
}

/// Between whom, when and for what a contract is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractTable {
    /// Title of the agreement that governs it.
    #[serde(default)]
    pub agreement: Option<String>,
    /// Number of the order under that agreement.
    #[serde(default)]
    pub order: Option<String>,
    /// When it takes effect.
    #[serde(default)]
    pub effective: Option<Day>,
    /// First day of its term.
    #[serde(default)]
    pub from: Option<Day>,
    /// Last day of its term.
    #[serde(default)]
    pub until: Option<Day>,
    /// Keys or SPDX ids of licences in whose place it stands for what it covers.
    #[serde(default)]
    pub replaces: Vec<String>,
    /// Who licenses.
    pub licensor: PartyTable,
    /// Who is licensed.
    pub licensee: PartyTable,
    /// What it covers.
    pub applies_to: Vec<SubjectTable>,
    /// Documents that show that an obligation is met, by kind: `records`, `usage-control`. Paths are
    /// relative to the contract file.
    #[serde(default)]
    pub evidence: BTreeMap<String, String>,
}

/// A party of a contract.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyTable {
    /// Its name.
    pub name: String,
    /// Companies that stand beside it.
    #[serde(default)]
    pub affiliates: Vec<String>,
}

/// What a contract covers: an artifact is known by any of these.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubjectTable {
    /// `sha256:…` of a file, or an artifact id such as `model:sha256:…`.
    #[serde(default)]
    pub digest: Option<String>,
    /// Package URL; without a version, every version.
    #[serde(default)]
    pub purl: Option<String>,
    /// Name, in which `*` is any run of characters but `/`, and `?` is one.
    #[serde(default)]
    pub name: Option<String>,
}

/// A day, `YYYY-MM-DD`: a date of TOML, or the same as text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Day(pub String);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DayVisitor)
    }
}

struct DayVisitor;

impl<'de> Visitor<'de> for DayVisitor {
    type Value = Day;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a day such as 2026-01-31")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Day, E> {
        Ok(Day(text.to_owned()))
    }

    /// Dates of TOML arrive as a map of their own.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Day, A::Error> {
        let date = de::value::MapAccessDeserializer::new(map);
        Ok(Day(toml::value::Datetime::deserialize(date)?.to_string()))
    }
}

impl ContractFile {
    /// Parses and checks a contract; `file` names it in errors.
    ///
    /// # Errors
    /// [`CatalogueError`] with the file, the key and the value.
    pub fn parse(file: &str, text: &str) -> Result<Self, CatalogueError> {
        let contract: Self = toml::from_str(text).map_err(|error| syntax(file, &error))?;
        super::check::check(&contract.terms(), &contract.key, file)?;
        check::check(&contract, file)?;
        Ok(contract)
    }

    /// The record of its terms.
    pub fn terms(&self) -> Terms {
        Terms {
            schema: self.schema,
            key: self.key.clone(),
            name: self.name.clone(),
            date: self.contract.effective.as_ref().map_or_else(String::new, |day| day.0.clone()),
            licensor: self.contract.licensor.name.clone(),
            family: FAMILY.to_owned(),
            verified: self.verified.clone(),
            has_text: false,
            same_terms_as: None,
            notes: self.notes.clone(),
            ids: TermsIds { spdx_ref: format!("LicenseRef-{}", self.key), ..TermsIds::default() },
            detect: TermsDetect::default(),
            grant: self.grant.clone(),
            threshold: self.threshold.clone(),
            obligation: self.obligation.clone(),
            restriction: self.restriction.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
