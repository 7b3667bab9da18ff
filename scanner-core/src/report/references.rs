//! A text for every `LicenseRef-` that a document uses: as it came with an artifact, or the statement
//! that none was at hand.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::{self, Atom};
use super::index::Index;
use super::place::cut;
use crate::model::{ArtifactId, CapturedText, Digest, LicenseTerms};

/// What stands in for a text that was not found.
const NO_TEXT: &str = "The text of this licence was not found in the scanned source.";

/// A licence that is on no list, with what is known of it.
pub(super) struct Reference<'a> {
    /// `LicenseRef-…`.
    pub(super) id: String,
    /// The record of its terms.
    pub(super) terms: Option<&'a LicenseTerms>,
    /// Its distinct texts as they came with artifacts.
    pub(super) texts: BTreeMap<Digest, &'a CapturedText>,
}

impl Reference<'_> {
    /// Its title, else its id.
    pub(super) fn name(&self) -> String {
        self.terms.map_or_else(|| self.id.clone(), |terms| cut(&terms.name).into_owned())
    }

    /// The first of its texts, uncut, or the statement that there is none.
    pub(super) fn text(&self) -> String {
        let first = self.texts.values().next();
        first.map_or_else(|| NO_TEXT.to_owned(), |text| text.text().into_owned())
    }

    /// What a reader must know of the text.
    pub(super) fn comment(&self) -> Option<String> {
        match self.texts.len() {
            0 => Some("no text was found; the terms are as declared".to_owned()),
            1 => None,
            several => {
                let digests: Vec<String> = self.texts.keys().map(Digest::to_string).collect();
                Some(format!(
                    "{several} different texts came with the packages; this is the first: {}",
                    cut(&digests.join(", "))
                ))
            }
        }
    }
}

/// Every reference in a licence of an artifact or in one of the `other` expressions, sorted by id.
pub(super) fn references<'a>(
    index: &Index<'a>,
    other: impl IntoIterator<Item = impl AsRef<str>>,
) -> Vec<Reference<'a>> {
    let inventory = &index.report.inventory;
    let mut used: BTreeMap<String, BTreeSet<&ArtifactId>> = BTreeMap::new();
    let mut note = |text: &str, artifact: Option<&'a ArtifactId>| {
        for atom in expression::read(text).atoms() {
            if let Atom::Reference(id) = atom {
                used.entry(id.clone()).or_default().extend(artifact);
            }
        }
    };
    for artifact in &inventory.artifacts {
        let own = index.own_license(&artifact.id);
        for text in [own.declared, own.detected, own.concluded].into_iter().flatten() {
            note(text, Some(&artifact.id));
        }
    }
    for text in other {
        note(text.as_ref(), None);
    }
    let terms: BTreeMap<&str, &LicenseTerms> =
        inventory.terms.values().map(|terms| (terms.spdx.as_str(), terms)).collect();
    used.into_iter()
        .map(|(id, artifacts)| Reference {
            terms: terms.get(id.as_str()).copied(),
            texts: texts(index, &id, &artifacts),
            id,
        })
        .collect()
}

fn texts<'a>(
    index: &Index<'a>,
    id: &str,
    artifacts: &BTreeSet<&ArtifactId>,
) -> BTreeMap<Digest, &'a CapturedText> {
    let captured = &index.report.inventory.texts;
    artifacts
        .iter()
        .filter_map(|artifact| index.text_match(artifact, id))
        .filter_map(|found| Some((found.sha256, captured.get(&found.path)?)))
        .collect()
}
