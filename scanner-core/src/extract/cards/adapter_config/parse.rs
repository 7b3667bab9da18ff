//! The fields of an adapter configuration.

use crate::extract::capture::Captured;
use crate::extract::cards::fields::{self, Field, Shape};
use crate::extract::{Extraction, names};

// Sorted by key.
const FIELDS: &[Field] = &[
    Field { key: "base_model_name_or_path", shape: Shape::Text, fact: names::ADAPTER_BASE_MODEL },
    Field { key: "peft_type", shape: Shape::Text, fact: names::ADAPTER_PEFT_TYPE },
    Field { key: "r", shape: Shape::Int, fact: names::ADAPTER_RANK },
    Field { key: "revision", shape: Shape::Text, fact: names::ADAPTER_REVISION },
    // One name is a pattern, several are names (PEFT documentation, `LoraConfig`).
    Field { key: "target_modules", shape: Shape::Texts, fact: names::ADAPTER_TARGET_MODULES },
];

pub(super) fn read(file: &Captured) -> Extraction {
    fields::read_fields(file, FIELDS)
}
