//! Diagnostics about one file, few of each kind: a hostile header can hold a million mistakes.

use std::collections::BTreeMap;

use crate::extract::text::first_characters;
use crate::model::{Code, Diagnostic, Location, SourcePath};

/// How many diagnostics of one code a file gets; the rest are counted.
const LISTED_PER_CODE: u64 = 10;

/// Collects the diagnostics of one file.
#[derive(Debug)]
pub(super) struct Problems {
    at: Location,
    listed: Vec<Diagnostic>,
    seen: BTreeMap<Code, u64>,
}

impl Problems {
    pub(super) fn of(path: &SourcePath) -> Self {
        Self { at: Location::scanned(path), listed: Vec::new(), seen: BTreeMap::new() }
    }

    /// Where facts and problems of this file stand.
    pub(super) fn location(&self) -> Location {
        self.at.clone()
    }

    /// A problem of the whole file.
    pub(super) fn file(&mut self, code: Code, message: impl Into<String>, help: &str) {
        let at = self.location();
        self.add(Diagnostic::new(code, at, message).help(help));
    }

    /// A problem at one key or tensor, whose name comes from the file.
    pub(super) fn key(&mut self, code: Code, key: &str, message: impl Into<String>, help: &str) {
        let at = self.location().at_key(first_characters(key));
        self.add(Diagnostic::new(code, at, message).help(help));
    }

    fn add(&mut self, diagnostic: Diagnostic) {
        let seen = self.seen.entry(diagnostic.code).or_default();
        *seen += 1;
        if *seen <= LISTED_PER_CODE {
            self.listed.push(diagnostic);
        }
    }

    /// Everything collected, with a line for what was only counted.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        for (code, seen) in &self.seen {
            if *seen > LISTED_PER_CODE {
                let message = format!(
                    "`{}` more problems of this kind in this file are not listed",
                    seen - LISTED_PER_CODE
                );
                self.listed.push(Diagnostic::new(*code, self.at.clone(), message));
            }
        }
        self.listed
    }
}
