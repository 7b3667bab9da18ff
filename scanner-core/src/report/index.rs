//! Lookups over one report, built once, so that no reporter searches in a loop.

use std::collections::{BTreeMap, HashMap};

use crate::model::{
    AppliedLicense, Artifact, ArtifactAssessment, ArtifactId, Basis, Claim, Completeness, Digest,
    LicenseKey, LicenseStatement, LicenseStatus, Recognition, Relation, RelationTarget, Report,
    SourcePath, TextMatch, TextMatchKind,
};

/// A report with its lookups.
pub(super) struct Index<'a> {
    pub(super) report: &'a Report,
    artifacts: HashMap<&'a ArtifactId, &'a Artifact>,
    relations: HashMap<&'a ArtifactId, Vec<&'a Relation>>,
    file_digests: HashMap<&'a SourcePath, Digest>,
}

impl<'a> Index<'a> {
    pub(super) fn new(report: &'a Report) -> Self {
        let inventory = &report.inventory;
        let mut relations: HashMap<_, Vec<_>> = HashMap::new();
        for relation in &inventory.relations {
            relations.entry(&relation.from).or_default().push(relation);
        }
        let mut file_digests: HashMap<_, _> =
            inventory.texts.iter().map(|(path, text)| (path, text.sha256())).collect();
        for artifact in &inventory.artifacts {
            for file in &artifact.files {
                if let Some(sha256) = file.sha256 {
                    file_digests.entry(&file.path).or_insert(sha256);
                }
            }
        }
        let artifacts =
            inventory.artifacts.iter().map(|artifact| (&artifact.id, artifact)).collect();
        Self { report, artifacts, relations, file_digests }
    }

    /// The artifact with this id, if it is part of the scan.
    pub(super) fn artifact(&self, id: &ArtifactId) -> Option<&'a Artifact> {
        self.artifacts.get(id).copied()
    }

    /// What follows for an artifact.
    pub(super) fn assessment(&self, id: &ArtifactId) -> Option<&'a ArtifactAssessment> {
        self.report.assessment.artifacts.get(id)
    }

    /// The relations that start at an artifact.
    pub(super) fn relations(&self, id: &ArtifactId) -> &[&'a Relation] {
        self.relations.get(id).map_or(&[], Vec::as_slice)
    }

    /// The licence claims about an artifact.
    pub(super) fn claims(&self, id: &ArtifactId) -> &'a [Claim<LicenseStatement>] {
        self.report.inventory.claims.get(id).map_or(&[], Vec::as_slice)
    }

    /// The SHA-256 of a file, if it was read to the end.
    pub(super) fn file_sha256(&self, path: &SourcePath) -> Option<Digest> {
        self.file_digests.get(path).copied()
    }

    /// The SPDX id or `LicenseRef-…` of a key; the key itself when nobody says.
    pub(super) fn spdx(&self, key: &'a LicenseKey) -> &'a str {
        let inventory = &self.report.inventory;
        inventory
            .spdx_ids
            .get(key)
            .or_else(|| inventory.terms.get(key).map(|terms| &terms.spdx))
            .map_or(key.0.as_str(), String::as_str)
    }

    /// The text of licence `spdx` as it came with an artifact: the closest match of a licence text.
    /// A text that only resembles the family is not the licence's text.
    pub(super) fn text_match(&self, id: &ArtifactId, spdx: &str) -> Option<&'a TextMatch> {
        let matches = self.report.inventory.text_matches.get(id)?;
        matches
            .iter()
            .filter(|found| {
                found.kind == TextMatchKind::License
                    && found.recognition != Recognition::Family
                    && self.spdx(&found.key) == spdx
            })
            .max_by_key(|found| (found.recognition, found.containment_permille))
    }

    /// Whether the scan looked at everything it meant to look at.
    pub(super) fn completeness(&self) -> Completeness {
        let diagnostics = &self.report.inventory.diagnostics;
        if diagnostics.iter().any(|d| d.code.completeness() == Completeness::Incomplete) {
            Completeness::Incomplete
        } else {
            Completeness::Complete
        }
    }

    /// The licences whose terms certainly apply to an artifact, its own and inherited ones, each once.
    pub(super) fn applied(&self, id: &ArtifactId) -> Vec<&'a str> {
        let applied = self.assessment(id).map_or(&[][..], |it| &it.effective.licenses);
        let certain = applied.iter().filter(|license| license.alternatives.is_empty());
        let mut ids: Vec<&str> = certain.map(|license| self.spdx(&license.key)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// What documents may say about the licence of an artifact.
    pub(super) fn own_license(&self, id: &ArtifactId) -> OwnLicense<'a> {
        let Some(assessment) = self.assessment(id) else { return OwnLicense::default() };
        let conclusion = &assessment.conclusion;
        let settled = conclusion.expression.as_deref();
        let declared = conclusion.declared.as_deref();
        match conclusion.status {
            LicenseStatus::Unknown | LicenseStatus::Contradicted => OwnLicense::default(),
            LicenseStatus::Declared => {
                OwnLicense { declared: settled.or(declared), ..OwnLicense::default() }
            }
            LicenseStatus::Detected => OwnLicense { declared, detected: settled, concluded: None },
            LicenseStatus::Concluded => OwnLicense { declared, detected: None, concluded: settled },
        }
    }
}

