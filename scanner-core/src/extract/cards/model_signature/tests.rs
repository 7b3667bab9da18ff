use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::ModelSignature;
use crate::extract::cards::testing::{check_shown, extract, shown};
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

/// Every byte of a signature changed or cut off: something else is read, or nothing.
#[test]
fn damaged_signatures_are_no_panic() {
    let whole = bundle(r#"{"predicateType": "t", "predicate": {"resources": []}}"#);
    let read = |bytes: &[u8]| extract(&ModelSignature, "model.sig", bytes, 7, &Limits::default());
    assert_eq!(read(whole.as_bytes()).facts.len(), 2);
    // The first two are a blank and the brace that make it one at all.
    for at in 2..whole.len() {
        let mut damaged = whole.clone().into_bytes();
        for byte in [b'"', b'}', 0, 0xff] {
            damaged[at] = byte;
            assert!(read(&damaged).facts.len() <= 2);
        }
        assert!(read(&whole.as_bytes()[..at]).facts.is_empty());
    }
}
