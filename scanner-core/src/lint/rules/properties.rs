//! The value of a property is text.

use crate::lint::document::Document;
use crate::lint::problem::quoted;
use crate::lint::{LintCode, Problems};

pub(super) const CODES: &[LintCode] = &[LintCode::PropertyNotText];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    for property in &document.odd_properties {
        problems.add(
            LintCode::PropertyNotText,
            &property.at,
            format!("the value of property {} is no text", quoted(&property.text)),
            "write numbers and truth values as text",
        );
    }
}
