//! C8: a model was trained on the outputs of one whose licence keeps them from other models.

use super::descent::Base;
use super::{Case, Code, Rule};
use crate::model::{AppliedLicense, Finding, RelationKind};

pub(super) struct OtherModelTraining;

impl Rule for OtherModelTraining {
    fn id(&self) -> &'static str {
        "other_model_training"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::TrainsOtherModels]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        let effective = &case.assessment.effective;
        let distilled =
            |license: &&AppliedLicense| license.relation == Some(RelationKind::DistilledFrom);
        let teachers = effective.licenses.iter().chain(&effective.not_reached).filter(distilled);
        for license in teachers {
            if !license.alternatives.iter().all(|other| license.key < *other) {
                continue;
            }
            let Some(terms) = case.scene.terms(&license.key) else { continue };
            let forbids = |kind: &str| kind == "no-train-other-models";
            let Some(duty) = terms.obligations.iter().find(|duty| forbids(&duty.kind)) else {
                continue;
            };
            // A derivative of the same family is what every such clause exempts.
            let exempt = duty.params.get("exempt");
            let own_family = effective.licenses.iter().any(|other| {
                let others = case.scene.terms(&other.key).into_iter();
                let mut duties = others.flat_map(|terms| &terms.obligations);
                other.relation != Some(RelationKind::DistilledFrom)
                    && duties.any(|it| forbids(&it.kind) && it.params.get("exempt") == exempt)
            });
            if own_family && exempt.is_some() {
                continue;
            }
            let what = format!(
                "clause {} keeps outputs from training other models{}{}",
                duty.clause,
                param(duty.params.get("scope"), "scope"),
                param(duty.params.get("exempt"), "exempt")
            );
            let fix = "train on the outputs of another model, or get the licensor's consent";
            let base = Base { license, terms };
            let mut finding = case.against(&base, Code::TrainsOtherModels, &what, fix.to_owned());
            finding.clause = Some(duty.clause.clone());
            findings.push(finding);
        }
    }
}

fn param(value: Option<&String>, name: &str) -> String {
    value.map_or_else(String::new, |value| format!(" ({name}: {value})"))
}
