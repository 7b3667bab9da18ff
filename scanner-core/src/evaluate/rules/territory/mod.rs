//! The vendor is, or ships to, where a licence gives no rights.

use super::{Case, Code, Rule};
use crate::evaluate::obligations::territory::{self, Territory as Limit};
use crate::model::{Finding, ObligationStatus};

pub(super) struct Territory;

impl Rule for Territory {
    fn id(&self) -> &'static str {
        "territory"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::TerritoryConditional, Code::TerritoryExcluded]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        let open = [ObligationStatus::Contradicted, ObligationStatus::NeedsDeclaration];
        for assessed in case.awake(&["territory-limit"], &open) {
            let limit = territory::judge(case.artifact, &assessed.obligation, case.scene.product);
            let (code, fix) = match limit {
                Limit::Inside(..) => (
                    Code::TerritoryExcluded,
                    "leave the artifact out where it is not licensed, or get another licence from \
                     the licensor",
                ),
                Limit::Conditional(..) => (
                    Code::TerritoryConditional,
                    "read the clause: whether it concerns this model and these customers, the \
                     declared countries do not decide",
                ),
                _ => continue,
            };
            let message = format!(
                "{} on `{}`: {}",
                case.license_words(assessed),
                case.artifact.label(),
                assessed.because
            );
            findings.push(case.finding(code, assessed, message, fix.to_owned()));
        }
    }
}
