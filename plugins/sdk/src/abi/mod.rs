//! The C table between host and plugin, version 1 (`docs/adr/0005-plugin-abi.md`).
//!
//! A plugin exports one data symbol, `flowdown_plugin_v1_<name>`: a [`Table`]. Only these
//! `repr(C)` types and bytes cross; the bytes are the UTF-8 JSON of [`crate::message`], preceded
//! by their length and not ended by a zero byte. The side that allocates frees. The layout is
//! append-only: a table begins with its own size, and a reader ignores what it does not know.
//!
//! [`crate::export_plugin!`] makes the table of a Rust plugin; [`Plugin`] is the side that calls
//! one. `examples/91_plugin_c/flowdown_plugin.h` is the same for C, and a test compares the two.

#![deny(unsafe_op_in_unsafe_fn)]

mod caller;
mod export;
#[cfg(test)]
mod tests;

pub use caller::{AbiError, Output, Plugin};
pub use export::{Exported, table};

/// What the name of the exported symbol begins with; the plugin's own name follows.
pub const SYMBOL_PREFIX: &str = "flowdown_plugin_v1_";

/// What a plugin exports.
///
/// The functions are optional here so that a zero in a foreign table is a value to refuse and not
/// undefined behaviour; a valid table has all of them.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Table {
    /// Size of the table in bytes, as the plugin was compiled.
    pub size: usize,
    /// [`crate::message::ABI_MAJOR`] of the plugin; must be equal to the host's.
    pub abi_major: u32,
    /// [`crate::message::ABI_MINOR`] of the plugin; may not exceed the host's.
    pub abi_minor: u32,
    /// Answers with a [`crate::message::Descriptor`].
    pub describe: Option<unsafe extern "C" fn() -> Answer>,
    /// Answers an operation. The input is only borrowed for the call.
    pub call: Option<unsafe extern "C" fn(Operation, Bytes) -> Answer>,
    /// Takes back what an answer holds; called once for each answer.
    pub free: Option<unsafe extern "C" fn(Answer)>,
}

/// Bytes of the host, borrowed for one call.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Bytes {
    /// How many.
    pub length: usize,
    /// The first one; may be null when there are none.
    pub data: *const u8,
}

/// Bytes of the plugin, valid until they are given to its `free`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Answer {
    /// How many.
    pub length: usize,
    /// The first one; may be null when there are none.
    pub data: *mut u8,
    /// What they are.
    pub status: Status,
}

/// What a plugin is asked to do; a number, so that an unknown one is a value too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Operation(pub u32);

impl Operation {
    /// The input is a [`crate::message::ResolveRequest`], the answer a
    /// [`crate::message::ResolveResponse`].
    pub const RESOLVE: Self = Self(1);
}

/// What an answer holds; a number, so that an unknown one is a value too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Status(pub u32);

impl Status {
    /// The JSON that was asked for.
    pub const OK: Self = Self(0);
    /// UTF-8 text: why the plugin cannot answer. It may be asked again.
    pub const REFUSED: Self = Self(1);
    /// UTF-8 text of a panic that was caught. The plugin is not asked again.
    pub const PANICKED: Self = Self(2);
    /// Nothing: the plugin does not know the operation.
    pub const UNKNOWN_OPERATION: Self = Self(3);
}
