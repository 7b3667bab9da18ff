//! Bundle, envelope, statement, predicate.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::extract::capture::Captured;
use crate::extract::{Extraction, names};
use crate::model::{Code, Diagnostic, Digest, Fact, FactValue};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bundle {
    dsse_envelope: Envelope,
}

#[derive(Deserialize)]
struct Envelope {
    payload: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statement {
    predicate_type: String,
    predicate: Predicate,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Predicate {
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    name: String,
    digest: String,
    algorithm: String,
}

pub(super) fn read(file: &Captured) -> Extraction {
    let mut extraction = Extraction::default();
    // JSON without an envelope is a signature of something else.
    let Ok(bundle) = serde_json::from_slice::<Bundle>(&file.bytes) else { return extraction };
    let payload = STANDARD.decode(bundle.dsse_envelope.payload.trim());
    let statement: Option<Statement> =
        payload.ok().and_then(|payload| serde_json::from_slice(&payload).ok());
    let Some(statement) = statement else {
        extraction.diagnostics.push(
            Diagnostic::new(
                Code::SignatureInvalid,
                file.whole(),
                "what it signs is no in-toto statement",
            )
            .help("nothing was compared with it; sign the model again"),
        );
        return extraction;
    };
    let at = file.whole().at_key("dsseEnvelope.payload");
    let files: BTreeMap<String, FactValue> = statement
        .predicate
        .resources
        .into_iter()
        .filter_map(|Resource { name, digest, algorithm }| {
            let digest = Digest::parse(&format!("{algorithm}:{}", digest.to_lowercase()));
            // A digest that is not compared is said to be there all the same.
            let value = digest.map_or_else(|| algorithm.into(), FactValue::Digest);
            (!name.is_empty()).then_some((name, value))
        })
        .collect();
    extraction.facts = vec![
        Fact::new(names::SIGNATURE_PREDICATE, statement.predicate_type, at.clone()),
        Fact { name: names::SIGNATURE_FILES, value: FactValue::Map(files), at },
    ];
    extraction
}
