//! Judges an assessment by the user's policy (`docs/policy.md`). Pure.
//!
//! The policy adds findings and says how each finding stands; it removes none. What is unknown is
//! never allowed, and a rule that matches nothing is said.

mod atom;
mod clarify;
mod judge;
mod objection;
mod selector;
mod standing;
#[cfg(test)]
mod tests;
mod unknown;
mod unused;

pub use clarify::clarify;
pub(in crate::evaluate) use clarify::{clarifications, clarified_file, copies, is_clarification};
pub(crate) use selector::is_artifact;

use self::judge::Judge;
use self::standing::Standings;
use super::{Scene, ships};
use crate::model::{Assessment, Date, Inventory, Policy, PolicyOutcome, Rule};

/// The findings that a policy makes, sorted by code.
pub const CODES: &[Rule] = &[
    Rule::AllowanceUnused,
    Rule::CategoryDenied,
    Rule::CategoryNotAllowed,
    Rule::ClarificationUnused,
    Rule::ConveyanceDenied,
    Rule::DenialUndecided,
    Rule::DenialUnused,
    Rule::ExceptionExpired,
    Rule::ExceptionUnused,
    Rule::FamilyDenied,
    Rule::LicenseDenied,
    Rule::LicenseNotAllowed,
    Rule::PolicyLicenseUnknown,
    Rule::ObligationDenied,
    Rule::ObligationNotAllowed,
];

/// Adds what `policy` objects to, and says how every finding of `assessment` stands on day `today`.
pub fn judge(
    inventory: &Inventory,
    assessment: &mut Assessment,
    policy: &Policy,
    today: Date,
) -> PolicyOutcome {
    let scene = Scene { inventory, product: None };
    let mut judge = Judge::new(policy, &scene, &assessment.artifacts);
    let mut findings = Vec::new();
    for artifact in inventory.artifacts.iter().filter(|artifact| ships(artifact)) {
        judge.artifact(artifact, &mut findings);
    }
    judge.undecided(&mut findings);
    let used = judge.used;
    assessment.findings.append(&mut findings);

    let mut standings = Standings::new(policy, &scene, today);
    standings.except(&assessment.findings);
    unused::rules(policy, &used, &mut assessment.findings);
    unused::clarifications(policy, inventory, &mut assessment.findings);
    unused::exceptions(policy, &standings, &mut assessment.findings);
    super::sort(&mut assessment.findings);
    standings.outcome(&assessment.findings)
}
