//! What an artifact is declared under drops or contradicts what its ancestors are under
//! (rules C3 to C6 of `docs/licenses.md`).

use std::collections::BTreeSet;

use super::{Case, Code, Rule};
use crate::model::{AppliedLicense, Basis, Finding, LicenseTerms, Location};

pub(super) struct LineageConflict;

impl Rule for LineageConflict {
    fn id(&self) -> &'static str {
        "lineage_conflict"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::BaseTermsOmitted, Code::LineageConflict, Code::RestrictionStripped]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        let (own, inherited): (Vec<&AppliedLicense>, Vec<&AppliedLicense>) = case
            .assessment
            .effective
            .licenses
            .iter()
            .partition(|license| license.from_ancestor.is_none());
        if own.is_empty() {
            return;
        }
        for base in inherited {
            let is_kept = own
                .iter()
                .any(|license| license.key == base.key || base.alternatives.contains(&license.key));
            if let (false, Some(terms)) = (is_kept, case.scene.terms(&base.key)) {
                findings.extend(compare(case, &own, base, terms));
            }
        }
    }
}

fn compare(
    case: &Case<'_>,
    own: &[&AppliedLicense],
    base: &AppliedLicense,
    terms: &LicenseTerms,
) -> Option<Finding> {
    let lost = lost_categories(case, own, terms);
    let (rule, what) = match &*terms.grant.relicense_derivatives {
        // C3: relicensing is free as long as every restriction is kept.
        freedom if freedom.contains("flowdown") && !lost.is_empty() => (
            Code::RestrictionStripped,
            format!(
                "{} of its {} restriction categories are in none of the artifact's own terms: {}",
                lost.len(),
                categories(terms).len(),
                lost.iter().cloned().collect::<Vec<_>>().join(", ")
            ),
        ),
        // C5: derivatives stay under the same licence.
        freedom if freedom.starts_with("same-") => {
            (Code::LineageConflict, "derivatives must be licensed under it".to_owned())
        }
        // C4: the licence may cover the author's own changes only.
        freedom if freedom.starts_with("own-modifications") || freedom.contains("stays under") => (
            Code::BaseTermsOmitted,
            "the artifact's own licence can cover its author's changes only; the base stays under \
             its terms"
                .to_owned(),
        ),
        _ => return None,
    };
    let ancestor = base.from_ancestor.as_deref().unwrap_or("an ancestor");
    let own_words: Vec<String> = own
        .iter()
        .map(|license| format!("{} ({})", case.scene.spdx(&license.key), license.basis.name()))
        .collect();
    let certainty = if base.alternatives.is_empty() && base.basis != Basis::Catalogue {
        ""
    } else {
        ", as far as it is known"
    };
    let mut because: Vec<Location> = base.evidence.clone();
    because.extend(own.iter().flat_map(|license| license.evidence.iter().cloned()));
    because.sort();
    because.dedup();
    Some(Finding {
        artifact: Some(case.artifact.id.clone()),
        rule,
        license: Some(base.key.clone()),
        clause: Some(terms.grant.clause.clone()),
        message: format!(
            "`{}` is under {}, its ancestor `{ancestor}` under {} ({}{certainty}): {what}",
            case.artifact.label(),
            own_words.join(" and "),
            terms.spdx,
            base.basis.name(),
        ),
        because,
        fix: format!("state {} for the artifact too, and pass its terms on", terms.spdx),
    })
}

fn lost_categories(
    case: &Case<'_>,
    own: &[&AppliedLicense],
    base: &LicenseTerms,
) -> BTreeSet<String> {
    let kept: BTreeSet<&str> = own
        .iter()
        .filter_map(|license| case.scene.terms(&license.key))
        .flat_map(categories)
        .collect();
    categories(base).difference(&kept).map(|category| (*category).to_owned()).collect()
}

fn categories(terms: &LicenseTerms) -> BTreeSet<&str> {
    terms
        .restrictions
        .iter()
        .flat_map(|restriction| restriction.categories.iter().map(String::as_str))
        .collect()
}
