//! Reads every file of the source once, in parallel.

use std::io;

use rayon::prelude::*;

use super::{Digested, Progress, Request};
use crate::assemble::ScannedFile;
use crate::extract::driver::{self, FileDigests, FileReport};
use crate::extract::{self, Extraction, Extractor};
use crate::model::{Code, Diagnostic, Location, Profile, SourcePath};
use crate::source::{Opened, ReadAt, Source, Unit};

/// Files of more bytes wait until the others are read.
const LARGE_BYTES: u64 = 4 << 20;

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
        let scan = Scan { request, source, unit: &unit, extractors: &extractors };
        let mut read: Vec<ScannedFile> = Vec::new();
        listing
            .files
            .into_par_iter()
            .map(|path| scan.read_or_leave(path))
            .collect_into_vec(&mut read);
        let mut left: Vec<&mut ScannedFile> =
            read.iter_mut().filter(|it| it.size > LARGE_BYTES && it.read.is_none()).collect();
        // The largest first: a late large file would keep one thread busy alone.
        left.sort_by_key(|file| std::cmp::Reverse(file.size));
        left.into_par_iter().for_each(|file| *file = scan.read(file.path.clone()));
        files.append(&mut read);
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    (files, diagnostics)
}

/// Reads files of one unit.
struct Scan<'a> {
    request: &'a Request<'a>,
    source: &'a dyn Source,
    unit: &'a Unit,
    extractors: &'a [&'static dyn Extractor],
}

impl Scan<'_> {
    /// Reads a file, unless it is large: of that only its size is known then.
    fn read_or_leave(&self, path: SourcePath) -> ScannedFile {
        match self.source.open(self.unit, &path) {
            Ok(opened) => {
                self.request.progress.found(opened.size);
                if opened.size > LARGE_BYTES {
                    return ScannedFile::unread(path, opened.size);
                }
                self.read_opened(path, &opened)
            }
            Err(error) => self.unopened(path, &error),
        }
    }

    /// Reads a file that was left.
    fn read(&self, path: SourcePath) -> ScannedFile {
        match self.source.open(self.unit, &path) {
            Ok(opened) => self.read_opened(path, &opened),
            Err(error) => self.unopened(path, &error),
        }
    }

    fn read_opened(&self, path: SourcePath, opened: &Opened<'_>) -> ScannedFile {
        let (request, size) = (self.request, opened.size);
        let options = options(request);
        let reader = Counted { reader: &*opened.content, path: &path, progress: request.progress };
        let mut report =
            driver::read_file(&path, size, &reader, self.extractors, &options, &request.limits);
        if request.digested == Digested::Every && report.extractors.is_empty() {
            match driver::digest_file(&path, size, &reader) {
                Ok(sha256) => report.sha256 = Some(sha256),
                Err(diagnostic) => report.extraction.diagnostics.push(*diagnostic),
            }
            report.read_bytes = size;
        }
        request.progress.passed(&path, size.saturating_sub(report.read_bytes));
        ScannedFile::of(path, report)
    }

    fn unopened(&self, path: SourcePath, error: &io::Error) -> ScannedFile {
        let diagnostic = Diagnostic::new(
            Code::FileUnreadable,
            Location::scanned(&path),
            format!("it cannot be opened: {error}"),
        )
        .help("nothing of it was read; give the user who scans read permission");
        let size = self.source.size(self.unit, &path).unwrap_or_default();
        let extraction = Extraction { diagnostics: vec![diagnostic], ..Extraction::default() };
        ScannedFile::of(path, FileReport { size, extraction, ..FileReport::default() })
    }
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
