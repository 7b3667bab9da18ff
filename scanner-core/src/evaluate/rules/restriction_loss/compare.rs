//! Which restrictions of a licence other terms lack, and which they say more narrowly.

use std::collections::BTreeSet;
use std::fmt;

use crate::model::{LicenseTerms, Mental, UseRestriction};

/// What gets lost between a licence and the terms in its place.
pub(super) struct Loss {
    /// Number of categories that the licence restricts.
    pub(super) categories: usize,
    /// Categories that the other terms do not restrict at all.
    pub(super) missing: BTreeSet<String>,
    /// Categories that they restrict more narrowly.
    pub(super) weaker: Vec<Weaker>,
}

/// One category that is restricted more narrowly, and how.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Weaker {
    category: String,
    /// Label in the licence and in the terms in its place.
    labels: (String, String),
    how: String,
}

impl fmt::Display for Weaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (base, own) = &self.labels;
        write!(f, "{} ({base} against {own}: {})", self.category, self.how)
    }
}

pub(super) fn loss(base: &LicenseTerms, own: &[&LicenseTerms]) -> Loss {
    let kept: Vec<&UseRestriction> = own.iter().flat_map(|terms| &terms.restrictions).collect();
    let mut categories = BTreeSet::new();
    let mut missing = BTreeSet::new();
    let mut weaker = BTreeSet::new();
    for restriction in &base.restrictions {
        for category in &restriction.categories {
            categories.insert(category);
            let same: Vec<&&UseRestriction> =
                kept.iter().filter(|own| own.categories.contains(category)).collect();
            match same.first() {
                None => {
                    missing.insert(category.clone());
                }
                Some(first) if !same.iter().any(|own| narrowing(restriction, own).is_none()) => {
                    weaker.insert(Weaker {
                        category: category.clone(),
                        labels: (restriction.label.clone(), first.label.clone()),
                        how: narrowing(restriction, first).unwrap_or_default(),
                    });
                }
                Some(_) => {}
            }
        }
    }
    Loss { categories: categories.len(), missing, weaker: weaker.into_iter().collect() }
}

/// How `own` is narrower than `base`; `None` when it covers all that `base` does.
fn narrowing(base: &UseRestriction, own: &UseRestriction) -> Option<String> {
    let added: Vec<&str> = own
        .exceptions
        .iter()
        .filter(|exception| !base.exceptions.contains(exception))
        .map(String::as_str)
        .collect();
    let mental = (!covers(own.mental, base.mental)).then(|| match base.mental {
        Mental::None => format!("only with {}", own.mental.name()),
        broader => format!("{} instead of {}", own.mental.name(), broader.name()),
    });
    let exceptions = (!added.is_empty()).then(|| format!("with exception {}", added.join(", ")));
    match (mental, exceptions) {
        (Some(mental), Some(exceptions)) => Some(format!("{mental}, {exceptions}")),
        (mental, exceptions) => mental.or(exceptions),
    }
}

/// Whether a restriction with the mental element `own` forbids all that one with `base` does.
fn covers(own: Mental, base: Mental) -> bool {
    own == Mental::None
        || own == base
        || own == Mental::IntentOrEffect && matches!(base, Mental::Intent | Mental::Effect)
}

/// Whether the licence is content with restrictions that are similar to its own.
pub(super) fn allows_similar(terms: &LicenseTerms) -> bool {
    terms
        .obligations
        .iter()
        .filter(|duty| duty.kind == "flowdown-use-restrictions")
        .any(|duty| duty.params.get("equivalence_ok").is_some_and(|value| value == "true"))
}
