//! Which weight files are one model.

use std::collections::{BTreeMap, BTreeSet};

use super::ScannedFile;
use super::role::Role;
use crate::model::names;
use crate::model::{ArtifactKind, FileRole, SourcePath};

/// The files that make up one model, before anything is attached to them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Group {
    pub(super) kind: ArtifactKind,
    /// The folder it is at home in: what stands there belongs to it.
    pub(super) folder: SourcePath,
    /// Indices of its weight files, ascending; empty for a model without weights in the source.
    pub(super) weights: Vec<usize>,
    /// The name of its weight files without shard number and ending, when the files rather than
    /// the folder name the model.
    pub(super) stem: Option<String>,
}

/// Folders that hold the same model in another format; their files belong to the folder above.
const FORMAT_FOLDERS: &[&str] = &["coreml", "flax", "onnx", "openvino", "tf", "tflite"];

/// Stems under which libraries save *the* model of a folder.
const CANONICAL_STEMS: &[&str] = &[
    "consolidated",
    "diffusion_flax_model",
    "diffusion_pytorch_model",
    "flax_model",
    "model",
    "model_quantized",
    "openvino_model",
    "pytorch_model",
    "rust_model",
    "tf_model",
];

/// Groups the weights of `files`, and finds models whose weights are absent.
pub(super) fn models(files: &[ScannedFile], roles: &[Role]) -> Vec<Group> {
    let folders = Folders::new(files, roles);
    let mut by_folder: BTreeMap<SourcePath, Vec<usize>> = BTreeMap::new();
    for (index, role) in roles.iter().enumerate() {
        if matches!(role, Role::GgufWeights | Role::Weights | Role::AdapterWeights) {
            by_folder.entry(folders.home(&files[index].path)).or_default().push(index);
        }
    }
    let mut groups = Vec::new();
    for (folder, weights) in by_folder {
        folders.split(&folder, &weights, files, roles, &mut groups);
    }
    let with_weights: BTreeSet<SourcePath> =
        groups.iter().map(|group| group.folder.clone()).collect();
    for folder in folders.described() {
        if !with_weights.iter().any(|inhabited| inhabited.is_within(folder)) {
            let is_adapter =
                folders.adapter_configs.contains(folder) && !folders.configs.contains(folder);
            groups.push(Group {
                kind: if is_adapter { ArtifactKind::Adapter } else { ArtifactKind::Model },
                folder: folder.clone(),
                weights: Vec::new(),
                stem: None,
            });
        }
    }
    groups
}

/// What makes a folder a model's folder.
struct Folders {
    pipelines: BTreeSet<SourcePath>,
    configs: BTreeSet<SourcePath>,
    adapter_configs: BTreeSet<SourcePath>,
    indexes: BTreeSet<SourcePath>,
    cards: BTreeSet<SourcePath>,
}

impl Folders {
    fn new(files: &[ScannedFile], roles: &[Role]) -> Self {
        let having = |wanted: &dyn Fn(&ScannedFile, Role) -> bool| {
            files
                .iter()
                .zip(roles)
                .filter(|(file, role)| wanted(file, **role))
                .map(|(file, _)| file.path.parent())
                .collect()
        };
        Self {
            pipelines: having(&|_, role| role == Role::PipelineIndex),
            configs: having(&|file, role| {
                role == Role::ModelConfig
                    && (has(file, names::CONFIG_MODEL_TYPE.as_str())
                        || has(file, names::CONFIG_ARCHITECTURES.as_str()))
            }),
            adapter_configs: having(&|_, role| role == Role::AdapterConfig),
            indexes: having(&|_, role| role == Role::Companion(FileRole::ShardIndex)),
            cards: having(&|file, role| {
                role == Role::Companion(FileRole::Card)
                    && [
                        names::CARD_BASE_MODEL,
                        names::CARD_PIPELINE_TAG,
                        names::CARD_LIBRARY_NAME,
                        names::CARD_MODEL_NAME,
                    ]
                    .iter()
                    .any(|name| has(file, name.as_str()))
            }),
        }
    }

