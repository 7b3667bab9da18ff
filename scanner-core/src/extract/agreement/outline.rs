//! Which lines are one paragraph or item, and what leads into it.
//!
//! A paragraph or item that ends with a colon leads into what follows it, until something of its
//! own rank follows: an item marked in the same way, a paragraph that is not indented, a heading.
//! After such a colon, paragraphs without markers are items as long as each ends like one.

use super::marker::{self, Marker};
use super::sentence::{self, CONJUNCTIONS, Role};
use super::{Line, LineKind};
use crate::model::Passage;

/// The passages of a file.
pub(super) fn passages(lines: &[Line]) -> Vec<Passage> {
    let mut outline = Outline::default();
    let mut block: Option<Block> = None;
    for line in lines {
        if line.kind == LineKind::Break {
            outline.take(block.take());
            continue;
        }
        let marker = match line.kind {
            LineKind::Item => Some((Marker::Bullet, marker::split(&line.text))),
            _ => marker::split(&line.text).map(|(found, rest)| (found, Some((found, rest)))),
        };
        let same_kind = block.as_ref().is_some_and(|open| open.is_heading == is_heading(line));
        if marker.is_some() || !same_kind {
            outline.take(block.take());
        }
        let text = match &marker {
            Some((_, Some((_, rest)))) => rest,
            _ => line.text.as_str(),
        };
        let open = block.get_or_insert_with(|| Block {
            marker: marker.map(|(marker, _)| marker),
            indent: line.indent,
            is_heading: is_heading(line),
            text: String::new(),
            starts: Vec::new(),
        });
        if !open.text.is_empty() {
            open.text.push(' ');
        }
        open.starts.push((open.text.len(), line.number));
        open.text.push_str(text);
    }
    outline.take(block);
    outline.passages
}

fn is_heading(line: &Line) -> bool {
    line.kind == LineKind::Heading
}

/// Lines that belong together.
struct Block {
    marker: Option<Marker>,
    indent: usize,
    is_heading: bool,
    text: String,
    /// Where each line begins in `text`, and its number.
    starts: Vec<(usize, u64)>,
}

impl Block {
    fn line(&self, at: usize) -> u64 {
        let next = self.starts.partition_point(|(start, _)| *start <= at);
        self.starts[next.saturating_sub(1)].1
    }

    /// Whether it is a further paragraph of an item.
    fn is_under(&self, open: &Open) -> bool {
        open.marker.is_some() && !open.is_title && self.indent > open.indent
    }

    /// A numbered title: a few words that end like no sentence and no item.
    fn is_title(&self) -> bool {
        matches!(self.marker, Some(Marker::Number(..)))
            && !self.text.ends_with([':', ';', '.', ',', '!', '?'])
            && self.text.split_whitespace().count() <= 8
            && self.text.starts_with(char::is_uppercase)
    }
}

/// A block that what follows may belong to.
struct Open {
    marker: Option<Marker>,
    indent: usize,
    /// Its last passage, when that leads into what follows.
    leads: Option<usize>,
    /// Its last passage, when that ends like no sentence: it leads into a list right behind it.
    unended: Option<usize>,
    /// Whether it is a numbered title.
    is_title: bool,
    /// Whether it ends as an item of a list does.
    goes_on: bool,
}

#[derive(Default)]
struct Outline {
    passages: Vec<Passage>,
    open: Vec<Open>,
    heading: Option<usize>,
}

impl Outline {
    fn take(&mut self, block: Option<Block>) {
        let Some(block) = block.filter(|it| it.text.chars().any(char::is_alphanumeric)) else {
            return;
        };
        if block.is_heading {
            self.open.clear();
            self.heading = Some(self.passages.len());
            self.push_heading(&block);
            return;
        }
        self.make_room(&block);
        let inside_list = self.open.iter().any(|open| open.leads.is_some());
        if !inside_list && block.is_title() {
            self.heading = Some(self.passages.len());
            self.push_heading(&block);
            self.open.push(Open {
                marker: block.marker,
                indent: block.indent,
                leads: None,
                unended: None,
                is_title: true,
                goes_on: false,
            });
            return;
        }
        let (last, running) = self.push(&block);
        let text = block.text.trim_end();
        let ending = text.trim_end_matches(|c: char| !c.is_alphanumeric() && !":;,".contains(c));
        let goes_on =
            ending.ends_with([';', ',']) || text.ends_with(" or") || text.ends_with(" and");
        let leads = if ending.ends_with(':') { Some(last) } else { None };
        let unended = text.ends_with(char::is_alphanumeric).then_some(last);
        let unended = unended.filter(|_| block.marker.is_none());
        let Block { marker, indent, .. } = block;
        // A list that began inside a line goes on in the next one.
        if let Some((lead, item)) = running.filter(|_| goes_on) {
            self.open.push(Open {
                marker,
                indent,
                leads: Some(lead),
                unended,
                is_title: false,
                goes_on,
            });
            let marker = Some(item);
            self.open.push(Open { marker, indent, leads, unended, is_title: false, goes_on });
        } else {
            self.open.push(Open { marker, indent, leads, unended, is_title: false, goes_on });
        }
    }

