//! Collects what one manifest says, within the limits, and reads a file as a whole.

use std::ops::Range;

use super::entry::{PackageEntry, ProjectEntry};
use super::lines::LineIndex;
use crate::extract::capture::{self, Cap, PastCap};
use crate::extract::text::decode;
use crate::extract::{Extraction, Parser, Probe, names};
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

    /// States the system that the file tree is.
    pub(super) fn system(&mut self, release: FactValue) {
        let at = Location::scanned(self.path);
        self.push(Fact { name: names::OS_RELEASE, value: release, at });
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

    /// Whether nothing more will be taken, so that reading on is of no use.
    pub(super) const fn is_full(&self) -> bool {
        self.packages > self.limits.packages || self.dropped > self.limits.packages
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
            let mut message =
                format!("{} more problems than the {MAX_DIAGNOSTICS} listed", self.dropped);
            let code = if self.dropped > self.limits.packages {
                message.push_str("; that is more than `packages`, and the rest was not read");
                Code::LimitReached
            } else {
                Code::ManifestEntryInvalid
            };
            let more = Diagnostic::new(code, at, message);
            self.extraction.diagnostics.push(more.help("correct those listed and scan again"));
        }
        self.extraction
    }
}

/// Keeps the file of `probe` up to `Limits::manifest_bytes` and reads it with `read` when it is
/// complete. A longer file is a named gap: the second half of a lock file cannot be understood
/// without the first, nor the first be trusted without the second.
pub(super) fn begin(
    probe: &Probe<'_>,
    limits: &Limits,
    read: fn(&mut Sheet<'_>),
) -> Box<dyn Parser> {
    capture::begin(probe, limits, Cap::Manifest, PastCap::Drop, move |file| {
        let decoded = decode(&file.path, &file.bytes);
        let mut sheet = Sheet::new(&file.path, &decoded.text, &file.limits);
        read(&mut sheet);
        sheet.extraction.diagnostics.extend(decoded.diagnostic);
        sheet.finish()
    })
}
