//! What is referred to exists: in the document, or in another one that it names.

use std::collections::HashSet;

use crate::bom::Format;
use crate::lint::document::{Document, Reference};
use crate::lint::problem::quoted;
use crate::lint::{LintCode, Problems};

pub(super) const CODES: &[LintCode] = &[LintCode::ReferenceDangling];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    let names: HashSet<&str> = document.names.iter().map(|name| name.text.as_str()).collect();
    for reference in &document.references {
        if !names.contains(reference.to.as_str()) && !is_elsewhere(document, reference) {
            problems.add(
                LintCode::ReferenceDangling,
                &reference.at,
                format!(
                    "`{}` refers to {}, which is nowhere",
                    reference.field,
                    quoted(&reference.to)
                ),
                "correct the reference, or describe what it refers to",
            );
        }
    }
}

fn is_elsewhere(document: &Document, reference: &Reference) -> bool {
    match document.format {
        Format::Spdx2Json | Format::Spdx2TagValue => {
            let word = reference.to.as_str();
            matches!(word, "NOASSERTION" | "NONE")
                || word.split_once(':').is_some_and(|(id, _)| document.imported.contains(id))
        }
        Format::Spdx3 => document.imported.contains(&reference.to),
        Format::CycloneDxJson | Format::CycloneDxXml | Format::Flowdown => false,
    }
}
