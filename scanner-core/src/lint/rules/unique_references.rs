//! A name of an element is the name of one element.

use std::collections::HashMap;

use crate::lint::document::Document;
use crate::lint::problem::quoted;
use crate::lint::{LintCode, Problems};

pub(super) const CODES: &[LintCode] = &[LintCode::ReferenceDuplicate];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    let mut first = HashMap::new();
    for name in &document.names {
        match first.get(name.text.as_str()) {
            None => {
                first.insert(name.text.as_str(), &name.at);
            }
            Some(earlier) => {
                let message =
                    format!("{} is the name of an element at {earlier} too", quoted(&name.text));
                let help = "give each element a name of its own: what refers to it is ambiguous";
                problems.add(LintCode::ReferenceDuplicate, &name.at, message, help);
            }
        }
    }
}
