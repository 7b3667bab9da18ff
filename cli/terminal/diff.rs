//! What two bills of materials differ in.

use std::io::{self, Write};

use flowdown_core::compare::{Alone, Change, Changed, Comparison, PairedBy, Weight};

use super::{clean, style};

/// Values of one difference that are shown; JSON has all of them.
const VALUES: usize = 8;

/// Prints a comparison: what matters to a policy is marked with `!`.
pub(crate) fn diff(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "old: {}", clean(&comparison.old.words()))?;
    writeln!(out, "new: {}", clean(&comparison.new.words()))?;
    for silence in &comparison.silences {
        writeln!(
            out,
            "not compared: {}; the {} document says nothing about it",
            silence.topic.words(),
            silence.side.name()
        )?;
    }
    if comparison.is_empty() {
        return writeln!(out, "{}", style::paint(style::GOOD, "no differences"));
    }
    if comparison.all_changed().next().is_some() {
        heading("changed", out)?;
    }
    for each in comparison.all_changed() {
        changed(each, out)?;
    }
    for (name, sign, list) in
        [("added", '+', &comparison.added), ("removed", '-', &comparison.removed)]
    {
        if !list.is_empty() {
            heading(name, out)?;
        }
        for each in list {
            alone(sign, each, out)?;
        }
    }
    let (matters, others) = comparison.counts();
    writeln!(out)?;
    writeln!(out, "{matters} about licences, obligations or use restrictions (!), {others} others")
}

fn heading(name: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", style::paint(style::HEADING, name))
}

fn changed(changed: &Changed, out: &mut dyn Write) -> io::Result<()> {
    let paired = match changed.paired_by {
        PairedBy::Subject => " (the product)",
        PairedBy::Digest => " (by its digest)",
        PairedBy::Path => " (by its place)",
        PairedBy::Purl | PairedBy::Name => "",
    };
    writeln!(out, "  {}{paired}", clean(&changed.label))?;
    changed.changes.iter().try_for_each(|change| line(change, out))
}

fn line(change: &Change, out: &mut dyn Write) -> io::Result<()> {
    let mark = match change.weight {
        Weight::Policy => '!',
        Weight::Note => ' ',
    };
    let words = match (change.old.as_slice(), change.new.as_slice()) {
        ([old], [new]) => format!("{} -> {}", clean(old), clean(new)),
        (old, []) => format!("no longer {}", values(old)),
        ([], new) => format!("now {}", values(new)),
        (old, new) => format!("no longer {}; now {}", values(old), values(new)),
    };
    writeln!(out, "  {mark} {}: {words}", change.topic.words())
}

fn alone(sign: char, alone: &Alone, out: &mut dyn Write) -> io::Result<()> {
    let mark = if alone.reasons.is_empty() { ' ' } else { '!' };
    let license = alone.license.as_deref().map_or_else(|| "no licence".to_owned(), clean);
    let reasons: String = alone.reasons.iter().map(|reason| format!("; {reason}")).collect();
    writeln!(out, "{mark} {sign} {} ({license}){reasons}", clean(&alone.label))
}

fn values(texts: &[String]) -> String {
    let shown = texts.iter().take(VALUES).map(|text| clean(text)).collect::<Vec<_>>().join(", ");
    match texts.len().saturating_sub(VALUES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
