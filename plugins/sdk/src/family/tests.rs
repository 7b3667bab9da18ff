use serde_json::{Value, json};

use super::*;
use crate::message::FactView;

fn terms(key: &str, family: &str, licensor: &str, hf: &[&str]) -> Terms {
    let record = json!({
        "schema": 1, "key": key, "name": format!("Title of {key}"), "family": family,
        "licensor": licensor, "verified": "read", "has_text": true,
        "ids": {
            "spdx_ref": format!("LicenseRef-scan-{key}"), "hf": hf,
            "scancode": [format!("sc-{key}")], "aliases": [format!("{key} alias")],
        },
        "grant": {
            "conveyance": "direct-license", "directness": "explicit", "acceptance": "by-use",
            "sublicensable": false, "relicense_derivatives": "", "clause": "1",
            "legal_basis": [], "revocable": "", "covers": [], "use": "any",
        },
    });
    serde_json::from_value(record).unwrap()
}

fn family() -> Family {
    let terms = vec![
        terms("a-1", "f", "Acme Inc.", &["a1", "shared", "other:a-one"]),
        terms("a-2", "f", "Acme Ltd", &["shared"]),
        terms("b", "f", "Bond", &[]),
    ];
    Family::new("test", "1", Knowledge { terms, ..Knowledge::default() }).with_tag(
        TagScheme::HuggingFace,
        "everything",
        &["a-1", "a-2", "b"],
    )
}

/// The claims about an artifact with these facts and text matches (key, kind, recognition):
/// stated words, candidates, expression, evidence.
fn check(facts: &[(&str, Value)], matches: &[(&str, ProfileKind, &str)], expected: &[&str]) {
    let fact = |(name, value): &(&str, Value)| FactView {
        name: (*name).into(),
        value: value.clone(),
        path: "README.md".into(),
    };
    let text_match = |(key, kind, recognition): &(&str, ProfileKind, &str)| TextMatchView {
        key: (*key).into(),
        kind: *kind,
        recognition: (*recognition).into(),
        path: "LICENSE".into(),
    };
    let artifact = ArtifactView {
        id: "id".into(),
        kind: "model".into(),
        name: None,
        facts: facts.iter().map(fact).collect(),
        text_matches: matches.iter().map(text_match).collect(),
        parents: Vec::new(),
    };
    let request = ResolveRequest {
        abi: 1,
        settings: BTreeMap::new(),
        product: None,
        artifacts: vec![artifact],
    };
    let answer = family().resolve(&request).unwrap();
    let found: Vec<String> = answer
        .artifacts
        .iter()
        .flat_map(|resolution| &resolution.claims)
        .map(|claim| {
            format!(
                "{} {:?} {} {} {:?}",
                claim.basis,
                claim.stated.as_deref().unwrap_or("-"),
                claim.candidates.join("|"),
                claim.expression.as_deref().unwrap_or("-"),
                claim.evidence
            )
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_tag_of_one_licence_decides() {
    let expected = ["declared \"A1\" a-1 LicenseRef-scan-a-1 [Fact(0)]"];
    check(&[("card.license", json!("A1"))], &[], &expected);
    let expected = ["declared \"licenseref-SCAN-b\" b LicenseRef-scan-b [Fact(0)]"];
    check(&[("gguf.general.license", json!("licenseref-SCAN-b"))], &[], &expected);
    let expected = ["declared \"sc-b\" b LicenseRef-scan-b [Fact(0)]"];
    check(&[("safetensors.metadata.license", json!("sc-b"))], &[], &expected);
}

#[test]
fn a_shared_tag_gives_every_candidate_and_no_expression() {
    check(
        &[("card.license", json!(["shared"]))],
        &[],
        &["declared \"shared\" a-1|a-2 - [Fact(0)]"],
    );
    let expected = ["declared \"everything\" a-1|a-2|b - [Fact(0)]"];
    check(&[("card.license", json!("everything"))], &[], &expected);
}

#[test]
fn a_name_counts_only_beside_a_tag_that_says_nothing() {
    let other = ("card.license", json!("other"));
    let expected = ["declared \"a-one\" a-1 LicenseRef-scan-a-1 [Fact(1), Fact(0)]"];
    check(&[other, ("card.license-name", json!("a-one"))], &[], &expected);
    let expected = ["declared \"b alias\" b LicenseRef-scan-b [Fact(0)]"];
    check(&[("gguf.general.license.name", json!("b alias"))], &[], &expected);
    let expected = ["declared \"a1\" a-1 LicenseRef-scan-a-1 [Fact(0)]"];
    check(&[("card.license", json!("a1")), ("card.license-name", json!("b"))], &[], &expected);
}

#[test]
fn words_of_others_are_not_answered() {
    let mit = [("card.license", json!("mit")), ("card.base-model", json!("a1"))];
    check(&mit, &[("MIT", ProfileKind::License, "exact")], &[]);
    check(&[("manifest.package", json!({"license": "a1"}))], &[], &[]);
    check(&[("card.license", json!(7))], &[], &[]);
}

#[test]
fn a_recognised_text_is_detected_and_a_near_one_gives_siblings() {
    use ProfileKind::{License, UsePolicy};
    let expected = ["detected \"-\" a-1 LicenseRef-scan-a-1 [TextMatch(0)]"];
    check(&[], &[("a-1", License, "exact")], &expected);
    check(&[], &[("a-1", License, "variant")], &expected);
    check(&[], &[("a-1", License, "family")], &["detected \"-\" a-1|a-2 - [TextMatch(0)]"]);
    check(&[], &[("b", License, "family")], &["detected \"-\" a-1|a-2|b - [TextMatch(0)]"]);
    check(&[], &[("a-1", UsePolicy, "exact")], &[]);
}

#[test]
fn the_description_lists_every_name() {
    let description = family().describe();
    assert_eq!(description.families, ["f"]);
    let shared = Tag {
        scheme: TagScheme::HuggingFace,
        name: "shared".into(),
        candidates: vec!["a-1".into(), "a-2".into()],
    };
    assert!(description.tags.contains(&shared));
    assert!(description.tags.iter().any(|tag| tag.name == "a-one"));
}
