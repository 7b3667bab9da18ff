//! What the vendor has not declared, and what it would decide: one finding for each key.

use std::collections::{BTreeMap, BTreeSet};

use super::{Case, Code, ProductCase, Rule};
use crate::evaluate::obligations::{keys, threshold};
use crate::model::{Dormancy, Finding, LicenseTerms, Location};

pub(super) struct DeclarationMissing;

/// What one key would decide.
#[derive(Default)]
struct Open {
    questions: BTreeSet<String>,
    places: BTreeSet<Location>,
}

/// Questions that a message names; more are counted.
const NAMED: usize = 6;
/// Places that a finding names.
const PLACES: usize = 16;

impl Rule for DeclarationMissing {
    fn id(&self) -> &'static str {
        "declaration_missing"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::DeclarationMissing]
    }

    fn check_product(&self, product: &ProductCase<'_>, findings: &mut Vec<Finding>) {
        let cases = product.cases;
        let mut open: BTreeMap<&'static str, Open> = BTreeMap::new();
        for case in cases {
            questions(case, &mut open);
        }
        findings.extend(open.into_iter().map(|(key, open)| finding(key, open, cases)));
    }
}

fn questions(case: &Case<'_>, open: &mut BTreeMap<&'static str, Open>) {
    let product = case.scene.product;
    let mut ask = |key, question: String| {
        let entry = open.entry(key).or_default();
        entry.questions.insert(question);
        entry.places.extend(case.places());
    };
    for owed in &case.assessment.obligations {
        let terms = case.scene.terms(&owed.license);
        if owed.dormancy == Dormancy::Dormant {
            continue;
        }
        for key in keys::missing(case.artifact, owed, terms, product) {
            let what = threshold::of(&owed.obligation, terms).map_or_else(
                || format!("`{}`", owed.obligation.kind),
                |it| format!("`{}` {}", it.metric, threshold::words(it)),
            );
            let (license, clause) = (case.scene.spdx(&owed.license), &owed.obligation.clause);
            ask(key, format!("{license} clause {clause}: {what}"));
        }
    }
    for license in &case.assessment.effective.licenses {
        let Some(terms) = case.scene.terms(&license.key) else { continue };
        for threshold in threshold::without_obligation(terms) {
            if let Some(key) = threshold::missing_key(threshold, product) {
                ask(key, consequence(terms, threshold));
            }
        }
    }
}

fn consequence(terms: &LicenseTerms, threshold: &crate::model::Threshold) -> String {
    format!(
        "{} clause {}: `{}` {}, then {}",
        terms.spdx,
        threshold.clause,
        threshold.metric,
        threshold::words(threshold),
        threshold.effect
    )
}

fn finding(key: &str, open: Open, cases: &[Case<'_>]) -> Finding {
    let count = open.questions.len();
    let mut questions: Vec<String> = open.questions.into_iter().take(NAMED).collect();
    if count > NAMED {
        questions.push(format!("and {} more", count - NAMED));
    }
    let name = key.trim_start_matches("product.");
    let settings = cases
        .first()
        .and_then(|case| case.scene.product?.declared_in.as_ref())
        .map(Location::user_file);
    Finding {
        artifact: None,
        rule: Code::DeclarationMissing,
        license: None,
        clause: None,
        message: format!("`{key}` is not declared; it decides {}", questions.join("; ")),
        because: settings.into_iter().chain(open.places.into_iter().take(PLACES)).collect(),
        fix: format!("declare `{name}` in the table `[product]` of `flowdown.toml`"),
    }
}
