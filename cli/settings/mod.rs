//! The settings file: tables `[product]`, `[policy]`, `[[plugins]]`, `[limits]` and
//! `[registry]`.
//!
//! Never looked for in what is scanned; paths in it are relative to it; unknown keys are errors.

mod agreement;
mod components;
mod contracts;
mod limits;
mod plugins;
mod policy;
mod product;
mod registry;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, anyhow, bail};
use flowdown_core::model::{Digest, Limits, Product, SourcePath, UserFile};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use self::plugins::PluginSettings;
pub(crate) use self::policy::{BaselineUse, Names, PolicySettings};

/// What a settings file says.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub(crate) product: Option<Product>,
    pub(crate) policy: Option<PolicySettings>,
    pub(crate) plugins: Vec<PluginSettings>,
    pub(crate) limits: Limits,
    /// Hosts that are asked before a registry.
    pub(crate) mirrors: BTreeMap<String, Vec<String>>,
}

/// Settings of Flowdown: `flowdown.toml`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct File {
    /// What the vendor declares about the product.
    product: Option<product::ProductTable>,
    /// What is acceptable.
    policy: Option<policy::PolicyTable>,
    /// Libraries to run beside the built-in plugins.
    #[serde(default)]
    plugins: Vec<plugins::PluginTable>,
    /// Bounds on everything that comes from scanned files.
    limits: Option<limits::LimitsTable>,
    /// Where images are fetched from instead.
    registry: Option<registry::RegistryTable>,
}

/// The JSON Schema of a settings file, for editors. It follows the types that read the file, so
/// names that mean something only together with plugins are plain text in it.
pub(crate) fn schema() -> serde_json::Value {
    schemars::schema_for!(File).to_value()
}

/// The files that the command line names.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Files<'a> {
    /// The settings file.
    pub(crate) config: Option<&'a Path>,
    /// The file whose `[product]` table counts instead.
    pub(crate) product: Option<&'a Path>,
    /// The file whose `[policy]` table counts instead.
    pub(crate) policy: Option<&'a Path>,
}

/// Reads the settings that `files` hold.
pub(crate) fn read(files: Files<'_>) -> anyhow::Result<Settings> {
    let mut settings = files.config.map(file).transpose()?.unwrap_or_default();
    if let Some(path) = files.product {
        settings.product = Some(file(path)?.product.ok_or_else(|| lacks(path, "product"))?);
    }
    if let Some(path) = files.policy {
        settings.policy = Some(file(path)?.policy.ok_or_else(|| lacks(path, "policy"))?);
    }
    Ok(settings)
}

