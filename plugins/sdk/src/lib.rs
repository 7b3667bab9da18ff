//! What the author of a Flowdown plugin imports.
//!
//! A plugin resolves what an artifact's licence is, or what an artifact derives from. It receives
//! facts and recognised texts as plain values and answers with claims; evidence is an index into
//! what it was sent, so it cannot be invented. [`message`] has the messages, [`Resolver`] the
//! trait, [`text`] the way texts become fingerprints, [`family`] a resolver for licence families
//! that consist of data only, and [`abi`] the C table behind [`export_plugin!`].
//!
//! This crate knows nothing of the scanner.

pub mod abi;
pub mod catalogue;
pub mod check;
pub mod family;
pub mod harness;
pub mod message;
pub mod text;

use message::{Descriptor, ResolveRequest, ResolveResponse};

/// What a plugin does.
pub trait Resolver: Send + Sync {
    /// What it is, what it needs, and the licence knowledge it brings. Called once.
    fn describe(&self) -> Descriptor;

    /// Resolves a batch of artifacts.
    ///
    /// # Errors
    /// [`ResolveError`] when the plugin cannot answer at all. What concerns a single artifact is
    /// a diagnostic in the response.
    fn resolve(&self, request: &ResolveRequest) -> Result<ResolveResponse, ResolveError>;
}

/// A plugin could not answer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ResolveError(pub String);
