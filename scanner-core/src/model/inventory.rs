//! What was found, and what is said about it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{
    Artifact, ArtifactId, Claim, ContractCoverage, Diagnostic, Digest, LicenseKey,
    LicenseStatement, LicenseTerms, Location, Obligation, PhraseProfile, Relation, SourcePath,
    TextMatch,
};

/// What a captured text is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TextRole {
    /// A licence file.
    License,
    /// A notice or attribution file.
    Notice,
    /// An acceptable-use policy.
    UsePolicy,
    /// The body of a model card or README.
    Card,
    /// Licence terms shown before access (`extra_gated_prompt`).
    GatedPrompt,
}

/// A text that was kept while its file was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CapturedText {
    /// The file.
    pub path: SourcePath,
    /// What it is for.
    pub role: TextRole,
    /// Byte for byte as it stands in the file (for a gated prompt: the decoded value).
    pub bytes: Arc<[u8]>,
    /// The first line of the text inside its file, from 1.
    pub first_line: u64,
}

impl CapturedText {
    /// The text; bytes that are not UTF-8 become U+FFFD.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }

    /// SHA-256 of the bytes.
    pub fn sha256(&self) -> Digest {
        Digest::sha256_of(&self.bytes)
    }
}

/// A file that belongs to no artifact.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct UnclaimedFile {
    /// Where it is.
    pub path: SourcePath,
    /// Its size in bytes.
    pub size: u64,
}

/// A file that a layer of an image carries and that the image does not show: deleted or replaced by
/// a layer above it. Whoever receives the image receives it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct HiddenFile {
    /// Where it is, with its layer.
    pub path: SourcePath,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256, if it was read to its end.
    pub sha256: Option<Digest>,
    /// Whether it holds weights of a model.
    pub is_weights: bool,
}

/// A plugin that took part.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PluginRecord {
    /// Its id, for example `rail`.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The licence families it knows.
    pub families: Vec<String>,
    /// `built-in`, or the path it was loaded from in a child process.
    pub loaded: String,
    /// SHA-256 of the library; for a built-in, of what it describes itself as.
    pub sha256: Digest,
}

/// An obligation that a plugin claims for one artifact and no licence record carries, for example
/// from a contract.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExtraDuty {
    /// The licence or contract it comes from.
    pub license: LicenseKey,
    /// What is owed.
    pub obligation: Obligation,
    /// Where to look; never empty.
    pub evidence: Vec<Location>,
}

/// An ancestor that is not in the scan and that the catalogue of known models knows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownAncestor {
    /// Key of the catalogue's row.
    pub record: String,
    /// Its licence as the row states it.
    pub stated: String,
    /// The licences that can mean; one is decided, none is unknown.
    pub licenses: Vec<LicenseKey>,
    /// Whether the row was checked against a public source; a row from memory only gives
    /// candidates.
    pub verified: bool,
    /// Whether its licence was checked against a public source.
    pub license_verified: bool,
    /// What the ancestor itself derives from, as a row key or repository name.
    pub parent: Option<String>,
}

/// An ancestor that is not in the scan, as the vendor concludes its licence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConcludedAncestor {
    /// The licences in the expression.
    pub licenses: Vec<LicenseKey>,
    /// The licence: an SPDX expression.
    pub expression: String,
    /// Why, in the vendor's words.
    pub reason: String,
    /// Where the settings file says so.
    pub at: Location,
}

/// An ancestor whose licence changed while its weights stayed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LicenseChange {
    /// Key of the row that says so.
    pub record: String,
    /// The licences that the earlier one can mean.
    pub from: Vec<LicenseKey>,
    /// SPDX id or `LicenseRef-…` of the earlier licence.
    pub from_words: String,
    /// SPDX id or `LicenseRef-…` of the later one.
    pub to_words: String,
    /// The day of the change, `YYYY-MM-DD`.
    pub on: String,
    /// The commit of the change, abbreviated.
    pub commit: String,
}

/// What was found, and what is said about it.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// Every file that was listed, with its SHA-256 when it was read to the end; places where files
    /// could not be listed have none.
    pub files: BTreeMap<SourcePath, Option<Digest>>,
    /// Sorted by kind, name, id.
    pub artifacts: Vec<Artifact>,
    /// Licence claims by artifact, in the order of plugins and evidence.
    pub claims: BTreeMap<ArtifactId, Vec<Claim<LicenseStatement>>>,
    /// Obligations that plugins claim beside the licence records, by artifact.
    pub extra_duties: BTreeMap<ArtifactId, Vec<ExtraDuty>>,
    /// What each contract of the product covers, by the key of its terms.
    pub contracts: BTreeMap<LicenseKey, ContractCoverage>,
    /// Relations, sorted.
    pub relations: Vec<Relation>,
    /// Known texts found in files of each artifact.
    pub text_matches: BTreeMap<ArtifactId, Vec<TextMatch>>,
    /// Captured licence, notice and policy texts by path; cards are not kept here.
    pub texts: BTreeMap<SourcePath, CapturedText>,
    /// The terms of every licence that a claim names, as far as a plugin knows them.
    pub terms: BTreeMap<LicenseKey, LicenseTerms>,
    /// What the restriction categories of those terms mean, in the vocabulary's words.
    pub categories: BTreeMap<String, String>,
    /// Fingerprints of the wording of restrictions, by licence or policy; the label is the
    /// restriction's.
    pub wordings: BTreeMap<LicenseKey, Vec<PhraseProfile>>,
    /// Texts of listed licences, for the bundle, by key.
    pub listed_texts: BTreeMap<LicenseKey, Arc<str>>,
    /// SPDX ids or `LicenseRef-…` by key, for keys without terms too.
    pub spdx_ids: BTreeMap<LicenseKey, String>,
    /// Ancestors outside the scan that are known, by the name a relation states or a row key.
    pub ancestors: BTreeMap<String, KnownAncestor>,
    /// Ancestors outside the scan whose licence the vendor concludes, by the name that leads to them.
    pub concluded_ancestors: BTreeMap<String, ConcludedAncestor>,
    /// Ancestors outside the scan whose licence changed, by the name a relation states.
    pub license_changes: BTreeMap<String, LicenseChange>,
    /// Prescribed phrases that were found, by file: phrase id and place.
    pub phrases: BTreeMap<SourcePath, Vec<(String, Location)>>,
    /// Files that belong to no artifact, sorted.
    pub unclaimed: Vec<UnclaimedFile>,
    /// Files that layers of an image carry and the image does not show, sorted.
    pub hidden: Vec<HiddenFile>,
    /// What could not be done, sorted by location.
    pub diagnostics: Vec<Diagnostic>,
}

impl Inventory {
    /// The artifact with this id.
    pub fn artifact(&self, id: &ArtifactId) -> Option<&Artifact> {
        self.artifacts.iter().find(|artifact| artifact.id == *id)
    }
}
