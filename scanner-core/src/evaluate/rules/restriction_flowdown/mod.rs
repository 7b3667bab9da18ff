//! Use restrictions must stand in the customer agreement, and nothing shows that they do.

use super::{Case, Code, Rule};
use crate::model::{Finding, ObligationStatus};

pub(super) struct RestrictionFlowdown;

impl Rule for RestrictionFlowdown {
    fn id(&self) -> &'static str {
        "restriction_flowdown"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::UseRestrictionsUndeclared]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        // What an agreement says is reviewed clause by clause.
        if case.scene.product.is_some_and(|product| !product.agreement.is_empty()) {
            return;
        }
        let open = [ObligationStatus::Missing, ObligationStatus::NeedsDeclaration];
        for assessed in case.awake(&["flowdown-use-restrictions"], &open) {
            let count =
                case.scene.terms(&assessed.license).map_or(0, |terms| terms.restrictions.len());
            let message = format!(
                "{} on `{}` has {count} use restrictions that must stand in every agreement with \
                 customers; nothing shows that they do",
                case.license_words(assessed),
                case.artifact.label()
            );
            let fix = "put the restrictions of `USE-RESTRICTIONS.md` (see `flowdown bundle`) into \
                       the customer agreement, and name it in `product.agreement`, which is not declared";
            findings.push(case.finding(
                Code::UseRestrictionsUndeclared,
                assessed,
                message,
                fix.to_owned(),
            ));
        }
    }
}
