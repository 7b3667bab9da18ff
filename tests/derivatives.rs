//! Conflicts along a lineage as they occur in the wild, rebuilt small and scanned by the program.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use flowdown_test_support::safetensors::SafetensorsBuilder;
use serde_json::Value;

/// A folder for one model: its card's front matter, and weights that no other model has.
fn model(tree: &Path, name: &str, card: &str) {
    let folder = tree.join(name);
    fs::create_dir_all(&folder).unwrap();
    let bytes = name.as_bytes();
    let shape = [bytes.len() as u64];
    let weights = SafetensorsBuilder::new().tensor("model.weight", "U8", &shape, bytes).build();
    fs::write(folder.join("model.safetensors"), weights).unwrap();
    fs::write(folder.join("README.md"), format!("---\n{card}---\n# {name}\n")).unwrap();
}

/// Scans the models and returns the native document.
fn scan(models: &[(&str, &str)]) -> Value {
    let tree = tempfile::tempdir().unwrap();
    for (name, card) in models {
        model(tree.path(), name, card);
    }
    let output = Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .args(["scan", tree.path().to_str().unwrap(), "-o", "json=-"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// The findings about lineage and naming on the model `name`.
fn findings<'a>(document: &'a Value, name: &str) -> Vec<&'a Value> {
    let artifacts = document["inventory"]["artifacts"].as_array().unwrap();
    let artifact = artifacts.iter().find(|artifact| artifact["name"] == name).unwrap();
    let findings = document["assessment"]["findings"].as_array().unwrap();
    let wanted = |finding: &&Value| {
        let rule = finding["rule"].as_str().unwrap();
        finding["artifact"] == artifact["id"]
            && (rule.starts_with("lineage.") || rule == "flowdown.model-naming-missing")
    };
    findings.iter().filter(wanted).collect()
}

#[track_caller]
fn check(models: &[(&str, &str)], expected: &[&str]) {
    let document = scan(models);
    let found: BTreeSet<&str> = findings(&document, models[0].0)
        .iter()
        .map(|finding| finding["rule"].as_str().unwrap())
        .collect();
    assert_eq!(found, expected.iter().copied().collect::<BTreeSet<_>>());
}

#[test]
fn a_reasoning_model_on_llama_declared_mit() {
    check(
        &[(
            "R1-Distill-8B",
            "license: mit\nbase_model: meta-llama/Llama-3.1-8B\nbase_model_relation: finetune\n",
        )],
        &["flowdown.model-naming-missing", "lineage.base-terms-omitted"],
    );
}

#[test]
fn a_vision_model_on_llama_2_declared_apache() {
    let base = ("base", "license: llama2\n");
    check(
        &[
            ("llava", "license: apache-2.0\nbase_model: base\nbase_model_relation: finetune\n"),
            base,
        ],
        &["lineage.base-terms-omitted"],
    );
}

#[test]
fn a_stable_diffusion_model_declared_mit() {
    check(
        &[(
            "anime",
            "license: mit\nbase_model: CompVis/stable-diffusion-v1-4\nbase_model_relation: finetune\n",
        )],
        &["lineage.restriction-stripped"],
    );
}

#[test]
fn a_weaker_list_in_place_of_attachment_a() {
    let models = [
        ("weak", "license: bigcode-openrail-m\nbase_model: base\nbase_model_relation: finetune\n"),
        ("base", "license: creativeml-openrail-m\n"),
    ];
    check(&models, &["lineage.restriction-stripped", "lineage.restriction-weakened"]);
    let document = scan(&models);
    let messages: Vec<&str> = findings(&document, "weak")
        .iter()
        .map(|finding| finding["message"].as_str().unwrap())
        .collect();
    let said = messages.join("\n");
    let missing = "1 of its 14 restriction categories are in none of the artifact's own terms: \
                   crime-prediction";
    let narrower = "pii-harm (bullet-4 against (e): intent instead of effect)";
    for part in [missing, "9 of its 14", narrower, "medical-advice"] {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[test]
fn a_stronger_list_is_no_loss() {
    check(
        &[
            (
                "strong",
                "license: bigscience-openrail-m\nbase_model: base\nbase_model_relation: finetune\n",
            ),
            ("base", "license: creativeml-openrail-m\n"),
        ],
        &[],
    );
}

#[test]
fn gemma_terms_under_an_apache_tag() {
    check(
        &[(
            "helper",
            "license: apache-2.0\nbase_model: google/gemma-7b\nbase_model_relation: finetune\n",
        )],
        &["lineage.base-terms-omitted"],
    );
}

#[test]
fn a_merge_of_copyleft_and_restricted_weights() {
    check(
        &[
            (
                "merged",
                "license: gpl-3.0\nbase_model: [copyleft, rail]\nbase_model_relation: merge\n",
            ),
            ("copyleft", "license: gpl-3.0\n"),
            ("rail", "license: bigscience-openrail-m\n"),
        ],
        &["lineage.parents-irreconcilable", "lineage.restriction-stripped"],
    );
}

#[test]
fn a_quantized_copy_of_what_may_not_be_changed() {
    check(
        &[
            ("small", "license: cc-by-nd-4.0\nbase_model: big\nbase_model_relation: quantized\n"),
            ("big", "license: cc-by-nd-4.0\n"),
        ],
        &["lineage.derivative-forbidden"],
    );
}

#[test]
fn share_alike_and_non_commercial_bases() {
    let derived = "license: apache-2.0\nbase_model: base\nbase_model_relation: finetune\n";
    check(
        &[("open", derived), ("base", "license: cc-by-sa-4.0\n")],
        &["lineage.share-alike-broken"],
    );
    check(
        &[("open", derived), ("base", "license: cc-by-nc-4.0\n")],
        &["lineage.non-commercial-base"],
    );
}

#[test]
fn a_student_of_llama_2() {
    let models = [
        ("student", "license: apache-2.0\nbase_model: teacher\nbase_model_relation: distilled\n"),
        ("teacher", "license: llama2\n"),
    ];
    check(&models, &["lineage.base-terms-omitted", "lineage.trains-other-models"]);
    let document = scan(&models);
    let of_artifact = document["assessment"]["artifacts"].as_object().unwrap();
    let open = of_artifact.values().filter(|it| it["effective"].get("expression").is_none());
    // Whether a student is a derivative, the text leaves open.
    assert_eq!(open.count(), 1);
}

#[test]
fn a_base_that_was_relicensed() {
    let card = "license: apache-2.0\nbase_model: 01-ai/Yi-6B\nbase_model_relation: finetune\n";
    let document = scan(&[("mine", card)]);
    let skew: Vec<_> = findings(&document, "mine")
        .into_iter()
        .filter(|finding| finding["rule"] == "lineage.version-skew")
        .collect();
    assert_eq!(skew.len(), 1);
    assert!(skew[0]["message"].as_str().unwrap().contains("2024-05-30"));
}

#[test]
fn nothing_is_concluded_from_what_nobody_knows() {
    check(
        &[("mine", "license: mit\nbase_model: nobody/knows\nbase_model_relation: finetune\n")],
        &["lineage.ancestor-unknown"],
    );
}