    /// Folders that describe a model, outermost first, none inside another pipeline.
    fn described(&self) -> impl Iterator<Item = &SourcePath> {
        let all: BTreeSet<&SourcePath> = self
            .pipelines
            .iter()
            .chain(&self.configs)
            .chain(&self.adapter_configs)
            .chain(&self.indexes)
            .chain(&self.cards)
            .collect();
        let outer: Vec<&SourcePath> = all
            .iter()
            .copied()
            .filter(|folder| !all.iter().any(|other| other != folder && self.covers(other, folder)))
            .collect();
        outer.into_iter()
    }

    /// Whether what lies in `inner` is a part of the model described in `outer`.
    fn covers(&self, outer: &SourcePath, inner: &SourcePath) -> bool {
        inner.is_within(outer)
            && (self.pipelines.contains(outer) || !self.cards.contains(inner))
            && (self.pipelines.contains(outer)
                || self.configs.contains(outer)
                || self.cards.contains(outer))
    }

    /// The folder in which the weight file `path` is at home.
    fn home(&self, path: &SourcePath) -> SourcePath {
        let own = path.parent();
        let mut folder = own.clone();
        loop {
            if self.pipelines.contains(&folder) {
                return folder;
            }
            if folder.as_str().is_empty() {
                break;
            }
            folder = folder.parent();
        }
        let above = own.parent();
        let is_other_format = FORMAT_FOLDERS.contains(&own.file_name())
            && !self.cards.contains(&own)
            && (self.configs.contains(&above) || self.cards.contains(&above));
        if is_other_format { above } else { own }
    }

    fn split(
        &self,
        folder: &SourcePath,
        weights: &[usize],
        files: &[ScannedFile],
        roles: &[Role],
        groups: &mut Vec<Group>,
    ) {
        let has_config = self.configs.contains(folder) || self.pipelines.contains(folder);
        let has_adapter_config = self.adapter_configs.contains(folder);
        let mut named: BTreeMap<(ArtifactKind, String), Vec<usize>> = BTreeMap::new();
        let mut of_folder: BTreeMap<ArtifactKind, Vec<usize>> = BTreeMap::new();
        for &index in weights {
            let name = files[index].path.file_name();
            let stem = stem(name);
            let is_folder_adapter =
                has_adapter_config && (stem.starts_with("adapter") || !has_config);
            match roles[index] {
                Role::AdapterWeights | Role::Weights if is_folder_adapter => {
                    of_folder.entry(ArtifactKind::Adapter).or_default().push(index);
                }
                Role::AdapterWeights => {
                    named.entry((ArtifactKind::Adapter, stem)).or_default().push(index);
                }
                Role::GgufWeights => {
                    named.entry((ArtifactKind::Model, stem)).or_default().push(index);
                }
                _ if has_config || is_canonical(&stem) => {
                    of_folder.entry(ArtifactKind::Model).or_default().push(index);
                }
                _ => named.entry((ArtifactKind::Model, stem)).or_default().push(index),
            }
        }
        let folder = folder.clone();
        groups.extend(of_folder.into_iter().map(|(kind, weights)| Group {
            kind,
            folder: folder.clone(),
            weights,
            stem: None,
        }));
        groups.extend(named.into_iter().map(|((kind, stem), weights)| Group {
            kind,
            folder: folder.clone(),
            weights,
            stem: Some(stem),
        }));
    }
}

/// `model-00001-of-00002.safetensors` → `model`; `a.fp16.safetensors` → `a`.
pub(super) fn stem(name: &str) -> String {
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let name = match name.rsplit_once("-of-") {
        Some((front, count)) if is_number(count) => {
            let front_end = front.trim_end_matches(|character: char| character.is_ascii_digit());
            if front_end.len() == front.len() {
                name
            } else {
                front_end.trim_end_matches(['-', '_'])
            }
        }
        _ => name,
    };
    let precisions = [".bf16", ".ema", ".fp16", ".fp32", ".fp8", ".int8", ".non_ema"];
    precisions.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name).to_owned()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_canonical(stem: &str) -> bool {
    CANONICAL_STEMS.contains(&stem) || stem.strip_prefix("consolidated.").is_some_and(is_number)
}

fn has(file: &ScannedFile, fact: &str) -> bool {
    file.extraction().facts.iter().any(|candidate| candidate.name.as_str() == fact)
}
