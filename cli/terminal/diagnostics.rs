//! What the scan could not do, and why a run could not go on.

use std::collections::BTreeMap;
use std::io::{self, Write};

use flowdown_core::model::{Code, Diagnostic, Location, Report, Severity, Span};

use super::{clean, style};

/// How many diagnostics of one code are shown; documents carry all of them.
const SHOWN_OF_A_CODE: usize = 5;

/// Prints the diagnostics of a report, worst first.
pub(crate) fn diagnostics(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut by_code: BTreeMap<(std::cmp::Reverse<Severity>, Code), Vec<&Diagnostic>> =
        BTreeMap::new();
    for diagnostic in &report.inventory.diagnostics {
        by_code
            .entry((std::cmp::Reverse(diagnostic.severity()), diagnostic.code))
            .or_default()
            .push(diagnostic);
    }
    for ((std::cmp::Reverse(severity), code), diagnostics) in by_code {
        for diagnostic in diagnostics.iter().take(SHOWN_OF_A_CODE) {
            let head = format!("{}[{}]", severity.name(), code.as_str());
            let head = style::paint(style::of(severity), &head);
            let at = diagnostic.at.as_ref().map(|at| format!("{}: ", place(at)));
            writeln!(out, "{head}: {}{}", at.unwrap_or_default(), clean(&diagnostic.message))?;
            if let Some(help) = &diagnostic.help {
                writeln!(out, "  {} {}", style::paint(style::DIM, "help:"), clean(help))?;
            }
        }
        if diagnostics.len() > SHOWN_OF_A_CODE {
            writeln!(
                out,
                "{}[{}]: {} more like it; `-o json=FILE` has them all",
                severity.name(),
                code.as_str(),
                diagnostics.len() - SHOWN_OF_A_CODE
            )?;
        }
    }
    Ok(())
}

/// Prints why a run could not go on.
pub(crate) fn failure(error: &anyhow::Error) {
    if crate::exit::is_closed_pipe(error) {
        return;
    }
    let head = style::paint(style::of(Severity::Error), "error");
    let mut out = anstream::stderr().lock();
    // Nobody is left to tell when standard error is closed too.
    let _ = write!(out, "{head}: {}", clean(&error.to_string()));
    for cause in error.chain().skip(1) {
        let text = cause.to_string();
        // Parsers draw the place with line breaks, which are theirs and not a file's.
        let lines: Vec<String> = text.lines().map(clean).collect();
        let _ = write!(out, "\n  {}", lines.join("\n  "));
    }
    let _ = writeln!(out);
}

/// Prints that something was not looked at.
pub(crate) fn incomplete(message: &str) {
    let head = style::paint(style::of(Severity::Error), "error");
    // Nobody is left to tell when standard error is closed too.
    let _ = writeln!(anstream::stderr().lock(), "{head}: {}", clean(message));
}

/// A location for people: `path:12-14`, `path (general.license)`.
pub(super) fn place(at: &Location) -> String {
    let path = clean(&at.path.to_string());
    match &at.span {
        None => path,
        Some(Span::Lines { first, last }) if first == last => format!("{path}:{first}"),
        Some(Span::Lines { first, last }) => format!("{path}:{first}-{last}"),
        Some(Span::Bytes { start, end }) => format!("{path} (bytes {start}-{end})"),
        Some(Span::Key(key)) => format!("{path} ({})", clean(key)),
    }
}
