//! A licence prescribes how derived models are named, and this one is not.

use super::{Case, Code, Rule};
use crate::model::{Finding, ObligationStatus};

pub(super) struct ModelNaming;

impl Rule for ModelNaming {
    fn id(&self) -> &'static str {
        "model_naming"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::ModelNamingMissing]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        for assessed in case.awake(&["model-naming"], &[ObligationStatus::Missing]) {
            let message = format!("{}: {}", case.license_words(assessed), assessed.because);
            let fix = format!(
                "rename the model as clause {} demands, or show that it is not derived",
                assessed.obligation.clause
            );
            findings.push(case.finding(Code::ModelNamingMissing, assessed, message, fix));
        }
    }
}
