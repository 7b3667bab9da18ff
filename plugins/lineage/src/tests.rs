use flowdown_plugin_sdk::harness::{Harness, model};
use flowdown_plugin_sdk::message::FactView;
use serde_json::{Value, json};

use super::*;

/// An artifact called `me/model` of this kind with these facts has these relations, written
/// `relation target [evidence]`, and these diagnostics. A fact is written `name` or `name @ path`.
fn check(kind: &str, facts: &[(&str, Value)], expected: &[&str]) {
    let fact = |(name, value): &(&str, Value)| {
        let (name, path) = name.split_once(" @ ").unwrap_or((name, "config.json"));
        FactView { name: name.into(), value: value.clone(), path: path.into() }
    };
    let facts = facts.iter().map(fact).collect();
    let artifact = ArtifactView { kind: kind.into(), facts, ..model("me/model", &[]) };
    let answer = Harness::new(&FLOWDOWN_PLUGIN).unwrap().resolve(vec![artifact]).unwrap();
    let of = |it: &RelationClaim| format!("{} {} {:?}", it.relation, it.target, it.evidence);
    let relations = answer.artifacts.iter().flat_map(|it| it.relations.iter().map(of));
    let skipped = answer.artifacts.iter().flat_map(|it| &it.diagnostics);
    let skipped = skipped.map(|it| format!("skipped {} {:?}", it.message, it.evidence));
    assert_eq!(relations.chain(skipped).collect::<Vec<_>>(), expected);
}

#[test]
fn a_base_without_a_relation_is_only_derived_from() {
    check(
        "model",
        &[("card.base-model", json!(["org/base"]))],
        &["derived-from org/base [Fact(0)]"],
    );
    let two = [("card.base-model", json!(["org/a", "org/b"]))];
    check("model", &two, &["derived-from org/a [Fact(0)]", "derived-from org/b [Fact(0)]"]);
}

#[test]
fn a_stated_relation_wins_over_what_files_suggest() {
    for (word, relation) in [
        ("finetune", "fine-tuned-from"),
        ("quantized", "quantized-from"),
        ("distilled", "distilled-from"),
        ("adapter", "adapter-of"),
        ("merge", "merged-from"),
    ] {
        let facts = [
            ("card.base-model", json!("org/base")),
            ("card.base-model-relation", json!(word)),
            ("config.quantization", json!("awq")),
        ];
        check("model", &facts, &[&format!("{relation} org/base [Fact(0)]")]);
    }
}

#[test]
fn files_suggest_a_relation() {
    let base = || ("card.base-model", json!("org/base"));
    check("adapter", &[base()], &["adapter-of org/base [Fact(0)]"]);
    let quantized = ["quantized-from org/base [Fact(0)]"];
    check("model", &[base(), ("config.quantization", json!("gptq"))], &quantized);
    check("model", &[base(), ("weights.quantization", json!("Q4_K_M"))], &quantized);
    let full = [base(), ("weights.format", json!("gguf")), ("weights.quantization", json!("F16"))];
    check("model", &full, &["converted-from org/base [Fact(0)]"]);
    let merge = [base(), ("merge.method", json!("slerp"))];
    check("model", &merge, &["merged-from org/base [Fact(0)]"]);
}

#[test]
fn a_parent_that_several_facts_name_is_one_relation() {
    let facts = [
        ("card.base-model", json!("Org/Base")),
        ("config.name-or-path", json!("/root/.cache/hub/models--org--base/snapshots/0123abcd")),
        ("adapter.base-model", json!("C:\\hub\\models--org--base\\snapshots\\0123")),
        ("tokenizer.name-or-path", json!("other/tokenizer")),
    ];
    check("adapter", &facts, &["adapter-of Org/Base [Fact(0), Fact(1), Fact(2)]"]);
}

#[test]
fn merges_name_every_parent() {
    let facts = [("merge.models", json!(["org/a", "org/b"])), ("merge.base-model", json!("org/a"))];
    let expected = ["merged-from org/a [Fact(0), Fact(1)]", "merged-from org/b [Fact(0)]"];
    check("model", &facts, &expected);
}

