//! A declared size exceeds the threshold of a licence.

use super::{Case, Code, Rule};
use crate::evaluate::obligations::threshold;
use crate::model::{AppliedLicense, Finding, LicenseTerms, ObligationStatus, Threshold as Size};

pub(super) struct Threshold;

impl Rule for Threshold {
    fn id(&self) -> &'static str {
        "threshold"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::ThresholdExceeded]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        let kinds = ["separate-licence-over-threshold"];
        for assessed in case.awake(&kinds, &[ObligationStatus::Contradicted]) {
            let message = format!(
                "{} on `{}`: {}",
                case.license_words(assessed),
                case.artifact.label(),
                assessed.because
            );
            let fix = "get a separate licence from the licensor".to_owned();
            findings.push(case.finding(Code::ThresholdExceeded, assessed, message, fix));
        }
        for license in &case.assessment.effective.licenses {
            let Some(terms) = case.scene.terms(&license.key) else { continue };
            for threshold in threshold::without_obligation(terms) {
                findings.extend(exceeded(case, license, terms, threshold));
            }
        }
    }
}

/// A threshold from which on something else follows than a separate licence.
fn exceeded(
    case: &Case<'_>,
    license: &AppliedLicense,
    terms: &LicenseTerms,
    threshold: &Size,
) -> Option<Finding> {
    let verdict = threshold::verdict(threshold, case.scene.product);
    if verdict.status != ObligationStatus::Contradicted {
        return None;
    }
    let mut because = verdict.evidence;
    because.extend(license.evidence.iter().cloned());
    Some(Finding {
        artifact: Some(case.artifact.id.clone()),
        rule: Code::ThresholdExceeded,
        license: Some(license.key.clone()),
        clause: Some(threshold.clause.clone()),
        message: format!(
            "{} ({}) on `{}`: {}; then {}",
            terms.spdx,
            license.basis.name(),
            case.artifact.label(),
            verdict.because,
            threshold.effect
        ),
        because,
        fix: format!("do what clause {} demands from there on", threshold.clause),
    })
}
