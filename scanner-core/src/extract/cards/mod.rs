//! Model cards, configurations, licence files: what stands around weights.

pub mod adapter_config;
pub mod companion;
pub mod config;
mod fields;
pub mod license_file;
pub mod mergekit;
pub mod model_card;
pub mod model_index;
pub mod model_signature;
pub mod oci_model;
#[cfg(test)]
mod testing;
pub mod tokenizer;
mod yaml;

use super::Extractor;

/// Every extractor of this folder, sorted by id.
pub static ALL: &[&dyn Extractor] = &[
    &adapter_config::AdapterConfig,
    &companion::Companion,
    &config::Config,
    &license_file::LicenseFile,
    &mergekit::Mergekit,
    &model_card::ModelCard,
    &model_index::ModelIndex,
    &model_signature::ModelSignature,
    &oci_model::OciModel,
    &tokenizer::Tokenizer,
];
