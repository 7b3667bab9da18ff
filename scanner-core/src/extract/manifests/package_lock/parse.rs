//! From the text of a lock file to its facts.

use super::entries;
use super::tree::{Format, Tree};
use crate::extract::manifests::entry::{Ecosystem, ProjectEntry, SourceKind};
use crate::extract::manifests::json::{self, Bounds, Fault, FaultKind, Node};
use crate::extract::manifests::sheet::Sheet;
use crate::model::Code;

/// JSON values per allowed package. A package of a real lock file has about ten, and the limit of
/// packages is far above what real files have.
const VALUES_PER_PACKAGE: u64 = 8;

pub(super) fn read(sheet: &mut Sheet<'_>) {
    let kind = match sheet.path().file_name() {
        "npm-shrinkwrap.json" => "npm-shrinkwrap.json",
        _ => "package-lock.json",
    };
    sheet.kind(kind);
    let bounds = Bounds {
        depth: sheet.limits.nesting,
        values: sheet.limits.packages.saturating_mul(VALUES_PER_PACKAGE),
    };
    let (document, faults) = json::read(sheet.text, bounds);
    let is_whole = faults.iter().all(|fault| fault.kind == FaultKind::DuplicateKey);
    report(sheet, faults);
    let Some(document) = document else { return };
    let packages = document.get("packages").filter(|node| !node.members().is_empty());
    let dependencies = document.get("dependencies");
    if !matches!(document.value, json::Value::Map(_)) {
        let message = format!("a lock file is an object, and this is {}", document.kind());
        let help = "run `npm install --package-lock-only`; nothing was read";
        sheet.problem(Code::ManifestInvalid, &document.span, message, help);
    } else if is_whole
        && packages.or(dependencies).is_none()
        && document.get("lockfileVersion").is_none()
    {
        let message = "the file has neither `packages` nor `dependencies` nor `lockfileVersion`";
        let help = "run `npm install --package-lock-only`; nothing was read";
        sheet.problem(Code::ManifestInvalid, &document.span, message, help);
    }
    let tree = match (packages, dependencies) {
        (Some(packages), _) => Tree::of_packages(sheet, packages),
        (None, Some(dependencies)) => Tree::of_dependencies(sheet, dependencies),
        (None, None) => return read_project(sheet, &document, None),
    };
    read_project(sheet, &document, tree.root());
    let reaches = entries::reaches(&tree);
    let identities = entries::identities(&tree);
    for (index, place) in tree.places().filter(|(_, place)| !place.leads_elsewhere()) {
        if sheet.is_full() {
            break;
        }
        let mut entry = entries::entry(sheet, &tree, &identities, index);
        let is_own = entry.source.as_ref().is_some_and(|s| s.kind == SourceKind::Workspace);
        entry.reach = if is_own { None } else { reaches[index] };
        sheet.package(entry, &place.span);
    }
}

fn report(sheet: &mut Sheet<'_>, faults: Vec<Fault>) {
    for fault in faults {
        let (code, message, help) = match fault.kind {
            FaultKind::DuplicateKey => (
                Code::ManifestDuplicateKey,
                fault.message,
                "delete one of the two; both were read, and npm sees the last only",
            ),
            FaultKind::Limit => (
                Code::LimitReached,
                fault.message,
                "check who wrote the file; what stands before this place was read",
            ),
            FaultKind::Tolerated | FaultKind::Syntax => (
                Code::ManifestInvalid,
                format!("the file is not valid JSON: {}", fault.message),
                "run `npm install --package-lock-only`; what could be read was used",
            ),
        };
        sheet.problem(code, &(fault.at..fault.at), message, help);
    }
}

fn read_project(sheet: &mut Sheet<'_>, document: &Node<'_>, root: Option<&Node<'_>>) {
    let text = |key| {
        root.and_then(|root| root.text_of(key)).or_else(|| document.text_of(key)).map(str::to_owned)
    };
    let Some(name) = text("name") else { return };
    let mut project = ProjectEntry::new(Ecosystem::Npm, &name);
    project.version = text("version");
    if let Some(root) = root {
        project.license.stated = entries::licenses(root);
    }
    let span = root.map_or(0..0, |root| root.span.clone());
    sheet.project(project, &span);
}

impl Format {
    /// The fields that name what a package needs. `requires` is that of version 1.
    pub(super) const fn dependency_fields(self) -> &'static [&'static str] {
        match self {
            Self::Dependencies => &["requires"],
            Self::Packages => &["dependencies", "optionalDependencies", "peerDependencies"],
        }
    }
}
