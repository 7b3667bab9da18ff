use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::ModelSignature;
use crate::extract::cards::testing::{check_arbitrary, check_shown, extract, shown};
use crate::model::Limits;

#[track_caller]
fn check(file: &str, expected: &str) {
    let extraction = extract(&ModelSignature, "model.sig", file.as_bytes(), 7, &Limits::default());
    check_shown(&shown(&extraction), expected);
}

fn bundle(statement: &str) -> String {
    format!(r#" {{"dsseEnvelope": {{"payload": "{}"}}}}"#, STANDARD.encode(statement))
}

#[test]
fn the_files_of_a_manifest_have_their_digests() {
    let digest = "ab".repeat(32);
    let statement = format!(
        r#"{{"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://model_signing/signature/v1.0",
            "predicate": {{"resources": [
                {{"name": "a/w", "digest": "{digest}", "algorithm": "sha256"}},
                {{"name": "b", "digest": "{digest}", "algorithm": "blake2b"}}]}}}}"#
    );
    check(
        &bundle(&statement),
        &format!(
            r#"
            signature.predicate = "https://model_signing/signature/v1.0" @ dsseEnvelope.payload
            signature.files = {{a/w: sha256:{digest}, b: "blake2b"}} @ dsseEnvelope.payload
            "#
        ),
    );
}

#[test]
fn signatures_of_other_things_say_nothing() {
    check("{}", "");
    check(r#"{"signature": "x"}"#, "");
}

#[test]
fn arbitrary_bytes_are_no_panic() {
    const WORDS: &[&str] =
        &["{", "}", "\"dsseEnvelope\"", ":", "\"payload\"", "\"e30=\"", "[", "\u{0}"];
    check_arbitrary(&ModelSignature, "model.sig", WORDS);
}
