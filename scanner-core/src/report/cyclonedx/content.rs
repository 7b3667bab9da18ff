//! The files that a component consists of: digests, sizes, and nested components where they are several.

use super::bsi;
use super::component::{Component, ComponentType, Hash};
use super::context::Context;
use super::property;
use super::references::distribution;
use crate::model::{Artifact, ArtifactFile, ArtifactKind, FileRole};
use crate::report::facts;
use crate::report::place::cut;
use crate::report::refs::Refs;

/// Adds digests and, for several weight files, one nested component each. Returns the digest that
/// identifies the component as a whole, if one file is all of it.
pub(super) fn content(
    context: &Context<'_>,
    refs: &mut Refs,
    artifact: &Artifact,
    reference: Option<&str>,
    component: &mut Component,
) -> Option<String> {
    if artifact.kind == ArtifactKind::Package || artifact.files.is_empty() {
        let stated = facts::stated_sha256(artifact);
        // Several digests are of several downloads of the release; which one was taken is not known.
        if let [only] = stated.as_slice() {
            component.hashes = vec![Hash::sha256(only)];
        } else {
            component.properties.each(property::ARTIFACT_STATED_SHA256, &stated);
        }
        return None;
    }
    let mut files: Vec<&ArtifactFile> = artifact.files_of(FileRole::Weights).collect();
    if files.is_empty() {
        files = artifact.files.iter().collect();
    }
    match files.as_slice() {
        [only] => {
            describe_file(context, artifact, only, component);
            only.sha256.map(|digest| digest.hex())
        }
        several => {
            if context.is_bsi() && !several.is_empty() && facts::declared_file(artifact).is_none() {
                bsi::files(artifact, several, &mut component.properties);
            }
            let parent = reference.unwrap_or("component");
            component.components = several
                .iter()
                .map(|file| file_component(context, refs, parent, artifact, file))
                .collect();
            None
        }
    }
}

fn file_component(
    context: &Context<'_>,
    refs: &mut Refs,
    parent: &str,
    artifact: &Artifact,
    file: &ArtifactFile,
) -> Component {
    let mut component = Component::named(ComponentType::File, "");
    component.name = cut(file.path.as_str()).into_owned();
    component.bom_ref = Some(refs.take(&format!("{parent}#{}", file.path.file_name())));
    describe_file(context, artifact, file, &mut component);
    component
}

/// Adds what is known of the one file that a component is.
fn describe_file(
    context: &Context<'_>,
    artifact: &Artifact,
    file: &ArtifactFile,
    component: &mut Component,
) {
    component.hashes = Hash::of(file);
    let properties = &mut component.properties;
    properties.add(property::ARTIFACT_FILE_ROLE, file.role.name());
    properties.add(property::ARTIFACT_SIZE, file.size.to_string());
    properties
        .maybe(property::ARTIFACT_CLAIMED_SHA256, file.claimed_sha256.map(|digest| digest.hex()));
    if context.is_bsi() && facts::declared_file(artifact).is_none() {
        bsi::file(artifact, file, properties);
        component.external_references.push(distribution(file));
    }
}
