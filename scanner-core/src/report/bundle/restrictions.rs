//! `USE-RESTRICTIONS.md`: the uses that licences forbid and that must be passed on, clause by
//! clause, in the words of the scanned text where it was there.

use std::fmt::Write as _;

use super::notice::{ground, part, title};
use super::texts::{NamedEntry, NamedText, Texts};
use crate::model::{Mental, TextOrigin, UseRestriction};
use crate::report::index::Index;
use crate::report::markdown::{block, escape};
use crate::report::place::place;

/// Writing to a String cannot fail, so results of `write!` are dropped in this file.
pub(super) fn restrictions(index: &Index<'_>, texts: &Texts<'_>) -> String {
    let mut out = format!("# Use restrictions that come with {}\n\n", escape(&title(index.report)));
    out.push_str(
        "Each section is one licence. Quoted words stand in the named file; the categories and \
         what they mean are Flowdown's own words.\nThis file states what licences say; it is not legal \
         advice.\n",
    );
    let restricting: Vec<_> =
        texts.entries.iter().filter(|named| !named.entry.restrictions.is_empty()).collect();
    if restricting.is_empty() {
        out.push_str("\nNo licence in this bundle has a recorded use restriction.\n");
    }
    for named in restricting {
        of_entry(index, named, &mut out);
    }
    let unknown: Vec<_> =
        texts.entries.iter().filter(|named| named.entry.license.is_none()).collect();
    if !unknown.is_empty() {
        out.push_str(
            "\n## Licence not known\n\nWhether these parts restrict use is not known:\n\n",
        );
        for id in unknown.iter().flat_map(|named| &named.entry.covers) {
            let _ = writeln!(out, "- {}", part(index, id));
        }
    }
    out
}

fn of_entry(index: &Index<'_>, named: &NamedEntry<'_>, out: &mut String) {
    let entry = named.entry;
    let _ = write!(out, "\n## {} ({})\n\n", escape(&entry.name), escape(&entry.spdx));
    let _ = writeln!(out, "Ground: {}. Brought by:\n", ground(entry));
    for id in &entry.covers {
        let _ = writeln!(out, "- {}", part(index, id));
    }
    for (restriction, wording) in &entry.restrictions {
        of_restriction(index, restriction, out);
        match wording {
            Some((text, at)) => {
                let place = escape(&place(at));
                let _ = write!(out, "- Wording, from {place}:\n\n{}", block(text));
            }
            None => {
                let _ = writeln!(out, "- Wording: {}", absent_wording(named));
            }
        }
    }
}

fn of_restriction(index: &Index<'_>, restriction: &UseRestriction, out: &mut String) {
    let categories: Vec<String> = restriction.categories.iter().map(|name| escape(name)).collect();
    let _ = write!(out, "\n### {} {}\n\n", escape(&restriction.label), categories.join(", "));
    for category in &restriction.categories {
        if let Some(meaning) = index.report.inventory.categories.get(category) {
            let _ = writeln!(out, "- {}: {}", escape(category), escape(meaning));
        }
    }
    if restriction.mental != Mental::None {
        let _ = writeln!(out, "- Applies only with: {}", restriction.mental.name());
    }
    for exception in &restriction.exceptions {
        let _ = writeln!(out, "- Exception: {}", escape(exception));
    }
}

/// A text that is there but words the clause differently is not an absent text.
fn absent_wording(named: &NamedEntry<'_>) -> String {
    let came_with = |text: &&NamedText| matches!(text.text.origin, TextOrigin::Artifact { .. });
    match named.texts.iter().find(came_with) {
        Some(text) => format!("not found word for word; see {}", text.file),
        None => "not here; no text came with the parts".to_owned(),
    }
}
