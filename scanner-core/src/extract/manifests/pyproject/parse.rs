//! The standard tables of a `pyproject.toml`; `poetry` has those of Poetry.

use super::poetry;
use crate::extract::manifests::entry::{
    Ecosystem, PackageEntry, ProjectEntry, Reach, Scope, State, StatedLicense,
};
use crate::extract::manifests::sheet::Sheet;
use crate::extract::manifests::{pep508, toml};
use crate::model::Code;

pub(super) fn read(sheet: &mut Sheet<'_>) {
    sheet.kind("pyproject.toml");
    let document = toml::read(sheet);
    let project = toml::table(&document, "project");
    let tool = toml::table(&document, "tool");
    let poetry = tool.and_then(|tool| toml::table(tool, "poetry"));
    if let Some((project, span)) = project_entry(&document, project, poetry) {
        sheet.project(project, &span);
    }
    if let Some(build) = toml::table(&document, "build-system") {
        read_list(sheet, toml::items(build, "requires"), Scope::Build);
    }
    if let Some(project) = project {
        read_list(sheet, toml::items(project, "dependencies"), Scope::Runtime);
        read_lists(sheet, toml::table(project, "optional-dependencies"), Scope::Optional);
    }
    read_lists(sheet, toml::table(&document, "dependency-groups"), Scope::Development);
    if let Some(poetry) = poetry {
        poetry::read(sheet, poetry);
    }
    if let Some(uv) = tool.and_then(|tool| toml::table(tool, "uv")) {
        read_list(sheet, toml::items(uv, "dev-dependencies"), Scope::Development);
    }
}

/// The project by `[project]`, or by `[tool.poetry]` where that has no name.
fn project_entry(
    document: &toml::Table<'_>,
    project: Option<&toml::Table<'_>>,
    poetry: Option<&toml::Table<'_>>,
) -> Option<(ProjectEntry, std::ops::Range<usize>)> {
    let tables = [project, poetry];
    let text = |key| tables.into_iter().flatten().find_map(|table| toml::text(table, key));
    let mut entry = ProjectEntry::new(Ecosystem::Pypi, text("name")?);
    entry.version = text("version").map(str::to_owned);
    entry.license = license(project, poetry);
    entry.license_files = license_files(project);
    let holder = if project.is_some_and(|project| project.contains_key("name")) {
        document.get("project")
    } else {
        let tool = toml::table(document, "tool");
        tool.and_then(|tool| tool.get("poetry"))
    };
    Some((entry, holder.map_or(0..0, toml::extent)))
}

/// A text in `[project]` is an SPDX expression (PEP 639); before that standard it was a table with
/// free text, as it is in Poetry's own table.
fn license(project: Option<&toml::Table<'_>>, poetry: Option<&toml::Table<'_>>) -> StatedLicense {
    let text = |table: Option<&toml::Table<'_>>, key| {
        table.and_then(|table| toml::text(table, key)).map(str::to_owned)
    };
    let older = project.and_then(|project| toml::table(project, "license"));
    let classifiers =
        [project, poetry].into_iter().flatten().flat_map(|table| toml::texts(table, "classifiers"));
    StatedLicense {
        expression: text(project, "license"),
        stated: text(older, "text").into_iter().chain(text(poetry, "license")).collect(),
        classifiers: classifiers
            .filter_map(|line| line.strip_prefix("License ::"))
            .map(|classifier| classifier.trim().to_owned())
            .collect(),
    }
}

fn license_files(project: Option<&toml::Table<'_>>) -> Vec<String> {
    let Some(project) = project else { return Vec::new() };
    let file = toml::table(project, "license").and_then(|inner| toml::text(inner, "file"));
    file.into_iter().chain(toml::texts(project, "license-files")).map(str::to_owned).collect()
}

fn read_lists(sheet: &mut Sheet<'_>, lists: Option<&toml::Table<'_>>, scope: Scope) {
    for (_, list) in lists.map(toml::in_text_order).into_iter().flatten() {
        read_list(sheet, toml::list(list), scope);
    }
}

fn read_list(sheet: &mut Sheet<'_>, list: &[toml::Item<'_>], scope: Scope) {
    for item in list {
        // The other kind of item is `{ include-group = "…" }`, and that group is read by itself.
        let Some(text) = item.get_ref().as_str() else { continue };
        let help = "correct the requirement; the others were read";
        let read = match pep508::parse(text) {
            Ok(read) => read,
            Err(reason) => {
                let message = format!("the text is no requirement: {reason}");
                sheet.problem(Code::ManifestEntryInvalid, &item.span(), message, help);
                continue;
            }
        };
        if let Some(doubt) = &read.doubt {
            let message = format!("the requirement was taken by its name only: {doubt}");
            sheet.problem(Code::ManifestEntryInvalid, &item.span(), message, help);
        }
        let mut entry = PackageEntry::new(Ecosystem::Pypi, &read.name, State::Required, scope);
        read.fill(&mut entry);
        entry.reach = Some(Reach::Direct);
        sheet.package(entry, &item.span());
    }
}
