use super::Mergekit;
use crate::extract::cards::testing::{check_arbitrary, check_shown, extract, shown, wants};
use crate::model::Limits;

#[track_caller]
fn check(file: impl AsRef<[u8]>, expected: &str) {
    let extraction =
        extract(&Mergekit, "m/mergekit_config.yml", file.as_ref(), 7, &Limits::default());
    check_shown(&shown(&extraction), expected);
}

#[test]
fn every_shape_of_a_merge_names_its_models() {
    check(
        "models:\n  - model: a/b\n    parameters:\n      weight: 1\n  - model: {model: {path: c/d}}\n\
         merge_method: task_arithmetic\nbase_model: e/f\n",
        r#"
        merge.method = "task_arithmetic" @ 6
        merge.base-model = "e/f" @ 7
        merge.models = ["a/b", "c/d"] @ 1-5
        "#,
    );
    check(
        "slices:\n  - sources:\n      - model: a/b+lora\n        layer_range: [0, 32]\n      - model: c/d\n\
         \x20 - sources:\n      - model: a/b+lora\nmerge_method: slerp\nbase_model:\n  model:\n    path: a/b\n",
        r#"
        merge.method = "slerp" @ 8
        merge.base-model = "a/b" @ 9-11
        merge.models = ["a/b+lora", "c/d"] @ 1-7
        "#,
    );
    check(
        "base_model: a/b\nexperts:\n  - source_model: c/d\n    positive_prompts: [x]\n",
        r#"
        merge.base-model = "a/b" @ 1
        merge.models = ["c/d"] @ 2-4
        "#,
    );
    check(
        "modules:\n  text:\n    slices:\n      - sources: [{model: a/b}]\n",
        r#"merge.models = ["a/b"] @ 1-4"#,
    );
    check(
        "models: [a/b]\nmerge_method: linear\n---\nmodels: [c/d]\nmerge_method: ties\n",
        r#"
        merge.method = "linear" @ 2
        merge.models = ["a/b"] @ 1
        merge.method = "ties" @ 5
        merge.models = ["c/d"] @ 4
        "#,
    );
}

#[test]
fn what_is_wrong_leaves_the_rest() {
    check(
        "merge_method: [a]\nbase_model: a/b\nbase_model: c/d\n",
        r#"
        merge.base-model = "a/b" @ 2
        merge.base-model = "c/d" @ 3
        ! config.field-invalid: `merge_method` is a list, not text @ 1
        ! config.duplicate-key: `base_model` stands on line 2 and again on line 3 @ 3
        "#,
    );
    check(
        "- a\n",
        "! config.invalid: the merge configuration is not valid on line 1: a document is a list, not a map @ 1",
    );
    check("", "");
}

#[test]
fn only_its_own_names_are_wanted() {
    assert!(super::NAMES.is_sorted());
    assert!(wants(&Mergekit, "m/mergekit_config.yml", b""));
    assert!(!wants(&Mergekit, "config.yml", b""));
}

#[test]
fn arbitrary_bytes_are_read_without_panic() {
    check_arbitrary(
        &Mergekit,
        "mergekit_config.yml",
        &[
            "models:", "\n", "  ", "- ", "model: ", "a/b", "slices:", "sources:", "[", "]", "{",
            "}", "&a ", "*a", "---\n", "\t",
        ],
    );
}
