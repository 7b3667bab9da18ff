use flowdown_plugin_sdk::harness::{Harness, model};
use flowdown_plugin_sdk::message::{LicenseClaim, ProfileKind};

use super::*;

/// The single claim that a card with this tag gives.
fn check(tag: &str) -> LicenseClaim {
    let artifact = model("acme/small", &[("card.license", tag.into())]);
    let mut answer = Harness::new(&FLOWDOWN_PLUGIN).unwrap().resolve(vec![artifact]).unwrap();
    answer.artifacts.remove(0).claims.remove(0)
}

#[test]
fn a_tag_of_one_text_decides_and_shared_tags_do_not() {
    let claim = check("bigcode-openrail-m");
    assert_eq!(claim.candidates, ["bigcode-openrail-m-v1"]);
    let expression = "LicenseRef-scancode-bigcode-open-rail-m-v1";
    assert_eq!(claim.expression.as_deref(), Some(expression));
    let claim = check("openrail++");
    assert_eq!(claim.candidates, ["creativeml-openrailpp-m", "creativeml-openrailpp-m-sdxl-1.0"]);
    assert_eq!(claim.expression, None);
}

#[test]
fn the_family_tag_means_every_openrail_m_licence() {
    let claim = check("openrail");
    assert_eq!(claim.candidates.len(), 10);
    assert!(!claim.candidates.contains(&"bigscience-bloom-rail-1.0".to_owned()));
    assert_eq!(claim.expression, None);
}

#[test]
fn every_record_with_a_text_has_a_fingerprint() {
    let description = resolver().describe();
    for terms in description.terms.iter().filter(|terms| terms.has_text) {
        let profile = description.profiles.iter().find(|profile| profile.key == terms.key);
        let profile = profile.unwrap_or_else(|| panic!("{} has no fingerprint", terms.key));
        assert_eq!(profile.kind, ProfileKind::License, "{}", terms.key);
        assert!(!profile.permissive, "{}", terms.key);
    }
}

#[test]
fn every_restriction_of_bigcode_can_be_quoted() {
    let description = resolver().describe();
    let key = "bigcode-openrail-m-v1";
    let profile = description.profiles.iter().find(|profile| profile.key == key).unwrap();
    let terms = description.terms.iter().find(|terms| terms.key == key).unwrap();
    let wording: Vec<&str> = profile.clauses.iter().map(|clause| clause.label.as_str()).collect();
    let labels: Vec<&str> = terms.restriction.iter().map(|it| it.label.as_str()).collect();
    assert_eq!(wording, labels);
    assert_eq!(labels.len(), 14);
}
