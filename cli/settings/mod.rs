//! The settings file: tables `[product]`, `[[plugins]]` and `[limits]`.
//!
//! Never looked for in what is scanned; paths in it are relative to it; unknown keys are errors.

mod agreement;
mod contracts;
mod limits;
mod plugins;
mod product;

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, anyhow, bail};
use flowdown_core::model::{Digest, Limits, Product, SourcePath, UserFile};
use serde::Deserialize;

pub(crate) use self::plugins::PluginSettings;

/// What a settings file says.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub(crate) product: Option<Product>,
    pub(crate) plugins: Vec<PluginSettings>,
    pub(crate) limits: Limits,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    product: Option<product::ProductTable>,
    #[serde(default)]
    plugins: Vec<plugins::PluginTable>,
    limits: Option<limits::LimitsTable>,
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
    let declared_in = UserFile {
        path: SourcePath::new(&path.file_name().unwrap_or_default().to_string_lossy()),
        sha256: Digest::sha256_of(text.as_bytes()),
    };
    let plugins = file
        .plugins
        .into_iter()
        .map(|plugin| plugin.into_settings(folder))
        .collect::<anyhow::Result<_>>()
        .with_context(|| format!("the settings file `{name}` is wrong"))?;
    let product = file
        .product
        .map(|table| table.into_product(declared_in, folder))
        .transpose()
        .with_context(|| format!("the settings file `{name}` is wrong"))?;
    Ok(Settings {
        product,
        plugins,
        limits: file.limits.map_or_else(Limits::default, |table| table.over(Limits::default())),
    })
}

/// The bytes of a regular file that is not larger than `limit`.
fn bounded(path: &Path, limit: u64) -> anyhow::Result<Vec<u8>> {
    let file = std::fs::File::open(path).context("it cannot be read")?;
    let metadata = file.metadata().context("it cannot be read")?;
    if !metadata.is_file() {
        bail!("it is no regular file");
    }
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).context("it cannot be read")?;
    if bytes.len() as u64 > limit {
        bail!("it is larger than {limit} bytes, which is the most that is read");
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use flowdown_core::model::ShipMode;

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
        limits::every_limit(settings.limits);
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
