//! YAML as far as cards need it: scalars as they are written, the line of everything, every
//! duplicate key, and what stands before the first error.
//!
//! The tree is built from the events of the parser inside `serde-saphyr` and not through serde:
//! serde knows only whole values, so that `3.0` and `no` would lose their spelling, a repeated
//! key its first value, and one bad line the whole document. Nothing is ever constructed from a
//! tag. Depth, nodes and the bytes that aliases copy are bounded.

use std::collections::{BTreeMap, HashMap};

use serde_saphyr::granit_parser::{
    self, ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, Tag,
};

use crate::model::Limits;

/// A value with its lines, counted from 1 in the text that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) first: u64,
    pub(super) last: u64,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Nothing, `~` or `null`.
    Null,
    /// A scalar as it is written, whatever type another reader takes it for.
    Text(String, Style),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// Whether a scalar is certainly text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Without quotes: `no`, `3.0` and `2024-01-01` become something else than text elsewhere.
    Plain,
    /// In quotes or as a block.
    Quoted,
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) line: u64,
    pub(super) value: Node,
}

/// Something that a strict reader refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) line: u64,
    pub(super) what: String,
}

/// A key that stands twice in one map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Duplicate {
    pub(super) key: String,
    pub(super) first_line: u64,
    pub(super) line: u64,
}

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The roots. The last one holds only what was complete when reading stopped.
    pub(super) documents: Vec<Node>,
    pub(super) problems: Vec<Problem>,
    pub(super) duplicates: Vec<Duplicate>,
    /// The first line that is not in `documents`, when reading stopped early.
    pub(super) stopped_before: Option<u64>,
}

/// Problems and duplicates of one text that are kept; more say nothing new.
const REMARKS: usize = 20;

/// Reads every document of `text`.
pub(super) fn read(text: &str, limits: &Limits) -> Reading {
    let nesting = usize::try_from(limits.nesting).unwrap_or(usize::MAX);
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: nesting.saturating_add(1),
        block_nesting_limit: nesting.saturating_add(1),
    };
    let mut builder = Builder::new(limits, nesting);
    for event in Parser::new_from_str_with_options(text, options) {
        let step = match event {
            Ok((event, span)) => builder.take(event, span),
            Err(error) => Err(problem_of(&error, nesting)),
        };
        if let Err(problem) = step {
            builder.stop(problem);
            break;
        }
    }
    builder.reading
}

fn problem_of(error: &ScanError, nesting: usize) -> Problem {
    // The parser looks ahead, so it may meet the limit before the builder does.
    let what = match error.kind() {
        ErrorKind::RecursionLimitExceeded => too_deep(nesting),
        _ => error.info(),
    };
    Problem { line: line(error.marker().line()), what }
}

fn too_deep(nesting: usize) -> String {
    format!("values are nested deeper than {nesting} levels")
}

fn line(number: usize) -> u64 {
    number.max(1) as u64
}

/// A value that an alias can stand for, with what a copy of it costs.
struct Anchored {
    node: Node,
    nodes: u64,
    bytes: u64,
    depth: usize,
}

enum Frame {
    List {
        items: Vec<Node>,
        first: u64,
        anchor: usize,
    },
    Map {
        entries: Vec<Entry>,
        pending: Option<Pending>,
        lines: HashMap<String, u64>,
        first: u64,
        anchor: usize,
    },
}

/// A key whose value has not been read.
struct Pending {
    /// `None` for a key that is no scalar: its value is read and dropped.
    key: Option<String>,
    line: u64,
}

struct Builder<'l> {
    limits: &'l Limits,
    nesting: usize,
    reading: Reading,
    open: Vec<Frame>,
    anchors: BTreeMap<usize, Anchored>,
    nodes: u64,
    copied_bytes: u64,
}

