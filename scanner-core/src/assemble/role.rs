//! What a file is, from what its extractors found and, for pointers, from its name.

use super::ScannedFile;
use crate::extract::weights::is_weight_name;
use crate::model::names;
use crate::model::{Fact, FileRole};

/// What a file can be to a model, with what decides the grouping.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// Weights in a file format that holds one model per file or split.
    GgufWeights,
    /// Other weights.
    Weights,
    /// Weights that are an adapter by their tensors or metadata.
    AdapterWeights,
    /// A file of a model that is not weights.
    Companion(FileRole),
    /// The configuration that makes a folder a model's folder.
    ModelConfig,
    /// `adapter_config.json`.
    AdapterConfig,
    /// `model_index.json` of a pipeline, or `modules.json` of a sentence transformer.
    PipelineIndex,
    /// A manifest, lock file or installed package.
    Manifest,
    /// None of these.
    Other,
}

/// Names of files that training leaves behind; they look like weights and are none.
const TRAINING_LEFTOVERS: &[&str] =
    &["optimizer.bin", "optimizer.pt", "rng_state.pth", "scheduler.pt", "training_args.bin"];

/// Names of tokenizer files.
const TOKENIZER_NAMES: &[&str] = &[
    "added_tokens.json",
    "merges.txt",
    "sentencepiece.bpe.model",
    "special_tokens_map.json",
    "spiece.model",
    "tokenizer.json",
    "tokenizer.model",
    "tokenizer_config.json",
    "vocab.json",
    "vocab.txt",
];

pub(super) fn of(file: &ScannedFile) -> Role {
    let name = file.path.file_name();
    let wanted = |id| file.extractors().contains(&id);
    if TRAINING_LEFTOVERS.contains(&name) || name.starts_with("rng_state_") {
        return Role::Companion(FileRole::Other);
    }
    if wanted("shard_index") {
        return Role::Companion(FileRole::ShardIndex);
    }
    if let Some(format) = text(file, names::WEIGHTS_FORMAT.as_str()) {
        return weights(file, name, format);
    }
    if let Some(kind) = text(file, names::LICENSE_FILE_KIND.as_str()) {
        return Role::Companion(match kind {
            "notice" => FileRole::Notice,
            "use-policy" => FileRole::UsePolicy,
            _ => FileRole::License,
        });
    }
    if wanted("model_index") || name == "modules.json" {
        return Role::PipelineIndex;
    }
    match () {
        () if wanted("adapter_config") => Role::AdapterConfig,
        () if wanted("config") => Role::ModelConfig,
        () if wanted("tokenizer") => Role::Companion(FileRole::Tokenizer),
        () if wanted("mergekit") || wanted("companion") || wanted("oci_model") => {
            Role::Companion(FileRole::Config)
        }
        () if wanted("model_signature") => Role::Companion(FileRole::Other),
        () if wanted("model_card") => Role::Companion(FileRole::Card),
        () if !file.extractors().is_empty() => Role::Manifest,
        () => Role::Other,
    }
}

fn weights(file: &ScannedFile, name: &str, format: &str) -> Role {
    if TOKENIZER_NAMES.contains(&name) {
        return Role::Companion(FileRole::Tokenizer);
    }
    match format {
        "git-lfs-pointer" | "empty" if name.ends_with(".gguf") => Role::GgufWeights,
        "git-lfs-pointer" | "empty" => {
            if is_weight_name(name) {
                Role::Weights
            } else {
                Role::Companion(FileRole::Other)
            }
        }
        _ if is_adapter(file) => Role::AdapterWeights,
        "gguf" => Role::GgufWeights,
        _ => Role::Weights,
    }
}

/// Whether the file itself says that it is an adapter: `general.type`, or nothing but low-rank
/// pairs (`lora_A`/`lora_B` of PEFT, `lora_down`/`lora_up` of kohya, `.lora_a`/`.lora_b` of GGUF).
fn is_adapter(file: &ScannedFile) -> bool {
    if text(file, names::GGUF_GENERAL_TYPE.as_str()) == Some("adapter") {
        return true;
    }
    file.extraction().tensors.iter().any(|tensor| {
        [".lora_A", ".lora_B", ".lora_a", ".lora_b", "lora_down", "lora_up"]
            .iter()
            .any(|mark| tensor.name.contains(mark))
    })
}

fn text<'a>(file: &'a ScannedFile, name: &str) -> Option<&'a str> {
    file.extraction().facts.iter().find(|fact| fact.name.as_str() == name).and_then(fact_text)
}

fn fact_text(fact: &Fact) -> Option<&str> {
    fact.value.as_text()
}
