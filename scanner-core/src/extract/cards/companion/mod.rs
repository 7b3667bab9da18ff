//! Files that stand beside weights and say nothing about origin or licence.
//!
//! They are wanted so that they are known as parts of the model and not as files of unknown
//! purpose; their digests come from the driver, and nothing in them is read.

#[cfg(test)]
mod tests;

use crate::extract::capture::Unread;
use crate::extract::{Extractor, Parser, Probe};
use crate::model::{FactName, Limits};

/// Recognises companion files by name.
pub struct Companion;

/// Names of companion files, sorted by byte.
const NAMES: &[&str] = &[
    "added_tokens_config.json",
    "all_results.json",
    "chat_template.jinja",
    "chat_template.json",
    "config_sentence_transformers.json",
    "eval_results.json",
    "feature_extractor_config.json",
    "generation_config.json",
    "image_processor_config.json",
    "modules.json",
    "preprocessor_config.json",
    "processor_config.json",
    "quant_config.json",
    "quantization_config.json",
    "quantize_config.json",
    "scheduler_config.json",
    "sentence_bert_config.json",
    "sentence_distilbert_config.json",
    "sentence_roberta_config.json",
    "sentence_xlm-roberta_config.json",
    "train_results.json",
    "trainer_state.json",
    "video_preprocessor_config.json",
];

impl Extractor for Companion {
    fn id(&self) -> &'static str {
        "companion"
    }

    fn facts(&self) -> &'static [FactName] {
        &[]
    }

    fn wants(&self, probe: &Probe<'_>) -> bool {
        NAMES.binary_search(&probe.name).is_ok()
    }

    fn begin(&self, _probe: &Probe<'_>, _limits: &Limits) -> Box<dyn Parser> {
        Box::new(Unread)
    }
}
