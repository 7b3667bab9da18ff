//! What can be read of broken YAML, line by line: `key: value` in the first column, and simple
//! lists below or behind a key.
//!
//! It is the second reading, after the parser stopped: values that need more than one line's knowledge
//! (maps, anchors, tags, blocks) are passed over, never guessed.

use super::{Entry, Node, Style, Value};
use crate::extract::text::numbered_lines;

/// What to do at a line that cannot be YAML of this kind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::extract::cards) enum AtProse {
    /// Pass it over: the end of the YAML is known.
    GoOn,
    /// Stop: the YAML has no closing line, so this is the text below it.
    Stop,
}

/// The entries that were read, and the line on which reading ended (one past the last).
pub(in crate::extract::cards) struct Recovered {
    pub(in crate::extract::cards) entries: Vec<Entry>,
    pub(in crate::extract::cards) end: u64,
}

/// Reads `text` from line `from` on, at most `most` entries.
pub(in crate::extract::cards) fn recover(
    text: &str,
    from: u64,
    at_prose: AtProse,
    most: u64,
) -> Recovered {
    let mut entries: Vec<Entry> = Vec::new();
    // Whether `- item` lines belong to the last entry: its value must be empty or a list of such.
    let mut list_is_open = false;
    let mut end = from;
    for (number, line) in numbered_lines(text).filter(|(number, _)| *number >= from) {
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            // A heading and a comment look the same; neither says where the YAML ends.
        } else if let Some((key, rest)) = split_key(line) {
            if entries.len() as u64 >= most {
                break;
            }
            let value = value_of(rest);
            list_is_open = matches!(value, Some(Value::Null));
            if let Some(value) = value {
                let node = Node { value, first: number, last: number };
                entries.push(Entry { key: key.to_owned(), line: number, value: node });
            }
        } else if let (true, Some(item)) = (list_is_open, content.strip_prefix('-')) {
            if let Some(entry) = entries.last_mut() {
                push_item(&mut entry.value, item, number);
            }
        } else if at_prose == AtProse::Stop && !line.starts_with([' ', '\t', '-']) {
            return Recovered { entries, end: number };
        }
        end = number + 1;
    }
    Recovered { entries, end }
}

fn push_item(list: &mut Node, item: &str, line: u64) {
    let Some(value @ Value::Text(..)) = value_of(item) else { return };
    let item = Node { value, first: line, last: line };
    list.last = line;
    match &mut list.value {
        Value::List(items) => items.push(item),
        other => *other = Value::List(vec![item]),
    }
}

fn split_key(line: &str) -> Option<(&str, &str)> {
    let (key, rest) = line.split_once(':')?;
    let key = key.trim_end();
    let quoted =
        ['"', '\''].iter().find_map(|quote| key.strip_prefix(*quote)?.strip_suffix(*quote));
    let key = quoted.unwrap_or(key);
    let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    (is_key && (rest.is_empty() || rest.starts_with(char::is_whitespace))).then_some((key, rest))
}

/// A value that one line tells; `None` for one that it does not.
fn value_of(text: &str) -> Option<Value> {
    let text = without_comment(text).trim();
    if let Some(list) = text.strip_prefix('[') {
        let items =
            list.strip_suffix(']')?.split(',').filter_map(|item| value_of_item(item.trim()));
        let node = |value| Node { value, first: 0, last: 0 };
        return Some(Value::List(items.map(node).collect()));
    }
    match text {
        "" | "~" | "null" => Some(Value::Null),
        _ => value_of_item(text),
    }
}

fn value_of_item(text: &str) -> Option<Value> {
    for quote in ['"', '\''] {
        if let Some(rest) = text.strip_prefix(quote) {
            let inner = rest.strip_suffix(quote)?;
            let is_simple = !inner.contains([quote, '\\']);
            return is_simple.then(|| Value::Text(inner.to_owned(), Style::Quoted));
        }
    }
    let is_plain = !text.is_empty() && !text.starts_with(|c| "{}[]&*!|>%@`,?".contains(c));
    is_plain.then(|| Value::Text(text.to_owned(), Style::Plain))
}

fn without_comment(text: &str) -> &str {
    text.find(" #").map_or(text, |start| &text[..start])
}
