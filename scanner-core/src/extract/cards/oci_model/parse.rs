//! The fields of ModelPack and KitOps that say what a model is.

use crate::extract::capture::Captured;
use crate::extract::cards::fields::{self, Field, Shape};
use crate::extract::json::Json;
use crate::extract::{Extraction, names};

/// By the object that holds them, then by key.
const FIELDS: &[(&str, Field)] = &[
    ("descriptor", Field { key: "family", shape: Shape::Text, fact: names::OCI_MODEL_FAMILY }),
    ("descriptor", Field { key: "licenses", shape: Shape::Texts, fact: names::OCI_MODEL_LICENSE }),
    ("descriptor", Field { key: "name", shape: Shape::Text, fact: names::OCI_MODEL_NAME }),
    ("descriptor", Field { key: "revision", shape: Shape::Text, fact: names::OCI_MODEL_REVISION }),
    ("descriptor", Field { key: "sourceURL", shape: Shape::Text, fact: names::OCI_MODEL_SOURCE }),
    ("model", Field { key: "license", shape: Shape::Texts, fact: names::OCI_MODEL_LICENSE }),
    ("model", Field { key: "name", shape: Shape::Text, fact: names::OCI_MODEL_NAME }),
    ("package", Field { key: "license", shape: Shape::Texts, fact: names::OCI_MODEL_LICENSE }),
];

pub(super) fn read(file: &Captured) -> Extraction {
    let object = fields::read(file, |_| true);
    let mut extraction = Extraction { diagnostics: object.diagnostics, ..Extraction::default() };
    for (holder, value) in &object.fields {
        let Json::Map(entries) = value else { continue };
        for (key, value) in entries {
            let field = FIELDS.iter().find(|(at, field)| at == holder && field.key == &**key);
            if let Some((_, field)) = field {
                fields::push_field(file, field, value, &mut extraction);
            }
        }
    }
    extraction
}
