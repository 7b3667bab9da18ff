//! What BSI TR-03183-2 v2.1.0 asks of a component beyond the format, under `Profile::Bsi` only.
//!
//! Its properties describe the delivered file. What was not looked at has none: of a package only the
//! manifest was read, of a dataset only a name.

use super::property::{self, Properties};
use crate::model::{
    Artifact, ArtifactAssessment, ArtifactFile, DeclaredFile, FileRole, is_archive_name,
};
use crate::report::facts;
use crate::report::place::cut;

/// The properties of a component that is one file.
pub(super) fn file(artifact: &Artifact, file: &ArtifactFile, properties: &mut Properties) {
    properties.add(property::BSI_FILENAME, file.path.file_name());
    kinds(&[Traits::of(artifact, file)], properties);
}

/// The properties of a component that is several files, which have their own.
pub(super) fn files(artifact: &Artifact, files: &[&ArtifactFile], properties: &mut Properties) {
    let traits: Vec<Traits> = files.iter().map(|file| Traits::of(artifact, file)).collect();
    kinds(&traits, properties);
}

/// The licence under which the component is used, with what it takes from its ancestors.
pub(super) fn effective_licence(
    assessment: Option<&ArtifactAssessment>,
    properties: &mut Properties,
) {
    let expression = assessment.and_then(|it| it.effective.expression.as_deref());
    properties.add(property::BSI_EFFECTIVE_LICENCE, expression.unwrap_or("NOASSERTION"));
}

/// The properties of a component that is handed on as `file`, as the vendor declares it.
pub(super) fn declared_file(file: &DeclaredFile, properties: &mut Properties) {
    properties.add(property::BSI_FILENAME, cut(&file.name));
    let DeclaredFile { is_executable, is_archive, is_structured, .. } = *file;
    words(is_executable, is_archive, is_structured, properties);
}

struct Traits {
    is_archive: bool,
    is_structured: bool,
}

impl Traits {
    fn of(artifact: &Artifact, file: &ArtifactFile) -> Self {
        let formats = || {
            let facts = artifact.facts_named(facts::WEIGHTS_FORMAT);
            facts.filter(|fact| fact.at.path == file.path).flat_map(|fact| fact.value.texts())
        };
        let is_archive = match formats().next() {
            Some(format) => format == "zip" || format.ends_with("-zip"),
            None => is_archive_name(file.path.file_name()),
        };
        // A pointer or an empty file has no inner structure, and of unknown bytes none is known.
        let is_read = formats().any(|format| !matches!(format, "git-lfs-pointer" | "empty"));
        let is_tree =
            matches!(file.role, FileRole::Config | FileRole::ShardIndex | FileRole::Tokenizer);
        Self { is_archive, is_structured: is_read || is_archive || is_tree }
    }
}

/// Models, their parts and documents are data: something else executes them.
fn kinds(traits: &[Traits], properties: &mut Properties) {
    let is_archive = traits.iter().any(|file| file.is_archive);
    let is_structured = traits.iter().any(|file| file.is_structured);
    words(false, is_archive, is_structured, properties);
}

fn words(is_executable: bool, is_archive: bool, is_structured: bool, properties: &mut Properties) {
    let executable = if is_executable { "executable" } else { "non-executable" };
    properties.add(property::BSI_EXECUTABLE, executable);
    properties.add(property::BSI_ARCHIVE, if is_archive { "archive" } else { "no archive" });
    let structured = if is_structured { "structured" } else { "unstructured" };
    properties.add(property::BSI_STRUCTURED, structured);
}
