//! What one licence asks for, gathered from its terms, the obligations that were assessed under it,
//! and the wording that was found in the scanned text.

use std::collections::{BTreeMap, BTreeSet};

use super::index::Index;
use crate::model::{LicenseKey, LicenseTerms, Location, Obligation, Report, UseRestriction};

/// A use restriction with its wording, where the text that came with an artifact has it.
pub(super) struct Restriction<'a> {
    pub(super) restriction: &'a UseRestriction,
    pub(super) wording: Option<&'a (String, Location)>,
}

/// One licence with everything it asks for.
pub(super) struct Standard<'a> {
    pub(super) key: &'a LicenseKey,
    pub(super) spdx: &'a str,
    pub(super) terms: Option<&'a LicenseTerms>,
    /// By kind and clause, in the order of the terms.
    pub(super) obligations: Vec<&'a Obligation>,
    /// In the order of the terms.
    pub(super) restrictions: Vec<Restriction<'a>>,
}

/// One standard for every licence that applies to an artifact of the report and asks for something,
/// sorted by key.
pub(super) fn standards<'a>(index: &Index<'a>) -> Vec<Standard<'a>> {
    let report = index.report;
    let assessed = assessed_obligations(report);
    let wordings = wordings(report);
    applied_keys(report)
        .into_iter()
        .map(|key| {
            let terms = report.inventory.terms.get(key);
            let mut obligations: Vec<&Obligation> = Vec::new();
            let mut seen = BTreeSet::new();
            let of_terms = terms.into_iter().flat_map(|terms| &terms.obligations);
            let of_artifacts = assessed.get(key).into_iter().flat_map(BTreeMap::values).copied();
            for obligation in of_terms.chain(of_artifacts) {
                if seen.insert((&obligation.kind, &obligation.clause)) {
                    obligations.push(obligation);
                }
            }
            let restrictions = terms
                .into_iter()
                .flat_map(|terms| &terms.restrictions)
                .map(|restriction| Restriction {
                    restriction,
                    wording: wordings.get(&(key, restriction)).copied(),
                })
                .collect();
            Standard { key, spdx: index.spdx(key), terms, obligations, restrictions }
        })
        .filter(|standard| !standard.obligations.is_empty() || !standard.restrictions.is_empty())
        .collect()
}

fn applied_keys(report: &Report) -> BTreeSet<&LicenseKey> {
    let assessment = &report.assessment;
    let of_artifacts = assessment.artifacts.values().flat_map(|artifact| {
        let applied = artifact.effective.licenses.iter().map(|license| &license.key);
        applied.chain(artifact.obligations.iter().map(|assessed| &assessed.license))
    });
    let of_bundle = assessment.bundle.entries.iter().filter_map(|entry| entry.license.as_ref());
    of_artifacts.chain(of_bundle).collect()
}

type ByKindAndClause<'a> = BTreeMap<(&'a str, &'a str), &'a Obligation>;

fn assessed_obligations(report: &Report) -> BTreeMap<&LicenseKey, ByKindAndClause<'_>> {
    let mut found: BTreeMap<_, ByKindAndClause<'_>> = BTreeMap::new();
    for assessed in report.assessment.artifacts.values().flat_map(|artifact| &artifact.obligations)
    {
        let obligation = &assessed.obligation;
        found
            .entry(&assessed.license)
            .or_default()
            .entry((&obligation.kind, &obligation.clause))
            .or_insert(obligation);
    }
    found
}

fn wordings(report: &Report) -> BTreeMap<(&LicenseKey, &UseRestriction), &(String, Location)> {
    let mut found = BTreeMap::new();
    for entry in &report.assessment.bundle.entries {
        let Some(key) = &entry.license else { continue };
        for (restriction, wording) in &entry.restrictions {
            if let Some(wording) = wording {
                found.entry((key, restriction)).or_insert(wording);
            }
        }
    }
    found
}
