//! `data[]` is for components of type `data` only, which the schema of CycloneDX says in words.

use crate::lint::document::Document;
use crate::lint::problem::quoted;
use crate::lint::{LintCode, Problems};

pub(super) const CODES: &[LintCode] = &[LintCode::DataMisplaced];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    for component in document.data.iter().filter(|component| component.text != "data") {
        problems.add(
            LintCode::DataMisplaced,
            &component.at,
            format!("a component of type {} has `data`", quoted(&component.text)),
            "describe the data as a component of type `data`, and refer to it",
        );
    }
}
