//! Packages of a `Cargo.lock`.

use crate::extract::manifests::entry::{
    Ecosystem, PackageEntry, PackageSource, ProjectEntry, Scope, SourceKind, State,
};
use crate::extract::manifests::lock::{Versions, sorted};
use crate::extract::manifests::sheet::Sheet;
use crate::extract::manifests::{hashes, toml};
use crate::extract::text::shown;
use crate::model::Code;

pub(super) fn read(sheet: &mut Sheet<'_>) {
    sheet.kind("Cargo.lock");
    let document = toml::read(sheet);
    // Until 2017 the project itself stood in a table of its own.
    let root = document.get("root").filter(|root| root.get_ref().is_table());
    let packages: Vec<&toml::Item<'_>> =
        root.into_iter().chain(toml::items(&document, "package")).collect();

    let versions = Versions::of(Ecosystem::Cargo, packages.iter().copied());
    let checksums = toml::table(&document, "metadata");
    let mut local = Vec::new();
    for package in packages {
        let Some(entry) = entry(sheet, package, &versions, checksums) else { continue };
        if entry.source.as_ref().is_some_and(|source| source.kind == SourceKind::Path) {
            local.push((package, entry.name.clone(), entry.version.clone()));
        }
        sheet.package(entry, &toml::extent(package));
    }
    // With several packages without a source, workspace members and path dependencies look alike.
    if let [(package, Some(name), version)] = local.as_slice() {
        let mut project = ProjectEntry::new(Ecosystem::Cargo, name);
        project.version.clone_from(version);
        sheet.project(project, &toml::extent(package));
    }
}

fn entry(
    sheet: &mut Sheet<'_>,
    package: &toml::Item<'_>,
    versions: &Versions,
    checksums: Option<&toml::Table<'_>>,
) -> Option<PackageEntry> {
    let table = package.get_ref().as_table()?;
    let Some(name) = toml::text(table, "name") else {
        let message = "a package has no `name`; it was not listed";
        let help = "run `cargo generate-lockfile`";
        sheet.problem(Code::ManifestEntryInvalid, &package.span(), message, help);
        return None;
    };
    let mut entry = PackageEntry::new(Ecosystem::Cargo, name, State::Locked, Scope::Runtime);
    entry.version = toml::text(table, "version").map(str::to_owned);
    let stated_source = toml::text(table, "source");
    entry.source = match stated_source {
        None => Some(PackageSource::of(SourceKind::Path)),
        Some(stated) => source(stated),
    };
    let mut doubts = Vec::new();
    if entry.version.is_none() {
        doubts.push(format!("the package `{}` has no version", shown(name)));
    }
    if let (None, Some(stated)) = (&entry.source, stated_source) {
        let (name, stated) = (shown(name), shown(stated));
        doubts.push(format!("the source of `{name}` is none that Cargo writes: `{stated}`"));
    }
    if let Some(checksum) = checksum(table, name, stated_source, checksums) {
        match hashes::from_hex("sha256", checksum) {
            Some(hash) => entry.hashes.push(hash),
            None => {
                let (name, checksum) = (shown(name), shown(checksum));
                doubts.push(format!("the checksum of `{name}` is not a SHA-256: `{checksum}`"));
            }
        }
    }
    for doubt in doubts {
        let help = "run `cargo generate-lockfile`; the package was listed without it";
        sheet.problem(Code::ManifestEntryInvalid, &package.span(), doubt, help);
    }
    entry.depends_on = sorted(toml::texts(table, "dependencies").map(|text| {
        let mut words = text.split(' ');
        match (words.next(), words.next()) {
            (Some(name), Some(version)) => format!("{name}@{version}"),
            _ => versions.resolve(text),
        }
    }));
    Some(entry)
}

fn source(stated: &str) -> Option<PackageSource> {
    let (kind, url) = stated.split_once('+')?;
    let kind = match kind {
        "registry" | "sparse" => SourceKind::Registry,
        "git" => SourceKind::Git,
        "path" => SourceKind::Path,
        _ => return None,
    };
    Some(PackageSource::at(kind, url))
}

/// Version 1 keeps checksums under `checksum <name> <version> (<source>)`.
fn checksum<'v>(
    table: &'v toml::Table<'_>,
    name: &str,
    source: Option<&str>,
    checksums: Option<&'v toml::Table<'_>>,
) -> Option<&'v str> {
    if let Some(checksum) = toml::text(table, "checksum") {
        return Some(checksum);
    }
    let version = toml::text(table, "version")?;
    let key = format!("checksum {name} {version} ({})", source?);
    toml::text(checksums?, &key).filter(|checksum| *checksum != "<none>")
}
