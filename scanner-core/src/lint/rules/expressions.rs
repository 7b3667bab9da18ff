//! Licence expressions are SPDX expressions; schemas take any text.

use crate::lint::document::Document;
use crate::lint::problem::quoted;
use crate::lint::{LintCode, Problems};
use crate::model::parse_expression;

pub(super) const CODES: &[LintCode] = &[LintCode::ExpressionInvalid];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    for stated in &document.expressions {
        if parse_expression(&stated.text).is_none() {
            problems.add(
                LintCode::ExpressionInvalid,
                &stated.at,
                format!("{} is no SPDX licence expression", quoted(&stated.text)),
                "use ids of the SPDX License List and `LicenseRef-…`, joined by `AND`, `OR`, `WITH`",
            );
        }
    }
}
