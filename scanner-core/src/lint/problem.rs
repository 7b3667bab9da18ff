//! What a rule reports, and where.

use std::collections::BTreeMap;
use std::fmt;

use super::LintCode;
use crate::model::Severity;

/// Problems of one code that are kept; the rest is counted. One broken generator repeats one mistake
/// for every component.
const KEPT_OF_A_CODE: usize = 1_000;

/// Values are quoted up to this length.
const QUOTED_CHARACTERS: usize = 120;

/// A place in a document. XML has both: CycloneDX uses JSON pointers for its XML form too.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Place {
    /// The line, from 1, where the format is read by lines.
    pub line: Option<u64>,
    /// JSON pointer; empty is the whole document.
    pub pointer: String,
    /// The name of the element that it is about: `bom-ref`, `SPDXID`, `spdxId`.
    pub element: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut space = "";
        if let Some(line) = self.line {
            write!(f, "line {line}")?;
            space = " ";
        }
        if !self.pointer.is_empty() {
            write!(f, "{space}{}", self.pointer)?;
            space = " ";
        }
        match &self.element {
            Some(element) => write!(f, "{space}({})", cut(element)),
            None => Ok(()),
        }
    }
}

/// One thing that is wrong: which kind, where, what, and what to do.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Problem {
    /// Which kind, stable across versions.
    pub code: LintCode,
    /// Where.
    pub at: Place,
    /// What is wrong, with the values that disagree.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// The problems of one document.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Problems {
    /// Worst first, then by code and in document order.
    pub list: Vec<Problem>,
    counts: BTreeMap<LintCode, usize>,
}

impl Problems {
    pub(super) fn add(
        &mut self,
        code: LintCode,
        at: &Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let count = self.counts.entry(code).or_default();
        *count += 1;
        if *count <= KEPT_OF_A_CODE {
            let (message, help) = (message.into(), help.into());
            self.list.push(Problem { code, at: at.clone(), message, help });
        }
    }

    /// How often each code occurs, with those that are not listed.
    pub const fn counts(&self) -> &BTreeMap<LintCode, usize> {
        &self.counts
    }

    /// The worst severity; `None` when nothing is wrong.
    pub fn worst(&self) -> Option<Severity> {
        self.counts.keys().map(|code| code.severity()).max()
    }

    /// Rules report in document order, which a stable sort keeps.
    pub(super) fn sort(&mut self) {
        self.list.sort_by_key(|problem| (std::cmp::Reverse(problem.code.severity()), problem.code));
    }
}

/// `text` in backticks, cut to length.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", cut(text))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(QUOTED_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
