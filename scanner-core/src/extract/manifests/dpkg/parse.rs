//! Paragraphs of a status file.

use crate::extract::manifests::entry::{Ecosystem, PackageEntry, Scope, State};
use crate::extract::manifests::fields::{Stanza, stanzas};
use crate::extract::manifests::lock::sorted;
use crate::extract::manifests::sheet::Sheet;
use crate::extract::text::shown;
use crate::model::Code;

/// States of a package of which nothing but configuration files is there (dpkg(1)).
const ABSENT: &[&str] = &["config-files", "not-installed"];

pub(super) fn read(sheet: &mut Sheet<'_>) {
    sheet.kind("dpkg");
    for stanza in stanzas(sheet.text) {
        if sheet.is_full() {
            return;
        }
        if let Some(line) = &stanza.stray {
            let message =
                format!("`{}` is no field of a package", shown(sheet.text[line.clone()].trim()));
            let help =
                "the fields before it were read, those behind it up to an empty line were not";
            sheet.problem(Code::ManifestEntryInvalid, line, message, help);
        }
        if !stanza.fields.is_empty() {
            package(sheet, &stanza);
        }
    }
}

fn package(sheet: &mut Sheet<'_>, stanza: &Stanza<'_>) {
    // A file of `status.d` has no status: it is there because the package is.
    let state = stanza.value("Status").and_then(|status| status.split_ascii_whitespace().last());
    if state.is_some_and(|state| ABSENT.contains(&state)) {
        return;
    }
    let Some(name) = stanza.value("Package").filter(|name| is_name(name)) else {
        let message = match stanza.value("Package") {
            Some(name) => format!("`{}` is no name of a package", shown(name)),
            None => "a paragraph has no `Package`".to_owned(),
        };
        let help = "the paragraph was passed over; `dpkg --audit` tells what is wrong";
        sheet.problem(Code::ManifestEntryInvalid, &stanza.span, message, help);
        return;
    };
    let mut entry = PackageEntry::new(Ecosystem::Deb, name, State::Installed, Scope::Runtime);
    entry.version = stanza.value("Version").map(str::to_owned);
    if entry.version.is_none() {
        let message = format!("the package `{name}` has no `Version`");
        let help = "it was listed without a version; `dpkg --audit` tells what is wrong";
        sheet.problem(Code::ManifestEntryInvalid, &stanza.span, message, help);
    }
    entry.architecture = stanza.value("Architecture").map(str::to_owned);
    entry.maintainer = stanza.value("Maintainer").map(str::to_owned);
    entry.source_package = stanza.value("Source").map(source);
    let needs = ["Pre-Depends", "Depends"].into_iter().filter_map(|field| stanza.value(field));
    entry.depends_on = sorted(needs.flat_map(names));
    sheet.package(entry, &stanza.span);
}

/// `gcc-12 (12.2.0-14)` as `gcc-12@12.2.0-14`; without a version it is that of the package.
fn source(stated: &str) -> String {
    match stated.split_once('(') {
        Some((name, version)) => {
            format!("{}@{}", name.trim(), version.trim_end_matches(')').trim())
        }
        None => stated.to_owned(),
    }
}

/// The names of a list of dependencies, of alternatives all of them.
fn names(list: &str) -> impl Iterator<Item = String> {
    let name = |dependency: &str| {
        let name = dependency.trim().split([' ', '(', '[', '<', ':']).next().unwrap_or_default();
        is_name(name).then(|| name.to_owned())
    };
    list.split([',', '|']).filter_map(name)
}

/// Whether a text is the name of a package (Debian policy 5.6.1), in either case.
fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte))
}
