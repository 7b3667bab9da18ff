//! The messages between host and plugin, version 1. JSON Schemas are in `schemas/plugin/`.
//!
//! Words of the domain (`direct-license`, `fine-tuned-from`) cross as text; the host refuses a
//! word that it does not know with `plugin.response-invalid` and goes on without that item.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// Whether rights may be sublicensed.
    pub sublicensable: bool,
    /// Under what a derivative may be licensed.
    pub relicense_derivatives: String,
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

/// What kind of text a profile describes.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ProfileKind {
    /// A licence.
    License,
    /// An acceptable-use policy.
    UsePolicy,
}

/// The fingerprint of one text, made by [`crate::text`]. Numbers, never the text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Key of the licence, or id of the policy.
    pub key: String,
    /// What kind of text.
    pub kind: ProfileKind,
    /// Number of normalised words.
    pub words: u32,
    /// Hash of all words, 16 hexadecimal digits.
    #[serde(with = "hex64")]
    #[schemars(with = "String")]
    pub whole: u64,
    /// Distinct hashes of the word 4-grams, ascending: little-endian 32-bit numbers in base64.
    #[serde(with = "grams64")]
    #[schemars(with = "String")]
    pub grams: Vec<u32>,
    /// Phrases that settle near twins.
    #[serde(default)]
    pub discriminators: Vec<ProfileDiscriminator>,
    /// The wording of each restriction, in text order.
    #[serde(default)]
    pub clauses: Vec<Phrase>,
    /// A permissive licence: a near miss of it is unknown, never this one.
    #[serde(default)]
    pub permissive: bool,
}

/// A phrase that tells near twins apart.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileDiscriminator {
    /// What it means, in the author's words.
    pub label: String,
    /// Number of words.
    pub words: u32,
    /// Hash of them, 16 hexadecimal digits.
    #[serde(with = "hex64")]
    #[schemars(with = "String")]
    pub hash: u64,
    /// Whether the text must hold it, or must not.
    pub must: bool,
}

/// The fingerprint of a phrase.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// A restriction label (`(a)`) or a phrase id (`llama-3.1`).
    pub label: String,
    /// Number of words.
    pub words: u32,
    /// Hash of them, 16 hexadecimal digits.
    #[serde(with = "hex64")]
    #[schemars(with = "String")]
    pub hash: u64,
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

mod hex64 {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
    pub(super) fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{value:016x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map_err(D::Error::custom)
    }
}

mod grams64 {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(
        grams: &[u32],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = grams.iter().flat_map(|gram| gram.to_le_bytes()).collect();
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u32>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text).map_err(D::Error::custom)?;
        let (chunks, rest) = bytes.as_chunks::<4>();
        if !rest.is_empty() {
            return Err(D::Error::custom("the number of bytes is not a multiple of 4"));
        }
        Ok(chunks.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect())
    }
}
