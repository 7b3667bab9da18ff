//! What tests share: builders of small inputs, and tests that need what is not in the repository.

#![forbid(unsafe_code)]

pub mod gguf;
pub mod image;
pub mod outside;
pub mod registry;
pub mod safetensors;
pub mod tar;
