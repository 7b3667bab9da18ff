//! What differs between the two descriptions of one component.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::canonical;
use super::summary::{full_name, license};
use super::{Change, Topic, Weight};
use crate::bom::{Ancestor, Component};
use crate::model::Purl;

/// Every difference, by topic; `compared` says which topics both documents mention.
pub(super) fn differences(
    old: &Component,
    new: &Component,
    same_format: bool,
    compared: &dyn Fn(Topic) -> bool,
) -> Vec<Change> {
    let best = |component: &Component| -> BTreeSet<String> {
        license(component).iter().map(|text| canonical(text)).collect()
    };
    let license_differs = best(old) != best(new);
    let of_licenses = |topic: Topic, before: &[String], after: &[String]| {
        // That one side now says more of the same licence is no other licence.
        let both = !before.is_empty() && !after.is_empty();
        let weight = if license_differs || both { Weight::Policy } else { Weight::Note };
        by_meaning(topic, weight, before, after, canonical)
    };
    let (before, after) = (&old.licenses, &new.licenses);
    let effective = |component: &Component| Vec::from_iter(component.licenses.effective.clone());
    let ancestors =
        |component: &Component| component.ancestors.iter().map(words).collect::<Vec<_>>();
    let restrictions = |component: &Component| Vec::from_iter(component.restrictions.clone());
    let obligations = |component: &Component| Vec::from_iter(component.obligations.clone());
    let found = [
        of_licenses(Topic::Declared, &before.declared, &after.declared),
        of_licenses(Topic::Concluded, &before.concluded, &after.concluded),
        by_meaning(Topic::Effective, Weight::Policy, &effective(old), &effective(new), canonical),
        plain(Topic::Restrictions, Weight::Policy, &restrictions(old), &restrictions(new)),
        plain(Topic::Obligations, Weight::Policy, &obligations(old), &obligations(new)),
        plain(Topic::Ancestors, Weight::Note, &ancestors(old), &ancestors(new)),
        plain(Topic::Name, Weight::Note, &[full_name(old)], &[full_name(new)]),
        // Every format has its own words for kinds.
        same_format
            .then(|| {
                plain(
                    Topic::Kind,
                    Weight::Note,
                    std::slice::from_ref(&old.kind),
                    std::slice::from_ref(&new.kind),
                )
            })
            .flatten(),
        plain(Topic::Version, Weight::Note, &version(old), &version(new)),
        digests(old, new),
        plain(Topic::Copyright, Weight::Note, &old.copyright, &new.copyright),
        plain(Topic::Supplier, Weight::Note, old.supplier.as_slice(), new.supplier.as_slice()),
        plain(Topic::Scope, Weight::Note, &scope(old), &scope(new)),
    ];
    found.into_iter().flatten().filter(|change| compared(change.topic)).collect()
}

/// What stands only in one of two lists, in their order.
fn plain(topic: Topic, weight: Weight, old: &[String], new: &[String]) -> Option<Change> {
    by_meaning(topic, weight, old, new, str::to_owned)
}

fn by_meaning(
    topic: Topic,
    weight: Weight,
    old: &[String],
    new: &[String],
    meaning: impl Fn(&str) -> String,
) -> Option<Change> {
    let meanings =
        |texts: &[String]| -> BTreeSet<String> { texts.iter().map(|text| meaning(text)).collect() };
    let (in_old, in_new) = (meanings(old), meanings(new));
    let only = |texts: &[String], other: &BTreeSet<String>| -> Vec<String> {
        texts.iter().filter(|text| !other.contains(&meaning(text))).cloned().collect()
    };
    let (old, new) = (only(old, &in_new), only(new, &in_old));
    (!old.is_empty() || !new.is_empty()).then_some(Change { topic, weight, old, new })
}

fn version(component: &Component) -> Vec<String> {
    Vec::from_iter(component.version.clone())
}

fn scope(component: &Component) -> Vec<String> {
    let word = if component.is_development_only { "development only" } else { "part of it" };
    vec![word.to_owned()]
}

/// Digests by the algorithms that both documents use; others cannot be compared.
fn digests(old: &Component, new: &Component) -> Option<Change> {
    let by_algorithm = |component: &Component| {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (algorithm, digits) in &component.hashes {
            found.entry(algorithm.clone()).or_default().insert(digits.clone());
        }
        found
    };
    let (before, after) = (by_algorithm(old), by_algorithm(new));
    let common = || before.keys().filter(|algorithm| after.contains_key(*algorithm));
    let only = |of: &BTreeMap<String, BTreeSet<String>>, other: &BTreeMap<_, BTreeSet<String>>| {
        common()
            .flat_map(|algorithm| {
                of[algorithm]
                    .difference(&other[algorithm])
                    .map(move |digits| format!("{algorithm}:{digits}"))
            })
            .collect::<Vec<_>>()
    };
    let (old, new) = (only(&before, &after), only(&after, &before));
    let differs = !old.is_empty() || !new.is_empty();
    differs.then_some(Change { topic: Topic::Digests, weight: Weight::Note, old, new })
}

/// An ancestor by its purl without version, else its name: a new commit of a base is no other base.
fn words(ancestor: &Ancestor) -> String {
    let purl = ancestor.purl.as_deref().and_then(Purl::parse);
    let base = purl.as_ref().map(|purl| super::pair::base(purl).to_owned());
    let name = base.unwrap_or_else(|| ancestor.name.clone());
    match &ancestor.relation {
        Some(relation) => format!("{relation} {name}"),
        None => name,
    }
}
