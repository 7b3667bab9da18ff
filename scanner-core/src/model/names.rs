//! The names of all facts, with what they mean. `docs/facts.md` is generated from this list.

use super::FactName;

macro_rules! names {
    ($($constant:ident $name:literal $meaning:literal;)*) => {
        $(#[doc = $meaning] pub const $constant: FactName = FactName::new($name);)*

        /// Every fact with its meaning, sorted by name.
        pub const ALL: &[(FactName, &str)] = &[$(($constant, $meaning),)*];
    };
}

// One line each, sorted by name.
names! {
    ADAPTER_BASE_MODEL "adapter.base-model" "The base model's name or path, as `adapter_config.json` states it";
    ADAPTER_PEFT_TYPE "adapter.peft-type" "Kind of adapter, for example `LORA`";
    ADAPTER_RANK "adapter.rank" "Rank `r` of a LoRA adapter";
    ADAPTER_REVISION "adapter.revision" "Revision of the base model that the adapter was made for";
    ADAPTER_TARGET_MODULES "adapter.target-modules" "Modules that the adapter changes: list of text";
    BOM_ANCESTOR "bom.ancestor" "What a component derives from, as a bill of materials states it: map with `name`, `relation`";
    BOM_COMPONENT "bom.component" "A component of a bill of materials: map with `kind`, `supplier`, `hashes`, `copyright`";
    BOM_LICENSE "bom.license" "Licences that a bill of materials states, as declared or without a ground: list of text";
    BOM_LICENSE_CONCLUDED "bom.license-concluded" "Licences that a bill of materials or the settings file states as concluded: list of text";
    CARD_BASE_MODEL "card.base-model" "Models that the card names as its base: list of text";
    CARD_BASE_MODEL_RELATION "card.base-model-relation" "Relation to the base as the card states it: `finetune`, `quantized`, `adapter`, `merge`";
    CARD_BODY_LICENSE "card.body-license" "A `license:` line outside the front matter, as text";
    CARD_DATASETS "card.datasets" "Datasets that the card names: list of text";
    CARD_FRONT_MATTER "card.front-matter" "State of the front matter: `ok`, `absent`, `invalid`, `not-a-map`, `unterminated`";
    CARD_GATED_PROMPT "card.gated-prompt" "Terms shown before access (`extra_gated_prompt`)";
    CARD_LANGUAGE "card.language" "Languages: list of text";
    CARD_LIBRARY_NAME "card.library-name" "Library that loads the model";
    CARD_LICENSE "card.license" "Licence tag of the card: text, or list of text as the card has it";
    CARD_LICENSE_LINK "card.license-link" "`license_link` of the card";
    CARD_LICENSE_NAME "card.license-name" "`license_name` of the card";
    CARD_MODEL_NAME "card.model-name" "Name of the model in `model-index` or `model_name`";
    CARD_PIPELINE_TAG "card.pipeline-tag" "Task of the model";
    CARD_TAGS "card.tags" "Tags: list of text";
    CARD_TITLE "card.title" "First heading of the body";
    CONFIG_ARCHITECTURES "config.architectures" "Class names: list of text";
    CONFIG_HYPERPARAMETERS "config.hyperparameters" "Sizes by their name in the file: map to numbers";
    CONFIG_MODEL_TYPE "config.model-type" "`model_type`";
    CONFIG_NAME_OR_PATH "config.name-or-path" "`_name_or_path`: where the weights were loaded from when they were saved";
    CONFIG_QUANTIZATION "config.quantization" "`quantization_config.quant_method`";
    CONFIG_TORCH_DTYPE "config.torch-dtype" "`torch_dtype` or `dtype`";
    CONFIG_TRANSFORMERS_VERSION "config.transformers-version" "Version of the library that saved the file";
    DECLARED_COMPONENT "declared.component" "What the vendor states of a part in the settings file: map with `version`, `supplier`, `supplier-contact`, `creator`, `creator-contact`, `copyright`, `file` (map with `name`, `sha512`, `kinds`)";
    GGUF_ADAPTER_TYPE "gguf.adapter.type" "`adapter.type`";
    GGUF_GENERAL_ARCHITECTURE "gguf.general.architecture" "`general.architecture`";
    GGUF_GENERAL_AUTHOR "gguf.general.author" "`general.author`";
    GGUF_GENERAL_BASE_MODEL "gguf.general.base-model" "Base models: list of maps with the keys after `general.base_model.N.`";
    GGUF_GENERAL_BASENAME "gguf.general.basename" "`general.basename`";
    GGUF_GENERAL_DATASET "gguf.general.dataset" "Datasets: list of maps with the keys after `general.dataset.N.`";
    GGUF_GENERAL_FINETUNE "gguf.general.finetune" "`general.finetune`";
    GGUF_GENERAL_LICENSE "gguf.general.license" "`general.license`: text, or list of text as the file has it";
    GGUF_GENERAL_LICENSE_LINK "gguf.general.license.link" "`general.license.link`";
    GGUF_GENERAL_LICENSE_NAME "gguf.general.license.name" "`general.license.name`";
    GGUF_GENERAL_NAME "gguf.general.name" "`general.name`";
    GGUF_GENERAL_ORGANIZATION "gguf.general.organization" "`general.organization`";
    GGUF_GENERAL_QUANTIZED_BY "gguf.general.quantized-by" "`general.quantized_by`";
    GGUF_GENERAL_REPO_URL "gguf.general.repo-url" "`general.repo_url`";
    GGUF_GENERAL_SOURCE_REPO_URL "gguf.general.source-repo-url" "`general.source.repo_url` or `general.source.huggingface.repository`";
    GGUF_GENERAL_TYPE "gguf.general.type" "`general.type`: `model`, `adapter`, `mmproj`, …";
    GGUF_GENERAL_VERSION "gguf.general.version" "`general.version`";
    LFS_OID "lfs.oid" "SHA-256 that a git-LFS pointer claims for the absent content";
    LFS_SIZE "lfs.size" "Size in bytes that a git-LFS pointer claims";
    LICENSE_FILE_KIND "license-file.kind" "`license`, `notice` or `use-policy`, by the file's name";
    LICENSE_FILE_SCOPE "license-file.scope" "What the file's name says it covers: `any`, `code`, `data`, `model`";
    MANIFEST_INCLUDE "manifest.include" "Another manifest that this one includes: `-r` or `-c`, a space, the target as written";
    MANIFEST_KIND "manifest.kind" "Kind of manifest: `requirements.txt`, `poetry.lock`, `package-lock.json`, …";
    MANIFEST_PACKAGE "manifest.package" "One package entry: map, see `docs/packages.md`";
    MANIFEST_PROJECT "manifest.project" "The project that the manifest belongs to: map with `ecosystem`, `name`, `version`, `license`";
    MERGE_BASE_MODEL "merge.base-model" "Base model of a merge";
    MERGE_METHOD "merge.method" "Merge method";
    MERGE_MODELS "merge.models" "Models that were merged: list of text";
    OCI_MODEL_FAMILY "oci.model.family" "Model family, as the configuration of a model artifact in a registry states it";
    OCI_MODEL_LICENSE "oci.model.license" "Licences, as that configuration states them: list of text";
    OCI_MODEL_NAME "oci.model.name" "Name, as that configuration states it";
    OCI_MODEL_REVISION "oci.model.revision" "Revision, as that configuration states it";
    OCI_MODEL_SOURCE "oci.model.source-url" "Where the model comes from, as that configuration states it";
    OS_RELEASE "os.release" "What the system in the tree is: map with the values of `os-release` by key, in lower case";
    PIPELINE_CLASS "pipeline.class" "`_class_name` of `model_index.json`";
    PIPELINE_COMPONENTS "pipeline.components" "Components: map from folder name to `library.class`";
    PIPELINE_NAME_OR_PATH "pipeline.name-or-path" "`_name_or_path` of `model_index.json`";
    SAFETENSORS_METADATA_LICENSE "safetensors.metadata.license" "`license` or `modelspec.license` of `__metadata__`";
    SIGNATURE_FILES "signature.files" "Files that a model signature names: map from path to digest, or to the algorithm where it is none that is computed";
    SIGNATURE_PREDICATE "signature.predicate" "Type of the predicate that a model signature signs";
    TOKENIZER_CLASS "tokenizer.class" "Class name of the tokenizer";
    TOKENIZER_DIGEST "tokenizer.digest" "Digest of `tokenizer.json` as a stream";
    TOKENIZER_NAME_OR_PATH "tokenizer.name-or-path" "`name_or_path` of the tokenizer";
    WEIGHTS_ARCHITECTURE "weights.architecture" "Architecture that the weight file states";
    WEIGHTS_BYTE_ORDER "weights.byte-order" "`little` or `big`";
    WEIGHTS_DTYPES "weights.dtypes" "Tensors by data type or quantisation: map from type to number of tensors";
    WEIGHTS_FORMAT "weights.format" "Format by content: `safetensors`, `gguf`, `git-lfs-pointer`, `empty`, `torch-zip`, `pickle`, `onnx`, …";
    WEIGHTS_FORMAT_VERSION "weights.format-version" "Version of the format";
    WEIGHTS_HEADER_DIGEST "weights.header-digest" "SHA-256 of the header bytes";
    WEIGHTS_INDEX_SHARDS "weights.index.shards" "Files that a shard index names: list of text";
    WEIGHTS_INDEX_TOTAL_SIZE "weights.index.total-size" "`metadata.total_size` of a shard index";
    WEIGHTS_INDEX_WEIGHT_MAP "weights.index.weight-map" "Shard of each tensor: map from tensor name to file name";
    WEIGHTS_METADATA "weights.metadata" "Metadata keys with their values; long values and arrays are described, not copied";
    WEIGHTS_METADATA_COUNT "weights.metadata-count" "Number of metadata keys";
    WEIGHTS_PARAMETER_COUNT "weights.parameter-count" "Number of parameters over all tensors";
    WEIGHTS_QUANTIZATION "weights.quantization" "Quantisation that the file states, for example `Q4_K_M`";
    WEIGHTS_SPLIT "weights.split" "Part of a split file: map with `no`, `count`, `tensors`";
    WEIGHTS_TENSOR_COUNT "weights.tensor-count" "Number of tensors";
    WEIGHTS_TENSOR_MANIFEST_DIGEST "weights.tensor-manifest-digest" "SHA-256 over names, data types and shapes, sorted by name";
    WEIGHTS_TENSOR_SET_DIGEST "weights.tensor-set-digest" "SHA-256 over shapes, data types and tensor digests without names, sorted";
    WEIGHTS_TOKENIZER_DIGEST "weights.tokenizer-digest" "SHA-256 over the length-prefixed tokens of an embedded tokenizer";
}
