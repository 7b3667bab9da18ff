//! The facts that documents show, by name.
//!
//! `report` may use `model` only, so the names stand here again; a test compares them with the list
//! of the extractors.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::place::cut;
use crate::model::{Algorithm, Artifact, Contact, DeclaredFile, Digest, FactValue};

macro_rules! read {
    ($($constant:ident $name:literal;)*) => {
        $(pub(super) const $constant: &str = $name;)*

        /// Every fact name that a reporter reads, sorted.
        pub const READ: &[&str] = &[$($name,)*];
    };
}

// One line each, sorted by name.
read! {
    BOM_COMPONENT "bom.component";
    CARD_LANGUAGE "card.language";
    CARD_LICENSE_LINK "card.license-link";
    CARD_PIPELINE_TAG "card.pipeline-tag";
    CONFIG_ARCHITECTURES "config.architectures";
    CONFIG_HYPERPARAMETERS "config.hyperparameters";
    CONFIG_MODEL_TYPE "config.model-type";
    CONFIG_QUANTIZATION "config.quantization";
    CONFIG_TORCH_DTYPE "config.torch-dtype";
    DECLARED_COMPONENT "declared.component";
    GGUF_GENERAL_ARCHITECTURE "gguf.general.architecture";
    GGUF_GENERAL_AUTHOR "gguf.general.author";
    GGUF_GENERAL_LICENSE_LINK "gguf.general.license.link";
    GGUF_GENERAL_ORGANIZATION "gguf.general.organization";
    GGUF_GENERAL_REPO_URL "gguf.general.repo-url";
    GGUF_GENERAL_SOURCE_REPO_URL "gguf.general.source-repo-url";
    MANIFEST_PACKAGE "manifest.package";
    TOKENIZER_CLASS "tokenizer.class";
    WEIGHTS_ARCHITECTURE "weights.architecture";
    WEIGHTS_DTYPES "weights.dtypes";
    WEIGHTS_FORMAT "weights.format";
    WEIGHTS_HEADER_DIGEST "weights.header-digest";
    WEIGHTS_PARAMETER_COUNT "weights.parameter-count";
    WEIGHTS_QUANTIZATION "weights.quantization";
    WEIGHTS_TENSOR_COUNT "weights.tensor-count";
    WEIGHTS_TENSOR_MANIFEST_DIGEST "weights.tensor-manifest-digest";
    WEIGHTS_TENSOR_SET_DIGEST "weights.tensor-set-digest";
}

/// The first text of a fact, cut to length.
pub(super) fn text<'a>(artifact: &'a Artifact, name: &'a str) -> Option<Cow<'a, str>> {
    texts(artifact, name).next()
}

/// Every text of a fact: of all files, elements of lists too, each cut to length.
pub(super) fn texts<'a>(
    artifact: &'a Artifact,
    name: &'a str,
) -> impl Iterator<Item = Cow<'a, str>> {
    artifact.facts_named(name).flat_map(|fact| fact.value.texts()).map(cut)
}

/// The sum of a number over all files that state it; `None` when none does.
pub(super) fn sum(artifact: &Artifact, name: &str) -> Option<i128> {
    artifact.facts_named(name).filter_map(|fact| fact.value.as_int()).reduce(i128::saturating_add)
}

/// The numbers of a map fact, summed over all files that have it.
pub(super) fn counts<'a>(artifact: &'a Artifact, name: &'a str) -> BTreeMap<&'a str, i128> {
    let mut counts = BTreeMap::new();
    for (key, value) in artifact.facts_named(name).filter_map(|fact| fact.value.as_map()).flatten()
    {
        if let Some(number) = value.as_int() {
            let count: &mut i128 = counts.entry(key.as_str()).or_default();
            *count = count.saturating_add(number);
        }
    }
    counts
}

/// The digests of a fact, one per file that has it.
pub(super) fn digests<'a>(artifact: &'a Artifact, name: &'a str) -> impl Iterator<Item = String> {
    artifact.facts_named(name).filter_map(|fact| fact.value.as_digest()).map(Digest::hex)
}

/// An organisation, and where it can be reached.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Party<'a> {
    pub(super) name: &'a str,
    /// A mail address or a web address.
    pub(super) contact: Option<&'a str>,
}

impl Party<'_> {
    /// Whether the contact is a mail address.
    pub(super) fn mail(&self) -> Option<&str> {
        self.contact.filter(|text| matches!(Contact::parse(text), Some(Contact::Mail(_))))
    }

    /// The contact when it is a web address.
    pub(super) fn web(&self) -> Option<&str> {
        self.contact.filter(|text| matches!(Contact::parse(text), Some(Contact::Web(_))))
    }
}

/// Who supplies an artifact, as the vendor declares it or else as a bill of materials states it.
pub(super) fn supplier(artifact: &Artifact) -> Option<Party<'_>> {
    declared_party(artifact, "supplier", "supplier-contact").or_else(|| {
        let mut components = maps(artifact, BOM_COMPONENT);
        let name = components.find_map(|component| component.get("supplier")?.as_text());
        name.map(|name| Party { name, contact: None })
    })
}

/// Who made an artifact, as the vendor declares it.
pub(super) fn creator(artifact: &Artifact) -> Option<Party<'_>> {
    declared_party(artifact, "creator", "creator-contact")
}

fn declared_party<'a>(artifact: &'a Artifact, name: &str, contact: &str) -> Option<Party<'a>> {
    maps(artifact, DECLARED_COMPONENT).find_map(|component| {
        let contact = component.get(contact).and_then(FactValue::as_text);
        Some(Party { name: component.get(name)?.as_text()?, contact })
    })
}

/// The file in which an artifact is handed on, as the vendor declares it.
pub(super) fn declared_file(artifact: &Artifact) -> Option<DeclaredFile> {
    maps(artifact, DECLARED_COMPONENT)
        .find_map(|component| DeclaredFile::of_fact(component.get("file")?))
}

/// Copyright lines that the vendor or a bill of materials states.
pub(super) fn stated_copyright(artifact: &Artifact) -> impl Iterator<Item = &str> {
    let components = maps(artifact, DECLARED_COMPONENT).chain(maps(artifact, BOM_COMPONENT));
    components.filter_map(|component| component.get("copyright")).flat_map(FactValue::texts)
}

fn maps<'a>(
    artifact: &'a Artifact,
    name: &'static str,
) -> impl Iterator<Item = &'a BTreeMap<String, FactValue>> {
    artifact.facts_named(name).filter_map(|fact| fact.value.as_map())
}

/// The SHA-256 values that lock files and bills of materials state for a package, in order, each once.
pub(super) fn stated_sha256(artifact: &Artifact) -> Vec<String> {
    let mut found = Vec::new();
    let packages = maps(artifact, MANIFEST_PACKAGE).chain(maps(artifact, BOM_COMPONENT));
    for text in packages.filter_map(|package| package.get("hashes")).flat_map(FactValue::texts) {
        let Some(digest) = Digest::parse(text) else { continue };
        if digest.algorithm() == Algorithm::Sha256 && !found.contains(&digest.hex()) {
            found.push(digest.hex());
        }
        // Wheels of one release have a hash each; more than this says nothing more.
        if found.len() == 64 {
            break;
        }
    }
    found
}
