//! C6: an ancestor may be used for research or without commerce only, and the artifact's own
//! licence permits every use. The effective use is the narrowest along the lineage.

use super::{Case, Code, Rule};
use crate::evaluate::freedom::Freedom;
use crate::model::{Finding, LicenseTerms};

pub(super) struct NonCommercialBase;

impl Rule for NonCommercialBase {
    fn id(&self) -> &'static str {
        "non_commercial_base"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::NonCommercialBase]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        let own: Vec<Option<&LicenseTerms>> =
            case.own().iter().map(|license| case.scene.terms(&license.key)).collect();
        let permits_commerce = |terms: &Option<&LicenseTerms>| {
            terms.is_some_and(|terms| !limits_commerce(&terms.grant.permitted_use))
        };
        if own.is_empty() || !own.iter().all(permits_commerce) {
            return;
        }
        for base in case.omitted() {
            // Where the base must stay stated, another rule says so.
            let elsewhere = matches!(Freedom::of(base.terms), Freedom::OwnChanges | Freedom::Same);
            if elsewhere || !limits_commerce(&base.terms.grant.permitted_use) {
                continue;
            }
            let what = format!(
                "the base permits `{}` use only, the artifact's own licence every use",
                base.terms.grant.permitted_use
            );
            let fix =
                format!("state {} for the artifact too, or replace the ancestor", base.terms.spdx);
            findings.push(case.against(&base, Code::NonCommercialBase, &what, fix));
        }
    }
}

/// Whether a record's words for the permitted use leave commerce out.
pub(in crate::evaluate) fn limits_commerce(permitted_use: &str) -> bool {
    ["academic", "non-commercial", "non-production"]
        .iter()
        .any(|limit| permitted_use.starts_with(limit))
}
