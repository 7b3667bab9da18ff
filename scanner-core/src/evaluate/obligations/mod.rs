//! What is owed for each licence that reaches an artifact, and whether it is there.
//!
//! Files decide what they can decide; what only the vendor can say needs a declaration; what
//! nothing in a product shows is not evidencable. None of these ever becomes "satisfied".

mod agreement;
mod contract;
mod declared;
mod files;
pub(super) mod keys;
pub(super) mod territory;
pub(super) mod threshold;
mod trigger;
mod undecided;

use super::Scene;
use crate::model::{
    AgreementReview, AppliedLicense, Artifact, ArtifactKind, AssessedObligation, EffectiveTerms,
    LicenseTerms, Location, Obligation, ObligationStatus, Product, SourcePath, names,
};

/// A status, why, and where to look.
pub(in crate::evaluate) struct Verdict {
    pub(in crate::evaluate) status: ObligationStatus,
    pub(in crate::evaluate) because: String,
    pub(in crate::evaluate) evidence: Vec<Location>,
}

impl Verdict {
    pub(super) fn new(status: ObligationStatus, because: impl Into<String>) -> Self {
        Self { status, because: because.into(), evidence: Vec::new() }
    }

    pub(super) fn seen(
        status: ObligationStatus,
        because: impl Into<String>,
        evidence: Vec<Location>,
    ) -> Self {
        Self { status, because: because.into(), evidence }
    }
}

/// One obligation of one licence on one artifact.
pub(super) struct Duty<'a> {
    pub(super) artifact: &'a Artifact,
    pub(super) license: &'a AppliedLicense,
    pub(super) terms: Option<&'a LicenseTerms>,
    pub(super) obligation: &'a Obligation,
    pub(super) review: Option<&'a AgreementReview>,
    pub(super) scene: &'a Scene<'a>,
}

pub(super) fn of(
    artifact: &Artifact,
    effective: &EffectiveTerms,
    review: Option<&AgreementReview>,
    scene: &Scene<'_>,
) -> Vec<AssessedObligation> {
    let mut assessed = Vec::new();
    for license in &effective.licenses {
        let terms = scene.terms(&license.key);
        for obligation in terms.into_iter().flat_map(|terms| &terms.obligations) {
            let duty = Duty { artifact, license, terms, obligation, review, scene };
            assessed.push(assess(&duty));
        }
    }
    for extra in scene.inventory.extra_duties.get(&artifact.id).into_iter().flatten() {
        let license = AppliedLicense {
            key: extra.license.clone(),
            basis: crate::model::Basis::Declared,
            from_ancestor: None,
            relation: None,
            alternatives: Vec::new(),
            evidence: extra.evidence.clone(),
        };
        let terms = scene.terms(&extra.license);
        let obligation = &extra.obligation;
        assessed.push(assess(&Duty {
            artifact,
            license: &license,
            terms,
            obligation,
            review,
            scene,
        }));
    }
    assessed.sort();
    assessed.dedup();
    assessed
}

fn assess(duty: &Duty<'_>) -> AssessedObligation {
    let Verdict { mut status, mut because, evidence } = verdict(duty);
    // Where a package is only named, the absence of its files shows nothing.
    if status == ObligationStatus::Missing && is_only_named(duty.artifact) {
        status = ObligationStatus::NeedsDeclaration;
        "the package is only named here; what it comes with, its own files show"
            .clone_into(&mut because);
    }
    AssessedObligation {
        license: duty.license.key.clone(),
        obligation: duty.obligation.clone(),
        dormancy: trigger::dormancy(duty),
        status,
        because,
        evidence,
    }
}

/// Whether a text only stands in a bill of materials, which ships with nothing.
fn is_of_bom(artifact: &Artifact, path: &SourcePath) -> bool {
    let mut components = artifact.facts_named(names::BOM_COMPONENT.as_str());
    components.any(|component| path.is_within(&component.at.path))
}

/// Whether an entry of a manifest, a lock file or a bill of materials is all that there is of an
/// artifact.
fn is_only_named(artifact: &Artifact) -> bool {
    let mut states = artifact
        .facts_named(names::MANIFEST_PACKAGE.as_str())
        .filter_map(|fact| fact.value.as_map()?.get("state")?.as_text());
    let is_listed = artifact.facts_named(names::BOM_COMPONENT.as_str()).next().is_some();
    artifact.files.iter().all(|file| is_of_bom(artifact, &file.path))
        && (artifact.kind == ArtifactKind::Package || is_listed)
        && !states.any(|state| state == "installed")
}

fn verdict(duty: &Duty<'_>) -> Verdict {
    match &*duty.obligation.kind {
        "copy-of-licence" => files::license_copy(duty),
        "notice-file" => files::notice(duty),
        "model-naming" => files::model_naming(duty),
        "retain-documentation" => files::documentation(duty),
        "no-modification" => {
            contract::no_modification(duty).unwrap_or_else(|| files::no_modification(duty))
        }
        "comply-with-policy" => files::policy(duty),
        "no-redistribution" => {
            contract::no_redistribution(duty).unwrap_or_else(|| declared::not_shipped(duty))
        }
        "no-hosting" => declared::not_hosted(duty),
        "non-commercial-only" | "research-only" => declared::not_commercial(duty),
        "separate-licence-over-threshold" => declared::below_threshold(duty),
        "territory-limit" => territory::verdict(duty),
        _ => agreement::verdict(duty)
            .or_else(|| contract::verdict(duty))
            .unwrap_or_else(|| undecided::verdict(duty.obligation)),
    }
}

fn undeclared(key: &str) -> Verdict {
    Verdict::new(ObligationStatus::NeedsDeclaration, format!("`{key}` is not declared"))
}

/// The key of the settings file that declares something about the product.
pub(super) fn settings(product: &Product, key: &str) -> Vec<Location> {
    let file = product.declared_in.as_ref();
    file.map(|file| Location::user_file(file).at_key(key)).into_iter().collect()
}