#[test]
fn gguf_headers_name_bases_and_sources() {
    let base = json!([
        {"name": "Base 7B", "organization": "Some Org", "repo_url": "https://huggingface.example/org/Base-7B"},
        {"name": "Base 7B", "organization": "Some Org"},
        {"version": "1"},
    ]);
    let expected =
        ["derived-from org/Base-7B [Fact(0)]", "derived-from Some-Org/Base-7B [Fact(0)]"];
    check("model", &[("gguf.general.base-model", base)], &expected);
    let source = ("gguf.general.source-repo-url", json!("https://hf.example/org/src/tree/main"));
    check("model", std::slice::from_ref(&source), &["converted-from org/src [Fact(0)]"]);
    let facts = [source, ("weights.quantization", json!("Q8_0"))];
    check("model", &facts, &["quantized-from org/src [Fact(0)]"]);
}

#[test]
fn an_artifact_is_not_its_own_parent() {
    let facts = [("config.name-or-path", json!("ME/model")), ("card.base-model", json!("org/x"))];
    let expected =
        ["derived-from org/x [Fact(1)]", "skipped `ME/model` is named as its own parent [Fact(0)]"];
    check("model", &facts, &expected);
}

#[test]
fn a_saved_path_does_not_say_how() {
    let path = || ("config.name-or-path", json!("org/base"));
    let quantized = ("config.quantization", json!("gptq"));
    check("model", &[path(), quantized], &["derived-from org/base [Fact(0)]"]);
    check("adapter", &[path()], &["adapter-of org/base [Fact(0)]"]);
}

#[test]
fn several_bases_are_not_all_the_source_of_a_quantisation() {
    let facts = [
        ("card.base-model", json!(["org/a", "org/b"])),
        ("config.quantization", json!("bitsandbytes")),
    ];
    check("model", &facts, &["derived-from org/a [Fact(0)]", "derived-from org/b [Fact(0)]"]);
}

#[test]
fn whole_weights_beside_an_adapter_are_no_adapter() {
    let facts = [("adapter.base-model", json!("org/base"))];
    check("model", &facts, &["derived-from org/base [Fact(0)]"]);
}

#[test]
fn what_a_part_of_a_pipeline_came_from_is_no_ancestor_of_the_whole() {
    let facts = [
        ("pipeline.class @ m/model_index.json", json!("StableDiffusionPipeline")),
        ("pipeline.name-or-path @ m/model_index.json", json!("org/base")),
        ("config.name-or-path @ m/text_encoder/config.json", json!("openai/clip")),
        ("config.name-or-path @ m/vae/config.json", json!("../sdxl-vae/")),
    ];
    let expected = [
        "derived-from org/base [Fact(1)]",
        "skipped the part `text_encoder` came from `openai/clip`; its terms are not among those of \
         the whole [Fact(2)]",
    ];
    check("model", &facts, &expected);
    let own_path = [
        ("pipeline.name-or-path @ model_index.json", json!("Cascade/")),
        ("config.name-or-path @ decoder/config.json", json!("Cascade/decoder")),
    ];
    check("model", &own_path, &[]);
}

#[test]
fn a_single_folder_is_a_place_and_no_name() {
    for place in ["tmp/", "output_a_mythoxwin/"] {
        check("model", &[("config.name-or-path", json!(place))], &[]);
    }
    let card = [("card.base-model", json!("base/"))];
    check("model", &card, &["derived-from base [Fact(0)]"]);
}

#[test]
fn datasets_are_trained_on() {
    let facts = [
        ("card.datasets", json!(["org/data", "wikipedia"])),
        ("card.base-model", json!("org/data")),
    ];
    let expected = [
        "derived-from org/data [Fact(1)]",
        "trained-on org/data [Fact(0)]",
        "trained-on wikipedia [Fact(0)]",
    ];
    check("model", &facts, &expected);
}

#[test]
fn what_names_nothing_is_no_parent() {
    for nothing in ["", " ", ".", "./", "..\\", "/", &"x".repeat(501)] {
        check("model", &[("config.name-or-path", json!(nothing))], &[]);
    }
    check("model", &[("card.base-model", json!({"a": 1})), ("card.datasets", json!(7))], &[]);
    let local = [("config.name-or-path", json!("/data/runs/llama-7b/"))];
    check("model", &local, &["derived-from /data/runs/llama-7b [Fact(0)]"]);
}

#[test]
fn addresses_on_the_hub_are_names() {
    for (stated, name) in [
        ("https://huggingface.example/org/name", "org/name"),
        ("https://www.huggingface.example/org/name/blob/main/x#y", "org/name"),
        ("https://hf.example/gpt2", "gpt2"),
        ("https://hf.example/datasets/org/data?x", "org/data"),
        ("https://code.example/org/name", "https://code.example/org/name"),
        ("models--gpt2/snapshots/1", "gpt2"),
    ] {
        assert_eq!(target::target(stated).as_deref(), Some(name));
    }
}
