//! A licence prescribes a notice, and there is none.

use super::{Case, Code, Rule};
use crate::model::{Finding, ObligationStatus};

pub(super) struct Notice;

impl Rule for Notice {
    fn id(&self) -> &'static str {
        "notice"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::NoticeMissing]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        for assessed in case.awake(&["notice-file"], &[ObligationStatus::Missing]) {
            let message = format!(
                "{} prescribes a notice for `{}`: {}",
                case.license_words(assessed),
                case.artifact.label(),
                assessed.because
            );
            let fix = format!(
                "add the notice that clause {} prescribes beside the weights",
                assessed.obligation.clause
            );
            findings.push(case.finding(Code::NoticeMissing, assessed, message, fix));
        }
    }
}
