use super::compare::loss;
use crate::evaluate::tests::terms_for_tests;
use crate::model::{LicenseTerms, Mental, UseRestriction};

fn restriction(category: &str, mental: Mental, exceptions: &[&str]) -> UseRestriction {
    UseRestriction {
        label: format!("({category})"),
        categories: vec![category.to_owned()],
        mental,
        exceptions: exceptions.iter().map(|it| (*it).to_owned()).collect(),
        note: None,
    }
}

fn terms(restrictions: Vec<UseRestriction>) -> LicenseTerms {
    LicenseTerms { restrictions, ..terms_for_tests("x", "free-with-flowdown") }
}

/// Missing categories, then how each weaker one is weaker.
#[track_caller]
fn check(base: UseRestriction, own: Vec<UseRestriction>, missing: &[&str], weaker: &[&str]) {
    let (base, own) = (terms(vec![base]), terms(own));
    let loss = loss(&base, &[&own]);
    assert_eq!(loss.missing.iter().map(String::as_str).collect::<Vec<_>>(), missing);
    assert_eq!(loss.weaker.iter().map(ToString::to_string).collect::<Vec<_>>(), weaker);
}

#[test]
fn what_is_said_as_broadly_is_kept() {
    use Mental::{Effect, Intent, IntentOrEffect, None};
    for (base, own) in [
        (None, None),
        (Intent, None),
        (IntentOrEffect, None),
        (Intent, IntentOrEffect),
        (Effect, IntentOrEffect),
    ] {
        check(restriction("malware", base, &[]), vec![restriction("malware", own, &[])], &[], &[]);
    }
}

#[test]
fn what_is_nowhere_is_missing() {
    let own = vec![restriction("military", Mental::None, &[])];
    check(restriction("malware", Mental::None, &[]), own, &["malware"], &[]);
}

#[test]
fn a_narrower_mental_element_weakens() {
    let own = |mental| vec![restriction("malware", mental, &[])];
    check(
        restriction("malware", Mental::None, &[]),
        own(Mental::Intent),
        &[],
        &["malware ((malware) against (malware): only with intent)"],
    );
    check(
        restriction("malware", Mental::IntentOrEffect, &[]),
        own(Mental::Intent),
        &[],
        &["malware ((malware) against (malware): intent instead of intent-or-effect)"],
    );
    check(
        restriction("malware", Mental::Effect, &[]),
        own(Mental::Intent),
        &[],
        &["malware ((malware) against (malware): intent instead of effect)"],
    );
}

#[test]
fn an_added_exception_weakens_and_a_dropped_one_does_not() {
    check(
        restriction("malware", Mental::None, &[]),
        vec![restriction("malware", Mental::None, &["with-consent"])],
        &[],
        &["malware ((malware) against (malware): with exception with-consent)"],
    );
    check(
        restriction("malware", Mental::None, &["with-consent"]),
        vec![restriction("malware", Mental::None, &[])],
        &[],
        &[],
    );
}

#[test]
fn one_restriction_that_covers_it_is_enough() {
    let own = vec![
        restriction("malware", Mental::Intent, &[]),
        restriction("malware", Mental::None, &[]),
    ];
    check(restriction("malware", Mental::None, &[]), own, &[], &[]);
}
