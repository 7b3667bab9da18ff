//! Collects what one manifest says, within the limits, and reads a file as a whole.

use std::ops::Range;

use super::entry::{PackageEntry, ProjectEntry};
use super::text::{Decoding, LineIndex, decode};
use crate::extract::{Extraction, Need, Parser, Probe, names};
use crate::model::{Code, Diagnostic, Fact, FactValue, Limits, Location, SourcePath};

/// After so many diagnostics about one file the rest is only counted: a hostile file can have a
/// bad entry on each of millions of lines.
const MAX_DIAGNOSTICS: u64 = 100;
/// Files that one manifest can include.
const MAX_INCLUDES: u64 = 10_000;

/// What a manifest says, while it is read.
pub(super) struct Sheet<'a> {
    path: &'a SourcePath,
    pub(super) text: &'a str,
    pub(super) limits: &'a Limits,
    lines: LineIndex,
    extraction: Extraction,
    packages: u64,
    includes: u64,
    has_project: bool,
    /// Diagnostics that were not kept.
    dropped: u64,
}

impl<'a> Sheet<'a> {
    fn new(path: &'a SourcePath, text: &'a str, limits: &'a Limits) -> Self {
        Self {
            path,
            text,
            limits,
            lines: LineIndex::new(text),
            extraction: Extraction::default(),
            packages: 0,
            includes: 0,
            has_project: false,
            dropped: 0,
        }
    }

    /// The file that is read.
    pub(super) const fn path(&self) -> &'a SourcePath {
        self.path
    }

    /// Where `span` of the text stands.
    pub(super) fn at(&self, span: &Range<usize>) -> Location {
        let (first, last) = self.lines.lines(self.text, span);
        Location::scanned(self.path).at_lines(first, last)
    }

    /// States the kind of the manifest.
    pub(super) fn kind(&mut self, kind: &str) {
        let at = Location::scanned(self.path);
        self.extraction.facts.push(Fact::new(names::MANIFEST_KIND, kind, at));
    }

    /// States the project that the manifest belongs to. Only the first one counts: a manifest has
    /// one project.
    pub(super) fn project(&mut self, project: ProjectEntry, span: &Range<usize>) {
        if std::mem::replace(&mut self.has_project, true) {
            return;
        }
        let value = project.into_fact(self.limits.fact_text_bytes);
        let at = self.at(span);
        self.push(Fact { name: names::MANIFEST_PROJECT, value, at });
    }

    /// States one package entry. Beyond `Limits::packages` nothing more is taken, and one
    /// diagnostic says so.
    pub(super) fn package(&mut self, entry: PackageEntry, span: &Range<usize>) {
        self.packages += 1;
        if self.packages > self.limits.packages {
            if self.packages == self.limits.packages + 1 {
                let message = format!(
                    "the manifest has more than `packages` = {} entries; the rest was not read",
                    self.limits.packages
                );
                self.problem(Code::LimitReached, span, message, "raise `packages` in `[limits]`");
            }
            return;
        }
        let value = entry.into_fact(self.limits.fact_text_bytes);
        let at = self.at(span);
        self.push(Fact { name: names::MANIFEST_PACKAGE, value, at });
    }

    /// States a manifest that this one includes. The first [`MAX_INCLUDES`] are taken.
    pub(super) fn include(&mut self, written: FactValue, span: &Range<usize>) {
        self.includes += 1;
        if self.includes > MAX_INCLUDES {
            if self.includes == MAX_INCLUDES + 1 {
                let message = format!(
                    "the manifest includes more than {MAX_INCLUDES} files; the rest was not followed"
                );
                let help = "include each file once";
                self.problem(Code::LimitReached, span, message, help);
            }
            return;
        }
        let at = self.at(span);
        self.push(Fact { name: names::MANIFEST_INCLUDE, value: written, at });
    }

    /// Reports what could not be read at `span`.
    pub(super) fn problem(
        &mut self,
        code: Code,
        span: &Range<usize>,
        message: impl Into<String>,
        help: &str,
    ) {
        let reported = self.extraction.diagnostics.len() as u64;
        if reported >= MAX_DIAGNOSTICS {
            self.dropped += 1;
            return;
        }
        let diagnostic = Diagnostic::new(code, self.at(span), message).help(help);
        self.extraction.diagnostics.push(diagnostic);
    }

    fn push(&mut self, fact: Fact) {
        self.extraction.facts.push(fact);
    }

    fn finish(mut self) -> Extraction {
        if self.dropped > 0 {
            let at = Location::scanned(self.path);
            let message = format!(
                "the manifest has {} more problems than the {MAX_DIAGNOSTICS} that are listed",
                self.dropped
            );
            let more = Diagnostic::new(Code::ManifestInvalid, at, message);
            self.extraction.diagnostics.push(more.help("correct those listed and scan again"));
        }
        self.extraction
    }
}

/// Reads a decoded manifest into a sheet.
pub(super) type Read = fn(&mut Sheet<'_>);

/// Keeps a file up to `Limits::manifest_bytes` and reads it when it is complete. A longer file is
/// a named gap: the second half of a lock file cannot be understood without the first, nor the
/// first be trusted without the second.
pub(super) struct WholeFile {
    path: SourcePath,
    limits: Limits,
    bytes: Vec<u8>,
    size: u64,
    read: Read,
}

impl WholeFile {
    /// Starts to read the file of `probe` with `read`.
    pub(super) fn begin(probe: &Probe<'_>, limits: &Limits, read: Read) -> Box<dyn Parser> {
        Box::new(Self {
            path: probe.path.clone(),
            limits: limits.clone(),
            bytes: Vec::new(),
            size: probe.size,
            read,
        })
    }

    fn is_too_large(&self) -> bool {
        self.bytes.len() as u64 > self.limits.manifest_bytes
    }
}

impl Parser for WholeFile {
    fn feed(&mut self, bytes: &[u8]) -> Need {
        if self.is_too_large() {
            return Need::Done;
        }
        // One byte more than the limit is kept as the sign that it was passed.
        let room = self.limits.manifest_bytes.saturating_add(1) - self.bytes.len() as u64;
        let taken = usize::try_from(room).map_or(bytes.len(), |room| room.min(bytes.len()));
        self.bytes.extend_from_slice(&bytes[..taken]);
        if self.is_too_large() { Need::Done } else { Need::More }
    }

    fn finish(self: Box<Self>) -> Extraction {
        if self.is_too_large() {
            let message = format!(
                "the manifest has {} bytes, more than `manifest_bytes` = {}; it was not read",
                self.size, self.limits.manifest_bytes
            );
            let at = Location::scanned(&self.path);
            let diagnostic = Diagnostic::new(Code::FileTooLarge, at, message)
                .help("raise `manifest_bytes` in `[limits]`");
            return Extraction { diagnostics: vec![diagnostic], ..Extraction::default() };
        }
        let Self { path, limits, bytes, read, .. } = *self;
        let (text, decoding) = decode(bytes);
        let mut sheet = Sheet::new(&path, &text, &limits);
        read(&mut sheet);
        if let Decoding::Lossy { at } = decoding {
            let message = format!("the byte at offset {at} does not belong to the text's encoding");
            let at = Location::scanned(&path).at_bytes(at as u64, at as u64 + 1);
            sheet.extraction.diagnostics.push(
                Diagnostic::new(Code::EncodingNotUtf8, at, message)
                    .help("save the file as UTF-8; what was unreadable became U+FFFD"),
            );
        }
        sheet.finish()
    }
}
