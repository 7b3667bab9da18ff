//! TOML documents within bounds, with the place of each table.
//!
//! The `toml` crate bounds nesting by itself (80 levels; 100,000 opening brackets take 3 ms), keeps
//! reading after an error, and knows the place of every value. What it does not bound is memory: a
//! table of five bytes becomes 800 bytes. So the signs that begin tables and values are counted
//! before it sees the text.

use std::ops::Range;

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::sheet::Sheet;
use crate::model::Code;

/// A table with the places of its keys and values.
pub(super) type Table<'t> = DeTable<'t>;
/// A value.
pub(super) type Value<'t> = DeValue<'t>;
/// A value with its place.
pub(super) type Item<'t> = Spanned<Value<'t>>;

/// Values per allowed package. A uv.lock with every wheel of every package has about forty.
const VALUES_PER_PACKAGE: u64 = 4;

/// Reads the text of `sheet`; reports what is wrong with it and returns what could be read.
pub(super) fn read<'a>(sheet: &mut Sheet<'a>) -> Table<'a> {
    let tables = count(sheet.text, b"[{");
    let values = count(sheet.text, b"=,");
    let (table_limit, value_limit) =
        (sheet.limits.packages, sheet.limits.packages.saturating_mul(VALUES_PER_PACKAGE));
    if tables > table_limit || values > value_limit {
        let message = format!(
            "the file has {tables} tables or arrays and {values} values, more than {table_limit} \
             and {value_limit}, which `packages` allows; it was not read"
        );
        sheet.problem(Code::LimitReached, &(0..0), message, "raise `packages` in `[limits]`");
        return Table::new();
    }
    let (table, errors) = Table::parse_recoverable(sheet.text);
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        let reason = error.message();
        if reason == "duplicate key" {
            let key = sheet.text.get(span.clone()).unwrap_or_default();
            let message = format!(
                "the key `{}` is given twice in one table",
                crate::extract::text::shown(key)
            );
            let help = "delete one of the two; the first was used";
            sheet.problem(Code::ManifestDuplicateKey, &span, message, help);
            continue;
        }
        let message = format!("the file is not valid TOML: {reason}");
        let help = "write the file anew with the tool it belongs to; what could be read was used";
        sheet.problem(Code::ManifestInvalid, &span, message, help);
    }
    table.into_inner()
}

fn count(text: &str, signs: &[u8; 2]) -> u64 {
    text.bytes().map(|byte| u64::from(signs.contains(&byte))).sum()
}

/// The value of `key`.
pub(super) fn get<'v, 't>(table: &'v Table<'t>, key: &str) -> Option<&'v Value<'t>> {
    table.get(key).map(Spanned::get_ref)
}

/// The table called `key`.
pub(super) fn table<'v, 't>(parent: &'v Table<'t>, key: &str) -> Option<&'v Table<'t>> {
    get(parent, key).and_then(DeValue::as_table)
}

/// The items of the array called `key`; none when there is no such array.
pub(super) fn items<'v, 't>(parent: &'v Table<'t>, key: &str) -> &'v [Item<'t>] {
    parent.get(key).map_or(&[], list)
}

/// The items of an array; none when the value is something else.
pub(super) fn list<'v, 't>(item: &'v Item<'t>) -> &'v [Item<'t>] {
    item.get_ref().as_array().map_or(&[], |array| array)
}

/// The text called `key`.
pub(super) fn text<'v>(table: &'v Table<'_>, key: &str) -> Option<&'v str> {
    get(table, key).and_then(DeValue::as_str)
}

/// The texts in the array called `key`.
pub(super) fn texts<'v>(table: &'v Table<'_>, key: &str) -> impl Iterator<Item = &'v str> {
    items(table, key).iter().filter_map(|item| item.get_ref().as_str())
}

/// The entries of a table in the order of the text.
pub(super) fn in_text_order<'v, 't>(
    table: &'v Table<'t>,
) -> Vec<(&'v Spanned<std::borrow::Cow<'t, str>>, &'v Item<'t>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// From the header of a table to the end of its last value.
///
/// The place that the crate gives to a table with a header is the header alone.
pub(super) fn extent(item: &Item<'_>) -> Range<usize> {
    let span = item.span();
    let Some(table) = item.get_ref().as_table() else { return span };
    let end = table.iter().map(|(_, value)| match value.get_ref().as_table() {
        Some(inner) => inner.iter().map(|(_, value)| value.span().end).max().unwrap_or(0),
        None => value.span().end,
    });
    span.start..end.max().unwrap_or(0).max(span.end)
}
