//! Where something was read.

use super::{Digest, SourcePath};

/// What kind of place a location is in.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Origin {
    /// A file of the scanned source; `layer` is the diffID of the image layer, if there is one.
    Scanned {
        /// diffID of the image layer.
        layer: Option<Digest>,
    },
    /// A file that the user named: settings, contract, customer agreement.
    UserFile {
        /// SHA-256 of that file.
        sha256: Digest,
    },
    /// A record of a catalogue that ships with Flowdown or a plugin; the path is the record's key.
    Catalogue,
}

/// A file that the user named: settings, contract, customer agreement.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct UserFile {
    /// As named: relative to the settings file, or the file's own name; never a path of the machine.
    pub path: SourcePath,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
}

/// The part of a file that is meant.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Span {
    /// First and last line, counted from 1, both included.
    Lines {
        /// First line, from 1.
        first: u64,
        /// Last line, included.
        last: u64,
    },
    /// Byte range, end excluded.
    Bytes {
        /// First byte.
        start: u64,
        /// One past the last byte.
        end: u64,
    },
    /// A key of a structured file, dotted (`general.license`) or a JSON pointer.
    Key(String),
}

/// Where something was read: place, file, and the part of the file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Location {
    /// What kind of place.
    pub origin: Origin,
    /// The file inside it.
    pub path: SourcePath,
    /// The part of the file; `None` means all of it.
    pub span: Option<Span>,
}

impl Location {
    /// All of a scanned file, in the layer that its path knows.
    pub fn scanned(path: &SourcePath) -> Self {
        let origin = Origin::Scanned { layer: path.layer() };
        Self { origin, path: path.clone(), span: None }
    }

    /// All of a file that the user named.
    pub fn user_file(file: &UserFile) -> Self {
        let origin = Origin::UserFile { sha256: file.sha256 };
        Self { origin, path: file.path.clone(), span: None }
    }

    /// The record `key` of a catalogue.
    pub fn catalogue(key: &str) -> Self {
        Self { origin: Origin::Catalogue, path: SourcePath::new(key), span: None }
    }

    /// The same place in the file at `path`, with the layer that path knows.
    #[must_use]
    pub fn moved_to(mut self, path: &SourcePath) -> Self {
        self.origin = Origin::Scanned { layer: path.layer() };
        self.path = path.clone();
        self
    }

    /// The same file, narrowed to one key.
    #[must_use]
    pub fn at_key(mut self, key: impl Into<String>) -> Self {
        self.span = Some(Span::Key(key.into()));
        self
    }

    /// The same file, narrowed to lines `first..=last`, counted from 1.
    #[must_use]
    pub fn at_lines(mut self, first: u64, last: u64) -> Self {
        self.span = Some(Span::Lines { first, last });
        self
    }

    /// The same file, narrowed to bytes `start..end`.
    #[must_use]
    pub fn at_bytes(mut self, start: u64, end: u64) -> Self {
        self.span = Some(Span::Bytes { start, end });
        self
    }
}
