//! Builders of small inputs for the tests.

#![forbid(unsafe_code)]

pub mod gguf;
pub mod safetensors;
