//! What each licence asks of the agreement, and operative words that do it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::model::{ArtifactId, AssessedObligation};
use crate::report::bundle::notice::{ground, part};
use crate::report::bundle::texts::NamedEntry;
use crate::report::index::Index;
use crate::report::markdown::escape;

/// Duties that the attachment or the agreement meets, with what they ask for.
const DUTIES: &[(&str, &str)] = &[
    ("flowdown-use-restrictions", "the restrictions as an enforceable provision"),
    ("require-users-comply", "users must be required to comply"),
    ("notify-recipients", "recipients must be told that the parts are subject to them"),
    ("copy-of-licence", "recipients receive a copy of the licence"),
    ("third-party-beneficiary", "the licensor must be named as a third-party beneficiary"),
    ("direct-grant-statement", "recipients must be told that their rights come from the licensor"),
    ("bind-recipients", "recipients must be bound to the licence"),
    ("warranty-passthrough", "warranty and liability must be disclaimed for the licensor"),
    ("no-conflicting-terms", "the agreement's other terms may not conflict with the licence"),
];

/// Section 1: the operative words, as far as any of the licences asks for them.
pub(super) fn operative(restricting: &[&NamedEntry<'_>], out: &mut String) {
    let kinds: BTreeSet<&str> = restricting
        .iter()
        .flat_map(|named| &named.entry.obligations)
        .map(|(_, assessed)| assessed.obligation.kind.as_str())
        .collect();
    out.push_str(
        "\n## 1. Operative words\n\nIn Flowdown's own words; the agreement must make this attachment \
         part of itself.\n\n\
         1. The parts of [the product] that section 2 names are subject to the use restrictions of \
         section 2.\n\
         2. [The recipient] must comply with the restrictions of section 2, and must require everybody \
         whom it lets use the parts, or to whom it passes them on, to comply with them.\n",
    );
    let mut number = 2;
    let mut add = |kind: &str, words: &str| {
        if kinds.contains(kind) {
            number += 1;
            let _ = writeln!(out, "{number}. {words}");
        }
    };
    add("copy-of-licence", "A copy of each licence that is at hand is provided in `LICENSES`.");
    add(
        "third-party-beneficiary",
        "[The licensor] is an intended third-party beneficiary of section 2 and may enforce it.",
    );
}

/// Section 3: what each licence asks for, clause by clause.
pub(super) fn asked(index: &Index<'_>, restricting: &[&NamedEntry<'_>], out: &mut String) {
    out.push_str("\n## 3. What each licence asks of the agreement\n");
    for named in restricting {
        let entry = named.entry;
        let _ = write!(out, "\n### {} ({})\n\n", escape(&entry.name), escape(&entry.spdx));
        let _ = writeln!(out, "- Ground: {}", ground(entry));
        let mut seen = BTreeSet::new();
        for (kind, words) in DUTIES {
            for assessed in owed(&entry.obligations, kind) {
                if seen.insert((kind, &assessed.obligation.clause)) {
                    let clause = escape(&assessed.obligation.clause);
                    let _ = writeln!(out, "- Clause {clause}: {words}{}", details(assessed));
                }
            }
        }
        if seen.is_empty() {
            out.push_str("- No recorded clause asks that the restrictions be passed on\n");
        }
        let parts: Vec<String> = entry.covers.iter().map(|id| part(index, id)).collect();
        let _ = writeln!(out, "- Parts: {}", parts.join(", "));
    }
}

fn owed<'a>(
    obligations: &'a [(ArtifactId, AssessedObligation)],
    kind: &str,
) -> impl Iterator<Item = &'a AssessedObligation> {
    obligations.iter().map(|(_, assessed)| assessed).filter(move |it| it.obligation.kind == kind)
}

/// What the record says of list, wording and agreements.
fn details(assessed: &AssessedObligation) -> String {
    let params = &assessed.obligation.params;
    let mut words = String::new();
    if let Some(list) = params.get("list_ref") {
        let _ = write!(words, "; list: {}", escape(list));
    }
    match params.get("equivalence_ok").map(String::as_str) {
        Some("true") => words.push_str("; similar restrictions with the same purpose are allowed"),
        Some(_) => words.push_str("; at minimum the restrictions themselves"),
        None => {}
    }
    if let Some(applies_to) = params.get("applies_to") {
        let _ = write!(words, "; in: {}", escape(applies_to));
    }
    words
}
