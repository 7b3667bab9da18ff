//! Finds, verifies, loads, calls and contains plugins.
//!
//! Built-in plugins run in this process, behind a net for panics. Every other plugin is a library
//! that the user named; it runs in a child process, `flowdown plugin-host PATH`, that speaks
//! frames of JSON over its standard streams and has a limit on everything. Whatever such a plugin
//! does — abort, loop, exhaust memory, answer garbage — ends as a [`Failure`], and the plugin is
//! not asked again.
//!
//! Never loaded: anything that was found rather than named, a library whose SHA-256 is not the
//! expected one, and foreign code in the scanning process itself. A library is never unloaded;
//! the child ends instead.

#![deny(unsafe_op_in_unsafe_fn)]

#[cfg(not(unix))]
compile_error!("foreign plugins are contained by resource limits and pipes of Unix");

mod built_in;
mod child;
mod error;
mod installed;
mod library;

pub use child::{ChildLimits, HostCommand, child_main};
pub use error::{Failure, Fault, HostError, LastWords, MessageKind, Sha256Hex};
pub use installed::{Installed, Loaded, refuse_shared_ids};
