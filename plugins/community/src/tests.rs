use std::collections::BTreeSet;

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

/// Policies that live at an address of the licensor and were not at hand.
const POLICIES_ELSEWHERE: [&str; 8] = [
    "chameleon-aup",
    "cohere-c4ai-aup",
    "databricks-open-model-aup",
    "falcon-aup",
    "nvidia-trustworthy-ai",
    "seamless-aup",
    "stability-aup",
    "xai-aup",
];

/// Notices of licences whose text was not at hand.
const NOTICES_UNKNOWN: [&str; 3] = ["mistral-mnpl", "mistral-mrl", "powered-by-xai"];

#[test]
fn every_text_policy_and_notice_has_a_fingerprint() {
    let description = resolver().describe();
    let has_profile = |key: &str, kind| {
        description.profiles.iter().any(|profile| profile.key == key && profile.kind == kind)
    };
    let (mut policies, mut notices) = (BTreeSet::new(), BTreeSet::new());
    for terms in &description.terms {
        assert_eq!(has_profile(&terms.key, ProfileKind::License), terms.has_text, "{}", terms.key);
        for duty in &terms.obligation {
            let param = |name: &str| duty.params.get(name).and_then(|value| value.as_str());
            policies
                .extend(param("policy_ref").filter(|it| !has_profile(it, ProfileKind::UsePolicy)));
            let known = |id: &&str| description.phrases.iter().any(|phrase| phrase.label == **id);
            notices.extend(param("phrase_id").filter(|id| !known(id)));
        }
    }
    assert_eq!(policies, BTreeSet::from(POLICIES_ELSEWHERE));
    assert_eq!(notices, BTreeSet::from(NOTICES_UNKNOWN));
}
