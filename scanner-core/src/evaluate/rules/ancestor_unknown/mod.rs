//! An ancestor's licence is unknown, and with it what reaches the customer.

use super::{Case, Code, Rule};
use crate::model::Finding;

pub(super) struct AncestorUnknown;

impl Rule for AncestorUnknown {
    fn id(&self) -> &'static str {
        "ancestor_unknown"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::AncestorUnknown]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        for ancestor in &case.assessment.effective.unknown_ancestors {
            findings.push(Finding {
                artifact: Some(case.artifact.id.clone()),
                rule: Code::AncestorUnknown,
                license: None,
                clause: None,
                message: format!(
                    "`{}` is {} `{}`, whose terms are unknown: its effective terms are NOASSERTION",
                    case.artifact.label(),
                    ancestor.relation.name().replace('-', " "),
                    ancestor.name
                ),
                because: ancestor.evidence.clone(),
                fix: "scan the ancestor too, or find out its licence from its own card".to_owned(),
            });
        }
    }
}
