use super::AdapterConfig;
use crate::extract::cards::testing::{check_arbitrary, check_shown, extract, shown, wants};
use crate::model::Limits;

#[track_caller]
fn check(file: impl AsRef<[u8]>, expected: &str) {
    let extraction =
        extract(&AdapterConfig, "m/adapter_config.json", file.as_ref(), 7, &Limits::default());
    check_shown(&shown(&extraction), expected);
}

#[test]
fn the_base_is_reported_as_it_is_written() {
    check(
        r#"{"base_model_name_or_path": "C:\\models\\base", "peft_type": "LORA", "r": 16,
            "revision": "main", "target_modules": ["q", "v"], "lora_alpha": 32}"#,
        r#"
        adapter.base-model = "C:\\models\\base" @ base_model_name_or_path
        adapter.peft-type = "LORA" @ peft_type
        adapter.rank = 16 @ r
        adapter.revision = "main" @ revision
        adapter.target-modules = ["q", "v"] @ target_modules
        "#,
    );
    check(
        r#"{"base_model_name_or_path": null, "revision": "", "target_modules": ".*"}"#,
        r#"adapter.target-modules = [".*"] @ target_modules"#,
    );
    check("{}", "");
}

#[test]
fn a_field_of_the_wrong_type_leaves_the_others() {
    check(
        r#"{"base_model_name_or_path": ["a"], "r": 1.5, "target_modules": [1], "peft_type": "LORA"}"#,
        r#"
        adapter.peft-type = "LORA" @ peft_type
        ! config.field-invalid: `base_model_name_or_path` is a list, not text @ base_model_name_or_path
        ! config.field-invalid: `r` is a number, not a whole number @ r
        ! config.field-invalid: `target_modules` is a list, not a list of text @ target_modules
        "#,
    );
}

#[test]
fn only_its_own_name_is_wanted() {
    assert!(wants(&AdapterConfig, "checkpoint-1/adapter_config.json", b""));
    assert!(!wants(&AdapterConfig, "config.json", b""));
}

#[test]
fn arbitrary_bytes_are_read_without_panic() {
    check_arbitrary(
        &AdapterConfig,
        "adapter_config.json",
        &[
            "{",
            "}",
            "[",
            "]",
            "\"r\"",
            ":",
            ",",
            "1",
            "\"target_modules\"",
            "\"x\"",
            "NaN",
            "\\",
            "é",
        ],
    );
}
