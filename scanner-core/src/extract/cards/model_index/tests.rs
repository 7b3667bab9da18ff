use super::ModelIndex;
use crate::extract::cards::testing::{check_arbitrary, check_shown, extract, shown, wants};
use crate::model::Limits;

#[track_caller]
fn check(file: impl AsRef<[u8]>, expected: &str) {
    let extraction =
        extract(&ModelIndex, "m/model_index.json", file.as_ref(), 7, &Limits::default());
    check_shown(&shown(&extraction), expected);
}

#[test]
fn pairs_are_components() {
    check(
        r#"{"_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.8.0",
            "_name_or_path": "org/base", "safety_checker": [null, null], "unet": ["diffusers", "U"],
            "vae": ["diffusers", "V"], "requires_safety_checker": false, "sizes": [1, 2]}"#,
        r#"
        pipeline.class = "StableDiffusionPipeline" @ _class_name
        pipeline.name-or-path = "org/base" @ _name_or_path
        pipeline.components = {unet: "diffusers.U", vae: "diffusers.V"}
        "#,
    );
}

#[test]
fn a_pipeline_with_its_own_code_names_its_module() {
    check(
        r#"{"_class_name": ["pipeline", "MyPipeline"]}"#,
        r#"pipeline.class = "pipeline.MyPipeline" @ _class_name"#,
    );
    check(
        r#"{"_class_name": {"a": 1}}"#,
        "! config.field-invalid: `_class_name` is an object, not text @ _class_name",
    );
}

#[test]
fn only_its_own_name_is_wanted() {
    assert!(wants(&ModelIndex, "sd/model_index.json", b""));
    assert!(!wants(&ModelIndex, "index.json", b""));
}

#[test]
fn arbitrary_bytes_are_read_without_panic() {
    check_arbitrary(
        &ModelIndex,
        "model_index.json",
        &["{", "}", "[", "]", "\"_class_name\"", ":", ",", "1", "\"vae\"", "\"x\"", "null", "\\"],
    );
}
