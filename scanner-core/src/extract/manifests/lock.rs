//! The names and versions of a lock file, to turn a dependency's name into `name@version`.

use std::collections::HashMap;

use super::entry::Ecosystem;
use super::toml;

/// Longest version that is repeated at each package that depends on it. Without a bound a long one
/// would cost its length times the number of its dependents.
const MAX_VERSION_BYTES: usize = 256;

/// The versions that a lock file has of each name, at most two.
#[derive(Default)]
pub(super) struct Versions(HashMap<String, Vec<String>>);

impl Versions {
    /// Those of the tables of packages.
    pub(super) fn of<'v, 't: 'v>(
        ecosystem: Ecosystem,
        packages: impl IntoIterator<Item = &'v toml::Item<'t>>,
    ) -> Self {
        let mut versions = Self::default();
        for table in packages.into_iter().filter_map(|package| package.get_ref().as_table()) {
            if let (Some(name), Some(version)) =
                (toml::text(table, "name"), toml::text(table, "version"))
            {
                versions.add(ecosystem.normalize(name), version);
            }
        }
        versions
    }

    fn add(&mut self, name: String, version: &str) {
        if version.len() > MAX_VERSION_BYTES {
            return;
        }
        // Two are enough to know that a name alone is ambiguous.
        let versions = self.0.entry(name).or_default();
        if versions.len() < 2 && versions.first().is_none_or(|known| known != version) {
            versions.push(version.to_owned());
        }
    }

    /// `name@version` if the lock has exactly one version of `name`; else the name alone, because
    /// only a resolver could tell which version is meant.
    pub(super) fn resolve(&self, name: &str) -> String {
        match self.0.get(name).map(Vec::as_slice) {
            Some([version]) => format!("{name}@{version}"),
            _ => name.to_owned(),
        }
    }
}

/// Sorts a list of dependencies and drops repeated ones.
pub(super) fn sorted(dependencies: impl Iterator<Item = String>) -> Vec<String> {
    let mut dependencies: Vec<String> = dependencies.collect();
    dependencies.sort();
    dependencies.dedup();
    dependencies
}
