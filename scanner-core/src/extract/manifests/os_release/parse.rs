//! Assignments of `os-release`.

use std::collections::BTreeMap;

use crate::extract::manifests::sheet::Sheet;
use crate::extract::text::cut;
use crate::model::FactValue;

/// Keys that are told apart; systems write about a dozen.
const KEYS: usize = 100;

pub(super) fn read(sheet: &mut Sheet<'_>) {
    sheet.kind("os-release");
    let mut release = BTreeMap::new();
    for line in sheet.text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        let Some((key, value)) = line.split_once('=') else { continue };
        let is_key = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        if key.is_empty() || !key.bytes().all(is_key) || release.len() == KEYS {
            continue;
        }
        let key = key.to_ascii_lowercase().replace('_', "-");
        let value = cut(unquoted(value), sheet.limits.fact_text_bytes);
        // To a shell the last assignment counts.
        release.insert(key, FactValue::Text(value));
    }
    if !release.is_empty() {
        sheet.system(FactValue::Map(release));
    }
}

/// The value as a shell reads it, without expansions.
fn unquoted(value: &str) -> String {
    let value = value.trim();
    let inner =
        ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    let mut unquoted = String::new();
    let mut characters = inner.unwrap_or(value).chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' if !value.starts_with('\'') => unquoted.extend(characters.next()),
            other => unquoted.push(other),
        }
    }
    unquoted
}
