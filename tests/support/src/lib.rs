//! What tests and benchmarks share: builders of small inputs, tests that need what is not in the
//! repository, and what commands cost.

#![forbid(unsafe_code)]

pub mod gguf;
pub mod image;
pub mod npm;
pub mod outside;
pub mod random;
pub mod registry;
pub mod safetensors;
pub mod stargz;
pub mod tar;
pub mod timing;
