//! Artifacts by licence, kind of subject and standing: what is the same is said once.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Scene, ships};
use super::unknown::Unknown;
use crate::model::{
    AppliedLicense, Artifact, ArtifactAssessment, ArtifactId, ArtifactKind, Basis, ContractStatus,
    FlowUnknown, LicenseKey, LicenseTerms, Location, Obligation, Standing, Subject,
};

/// Places that are kept for each chain; the artifacts' own assessments have all of them.
pub(super) const PLACES: usize = 8;
/// Artifacts that are named in words.
const NAMED: usize = 3;

/// One licence on one kind of artifact with one standing.
pub(super) struct Strand<'a> {
    pub(super) terms: &'a LicenseTerms,
    /// Where the terms were read: the catalogue, or the contract.
    pub(super) record: Location,
    pub(super) subject: Subject,
    pub(super) standing: Standing,
    pub(super) alternatives: BTreeSet<LicenseKey>,
    pub(super) artifacts: BTreeSet<ArtifactId>,
    /// The works that the licensor licenses: the artifacts, or the ancestors that the licence
    /// comes from.
    works: BTreeSet<String>,
    pub(super) evidence: BTreeSet<Location>,
    /// What the terms demand, and what plugins claim beside them.
    pub(super) obligations: BTreeSet<Obligation>,
}

/// Strands by id, and what gets none.
pub(super) struct Grouped<'a> {
    pub(super) strands: Vec<Strand<'a>>,
    pub(super) unknown: Vec<FlowUnknown>,
}

type StrandKey<'a> = (&'a LicenseKey, Subject, Standing);

pub(super) fn of<'a>(
    assessed: &'a BTreeMap<ArtifactId, ArtifactAssessment>,
    scene: &Scene<'a>,
) -> Grouped<'a> {
    let mut strands: BTreeMap<StrandKey<'a>, Strand<'a>> = BTreeMap::new();
    let mut unknown = Unknown::default();
    for artifact in scene.inventory.artifacts.iter().filter(|artifact| ships(artifact)) {
        let assessment = &assessed[&artifact.id];
        unknown.about(artifact, assessment, scene);
        for (key, applied) in strongest(assessment) {
            let Some(terms) = counted(key, artifact, &applied.evidence, scene, &mut unknown) else {
                continue;
            };
            let (subject, standing) = (subject(artifact), standing(applied));
            let strand = strands
                .entry((key, subject, standing))
                .or_insert_with(|| Strand::new(terms, subject, standing, scene));
            strand.add(artifact, &applied.evidence);
            strand.works.extend(works(key, artifact, assessment));
            strand.alternatives.extend(applied.alternatives.iter().cloned());
        }
        add_extra_duties(artifact, scene, &mut strands, &mut unknown);
    }
    Grouped { strands: strands.into_values().collect(), unknown: unknown.into_list() }
}

/// The terms of a licence that an artifact is stated to be under, if something follows from them;
/// else it is told why not.
fn counted<'a>(
    key: &LicenseKey,
    artifact: &Artifact,
    evidence: &[Location],
    scene: &Scene<'a>,
    unknown: &mut Unknown,
) -> Option<&'a LicenseTerms> {
    let terms = scene.inventory.terms.get(key);
    let why_not = match terms {
        Some(terms) => without_force(terms, scene),
        None => Some(format!("what `{}` demands is not recorded", scene.spdx(key))),
    };
    match why_not {
        None => terms,
        Some(what) => {
            unknown.add(what, artifact, [key], evidence);
            None
        }
    }
}

/// Why nothing follows from terms that an artifact is stated to be under; `None` when they count.
fn without_force(terms: &LicenseTerms, scene: &Scene<'_>) -> Option<String> {
    if terms.is_pattern() {
        return Some(format!("`{}` is a template: the contract itself is not named", terms.name));
    }
    let mut contracts = scene.contracts().filter(|(contract, _)| contract.terms.key == terms.key);
    let is_ended = contracts.any(|(_, coverage)| coverage.status != ContractStatus::InForce);
    is_ended.then(|| format!("the contract `{}` is not in force", terms.name))
}

