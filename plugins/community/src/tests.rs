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
fn a_tag_of_one_version_decides_and_a_dated_one_does_not() {
    let claim = check("llama3.1");
    assert_eq!(claim.candidates, ["llama-3.1"]);
    let expression = "LicenseRef-scancode-llama-3.1-license-2024";
    assert_eq!(claim.expression.as_deref(), Some(expression));
    let claim = check("Gemma");
    assert_eq!(claim.candidates, ["gemma-tou-2024-04-01", "gemma-tou-2025-03-24"]);
    assert_eq!(claim.expression, None);
}

#[test]
fn every_text_policy_and_notice_has_a_fingerprint() {
    let description = resolver().describe();
    let has_profile = |key: &str, kind| {
        description.profiles.iter().any(|profile| profile.key == key && profile.kind == kind)
    };
    for terms in &description.terms {
        assert!(has_profile(&terms.key, ProfileKind::License), "{}", terms.key);
        for duty in &terms.obligation {
            if let Some(policy) = duty.params.get("policy_ref").and_then(|it| it.as_str()) {
                assert!(has_profile(policy, ProfileKind::UsePolicy), "{policy}");
            }
            if let Some(id) = duty.params.get("phrase_id").and_then(|it| it.as_str()) {
                assert!(description.phrases.iter().any(|phrase| phrase.label == id), "{id}");
            }
        }
    }
}
