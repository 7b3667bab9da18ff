//! The rules that make findings: one folder each.

mod agreement;
mod ancestor_unknown;
mod contract;
mod license_copy;
mod license_status;
mod lineage_conflict;
mod model_naming;
mod notice;
mod permitted_use;
mod restriction_flowdown;
mod threshold;

use std::collections::BTreeMap;

use super::Scene;
use crate::model::{
    AgreementReview, Artifact, ArtifactAssessment, ArtifactId, AssessedObligation, Dormancy,
    Finding, Location, ObligationStatus, Rule as Code,
};

/// What a rule looks at: one artifact and what follows for it.
pub struct Case<'a> {
    pub(crate) artifact: &'a Artifact,
    pub(crate) assessment: &'a ArtifactAssessment,
    pub(crate) scene: &'a Scene<'a>,
}

/// What a rule looks at that is about the product and no single artifact.
pub struct ProductCase<'a> {
    pub(crate) artifacts: &'a BTreeMap<ArtifactId, ArtifactAssessment>,
    pub(crate) agreement: Option<&'a AgreementReview>,
    pub(crate) scene: &'a Scene<'a>,
}

/// A rule: pure, and silent about what it cannot know.
pub trait Rule: Sync {
    /// Its name: the name of its folder.
    fn id(&self) -> &'static str;

    /// The findings it can make.
    fn codes(&self) -> &'static [Code];

    /// Checks one artifact.
    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>);

    /// Checks what is about the product and no single artifact.
    fn check_product(&self, _: &ProductCase<'_>, _: &mut Vec<Finding>) {}
}

/// Every rule, sorted by id. A test compares this list with the folders.
pub static ALL: &[&dyn Rule] = &[
    &agreement::AgreementFits,
    &ancestor_unknown::AncestorUnknown,
    &contract::ContractFits,
    &license_copy::LicenseCopy,
    &license_status::LicenseStatus,
    &lineage_conflict::LineageConflict,
    &model_naming::ModelNaming,
    &notice::Notice,
    &permitted_use::PermittedUse,
    &restriction_flowdown::RestrictionFlowdown,
    &threshold::Threshold,
];

impl Case<'_> {
    /// Obligations of one kind that are awake and have one of these statuses.
    fn awake<'b>(
        &'b self,
        kinds: &'b [&'b str],
        statuses: &'b [ObligationStatus],
    ) -> impl Iterator<Item = &'b AssessedObligation> {
        self.assessment.obligations.iter().filter(move |assessed| {
            assessed.dormancy == Dormancy::Active
                && self.speaks_for_its_alternatives(assessed)
                && kinds.contains(&&*assessed.obligation.kind)
                && statuses.contains(&assessed.status)
        })
    }

    /// Of licences that one statement can mean, the first speaks for all: one statement is one
    /// finding.
    fn speaks_for_its_alternatives(&self, assessed: &AssessedObligation) -> bool {
        self.assessment
            .effective
            .licenses
            .iter()
            .filter(|license| license.key == assessed.license)
            .all(|license| license.alternatives.iter().all(|other| license.key < *other))
    }

    /// A finding because of one obligation.
    fn finding(
        &self,
        rule: Code,
        assessed: &AssessedObligation,
        message: String,
        fix: String,
    ) -> Finding {
        let because =
            if assessed.evidence.is_empty() { self.places() } else { assessed.evidence.clone() };
        Finding {
            artifact: Some(self.artifact.id.clone()),
            rule,
            license: Some(assessed.license.clone()),
            clause: Some(assessed.obligation.clause.clone()),
            message,
            because,
            fix,
        }
    }

    /// Where the artifact was found; never empty.
    fn places(&self) -> Vec<Location> {
        if self.artifact.occurrences.is_empty() {
            vec![Location::scanned(&self.artifact.folder)]
        } else {
            self.artifact.occurrences.clone()
        }
    }

    /// The licence's name for messages, with the words that say how certain it is.
    fn license_words(&self, assessed: &AssessedObligation) -> String {
        let spdx = self.scene.spdx(&assessed.license);
        let applied = self
            .assessment
            .effective
            .licenses
            .iter()
            .find(|license| license.key == assessed.license);
        match applied {
            Some(license) => {
                let from = license.from_ancestor.as_ref().map_or_else(String::new, |ancestor| {
                    format!(", from its ancestor `{ancestor}`")
                });
                let others = match license.alternatives.len() {
                    0 => String::new(),
                    count => format!(", one of {} candidates", count + 1),
                };
                format!("{spdx} ({}{others}{from})", license.basis.name())
            }
            None => spdx,
        }
    }
}
