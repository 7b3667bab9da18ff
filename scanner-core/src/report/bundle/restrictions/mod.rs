//! `USE-RESTRICTIONS.md`: the uses that licences forbid and that must be passed on, ready to attach
//! to an agreement with customers.
//!
//! Restrictions are grouped by what they are about; identical wording stands there once, with every
//! licence and clause that it satisfies. All of them together are the union: none is left out for
//! being narrower. The operative words are a draft of Flowdown's own, with brackets to fill. Its
//! own review reads the file back: a test holds the two together.

mod demands;
mod groups;

use std::fmt::Write as _;

use self::groups::{Group, Statement};
use super::notice::{part, title};
use super::texts::{NamedEntry, NamedText, Texts};
use crate::model::{Mental, TextOrigin, UseRestriction};
use crate::report::index::Index;
use crate::report::markdown::{block, escape};
use crate::report::place::place;

/// What leads into every list of restrictions.
const OPERATIVE: &str = "[The recipient] must not use the parts named here, or let others use them, \
                         in any of these ways:";

/// Writing to a String cannot fail, so results of `write!` are dropped in this folder.
pub(super) fn restrictions(index: &Index<'_>, texts: &Texts<'_>) -> String {
    let mut out = format!("# Use restrictions that come with {}\n\n", escape(&title(index.report)));
    out.push_str(
        "Draft of an attachment to the agreement with customers. Quoted words stand in the named file; \
         everything else is in\nFlowdown's own words, and [words in brackets] are for the vendor to \
         fill in. This file states what licences say; it is\nno legal advice.\n",
    );
    let restricting: Vec<_> =
        texts.entries.iter().filter(|named| !named.entry.restrictions.is_empty()).collect();
    if restricting.is_empty() {
        out.push_str("\nNo licence in this bundle has a recorded use restriction.\n");
    } else {
        demands::operative(&restricting, &mut out);
        out.push_str("\n## 2. Restrictions\n");
        for (number, group) in (1..).zip(groups::of(&restricting)) {
            of_group(index, number, &group, &mut out);
        }
        demands::asked(index, &restricting, &mut out);
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

fn of_group(index: &Index<'_>, number: usize, group: &Group<'_>, out: &mut String) {
    let categories: Vec<String> = group.categories.iter().map(|name| escape(name)).collect();
    let _ = write!(out, "\n### 2.{number}. {}\n\n{OPERATIVE}\n", categories.join(", "));
    for (item, statement) in (1..).zip(&group.statements) {
        let _ = write!(out, "\n- Restriction 2.{number}.{item}:\n\n");
        match statement.wording {
            Some((text, _)) => indented(&block(text), out),
            None => described(index, statement, out),
        }
        out.push('\n');
        for (named, restriction, wording) in &statement.sources {
            let place = wording.map_or_else(
                || absent_wording(named),
                |(_, at)| format!("the words stand in {}", escape(&place(at))),
            );
            let _ = writeln!(
                out,
                "  From {} ({}), clause {}{}; {place}. Brought by {}.\n",
                escape(&named.entry.name),
                escape(&named.entry.spdx),
                escape(&restriction.label),
                conditions(restriction),
                parts(index, named)
            );
        }
        if group.statements.len() > 1 && item == 1 {
            out.push_str(
                "  By its record the broadest of this group; the others stand beside it.\n",
            );
        }
    }
    tidy_end(out);
}

/// The categories' meaning, where no words of a licence are at hand.
fn described(index: &Index<'_>, statement: &Statement<'_>, out: &mut String) {
    let categories = &index.report.inventory.categories;
    for category in statement.categories {
        let meaning = categories.get(category).map_or(category, |meaning| meaning);
        let _ = writeln!(out, "  {}", escape(meaning));
    }
}

/// What the licence's own clause makes depend on a mental element, and its exceptions. What the draft
/// says is broader.
fn conditions(restriction: &UseRestriction) -> String {
    let mut words = String::new();
    if restriction.mental != Mental::None {
        let _ = write!(words, ", mental element: {}", restriction.mental.name());
    }
    if !restriction.exceptions.is_empty() {
        let _ = write!(words, ", its exception: {}", escape(&restriction.exceptions.join(", ")));
    }
    words
}

fn parts(index: &Index<'_>, named: &NamedEntry<'_>) -> String {
    let parts: Vec<String> = named.entry.covers.iter().map(|id| part(index, id)).collect();
    parts.join(", ")
}

/// A text that is there but words the clause differently is not an absent text.
fn absent_wording(named: &NamedEntry<'_>) -> String {
    let came_with = |text: &&NamedText| matches!(text.text.origin, TextOrigin::Artifact { .. });
    match named.texts.iter().find(came_with) {
        Some(text) => format!("its words were not found word for word, see {}", text.file),
        None => "its words are not here, as no text came with the parts".to_owned(),
    }
}

fn indented(text: &str, out: &mut String) {
    for line in text.lines() {
        let _ = writeln!(out, "  {line}");
    }
}

fn tidy_end(out: &mut String) {
    out.truncate(out.trim_end().len());
    out.push('\n');
}
