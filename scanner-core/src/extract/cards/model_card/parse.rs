//! What the front matter of a card says.

use super::doubts::{self, Doubt, single_key};
use super::{body, front_matter};
use crate::extract::capture::Captured;
use crate::extract::cards::yaml::lines::{self, AtProse};
use crate::extract::cards::yaml::{self, Entry, Node, Value};
use crate::extract::text;
use crate::extract::{Extraction, names};
use crate::model::{CapturedText, Code, Diagnostic, Fact, FactName, FactValue, Location, TextRole};

pub(super) fn read(file: &Captured) -> Extraction {
    let mut decoded = text::decode(&file.path, &file.bytes);
    let mut card = Card { file, opening: 0, extraction: Extraction::default() };
    card.extraction.diagnostics.extend(decoded.diagnostic.take());
    let body_line = card.read_front_matter(&decoded.text);
    body::read(file, &decoded, body_line, &mut card.extraction);
    card.extraction
}

/// How a key is read.
#[derive(Clone, Copy)]
enum Shape {
    /// Text.
    Text,
    /// A list of text, or one text.
    Texts,
    /// Text, or a list of text, as the card has it.
    License,
    /// Names of models: text, text with commas, a list of names or of maps with a name.
    Models,
    /// The result list with a name in each item.
    ModelIndex,
    /// Text that is also kept for recognition.
    GatedPrompt,
}

/// The keys that are read, sorted.
const KEYS: &[(&str, Shape, FactName)] = &[
    ("base_model", Shape::Models, names::CARD_BASE_MODEL),
    ("base_model_relation", Shape::Text, names::CARD_BASE_MODEL_RELATION),
    ("datasets", Shape::Texts, names::CARD_DATASETS),
    ("extra_gated_prompt", Shape::GatedPrompt, names::CARD_GATED_PROMPT),
    ("language", Shape::Texts, names::CARD_LANGUAGE),
    ("library_name", Shape::Text, names::CARD_LIBRARY_NAME),
    ("license", Shape::License, names::CARD_LICENSE),
    ("license_link", Shape::Text, names::CARD_LICENSE_LINK),
    ("license_name", Shape::Text, names::CARD_LICENSE_NAME),
    ("model-index", Shape::ModelIndex, names::CARD_MODEL_NAME),
    ("model_name", Shape::Text, names::CARD_MODEL_NAME),
    ("pipeline_tag", Shape::Text, names::CARD_PIPELINE_TAG),
    ("tags", Shape::Texts, names::CARD_TAGS),
];

struct Card<'f> {
    file: &'f Captured,
    /// The line of the opening `---`: the lines of the YAML count from the one below.
    opening: u64,
    extraction: Extraction,
}

