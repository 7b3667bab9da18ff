//! Table `[registry]`: where images are fetched from instead.

use std::collections::BTreeMap;

use anyhow::bail;
use flowdown_core::source::registry::is_host;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RegistryTable {
    /// Hosts that are asked before a registry, by its host, in order.
    #[serde(default)]
    mirrors: BTreeMap<String, Vec<String>>,
}

impl RegistryTable {
    pub(super) fn into_mirrors(self) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
        for host in self.mirrors.keys().chain(self.mirrors.values().flatten()) {
            if !is_host(host) {
                bail!(
                    "`registry.mirrors` has `{host}`, which is no host; write a name or an address, \
                     and a port if it is not the usual one"
                );
            }
        }
        Ok(self.mirrors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str) -> Result<BTreeMap<String, Vec<String>>, String> {
        let table: RegistryTable = toml::from_str(text).map_err(|error| error.to_string())?;
        table.into_mirrors().map_err(|error| error.to_string())
    }

    #[test]
    fn mirrors_are_hosts() {
        let mirrors =
            check("mirrors = {'docker.io' = ['localhost:5000', 'm.example.com']}").unwrap();
        assert_eq!(mirrors["docker.io"], ["localhost:5000", "m.example.com"]);
        for (text, words) in [
            ("mirrors = {'docker.io' = ['https://m.example.com']}", "`https://m.example.com`"),
            ("mirrors = {'a/b' = []}", "`a/b`"),
            ("mirror = {}", "mirrors"),
        ] {
            let error = check(text).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }
}
