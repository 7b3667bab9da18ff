//! The fields of a model configuration.

use std::collections::BTreeMap;

use crate::extract::capture::Captured;
use crate::extract::cards::fields::{self, Field, Shape};
use crate::extract::json::Json;
use crate::extract::{Extraction, names};
use crate::model::{Fact, FactValue};

// Sorted by key.
const FIELDS: &[Field] = &[
    // The class of a diffusers component; transformers has `architectures` instead.
    Field { key: "_class_name", shape: Shape::Texts, fact: names::CONFIG_ARCHITECTURES },
    Field { key: "_name_or_path", shape: Shape::Text, fact: names::CONFIG_NAME_OR_PATH },
    Field { key: "architectures", shape: Shape::Texts, fact: names::CONFIG_ARCHITECTURES },
    // transformers 5 writes `dtype` where earlier versions wrote `torch_dtype`.
    Field { key: "dtype", shape: Shape::Text, fact: names::CONFIG_TORCH_DTYPE },
    Field { key: "model_type", shape: Shape::Text, fact: names::CONFIG_MODEL_TYPE },
    Field { key: "torch_dtype", shape: Shape::Text, fact: names::CONFIG_TORCH_DTYPE },
    Field {
        key: "transformers_version",
        shape: Shape::Text,
        fact: names::CONFIG_TRANSFORMERS_VERSION,
    },
];

/// Sizes that tell one structure from another, sorted.
const HYPERPARAMETERS: &[&str] = &[
    "attention_head_dim",
    "cross_attention_dim",
    "d_ff",
    "d_kv",
    "d_model",
    "decoder_layers",
    "embedding_size",
    "encoder_layers",
    "ffn_dim",
    "head_dim",
    "hidden_dim",
    "hidden_size",
    "image_size",
    "in_channels",
    "intermediate_size",
    "kv_channels",
    "latent_channels",
    "layers_per_block",
    "max_position_embeddings",
    "moe_intermediate_size",
    "n_ctx",
    "n_embd",
    "n_head",
    "n_inner",
    "n_layer",
    "n_layers",
    "n_positions",
    "n_routed_experts",
    "num_attention_heads",
    "num_channels",
    "num_experts",
    "num_experts_per_tok",
    "num_heads",
    "num_hidden_layers",
    "num_key_value_heads",
    "num_kv_heads",
    "num_layers",
    "num_local_experts",
    "out_channels",
    "padded_vocab_size",
    "patch_size",
    "projection_dim",
    "sample_size",
    "seq_length",
    "sliding_window",
    "type_vocab_size",
    "vocab_size",
    "word_embed_proj_dim",
];

/// Objects that hold the sizes of the language model inside a larger one, sorted.
const NESTED: &[&str] = &["language_config", "llm_config", "text_config", "thinker_config"];

const QUANTIZATION: &str = "quantization_config";

pub(super) fn read(file: &Captured) -> Extraction {
    let object = fields::read(file, |key| {
        field(key).is_some()
            || key == QUANTIZATION
            || HYPERPARAMETERS.binary_search(&key).is_ok()
            || NESTED.binary_search(&key).is_ok()
    });
    let mut extraction = Extraction { diagnostics: object.diagnostics, ..Extraction::default() };
    let mut sizes = BTreeMap::new();
    for (key, value) in &object.fields {
        if let Some(field) = field(key) {
            fields::push_field(file, field, value, &mut extraction);
        } else if key == QUANTIZATION {
            push_quantization(file, value, &mut extraction);
        } else {
            collect_sizes(key, value, &mut sizes);
        }
    }
    if !sizes.is_empty() {
        let (name, sizes) = (names::CONFIG_HYPERPARAMETERS, FactValue::Map(sizes));
        extraction.facts.push(Fact::new(name, sizes, file.whole()));
    }
    extraction
}

fn field(key: &str) -> Option<&'static Field> {
    FIELDS.binary_search_by(|field| field.key.cmp(key)).ok().map(|index| &FIELDS[index])
}

fn push_quantization(file: &Captured, value: &Json<'_>, into: &mut Extraction) {
    const METHOD: Field = Field {
        key: "quantization_config.quant_method",
        shape: Shape::Text,
        fact: names::CONFIG_QUANTIZATION,
    };
    if let Some(method) = value.get("quant_method") {
        fields::push_field(file, &METHOD, method, into);
    }
}

/// Sizes are whole numbers here; a list (one size for each block) or `null` says nothing that
/// could be compared, and is legal.
fn collect_sizes(key: &str, value: &Json<'_>, sizes: &mut BTreeMap<String, FactValue>) {
    match value {
        Json::Int(number) => {
            sizes.insert(key.to_owned(), FactValue::Int(*number));
        }
        Json::Map(fields) => {
            for (name, value) in fields {
                if let (Json::Int(number), Ok(_)) = (value, HYPERPARAMETERS.binary_search(&&**name))
                {
                    sizes.insert(format!("{key}.{name}"), FactValue::Int(*number));
                }
            }
        }
        _ => {}
    }
}
