//! The header of a `METADATA` file.

use std::ops::Range;

use crate::extract::manifests::entry::{Ecosystem, PackageEntry, Scope, State};
use crate::extract::manifests::fields::{Field, fields};
use crate::extract::manifests::lock::sorted;
use crate::extract::manifests::pep508;
use crate::extract::manifests::sheet::Sheet;
use crate::extract::text::shown;
use crate::model::Code;

/// What setuptools writes where nothing was stated.
const PLACEHOLDER: &str = "UNKNOWN";

/// The fields of a header.
struct Header<'t>(Vec<Field<'t>>);

impl<'t> Header<'t> {
    /// Reads the header of `sheet`, and reports why it ends where it should not.
    fn read(sheet: &mut Sheet<'t>) -> Self {
        let max_fields = usize::try_from(sheet.limits.metadata_keys).unwrap_or(usize::MAX);
        let text = sheet.text;
        let header = Self(fields(text, 0).take(max_fields).collect());
        let end = header.span().end;
        if header.0.len() == max_fields {
            let message = format!(
                "the header reaches `metadata_keys` = {max_fields} fields; what follows was not \
                 read"
            );
            let help = "raise `metadata_keys` in `[limits]`";
            sheet.problem(Code::LimitReached, &header.span(), message, help);
        } else if let Some(line) = text[end..].lines().next()
            && !line.trim().is_empty()
        {
            let message = format!("the header breaks off at `{}`, which is no field", shown(line));
            let help = "reinstall the package; fields after this line were not read";
            sheet.problem(Code::ManifestEntryInvalid, &(end..end + line.len()), message, help);
        }
        header
    }

    fn span(&self) -> Range<usize> {
        0..self.0.last().map_or(0, |field| field.span.end)
    }

    /// The fields called `name` that state something.
    fn values(&self, name: &'static str) -> impl Iterator<Item = &Field<'t>> {
        self.0
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name))
            .filter(|field| !field.value.is_empty() && field.value != PLACEHOLDER)
    }

    fn first(&self, name: &'static str) -> Option<String> {
        self.values(name).next().map(|field| field.value.to_owned())
    }
}

pub(super) fn read(sheet: &mut Sheet<'_>) {
    sheet.kind("dist-info");
    let header = Header::read(sheet);
    let mut entry = named(sheet, &header);
    entry.version = header.first("Version");
    if entry.version.is_none() {
        let message = "the metadata has no `Version`";
        let help = "reinstall the package; it was listed without a version";
        sheet.problem(Code::ManifestEntryInvalid, &header.span(), message, help);
    }
    entry.license.expression = header.first("License-Expression");
    entry.license.stated = header.values("License").map(|field| unfold(field.value)).collect();
    entry.license.classifiers = header
        .values("Classifier")
        .filter_map(|field| field.value.strip_prefix("License ::"))
        .map(|classifier| classifier.trim().to_owned())
        .collect();
    entry.depends_on = sorted(
        header
            .values("Requires-Dist")
            .filter(|field| !is_for_extra(field.value))
            .filter_map(|field| pep508::parse(field.value).ok())
            .map(|requirement| Ecosystem::Pypi.normalize(&requirement.name)),
    );
    for field in header.values("License-File") {
        if is_inside(field.value) {
            entry.license_files.push(field.value.to_owned());
            continue;
        }
        let message = format!(
            "the licence file `{}` lies outside of the package's folder; it was left out",
            shown(field.value)
        );
        let help = "do not trust the package: an installer writes no such name";
        sheet.problem(Code::ManifestEntryInvalid, &field.span, message, help);
    }
    sheet.package(entry, &header.span());
}

/// An entry with the name that the header states.
fn named(sheet: &mut Sheet<'_>, header: &Header<'_>) -> PackageEntry {
    let message = match header.values("Name").next() {
        Some(field) if pep508::is_name(field.value) => {
            let (state, scope) = (State::Installed, Scope::Runtime);
            return PackageEntry::new(Ecosystem::Pypi, field.value, state, scope);
        }
        Some(field) => format!("the metadata names no package: `{}`", shown(field.value)),
        None => "the metadata has no `Name`".to_owned(),
    };
    let help = "reinstall the package; it was listed without a name";
    sheet.problem(Code::ManifestEntryInvalid, &header.span(), message, help);
    PackageEntry::unnamed(Ecosystem::Pypi, State::Installed, Scope::Runtime)
}

/// Continuation lines without the space that marks them. Writers put eight blanks, or seven and a
/// bar where blanks count.
fn unfold(value: &str) -> String {
    let mut lines = value.lines();
    let mut unfolded = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        let text = line.trim_start_matches([' ', '\t']);
        unfolded.push('\n');
        unfolded.push_str(text.strip_prefix('|').unwrap_or(text));
    }
    unfolded
}

/// Whether the marker asks for an extra, so that the package is not needed as it is.
fn is_for_extra(requirement: &str) -> bool {
    let marker = requirement.split_once(';').map_or("", |(_, marker)| marker);
    marker.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == "extra")
}

/// Whether a path stays below the folder it is relative to.
fn is_inside(path: &str) -> bool {
    !path.starts_with(['/', '\\'])
        && !path.contains(':')
        && path.split(['/', '\\']).all(|part| part != "..")
}
