//! Packages of a `uv.lock`.

use super::reach::Graph;
use crate::extract::manifests::entry::{
    Ecosystem, PackageEntry, PackageSource, ProjectEntry, Scope, SourceKind, State,
};
use crate::extract::manifests::lock::{Versions, sorted};
use crate::extract::manifests::sheet::Sheet;
use crate::extract::manifests::{hashes, toml};
use crate::extract::text::shown;
use crate::model::Code;

pub(super) fn read(sheet: &mut Sheet<'_>) {
    sheet.kind("uv.lock");
    let document = toml::read(sheet);
    let packages = toml::items(&document, "package");
    let versions = Versions::of(Ecosystem::Pypi, packages);
    let graph = Graph::new(packages);
    let roots = roots(&document, packages, &graph);
    let scopes = graph.scopes(&roots);
    let reaches = graph.reaches(&roots);
    let is_root = {
        let mut is_root = vec![Membership::ThirdParty; packages.len()];
        roots.iter().for_each(|root| is_root[*root] = Membership::Own);
        is_root
    };
    for (index, package) in packages.iter().enumerate() {
        let Some(mut entry) = entry(sheet, package, scopes[index], &versions) else { continue };
        let span = toml::extent(package);
        match is_root[index] {
            Membership::Own => {
                let source = entry.source.get_or_insert(PackageSource::of(SourceKind::Workspace));
                source.kind = SourceKind::Workspace;
                let is_top = roots.len() == 1 || source.url.as_deref() == Some(".");
                if let (true, Some(name)) = (is_top, &entry.name) {
                    let mut project = ProjectEntry::new(Ecosystem::Pypi, name);
                    project.version.clone_from(&entry.version);
                    sheet.project(project, &span);
                }
            }
            Membership::ThirdParty => entry.reach = reaches[index],
        }
        sheet.package(entry, &span);
    }
}

/// Whether a package is the project's own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Membership {
    Own,
    ThirdParty,
}

/// The project and the members of its workspace. Without a list of members (a project that is no
/// workspace) it is the package whose folder is that of the lock file.
fn roots(
    document: &toml::Table<'_>,
    packages: &[toml::Item<'_>],
    graph: &Graph<'_, '_>,
) -> Vec<usize> {
    let manifest = toml::table(document, "manifest");
    let members = manifest.into_iter().flat_map(|manifest| toml::texts(manifest, "members"));
    let mut roots: Vec<usize> = members
        .flat_map(|name| graph.named(name))
        .copied()
        .filter(|i| is_local(&packages[*i]))
        .collect();
    if roots.is_empty() {
        let is_top = |item: &toml::Item<'_>| {
            let source = item.get_ref().as_table().and_then(|table| toml::table(table, "source"));
            source.is_some_and(|source| {
                ["virtual", "editable", "directory"]
                    .iter()
                    .any(|k| toml::text(source, k) == Some("."))
            })
        };
        roots = (0..packages.len()).filter(|index| is_top(&packages[*index])).collect();
    }
    roots.sort_unstable();
    roots.dedup();
    roots
}

/// A registry package may have the name of a member.
fn is_local(package: &toml::Item<'_>) -> bool {
    let source = package.get_ref().as_table().and_then(|table| toml::table(table, "source"));
    source.is_some_and(|source| {
        ["virtual", "editable", "directory"].iter().any(|key| source.contains_key(*key))
    })
}

fn entry(
    sheet: &mut Sheet<'_>,
    package: &toml::Item<'_>,
    scope: Scope,
    versions: &Versions,
) -> Option<PackageEntry> {
    let table = package.get_ref().as_table()?;
    let Some(name) = toml::text(table, "name") else {
        let message = "a package has no `name`; it was not listed";
        sheet.problem(Code::ManifestEntryInvalid, &package.span(), message, "run `uv lock`");
        return None;
    };
    let mut entry = PackageEntry::new(Ecosystem::Pypi, name, State::Locked, scope);
    entry.version = toml::text(table, "version").map(str::to_owned);
    entry.source = toml::table(table, "source").and_then(source);
    entry.markers = match sorted(toml::texts(table, "resolution-markers").map(str::to_owned)) {
        markers if markers.is_empty() => None,
        markers if markers.len() == 1 => markers.into_iter().next(),
        markers => Some(format!("({})", markers.join(") or ("))),
    };
    entry.depends_on = sorted(
        toml::items(table, "dependencies")
            .iter()
            .filter_map(|item| item.get_ref().as_table())
            .filter_map(|dependency| {
                let name = Ecosystem::Pypi.normalize(toml::text(dependency, "name")?);
                Some(match toml::text(dependency, "version") {
                    Some(version) => format!("{name}@{version}"),
                    None => versions.resolve(&name),
                })
            }),
    );
    let archives = toml::table(table, "sdist")
        .into_iter()
        .chain(toml::items(table, "wheels").iter().filter_map(|wheel| wheel.get_ref().as_table()));
    let stated = archives.filter_map(|archive| toml::text(archive, "hash"));
    let (found, unknown) = hashes::read_all(stated, hashes::from_prefixed);
    entry.hashes = found;
    if let Some(unknown) = unknown {
        let message = format!("a digest of `{}` is none: `{}`", shown(name), shown(unknown));
        let help = "run `uv lock`; the package was listed without it";
        sheet.problem(Code::ManifestEntryInvalid, &package.span(), message, help);
    }
    Some(entry)
}

fn source(source: &toml::Table<'_>) -> Option<PackageSource> {
    const KINDS: &[(&str, SourceKind)] = &[
        ("directory", SourceKind::Path),
        ("editable", SourceKind::Path),
        ("git", SourceKind::Git),
        ("path", SourceKind::Path),
        ("registry", SourceKind::Registry),
        ("url", SourceKind::Url),
        ("virtual", SourceKind::Path),
    ];
    KINDS
        .iter()
        .find_map(|(key, kind)| toml::text(source, key).map(|url| PackageSource::at(*kind, url)))
}
