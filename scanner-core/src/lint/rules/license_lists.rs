//! `licenses[]` is a list of licences or one expression. CycloneDX 1.7 allows both at once, and some
//! consumers refuse the whole document then.

use crate::lint::document::Document;
use crate::lint::{LintCode, Problems};

pub(super) const CODES: &[LintCode] =
    &[LintCode::LicenseEntryAmbiguous, LintCode::LicenseMixed, LintCode::LicenseSeveralExpressions];

/// The first version that allows it.
const ALLOWED_SINCE: &str = "1.7";

pub(super) fn check(document: &Document, problems: &mut Problems) {
    let is_allowed = super::versions::is_at_least(&document.version, ALLOWED_SINCE);
    for list in &document.license_lists {
        if list.unclear > 0 {
            problems.add(
                LintCode::LicenseEntryAmbiguous,
                &list.at,
                format!("{} entries are not exactly one of licence and expression", list.unclear),
                "write `license` or `expression` in each entry, never both",
            );
        }
        if list.expressions == 0 || list.entries < 2 {
            continue;
        }
        let (message, help) = (
            format!("an expression stands among {} entries", list.entries),
            "write one expression for the whole component, and what was observed as evidence",
        );
        if !is_allowed {
            problems.add(LintCode::LicenseMixed, &list.at, message, help);
        } else if !list.is_evidence {
            problems.add(LintCode::LicenseSeveralExpressions, &list.at, message, help);
        }
    }
}
