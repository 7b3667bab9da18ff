//! Keeps a whole small file in memory and reads it once it is complete.
//!
//! Every format that is not read as it streams by comes through here, so that a file beyond its cap
//! is the same named gap, and a git-LFS pointer the same silence, whatever it stands for.

use super::weights::lfs_pointer;
use crate::extract::{Extraction, Need, Parser, Probe};
use crate::model::{Code, Diagnostic, Limits, Location, SourcePath};

/// A file that has been kept.
pub(super) struct Captured {
    /// Where it is.
    pub(super) path: SourcePath,
    /// Its bytes: all of them, or as many as the cap allows.
    pub(super) bytes: Vec<u8>,
    /// The bounds for reading it.
    pub(super) limits: Limits,
}

impl Captured {
    /// All of the file.
    pub(super) fn whole(&self) -> Location {
        Location::scanned(&self.path)
    }
}

/// What to do with a file that is longer than its cap.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PastCap {
    /// Read nothing: half of it would say something else than the whole.
    Drop,
    /// Read what was kept: the interesting part stands at the start.
    ReadStart,
}

/// Which limit bounds a file.
#[derive(Clone, Copy)]
pub(super) enum Cap {
    /// `Limits::card_bytes`.
    Card,
    /// `Limits::config_bytes`.
    Config,
    /// `Limits::manifest_bytes`.
    Manifest,
}

impl Cap {
    const fn name(self) -> &'static str {
        match self {
            Self::Card => "limits.card_bytes",
            Self::Config => "limits.config_bytes",
            Self::Manifest => "limits.manifest_bytes",
        }
    }

    const fn bytes(self, limits: &Limits) -> u64 {
        match self {
            Self::Card => limits.card_bytes,
            Self::Config => limits.config_bytes,
            Self::Manifest => limits.manifest_bytes,
        }
    }
}

struct Capture<R> {
    file: Captured,
    size: u64,
    cap: Cap,
    past_cap: PastCap,
    read: R,
}

/// A parser that keeps as many bytes as `cap` allows and calls `read` when the file is over.
///
/// A git-LFS pointer stands in for a file that is not there: it has no content to read, and its
/// own extractor reports it, so it yields nothing here.
pub(super) fn begin(
    probe: &Probe<'_>,
    limits: &Limits,
    cap: Cap,
    past_cap: PastCap,
    read: impl FnOnce(&Captured) -> Extraction + Send + 'static,
) -> Box<dyn Parser> {
    if lfs_pointer::is_pointer(probe) {
        return Box::new(Unread);
    }
    let file = Captured { path: probe.path.clone(), bytes: Vec::new(), limits: limits.clone() };
    Box::new(Capture { file, size: probe.size, cap, past_cap, read })
}

/// A parser that needs none of the bytes: the file matters by its name and digest only.
pub(super) struct Unread;

impl Parser for Unread {
    fn feed(&mut self, _bytes: &[u8]) -> Need {
        Need::Done
    }

    fn finish(self: Box<Self>) -> Extraction {
        Extraction::default()
    }
}

impl<R> Capture<R> {
    /// One byte more than the cap is kept, so that "exactly the cap" is not "past the cap".
    fn room(&self) -> usize {
        let cap = usize::try_from(self.cap.bytes(&self.file.limits)).unwrap_or(usize::MAX);
        cap.saturating_add(1).saturating_sub(self.file.bytes.len())
    }
}

impl<R: FnOnce(&Captured) -> Extraction + Send> Parser for Capture<R> {
    fn feed(&mut self, bytes: &[u8]) -> Need {
        let taken = bytes.len().min(self.room());
        self.file.bytes.extend_from_slice(&bytes[..taken]);
        if self.room() == 0 { Need::Done } else { Need::More }
    }

    fn finish(mut self: Box<Self>) -> Extraction {
        if self.room() > 0 {
            return (self.read)(&self.file);
        }
        self.file.bytes.pop();
        let (size, name, cap) = (self.size, self.cap.name(), self.cap.bytes(&self.file.limits));
        let message = format!("the file has {size} bytes, `{name}` is {cap}");
        let gap = Diagnostic::new(Code::FileTooLarge, self.file.whole(), message);
        let (mut extraction, help) = match self.past_cap {
            PastCap::Drop => (
                Extraction::default(),
                "nothing of it was read; raise the limit in `[limits]` to read it",
            ),
            PastCap::ReadStart => (
                (self.read)(&self.file),
                "only its start was read; raise the limit in `[limits]` to read it all",
            ),
        };
        extraction.diagnostics.push(gap.help(help));
        extraction
    }
}
