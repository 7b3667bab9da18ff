//! C10: an ancestor's licence forbids changed copies, and the artifact is one.

use super::descent::Base;
use super::{Case, Code, Rule};
use crate::model::{Finding, ObligationStatus, RelationKind};

/// Relations whose result is a changed copy.
const CHANGED: [RelationKind; 4] = [
    RelationKind::FineTunedFrom,
    RelationKind::QuantizedFrom,
    RelationKind::ConvertedFrom,
    RelationKind::MergedFrom,
];

pub(super) struct DerivativeForbidden;

impl Rule for DerivativeForbidden {
    fn id(&self) -> &'static str {
        "derivative_forbidden"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::DerivativeForbidden]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        for assessed in case.awake(&["no-modification"], &[ObligationStatus::Contradicted]) {
            let inherited = case.assessment.effective.licenses.iter().find(|license| {
                license.key == assessed.license
                    && license.relation.is_some_and(|relation| CHANGED.contains(&relation))
            });
            let (Some(license), Some(terms)) = (inherited, case.scene.terms(&assessed.license))
            else {
                continue;
            };
            let kind = license.relation.map_or("derived-from", |relation| relation.name());
            let what = format!(
                "clause {} lets no changed copy be shared, and the artifact is {}",
                assessed.obligation.clause,
                kind.replace('-', " ")
            );
            let fix = "ship the original unchanged, or get the licensor's consent".to_owned();
            let base = Base { license, terms };
            let mut finding = case.against(&base, Code::DerivativeForbidden, &what, fix);
            finding.clause = Some(assessed.obligation.clause.clone());
            findings.push(finding);
        }
    }
}
