use flowdown_plugin_sdk::harness::{Harness, model};
use serde_json::{Value, json};

use super::*;

/// Whether `value` of the fact `name` is a statement that a contract holds the terms. It is never
/// one that decides which.
fn check(name: &str, value: &Value, calls_for_a_contract: bool) {
    let artifact = model("acme/small", &[(name, value.clone())]);
    let answer = Harness::new(&FLOWDOWN_PLUGIN).unwrap().resolve(vec![artifact]).unwrap();
    let claims: Vec<_> = answer.artifacts.into_iter().flat_map(|it| it.claims).collect();
    assert_eq!(!claims.is_empty(), calls_for_a_contract, "{name}: {value}");
    for claim in claims {
        let patterns = ["commercial-flowdown-template", "commercial-no-conveyance-template"];
        assert_eq!(claim.candidates, patterns, "{value}");
        assert_eq!(claim.expression, None, "{value}");
    }
}

#[test]
fn names_of_commercial_licences_only_say_that_there_is_a_contract() {
    check("card.license", &json!("proprietary"), true);
    check("card.license", &json!("Commercial"), true);
    check("card.license-name", &json!("proprietary-license"), true);
    check("manifest.package", &json!({ "license": "UNLICENSED" }), true);
    check("manifest.package", &json!({ "license": "Proprietary" }), true);
    check("manifest.package", &json!({ "license": "LicenseRef-Proprietary" }), true);
    let classifier = "License :: Other/Proprietary License";
    check("manifest.package", &json!({ "license-classifiers": [classifier] }), true);
}

#[test]
fn other_names_are_left_to_those_who_know_them() {
    check("card.license", &json!("other"), false);
    check("card.license", &json!("mit"), false);
    check("card.license", &json!("unlicense"), false);
    check("manifest.package", &json!({ "license": "Unlicense" }), false);
    check("manifest.package", &json!({ "license": "SEE LICENSE IN LICENSE.txt" }), false);
}

#[test]
fn the_records_are_patterns_of_nobody() {
    let description = resolver().describe();
    assert_eq!(description.terms.len(), 2);
    for terms in description.terms {
        assert_eq!(terms.verified, "seed", "{}", terms.key);
        assert!(terms.key.ends_with("-template") && terms.detect.title_phrases.is_empty());
    }
}
