//! What one file says.
//!
//! An extractor decides from path, size and the first 4 KiB whether it wants a file, then receives
//! its bytes as they stream by. It reports facts and never judges; it never sees neighbouring
//! files; and it never fails: a broken header still has facts, and a diagnostic.

pub mod agreement;
mod capture;
pub mod cards;
pub mod driver;
mod json;
pub mod license_text;
pub mod manifests;
#[cfg(test)]
mod testing;
mod text;
pub mod weights;

use std::ops::Range;

pub use crate::model::names;
use crate::model::{CapturedText, Diagnostic, Fact, FactName, Limits, SourcePath, Tensor};

/// How many bytes of a file a [`Probe`] shows at most.
pub const HEAD_BYTES: usize = 4096;

/// What is known of a file before it is read.
#[derive(Clone, Copy, Debug)]
pub struct Probe<'a> {
    /// Its path inside the source.
    pub path: &'a SourcePath,
    /// The last component of the path.
    pub name: &'a str,
    /// Its size in bytes.
    pub size: u64,
    /// Its first bytes, at most [`HEAD_BYTES`].
    pub head: &'a [u8],
}

impl<'a> Probe<'a> {
    /// A file of `size` bytes at `path` that starts with `head`.
    pub fn new(path: &'a SourcePath, size: u64, head: &'a [u8]) -> Self {
        // Every extractor asks for the name of every file: it is looked for once.
        Self { path, name: path.file_name(), size, head }
    }
}

/// What a parser needs next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// The bytes that follow.
    More,
    /// Nothing of the next `n` bytes: a seekable source jumps, a stream discards.
    Skip(u64),
    /// Nothing any more.
    Done,
}

/// A tensor's place in its file: its index in the header's order, and its bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Region {
    /// Absolute byte range in the file.
    pub bytes: Range<u64>,
    /// Index into [`Extraction::tensors`].
    pub tensor: usize,
}

/// What one file says.
#[derive(Clone, Debug, Default)]
pub struct Extraction {
    /// Facts, in file order.
    pub facts: Vec<Fact>,
    /// The tensors of a weight file, in header order. Digests are filled in by the driver.
    pub tensors: Vec<Tensor>,
    /// Texts that later stages read: licences, notices, card bodies.
    pub texts: Vec<CapturedText>,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads one kind of file.
pub trait Extractor: Sync {
    /// Its name: the name of its folder, for example `safetensors`.
    fn id(&self) -> &'static str;

    /// The facts it can report.
    fn facts(&self) -> &'static [FactName];

    /// Whether it wants this file. Called for every file: no allocation, no regular expression.
    fn wants(&self, probe: &Probe<'_>) -> bool;

    /// Starts to read a file that it wants.
    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser>;
}

/// Reads one file, pushed to it in pieces of any size.
pub trait Parser: Send {
    /// Takes the next bytes. After `Skip(n)` the next call starts `n` bytes later; after `Done`
    /// there is no next call.
    fn feed(&mut self, bytes: &[u8]) -> Need;

    /// The tensors' places, sorted by start and not overlapping, once the header has been read and
    /// found consistent; empty before that and for files without tensors.
    fn regions(&self) -> &[Region] {
        &[]
    }

    /// Ends: the file is over, or the driver stops here.
    fn finish(self: Box<Self>) -> Extraction;
}

/// Every extractor. A test compares this list with the folders.
pub fn all() -> impl Iterator<Item = &'static dyn Extractor> {
    weights::ALL.iter().chain(cards::ALL).chain(manifests::ALL).copied()
}
