//! The settings file: tables `[product]`, `[[plugins]]` and `[limits]`.
//!
//! Never looked for in what is scanned; paths in it are relative to it; unknown keys are errors.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use flowdown_core::model::{Digest, Limits, Product, ShipMode};
use serde::Deserialize;

/// What a settings file says.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub(crate) product: Option<Product>,
    pub(crate) plugins: Vec<PluginSettings>,
    pub(crate) limits: Limits,
}

/// A plugin to run.
#[derive(Clone, Debug)]
pub(crate) struct PluginSettings {
    pub(crate) path: PathBuf,
    pub(crate) sha256: Option<[u8; 32]>,
    pub(crate) options: BTreeMap<String, serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    product: Option<ProductTable>,
    #[serde(default)]
    plugins: Vec<PluginTable>,
    limits: Option<LimitsTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductTable {
    name: String,
    version: Option<String>,
    vendor: Option<String>,
    license: Option<String>,
    ships: Option<Ships>,
    commercial: Option<bool>,
    regions: Option<Vec<String>>,
    monthly_users: Option<u64>,
    revenue: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Ships {
    Distributed,
    Hosted,
    Embedded,
    Internal,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PluginTable {
    path: PathBuf,
    sha256: Option<String>,
    #[serde(default)]
    options: BTreeMap<String, serde_json::Value>,
}

macro_rules! limits_table {
    ($($field:ident: $kind:ty,)*) => {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct LimitsTable { $($field: Option<$kind>,)* }

        impl LimitsTable {
            fn over(self, mut limits: Limits) -> Limits {
                $(if let Some(value) = self.$field { limits.$field = value; })*
                limits
            }
        }

        #[cfg(test)]
        fn every_limit(limits: Limits) {
            // Fails to compile when a limit is added and cannot be set.
            let Limits { $($field: _,)* } = limits;
        }
    };
}

limits_table! {
    entries: u64,
    folder_depth: u32,
    card_bytes: u64,
    manifest_bytes: u64,
    config_bytes: u64,
    safetensors_header_bytes: u64,
    gguf_header_bytes: u64,
    tensors: u64,
    metadata_keys: u64,
    metadata_value_bytes: u64,
    nesting: u32,
    fact_text_bytes: u64,
    packages: u64,
    lineage_depth: u32,
}

/// Reads the settings of `config`, with the product of `product` where that names another file.
pub(crate) fn read(config: Option<&Path>, product: Option<&Path>) -> anyhow::Result<Settings> {
    let mut settings = config.map(file).transpose()?.unwrap_or_default();
    if let Some(path) = product {
        let other = file(path)?.product;
        settings.product =
            Some(other.ok_or_else(|| anyhow!("`{}` has no table `[product]`", path.display()))?);
    }
    Ok(settings)
}

fn file(path: &Path) -> anyhow::Result<Settings> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the settings file `{name}` cannot be read"))?;
    let file: File =
        toml::from_str(&text).with_context(|| format!("the settings file `{name}` is wrong"))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let declared_in = Digest::sha256_of(text.as_bytes());
    let plugins = file
        .plugins
        .into_iter()
        .map(|plugin| plugin_settings(plugin, folder))
        .collect::<anyhow::Result<_>>()
        .with_context(|| format!("the settings file `{name}` is wrong"))?;
    Ok(Settings {
        product: file.product.map(|table| product_of(table, declared_in)),
        plugins,
        limits: file.limits.map_or_else(Limits::default, |table| table.over(Limits::default())),
    })
}

fn product_of(table: ProductTable, declared_in: Digest) -> Product {
    Product {
        name: table.name,
        version: table.version,
        vendor: table.vendor,
        license: table.license,
        ships: table.ships.map(|ships| match ships {
            Ships::Distributed => ShipMode::Distributed,
            Ships::Hosted => ShipMode::Hosted,
            Ships::Embedded => ShipMode::Embedded,
            Ships::Internal => ShipMode::Internal,
        }),
        commercial: table.commercial,
        regions: table.regions,
        monthly_users: table.monthly_users,
        revenue: table.revenue,
        declared_in: Some(declared_in),
    }
}

fn plugin_settings(table: PluginTable, folder: &Path) -> anyhow::Result<PluginSettings> {
    let sha256 = table
        .sha256
        .map(|hex| {
            Digest::parse(&format!("sha256:{hex}"))
                .map(|digest| *digest.bytes())
                .ok_or_else(|| anyhow!("`plugins.sha256` is `{hex}`, not 64 hexadecimal digits"))
        })
        .transpose()?;
    Ok(PluginSettings { path: folder.join(table.path), sha256, options: table.options })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<Settings, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("flowdown.toml");
        std::fs::write(&path, text).unwrap();
        read(Some(&path), None).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn every_table_is_read() {
        let settings = check(
            "[product]\nname = 'p'\nships = 'hosted'\nmonthly_users = 5\n\
             [[plugins]]\npath = 'libx.so'\n[limits]\nentries = 7\n",
        )
        .unwrap();
        let product = settings.product.unwrap();
        assert_eq!(product.ships, Some(ShipMode::Hosted));
        assert_eq!(product.monthly_users, Some(5));
        assert!(settings.plugins[0].path.ends_with("libx.so"));
        assert_eq!(settings.limits.entries, 7);
        every_limit(settings.limits);
    }

    #[test]
    fn unknown_keys_are_errors_that_name_the_known_ones() {
        let error = check("[product]\nname = 'p'\nvendr = 'x'\n").unwrap_err();
        assert!(error.contains("vendr") && error.contains("vendor"), "{error}");
        let error = check("[limits]\nentrys = 1\n").unwrap_err();
        assert!(error.contains("entries"), "{error}");
    }

    #[test]
    fn a_wrong_digest_is_an_error() {
        let error = check("[[plugins]]\npath = 'x'\nsha256 = 'abc'\n").unwrap_err();
        assert!(error.contains("64 hexadecimal digits"), "{error}");
    }
}
