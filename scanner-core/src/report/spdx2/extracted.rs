//! `hasExtractedLicensingInfos`: a text for every `LicenseRef-` that the document uses.

use std::collections::{BTreeMap, BTreeSet};

use spdx_rs::models::OtherLicensingInformationDetected;

use super::elements::Elements;
use crate::model::{ArtifactId, LicenseTerms};
use crate::report::expression::{self, Atom};
use crate::report::place::cut;

/// What stands in for a text that was not found.
const NO_TEXT: &str = "The text of this licence was not found in the scanned source.";

pub(super) fn extracted(elements: &Elements<'_>) -> Vec<OtherLicensingInformationDetected> {
    let inventory = &elements.index.report.inventory;
    let terms: BTreeMap<&str, &LicenseTerms> =
        inventory.terms.values().map(|terms| (terms.spdx.as_str(), terms)).collect();
    used(elements)
        .into_iter()
        .map(|(id, artifacts)| {
            let texts = texts(elements, &id, &artifacts);
            let record = terms.get(id.as_str());
            OtherLicensingInformationDetected {
                extracted_text: texts.values().next().map_or(NO_TEXT, String::as_str).to_owned(),
                license_name: record
                    .map_or_else(|| id.clone(), |terms| cut(&terms.name).into_owned()),
                license_cross_reference: Vec::new(),
                license_comment: comment(&texts),
                license_identifier: id,
            }
        })
        .collect()
}

/// Every reference in a licence field, with the artifacts whose field has it.
fn used<'a>(elements: &Elements<'a>) -> BTreeMap<String, BTreeSet<&'a ArtifactId>> {
    let report = elements.index.report;
    let mut used: BTreeMap<String, BTreeSet<&ArtifactId>> = BTreeMap::new();
    let mut note = |text: &str, artifact: Option<&'a ArtifactId>| {
        for atom in expression::read(text).atoms() {
            if let Atom::Reference(id) = atom {
                used.entry(id.clone()).or_default().extend(artifact);
            }
        }
    };
    for artifact in &report.inventory.artifacts {
        let own = elements.index.own_license(&artifact.id);
        for text in [own.declared, own.detected, own.concluded].into_iter().flatten() {
            note(text, Some(&artifact.id));
        }
    }
    for text in super::packages::other_expressions(elements) {
        note(&text, None);
    }
    used
}

/// The distinct texts of a licence as they came with artifacts: digest and text.
fn texts(
    elements: &Elements<'_>,
    id: &str,
    artifacts: &BTreeSet<&ArtifactId>,
) -> BTreeMap<String, String> {
    let captured = &elements.index.report.inventory.texts;
    artifacts
        .iter()
        .filter_map(|artifact| elements.index.text_match(artifact, id))
        .filter_map(|found| {
            Some((found.sha256.to_string(), captured.get(&found.path)?.text().into_owned()))
        })
        .collect()
}

fn comment(texts: &BTreeMap<String, String>) -> Option<String> {
    let digests: Vec<&str> = texts.keys().map(String::as_str).collect();
    match digests.as_slice() {
        [] => Some("no text was found; the terms are as declared".to_owned()),
        [_] => None,
        several => Some(format!(
            "{} different texts came with the packages; this is the first: {}",
            several.len(),
            cut(&several.join(", "))
        )),
    }
}
