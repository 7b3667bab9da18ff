//! A comparison as a comment on a pull request: what matters in the open, the rest folded, and all of
//! it short enough for the places that take comments.

use std::io::{self, Write};

use super::{Alone, Change, Changed, Comparison, Weight};
use crate::report::markdown::escape;

/// GitHub takes 65,536 characters in a comment; the rest is for the frame.
const BYTES: usize = 60_000;

/// Characters of one value, and values of one list.
const VALUE_CHARACTERS: usize = 160;
const VALUES: usize = 12;

/// Writes a comparison.
///
/// # Errors
/// When `out` fails.
pub fn write(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(page(comparison).as_bytes())
}

fn page(comparison: &Comparison) -> String {
    let (matters, others) = comparison.counts();
    let mut page = Page { text: String::new(), used: 0 };
    let title = match (matters, others) {
        (0, 0) => "no differences".to_owned(),
        (0, others) => format!("{others} differences, none about terms"),
        (matters, others) => format!("{matters} differences about terms, {others} others"),
    };
    page.frame(&format!("## Bill of materials: {title}\n\n"));
    page.frame(&format!("- old: {}\n", value(&comparison.old.words())));
    page.frame(&format!("- new: {}\n", value(&comparison.new.words())));
    for silence in &comparison.silences {
        let (side, topic) = (silence.side.name(), silence.topic.words());
        page.frame(&format!(
            "- not compared: {topic}; the {side} document says nothing about it\n"
        ));
    }
    let of_weight = |weight: Weight| {
        comparison.all_changed().filter_map(move |changed| changed_lines(changed, weight))
    };
    let bringing = comparison.added.iter().filter(|alone| !alone.reasons.is_empty());
    let policy = of_weight(Weight::Policy).chain(bringing.map(added_line));
    page.section("About terms", &policy.collect::<Vec<_>>(), Fold::Open);
    page.section("Changed otherwise", &of_weight(Weight::Note).collect::<Vec<_>>(), Fold::Folded);
    let harmless = comparison.added.iter().filter(|alone| alone.reasons.is_empty());
    page.section("Added", &harmless.map(added_line).collect::<Vec<_>>(), Fold::Folded);
    let removed = comparison.removed.iter().map(alone_line).collect::<Vec<_>>();
    page.section("Removed", &removed, Fold::Folded);
    page.text
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fold {
    Open,
    Folded,
}

struct Page {
    text: String,
    used: usize,
}

impl Page {
    fn frame(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A heading with list items, as many as there is room for.
    fn section(&mut self, title: &str, items: &[String], fold: Fold) {
        if items.is_empty() {
            return;
        }
        let count = items.len();
        self.frame(&match fold {
            Fold::Open => format!("\n### {title} ({count})\n\n"),
            Fold::Folded => format!("\n<details><summary>{title} ({count})</summary>\n\n"),
        });
        let mut shown = 0;
        for item in items {
            if self.used + item.len() > BYTES {
                break;
            }
            self.used += item.len();
            self.text.push_str(item);
            shown += 1;
        }
        if shown < count {
            self.frame(&format!("- {} more are not shown\n", count - shown));
        }
        if fold == Fold::Folded {
            self.frame("\n</details>\n");
        }
    }
}

fn changed_lines(changed: &Changed, weight: Weight) -> Option<String> {
    let mut lines = String::new();
    for change in changed.changes.iter().filter(|change| change.weight == weight) {
        lines.push_str(&change_line(change));
    }
    (!lines.is_empty()).then(|| format!("- {}\n{lines}", value(&changed.label)))
}

fn change_line(change: &Change) -> String {
    let topic = change.topic.words();
    match (change.old.as_slice(), change.new.as_slice()) {
        ([old], [new]) => format!("  - {topic}: {} → {}\n", value(old), value(new)),
        (old, []) => format!("  - {topic}: no longer {}\n", values(old)),
        ([], new) => format!("  - {topic}: now {}\n", values(new)),
        (old, new) => format!("  - {topic}: no longer {}; now {}\n", values(old), values(new)),
    }
}

fn added_line(alone: &Alone) -> String {
    let license = alone.license.as_deref().map_or_else(|| "no licence".to_owned(), value);
    let reasons: String = alone.reasons.iter().map(|reason| format!("; {reason}")).collect();
    format!("- added {} ({license}){reasons}\n", value(&alone.label))
}

fn alone_line(alone: &Alone) -> String {
    let license = alone.license.as_deref().map_or_else(|| "no licence".to_owned(), value);
    format!("- {} ({license})\n", value(&alone.label))
}

fn values(texts: &[String]) -> String {
    let shown = texts.iter().take(VALUES).map(|text| value(text)).collect::<Vec<_>>().join(", ");
    match texts.len().saturating_sub(VALUES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn value(text: &str) -> String {
    match text.char_indices().nth(VALUE_CHARACTERS) {
        Some((end, _)) => format!("{}…", escape(&text[..end])),
        None => escape(text),
    }
}
