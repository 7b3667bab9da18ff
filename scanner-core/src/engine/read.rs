//! Reads every file of the source once, in parallel.

use std::io;

use rayon::prelude::*;

use super::{Digested, Progress, Request};
use crate::assemble::ScannedFile;
use crate::extract::driver::{self, FileDigests, FileReport};
use crate::extract::{self, Extraction, Extractor};
use crate::model::{Code, Diagnostic, Location, Profile, SourcePath};
use crate::source::{Entry, ReadAt, Source, Unit};

/// The files of all units, sorted by path, and what could not be listed.
pub(super) fn files(
    request: &Request<'_>,
    source: &dyn Source,
) -> (Vec<ScannedFile>, Vec<Diagnostic>) {
    let extractors: Vec<&'static dyn Extractor> = extract::all().collect();
    let mut files = Vec::new();
    let mut diagnostics = Vec::new();
    for unit in source.units() {
        let mut listing = source.list(&unit, &request.exclude);
        diagnostics.append(&mut listing.diagnostics);
        let bytes = listing.entries.iter().map(|entry| entry.size).sum();
        request.progress.listed(listing.entries.len() as u64, bytes);
        // Large files first: a late large file would keep one thread busy alone.
        let mut order: Vec<&Entry> = listing.entries.iter().collect();
        order.sort_by_key(|entry| std::cmp::Reverse(entry.size));
        files.par_extend(
            order.par_iter().map(|entry| file(request, source, &unit, entry, &extractors)),
        );
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    (files, diagnostics)
}

fn file(
    request: &Request<'_>,
    source: &dyn Source,
    unit: &Unit,
    entry: &Entry,
    extractors: &[&'static dyn Extractor],
) -> ScannedFile {
    let options = options(request);
    let reader = match source.open(unit, entry) {
        Ok(reader) => reader,
        Err(error) => {
            request.progress.passed(&entry.path, entry.size);
            let diagnostic = Diagnostic::new(
                Code::FileUnreadable,
                Location::scanned(&entry.path),
                format!("it cannot be opened: {error}"),
            )
            .help("nothing of it was read; give the user who scans read permission");
            let extraction = Extraction { diagnostics: vec![diagnostic], ..Extraction::default() };
            let report = FileReport { size: entry.size, extraction, ..FileReport::default() };
            return ScannedFile::of(entry.path.clone(), report);
        }
    };
    let reader = Counted { reader: &*reader, path: &entry.path, progress: request.progress };
    let mut report =
        driver::read_file(&entry.path, entry.size, &reader, extractors, &options, &request.limits);
    if request.digested == Digested::Every && report.extractors.is_empty() {
        match driver::digest_file(&entry.path, entry.size, &reader) {
            Ok(sha256) => report.sha256 = Some(sha256),
            Err(diagnostic) => report.extraction.diagnostics.push(*diagnostic),
        }
        report.read_bytes = entry.size;
    }
    request.progress.passed(&entry.path, entry.size.saturating_sub(report.read_bytes));
    ScannedFile::of(entry.path.clone(), report)
}

/// What is read of every file, whatever the kind of source.
pub(super) fn options(request: &Request<'_>) -> driver::ReadOptions {
    driver::ReadOptions {
        depth: request.depth,
        tensor_digests: request.tensor_digests,
        file_digests: match request.profile {
            Profile::Standard => FileDigests::Sha256,
            Profile::Bsi => FileDigests::Sha256AndSha512,
        },
    }
}

/// Tells how far a file has been read: one file can take minutes.
struct Counted<'a> {
    reader: &'a dyn ReadAt,
    path: &'a SourcePath,
    progress: &'a dyn Progress,
}

impl ReadAt for Counted<'_> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read_at(offset, buffer)?;
        self.progress.passed(self.path, count as u64);
        Ok(count)
    }
}
