//! The AI and Dataset profiles of SPDX 3.0.1 ask for more than their schema and SHACL shapes check.

use crate::lint::document::Document;
use crate::lint::problem::quoted;
use crate::lint::{LintCode, Problems};

pub(super) const CODES: &[LintCode] = &[LintCode::AiFieldMissing, LintCode::AiLicenseCount];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    for package in &document.ai_packages {
        for kind in ["hasDeclaredLicense", "hasConcludedLicense"] {
            let key = (package.name.clone(), kind);
            let count = document.license_relations.get(&key).copied().unwrap_or_default();
            if count != 1 {
                problems.add(
                    LintCode::AiLicenseCount,
                    &package.at,
                    format!("{} has {count} `{kind}` relations, not one", quoted(&package.name)),
                    "state exactly one; where nothing is known, to `NoAssertionLicense`",
                );
            }
        }
        if !package.absent.is_empty() {
            problems.add(
                LintCode::AiFieldMissing,
                &package.at,
                format!(
                    "{} has no `{}`, which its profile asks for",
                    quoted(&package.name),
                    package.absent.join("`, no `")
                ),
                "state what is known; a checker of the profile will ask for it",
            );
        }
    }
}
