//! Whether the agreement with customers passes on what licences make the vendor pass on.
//!
//! Pure, deterministic and explainable: a restriction stands there word for word (`verbatim`), or a
//! passage prohibits the same acts (`judge`), or it does not. Lists of words are data (`concepts.toml`,
//! `cues.toml`, `duties.toml`); a passage that only mentions or permits something never counts, and
//! every verdict has the passages and the words that it rests on. `docs/agreement.md` says how good
//! that is.

mod carve_out;
mod concept;
mod data;
mod differences;
mod duties;
mod judge;
mod reading;
mod references;
mod tokens;
mod verbatim;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use self::carve_out::CarveOuts;
use self::reading::Reading;
use self::references::References;
use self::tokens::Patterns;
use self::verbatim::Stream;
use super::{Scene, bundle, ships};
use crate::model::{
    Agreement, AgreementReview, AppliedLicense, Artifact, ArtifactId, EffectiveTerms, LicenseKey,
    LicenseReview, LicenseTerms, Location, Obligation, PhraseProfile, QuotedPassage,
    UseRestriction, WordingDemand,
};

/// The obligation that makes restrictions flow down.
const FLOWDOWN: &str = "flowdown-use-restrictions";

/// Bytes of a quoted passage.
const QUOTE_BYTES: usize = 1200;

/// A restriction and its wording in a scanned text.
type Quoted = (UseRestriction, Option<(String, Location)>);

/// Reviews the agreement of the product; `None` when none is declared.
pub(super) fn review(
    effective: &BTreeMap<ArtifactId, EffectiveTerms>,
    scene: &Scene<'_>,
) -> Option<AgreementReview> {
    let product = scene.product.filter(|product| !product.agreement.is_empty())?;
    let supplier = supplier(product.vendor.as_deref());
    let text = Text::of(&product.agreement, supplier);
    let mut licenses: BTreeMap<&LicenseKey, Candidate<'_>> = BTreeMap::new();
    for artifact in scene.inventory.artifacts.iter().filter(|artifact| ships(artifact)) {
        for license in &effective[&artifact.id].licenses {
            let Some(terms) = scene.terms(&license.key) else { continue };
            let Some(obligation) = flowdown(terms) else { continue };
            let candidate =
                licenses.entry(&license.key).or_insert_with(|| Candidate::of(terms, obligation));
            candidate.take(artifact, license, scene);
        }
    }
    let licenses: Vec<LicenseReview> =
        licenses.into_values().map(|candidate| candidate.review(&text, scene)).collect();
    Some(AgreementReview {
        files: product.agreement.iter().map(|agreement| agreement.file.clone()).collect(),
        dangling: text.references.dangling(&text),
        licenses,
    })
}

fn flowdown(terms: &LicenseTerms) -> Option<&Obligation> {
    terms
        .obligations
        .iter()
        .find(|obligation| obligation.kind == FLOWDOWN && !terms.restrictions.is_empty())
}

/// What the supplier is called: the first word of the vendor's name, in any case.
fn supplier(vendor: Option<&str>) -> Patterns {
    let name = vendor.and_then(|vendor| tokens::tokens(vendor).into_iter().next());
    Patterns::new(name.iter().map(|token| token.word.as_str()))
}

/// The agreement, read once for all licences.
struct Text<'a> {
    files: &'a [Agreement],
    supplier: Patterns,
    readings: Vec<Reading<'a>>,
    streams: Vec<Stream>,
    references: References,
    carve_outs: CarveOuts,
}

impl<'a> Text<'a> {
    fn of(files: &'a [Agreement], supplier: Patterns) -> Self {
        let mut readings = Vec::new();
        for (number, file) in files.iter().enumerate() {
            let indexes = 0..file.passages.len();
            readings.extend(indexes.map(|index| Reading::of(file, number, index, &supplier)));
        }
        let streams = files.iter().map(Stream::of).collect();
        let references = References::of(files, &readings);
        let carve_outs = CarveOuts::of(&readings);
        Self { files, supplier, readings, streams, references, carve_outs }
    }

    /// The reading of passage `index` of file `file`.
    fn reading(&self, file: usize, index: usize) -> &Reading<'a> {
        let before: usize = self.files[..file].iter().map(|file| file.passages.len()).sum();
        &self.readings[before + index]
    }

    fn quote(&self, reading: &Reading<'_>, score_permille: u16) -> QuotedPassage {
        let file = &self.files[reading.file];
        let leads = reading.passage.lead_ins.iter().map(|lead| file.passages[*lead].text.as_str());
        let words: Vec<&str> = leads.chain([reading.passage.text.as_str()]).collect();
        let mut text = words.join(" ");
        if text.len() > QUOTE_BYTES {
            text.truncate(text.floor_char_boundary(QUOTE_BYTES));
            text.push('…');
        }
        QuotedPassage { text, at: file.at(reading.passage), score_permille }
    }
}

/// A licence whose restrictions must stand in the agreement, with what the artifacts that bring it
/// show of its wording.
struct Candidate<'a> {
    terms: &'a LicenseTerms,
    obligation: &'a Obligation,
    artifacts: BTreeSet<ArtifactId>,
    restrictions: Vec<Quoted>,
}

impl<'a> Candidate<'a> {
    fn of(terms: &'a LicenseTerms, obligation: &'a Obligation) -> Self {
        let restrictions = terms.restrictions.iter().map(|it| (it.clone(), None)).collect();
        Self { terms, obligation, artifacts: BTreeSet::new(), restrictions }
    }

    fn take(&mut self, artifact: &Artifact, license: &AppliedLicense, scene: &Scene<'_>) {
        self.artifacts.insert(artifact.id.clone());
        bundle::quote(&mut self.restrictions, artifact, license, scene);
    }

    fn review(self, text: &Text<'_>, scene: &Scene<'_>) -> LicenseReview {
        let profiles = self.profiles(scene);
        let restrictions: Vec<_> = self
            .restrictions
            .into_iter()
            .map(|(restriction, wording)| {
                let profile = profiles.iter().find(|profile| profile.label == restriction.label);
                let wording =
                    wording.map(|(quote, at)| (verbatim::cut(quote, profile.copied()), at));
                judge::review(text, restriction, wording, profile.copied())
            })
            .collect();
        let param = |name: &str| self.obligation.params.get(name).cloned();
        LicenseReview {
            license: self.terms.key.clone(),
            clause: self.obligation.clause.clone(),
            list: param("list_ref"),
            applies_to: param("applies_to"),
            demand: if param("equivalence_ok").as_deref() == Some("true") {
                WordingDemand::Similar
            } else {
                WordingDemand::Themselves
            },
            artifacts: self.artifacts.into_iter().collect(),
            duties: duties::review(text, self.terms, &restrictions),
            restrictions,
        }
    }

    /// Fingerprints of the restrictions' wording: of the licence's text, and of the policy that it
    /// makes part of itself.
    fn profiles<'b>(&self, scene: &'b Scene<'_>) -> Vec<&'b PhraseProfile> {
        let policies = self.terms.obligations.iter().filter_map(|it| it.params.get("policy_ref"));
        let keys = policies.map(|id| LicenseKey(id.clone())).chain([self.terms.key.clone()]);
        keys.filter_map(|key| scene.inventory.wordings.get(&key)).flatten().collect()
    }
}
