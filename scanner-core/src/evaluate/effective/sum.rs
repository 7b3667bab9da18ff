//! What all licences that apply come to: limits add up, the lowest threshold counts (rules C6 and
//! C11), every restriction stands.

use std::collections::{BTreeMap, BTreeSet};

use crate::evaluate::Scene;
use crate::model::{AppliedLicense, EffectiveThreshold, UseLimit};

pub(super) struct Sum {
    pub(super) use_limits: Vec<UseLimit>,
    pub(super) thresholds: Vec<EffectiveThreshold>,
    pub(super) categories: BTreeSet<String>,
}

pub(super) fn of(licenses: &[AppliedLicense], scene: &Scene<'_>) -> Sum {
    let mut limits = BTreeSet::new();
    let mut lowest: BTreeMap<&str, EffectiveThreshold> = BTreeMap::new();
    let mut categories = BTreeSet::new();
    for license in licenses {
        let Some(terms) = scene.terms(&license.key) else { continue };
        if terms.grant.permitted_use != "any" {
            limits.insert(UseLimit {
                license: license.key.clone(),
                permitted_use: terms.grant.permitted_use.clone(),
            });
        }
        for threshold in &terms.thresholds {
            let candidate =
                EffectiveThreshold { license: license.key.clone(), threshold: threshold.clone() };
            let lowest = lowest.entry(&threshold.metric).or_insert_with(|| candidate.clone());
            if threshold.value < lowest.threshold.value {
                *lowest = candidate;
            }
        }
        let restrictions = terms.restrictions.iter();
        categories.extend(restrictions.flat_map(|restriction| restriction.categories.clone()));
    }
    Sum {
        use_limits: limits.into_iter().collect(),
        thresholds: lowest.into_values().collect(),
        categories,
    }
}
