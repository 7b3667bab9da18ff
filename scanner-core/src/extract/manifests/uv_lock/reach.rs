//! What the packages of a `uv.lock` are needed for: which of the project's lists reaches them.

use std::collections::{HashMap, HashSet};

use crate::extract::manifests::entry::{Ecosystem, Reach, Scope};
use crate::extract::manifests::toml;

/// The dependency graph of a lock file. Packages are numbered in file order.
pub(super) struct Graph<'v, 't> {
    packages: Vec<Option<&'v toml::Table<'t>>>,
    by_name: HashMap<String, Vec<usize>>,
}

/// So many packages of one name are followed at most. Real forks have a handful; without a bound
/// many packages of one name, each asking for that name, would cost their number squared.
const MAX_FORKS: usize = 64;

/// An edge: a package, and the extra of it that is asked for.
type Step<'v> = (usize, Option<&'v str>);

impl<'v, 't> Graph<'v, 't> {
    pub(super) fn new(packages: &'v [toml::Item<'t>]) -> Self {
        let packages: Vec<_> = packages.iter().map(|item| item.get_ref().as_table()).collect();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, package) in packages.iter().enumerate() {
            if let Some(name) = package.and_then(|table| toml::text(table, "name")) {
                by_name.entry(Ecosystem::Pypi.normalize(name)).or_default().push(index);
            }
        }
        Self { packages, by_name }
    }

    /// The packages called `name`.
    pub(super) fn named(&self, name: &str) -> &[usize] {
        self.by_name.get(&Ecosystem::Pypi.normalize(name)).map_or(&[], Vec::as_slice)
    }

    /// The scope of each package: the firmest list of a root that leads to it. What no root leads
    /// to counts as needed to run, so that a broken lock file hides nothing.
    pub(super) fn scopes(&self, roots: &[usize]) -> Vec<Scope> {
        let mut scopes = vec![None; self.packages.len()];
        let tables = || roots.iter().filter_map(|root| self.packages[*root]);
        let runtime = tables().flat_map(|root| self.steps(toml::items(root, "dependencies")));
        self.mark(runtime.collect(), Scope::Runtime, &mut scopes);
        let optional = tables().flat_map(|root| self.lists(root, "optional-dependencies"));
        self.mark(optional.collect(), Scope::Optional, &mut scopes);
        let development = tables().flat_map(|root| self.lists(root, "dev-dependencies"));
        self.mark(development.collect(), Scope::Development, &mut scopes);
        for root in roots {
            scopes[*root] = Some(Scope::Runtime);
        }
        scopes.into_iter().map(|scope| scope.unwrap_or(Scope::Runtime)).collect()
    }

    /// Whether the roots name each package themselves; unknown without roots.
    pub(super) fn reaches(&self, roots: &[usize]) -> Vec<Option<Reach>> {
        if roots.is_empty() {
            return vec![None; self.packages.len()];
        }
        let mut reaches = vec![Some(Reach::Transitive); self.packages.len()];
        for root in roots.iter().filter_map(|root| self.packages[*root]) {
            let named = self
                .steps(toml::items(root, "dependencies"))
                .chain(self.lists(root, "optional-dependencies"))
                .chain(self.lists(root, "dev-dependencies"));
            for (package, _extra) in named {
                reaches[package] = Some(Reach::Direct);
            }
        }
        reaches
    }

    fn mark(&self, start: Vec<Step<'v>>, scope: Scope, scopes: &mut [Option<Scope>]) {
        let mut seen: HashSet<Step<'v>> = start.iter().copied().collect();
        let mut open = start;
        while let Some((package, extra)) = open.pop() {
            scopes[package].get_or_insert(scope);
            let Some(table) = self.packages[package] else { continue };
            let extras = extra.and_then(|extra| {
                toml::table(table, "optional-dependencies").map(|lists| toml::items(lists, extra))
            });
            let own = match extra {
                Some(_) => &[],
                None => toml::items(table, "dependencies"),
            };
            for step in self.steps(own).chain(self.steps(extras.unwrap_or_default())) {
                if seen.insert(step) {
                    open.push(step);
                }
            }
        }
    }

    /// The steps of all lists in the table `key` of `package`.
    fn lists(
        &self,
        package: &'v toml::Table<'t>,
        key: &str,
    ) -> impl Iterator<Item = Step<'v>> + use<'_, 'v, 't> {
        let lists = toml::table(package, key).into_iter().flatten();
        lists.flat_map(|(_, list)| self.steps(toml::list(list)))
    }

    /// Where the entries of a dependency list lead: to each package of that name (or of that name
    /// and version), and to the extras that are asked for.
    fn steps(
        &self,
        list: &'v [toml::Item<'t>],
    ) -> impl Iterator<Item = Step<'v>> + use<'_, 'v, 't> {
        list.iter().filter_map(|item| item.get_ref().as_table()).flat_map(move |dependency| {
            let version = toml::text(dependency, "version");
            let named = toml::text(dependency, "name").map_or(&[][..], |name| self.named(name));
            let meant = named.iter().copied().take(MAX_FORKS).filter(move |package| {
                let stated = self.packages[*package].and_then(|table| toml::text(table, "version"));
                version.is_none() || version == stated
            });
            meant.flat_map(move |package| {
                let extras = toml::texts(dependency, "extra").map(Some);
                std::iter::once(None).chain(extras).map(move |extra| (package, extra))
            })
        })
    }
}
