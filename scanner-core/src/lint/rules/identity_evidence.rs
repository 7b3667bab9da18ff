//! What evidence of identity can be about.

use crate::lint::document::Document;
use crate::lint::problem::quoted;
use crate::lint::{LintCode, Problems};

pub(super) const CODES: &[LintCode] = &[LintCode::IdentityFieldUnknown];

/// The enumeration of CycloneDX 1.6 and 1.7.
const FIELDS: &[&str] =
    &["cpe", "group", "hash", "name", "omniborId", "purl", "swhid", "swid", "version"];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    for field in document.identity_fields.iter().filter(|it| !FIELDS.contains(&it.text.as_str())) {
        problems.add(
            LintCode::IdentityFieldUnknown,
            &field.at,
            format!("{} is no field of an identity", quoted(&field.text)),
            "evidence of a licence belongs into `evidence.licenses`, other evidence into properties",
        );
    }
}
