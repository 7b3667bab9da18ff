//! The rules that make findings: one folder each.

mod agreement;
mod ancestor_unknown;
mod base_terms;
mod contract;
mod declaration_missing;
mod derivative_forbidden;
mod descent;
mod field_of_use;
mod hidden_weights;
mod license_copy;
mod license_status;
mod merge_parents;
mod model_naming;
mod non_commercial_base;
mod notice;
mod other_model_training;
mod permitted_use;
mod restriction_flowdown;
mod restriction_loss;
mod share_alike;
mod territory;
mod threshold;
mod version_skew;

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
    /// What ships.
    pub(crate) cases: &'a [Case<'a>],
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
    fn check(&self, _case: &Case<'_>, _findings: &mut Vec<Finding>) {}

    /// Checks the product: all artifacts together, and what is about none of them.
    fn check_product(&self, _case: &ProductCase<'_>, _findings: &mut Vec<Finding>) {}
}

/// Every rule, sorted by id. A test compares this list with the folders.
pub static ALL: &[&dyn Rule] = &[
    &agreement::AgreementFits,
    &ancestor_unknown::AncestorUnknown,
    &base_terms::BaseTerms,
    &contract::ContractFits,
    &declaration_missing::DeclarationMissing,
    &derivative_forbidden::DerivativeForbidden,
    &field_of_use::FieldOfUse,
    &hidden_weights::HiddenWeights,
    &license_copy::LicenseCopy,
    &license_status::LicenseStatus,
    &merge_parents::MergeParents,
    &model_naming::ModelNaming,
    &non_commercial_base::NonCommercialBase,
    &notice::Notice,
    &other_model_training::OtherModelTraining,
    &permitted_use::PermittedUse,
    &restriction_flowdown::RestrictionFlowdown,
    &restriction_loss::RestrictionLoss,
    &share_alike::ShareAlike,
    &territory::Territory,
    &threshold::Threshold,
    &version_skew::VersionSkew,
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
