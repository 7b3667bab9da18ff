//! Which plugins take part: the families that are linked in, and those that the user names.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context as _;
use flowdown_core::model::{Algorithm, Digest, PluginRecord};
use flowdown_core::resolve::Plugin;
use flowdown_plugin_host::{ChildLimits, Installed, Loaded, refuse_shared_ids};
use flowdown_plugin_sdk::Resolver;

use crate::settings::PluginSettings;

/// The built-in plugins, sorted by id.
fn built_in() -> Vec<Box<dyn Resolver>> {
    vec![
        Box::new(flowdown_commercial::resolver()),
        Box::new(flowdown_community::resolver()),
        Box::new(flowdown_lineage::resolver()),
        Box::new(flowdown_open_source::resolver()),
        Box::new(flowdown_rail::resolver()),
    ]
}

/// An installed plugin with the options it gets.
pub(crate) struct Ready {
    pub(crate) installed: Installed,
    options: BTreeMap<String, serde_json::Value>,
}

/// Installs the built-in plugins and those that the settings and the command line name.
pub(crate) fn install(
    settings: &[PluginSettings],
    named: &[PathBuf],
) -> anyhow::Result<Vec<Ready>> {
    let mut ready = Vec::new();
    for resolver in built_in() {
        let installed = Installed::built_in(resolver).context("a built-in plugin is broken")?;
        ready.push(Ready { installed, options: BTreeMap::new() });
    }
    let named = named.iter().map(|path| PluginSettings {
        path: path.clone(),
        sha256: None,
        options: BTreeMap::new(),
    });
    for plugin in settings.iter().cloned().chain(named) {
        let installed = Installed::child(&plugin.path, plugin.sha256, ChildLimits::default())
            .context("a plugin cannot be used")?;
        // The same family as a library takes the place of the one that is linked in.
        ready.retain(|earlier| {
            earlier.installed.loaded != Loaded::BuiltIn
                || earlier.installed.descriptor.id != installed.descriptor.id
        });
        ready.push(Ready { installed, options: plugin.options });
    }
    refuse_shared_ids(ready.iter().map(|ready| &ready.installed))
        .context("two plugins cannot be told apart")?;
    Ok(ready)
}

impl Ready {
    /// How it appears in documents.
    pub(crate) fn record(&self) -> PluginRecord {
        let descriptor = &self.installed.descriptor;
        PluginRecord {
            id: descriptor.id.clone(),
            version: descriptor.version.clone(),
            families: descriptor.families.clone(),
            loaded: match &self.installed.loaded {
                // A path of this machine has no place in a document; the digest tells which it was.
                Loaded::Process { path } => path.file_name().map_or_else(
                    || "process".to_owned(),
                    |name| format!("process: {}", name.to_string_lossy()),
                ),
                Loaded::BuiltIn => "built-in".to_owned(),
            },
            sha256: Digest::new(Algorithm::Sha256, self.installed.sha256),
        }
    }

    /// As the engine takes it.
    pub(crate) fn into_plugin(self) -> Plugin {
        let record = self.record();
        Plugin {
            resolver: self.installed.resolver,
            descriptor: self.installed.descriptor,
            record,
            options: self.options,
        }
    }
}
