//! The stages of a Flowdown scan, one module each. Data only moves from `source` to `report`.
//!
//! `engine::scan` runs the stages in order; nothing else calls across them. The vocabulary is in
//! [`model`], which knows no file system, no serialisation and no plugin. What a module may use is
//! a table in `ARCHITECTURE.md`, and a test fails on any other edge.

#![forbid(unsafe_code)]

pub mod assemble;
pub mod bom;
pub mod compare;
pub mod engine;
pub mod evaluate;
pub mod extract;
pub mod identify;
pub mod lint;
pub mod model;
pub mod report;
pub mod resolve;
pub mod source;