impl<'l> Builder<'l> {
    fn new(limits: &'l Limits, nesting: usize) -> Self {
        Self {
            limits,
            nesting,
            reading: Reading::default(),
            open: Vec::new(),
            anchors: BTreeMap::new(),
            nodes: 0,
            copied_bytes: 0,
        }
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        let first = line(span.start.line());
        // A block ends where the next one begins: in the first column of a line after its last.
        let end = line(span.end.line());
        let last = if span.end.col() == 0 && end > first { end - 1 } else { end };
        match event {
            Event::DocumentStart(..) => self.anchors.clear(),
            Event::Scalar(text, style, anchor, tag) => {
                self.count(1, first)?;
                self.check_tag(tag.as_deref(), first);
                let value = scalar(&text, style);
                self.close(Node { value, first, last }, anchor)?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), first);
                self.open(Frame::List { items: Vec::new(), first, anchor }, first)?;
            }
            Event::MappingStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), first);
                let (entries, lines) = (Vec::new(), HashMap::new());
                self.open(Frame::Map { entries, pending: None, lines, first, anchor }, first)?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(frame) = self.open.pop() {
                    let (node, anchor) = frame.into_node(last);
                    self.close(node, anchor)?;
                }
            }
            Event::Alias(anchor) => {
                let node = self.copy(anchor, first)?;
                self.close(node, 0)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, frame: Frame, line: u64) -> Result<(), Problem> {
        self.count(1, line)?;
        if self.open.len() >= self.nesting {
            return Err(Problem { line, what: too_deep(self.nesting) });
        }
        self.open.push(frame);
        Ok(())
    }

    /// A complete value: it becomes a key, a value, an item or a root.
    fn close(&mut self, node: Node, anchor: usize) -> Result<(), Problem> {
        if anchor != 0 {
            let (nodes, bytes, depth) = node.cost();
            self.charge(nodes, bytes, node.first)?;
            self.anchors.insert(anchor, Anchored { node: node.clone(), nodes, bytes, depth });
        }
        match self.open.last_mut() {
            None => self.reading.documents.push(node),
            Some(Frame::List { items, .. }) => items.push(node),
            Some(Frame::Map { entries, pending, lines, .. }) => match pending.take() {
                None => {
                    let (key, line) = (node.value.into_key(), node.first);
                    if key.is_none() {
                        let what = "a key is a list or a map, as in an unfilled `{{template}}`";
                        remark(&mut self.reading.problems, Problem { line, what: what.into() });
                    }
                    *pending = Some(Pending { key, line });
                }
                Some(Pending { key: Some(key), line }) => {
                    if let Some(&first_line) = lines.get(&key) {
                        let duplicate = Duplicate { key: key.clone(), first_line, line };
                        remark(&mut self.reading.duplicates, duplicate);
                    } else {
                        lines.insert(key.clone(), line);
                    }
                    entries.push(Entry { key, line, value: node });
                }
                Some(Pending { key: None, .. }) => {}
            },
        }
        Ok(())
    }

    fn copy(&mut self, anchor: usize, line: u64) -> Result<Node, Problem> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err(Problem { line, what: "an alias stands inside its own value".into() });
        };
        let mut node = anchored.node.clone();
        let (nodes, bytes, depth) = (anchored.nodes, anchored.bytes, anchored.depth);
        if self.open.len() + depth > self.nesting {
            return Err(Problem { line, what: too_deep(self.nesting) });
        }
        self.charge(nodes, bytes, line)?;
        (node.first, node.last) = (line, line);
        Ok(node)
    }

    fn charge(&mut self, nodes: u64, bytes: u64, line: u64) -> Result<(), Problem> {
        self.copied_bytes = self.copied_bytes.saturating_add(bytes);
        if self.copied_bytes > self.limits.card_bytes {
            let what = format!("aliases copy more than {} bytes", self.limits.card_bytes);
            return Err(Problem { line, what });
        }
        self.count(nodes, line)
    }

    fn count(&mut self, nodes: u64, line: u64) -> Result<(), Problem> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > self.limits.metadata_keys {
            let what = format!("there are more than {} values", self.limits.metadata_keys);
            return Err(Problem { line, what });
        }
        Ok(())
    }

    /// A tag outside the YAML schema asks the reader to build something: a strict one refuses.
    fn check_tag(&mut self, tag: Option<&Tag>, line: u64) {
        let Some(tag) = tag else { return };
        if !(tag.is_yaml_core_schema() && is_known_tag(tag.suffix())) && tag.suffix() != "" {
            let what = format!("the tag `{}` means nothing here", tag.original());
            remark(&mut self.reading.problems, Problem { line, what });
        }
    }

    /// Keeps the entries of the open document that are complete.
    fn stop(&mut self, problem: Problem) {
        let mut resume = problem.line;
        // Problems past the first are cut, but never the one that ends the reading.
        self.reading.problems.truncate(REMARKS - 1);
        self.reading.problems.push(problem);
        if !self.open.is_empty() {
            self.open.truncate(1);
            if let Some(frame) = self.open.pop() {
                resume = frame.resume_line();
                let (node, _) = frame.into_node(resume);
                self.reading.documents.push(node);
            }
        }
        self.reading.stopped_before = Some(resume);
    }
}

