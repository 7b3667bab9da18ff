//! The header of a `METADATA` file.

use std::ops::Range;

use crate::extract::manifests::entry::{Ecosystem, PackageEntry, Scope, State};
use crate::extract::manifests::lock::sorted;
use crate::extract::manifests::pep508;
use crate::extract::manifests::sheet::Sheet;
use crate::extract::text::shown;
use crate::model::Code;

/// What setuptools writes where nothing was stated.
const PLACEHOLDER: &str = "UNKNOWN";

/// A header field with its place.
struct Field<'t> {
    name: &'t str,
    /// The value as written; continuation lines begin with white space.
    value: &'t str,
    span: Range<usize>,
}

pub(super) fn read(sheet: &mut Sheet<'_>) {
    sheet.kind("dist-info");
    let max_fields = usize::try_from(sheet.limits.metadata_keys).unwrap_or(usize::MAX);
    let header: Vec<Field<'_>> = fields(sheet.text).take(max_fields).collect();
    let header_end = header.last().map_or(0, |field| field.span.end);
    if header.len() == max_fields {
        let message = format!(
            "the header reaches `metadata_keys` = {max_fields} fields; what follows was not read"
        );
        let help = "raise `metadata_keys` in `[limits]`";
        sheet.problem(Code::LimitReached, &(0..header_end), message, help);
    }
    if let Some(line) =
        sheet.text[header_end..].lines().next().filter(|_| header.len() < max_fields)
        && !line.trim().is_empty()
    {
        let message = format!("the header breaks off at `{}`, which is no field", shown(line));
        let span = header_end..header_end + line.len();
        let help = "reinstall the package; fields after this line were not read";
        sheet.problem(Code::ManifestEntryInvalid, &span, message, help);
    }
    let values = |name: &'static str| {
        header
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name))
            .filter(|field| !field.value.is_empty() && field.value != PLACEHOLDER)
    };
    let first = |name| values(name).next().map(|field| field.value.to_owned());
    let mut entry = match values("Name").next() {
        Some(field) if pep508::is_name(field.value) => {
            PackageEntry::new(Ecosystem::Pypi, field.value, State::Installed, Scope::Runtime)
        }
        other => {
            let message = match other {
                Some(field) => {
                    format!("the metadata names no package: `{}`", shown(field.value))
                }
                None => "the metadata has no `Name`".to_owned(),
            };
            let help = "reinstall the package; it was listed without a name";
            sheet.problem(Code::ManifestEntryInvalid, &(0..header_end), message, help);
            PackageEntry::unnamed(Ecosystem::Pypi, State::Installed, Scope::Runtime)
        }
    };
    entry.version = first("Version");
    if entry.version.is_none() {
        let message = "the metadata has no `Version`";
        let help = "reinstall the package; it was listed without a version";
        sheet.problem(Code::ManifestEntryInvalid, &(0..header_end), message, help);
    }
    entry.license.expression = first("License-Expression");
    entry.license.stated = values("License").map(|field| unfold(field.value)).collect();
    entry.license.classifiers = values("Classifier")
        .filter_map(|field| field.value.strip_prefix("License ::"))
        .map(|classifier| classifier.trim().to_owned())
        .collect();
    let (inside, outside): (Vec<_>, Vec<_>) =
        values("License-File").partition(|field| is_inside(field.value));
    entry.license_files = inside.iter().map(|field| field.value.to_owned()).collect();
    entry.depends_on = sorted(
        values("Requires-Dist")
            .filter(|field| !is_for_extra(field.value))
            .filter_map(|field| pep508::parse(field.value).ok())
            .map(|requirement| Ecosystem::Pypi.normalize(&requirement.name)),
    );
    for field in outside {
        let message = format!(
            "the licence file `{}` lies outside of the package's folder; it was left out",
            shown(field.value)
        );
        let help = "do not trust the package: an installer writes no such name";
        sheet.problem(Code::ManifestEntryInvalid, &field.span, message, help);
    }
    sheet.package(entry, &(0..header_end));
}

/// The fields of the header. What is neither a field nor a continuation ends it, as an empty line
/// does.
fn fields(text: &str) -> impl Iterator<Item = Field<'_>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let mut end = line_end(text, start);
        let (name, _) = text[start..end].split_once(':')?;
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic());
        if !is_name {
            return None;
        }
        while text[end..].starts_with([' ', '\t']) {
            end = line_end(text, end);
        }
        let span = start..end;
        start = end;
        let value = text[span.start + name.len() + 1..end].trim();
        Some(Field { name, value, span })
    })
}

/// The start of the line after `start`.
fn line_end(text: &str, start: usize) -> usize {
    text[start..].find('\n').map_or(text.len(), |length| start + length + 1)
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
