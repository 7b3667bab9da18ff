//! The facts that documents show, by name.
//!
//! `report` may use `model` only, so the names stand here again; a test compares them with the list
//! of the extractors.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::place::cut;
use crate::model::{Algorithm, Artifact, Digest, FactValue};

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

/// The SHA-256 values that lock files state for a package, in order, each once.
/// Who supplies an artifact, as a bill of materials states it.
pub(super) fn stated_supplier(artifact: &Artifact) -> Option<&str> {
    let mut components = artifact.facts_named(BOM_COMPONENT).filter_map(|fact| fact.value.as_map());
    components.find_map(|component| component.get("supplier")?.as_text())
}

/// Copyright lines that a bill of materials states.
pub(super) fn stated_copyright(artifact: &Artifact) -> impl Iterator<Item = &str> {
    let components = artifact.facts_named(BOM_COMPONENT).filter_map(|fact| fact.value.as_map());
    components.filter_map(|component| component.get("copyright")).flat_map(FactValue::texts)
}

pub(super) fn stated_sha256(artifact: &Artifact) -> Vec<String> {
    let mut found = Vec::new();
    let named = |name| artifact.facts_named(name).filter_map(|fact| fact.value.as_map());
    let packages = named(MANIFEST_PACKAGE).chain(named(BOM_COMPONENT));
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
