//! A citation says who is behind a part of the document.

use crate::lint::document::Document;
use crate::lint::{LintCode, Problems};

pub(super) const CODES: &[LintCode] = &[LintCode::CitationUnattributed];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    for at in &document.unattributed {
        problems.add(
            LintCode::CitationUnattributed,
            at,
            "the citation has neither `attributedTo` nor `process`",
            "name the component, organisation or process that it is attributed to",
        );
    }
}
