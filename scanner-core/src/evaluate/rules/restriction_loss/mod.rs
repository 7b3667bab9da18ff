//! C3: a licence that may be exchanged for another one as long as its use restrictions are kept,
//! and the artifact's own licence drops some, or says them more narrowly.

mod compare;
#[cfg(test)]
mod tests;

use super::descent::Base;
use super::{Case, Code, Rule};
use crate::evaluate::freedom::Freedom;
use crate::model::{Finding, LicenseTerms};

pub(super) struct RestrictionLoss;

impl Rule for RestrictionLoss {
    fn id(&self) -> &'static str {
        "restriction_loss"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::RestrictionSimilar, Code::RestrictionStripped, Code::RestrictionWeakened]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        let stated = case.own();
        let own: Vec<&LicenseTerms> =
            stated.iter().filter_map(|license| case.scene.terms(&license.key)).collect();
        let known = if own.len() == stated.len() { "" } else { ", as far as they are recorded" };
        for base in case.omitted() {
            if Freedom::of(base.terms) == Freedom::WithRestrictions {
                check(case, &base, &own, known, findings);
            }
        }
    }
}

fn check(
    case: &Case<'_>,
    base: &Base<'_>,
    own: &[&LicenseTerms],
    known: &str,
    findings: &mut Vec<Finding>,
) {
    let loss = compare::loss(base.terms, own);
    let fix = || {
        format!(
            "state {} for the artifact too, or terms that keep its restrictions",
            base.terms.spdx
        )
    };
    if !loss.missing.is_empty() {
        let what = format!(
            "{} of its {} restriction categories are in none of the artifact's own terms{known}: {}",
            loss.missing.len(),
            loss.categories,
            loss.missing.iter().cloned().collect::<Vec<_>>().join(", ")
        );
        findings.push(case.against(base, Code::RestrictionStripped, &what, fix()));
    }
    if !loss.weaker.is_empty() {
        let what = format!(
            "{} of its {} restriction categories are narrower in the artifact's own terms: {}",
            loss.weaker.len(),
            loss.categories,
            loss.weaker.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        );
        // Some texts ask for similar restrictions, most for these.
        let rule = if compare::allows_similar(base.terms) {
            Code::RestrictionSimilar
        } else {
            Code::RestrictionWeakened
        };
        findings.push(case.against(base, rule, &what, fix()));
    }
}
