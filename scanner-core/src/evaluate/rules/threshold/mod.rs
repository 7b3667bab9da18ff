//! A declared size exceeds the threshold of a licence.

use super::{Case, Code, Rule};
use crate::model::{Finding, ObligationStatus};

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
    }
}
