//! Which elements that bodies ask of a bill of materials are filled here, and what would fill the
//! rest: Markdown.
//!
//! A pure function of the report: an element is filled when the report holds it, whatever a format
//! carries of it (`docs/formats.md`). The elements are one table, `elements`. Most of the
//! documents behind it were not read for it; the page says which are quoted second-hand, and counts
//! prove no conformance.

mod elements;
mod measure;

use std::fmt::Write as _;
use std::io::{self, Write};

use self::elements::{BODIES, Body, ELEMENTS, Element};
use self::measure::{Measure, Tally};
use super::Reporter;
use super::index::Index;
use super::markdown::escape;
use crate::model::{Completeness as Coverage, Report};

/// Writes which elements are filled, as Markdown; format id `completeness`.
pub struct Completeness;

/// How many that lack an element are named.
const NAMED: usize = 3;

impl Reporter for Completeness {
    fn format(&self) -> &'static str {
        "completeness"
    }

    fn media_type(&self) -> &'static str {
        "text/markdown"
    }

    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(document(report).as_bytes())
    }
}

/// How far an element is filled.
enum Filled {
    /// As a whole; of how many, where it is counted.
    Whole(Option<usize>),
    /// There is nothing here that could have it.
    Nothing,
    /// For some or none of what has it.
    Partly(Tally),
    /// Not at all.
    No,
    /// Flowdown never fills it.
    NotRead,
}

/// Writing to a String cannot fail, so results of `write!` are dropped in this file.
fn document(report: &Report) -> String {
    let index = Index::new(report);
    let title = report.product.as_ref().map_or(&report.source.name, |product| &product.name);
    let mut out = format!("# Completeness of the bill of materials: {}\n\n", escape(title));
    out.push_str(
        "Which elements that the bodies below ask for are filled, and what would fill the rest. It \
         counts what the scan\nholds; it proves no conformance and is not legal advice.\n",
    );
    if index.completeness() == Coverage::Incomplete {
        out.push_str("\n**The scan is incomplete**: what was not looked at is not counted.\n");
    }
    let measured: Vec<(&Element, Filled)> =
        ELEMENTS.iter().map(|element| (element, filled(element, &index))).collect();
    summary(&measured, &mut out);
    sources(&mut out);
    let mut group = "";
    for (element, filled) in &measured {
        if element.group != group {
            group = element.group;
            let _ = write!(
                out,
                "\n## {group}\n\n| element | asked for by | filled | lacking | what would fill it |\n\
                 |---|---|---|---|---|\n"
            );
        }
        row(element, filled, &mut out);
    }
    out
}

fn filled(element: &Element, index: &Index<'_>) -> Filled {
    match element.measure {
        Measure::Given => Filled::Whole(None),
        Measure::NotRead => Filled::NotRead,
        Measure::Once(is_filled) if is_filled(index.report) => Filled::Whole(None),
        Measure::Once(_) => Filled::No,
        Measure::Each(tally) => match tally(index) {
            tally if tally.total == 0 => Filled::Nothing,
            tally if tally.filled == tally.total => Filled::Whole(Some(tally.total)),
            tally => Filled::Partly(tally),
        },
    }
}

fn summary(measured: &[(&Element, Filled)], out: &mut String) {
    out.push_str(
        "\n| body | elements | filled | in part | not filled | nothing to fill | not read by \
         Flowdown |\n|---|---|---|---|---|---|---|\n",
    );
    for body in BODIES {
        let mut counts = [0; 5];
        for (_, filled) in measured.iter().filter(|(it, _)| it.asked_by.contains(body)) {
            let place = match filled {
                Filled::Whole(_) => 0,
                Filled::Partly(tally) if tally.filled > 0 => 1,
                Filled::Partly(_) | Filled::No => 2,
                Filled::Nothing => 3,
                Filled::NotRead => 4,
            };
            counts[place] += 1;
        }
        let [whole, part, none, nothing, unread] = counts;
        let total: usize = counts.iter().sum();
        let _ = writeln!(
            out,
            "| {} | {total} | {whole} | {part} | {none} | {nothing} | {unread} |",
            body.name()
        );
    }
}

fn sources(out: &mut String) {
    out.push('\n');
    for body in BODIES {
        let _ = writeln!(out, "- {}: {}", body.name(), body.source());
    }
}

fn row(element: &Element, filled: &Filled, out: &mut String) {
    let asked_by: Vec<&str> = element.asked_by.iter().map(|body: &Body| body.name()).collect();
    let (count, lacking) = match filled {
        Filled::Whole(None) => ("yes".to_owned(), String::new()),
        Filled::Whole(Some(total)) => (format!("{total} of {total}"), String::new()),
        Filled::Nothing => ("nothing to fill".to_owned(), String::new()),
        Filled::Partly(tally) => (format!("{} of {}", tally.filled, tally.total), names(tally)),
        Filled::No => ("no".to_owned(), String::new()),
        Filled::NotRead => ("not read by Flowdown".to_owned(), String::new()),
    };
    // What is filled needs nothing, unless the table says how it is.
    let fill = match (filled, element.measure) {
        (Filled::Whole(_) | Filled::Nothing, Measure::Once(_) | Measure::Each(_)) => "",
        _ => element.fill,
    };
    let _ = writeln!(
        out,
        "| {} (`{}`) | {} | {count} | {lacking} | {fill} |",
        element.words,
        element.id,
        asked_by.join(", ")
    );
}

fn names(tally: &Tally) -> String {
    let mut names: Vec<String> = tally.lacking.iter().map(|name| escape(name)).collect();
    let more = tally.total - tally.filled - names.len();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}