/// The licence expressions of one artifact by how firmly they stand. A contradicted or unknown
/// licence has none.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct OwnLicense<'a> {
    /// As the author declares it.
    pub(super) declared: Option<&'a str>,
    /// As a recognised text says, while no tag says the same.
    pub(super) detected: Option<&'a str>,
    /// As declaration and text agree.
    pub(super) concluded: Option<&'a str>,
}

impl<'a> OwnLicense<'a> {
    /// Every side of it, firmest last, also where two say the same.
    pub(super) fn sides(self) -> Vec<(&'a str, Standing)> {
        let sides = [
            (self.declared, Standing::Declared),
            (self.detected, Standing::Found),
            (self.concluded, Standing::Concluded),
        ];
        sides.into_iter().filter_map(|(text, standing)| Some((text?, standing))).collect()
    }

    /// The expressions that say different things, firmest last.
    pub(super) fn entries(self) -> Vec<(&'a str, Standing)> {
        let declared = self.declared.filter(|&declared| self.concluded != Some(declared));
        Self { declared, ..self }.sides()
    }

    /// The firmest expression.
    pub(super) fn firmest(self) -> Option<&'a str> {
        self.concluded.or(self.detected).or(self.declared)
    }
}

/// The licences that the effective terms of a descendant take from the ancestor called `name`; none
/// when nobody knows its licence.
pub(super) fn ancestor_licenses<'a>(
    assessment: &'a ArtifactAssessment,
    name: &str,
) -> Vec<&'a AppliedLicense> {
    let effective = &assessment.effective;
    if effective.unknown_ancestors.iter().any(|unknown| unknown.name == name) {
        return Vec::new();
    }
    effective
        .licenses
        .iter()
        .filter(|license| license.from_ancestor.as_deref() == Some(name))
        .collect()
}

/// Something outside the scan that a relation points to, once per name.
pub(super) struct Outside<'a> {
    pub(super) name: &'a str,
    pub(super) purl: Option<&'a crate::model::Purl>,
}

/// The targets outside the scan of relations that `wanted` accepts, by name.
pub(super) fn outside<'a>(
    report: &'a Report,
    wanted: impl Fn(&Relation) -> bool,
) -> BTreeMap<&'a str, Outside<'a>> {
    let mut found: BTreeMap<&str, Outside<'_>> = BTreeMap::new();
    for relation in report.inventory.relations.iter().filter(|relation| wanted(relation)) {
        if let RelationTarget::Elsewhere { name, purl } = &relation.to {
            let entry = found.entry(name).or_insert(Outside { name, purl: None });
            entry.purl = entry.purl.or(purl.as_ref());
        }
    }
    found
}

/// The word for how firmly an applied licence stands: never firmer than its basis.
pub(super) const fn stands(basis: Basis) -> Standing {
    match basis {
        Basis::Concluded => Standing::Concluded,
        Basis::Detected | Basis::Identified => Standing::Found,
        Basis::Inherited | Basis::Catalogue | Basis::Declared => Standing::Declared,
    }
}

/// How firmly a licence stands in a document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Standing {
    /// Somebody says so.
    Declared,
    /// A text or weights were recognised, and no declaration says the same.
    Found,
    /// Declaration and text agree.
    Concluded,
}
