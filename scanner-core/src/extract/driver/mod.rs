//! Reads a file once and feeds parsers, digests and tensor digests from that one read.
//!
//! [`Tee`] is the push core: bytes come in, everything that wants them gets them. [`read_file`] is
//! a thin loop over a seekable file. A file that nothing wants costs one read of its head.

mod lane;
mod tee;
#[cfg(test)]
mod tests;

pub use tee::Tee;

use std::io;

use sha2::{Digest as _, Sha256};

use crate::extract::{Extraction, Extractor, HEAD_BYTES, Need, Probe};
use crate::model::{Algorithm, Code, Diagnostic, Digest, Limits, Location, Sha512, SourcePath};
use crate::source::ReadAt;

/// One read of a whole file. With tensor digests 256 KiB cost 4 % more CPU time and 64 KiB 13 %
/// more (`docs/measurements.md`): BLAKE3 runs fastest on long slices.
const WHOLE_FILE_READ_BYTES: u64 = 1 << 20;
/// One read of a header, which is rarely longer.
const HEADER_READ_BYTES: u64 = 64 << 10;
/// Where the kernel copies to begins at a multiple of this: to other places the copy of a page costs
/// some processors four times as much (`docs/measurements.md`).
const PAGE_BYTES: usize = 4096;

/// How much of a file is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// Until every parser has what it needs; no file digest.
    Headers,
    /// To the end, with a file digest.
    Full,
}

/// Whether the contents of tensors are digested one by one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TensorDigests {
    /// They are not.
    Off,
    /// They are, when the file is read in full.
    On,
}

/// Which digests of a whole file are computed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileDigests {
    /// SHA-256.
    Sha256,
    /// SHA-512 too, from the same read.
    Sha256AndSha512,
}

/// What to read of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReadOptions {
    /// How much of it.
    pub depth: Depth,
    /// Whether tensors are digested.
    pub tensor_digests: TensorDigests,
    /// Which digests of the file are computed, when it is read in full.
    pub file_digests: FileDigests,
}

/// What reading a file gave.
#[derive(Clone, Debug, Default)]
pub struct FileReport {
    /// The size that the source stated.
    pub size: u64,
    /// SHA-256 of the whole file; `None` unless it was read to its end and did not change.
    pub sha256: Option<Digest>,
    /// SHA-512 of the whole file, where it was asked for and there is a SHA-256.
    pub sha512: Option<Sha512>,
    /// What the extractors read, and what could not be read.
    pub extraction: Extraction,
    /// The ids of the extractors that wanted the file.
    pub extractors: Vec<&'static str>,
    /// How many bytes were read from the source.
    pub read_bytes: u64,
}

