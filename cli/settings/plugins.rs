//! Tables `[[plugins]]`: libraries to run beside the built-in plugins.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use flowdown_core::model::Digest;
use serde::Deserialize;

/// A plugin to run.
#[derive(Clone, Debug)]
pub(crate) struct PluginSettings {
    pub(crate) path: PathBuf,
    pub(crate) sha256: Option<[u8; 32]>,
    pub(crate) options: BTreeMap<String, serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PluginTable {
    path: PathBuf,
    sha256: Option<String>,
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
