use super::OciModel;
use crate::extract::cards::testing::{check_arbitrary, check_shown, extract, shown};
use crate::model::Limits;

#[track_caller]
fn check(file: &str, expected: &str) {
    let path = "oci-model-config.json";
    let extraction = extract(&OciModel, path, file.as_bytes(), 7, &Limits::default());
    check_shown(&shown(&extraction), expected);
}

#[test]
fn a_model_pack_names_licences_and_source() {
    check(
        r#"{"descriptor": {"name": "small", "family": "llama3", "licenses": ["llama3.1"],
            "sourceURL": "https://example.org/small", "revision": "1234"},
            "modelfs": {"type": "layers", "diffIds": []}, "config": {"format": "safetensors"}}"#,
        r#"
        oci.model.name = "small" @ name
        oci.model.family = "llama3" @ family
        oci.model.license = ["llama3.1"] @ licenses
        oci.model.source-url = "https://example.org/small" @ sourceURL
        oci.model.revision = "1234" @ revision
        "#,
    );
}

#[test]
fn a_kitfile_names_the_licence_of_package_and_model() {
    check(
        r#"{"manifestVersion": "1.0.0", "package": {"name": "kit", "license": "Apache-2.0"},
            "model": {"name": "small", "license": "openrail"}}"#,
        r#"
        oci.model.license = ["Apache-2.0"] @ license
        oci.model.name = "small" @ name
        oci.model.license = ["openrail"] @ license
        "#,
    );
}

#[test]
fn arbitrary_bytes_are_no_panic() {
    check_arbitrary(
        &OciModel,
        "oci-model-config.json",
        &[
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"descriptor\"",
            "\"licenses\"",
            "\"a\"",
            "1",
            "null",
            "\u{0}",
        ],
    );
}
