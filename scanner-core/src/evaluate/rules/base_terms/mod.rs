//! C4: a licence that lets an author license own changes only, and the artifact states nothing but
//! the author's licence.

use super::{Case, Code, Rule};
use crate::evaluate::freedom::Freedom;
use crate::model::Finding;

pub(super) struct BaseTerms;

impl Rule for BaseTerms {
    fn id(&self) -> &'static str {
        "base_terms"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::BaseTermsOmitted]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        let omitted = case.omitted().into_iter();
        for base in omitted.filter(|base| Freedom::of(base.terms) == Freedom::OwnChanges) {
            let what = "the artifact's own licence can cover its author's changes only; the base \
                        stays under its terms";
            let fix =
                format!("state {} for the artifact too, and pass its terms on", base.terms.spdx);
            findings.push(case.against(&base, Code::BaseTermsOmitted, what, fix));
        }
    }
}
