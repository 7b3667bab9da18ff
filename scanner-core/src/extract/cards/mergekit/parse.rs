//! The models of a merge, in the order of the file, each once.

use std::collections::HashSet;

use crate::extract::capture::Captured;
use crate::extract::cards::yaml::{self, Entry, Node, Value, lines};
use crate::extract::text;
use crate::extract::{Extraction, names};
use crate::model::{Code, Diagnostic, Fact, FactName, FactValue};

pub(super) fn read(file: &Captured) -> Extraction {
    let decoded = text::decode(&file.path, &file.bytes);
    let mut extraction = Extraction::default();
    extraction.diagnostics.extend(decoded.diagnostic);
    let reading = yaml::read(&decoded.text, &file.limits);
    for document in &reading.documents {
        match &document.value {
            Value::Map(entries) => push_document(file, entries, &mut extraction),
            Value::Null => {}
            _ => extraction.diagnostics.push(invalid(
                file,
                document.first,
                &format!("a document is {}, not a map", document.type_name()),
            )),
        }
    }
    if let Some(from) = reading.stopped_before {
        let at_prose = lines::AtProse::GoOn;
        let most = file.limits.metadata_keys;
        let recovered = lines::recover(&decoded.text, from, at_prose, most);
        push_document(file, &recovered.entries, &mut extraction);
    }
    for problem in &reading.problems {
        extraction.diagnostics.push(invalid(file, problem.line, &problem.what));
    }
    for duplicate in &reading.duplicates {
        extraction.diagnostics.push(
            Diagnostic::new(
                Code::ConfigDuplicateKey,
                file.whole().at_lines(duplicate.line, duplicate.line),
                format!(
                    "`{}` stands on line {} and again on line {}",
                    text::shown(&duplicate.key),
                    duplicate.first_line,
                    duplicate.line
                ),
            )
            .help("every reading is reported; keep one of them"),
        );
    }
    extraction
}

fn invalid(file: &Captured, line: u64, what: &str) -> Diagnostic {
    Diagnostic::new(
        Code::ConfigInvalid,
        file.whole().at_lines(line, line),
        format!("the merge configuration is not valid on line {line}: {what}"),
    )
    .help("models named in the unreadable part are unknown; correct the file")
}

fn push_document(file: &Captured, entries: &[Entry], into: &mut Extraction) {
    let mut models = Models::default();
    for entry in entries {
        match entry.key.as_str() {
            "base_model" => {
                let base = model_of(&entry.value);
                push_text(file, names::MERGE_BASE_MODEL, entry, base, into);
            }
            "merge_method" => {
                push_text(file, names::MERGE_METHOD, entry, entry.value.text(), into);
            }
            "models" | "experts" => models.add_items(entry, &entry.value),
            "slices" => models.add_slices(entry, &entry.value),
            "modules" => {
                if let Value::Map(modules) = &entry.value.value {
                    for slices in modules.iter().filter_map(|module| module.value.get("slices")) {
                        models.add_slices(entry, slices);
                    }
                }
            }
            _ => {}
        }
    }
    if let Some((first, last)) = models.lines {
        let list = models
            .list
            .iter()
            .map(|name| FactValue::Text(text::cut(*name, file.limits.fact_text_bytes)));
        let at = file.whole().at_lines(first, last);
        into.facts.push(Fact::new(names::MERGE_MODELS, FactValue::List(list.collect()), at));
    }
}

fn push_text(
    file: &Captured,
    name: FactName,
    entry: &Entry,
    value: Option<&str>,
    into: &mut Extraction,
) {
    let at = file.whole().at_lines(entry.line, entry.value.last);
    match value {
        Some(value) => {
            let value = text::cut(value, file.limits.fact_text_bytes);
            into.facts.push(Fact::new(name, value, at));
        }
        None if entry.value.value == Value::Null => {}
        None => into.diagnostics.push(
            Diagnostic::new(
                Code::ConfigFieldInvalid,
                at,
                format!("`{}` is {}, not text", entry.key, entry.value.type_name()),
            )
            .help("the field was ignored; the other fields of the file were read"),
        ),
    }
}

/// The name of a model: text, or a map that holds it, twice nested in newer files.
fn model_of(node: &Node) -> Option<&str> {
    const KEYS: [&str; 4] = ["model", "source_model", "path", "name"];
    let inside = || KEYS.iter().find_map(|key| node.get(key)).and_then(model_of);
    node.text().or_else(inside)
}

#[derive(Default)]
struct Models<'a> {
    list: Vec<&'a str>,
    seen: HashSet<&'a str>,
    lines: Option<(u64, u64)>,
}

impl<'a> Models<'a> {
    fn add_items(&mut self, entry: &Entry, items: &'a Node) {
        for model in items.items().iter().filter_map(model_of) {
            let (first, last) = (entry.line, entry.value.last);
            let (start, end) = self.lines.unwrap_or((first, last));
            self.lines = Some((start.min(first), end.max(last)));
            if self.seen.insert(model) {
                self.list.push(model);
            }
        }
    }

    fn add_slices(&mut self, entry: &Entry, slices: &'a Node) {
        for sources in slices.items().iter().filter_map(|slice| slice.get("sources")) {
            self.add_items(entry, sources);
        }
    }
}
