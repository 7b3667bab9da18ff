//! The messages between host and plugin, version 1. JSON Schemas are in `schemas/plugin/`.
//!
//! Words of the domain (`direct-license`, `fine-tuned-from`) cross as text; the host refuses a
//! word that it does not know with `plugin.response-invalid` and goes on without that item.

mod profile;
mod record;

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use profile::{Grams, Phrase, Profile, ProfileDiscriminator, ProfileKind};
pub use record::{
    Terms, TermsDetect, TermsGrant, TermsIds, TermsObligation, TermsRestriction, TermsThreshold,
};

/// Major version of these messages and of the C table; must be equal on both sides.
pub const ABI_MAJOR: u32 = 1;
/// Minor version; the plugin's may not exceed the host's.
pub const ABI_MINOR: u32 = 0;

/// When a plugin is asked.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// First: what an artifact derives from.
    Lineage,
    /// Then, parents before children: what its licence is.
    License,
}

/// What a plugin says of itself.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Descriptor {
    /// Short name, `[a-z0-9-]+`, unique among loaded plugins.
    pub id: String,
    /// Version of the plugin.
    pub version: String,
    /// Licence families it knows, for people.
    #[serde(default)]
    pub families: Vec<String>,
    /// When it is asked.
    pub phase: Phase,
    /// Prefixes of the fact names it needs; only those facts are sent. Empty: none.
    #[serde(default)]
    pub needs: Vec<String>,
    /// What names in the wild mean.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// The licences it knows, as catalogue records.
    #[serde(default)]
    pub terms: Vec<Terms>,
    /// SPDX ids for keys that have no record, and texts of listed licences.
    #[serde(default)]
    pub listed: Vec<ListedLicense>,
    /// Fingerprints of texts.
    #[serde(default)]
    pub profiles: Vec<Profile>,
    /// Fingerprints of short phrases that a licence prescribes (`phrase_id` of an obligation).
    #[serde(default)]
    pub phrases: Vec<Phrase>,
}

/// Where a name is used.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum TagScheme {
    /// `license:` of a Hugging Face card.
    HuggingFace,
    /// `license_name:` beside `license: other`.
    LicenseName,
    /// A key of ScanCode's licence database.
    Scancode,
    /// An SPDX id or `LicenseRef-…`.
    Spdx,
}

/// What a name in the wild means: a set of candidates, never more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// Where the name is used.
    pub scheme: TagScheme,
    /// The name; compared without case.
    pub name: String,
    /// The licences it can mean.
    pub candidates: Vec<String>,
}

/// A licence of the SPDX License List.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListedLicense {
    /// The key used in claims: the catalogue key if there is a record, else the SPDX id.
    pub key: String,
    /// The SPDX id.
    pub spdx: String,
    /// Its full name.
    pub name: String,
    /// Its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Cow<'static, str>>,
}

/// What a plugin is asked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveRequest {
    /// [`ABI_MAJOR`].
    pub abi: u32,
    /// `options` of the plugin's settings.
    #[serde(default)]
    pub settings: BTreeMap<String, serde_json::Value>,
    /// What the vendor declares about the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductView>,
    /// The artifacts.
    pub artifacts: Vec<ArtifactView>,
}

/// What the vendor declares about the product.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductView {
    /// Its name.
    pub name: String,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// An artifact as a plugin sees it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArtifactView {
    /// Its id; repeated in the answer.
    pub id: String,
    /// `model`, `adapter`, `dataset`, `tokenizer`, `package` or `document`.
    pub kind: String,
    /// Its own name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What its files say.
    #[serde(default)]
    pub facts: Vec<FactView>,
    /// Known texts found in its files.
    #[serde(default)]
    pub text_matches: Vec<TextMatchView>,
    /// What it derives from, with what was claimed of that.
    #[serde(default)]
    pub parents: Vec<ParentView>,
}

/// One fact.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FactView {
    /// Its name, see `docs/facts.md`.
    pub name: String,
    /// Its value: text, number, list or map; a digest is text `sha256:…`.
    pub value: serde_json::Value,
    /// The file it was read in.
    pub path: String,
}

/// A known text found in a file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextMatchView {
    /// Key of the licence or policy.
    pub key: String,
    /// What kind of text.
    pub kind: ProfileKind,
    /// `exact`, `variant` or `family`.
    pub recognition: String,
    /// The file.
    pub path: String,
}

/// A parent of an artifact.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParentView {
    /// How the artifact derives from it, for example `fine-tuned-from`.
    pub relation: String,
    /// Its id or stated name.
    pub target: String,
    /// Keys of the licences claimed for it.
    #[serde(default)]
    pub licenses: Vec<String>,
}

/// What a plugin answers.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveResponse {
    /// At most one entry for each artifact of the request.
    pub artifacts: Vec<Resolution>,
}

/// What a plugin says of one artifact.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    /// Id of the artifact.
    pub id: String,
    /// What its licence is.
    #[serde(default)]
    pub claims: Vec<LicenseClaim>,
    /// Obligations that no licence record carries, for example from a contract.
    #[serde(default)]
    pub obligations: Vec<ExtraObligation>,
    /// What it derives from.
    #[serde(default)]
    pub relations: Vec<RelationClaim>,
    /// What the plugin could not do.
    #[serde(default)]
    pub diagnostics: Vec<PluginDiagnostic>,
}

/// Where a claim comes from: an index into what was sent for this artifact.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Index into `facts`.
    Fact(usize),
    /// Index into `text_matches`.
    TextMatch(usize),
}

/// A claim about a licence.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LicenseClaim {
    /// The words that were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated: Option<String>,
    /// Keys of the licences it can mean; several are undecided. With an `expression` that joins
    /// licences: its atoms.
    pub candidates: Vec<String>,
    /// SPDX expression, when the statement is one or decides on one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// `declared`, `detected` or `identified`.
    pub basis: String,
    /// Where it comes from; not empty.
    pub evidence: Vec<Evidence>,
}

/// An obligation that no licence record carries.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtraObligation {
    /// Key of the licence or contract it comes from.
    pub license: String,
    /// The obligation.
    pub obligation: TermsObligation,
    /// Where it comes from; not empty.
    pub evidence: Vec<Evidence>,
}

/// A claim about descent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RelationClaim {
    /// `fine-tuned-from`, `quantized-from`, `converted-from`, `adapter-of`, `merged-from`,
    /// `distilled-from`, `derived-from` or `trained-on`.
    pub relation: String,
    /// The parent's name as stated: `org/name`, or a path.
    pub target: String,
    /// `declared` or `identified`.
    pub basis: String,
    /// Where it comes from; not empty.
    pub evidence: Vec<Evidence>,
}

/// What a plugin could not do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PluginDiagnostic {
    /// What happened and why.
    pub message: String,
    /// What to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// What it is about.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}
