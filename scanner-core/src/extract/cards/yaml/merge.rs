//! Merge keys: `<<` adds the entries of other maps (YAML 1.1, "Merge Key").

use std::collections::HashSet;

use super::{Entry, Value};

/// The key that adds the entries of other maps.
pub(super) const MERGE: &str = "<<";

/// Replaces `<<: {…}` and `<<: [{…}, …]` by the entries that they add; a key that is there
/// stays.
pub(super) fn merge(entries: Vec<Entry>) -> Vec<Entry> {
    if entries.iter().all(|entry| entry.key != MERGE) {
        return entries;
    }
    let mut present: HashSet<String> = entries.iter().map(|entry| entry.key.clone()).collect();
    let mut merged = Vec::with_capacity(entries.len());
    for entry in entries {
        if entry.key != MERGE || matches!(entry.value.value, Value::Text(..)) {
            merged.push(entry);
            continue;
        }
        let mut added = Vec::new();
        push_entries_of(entry.value.value, &mut added);
        let added = added.into_iter().filter(|added| present.insert(added.key.clone()));
        merged.extend(added.map(|added| Entry { line: entry.line, ..added }));
    }
    merged
}

/// The entries of a map, or of the maps in a list; nesting is bounded by the limit on all values.
fn push_entries_of(value: Value, into: &mut Vec<Entry>) {
    match value {
        Value::Map(entries) => into.extend(entries),
        Value::List(items) => items.into_iter().for_each(|item| push_entries_of(item.value, into)),
        Value::Null | Value::Text(..) => {}
    }
}
