//! Rationales without a score. The JSON schema has them, the XML schema demands a score, and a number
//! that nobody meant would be a lie: in XML they are properties of the document.

use serde_json::{Value, json};

use crate::report::cyclonedx::property;

/// Moves every conformance without a score to the properties of the document, each with the JSON
/// pointer of the mapping that it belongs to.
pub(super) fn move_rationales(bom: &mut Value) {
    let mut moved = Vec::new();
    for (attestation, number) in items(bom.pointer_mut("/declarations/attestations")).zip(0_usize..)
    {
        for (mapping, place) in items(attestation.get_mut("map")).zip(0_usize..) {
            let Some(mapping) = mapping.as_object_mut() else { continue };
            let is_scored =
                mapping.get("conformance").is_none_or(|found| found.get("score").is_some());
            if is_scored {
                continue;
            }
            let conformance = mapping.remove("conformance").unwrap_or_default();
            let rationale = conformance["rationale"].as_str().unwrap_or_default();
            let pointer = format!("/declarations/attestations/{number}/map/{place}");
            moved.push(json!({
                "name": property::DECLARATIONS_RATIONALE,
                "value": format!("{pointer} {rationale}"),
            }));
        }
    }
    if let Some(bom) = bom.as_object_mut().filter(|_| !moved.is_empty()) {
        let properties = bom.entry("properties").or_insert_with(|| json!([]));
        if let Some(properties) = properties.as_array_mut() {
            properties.extend(moved);
        }
    }
}

fn items(value: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
    value.and_then(Value::as_array_mut).into_iter().flatten()
}