    /// Closes what the block does not belong to.
    fn make_room(&mut self, block: &Block) {
        let Some(marker) = block.marker else {
            self.make_room_for_paragraph(block);
            return;
        };
        let is_sibling = |open: &Open| {
            open.marker == Some(marker) && (marker != Marker::Bullet || open.indent == block.indent)
        };
        if let Some(at) = self.open.iter().rposition(is_sibling) {
            self.open.truncate(at);
        } else if marker == Marker::Bullet {
            let is_deeper =
                |open: &Open| open.marker == Some(Marker::Bullet) && open.indent > block.indent;
            if let Some(at) = self.open.iter().position(is_deeper) {
                self.open.truncate(at);
            }
        } else if let Marker::Number(_, depth) = marker {
            // `3.2` ends what began under `3.1.4`, and `3.` ends `2.5`.
            let is_under = |open: &Open| matches!(open.marker, Some(Marker::Number(_, other)) if other > depth);
            if let Some(at) = self.open.iter().position(is_under) {
                self.open.truncate(at);
            }
        }
        if let Some(open) = self.open.last_mut().filter(|open| open.leads.is_none()) {
            open.leads = open.unended;
        }
        // A paragraph that leads into nothing has nothing below it.
        while self.open.last().is_some_and(|open| open.marker.is_none() && open.leads.is_none()) {
            self.open.pop();
        }
    }

    /// A paragraph belongs to a title, to what leads into it, and to an item that it is indented
    /// under; any other one ends the list.
    fn make_room_for_paragraph(&mut self, block: &Block) {
        let Some(open) = self.open.last() else { return };
        if open.is_title || open.leads.is_some() || block.is_under(open) {
            return;
        }
        if open.marker.is_none() {
            let goes_on = open.goes_on;
            self.open.pop();
            if goes_on {
                return;
            }
        }
        // A further paragraph of an item ends the lists inside that item.
        if let Some(item) = self.open.iter().rposition(|open| block.is_under(open)) {
            self.open.truncate(item + 1);
            return;
        }
        while self.open.last().is_some_and(|open| !open.is_title) {
            self.open.pop();
        }
    }

    fn push_heading(&mut self, block: &Block) {
        let index = self.passages.len();
        self.passages.push(Passage {
            text: block.text.clone(),
            first_line: block.line(0),
            last_line: block.line(block.text.len()),
            is_heading: true,
            lead_ins: Vec::new(),
            heading: None,
            block: index..index + 1,
        });
    }

    /// Adds the passages of a block. Gives the index of the last one and, where that is an item of
    /// a running list, what leads into it and how it is marked.
    fn push(&mut self, block: &Block) -> (usize, Option<(usize, Marker)>) {
        let lead_ins: Vec<usize> = self.open.iter().filter_map(|open| open.leads).collect();
        let pieces = sentence::pieces(&block.text);
        let first = self.passages.len();
        let range = first..first + pieces.len();
        let (mut lead, mut running) = (None, None);
        for piece in pieces {
            let mut lead_ins = lead_ins.clone();
            let mut text = &block.text[piece.at.clone()];
            running = None;
            match piece.role {
                Role::Item => {
                    lead_ins.extend(lead);
                    let (marker, rest) = unmarked(text);
                    text = rest;
                    running = lead.zip(marker);
                }
                Role::Lead => lead = Some(self.passages.len()),
                Role::Sentence => lead = None,
            }
            self.passages.push(Passage {
                text: text.split_whitespace().collect::<Vec<_>>().join(" "),
                first_line: block.line(piece.at.start),
                last_line: block.line(piece.at.end - 1),
                is_heading: false,
                lead_ins,
                heading: self.heading,
                block: range.clone(),
            });
        }
        (self.passages.len() - 1, running)
    }
}

/// An item of a running list: its marker, and its words without `or` before them.
fn unmarked(text: &str) -> (Option<Marker>, &str) {
    let rest = CONJUNCTIONS.iter().fold(text, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
    match marker::split(rest) {
        Some((marker, rest)) => (Some(marker), rest),
        None => (None, rest),
    }
}
