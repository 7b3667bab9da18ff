//! Package URLs are what identifies a package across documents; schemas take any text.

use crate::lint::document::Document;
use crate::lint::problem::quoted;
use crate::lint::{LintCode, Problems};
use crate::model::Purl;

pub(super) const CODES: &[LintCode] = &[LintCode::PurlInvalid];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    for stated in &document.purls {
        if Purl::parse(&stated.text).is_none() {
            problems.add(
                LintCode::PurlInvalid,
                &stated.at,
                format!("{} is no package URL", quoted(&stated.text)),
                "write `pkg:type/namespace/name@version` as the type asks for it, or leave it out",
            );
        }
    }
}
