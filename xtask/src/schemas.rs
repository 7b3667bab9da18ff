//! JSON Schemas of the documents that we define, from the types that read and write them.
//!
//! A published schema file never changes: a change of a type is a new version, with a new file
//! and a line here.

use flowdown_core::{compare, report};
use flowdown_plugin_sdk::catalogue::contract::ContractFile;
use flowdown_plugin_sdk::message::{Descriptor, ResolveRequest, ResolveResponse, Terms};
use schemars::transform::transform_subschemas;
use schemars::{Schema, schema_for};
use serde_json::Value;

use crate::generated::Generated;

/// Every schema, sorted by path.
pub(crate) fn files() -> Vec<Generated> {
    let mut files = of_documents();
    files.extend(of_messages());
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files
}

/// Documents that reporters write; their modules own the types.
fn of_documents() -> Vec<Generated> {
    [
        ("schemas/baseline/1.json", report::baseline::schema()),
        ("schemas/bundle/1.json", report::bundle::schema()),
        ("schemas/diff/1.json", compare::json::schema()),
        ("schemas/inventory/1.json", report::json::schema()),
    ]
    .map(|(path, schema)| {
        let json = serde_json::to_string_pretty(&schema).expect("a schema has text keys only");
        Generated { path: path.to_owned(), content: json + "\n" }
    })
    .into()
}

/// Messages and records, which the plugin SDK owns.
fn of_messages() -> Vec<Generated> {
    [
        ("schemas/contract/1.json", schema_for!(ContractFile)),
        ("schemas/license-terms/1.json", schema_for!(Terms)),
        ("schemas/plugin/descriptor/1.json", schema_for!(Descriptor)),
        ("schemas/plugin/resolve-request/1.json", schema_for!(ResolveRequest)),
        ("schemas/plugin/resolve-response/1.json", schema_for!(ResolveResponse)),
    ]
    .map(|(path, schema)| Generated { path: path.to_owned(), content: content(path, schema) })
    .into()
}

fn content(path: &str, mut schema: Schema) -> String {
    // The name under which one schema can refer to another: a URN, since nothing is downloaded.
    let name = path.trim_start_matches("schemas/").trim_end_matches(".json").replace('/', ":");
    schema.insert("$id".to_owned(), format!("urn:flowdown:{name}").into());
    unlink(&mut schema);
    let json = serde_json::to_string_pretty(&schema).expect("a schema has text keys only");
    json + "\n"
}

/// Descriptions are comments of the types, whose links lead nowhere outside of Rust.
fn unlink(schema: &mut Schema) {
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text.replace("[`", "`").replace("`]", "`");
    }
    transform_subschemas(&mut unlink, schema);
}

#[cfg(test)]
mod tests {
    #[test]
    fn schemas_are_current() {
        crate::generated::check(&super::files()).unwrap();
    }
}
