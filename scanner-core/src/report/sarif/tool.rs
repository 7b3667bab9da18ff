//! The tool: Flowdown with its rules, and its plugins as extensions.

use serde::Serialize;

use super::rule::Descriptor;
use crate::model::Report;
use crate::report::plain::plain;

/// Most extensions; code scanning takes 100.
const EXTENSIONS: usize = 100;

#[derive(Serialize)]
pub(super) struct Tool<'a> {
    driver: Driver<'a>,
    extensions: Vec<Extension>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    version: &'a str,
    semantic_version: &'a str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
struct Extension {
    name: String,
    version: String,
    properties: ExtensionProperties,
}

#[derive(Serialize)]
struct ExtensionProperties {
    families: Vec<String>,
    loaded: String,
    sha256: String,
}

impl<'a> Tool<'a> {
    pub(super) fn of(report: &'a Report, rules: Vec<Descriptor>) -> Self {
        let extensions = report.plugins.iter().take(EXTENSIONS).map(|plugin| Extension {
            name: plain(&plugin.id),
            version: plain(&plugin.version),
            properties: ExtensionProperties {
                families: plugin.families.iter().map(|family| plain(family)).collect(),
                loaded: plain(&plugin.loaded),
                sha256: plugin.sha256.hex(),
            },
        });
        let version = &report.tool_version;
        Self {
            driver: Driver { name: "Flowdown", version, semantic_version: version, rules },
            extensions: extensions.collect(),
        }
    }
}
