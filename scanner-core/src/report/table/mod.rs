//! A plain table of artifacts: one line each, columns side by side, no colours.
//!
//! For terminals and logs. Long cells are cut with `…`; the other formats have all of them.

use std::io::{self, Write};

use super::Reporter;
use super::index::Index;
use super::plain::plain;
use super::row::{Row, rows};
use crate::model::Report;

/// Writes a plain table of artifacts; format id `table`.
pub struct Table;

const HEADER: [&str; 8] =
    ["kind", "name", "version", "licence", "status", "missing", "restrictions", "path"];

/// Most characters of a cell.
const WIDTH: usize = 48;

impl Reporter for Table {
    fn format(&self) -> &'static str {
        "table"
    }

    fn media_type(&self) -> &'static str {
        "text/plain"
    }

    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let index = Index::new(report);
        let mut lines = vec![HEADER.map(str::to_owned)];
        lines.extend(rows(&index).map(|row| cells(&row)));
        let mut widths = [0; HEADER.len()];
        for line in &lines {
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = (*width).max(cell.chars().count());
            }
        }
        for line in &lines {
            let padded: Vec<String> =
                line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            writeln!(out, "{}", padded.join("  ").trim_end())?;
        }
        Ok(())
    }
}

fn cells(row: &Row<'_>) -> [String; HEADER.len()] {
    [
        row.kind.to_owned(),
        short(&row.name),
        short(row.version),
        short(row.license),
        row.status.name().to_owned(),
        row.missing.len().to_string(),
        row.restrictions.to_string(),
        short(&row.path),
    ]
}

/// One that is empty would move the others for whoever splits at spaces.
fn short(text: &str) -> String {
    let text = plain(text);
    match text.chars().count() {
        0 => "-".to_owned(),
        length if length > WIDTH => {
            text.chars().take(WIDTH - 1).chain(std::iter::once('…')).collect()
        }
        _ => text,
    }
}
