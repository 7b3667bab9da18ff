//! Paragraphs of the table of installed packages.

use crate::extract::manifests::entry::{Ecosystem, PackageEntry, Scope, State};
use crate::extract::manifests::fields::{Stanza, stanzas};
use crate::extract::manifests::lock::sorted;
use crate::extract::manifests::sheet::Sheet;
use crate::model::Code;

pub(super) fn read(sheet: &mut Sheet<'_>) {
    sheet.kind("apk");
    for stanza in stanzas(sheet.text) {
        if sheet.is_full() {
            return;
        }
        package(sheet, &stanza);
    }
}

fn package(sheet: &mut Sheet<'_>, stanza: &Stanza<'_>) {
    // Letters differ by their case.
    let value = |letter: &str| {
        let field = stanza.fields.iter().find(|field| field.name == letter);
        field.map(|field| field.value).filter(|value| !value.is_empty())
    };
    let Some(name) = value("P") else {
        let help = "the paragraph was passed over; `apk audit` tells what is wrong";
        let message = "a paragraph names no package (`P:`)";
        let span = stanza.stray.as_ref().unwrap_or(&stanza.span);
        sheet.problem(Code::ManifestEntryInvalid, span, message, help);
        return;
    };
    let mut entry = PackageEntry::new(Ecosystem::Apk, name, State::Installed, Scope::Runtime);
    entry.version = value("V").map(str::to_owned);
    entry.architecture = value("A").map(str::to_owned);
    entry.maintainer = value("m").map(str::to_owned);
    entry.source_package = value("o").map(str::to_owned);
    entry.license.stated = value("L").map(str::to_owned).into_iter().collect();
    entry.depends_on = sorted(value("D").into_iter().flat_map(names));
    sheet.package(entry, &stanza.span);
}

/// The packages of a list of dependencies; libraries and commands (`so:`, `cmd:`) are none, and
/// `!` says what must not be there.
fn names(list: &str) -> impl Iterator<Item = String> {
    let name =
        |dependency: &str| dependency.split(['<', '>', '=', '~', '@']).next().map(str::to_owned);
    list.split_ascii_whitespace()
        .filter(|it| !it.contains(':') && !it.starts_with('!'))
        .filter_map(name)
}
