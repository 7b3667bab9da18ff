//! `LicenseRef-…` means what the document says that it means.

use std::collections::BTreeSet;

use crate::bom::Format;
use crate::lint::document::{Document, Stated};
use crate::lint::problem::quoted;
use crate::lint::{LintCode, Place, Problems};
use crate::model::parse_expression;

pub(super) const CODES: &[LintCode] = &[LintCode::LicenseTextMissing, LintCode::LicenseUndefined];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    let is_of_spdx = match document.format {
        // Our own form names its texts by file.
        Format::Flowdown => return,
        Format::CycloneDxJson | Format::CycloneDxXml => false,
        Format::Spdx2Json | Format::Spdx2TagValue | Format::Spdx3 => true,
    };
    // One report for each licence, where it first occurs.
    let mut seen = BTreeSet::new();
    let of_names = document.licenses.iter().filter_map(|license| {
        let name = license.name.as_ref()?;
        name.starts_with("LicenseRef-").then(|| (name.clone(), &license.at))
    });
    for (reference, at) in document.expressions.iter().flat_map(references).chain(of_names) {
        if !seen.insert(reference.clone()) {
            continue;
        }
        match document.defined_licenses.get(&reference) {
            Some(true) => {}
            None if is_of_spdx => problems.add(
                LintCode::LicenseUndefined,
                at,
                format!("{} is not defined in the document", quoted(&reference)),
                "define it with its text, or use an id of the SPDX License List",
            ),
            Some(false) | None => problems.add(
                LintCode::LicenseTextMissing,
                at,
                format!("the document has no text of {}", quoted(&reference)),
                "add the text: nobody else can know what the name means",
            ),
        }
    }
}

/// References of an expression that the same document has to define.
fn references(stated: &Stated) -> Vec<(String, &Place)> {
    let Some(expression) = parse_expression(&stated.text) else { return Vec::new() };
    expression
        .requirements()
        .filter_map(|requirement| match &requirement.req.license {
            spdx::LicenseItem::Other(other) if other.doc_ref.is_none() => {
                Some((format!("LicenseRef-{}", other.lic_ref), &stated.at))
            }
            _ => None,
        })
        .collect()
}
