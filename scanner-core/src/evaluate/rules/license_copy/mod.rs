//! A licence demands that its text travels along, and the text is not there.

use super::{Case, Code, Rule};
use crate::model::{Finding, ObligationStatus};

pub(super) struct LicenseCopy;

impl Rule for LicenseCopy {
    fn id(&self) -> &'static str {
        "license_copy"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::LicenseCopyMissing]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        for assessed in case.awake(&["copy-of-licence"], &[ObligationStatus::Missing]) {
            let message = format!(
                "{} must travel with `{}`: {}",
                case.license_words(assessed),
                case.artifact.label(),
                assessed.because
            );
            let fix = "put the licence text beside the weights, byte for byte as the licensor \
                       publishes it";
            findings.push(case.finding(
                Code::LicenseCopyMissing,
                assessed,
                message,
                fix.to_owned(),
            ));
        }
    }
}
