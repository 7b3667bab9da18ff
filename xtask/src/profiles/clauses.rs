//! Finds the wording of restrictions: a list is cut into its items, others are placed one by one.

use anyhow::{Context as _, ensure};
use flowdown_plugin_sdk::message::{Phrase, Terms};
use flowdown_plugin_sdk::text::phrase;

use super::find;
use super::spec::{ClauseSpec, ClausesSpec, Split, TextSpec};

/// The wording of each restriction of `terms` that the entry places, in the order of the record.
pub(super) fn wording(text: &str, entry: &TextSpec, terms: &Terms) -> anyhow::Result<Vec<Phrase>> {
    let mut found = placed(text, &entry.clause)?;
    if let Some(list) = &entry.clauses {
        let is_listed = |label: &str| {
            let alone = entry.clause.iter().any(|clause| clause.label == label)
                || list.except.iter().any(|except| except == label);
            !alone && list.labels.as_deref().is_none_or(|start| label.starts_with(start))
        };
        let labels = terms.restriction.iter().map(|restriction| restriction.label.as_str());
        let labels: Vec<&str> = labels.filter(|label| is_listed(label)).collect();
        let items = items(&text[find(text, &list.after)?.end..], list, labels.len())?;
        found.extend(labels.into_iter().zip(&items).map(|(label, item)| phrase(label, item)));
    }
    let order = |label: &str| terms.restriction.iter().position(|it| it.label == label);
    for clause in &found {
        order(&clause.label).with_context(|| format!("no restriction `{}`", clause.label))?;
        ensure!(clause.words > 0, "the restriction `{}` has no words", clause.label);
    }
    found.sort_by_key(|clause| order(&clause.label));
    Ok(found)
}

/// The wording of restrictions that are placed one by one, each after the beginning of the one
/// before it.
fn placed(text: &str, clauses: &[ClauseSpec]) -> anyhow::Result<Vec<Phrase>> {
    let mut rest = text;
    let mut found = Vec::new();
    for clause in clauses {
        let place = || format!("the restriction `{}`", clause.label);
        rest = &rest[find(rest, &clause.from).with_context(place)?.start..];
        let end = match &clause.until {
            Some(until) => find(rest, until).with_context(place)?.start,
            None => rest.find('\n').unwrap_or(rest.len()),
        };
        found.push(phrase(&clause.label, &rest[..end]));
    }
    Ok(found)
}

/// The wording of the first `count` items of the list that `text` begins with.
pub(super) fn items(text: &str, list: &ClausesSpec, count: usize) -> anyhow::Result<Vec<String>> {
    let mut items: Vec<String> = match list.split {
        Split::Semicolons => text.split(';').map(str::to_owned).collect(),
        Split::Lines => text.lines().skip(1).map(str::to_owned).collect(),
        Split::Markers => marked(text),
    };
    if let (Split::Semicolons, Some(first)) = (list.split, items.first_mut()) {
        // The sentence that introduces the list ends with a colon.
        *first = first.split_once(':').map_or(&**first, |(_, rest)| rest).to_owned();
    }
    let mut items: Vec<String> = items
        .iter()
        .map(|item| trimmed(item).to_owned())
        .filter(|item| !item.is_empty() && !is_heading(item) && !list.skip.contains(item))
        .collect();
    ensure!(items.len() >= count, "the list has {} items, the record {count}", items.len());
    items.truncate(count);
    Ok(items)
}

fn marked(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        if let Some(item) = after_marker(line.trim()) {
            items.push(item.to_owned());
            open = true;
        } else if line.trim().is_empty() {
            open = false;
        } else if let (true, Some(item)) = (open, items.last_mut()) {
            item.push(' ');
            item.push_str(line.trim());
        }
    }
    items
}

/// What follows `(a)`, `1.`, `iv.`, `-` or `*`.
fn after_marker(line: &str) -> Option<&str> {
    let (marker, rest) = line.split_once(char::is_whitespace)?;
    let bullet = matches!(marker, "-" | "*" | "•");
    let name = marker.trim_start_matches('(').trim_end_matches([')', '.']);
    let short = !name.is_empty() && name.len() <= 5 && name.len() < marker.len();
    let number = name.bytes().all(|byte| byte.is_ascii_digit());
    let letter = name.len() == 1 && name.bytes().all(|byte| byte.is_ascii_lowercase());
    let roman = name.bytes().all(|byte| b"ivx".contains(&byte));
    (bullet || (short && (number || letter || roman))).then(|| rest.trim())
}

/// Without the words that join it to the next item.
fn trimmed(item: &str) -> &str {
    let item = item.trim().trim_end_matches([';', ',', '.']).trim_end();
    let item = item.strip_suffix("; and").or_else(|| item.strip_suffix("; or")).unwrap_or(item);
    item.trim_end()
}

/// An item that only introduces items below it.
fn is_heading(item: &str) -> bool {
    item.ends_with(':')
        || item.ends_with("related to the following")
        || item.split_whitespace().count() < 2
}