impl Card<'_> {
    /// Reads the front matter, and returns the line on which the body begins.
    fn read_front_matter(&mut self, text: &str) -> u64 {
        match front_matter::find(text) {
            front_matter::FrontMatter::Absent => {
                self.push_state("absent", 1, 1);
                1
            }
            front_matter::FrontMatter::Complete { yaml, opening, closing } => {
                self.opening = opening;
                self.complain_if_not_first(opening);
                let state = self.read_yaml(yaml);
                self.push_state(state, opening, closing);
                closing + 1
            }
            front_matter::FrontMatter::Unterminated { rest, opening } => {
                self.opening = opening;
                self.complain_if_not_first(opening);
                let most = self.file.limits.metadata_keys;
                let recovered = lines::recover(rest, 1, AtProse::Stop, most);
                self.push_state("unterminated", opening, opening);
                let message = format!(
                    "the front matter begins on line {opening} with `---`, and no line `---` ends it"
                );
                let code = Code::CardFrontMatterUnterminated;
                let help = "simple keys were read line by line; add the closing line";
                self.complain(code, opening, message, help);
                self.push_entries(&recovered.entries);
                opening + recovered.end
            }
        }
    }

    /// Reads the YAML, and returns the state of the front matter.
    fn read_yaml(&mut self, yaml: &str) -> &'static str {
        let reading = yaml::read(yaml, &self.file.limits);
        let mut state = "ok";
        let mut entries = Vec::new();
        for document in reading.documents {
            match document.value {
                Value::Map(map) => entries.extend(map),
                Value::Null => {}
                _ => {
                    state = "not-a-map";
                    let type_name = document.type_name();
                    self.complain(
                        Code::CardFrontMatterInvalid,
                        self.opening + document.first,
                        format!("the front matter is {type_name}, not a map"),
                        "nothing of it was read; write `key: value` lines",
                    );
                }
            }
        }
        if let Some(from) = reading.stopped_before {
            let most = self.file.limits.metadata_keys;
            entries.extend(lines::recover(yaml, from, AtProse::GoOn, most).entries);
        }
        for problem in reading.problems {
            state = "invalid";
            let line = self.opening + problem.line;
            self.complain(
                Code::CardFrontMatterInvalid,
                line,
                format!("the front matter is not valid on line {line}: {}", problem.what),
                "what could be read was read line by line; correct the YAML",
            );
        }
        for duplicate in reading.duplicates {
            let (first, second) = (duplicate.first_line, duplicate.line);
            let (first, second) = (self.opening + first, self.opening + second);
            let key = text::shown(&duplicate.key);
            self.complain(
                Code::CardDuplicateKey,
                second,
                format!("`{key}` stands on line {first} and again on line {second}"),
                "both readings are reported, most tools take the last; keep one of them",
            );
        }
        self.push_entries(&entries);
        state
    }

    fn push_entries(&mut self, entries: &[Entry]) {
        for entry in entries {
            let key = KEYS.iter().find(|(key, ..)| entry.key.eq_ignore_ascii_case(key));
            if let Some(&(key, shape, name)) = key {
                if key != entry.key {
                    self.doubt(entry, doubts::of_key(&entry.key, key));
                }
                self.push_entry(entry, shape, name);
            }
        }
        self.complain_if_license_is_unnamed();
    }

    fn push_entry(&mut self, entry: &Entry, shape: Shape, name: FactName) {
        let at = self.at(entry.line, entry.value.last);
        match shape {
            Shape::Text => {
                if let Some(text) = self.text(entry) {
                    if name == names::CARD_LICENSE_LINK {
                        doubts::of_link(text)
                            .into_iter()
                            .for_each(|doubt| self.doubt(entry, doubt));
                    }
                    self.push(name, self.cut(text), at);
                }
            }
            Shape::License => {
                let doubts = doubts::of_license(&entry.value);
                doubts.into_iter().for_each(|doubt| self.doubt(entry, doubt));
                let texts = self.texts(entry, Node::text);
                match (&entry.value.value, texts.as_slice()) {
                    (Value::Text(..), [text]) => self.push(name, self.cut(text), at),
                    _ => self.push_list(name, &texts, at),
                }
            }
            Shape::Texts => {
                let texts = self.texts(entry, name_of);
                self.push_list(name, &texts, at);
            }
            Shape::Models => {
                let texts = match entry.value.text() {
                    Some(text) => model_ids(text),
                    None => self.texts(entry, name_of),
                };
                self.push_list(name, &texts, at);
            }
            Shape::ModelIndex => {
                for item in entry.value.items() {
                    if let Some(model) = item.get("name").and_then(Node::text) {
                        self.push(name, self.cut(model), self.at(item.first, item.last));
                    }
                }
            }
            Shape::GatedPrompt => {
                if let Some(text) = self.text(entry) {
                    let first_line = self.opening + entry.value.first;
                    self.push(name, self.cut(text), at);
                    self.extraction.texts.push(CapturedText {
                        path: self.file.path.clone(),
                        role: TextRole::GatedPrompt,
                        bytes: text.as_bytes().into(),
                        first_line,
                    });
                }
            }
        }
    }

    /// The value as text, with a complaint when it is something else.
    fn text<'e>(&mut self, entry: &'e Entry) -> Option<&'e str> {
        let text = entry.value.text();
        if text.is_none() && matches!(entry.value.value, Value::List(_) | Value::Map(_)) {
            self.doubt(entry, doubts::of_type(entry, &entry.value, "text"));
        }
        text
    }

    /// The value as texts, with a complaint for everything that is something else.
    fn texts<'e>(
        &mut self,
        entry: &'e Entry,
        text_of: fn(&'e Node) -> Option<&'e str>,
    ) -> Vec<&'e str> {
        let nodes = match &entry.value.value {
            Value::List(items) => items.as_slice(),
            Value::Null => &[],
            Value::Text(..) | Value::Map(_) => std::slice::from_ref(&entry.value),
        };
        let texts: Vec<&str> = nodes.iter().filter_map(text_of).collect();
        let is_collection = |node: &Node| matches!(node.value, Value::List(_) | Value::Map(_));
        let unread = nodes.iter().find(|node| is_collection(node) && text_of(node).is_none());
        if let Some(node) = unread {
            self.doubt(entry, doubts::of_type(entry, node, "text or a list of text"));
        }
        texts
    }

    /// `license: other` promises a name or a link.
    fn complain_if_license_is_unnamed(&mut self) {
        let facts = &self.extraction.facts;
        let explains = [names::CARD_LICENSE_NAME, names::CARD_LICENSE_LINK];
        let other = facts
            .iter()
            .find(|fact| fact.name == names::CARD_LICENSE && fact.value.texts().contains(&"other"));
        if let Some(other) = other
            && !facts.iter().any(|fact| explains.contains(&fact.name))
        {
            let message =
                "`license` is `other`, and neither `license_name` nor `license_link` says which";
            let diagnostic = Diagnostic::new(Code::CardLicenseUnnamed, other.at.clone(), message);
            let help = "the licence stays unknown unless a text is found; name it or link to it";
            self.extraction.diagnostics.push(diagnostic.help(help));
        }
    }

    fn complain_if_not_first(&mut self, opening: u64) {
        if opening > 1 {
            let message = format!("the front matter begins on line {opening}, not on line 1");
            let help = "it was read all the same; some readers see none, so remove the blank lines";
            self.complain(Code::CardOddity, opening, message, help);
        }
    }

    fn doubt(&mut self, entry: &Entry, doubt: Doubt) {
        let at = self.at(entry.line, entry.value.last);
        let diagnostic = Diagnostic::new(Code::CardFieldInvalid, at, doubt.message);
        self.extraction.diagnostics.push(diagnostic.help(doubt.help));
    }

    fn complain(&mut self, code: Code, line: u64, message: String, help: &str) {
        let at = self.file.whole().at_lines(line, line);
        self.extraction.diagnostics.push(Diagnostic::new(code, at, message).help(help));
    }

    fn push_state(&mut self, state: &str, first: u64, last: u64) {
        let at = self.file.whole().at_lines(first, last);
        self.push(names::CARD_FRONT_MATTER, state.into(), at);
    }

    fn push_list(&mut self, name: FactName, texts: &[&str], at: Location) {
        if !texts.is_empty() {
            let texts = texts.iter().map(|text| self.cut(text)).collect();
            self.push(name, FactValue::List(texts), at);
        }
    }

    fn push(&mut self, name: FactName, value: FactValue, at: Location) {
        self.extraction.facts.push(Fact::new(name, value, at));
    }

    fn cut(&self, text: &str) -> FactValue {
        FactValue::Text(text::cut(text, self.file.limits.fact_text_bytes))
    }

    /// Lines of the YAML as lines of the file.
    fn at(&self, first: u64, last: u64) -> Location {
        self.file.whole().at_lines(self.opening + first, self.opening + last.max(first))
    }
}

/// The ids in a text: a model id has no comma and no blank, so commas separate several. A sentence
/// is left as it is.
fn model_ids(text: &str) -> Vec<&str> {
    let ids: Vec<&str> = text.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
    if ids.iter().any(|id| id.contains(char::is_whitespace)) { vec![text] } else { ids }
}

/// The name in an item: text, a map that has one, or the only key of a map (`org/name: {…}`).
fn name_of(node: &Node) -> Option<&str> {
    const KEYS: [&str; 6] = ["model", "name", "id", "model_id", "repo_id", "path"];
    let inside = || KEYS.iter().find_map(|key| node.get(key)).and_then(Node::text);
    let key = || single_key(node).filter(|key| key.contains('/'));
    node.text().or_else(inside).or_else(key)
}
