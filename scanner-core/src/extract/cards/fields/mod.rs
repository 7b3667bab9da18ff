//! JSON configuration files: the wanted fields of one object, in file order, duplicates included.
//!
//! Fields that nobody wants are passed over without being kept, so memory follows the wanted
//! values and not the file. What stands before an error is kept. `NaN` and `Infinity`, which
//! Python writes, are read as absent values instead of losing the file.

mod reader;
#[cfg(test)]
mod tests;

use self::reader::Attempt;
use crate::extract::Extraction;
use crate::extract::capture::Captured;
use crate::extract::json::{self, Json};
use crate::extract::text::{self, Encoding};
use crate::model::{Code, Diagnostic, Fact, FactName, FactValue};

/// The wanted fields of a file, and what is wrong with it.
#[derive(Default)]
pub(in crate::extract::cards) struct Object {
    pub(in crate::extract::cards) fields: Vec<(String, Json<'static>)>,
    pub(in crate::extract::cards) diagnostics: Vec<Diagnostic>,
}

/// The shape that a field must have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::extract::cards) enum Shape {
    Text,
    Int,
    /// Text, or a list of text: always reported as a list.
    Texts,
}

/// A field that becomes a fact as it is.
pub(in crate::extract::cards) struct Field {
    pub(in crate::extract::cards) key: &'static str,
    pub(in crate::extract::cards) shape: Shape,
    pub(in crate::extract::cards) fact: FactName,
}

/// Reads a file whose fields become facts one by one.
pub(in crate::extract::cards) fn read_fields(file: &Captured, fields: &[Field]) -> Extraction {
    let object = read(file, |key| fields.iter().any(|field| field.key == key));
    let mut extraction = Extraction { diagnostics: object.diagnostics, ..Extraction::default() };
    for (key, value) in &object.fields {
        if let Some(field) = fields.iter().find(|field| field.key == key) {
            push_field(file, field, value, &mut extraction);
        }
    }
    extraction
}

/// Reports one field, or why it is not what it should be.
pub(in crate::extract::cards) fn push_field(
    file: &Captured,
    field: &Field,
    value: &Json<'_>,
    into: &mut Extraction,
) {
    let at = file.whole().at_key(field.key);
    let text = |text: &str| FactValue::Text(text::cut(text, file.limits.fact_text_bytes));
    let fact = match (field.shape, value) {
        // An empty text says as little as none.
        (_, Json::Null | Json::Unread) => return,
        (Shape::Texts, Json::List(items)) if items.is_empty() => return,
        (Shape::Text | Shape::Texts, Json::Text(text)) if text.trim().is_empty() => return,
        (Shape::Text, Json::Text(value)) => text(value),
        (Shape::Texts, Json::Text(value)) => FactValue::List(vec![text(value)]),
        (Shape::Texts, Json::List(items)) if items.iter().all(|item| item.text().is_some()) => {
            FactValue::List(items.iter().filter_map(Json::text).map(text).collect())
        }
        (Shape::Int, Json::Int(number)) => FactValue::Int(*number),
        _ => return into.diagnostics.push(wrong_type(file, field.key, field.shape, value)),
    };
    into.facts.push(Fact::new(field.fact, fact, at));
}

/// The complaint about a field of the wrong type.
pub(in crate::extract::cards) fn wrong_type(
    file: &Captured,
    key: &str,
    wanted: Shape,
    found: &Json<'_>,
) -> Diagnostic {
    let wanted = match wanted {
        Shape::Text => "text",
        Shape::Int => "a whole number",
        Shape::Texts => "a list of text",
    };
    Diagnostic::new(
        Code::ConfigFieldInvalid,
        file.whole().at_key(key),
        format!("`{}` is {}, not {wanted}", text::shown(key), found.kind()),
    )
    .help("the field was ignored; the other fields of the file were read")
}

/// Reads the fields of the top-level object that `wanted` names.
pub(in crate::extract::cards) fn read(file: &Captured, wanted: impl Fn(&str) -> bool) -> Object {
    let decoded = text::decode(&file.path, &file.bytes);
    let mut object = Object::default();
    object.diagnostics.extend(decoded.diagnostic);
    if decoded.encoding == Encoding::Utf8WithMark {
        object.diagnostics.push(oddity(
            file,
            "the file begins with a byte order mark, which JSON does not allow (RFC 8259, section 8.1)",
        ));
    }
    let attempt = Attempt::run(&decoded.text, &wanted, &file.limits);
    let repaired = attempt.error.as_ref().and_then(|_| reader::without_non_finite(&decoded.text));
    let attempt = match repaired {
        Some(text) => {
            object.diagnostics.push(oddity(
                file,
                "the file holds `NaN` or `Infinity`, which are no JSON values (RFC 8259, section 6)",
            ));
            Attempt::run(&text, &wanted, &file.limits)
        }
        None => attempt,
    };
    report(attempt, file, &mut object);
    object
}

fn oddity(file: &Captured, message: &str) -> Diagnostic {
    Diagnostic::new(Code::ConfigOddity, file.whole(), message)
        .help("the file was read all the same; strict readers refuse it, so save it as plain JSON")
}

fn report(attempt: Attempt, file: &Captured, object: &mut Object) {
    object.fields = attempt.fields;
    for key in attempt.duplicates {
        object.diagnostics.push(
            Diagnostic::new(
                Code::ConfigDuplicateKey,
                file.whole().at_key(&*key),
                format!("`{}` stands more than once in the file", text::shown(&key)),
            )
            .help("every reading is reported, most tools take the last; keep one of them"),
        );
    }
    if let Some(limit) = attempt.reached {
        object.diagnostics.push(
            Diagnostic::new(
                Code::LimitReached,
                file.whole(),
                format!("the file goes beyond the limit `{limit}`"),
            )
            .help("what lies beyond it was not read; raise it in `[limits]` to read it"),
        );
    }
    if let Some(error) = attempt.error {
        object.diagnostics.push(invalid(file, &error));
    }
}

fn invalid(file: &Captured, error: &serde_json::Error) -> Diagnostic {
    if file.bytes.is_empty() {
        return Diagnostic::new(Code::ConfigInvalid, file.whole(), "the file is empty, not JSON")
            .help("nothing is known of what it should configure; restore the file");
    }
    let line = (error.line() as u64).max(1);
    Diagnostic::new(
        Code::ConfigInvalid,
        file.whole().at_lines(line, line),
        format!("the file is no JSON object: {}", json::reason(error)),
    )
    .help("only the fields before that place were read; correct the file")
}
