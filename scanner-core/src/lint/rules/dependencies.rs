//! An entry of `dependencies[]` that does not say on what: nothing, or not known?

use crate::lint::document::Document;
use crate::lint::{LintCode, Problems};

pub(super) const CODES: &[LintCode] = &[LintCode::DependsOnMissing];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    for dependency in document.dependencies.iter().filter(|dependency| !dependency.lists) {
        problems.add(
            LintCode::DependsOnMissing,
            &dependency.at,
            "the entry has no `dependsOn`, which some consumers do not survive",
            "write an empty list where something depends on nothing",
        );
    }
}
