//! What is wrong with a bill of materials.

use std::collections::BTreeMap;
use std::io::{self, Write};

use flowdown_core::lint::{Lint, LintCode};
use flowdown_core::model::Severity;

use super::{clean, style};

/// How many problems of one code are shown; JSON has more.
const SHOWN_OF_A_CODE: usize = 10;

/// Prints the problems of one document, worst first, and one line that sums them up.
pub(crate) fn lint(file: &str, lint: &Lint, out: &mut dyn Write) -> io::Result<()> {
    let file = clean(file);
    let mut shown: BTreeMap<LintCode, usize> = BTreeMap::new();
    let mut problems = lint.problems.list.iter().peekable();
    while let Some(problem) = problems.next() {
        let count = shown.entry(problem.code).or_default();
        *count += 1;
        if *count <= SHOWN_OF_A_CODE {
            let place = problem.at.to_string();
            let colon = if place.is_empty() { "" } else { ": " };
            writeln!(
                out,
                "{}: {file}: {}{colon}{}",
                head(problem.code),
                clean(&place),
                clean(&problem.message)
            )?;
            writeln!(out, "  {} {}", style::paint(style::DIM, "help:"), clean(&problem.help))?;
        }
        // Problems of one code stand together.
        let is_last = problems.peek().is_none_or(|next| next.code != problem.code);
        let all = lint.problems.counts().get(&problem.code).copied().unwrap_or_default();
        if is_last && all > SHOWN_OF_A_CODE {
            let more = all - SHOWN_OF_A_CODE;
            writeln!(out, "{}: {file}: {more} more like it", head(problem.code))?;
        }
    }
    let format = lint.format.name();
    let version = clean(&lint.version);
    writeln!(out, "{file}: {format} {version}: {}", verdict(lint))
}

fn head(code: LintCode) -> String {
    let head = format!("{}[{}]", code.severity().name(), code.as_str());
    style::paint(style::of(code.severity()), &head)
}

fn verdict(lint: &Lint) -> String {
    let count = |severity: Severity| -> usize {
        let counts = lint.problems.counts().iter();
        counts.filter(|(code, _)| code.severity() == severity).map(|(_, count)| count).sum()
    };
    let words: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .filter_map(|severity| match count(severity) {
            0 => None,
            1 => Some(format!("1 {}", severity.name())),
            many => Some(format!("{many} {}s", severity.name())),
        })
        .collect();
    if words.is_empty() { style::paint(style::GOOD, "no problems") } else { words.join(", ") }
}
