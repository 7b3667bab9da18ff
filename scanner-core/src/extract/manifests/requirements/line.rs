//! The logical lines of a requirements file: joined, without comments, split at options.

use std::ops::Range;

/// A logical line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Line {
    /// The text without comment and surrounding space; `None` when it passed the bound.
    pub(super) text: Option<String>,
    /// Where it stands: from the first to the last physical line.
    pub(super) span: Range<usize>,
}

/// Joins the physical lines of `text`. A logical line of more than `max_bytes` is not kept.
pub(super) fn logical_lines(text: &str, max_bytes: usize) -> impl Iterator<Item = Line> {
    let mut physical = physical_lines(text);
    std::iter::from_fn(move || {
        let (first, mut span) = physical.next()?;
        let mut joined = Joined { text: Some(String::new()), max_bytes };
        let mut line = first;
        loop {
            let is_comment = line.trim_start().starts_with('#');
            // A comment ends the logical line even if a backslash ends the comment.
            if is_comment || !line.ends_with('\\') {
                // pip puts a space before a joined comment, so that it is recognised as one.
                joined.push(if is_comment { " " } else { "" });
                joined.push(line);
                break;
            }
            joined.push(line.trim_end_matches('\\'));
            let Some((next, next_span)) = physical.next() else { break };
            span.end = next_span.end;
            line = next;
        }
        Some(Line { text: joined.text.map(|text| without_comment(&text).to_owned()), span })
    })
}

struct Joined {
    text: Option<String>,
    max_bytes: usize,
}

impl Joined {
    fn push(&mut self, part: &str) {
        if let Some(text) = &mut self.text {
            if text.len() + part.len() <= self.max_bytes {
                text.push_str(part);
            } else {
                self.text = None;
            }
        }
    }
}

fn physical_lines(text: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    let mut start = 0;
    text.split_inclusive(['\n', '\r']).filter_map(move |line| {
        let span = start..start + line.len();
        start = span.end;
        // The second half of `\r\n` would be an empty line and end a continuation.
        let is_half = line == "\n" && text[..span.start].ends_with('\r');
        (!is_half).then(|| (line.trim_end_matches(['\n', '\r']), span))
    })
}

/// A comment begins with `#` at the start of the line or after white space.
fn without_comment(line: &str) -> &str {
    let mut after_space = true;
    for (index, character) in line.char_indices() {
        if character == '#' && after_space {
            return line[..index].trim();
        }
        after_space = character.is_whitespace();
    }
    line.trim()
}

/// A line's requirement and the options behind it, split like pip does: options begin at the first
/// word with a leading hyphen.
pub(super) fn split_options(line: &str) -> (&str, Vec<String>) {
    let mut start = 0;
    for word in line.split_inclusive(char::is_whitespace) {
        if word.starts_with('-') {
            return (line[..start].trim(), words(&line[start..]));
        }
        start += word.len();
    }
    (line.trim(), Vec::new())
}

/// Splits like a shell: quotes keep spaces together and are dropped. A backslash stays, because
/// paths of Windows are full of them.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for character in text.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, _) if character.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => word.push(character),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, Range<usize>)]) {
        let lines: Vec<_> = logical_lines(text, 20)
            .map(|line| (line.text.unwrap_or_else(|| "too long".to_owned()), line.span))
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|(text, span)| ((*text).to_owned(), span.clone())).collect();
        assert_eq!(lines, expected, "{text:?}");
    }

    #[test]
    fn joins_lines_at_backslashes() {
        check("a \\\n b\nc", &[("a  b", 0..7), ("c", 7..8)]);
        check("a \\\r\n b\r\nc", &[("a  b", 0..8), ("c", 9..10)]);
        check("a\\", &[("a", 0..2)]);
    }

    #[test]
    fn a_comment_ends_a_joined_line() {
        check("a \\\n# c \\\nb", &[("a", 0..10), ("b", 10..11)]);
        check("a#b # c", &[("a#b", 0..7)]);
    }

    #[test]
    fn bounds_what_is_joined() {
        check(&"abcdef \\\n".repeat(4), &[("too long", 0..36)]);
        check("abcdefghijklmnopqrstuvwxyz\nb", &[("too long", 0..27), ("b", 27..28)]);
    }

    #[test]
    fn options_begin_at_the_first_hyphen() {
        let (requirement, options) = split_options("a ==1 --hash=x  --y 'b c'");
        assert_eq!((requirement, options.join("|").as_str()), ("a ==1", "--hash=x|--y|b c"));
        assert_eq!(split_options("-r x.txt").0, "");
    }
}