/// Each licence of an artifact once, in its firmest form.
fn strongest(assessment: &ArtifactAssessment) -> BTreeMap<&LicenseKey, &AppliedLicense> {
    let mut strongest: BTreeMap<&LicenseKey, &AppliedLicense> = BTreeMap::new();
    for applied in &assessment.effective.licenses {
        strongest
            .entry(&applied.key)
            .and_modify(|known| {
                if standing(applied) > standing(known) {
                    *known = applied;
                }
            })
            .or_insert(applied);
    }
    strongest
}

/// What is licensed under `key`: the artifact itself, or the ancestors that bring the licence.
fn works(key: &LicenseKey, artifact: &Artifact, assessment: &ArtifactAssessment) -> Vec<String> {
    let applied = assessment.effective.licenses.iter().filter(|applied| applied.key == *key);
    applied
        .map(|applied| applied.from_ancestor.clone().unwrap_or_else(|| artifact.label()))
        .collect()
}

/// Duties that plugins claim from a contract stand beside the public licences.
fn add_extra_duties<'a>(
    artifact: &'a Artifact,
    scene: &Scene<'a>,
    strands: &mut BTreeMap<StrandKey<'a>, Strand<'a>>,
    unknown: &mut Unknown,
) {
    for extra in scene.inventory.extra_duties.get(&artifact.id).into_iter().flatten() {
        let Some(terms) = counted(&extra.license, artifact, &extra.evidence, scene, unknown) else {
            continue;
        };
        let subject = subject(artifact);
        let strand = strands
            .entry((&terms.key, subject, Standing::AsDeclared))
            .or_insert_with(|| Strand::new(terms, subject, Standing::AsDeclared, scene));
        strand.add(artifact, &extra.evidence);
        strand.works.insert(artifact.label());
        strand.obligations.insert(extra.obligation.clone());
    }
}

const fn subject(artifact: &Artifact) -> Subject {
    match artifact.kind {
        ArtifactKind::Package => Subject::Software,
        ArtifactKind::Model
        | ArtifactKind::Adapter
        | ArtifactKind::Dataset
        | ArtifactKind::Tokenizer
        | ArtifactKind::Document => Subject::Model,
    }
}

fn standing(applied: &AppliedLicense) -> Standing {
    match applied.basis {
        _ if !applied.alternatives.is_empty() => Standing::Candidate,
        Basis::Inherited | Basis::Catalogue | Basis::Declared => Standing::AsDeclared,
        Basis::Detected | Basis::Identified | Basis::Concluded => Standing::Recognized,
    }
}

impl<'a> Strand<'a> {
    fn new(
        terms: &'a LicenseTerms,
        subject: Subject,
        standing: Standing,
        scene: &Scene<'a>,
    ) -> Self {
        let contract = scene.contract(&terms.key);
        Self {
            record: contract.and_then(|contract| contract.particulars.as_ref()).map_or_else(
                || Location::catalogue(&terms.key.0),
                |parts| Location::user_file(&parts.declared_in),
            ),
            terms,
            subject,
            standing,
            alternatives: BTreeSet::new(),
            artifacts: BTreeSet::new(),
            works: BTreeSet::new(),
            evidence: BTreeSet::new(),
            obligations: terms.obligations.iter().cloned().collect(),
        }
    }

    fn add(&mut self, artifact: &Artifact, evidence: &[Location]) {
        self.artifacts.insert(artifact.id.clone());
        let room = PLACES.saturating_sub(self.evidence.len());
        self.evidence.extend(evidence.iter().take(room).cloned());
    }

    /// `mit/software/recognized`.
    pub(super) fn id(&self) -> String {
        format!("{}/{}/{}", self.terms.key, self.subject.name(), self.standing.name())
    }

    /// Who licenses where the record names nobody.
    pub(super) fn holders(&self, scene: &Scene<'_>) -> String {
        let named: Vec<&str> = self.works.iter().take(NAMED).map(String::as_str).collect();
        let names = named.join(", ");
        let rest = match self.works.len() - named.len() {
            0 => String::new(),
            rest => format!(" and {rest} more"),
        };
        match self.subject {
            Subject::Software => format!("the copyright holders of {names}{rest}"),
            Subject::Model => {
                let spdx = scene.spdx(&self.terms.key);
                format!("whoever released {names}{rest} under {spdx}")
            }
        }
    }
}
