//! Keeps a whole small file in memory and reads it once it is complete.

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

struct Capture {
    file: Captured,
    size: u64,
    cap: u64,
    past_cap: PastCap,
    read: fn(&Captured) -> Extraction,
}

/// A parser that keeps up to `cap` bytes and calls `read` when the file is over.
///
/// A git-LFS pointer stands in for a file that is not there: it has no content to read, and its
/// own extractor reports it, so it yields nothing here.
pub(super) fn begin(
    probe: &Probe<'_>,
    limits: &Limits,
    cap: u64,
    past_cap: PastCap,
    read: fn(&Captured) -> Extraction,
) -> Box<dyn Parser> {
    if is_git_lfs_pointer(probe.head) {
        return Box::new(Unread);
    }
    let file = Captured { path: probe.path.clone(), bytes: Vec::new(), limits: limits.clone() };
    Box::new(Capture { file, size: probe.size, cap, past_cap, read })
}

/// Whether a file with this head is a git-LFS pointer (git-lfs specification, "The Pointer").
pub(super) fn is_git_lfs_pointer(head: &[u8]) -> bool {
    head.starts_with(b"version https://git-lfs.github.com/spec/v1\n")
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

impl Capture {
    /// One byte more than the cap is kept, so that "exactly the cap" is not "past the cap".
    fn room(&self) -> usize {
        let kept = self.file.bytes.len();
        usize::try_from(self.cap).unwrap_or(usize::MAX).saturating_add(1).saturating_sub(kept)
    }
}

impl Parser for Capture {
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
        let (size, cap) = (self.size, self.cap);
        let gap = Diagnostic::new(
            Code::FileTooLarge,
            self.file.whole(),
            format!("the file has {size} bytes, and {cap} bytes of such a file are read"),
        );
        let (mut extraction, gap) = match self.past_cap {
            PastCap::Drop => (
                Extraction::default(),
                gap.help("nothing of it was read; raise the limit in `[limits]` to read it"),
            ),
            PastCap::ReadStart => (
                (self.read)(&self.file),
                gap.help("only its start was read; raise the limit in `[limits]` to read it all"),
            ),
        };
        extraction.diagnostics.push(gap);
        extraction
    }
}
