//! Builds the tree from the parser's events.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use serde_saphyr::granit_parser::{
    self, ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, Tag,
};

use super::cost::Cost;
use super::merge::{MERGE, merge};
use super::{Duplicate, Entry, Node, Problem, Reading, Style, Value};
use crate::extract::text::shown;
use crate::model::Limits;

/// Problems and duplicates of one text that are kept; more say nothing new.
const REMARKS: usize = 20;

/// Reads every document of `text` from the events of the parser.
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
        _ => shown(&error.info()),
    };
    Problem { line: line(error.marker().line()), what }
}

fn too_deep(nesting: usize) -> String {
    format!("values are nested deeper than {nesting} levels")
}

fn line(number: usize) -> u64 {
    number.max(1) as u64
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
    anchors: BTreeMap<usize, Rc<Node>>,
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
            self.charge(node.cost(), node.first)?;
            self.anchors.insert(anchor, Rc::new(node.clone()));
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
                    if let Some(&first_line) = lines.get(&key).filter(|_| key != MERGE) {
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

    /// A copy of an anchored value, made only after it is paid for.
    fn copy(&mut self, anchor: usize, line: u64) -> Result<Node, Problem> {
        let Some(node) = self.anchors.get(&anchor).map(Rc::clone) else {
            return Err(Problem { line, what: "an alias stands inside its own value".into() });
        };
        let cost = node.cost();
        if self.open.len() + cost.depth > self.nesting {
            return Err(Problem { line, what: too_deep(self.nesting) });
        }
        self.charge(cost, line)?;
        Ok(Node { first: line, last: line, value: node.value.clone() })
    }

    fn charge(&mut self, cost: Cost, line: u64) -> Result<(), Problem> {
        self.copied_bytes = self.copied_bytes.saturating_add(cost.bytes);
        if self.copied_bytes > self.limits.card_bytes {
            let what = format!("aliases copy more than {} bytes", self.limits.card_bytes);
            return Err(Problem { line, what });
        }
        self.count(cost.nodes, line)
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
            let what = format!("the tag `{}` means nothing here", shown(&tag.original()));
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
            Self::Map { entries, first, anchor, .. } => {
                let last = entries.last().map_or(last, |entry| entry.value.last.max(first));
                (Node { value: Value::Map(merge(entries)), first, last }, anchor)
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

impl Value {
    fn into_key(self) -> Option<String> {
        match self {
            Self::Text(text, _) => Some(text),
            Self::Null => Some(String::new()),
            Self::List(_) | Self::Map(_) => None,
        }
    }
}
