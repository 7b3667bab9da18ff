//! The catalogue record of a licence, as it crosses and as it stands in a TOML file.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The catalogue record of one licence version.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Version of the record schema: 1.
    pub schema: u32,
    /// Unique key, also the file name.
    pub key: String,
    /// Title of the licence.
    pub name: String,
    /// Date or version; empty when unknown.
    #[serde(default)]
    pub date: String,
    /// Who licenses; empty or `-` when it differs from work to work.
    #[serde(default)]
    pub licensor: String,
    /// Family, for example `openrail-m`.
    pub family: String,
    /// `read`, `partial`, `secondary`, `seed` or `hf-table`.
    pub verified: String,
    /// Whether the full text was at hand when the record was written.
    pub has_text: bool,
    /// Key of the record whose terms are the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_terms_as: Option<String>,
    /// Remarks, among them where the record is unsure.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Names of the licence elsewhere.
    pub ids: TermsIds,
    /// Words that tell the text apart.
    #[serde(default)]
    pub detect: TermsDetect,
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

/// Names of a licence elsewhere.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsIds {
    /// SPDX id, empty when it is not listed.
    #[serde(default)]
    pub spdx: String,
    /// `LicenseRef-…`, empty when it is listed.
    #[serde(default)]
    pub spdx_ref: String,
    /// Keys of ScanCode's database.
    #[serde(default)]
    pub scancode: Vec<String>,
    /// Hugging Face tags; `other:x` is `license: other` with `license_name: x`.
    #[serde(default)]
    pub hf: Vec<String>,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// Words that tell a text apart.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsDetect {
    /// Titles under which the text is found.
    #[serde(default)]
    pub title_phrases: Vec<String>,
    /// Words that show it is another text.
    #[serde(default)]
    pub anti_phrases: Vec<String>,
}

/// How rights are granted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsGrant {
    /// `direct-license`, `sublicense-with-flowdown`, `commercial-flowdown` or `no-conveyance`.
    pub conveyance: String,
    /// `explicit`, `implied`, `none-after-relicense`, `explicit-personal`, `none`, `unsure`, `unknown`.
    pub directness: String,
    /// `by-use`, `by-exercise` or `signed`.
    pub acceptance: String,
    /// Where the text says by what it binds: a sentence of acceptance, or one that calls it a
    /// contract. Absent when it has none, or that was not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acceptance_clause: Option<String>,
    /// Whether rights may be sublicensed.
    pub sublicensable: bool,
    /// Under what a derivative may be licensed.
    pub relicense_derivatives: String,
    /// Whether a model trained on outputs of this one is a derivative under the text's definition:
    /// `reached` or `outputs-excluded`. Absent when the text is silent, or that was not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distillation: Option<String>,
    /// The clauses that say so.
    pub clause: String,
    /// Legal bases.
    pub legal_basis: Vec<String>,
    /// Whether and when the grant can be ended.
    pub revocable: String,
    /// What is covered.
    pub covers: Vec<String>,
    /// What is left out.
    #[serde(default)]
    pub excludes: Vec<String>,
    /// Whether hosting counts as distribution.
    #[serde(default)]
    pub hosting_is_distribution: String,
    /// What is said of outputs.
    #[serde(default)]
    pub outputs: String,
    /// Permitted use.
    #[serde(rename = "use")]
    pub permitted_use: String,
    /// Governing law.
    #[serde(default)]
    pub governing_law: String,
}

/// A size above which other terms apply.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsThreshold {
    /// `mau`, `annual-revenue`, …
    pub metric: String,
    /// The number.
    pub value: u64,
    /// `>` or `>=`.
    pub op: String,
    /// Over which time.
    pub window: String,
    /// What follows.
    pub effect: String,
    /// Where it stands.
    pub clause: String,
    /// Who is exempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exempt: Option<String>,
    /// Currency of a money metric.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// What must be done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsObligation {
    /// A kind of `vocab/obligations.toml`.
    pub kind: String,
    /// Where it stands.
    pub clause: String,
    /// What triggers it.
    pub trigger: Vec<String>,
    /// `mechanical`, `mechanical-partial`, `semi`, `declared`, `contract`, `flag` or `none`.
    pub evidence: String,
    /// Details: text, number or truth value by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, serde_json::Value>,
}

/// What must not be done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsRestriction {
    /// The clause label as the text prints it.
    pub label: String,
    /// Ids of `vocab/categories.toml`.
    pub categories: Vec<String>,
    /// `none`, `intent`, `effect`, `intent-or-effect` or `knowledge`; absent means `none`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mental: Option<String>,
    /// Exceptions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<String>,
    /// What is special about the wording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
