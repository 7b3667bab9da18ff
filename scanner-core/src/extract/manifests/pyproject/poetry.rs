//! The tables of Poetry in a `pyproject.toml`.

use std::ops::Range;

use crate::extract::manifests::entry::{
    Ecosystem, PackageEntry, PackageSource, Reach, Scope, SourceKind, State,
};
use crate::extract::manifests::sheet::Sheet;
use crate::extract::manifests::toml;
use crate::extract::text::shown;
use crate::model::Code;

pub(super) fn read(sheet: &mut Sheet<'_>, poetry: &toml::Table<'_>) {
    read_table(sheet, toml::table(poetry, "dependencies"), Scope::Runtime);
    read_table(sheet, toml::table(poetry, "dev-dependencies"), Scope::Development);
    let groups = toml::table(poetry, "group").map(toml::in_text_order);
    for (name, group) in groups.into_iter().flatten() {
        let scope = if name.get_ref() == "main" { Scope::Runtime } else { Scope::Development };
        let table = group.get_ref().as_table();
        read_table(sheet, table.and_then(|group| toml::table(group, "dependencies")), scope);
    }
}

fn read_table(sheet: &mut Sheet<'_>, dependencies: Option<&toml::Table<'_>>, scope: Scope) {
    for (name, value) in dependencies.map(toml::in_text_order).into_iter().flatten() {
        // This entry is the range of Python versions.
        if name.get_ref() == "python" {
            continue;
        }
        let span = name.span().start..value.span().end;
        // A list has one table for each platform or Python version.
        match toml::list(value) {
            [] => read_dependency(sheet, name.get_ref(), value, &span, scope),
            several => {
                for value in several {
                    read_dependency(sheet, name.get_ref(), value, &value.span(), scope);
                }
            }
        }
    }
}

fn read_dependency(
    sheet: &mut Sheet<'_>,
    name: &str,
    value: &toml::Item<'_>,
    span: &Range<usize>,
    scope: Scope,
) {
    let mut entry = PackageEntry::new(Ecosystem::Pypi, name, State::Required, scope);
    entry.reach = Some(Reach::Direct);
    if let Some(range) = value.get_ref().as_str() {
        entry.specifier = Some(range.to_owned());
    } else if let Some(table) = value.get_ref().as_table() {
        entry.specifier = toml::text(table, "version").map(str::to_owned);
        entry.extras = toml::texts(table, "extras").map(str::to_owned).collect();
        entry.markers = toml::text(table, "markers").map(str::to_owned);
        entry.source = source(table);
        let is_optional = toml::get(table, "optional").and_then(toml::Value::as_bool);
        if is_optional == Some(true) && scope == Scope::Runtime {
            entry.scope = Scope::Optional;
        }
    } else {
        let message =
            format!("`{}` has neither a version range nor a table as its value", shown(name));
        let help = "correct the entry; it was listed by its name only";
        sheet.problem(Code::ManifestEntryInvalid, span, message, help);
    }
    entry.version = entry.specifier.as_deref().and_then(exact);
    sheet.package(entry, span);
}

/// Poetry takes a bare version as an exact one.
fn exact(range: &str) -> Option<String> {
    let version = range.trim().trim_start_matches('=').trim();
    let is_plain = version.starts_with(|c: char| c.is_ascii_digit())
        && version.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '!' | '-'));
    is_plain.then(|| version.to_owned())
}

fn source(table: &toml::Table<'_>) -> Option<PackageSource> {
    const KINDS: &[(&str, SourceKind)] = &[
        ("file", SourceKind::Path),
        ("git", SourceKind::Git),
        ("path", SourceKind::Path),
        ("url", SourceKind::Url),
    ];
    let (key, kind) = KINDS.iter().find(|(key, _)| table.contains_key(*key))?;
    let url = toml::text(table, key)?;
    let revision = ["rev", "tag", "branch"].iter().find_map(|key| toml::text(table, key));
    Some(match (kind, revision) {
        (SourceKind::Git, Some(revision)) => PackageSource::at(*kind, format!("{url}#{revision}")),
        _ => PackageSource::at(*kind, url),
    })
}
