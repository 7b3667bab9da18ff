//! What each licence asks for: how rights reach customers, obligations with their status over all
//! parts, restrictions clause by clause.

use std::collections::BTreeMap;

use serde::Serialize;

use super::parts::Clause;
use super::texts::Texts;
use super::view::{PartLinks, View};
use super::words::{Word, obligation_status};
use crate::model::{ArtifactId, Dormancy, LicenseKey, LicenseTerms, ObligationStatus};
use crate::report::standard::{Standard, standards};

#[derive(Serialize)]
pub(super) struct License<'a> {
    number: usize,
    spdx: &'a str,
    key: &'a str,
    name: &'a str,
    parts: PartLinks,
    terms: Option<Terms<'a>>,
    duties: Vec<Duty<'a>>,
    clauses: Vec<Clause<'a>>,
    /// Its texts on the page.
    texts: Vec<usize>,
}

#[derive(Serialize)]
struct Terms<'a> {
    family: &'a str,
    licensor: Option<&'a str>,
    verified: &'static str,
    conveyance: &'static str,
    directness: &'static str,
    permitted_use: &'a str,
    clause: &'a str,
    notes: &'a [String],
}

/// One obligation over all parts.
#[derive(Serialize)]
struct Duty<'a> {
    kind: &'a str,
    clause: &'a str,
    triggers: &'a [String],
    counts: Vec<Count<'a>>,
}

/// The parts on which an obligation has one status, for one reason.
#[derive(Serialize)]
struct Count<'a> {
    status: Word,
    is_dormant: bool,
    because: &'a str,
    /// Further reasons of the same status.
    reasons: usize,
    parts: PartLinks,
}

impl<'a> License<'a> {
    pub(super) fn all(view: &View<'a>, texts: &Texts<'a>) -> Vec<Self> {
        let standards = standards(&view.index);
        let parts = parts(view);
        let mut duties = duties(view);
        let licenses = view.licenses().map(|(key, number)| {
            let place = standards.binary_search_by(|standard| standard.key.cmp(key)).ok();
            let standard = place.map(|place| &standards[place]);
            let terms = view.report().inventory.terms.get(key);
            Self {
                number,
                spdx: view.index.spdx(key),
                key: &key.0,
                name: terms.map_or(view.index.spdx(key), |terms| &terms.name),
                parts: view.parts(parts.get(key).map_or(&[], Vec::as_slice)),
                terms: terms.map(Terms::of),
                duties: duties.remove(key).unwrap_or_default(),
                clauses: standard.map(|it| clauses(view, it)).unwrap_or_default(),
                texts: texts.of_license(key),
            }
        });
        let mut licenses: Vec<_> = licenses.collect();
        // What restricts use first, then what most parts are under.
        licenses.sort_by_key(|it| (it.clauses.is_empty(), usize::MAX - it.parts.count));
        licenses
    }
}

fn clauses<'a>(view: &View<'a>, standard: &Standard<'a>) -> Vec<Clause<'a>> {
    let restrictions = standard.restrictions.iter();
    restrictions.map(|it| Clause::of(view.report(), it.restriction, it.wording)).collect()
}

impl<'a> Terms<'a> {
    fn of(terms: &'a LicenseTerms) -> Self {
        let grant = &terms.grant;
        Self {
            family: &terms.family,
            licensor: terms.licensor.as_deref(),
            verified: terms.verified.name(),
            conveyance: grant.conveyance.name(),
            directness: grant.directness.name(),
            permitted_use: &grant.permitted_use,
            clause: &grant.clause,
            notes: &terms.notes,
        }
    }
}

/// The artifacts that each licence applies to or can apply to.
fn parts<'a>(view: &View<'a>) -> BTreeMap<&'a LicenseKey, Vec<ArtifactId>> {
    let mut parts: BTreeMap<&LicenseKey, Vec<ArtifactId>> = BTreeMap::new();
    for artifact in &view.report().inventory.artifacts {
        let Some(assessment) = view.index.assessment(&artifact.id) else { continue };
        let applied = assessment.effective.licenses.iter();
        for key in applied.flat_map(|it| std::iter::once(&it.key).chain(&it.alternatives)) {
            let of_license = parts.entry(key).or_default();
            if of_license.last() != Some(&artifact.id) {
                of_license.push(artifact.id.clone());
            }
        }
    }
    parts
}

type ByStatus<'a> = BTreeMap<(ObligationStatus, Dormancy), BTreeMap<&'a str, Vec<ArtifactId>>>;

fn duties<'a>(view: &View<'a>) -> BTreeMap<&'a LicenseKey, Vec<Duty<'a>>> {
    let mut found: BTreeMap<_, BTreeMap<_, (&'a [String], ByStatus<'a>)>> = BTreeMap::new();
    for artifact in &view.report().inventory.artifacts {
        let Some(assessment) = view.index.assessment(&artifact.id) else { continue };
        for owed in &assessment.obligations {
            let obligation = &owed.obligation;
            let of_license: &mut BTreeMap<_, _> = found.entry(&owed.license).or_default();
            let (_, by_status) = of_license
                .entry((obligation.kind.as_str(), obligation.clause.as_str()))
                .or_insert_with(|| (&obligation.triggers[..], ByStatus::new()));
            let reasons = by_status.entry((owed.status, owed.dormancy)).or_default();
            reasons.entry(owed.because.as_str()).or_default().push(artifact.id.clone());
        }
    }
    let licenses = found.into_iter().map(|(key, duties)| {
        let duties = duties.into_iter().map(|((kind, clause), (triggers, by_status))| Duty {
            kind,
            clause,
            triggers,
            counts: by_status
                .into_iter()
                .map(|(status, reasons)| count(view, status, reasons))
                .collect(),
        });
        (key, duties.collect())
    });
    licenses.collect()
}

fn count<'a>(
    view: &View<'a>,
    (status, dormancy): (ObligationStatus, Dormancy),
    reasons: BTreeMap<&'a str, Vec<ArtifactId>>,
) -> Count<'a> {
    let others = reasons.len().saturating_sub(1);
    let because = reasons.keys().next().copied().unwrap_or_default();
    let mut parts: Vec<ArtifactId> = reasons.into_values().flatten().collect();
    parts.sort_by_key(|id| view.number(id));
    parts.dedup();
    Count {
        status: obligation_status(status),
        is_dormant: dormancy == Dormancy::Dormant,
        because,
        reasons: others,
        parts: view.parts(&parts),
    }
}
