//! The product is declared to do what a licence does not permit.

use super::{Case, Code, Rule};
use crate::model::{AssessedObligation, Conveyance, Finding, ObligationStatus, ShipMode};

pub(super) struct PermittedUse;

/// Obligations that a declaration about the product can contradict.
const KINDS: &[&str] =
    &["no-hosting", "no-modification", "no-redistribution", "non-commercial-only", "research-only"];

impl Rule for PermittedUse {
    fn id(&self) -> &'static str {
        "permitted_use"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::ConveyanceForbidden, Code::UseNotPermitted]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        for assessed in case.awake(KINDS, &[ObligationStatus::Contradicted]) {
            if assessed.obligation.kind == "no-modification" && is_inherited(case, assessed) {
                continue;
            }
            let message = format!(
                "{} allows `{}` only under `{}`: {}",
                case.license_words(assessed),
                case.artifact.label(),
                assessed.obligation.kind,
                assessed.because
            );
            let fix = "remove the artifact, get another licence from the licensor, or correct the \
                       declaration";
            findings.push(case.finding(Code::UseNotPermitted, assessed, message, fix.to_owned()));
        }
        not_conveyed(case, findings);
    }
}

/// A changed copy of an ancestor is what `derivative_forbidden` reports.
fn is_inherited(case: &Case<'_>, assessed: &AssessedObligation) -> bool {
    let licenses = case.assessment.effective.licenses.iter();
    let mut of_key = licenses.filter(|license| license.key == assessed.license);
    of_key.all(|license| license.from_ancestor.is_some())
}

/// Rule R5: what may not be conveyed may not be inside anything shipped or hosted for others.
fn not_conveyed(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let ships = case.scene.product.and_then(|product| product.ships);
    let Some(mode) = ships.filter(|mode| *mode != ShipMode::Internal) else { return };
    for license in &case.assessment.effective.licenses {
        let Some(terms) = case.scene.terms(&license.key) else { continue };
        if terms.grant.conveyance != Conveyance::NoConveyance {
            continue;
        }
        findings.push(Finding {
            artifact: Some(case.artifact.id.clone()),
            rule: Code::ConveyanceForbidden,
            license: Some(license.key.clone()),
            clause: Some(terms.grant.clause.clone()),
            message: format!(
                "{} gives rights to the licensee only; `{}` is in a product declared `{}`",
                terms.spdx,
                case.artifact.label(),
                mode.name()
            ),
            because: license.evidence.clone(),
            fix:
                "let each customer obtain its own licence from the licensor, or remove the artifact"
                    .to_owned(),
        });
    }
}
