//! Where bytes come from.
//!
//! A source offers each of its files once. A directory is one unit of seekable files; an image
//! has layers that stream ([`image`]). Nothing is ever unpacked to disk.

pub mod cache;
pub mod decode;
pub mod dir;
mod file;
pub mod image;
pub mod registry;
pub mod tar;

use std::io::{self, Read};

use crate::model::{Diagnostic, SourceIdentity, SourcePath};

/// A part of a source that can be read on its own: a directory is one, an image has one per layer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unit {
    /// Position among the units, lowest layer first.
    pub index: usize,
}

/// What a unit holds.
#[derive(Debug, Default)]
pub struct Listing {
    /// The paths of its files, sorted.
    pub files: Vec<SourcePath>,
    /// What could not be listed.
    pub diagnostics: Vec<Diagnostic>,
}

/// Random access to one file. Short reads happen only at the end of the file.
pub trait ReadAt: Send + Sync {
    /// Fills `buffer` from `offset`; returns how many bytes there were.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
}

/// A file that is open. Its size is not known before: asking for it by the path costs as much as
/// opening the file.
pub struct Opened<'a> {
    /// Its size in bytes.
    pub size: u64,
    /// Its content.
    pub content: Box<dyn ReadAt + 'a>,
}

/// A stream that can pass over what nobody wants without reading it.
pub trait Skip: Read {
    /// Passes over so many bytes.
    ///
    /// # Errors
    /// When the stream ends before, or cannot jump that far.
    fn skip(&mut self, bytes: u64) -> io::Result<()>;
}

impl<S: Skip + ?Sized> Skip for Box<S> {
    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        (**self).skip(bytes)
    }
}

/// A place that bytes come from.
pub trait Source: Sync {
    /// What it is, for documents.
    fn identity(&self) -> SourceIdentity;

    /// Its parts, lowest first.
    fn units(&self) -> Vec<Unit>;

    /// Lists one part without what `exclude` names; a folder that it names is not entered. What
    /// cannot be read is a diagnostic, not an error.
    fn list(&self, unit: &Unit, exclude: &dyn Fn(&SourcePath) -> bool) -> Listing;

    /// Opens a listed file of one part for reading.
    ///
    /// # Errors
    /// When it cannot be opened, or is no regular file any more.
    fn open(&self, unit: &Unit, path: &SourcePath) -> io::Result<Opened<'_>>;

    /// The size in bytes of a file that cannot be opened, as far as it is known.
    fn size(&self, unit: &Unit, path: &SourcePath) -> Option<u64>;
}
