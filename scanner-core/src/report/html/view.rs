//! What the sections of a page look up in one report.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use crate::model::{Artifact, ArtifactId, LicenseKey, Report, Severity};
use crate::report::index::Index;

/// Artifacts that are named before the rest is counted.
const NAMED: usize = 6;

/// Findings that a page lists; the rest is counted, as in every document.
pub(super) const FINDINGS: usize = 1_000;

/// A report with its lookups. Numbers make the ids of a page: `a3`, `l1`, `f0`.
pub(super) struct View<'a> {
    pub(super) index: Index<'a>,
    numbers: HashMap<&'a ArtifactId, usize>,
    licenses: BTreeMap<&'a LicenseKey, usize>,
    findings: HashMap<&'a ArtifactId, Vec<usize>>,
}

/// An artifact as it is named elsewhere on the page.
#[derive(Serialize)]
pub(super) struct PartLink {
    label: String,
    /// Its id on the page; `None` when it is not part of the scan.
    href: Option<String>,
}

impl PartLink {
    /// Something that is not part of the scan.
    pub(super) fn outside(name: &str) -> Self {
        Self { label: name.to_owned(), href: None }
    }
}

/// The first artifacts, and how many more.
#[derive(Serialize)]
pub(super) struct PartLinks {
    first: Vec<PartLink>,
    more: usize,
    pub(super) count: usize,
}

/// A licence as it is named elsewhere on the page.
#[derive(Serialize)]
pub(super) struct LicenseLink {
    spdx: String,
    href: Option<String>,
}

impl<'a> View<'a> {
    pub(super) fn new(report: &'a Report) -> Self {
        let artifacts = report.inventory.artifacts.iter();
        let mut findings: HashMap<_, Vec<_>> = HashMap::new();
        for (number, finding) in report.assessment.findings.iter().enumerate() {
            if let Some(id) = &finding.artifact {
                findings.entry(id).or_default().push(number);
            }
        }
        Self {
            index: Index::new(report),
            numbers: artifacts.map(|artifact| &artifact.id).zip(0..).collect(),
            licenses: named_licenses(report).into_iter().zip(0..).collect(),
            findings,
        }
    }

    pub(super) fn report(&self) -> &'a Report {
        self.index.report
    }

    /// The licences that the page has a section for, in the order of their numbers.
    pub(super) fn licenses(&self) -> impl Iterator<Item = (&'a LicenseKey, usize)> + '_ {
        self.licenses.iter().map(|(key, number)| (*key, *number))
    }

    /// The number of an artifact of the scan.
    pub(super) fn number(&self, id: &ArtifactId) -> Option<usize> {
        self.numbers.get(id).copied()
    }

    /// The numbers of the findings about an artifact.
    pub(super) fn findings(&self, id: &ArtifactId) -> &[usize] {
        self.findings.get(id).map_or(&[], Vec::as_slice)
    }

    /// How many findings of each severity there are about an artifact: errors, warnings, notes.
    pub(super) fn severities(&self, id: &ArtifactId) -> [usize; 3] {
        let all = &self.report().assessment.findings;
        let numbers = self.findings(id);
        [Severity::Error, Severity::Warning, Severity::Note].map(|severity| {
            numbers.iter().filter(|&&number| all[number].severity() == severity).count()
        })
    }

    pub(super) fn part(&self, id: &ArtifactId) -> PartLink {
        let artifact = self.index.artifact(id);
        PartLink {
            label: artifact.map_or_else(|| id.to_string(), label),
            href: self.number(id).map(|number| format!("a{number}")),
        }
    }

    /// A few of `ids` by name.
    pub(super) fn parts(&self, ids: &[ArtifactId]) -> PartLinks {
        self.first_parts(ids, NAMED)
    }

    /// The first `shown` of `ids` by name.
    pub(super) fn first_parts(&self, ids: &[ArtifactId], shown: usize) -> PartLinks {
        PartLinks {
            first: ids.iter().take(shown).map(|id| self.part(id)).collect(),
            more: ids.len().saturating_sub(shown),
            count: ids.len(),
        }
    }

    pub(super) fn license(&self, key: &'a LicenseKey) -> LicenseLink {
        LicenseLink {
            spdx: self.index.spdx(key).to_owned(),
            href: self.licenses.get(key).map(|number| format!("l{number}")),
        }
    }
}

/// The name to show: a link needs words, and a blank name has none.
pub(super) fn label(artifact: &Artifact) -> String {
    let label = artifact.label();
    let place = || artifact.occurrences.first().map(|at| at.path.to_string());
    if label.trim().is_empty() { place().unwrap_or_else(|| artifact.id.to_string()) } else { label }
}

/// Every licence that applies to an artifact, that one can mean, or under which something is owed.
fn named_licenses(report: &Report) -> BTreeSet<&LicenseKey> {
    let assessment = &report.assessment;
    let of_artifacts = assessment.artifacts.values().flat_map(|artifact| {
        let effective = &artifact.effective;
        let applied = effective.licenses.iter().chain(&effective.not_reached);
        let applied = applied.flat_map(|it| std::iter::once(&it.key).chain(&it.alternatives));
        applied.chain(artifact.obligations.iter().map(|assessed| &assessed.license))
    });
    let of_bundle = assessment.bundle.entries.iter().filter_map(|entry| entry.license.as_ref());
    of_artifacts.chain(of_bundle).collect()
}
