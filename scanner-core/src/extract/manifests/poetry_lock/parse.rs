//! Packages of a `poetry.lock`.

use std::collections::HashMap;

use crate::extract::manifests::entry::{
    Ecosystem, PackageEntry, PackageSource, Scope, SourceKind, State,
};
use crate::extract::manifests::lock::{Versions, sorted};
use crate::extract::manifests::sheet::Sheet;
use crate::extract::manifests::{hashes, toml};
use crate::extract::text::shown;
use crate::model::Code;

pub(super) fn read(sheet: &mut Sheet<'_>) {
    sheet.kind("poetry.lock");
    let document = toml::read(sheet);
    let packages = toml::items(&document, "package");
    let versions = Versions::of(Ecosystem::Pypi, packages);
    let mut common_hashes = common_hashes(&document);
    for package in packages {
        if let Some(entry) = entry(sheet, package, &versions, &mut common_hashes) {
            sheet.package(entry, &toml::extent(package));
        }
    }
}

/// Digests that belong to every package of one name.
#[derive(Default)]
struct CommonHashes<'v> {
    texts: Vec<&'v str>,
    /// How many packages they were copied to.
    uses: u32,
}

/// Packages of one name, that is its forks, that get a copy of their common digests. Without a
/// bound many packages of one name would cost their number times that of the digests.
const MAX_COPIES: u32 = 16;

/// The digests that lock version 1 keeps in one table for all packages, by normalised name. That
/// table spells names its own way: `PyYAML` above is `pyyaml` there.
fn common_hashes<'v>(document: &'v toml::Table<'_>) -> HashMap<String, CommonHashes<'v>> {
    let mut hashes: HashMap<String, CommonHashes<'_>> = HashMap::new();
    let Some(metadata) = toml::table(document, "metadata") else { return hashes };
    for key in ["files", "hashes"] {
        for (name, files) in toml::table(metadata, key).into_iter().flatten() {
            let known = hashes.entry(Ecosystem::Pypi.normalize(name.get_ref())).or_default();
            known.texts.extend(files_of(files));
        }
    }
    hashes
}

/// The digests in `[{ file, hash }, …]` or, before 1.0, `["<sha256>", …]`.
fn files_of<'v>(files: &'v toml::Item<'_>) -> impl Iterator<Item = &'v str> {
    toml::list(files).iter().filter_map(|item| match item.get_ref().as_table() {
        Some(file) => toml::text(file, "hash"),
        None => item.get_ref().as_str(),
    })
}

fn entry(
    sheet: &mut Sheet<'_>,
    package: &toml::Item<'_>,
    versions: &Versions,
    common_hashes: &mut HashMap<String, CommonHashes<'_>>,
) -> Option<PackageEntry> {
    let table = package.get_ref().as_table()?;
    let (Some(name), version) = (toml::text(table, "name"), toml::text(table, "version")) else {
        let message = "a package has no `name`; it was not listed";
        let help = "run `poetry lock`";
        sheet.problem(Code::ManifestEntryInvalid, &package.span(), message, help);
        return None;
    };
    let mut entry = PackageEntry::new(Ecosystem::Pypi, name, State::Locked, scope(table));
    entry.version = version.map(str::to_owned);
    entry.source = Some(source(table));
    entry.markers = markers(table);
    entry.depends_on = sorted(
        toml::table(table, "dependencies")
            .into_iter()
            .flatten()
            .map(|(name, _range)| versions.resolve(&Ecosystem::Pypi.normalize(name.get_ref()))),
    );
    let own = table.get("files").into_iter().flat_map(files_of);
    let common =
        entry.name.as_ref().and_then(|name| common_hashes.get_mut(name)).and_then(|common| {
            common.uses += 1;
            (common.uses <= MAX_COPIES).then_some(&common.texts)
        });
    let stated = own.chain(common.into_iter().flatten().copied());
    let (found, unknown) = hashes::read_all(stated, digest);
    entry.hashes = found;
    let missing =
        version.is_none().then(|| format!("the package `{}` has no version", shown(name)));
    let bad =
        unknown.map(|digest| format!("a digest of `{}` is none: `{}`", shown(name), shown(digest)));
    for doubt in missing.into_iter().chain(bad) {
        let help = "run `poetry lock`; the package was listed without it";
        sheet.problem(Code::ManifestEntryInvalid, &package.span(), doubt, help);
    }
    Some(entry)
}

/// Lock files before 1.0 leave the algorithm out: it was always SHA-256.
fn digest(text: &str) -> Option<String> {
    hashes::from_prefixed(text).or_else(|| hashes::from_hex("sha256", text))
}

fn scope(table: &toml::Table<'_>) -> Scope {
    let mut groups = toml::texts(table, "groups").peekable();
    let is_main = if groups.peek().is_some() {
        groups.any(|group| group == "main")
    } else {
        toml::text(table, "category").is_none_or(|category| category == "main")
    };
    let is_optional = toml::get(table, "optional").and_then(toml::Value::as_bool);
    match (is_main, is_optional) {
        (false, _) => Scope::Development,
        (true, Some(true)) => Scope::Optional,
        (true, _) => Scope::Runtime,
    }
}

fn source(table: &toml::Table<'_>) -> PackageSource {
    let Some(source) = toml::table(table, "source") else {
        return PackageSource::of(SourceKind::Registry);
    };
    let kind = match toml::text(source, "type") {
        Some("git") => SourceKind::Git,
        Some("url") => SourceKind::Url,
        Some("file" | "directory") => SourceKind::Path,
        // `legacy` is a registry other than the default one.
        _ => SourceKind::Registry,
    };
    let Some(url) = toml::text(source, "url") else { return PackageSource::of(kind) };
    let commit = toml::text(source, "resolved_reference").or(toml::text(source, "reference"));
    match (kind, commit) {
        (SourceKind::Git, Some(commit)) => PackageSource::at(kind, format!("{url}#{commit}")),
        _ => PackageSource::at(kind, url),
    }
}

/// One text for all groups. With a table of markers by group the package is needed when any of
/// them holds.
fn markers(table: &toml::Table<'_>) -> Option<String> {
    if let Some(marker) = toml::text(table, "markers").or(toml::text(table, "marker")) {
        return Some(marker.to_owned());
    }
    let by_group = toml::table(table, "markers")?;
    let texts = by_group.iter().filter_map(|(_, marker)| marker.get_ref().as_str());
    match sorted(texts.map(str::to_owned)).as_slice() {
        [] => None,
        [marker] => Some(marker.clone()),
        several => Some(format!("({})", several.join(") or ("))),
    }
}
