//! Artifacts by licence, kind of subject and standing: what is the same is said once.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Scene, ships};
use crate::model::{
    AppliedLicense, Artifact, ArtifactAssessment, ArtifactId, ArtifactKind, Basis, FlowUnknown,
    LicenseKey, LicenseStatus, LicenseTerms, Location, Obligation, Standing, Subject,
};

/// Places that are kept for each chain; the artifacts' own assessments have all of them.
const PLACES: usize = 8;
/// Artifacts that are named in words.
const NAMED: usize = 3;

/// One licence on one kind of artifact with one standing.
pub(super) struct Strand<'a> {
    pub(super) terms: &'a LicenseTerms,
    pub(super) subject: Subject,
    pub(super) standing: Standing,
    pub(super) alternatives: BTreeSet<LicenseKey>,
    /// Artifacts with their labels.
    pub(super) artifacts: BTreeMap<ArtifactId, String>,
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
            let Some(terms) = scene.inventory.terms.get(key) else {
                let what = format!("what `{}` demands is not recorded", scene.spdx(key));
                unknown.add(what, artifact, [key], &applied.evidence);
                continue;
            };
            let (subject, standing) = (subject(artifact), standing(applied));
            let strand = strands
                .entry((key, subject, standing))
                .or_insert_with(|| Strand::new(terms, subject, standing));
            strand.add(artifact, &applied.evidence);
            strand.alternatives.extend(applied.alternatives.iter().cloned());
        }
        add_extra_duties(artifact, scene, &mut strands, &mut unknown);
    }
    Grouped { strands: strands.into_values().collect(), unknown: unknown.into_list() }
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

/// Duties that plugins claim from a contract stand beside the public licences.
fn add_extra_duties<'a>(
    artifact: &'a Artifact,
    scene: &Scene<'a>,
    strands: &mut BTreeMap<StrandKey<'a>, Strand<'a>>,
    unknown: &mut Unknown,
) {
    for extra in scene.inventory.extra_duties.get(&artifact.id).into_iter().flatten() {
        let Some(terms) = scene.inventory.terms.get(&extra.license) else {
            let what = format!("what `{}` demands is not recorded", scene.spdx(&extra.license));
            unknown.add(what, artifact, [&extra.license], &extra.evidence);
            continue;
        };
        let subject = subject(artifact);
        let strand = strands
            .entry((&terms.key, subject, Standing::AsDeclared))
            .or_insert_with(|| Strand::new(terms, subject, Standing::AsDeclared));
        strand.add(artifact, &extra.evidence);
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
    fn new(terms: &'a LicenseTerms, subject: Subject, standing: Standing) -> Self {
        Self {
            terms,
            subject,
            standing,
            alternatives: BTreeSet::new(),
            artifacts: BTreeMap::new(),
            evidence: BTreeSet::new(),
            obligations: terms.obligations.iter().cloned().collect(),
        }
    }

    fn add(&mut self, artifact: &Artifact, evidence: &[Location]) {
        self.artifacts.insert(artifact.id.clone(), artifact.label());
        let room = PLACES.saturating_sub(self.evidence.len());
        self.evidence.extend(evidence.iter().take(room).cloned());
    }

    /// `mit/software/recognized`.
    pub(super) fn id(&self) -> String {
        format!("{}/{}/{}", self.terms.key, self.subject.name(), self.standing.name())
    }

    /// Who licenses where the record names nobody.
    pub(super) fn holders(&self, scene: &Scene<'_>) -> String {
        let labels: BTreeSet<&str> = self.artifacts.values().map(String::as_str).collect();
        let named: Vec<&str> = labels.iter().take(NAMED).copied().collect();
        let rest = labels.len() - named.len();
        let names = named.join(", ");
        if rest == 0 {
            format!("the copyright holders of {names}")
        } else {
            format!(
                "the copyright holders of {names} and {rest} more under {}",
                scene.spdx(&self.terms.key)
            )
        }
    }
}

/// What the graph says nothing about: one entry for each thing that is not known.
#[derive(Default)]
struct Unknown {
    entries: BTreeMap<String, FlowUnknown>,
}

impl Unknown {
    fn about(&mut self, artifact: &Artifact, assessment: &ArtifactAssessment, scene: &Scene<'_>) {
        let places = places(artifact);
        match assessment.conclusion.status {
            LicenseStatus::Unknown => {
                self.add("the licence is unknown".to_owned(), artifact, [], &places);
            }
            LicenseStatus::Contradicted => {
                let what = "statements about the licence contradict each other: each is followed \
                            as far as it goes, and which of them applies is not known";
                self.add(what.to_owned(), artifact, [], &places);
            }
            LicenseStatus::Declared | LicenseStatus::Detected | LicenseStatus::Concluded => {}
        }
        for ancestor in &assessment.effective.unknown_ancestors {
            let what = format!(
                "the terms of the ancestor `{}` are unknown: who else can enforce something is \
                 not known",
                ancestor.name
            );
            self.add(what, artifact, [], &ancestor.evidence);
        }
        let mut told: BTreeSet<BTreeSet<&LicenseKey>> = BTreeSet::new();
        for applied in &assessment.effective.licenses {
            let candidates: BTreeSet<&LicenseKey> =
                applied.alternatives.iter().chain([&applied.key]).collect();
            if candidates.len() < 2 || !told.insert(candidates.clone()) {
                continue;
            }
            let ids: Vec<String> = candidates.iter().map(|key| scene.spdx(key)).collect();
            let what = format!("which of {} applies is not decided", ids.join(", "));
            self.add(what, artifact, candidates, &applied.evidence);
        }
    }

    fn add<'k>(
        &mut self,
        what: String,
        artifact: &Artifact,
        licenses: impl IntoIterator<Item = &'k LicenseKey>,
        evidence: &[Location],
    ) {
        let entry = self.entries.entry(what.clone()).or_insert_with(|| FlowUnknown {
            what,
            artifacts: Vec::new(),
            licenses: licenses.into_iter().cloned().collect(),
            evidence: Vec::new(),
        });
        entry.artifacts.push(artifact.id.clone());
        let evidence = if evidence.is_empty() { places(artifact) } else { evidence.to_vec() };
        let room = PLACES.saturating_sub(entry.evidence.len());
        entry.evidence.extend(evidence.into_iter().take(room));
    }

    fn into_list(self) -> Vec<FlowUnknown> {
        let mut entries: Vec<FlowUnknown> = self.entries.into_values().collect();
        for entry in &mut entries {
            entry.artifacts.sort();
            entry.artifacts.dedup();
            entry.evidence.sort();
            entry.evidence.dedup();
        }
        entries
    }
}

fn places(artifact: &Artifact) -> Vec<Location> {
    if artifact.occurrences.is_empty() {
        vec![Location::scanned(&artifact.folder)]
    } else {
        artifact.occurrences.clone()
    }
}
