//! Tables `[[plugins]]`: libraries to run beside the built-in plugins.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use flowdown_core::model::Digest;
use schemars::JsonSchema;
use serde::Deserialize;

/// A plugin to run.
#[derive(Clone, Debug)]
pub(crate) struct PluginSettings {
    pub(crate) path: PathBuf,
    pub(crate) sha256: Option<[u8; 32]>,
    pub(crate) options: BTreeMap<String, serde_json::Value>,
}

/// A library to run beside the built-in plugins.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PluginTable {
    /// The library, relative to this file.
    path: PathBuf,
    /// Its SHA-256, 64 hexadecimal digits; another library is refused.
    sha256: Option<String>,
    /// What the plugin itself can be told.
    #[serde(default)]
    options: BTreeMap<String, serde_json::Value>,
}

impl PluginTable {
    /// The plugin; its path is relative to `folder`.
    pub(super) fn into_settings(self, folder: &Path) -> anyhow::Result<PluginSettings> {
        let sha256 = self
            .sha256
            .map(|hex| {
                Digest::parse(&format!("sha256:{hex}")).map(|digest| *digest.bytes()).ok_or_else(
                    || anyhow!("`plugins.sha256` is `{hex}`, not 64 hexadecimal digits"),
                )
            })
            .transpose()?;
        Ok(PluginSettings { path: folder.join(self.path), sha256, options: self.options })
    }
}
