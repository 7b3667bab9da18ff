//! C5: a licence that derivatives must be under, and the artifact is under another one.

use super::merge_parents::irreconcilable;
use super::{Case, Code, Rule};
use crate::evaluate::freedom::Freedom;
use crate::model::Finding;

pub(super) struct ShareAlike;

impl Rule for ShareAlike {
    fn id(&self) -> &'static str {
        "share_alike"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::ShareAlikeBroken]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        // Where no licence fits all parents, it says nothing that the artifact's own does not fit.
        let without_answer = irreconcilable(case);
        let omitted = case.omitted().into_iter();
        for base in omitted.filter(|base| Freedom::of(base.terms) == Freedom::Same) {
            if without_answer
                .iter()
                .any(|(one, other)| one.key == base.license.key || other.key == base.license.key)
            {
                continue;
            }
            let what = "derivatives must be licensed under it";
            let fix =
                format!("license the artifact under {}, or replace the ancestor", base.terms.spdx);
            findings.push(case.against(&base, Code::ShareAlikeBroken, what, fix));
        }
    }
}
