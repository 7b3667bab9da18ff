//! The JSON Schemas under `schemas/`, generated from the types that read and write the documents.
//! A published file is never edited: a changed type gets the next number.

use flowdown_plugin_sdk::message::Terms;
use schemars::{Schema, schema_for};

use crate::Mode;

/// Every schema with its path below the workspace. One line each, sorted.
fn all() -> Vec<(&'static str, Schema)> {
    vec![("schemas/license-terms/1.json", schema_for!(Terms))]
}

pub(crate) fn run(mode: Mode) -> anyhow::Result<()> {
    for (path, schema) in all() {
        let mut json = serde_json::to_string_pretty(&schema)?;
        json.push('\n');
        mode.apply(path, &json)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_are_current() {
        run(Mode::Check).unwrap();
    }
}