/// Reads one file.
pub fn read_file(
    path: &SourcePath,
    size: u64,
    reader: &dyn ReadAt,
    extractors: &[&'static dyn Extractor],
    options: &ReadOptions,
    limits: &Limits,
) -> FileReport {
    let mut head = [0; HEAD_BYTES];
    let head_bytes = HEAD_BYTES.min(usize::try_from(size).unwrap_or(HEAD_BYTES));
    let mut file = File { size, reader, position: 0, read_bytes: 0 };
    let mut report = FileReport::default();
    let end = file.read(&mut head[..head_bytes]).and_then(|head| {
        let probe = Probe::new(path, size, head);
        let Some(mut tee) = Tee::begin(&probe, extractors, options, limits) else {
            return Ok(());
        };
        let end = file.pour(head, &mut tee, options.depth);
        report = tee.finish();
        end
    });
    report.size = size;
    report.read_bytes = file.read_bytes;
    if let Err(interruption) = end {
        (report.sha256, report.sha512) = (None, None);
        report.extraction.diagnostics.push(interruption.diagnostic(path, size));
    }
    report
}

/// The SHA-256 of a file that nothing wants, which [`read_file`] leaves after its head.
///
/// # Errors
/// What kept it from being read as it was listed.
pub fn digest_file(
    path: &SourcePath,
    size: u64,
    reader: &dyn ReadAt,
) -> Result<Digest, Box<Diagnostic>> {
    let mut file = File { size, reader, position: 0, read_bytes: 0 };
    let mut digest = Sha256::new();
    let mut buffer = vec![0; usize::try_from(size.min(WHOLE_FILE_READ_BYTES)).unwrap_or_default()];
    let mut read = || {
        while file.position < size {
            let left = usize::try_from(size - file.position).unwrap_or(usize::MAX);
            let wanted = buffer.len().min(left);
            digest.update(file.read(&mut buffer[..wanted])?);
        }
        file.check_end()
    };
    read().map_err(|interruption| Box::new(interruption.diagnostic(path, size)))?;
    Ok(Digest::new(Algorithm::Sha256, digest.finalize().into()))
}

/// Why a file was not read as it was listed.
#[derive(Debug)]
enum Interruption {
    /// The source gave an error at this byte.
    Failed { at: u64, error: io::Error },
    /// The file ended at this byte.
    Shrank { at: u64 },
    /// The file goes on where it should end.
    Grew,
}

impl Interruption {
    fn diagnostic(self, path: &SourcePath, size: u64) -> Diagnostic {
        let (message, help) = match self {
            Self::Failed { at, error } => (
                format!("reading stopped at byte `{at}` of `{size}`: {error}"),
                "what was read until then is reported; check the file and scan again",
            ),
            Self::Shrank { at } => (
                format!("the file ended at byte `{at}`, it had `{size}` bytes when it was listed"),
                "it was cut while it was read: scan again when nothing writes to it",
            ),
            Self::Grew => (
                format!("the file goes on after the `{size}` bytes it was listed with"),
                "it grew while it was read: scan again when nothing writes to it",
            ),
        };
        Diagnostic::new(Code::FileUnreadable, Location::scanned(path), message).help(help)
    }
}

/// A file that is being read.
struct File<'a> {
    size: u64,
    reader: &'a dyn ReadAt,
    position: u64,
    read_bytes: u64,
}

impl File<'_> {
    /// Pours the file, whose head was read already, into the tee.
    fn pour(&mut self, head: &[u8], tee: &mut Tee, depth: Depth) -> Result<(), Interruption> {
        let mut need = tee.feed(head);
        let rest = self.size.saturating_sub(self.position);
        let read_bytes = match depth {
            Depth::Full => WHOLE_FILE_READ_BYTES,
            Depth::Headers => HEADER_READ_BYTES,
        };
        let buffer_bytes = usize::try_from(rest.min(read_bytes)).unwrap_or_default();
        let mut memory = vec![0; buffer_bytes + PAGE_BYTES];
        let start = memory.as_ptr().align_offset(PAGE_BYTES).min(PAGE_BYTES);
        let buffer = &mut memory[start..start + buffer_bytes];
        while self.position < self.size && need != Need::Done {
            if let Need::Skip(bytes) = need {
                let bytes = bytes.min(self.size - self.position);
                self.position += bytes;
                need = tee.skip(bytes);
                continue;
            }
            let left = usize::try_from(self.size - self.position).unwrap_or(usize::MAX);
            let wanted = buffer.len().min(left);
            need = tee.feed(self.read(&mut buffer[..wanted])?);
        }
        match depth {
            Depth::Full => self.check_end(),
            Depth::Headers => Ok(()),
        }
    }

    /// Fills the buffer from the current position.
    fn read<'b>(&mut self, buffer: &'b mut [u8]) -> Result<&'b [u8], Interruption> {
        let read = self.reader.read_at(self.position, buffer);
        let count = read.map_err(|error| Interruption::Failed { at: self.position, error })?;
        let bytes = &buffer[..count.min(buffer.len())];
        self.position += bytes.len() as u64;
        self.read_bytes += bytes.len() as u64;
        if bytes.len() < buffer.len() {
            return Err(Interruption::Shrank { at: self.position });
        }
        Ok(bytes)
    }

    /// A digest is that of the file only if the file ends where it should.
    fn check_end(&self) -> Result<(), Interruption> {
        match self.reader.read_at(self.size, &mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(Interruption::Grew),
            Err(error) => Err(Interruption::Failed { at: self.size, error }),
        }
    }
}