fn lacks(path: &Path, table: &str) -> anyhow::Error {
    anyhow!("`{}` has no table `[{table}]`", path.display())
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
        .map(|table| table.into_product(declared_in.clone(), folder))
        .transpose()
        .with_context(|| format!("the settings file `{name}` is wrong"))?;
    let mirrors = file
        .registry
        .map(registry::RegistryTable::into_mirrors)
        .transpose()
        .with_context(|| format!("the settings file `{name}` is wrong"))?;
    Ok(Settings {
        mirrors: mirrors.unwrap_or_default(),
        product,
        policy: file.policy.map(|table| PolicySettings::new(table, folder, declared_in)),
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
    use flowdown_core::model::{Policy, Severity, ShipMode};

    use super::*;

    fn check(text: &str) -> Result<Settings, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("flowdown.toml");
        std::fs::write(&path, text).unwrap();
        read(Files { config: Some(&path), ..Files::default() })
            .map_err(|error| format!("{error:#}"))
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
    fn what_a_product_declares_is_checked() {
        for (line, words) in [
            ("fields_of_use = ['medical-advise']", "nearest is `medical-advice`"),
            ("regions = ['UK']", "`GB`"),
            ("regions = ['Germany']", "ISO 3166"),
            ("vendor_region = 'EU'", "one country"),
        ] {
            let error = check(&format!("[product]\nname = 'p'\n{line}\n")).unwrap_err();
            assert!(error.contains(words), "{line}: {error}");
        }
        let text = "[product]\nname = 'p'\nregions = ['EU', 'US']\nvendor_region = 'DE'\n\
                    fields_of_use = ['medical-advice']\n";
        let product = check(text).unwrap().product.unwrap();
        assert_eq!(product.fields_of_use.unwrap(), ["medical-advice"]);
    }

    #[test]
    fn parts_that_the_vendor_knows_are_read() {
        let text = "[product]\nname = 'p'\nvendor = 'v'\ncontact = 'a@v.example'\n\
                    [[product.component]]\nartifact = 'a*'\nversion = '1'\n\
                    supplier = { name = 's', contact = 'https://s.example' }\n";
        let product = check(text).unwrap().product.unwrap();
        assert_eq!(product.contact.unwrap().as_str(), "a@v.example");
        let component = &product.components[0];
        assert_eq!(component.version.as_deref(), Some("1"));
        assert_eq!(component.supplier.as_ref().unwrap().name, "s");
    }

    #[test]
    fn mistakes_in_parts_are_explained() {
        for (text, words) in [
            ("contact = 'a@v.example'", "`product.vendor`"),
            ("vendor = 'v'\ncontact = 'v.example'", "`product.contact` is `v.example`"),
            ("[[product.component]]\nartifact = 'a'", "says nothing of `a`"),
            ("[[product.component]]\nartifact = ' '\nversion = '1'", "`artifact` is empty"),
            ("[[product.component]]\nartifact = 'a'\nsupplier = { name = '' }", "`supplier`"),
            ("[[product.component]]\nartifact = 'a'\nlicense = 'MIT'", "concluded_license"),
            ("[[product.component]]\nartifact = 'a'\nconcluded_license = 'MIT'", "`reason`"),
            ("file = { name = 'a.zip', sha512 = '00' }", "`product.file.sha512`"),
            ("file = { name = 'd/a.zip', sha512 = '00' }", "without a folder"),
            (
                "[[product.component]]\nartifact = 'a*'\nfile = { name = 'a', sha512 = '0' }",
                "can mean several",
            ),
        ] {
            let error = check(&format!("[product]\nname = 'p'\n{text}\n")).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[track_caller]
    fn policy(text: &str) -> Result<Policy, String> {
        let names = Names::default();
        let settings = check(text)?;
        let policy = settings.policy.expect("the text has a table `[policy]`");
        policy.resolve(&names, BaselineUse::Read).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn a_policy_is_read() {
        let policy = policy(
            "[policy]\nfail_on = 'warning'\n\
             [[policy.allow]]\nlicense = 'LicenseRef-a'\nreason = 'ours'\n\
             [[policy.deny]]\ncategory = 'military'\n\
             [[policy.exception]]\nartifact = 'a*'\nreason = 'r'\nexpires = 2027-01-31\n\
             [[policy.exception]]\nartifact = 'b'\nreason = 'r'\nexpires = '2027-02-01'\n\
             code = 'license.unknown'\n",
        )
        .unwrap();
        assert_eq!(policy.fail_on, Severity::Warning);
        assert_eq!(policy.allow[0].reason.as_deref(), Some("ours"));
        assert_eq!(policy.deny[0].category.as_deref(), Some("military"));
        let days: Vec<String> =
            policy.exceptions.iter().filter_map(|it| Some(it.expires?.to_string())).collect();
        assert_eq!(days, ["2027-01-31", "2027-02-01"]);
    }

    #[test]
    fn mistakes_in_a_policy_are_explained() {
        for (text, words) in [
            ("fail_on = 'fatal'", "`warning`"),
            ("fail = 'error'", "fail_on"),
            ("[[policy.allow]]\nlicence = 'MIT'", "license"),
            ("[[policy.allow]]\nreason = 'x'", "policy.allow[0]"),
            ("[[policy.deny]]\ncategory = 'military'\nobligation = 'audit'", "two rules"),
            ("[[policy.deny]]\nconveyance = 'direct'", "`direct-license`"),
            ("[[policy.deny]]\nlicense = 'no such'", "no plugin knows"),
            ("[[policy.exception]]\nartifact = 'a'", "reason"),
            ("[[policy.exception]]\nartifact = 'a'\nreason = ' '", "is empty"),
            ("[[policy.exception]]\nartifact = 'a'\nreason = 'r'\nexpires = 'soon'", "2027-01-31"),
            (
                "[[policy.exception]]\nartifact = 'a'\nreason = 'r'\ncode = 'license.unknwn'",
                "nearest is `license.unknown`",
            ),
            (
                "[[policy.clarification]]\nsha256 = 'ab'\nlicense = 'LicenseRef-x'\nreason = 'r'",
                "64 hexadecimal digits",
            ),
            ("baseline = 'none.json'", "--write-baseline"),
        ] {
            let error = policy(&format!("[policy]\n{text}\n")).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn a_wrong_digest_is_an_error() {
        let error = check("[[plugins]]\npath = 'x'\nsha256 = 'abc'\n").unwrap_err();
        assert!(error.contains("64 hexadecimal digits"), "{error}");
    }
}
