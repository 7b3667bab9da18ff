//! A citation points at parts of the document that exist.

use crate::lint::document::Document;
use crate::lint::problem::quoted;
use crate::lint::{LintCode, Problems};

pub(super) const CODES: &[LintCode] = &[LintCode::PointerDangling];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    for pointer in document.pointers.iter().filter(|pointer| !pointer.resolves) {
        problems.add(
            LintCode::PointerDangling,
            &pointer.at,
            format!("the JSON pointer {} leads to nothing", quoted(&pointer.text)),
            "correct it; members of lists are counted from 0",
        );
    }
}
