//! What files say about an artifact, as properties with the names that every bill of materials shares.

use super::facts;
use super::index::Index;
use super::property::{self, Properties};
use crate::model::{Artifact, ArtifactFile};

/// Kind, content and the state of the licence.
pub(super) fn of_artifact(index: &Index<'_>, artifact: &Artifact) -> Properties {
    let mut properties = Properties::default();
    properties.add(property::ARTIFACT_KIND, artifact.kind.name());
    content(artifact, &mut properties);
    license(index, artifact, &mut properties);
    properties
}

/// Format, fingerprints, tensors, and digests that lock files state.
pub(super) fn content(artifact: &Artifact, properties: &mut Properties) {
    weights(artifact, properties);
    // Several digests are of several downloads of a release; which one was taken is not known.
    let stated = facts::stated_sha256(artifact);
    if stated.len() > 1 {
        properties.each(property::ARTIFACT_STATED_SHA256, stated);
    }
}

/// Format, fingerprints and tensors.
pub(super) fn weights(artifact: &Artifact, properties: &mut Properties) {
    let mut formats: Vec<_> = facts::texts(artifact, facts::WEIGHTS_FORMAT).collect();
    formats.sort_unstable();
    formats.dedup();
    properties.each(property::ARTIFACT_FORMAT, formats);
    for (name, fact) in [
        (property::FINGERPRINT_HEADER, facts::WEIGHTS_HEADER_DIGEST),
        (property::FINGERPRINT_TENSOR_MANIFEST, facts::WEIGHTS_TENSOR_MANIFEST_DIGEST),
        (property::FINGERPRINT_TENSOR_SET, facts::WEIGHTS_TENSOR_SET_DIGEST),
    ] {
        properties.each(name, facts::digests(artifact, fact));
    }
    for (name, fact) in [
        (property::TENSOR_COUNT, facts::WEIGHTS_TENSOR_COUNT),
        (property::TENSOR_PARAMETERS, facts::WEIGHTS_PARAMETER_COUNT),
    ] {
        properties.maybe(name, facts::sum(artifact, fact).map(|number| number.to_string()));
    }
    for (dtype, count) in facts::counts(artifact, facts::WEIGHTS_DTYPES) {
        properties.add(property::TENSOR_DTYPES, format!("{dtype}={count}"));
    }
}

fn license(index: &Index<'_>, artifact: &Artifact, properties: &mut Properties) {
    let Some(assessment) = index.assessment(&artifact.id) else {
        properties.add(property::LICENSE_STATUS, "NOASSERTION");
        return;
    };
    let (conclusion, effective) = (&assessment.conclusion, &assessment.effective);
    properties.add(property::LICENSE_STATUS, conclusion.status.name());
    properties.add(property::LICENSE_BECAUSE, &conclusion.because);
    let expression = effective.expression.as_deref();
    properties.add(property::LICENSE_EFFECTIVE, expression.unwrap_or("NOASSERTION"));
    properties.add(property::LICENSE_EFFECTIVE_BECAUSE, &effective.because);
    properties.each(property::LICENSE_APPLIES, index.applied(&artifact.id));
}

/// What is known of one file beside its name and digest.
pub(super) fn of_file(file: &ArtifactFile) -> Properties {
    let mut properties = Properties::default();
    properties.add(property::ARTIFACT_FILE_ROLE, file.role.name());
    properties.add(property::ARTIFACT_SIZE, file.size.to_string());
    let claimed = file.claimed_sha256.map(|digest| digest.hex());
    properties.maybe(property::ARTIFACT_CLAIMED_SHA256, claimed);
    properties
}
