//! `Name: value` lines, as in mail and in the control files of Debian.

use std::ops::Range;

/// A field with its place.
pub(super) struct Field<'t> {
    pub(super) name: &'t str,
    /// The value as written; continuation lines begin with white space.
    pub(super) value: &'t str,
    pub(super) span: Range<usize>,
}

/// The fields from `start` on. What is neither a field nor a continuation ends them, as an empty
/// line does.
pub(super) fn fields(text: &str, mut start: usize) -> impl Iterator<Item = Field<'_>> {
    std::iter::from_fn(move || {
        let mut end = line_end(text, start);
        let (name, _) = text[start..end].split_once(':')?;
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic());
        if !is_name {
            return None;
        }
        while text[end..].starts_with([' ', '\t']) {
            end = line_end(text, end);
        }
        let span = start..end;
        start = end;
        let value = text[span.start + name.len() + 1..end].trim();
        Some(Field { name, value, span })
    })
}

/// A paragraph of fields.
pub(super) struct Stanza<'t> {
    pub(super) fields: Vec<Field<'t>>,
    pub(super) span: Range<usize>,
    /// The line at which it breaks off, if it does not end with an empty one.
    pub(super) stray: Option<Range<usize>>,
}

impl<'t> Stanza<'t> {
    /// The value of the first field called `name`, if it states something.
    pub(super) fn value(&self, name: &str) -> Option<&'t str> {
        let field = self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))?;
        Some(field.value).filter(|value| !value.is_empty())
    }
}

/// The paragraphs of `text`, each up to the next empty line.
pub(super) fn stanzas(text: &str) -> impl Iterator<Item = Stanza<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += blank_bytes(&text[at..]);
        if at == text.len() {
            return None;
        }
        let start = at;
        let fields: Vec<Field<'_>> = fields(text, start).collect();
        let end = fields.last().map_or(start, |field| field.span.end);
        at = end;
        let mut stray = None;
        while at < text.len() && !text[at..line_end(text, at)].trim().is_empty() {
            let line = at..line_end(text, at);
            at = line.end;
            stray.get_or_insert(line);
        }
        Some(Stanza { fields, span: start..end.max(start), stray })
    })
}

/// Bytes of the empty lines at the start.
fn blank_bytes(text: &str) -> usize {
    text.split_inclusive('\n').take_while(|line| line.trim().is_empty()).map(str::len).sum()
}

/// The start of the line after `start`.
fn line_end(text: &str, start: usize) -> usize {
    text[start..].find('\n').map_or(text.len(), |length| start + length + 1)
}
