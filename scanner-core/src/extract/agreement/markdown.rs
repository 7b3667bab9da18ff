//! Markdown as visible lines. Code fences are read like any text: they quote licences.

use super::{Line, LineKind, as_written};

/// Visible lines of a Markdown file.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut hidden = Hidden::default();
    let mut lines: Vec<Line> = Vec::new();
    let mut fenced: Option<&str> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let line = unquoted(line);
        let mark = fence(line);
        if let Some(mark) = mark
            && fenced.is_none_or(|open| mark.starts_with(open))
        {
            fenced = if fenced.is_some() { None } else { Some(mark) };
            lines.push(blank(number));
        } else if fenced.is_some() {
            lines.push(as_written(number, line));
        } else {
            marked_up(number, &hidden.visible(line), &mut lines);
        }
    }
    lines
}

/// A line outside code.
fn marked_up(number: u64, line: &str, lines: &mut Vec<Line>) {
    let mut read = as_written(number, line);
    if let Some(title) = heading(&read.text) {
        read.text = title.to_owned();
        read.kind = LineKind::Heading;
    } else if is_underline(line) {
        if let Some(above) = lines.last_mut().filter(|above| above.kind == LineKind::Text) {
            above.kind = LineKind::Heading;
        }
        read.kind = LineKind::Break;
    } else if read.text.starts_with('|') {
        // A row of a table is a statement of its own.
        read.text = read.text.trim_matches('|').replace('|', "; ").trim().to_owned();
        lines.push(read);
        lines.push(blank(number));
        return;
    }
    read.text = without_emphasis(&read.text);
    lines.push(read);
}

fn blank(number: u64) -> Line {
    Line { number, indent: 0, kind: LineKind::Break, text: String::new() }
}

/// Without the marks of a quotation.
fn unquoted(line: &str) -> &str {
    let mut text = line;
    while let Some(rest) = text.trim_start().strip_prefix('>') {
        text = rest.strip_prefix(' ').unwrap_or(rest);
    }
    text
}

/// The marks that open or close code: three or more.
fn fence(line: &str) -> Option<&str> {
    let text = line.trim_start();
    let mark = text.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let length = text.chars().take_while(|c| *c == mark).count();
    (length >= 3 && !text[length..].contains('`')).then(|| &text[..length])
}

fn heading(text: &str) -> Option<&str> {
    let title = text.trim_start_matches('#');
    let level = text.len() - title.len();
    ((1..=6).contains(&level) && title.starts_with([' ', '\t']))
        .then(|| title.trim().trim_end_matches('#').trim_end())
}

/// `===` or `---`, under a title.
fn is_underline(line: &str) -> bool {
    let text = line.trim();
    text.len() >= 3 && (text.bytes().all(|b| b == b'=') || text.bytes().all(|b| b == b'-'))
}

fn without_emphasis(text: &str) -> String {
    text.replace("**", "").replace("__", "").replace(['`', '\\'], "")
}

/// What no reader sees, or sees struck out, over the ends of lines.
#[derive(Default)]
struct Hidden {
    until: Option<&'static str>,
}

/// What begins such text, and what ends it.
const HIDDEN: [(&str, &str); 5] = [
    ("<!--", "-->"),
    ("<del>", "</del>"),
    ("<s>", "</s>"),
    ("<strike>", "</strike>"),
    ("~~", "~~"),
];

impl Hidden {
    fn visible(&mut self, line: &str) -> String {
        let mut visible = String::with_capacity(line.len());
        let mut rest = line;
        loop {
            if let Some(end) = self.until {
                let Some(at) = rest.find(end) else { return visible };
                rest = &rest[at + end.len()..];
                self.until = None;
            }
            let next = HIDDEN
                .iter()
                .filter_map(|(begin, end)| Some((rest.find(begin)?, begin, end)))
                .min();
            let Some((at, begin, end)) = next else {
                visible.push_str(rest);
                return visible;
            };
            visible.push_str(&rest[..at]);
            rest = &rest[at + begin.len()..];
            self.until = Some(end);
        }
    }
}
