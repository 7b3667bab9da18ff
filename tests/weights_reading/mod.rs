//! How the tests of weight files read one.

use std::io;

use flowdown_core::extract::driver::{
    Depth, FileDigests, FileReport, ReadOptions, TensorDigests, read_file,
};
use flowdown_core::extract::weights;
use flowdown_core::model::{Diagnostic, FactValue, Limits, Severity, SourcePath};
use flowdown_core::source::ReadAt;
use libtest_mimic::Failed;

/// A file in memory.
struct Bytes<'a>(&'a [u8]);

impl ReadAt for Bytes<'_> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|start| self.0.get(start..));
        let rest = rest.unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }
}

/// Reads a file with all weight extractors.
pub(crate) fn read(name: &str, bytes: &[u8], depth: Depth) -> FileReport {
    let options = ReadOptions {
        depth,
        tensor_digests: TensorDigests::Off,
        file_digests: FileDigests::Sha256,
    };
    let (path, size) = (SourcePath::new(name), bytes.len() as u64);
    read_file(&path, size, &Bytes(bytes), weights::ALL, &options, &Limits::default())
}

/// The first fact of a name.
pub(crate) fn fact<'a>(report: &'a FileReport, name: &str) -> Option<&'a FactValue> {
    let facts = &report.extraction.facts;
    facts.iter().find(|fact| fact.name.as_str() == name).map(|fact| &fact.value)
}

/// The highest severity among the diagnostics.
pub(crate) fn worst(report: &FileReport) -> Option<Severity> {
    report.extraction.diagnostics.iter().map(Diagnostic::severity).max()
}

/// Fails with the file and what was compared when two values differ.
pub(crate) fn expect<T: PartialEq + std::fmt::Debug + ?Sized>(
    name: &str,
    what: &str,
    found: &T,
    expected: &T,
) -> Result<(), Failed> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{name}: {what} is {found:?}, expected {expected:?}").into())
}
