//! C7: parents of a merge whose licences exclude each other. One wants every derivative under
//! itself, or under nothing that limits further; the other brings limits, or wants the same for
//! itself. No licence exists that fits both.

use std::collections::BTreeSet;

use super::descent::Base;
use super::{Case, Code, Rule};
use crate::evaluate::freedom::Freedom;
use crate::model::{AppliedLicense, Finding, LicenseTerms, RelationKind};

pub(super) struct MergeParents;

impl Rule for MergeParents {
    fn id(&self) -> &'static str {
        "merge_parents"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::ParentsIrreconcilable]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        for (closed, other) in irreconcilable(case) {
            let Some(terms) = case.scene.terms(&closed.key) else { continue };
            let what = format!(
                "it admits no further limits on derivatives, and the other parent `{}` brings \
                 those of {} ({})",
                other.from_ancestor.as_deref().unwrap_or("of the merge"),
                case.scene.spdx(&other.key),
                other.basis.name()
            );
            let base = Base { license: closed, terms };
            let fix = "merge other models: no licence fits both of these parents".to_owned();
            let mut finding = case.against(&base, Code::ParentsIrreconcilable, &what, fix);
            finding.because.extend(other.evidence.iter().cloned());
            finding.because.sort();
            finding.because.dedup();
            findings.push(finding);
        }
    }
}

/// Pairs of parents' licences that no licence of the merge can satisfy, the closed one first.
pub(super) fn irreconcilable<'a>(case: &Case<'a>) -> Vec<(&'a AppliedLicense, &'a AppliedLicense)> {
    let decided = |license: &&AppliedLicense| {
        license.relation == Some(RelationKind::MergedFrom) && license.alternatives.is_empty()
    };
    let parents: Vec<&AppliedLicense> =
        case.assessment.effective.licenses.iter().filter(decided).collect();
    let mut seen = BTreeSet::new();
    let mut pairs = Vec::new();
    for &closed in &parents {
        for &other in &parents {
            let (Some(terms), Some(others)) =
                (case.scene.terms(&closed.key), case.scene.terms(&other.key))
            else {
                continue;
            };
            let ordered = if closed.key < other.key {
                (&closed.key, &other.key)
            } else {
                (&other.key, &closed.key)
            };
            if closed.key != other.key && is_closed(terms) && limits(others) && seen.insert(ordered)
            {
                pairs.push((closed, other));
            }
        }
    }
    pairs
}

/// Whether nothing may be added to the terms of derivatives.
fn is_closed(terms: &LicenseTerms) -> bool {
    Freedom::of(terms) == Freedom::Same
        || terms.grant.relicense_derivatives.contains("must not limit")
}

/// Whether derivatives inherit a limit.
fn limits(terms: &LicenseTerms) -> bool {
    !terms.restrictions.is_empty()
        || terms.grant.permitted_use != "any"
        || matches!(Freedom::of(terms), Freedom::Same | Freedom::Forbidden)
}