fn remark<T>(remarks: &mut Vec<T>, remark: T) {
    if remarks.len() < REMARKS {
        remarks.push(remark);
    }
}

/// The tags of the YAML 1.1 and 1.2 types that hold plain data.
const KNOWN_TAGS: &[&str] = &[
    "binary",
    "bool",
    "float",
    "int",
    "map",
    "merge",
    "null",
    "omap",
    "pairs",
    "seq",
    "set",
    "str",
    "timestamp",
    "value",
];

fn is_known_tag(suffix: &str) -> bool {
    KNOWN_TAGS.contains(&suffix.trim_start_matches("tag:yaml.org,2002:"))
}

fn scalar(text: &str, style: ScalarStyle) -> Value {
    match style {
        ScalarStyle::Plain if matches!(text, "" | "~" | "null" | "Null" | "NULL") => Value::Null,
        ScalarStyle::Plain => Value::Text(text.to_owned(), Style::Plain),
        _ => Value::Text(text.to_owned(), Style::Quoted),
    }
}

impl Frame {
    fn into_node(self, last: u64) -> (Node, usize) {
        match self {
            Self::List { items, first, anchor } => {
                let last = items.last().map_or(last, |item| item.last.max(first));
                (Node { value: Value::List(items), first, last }, anchor)
            }
            Self::Map { mut entries, first, anchor, .. } => {
                let last = entries.last().map_or(last, |entry| entry.value.last.max(first));
                merge(&mut entries);
                (Node { value: Value::Map(entries), first, last }, anchor)
            }
        }
    }

    /// The line of the first thing that is not complete.
    fn resume_line(&self) -> u64 {
        match self {
            Self::Map { pending: Some(pending), .. } => pending.line,
            Self::Map { entries, first, .. } => {
                entries.last().map_or(*first, |entry| entry.value.last + 1)
            }
            Self::List { items, first, .. } => items.last().map_or(*first, |item| item.last + 1),
        }
    }
}

/// Replaces `<<: {…}` by the entries that it adds (YAML 1.1, "Merge Key").
fn merge(entries: &mut Vec<Entry>) {
    let Some(index) = entries.iter().position(|entry| entry.key == "<<") else { return };
    let Value::Map(added) = &entries[index].value.value else { return };
    let line = entries[index].line;
    let added: Vec<Entry> = added
        .iter()
        .filter(|new| entries.iter().all(|entry| entry.key != new.key))
        .map(|new| Entry { line, ..new.clone() })
        .collect();
    entries.splice(index..=index, added);
}

impl Node {
    /// How many nodes and bytes a copy has, and how deep it goes.
    fn cost(&self) -> (u64, u64, usize) {
        let (mut nodes, mut bytes, mut depth) = (1, 0, 0);
        let mut add = |(more_nodes, more_bytes, more_depth): (u64, u64, usize)| {
            nodes += more_nodes;
            bytes += more_bytes;
            depth = depth.max(more_depth + 1);
        };
        match &self.value {
            Value::Null => {}
            Value::Text(text, _) => bytes = text.len() as u64,
            Value::List(items) => items.iter().for_each(|item| add(item.cost())),
            Value::Map(entries) => entries.iter().for_each(|entry| {
                let (nodes, bytes, depth) = entry.value.cost();
                add((nodes, bytes + entry.key.len() as u64, depth));
            }),
        }
        (nodes, bytes, depth)
    }

    /// The entry of a map.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(entries) => {
                entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
            }
            _ => None,
        }
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The scalar, unless it is empty.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text, _) if !text.trim().is_empty() => Some(text.trim()),
            _ => None,
        }
    }

    /// The word for its type in a message.
    pub(super) fn type_name(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Text(..) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

impl Value {
    fn into_key(self) -> Option<String> {
        match self {
            Self::Text(text, _) => Some(text),
            Self::Null => Some(String::new()),
            Self::List(_) | Self::Map(_) => None,
        }
    }
}
