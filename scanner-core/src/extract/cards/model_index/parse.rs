//! The fields and components of a pipeline.

use std::collections::BTreeMap;

use crate::extract::capture::Captured;
use crate::extract::cards::fields::{self, Field, Shape};
use crate::extract::json::Json;
use crate::extract::text;
use crate::extract::{Extraction, names};
use crate::model::{Fact, FactValue};

const CLASS: Field = Field { key: "_class_name", shape: Shape::Text, fact: names::PIPELINE_CLASS };
const NAME_OR_PATH: Field =
    Field { key: "_name_or_path", shape: Shape::Text, fact: names::PIPELINE_NAME_OR_PATH };

pub(super) fn read(file: &Captured) -> Extraction {
    let object = fields::read(file, |_| true);
    let mut extraction = Extraction { diagnostics: object.diagnostics, ..Extraction::default() };
    let mut components = BTreeMap::new();
    for (key, value) in &object.fields {
        match key.as_str() {
            // A pipeline with its own code names module and class.
            "_class_name" => match class_of(value) {
                Some(class) => {
                    fields::push_field(file, &CLASS, &Json::Text(class.into()), &mut extraction);
                }
                None => fields::push_field(file, &CLASS, value, &mut extraction),
            },
            "_name_or_path" => fields::push_field(file, &NAME_OR_PATH, value, &mut extraction),
            _ if key.starts_with('_') => {}
            _ => {
                if let Some(class) = class_of(value) {
                    let class = text::cut(&class, file.limits.fact_text_bytes);
                    components.insert(key.clone(), FactValue::Text(class));
                }
            }
        }
    }
    if !components.is_empty() {
        let (name, components) = (names::PIPELINE_COMPONENTS, FactValue::Map(components));
        extraction.facts.push(Fact::new(name, components, file.whole()));
    }
    extraction
}

/// `library.class` of a pair; `[null, null]` is a component that was left out.
fn class_of(value: &Json<'_>) -> Option<String> {
    let Json::List(items) = value else { return None };
    let [library, class] = items.as_slice() else { return None };
    Some(format!("{}.{}", library.text()?, class.text()?))
}
