//! A key that stands twice in one object means one thing to one reader, another to the next.

use crate::lint::document::Document;
use crate::lint::problem::quoted;
use crate::lint::{LintCode, Problems};

pub(super) const CODES: &[LintCode] = &[LintCode::KeyRepeated];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    for key in &document.repeated_keys {
        problems.add(
            LintCode::KeyRepeated,
            &key.at,
            format!("the key {} stands here more than once", quoted(&key.text)),
            "keep one; readers differ in which of them they take",
        );
    }
}
