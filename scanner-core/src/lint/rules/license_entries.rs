//! A licence of CycloneDX has exactly one of `id` and `name`, and its id is on the SPDX License List.

use crate::lint::document::Document;
use crate::lint::problem::quoted;
use crate::lint::{LintCode, Problems};

pub(super) const CODES: &[LintCode] = &[LintCode::LicenseEntryAmbiguous, LintCode::LicenseUnlisted];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    for license in &document.licenses {
        if license.id.is_some() == license.name.is_some() {
            let message = match (&license.id, &license.name) {
                (Some(id), Some(name)) => {
                    format!("the licence has the id {} and the name {}", quoted(id), quoted(name))
                }
                _ => "the licence has neither an id nor a name".to_owned(),
            };
            problems.add(
                LintCode::LicenseEntryAmbiguous,
                &license.at,
                message,
                "write `id` for what is on the SPDX License List, else `name`, never both",
            );
        }
        let Some(id) = license.id.as_deref().filter(|id| !is_listed(id)) else { continue };
        let help = if id.starts_with("LicenseRef-") {
            "write it as `name`, with the text, or in an expression"
        } else {
            "write an id of the SPDX License List as it is spelled there, or a `name`"
        };
        let message = format!("{} is not on the SPDX License List", quoted(id));
        problems.add(LintCode::LicenseUnlisted, &license.at, message, help);
    }
}

/// The enumeration of CycloneDX has exceptions too. `NOASSERTION` and `NONE` are words of SPDX
/// documents, which the crate's list holds as if they were licences.
fn is_listed(id: &str) -> bool {
    !matches!(id, "NOASSERTION" | "NONE")
        && (spdx::license_id(id).is_some_and(|listed| listed.name == id)
            || spdx::exception_id(id).is_some_and(|listed| listed.name == id))
}
