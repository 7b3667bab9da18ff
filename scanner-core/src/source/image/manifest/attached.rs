//! What lies beside images in an index and is about them: attestations, signatures, bills of materials.
//!
//! They are listed, and neither read nor trusted. Known are `subject` (OCI image specification 1.1,
//! manifest.md), attestations of BuildKit (`vnd.docker.reference.*`), and layouts and tags of cosign.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{At, Candidate, Descriptor, Reader, parse, sha256};
use crate::model::{Attachment, Digest};
use crate::source::image::Image;

/// Manifests that are looked into for what they are about.
const LOOKED_INTO: usize = 256;
/// Attachments of one image that are listed.
pub(in crate::source) const LISTED: usize = 256;

/// What lies beside the images, and which image it is about, if it says so.
#[derive(Default)]
pub(super) struct Attached(Vec<(Option<Digest>, Attachment)>);

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Document {
    config: Descriptor,
    layers: Option<Vec<Descriptor>>,
    artifact_type: Option<String>,
    subject: Option<Descriptor>,
}

/// Takes what is about others out of `candidates`.
pub(super) fn take(reader: &mut Reader<'_>, candidates: &mut Vec<Candidate>) -> Attached {
    let mut attached = Attached::default();
    // What lies alone is what is meant.
    if candidates.len() < 2 {
        return attached;
    }
    let mut looked = 0;
    candidates.retain(|candidate| {
        let At::Manifest { name, .. } = &candidate.at else { return true };
        let says_so = says_so(candidate);
        if !says_so && (candidate.platform.is_some() || looked == LOOKED_INTO) {
            return true;
        }
        looked += 1;
        // One that cannot be read is said to be broken if it turns out to be meant.
        let bytes = reader.document(name).ok().flatten();
        let document: Option<Document> = bytes.and_then(|bytes| parse(name, &bytes).ok());
        let subject = document.as_ref().and_then(|it| it.subject.as_ref());
        if !says_so && subject.is_none() {
            return true;
        }
        let about = subject
            .and_then(|subject| sha256(&subject.digest))
            .or_else(|| annotated(&candidate.annotations))
            .or_else(|| candidate.names.iter().find_map(|name| tagged(name)));
        let document = document.unwrap_or_default();
        attached.0.extend(attachments(&document).map(|attachment| (about, attachment)));
        false
    });
    attached
}

impl Attached {
    /// Gives each image what is about it; what names no image here is about the only one.
    pub(super) fn give_to(self, images: &mut [Image]) {
        let is_alone = images.len() == 1;
        let known: Vec<Option<Digest>> = images.iter().map(|image| image.manifest).collect();
        for (image, manifest) in images.iter_mut().zip(&known) {
            let is_about = |about: &Option<Digest>| match about {
                Some(about) if known.contains(&Some(*about)) => Some(*about) == *manifest,
                _ => is_alone,
            };
            let own = self.0.iter().filter(|(about, _)| is_about(about));
            image.attachments =
                own.map(|(_, attachment)| attachment.clone()).take(LISTED).collect();
            image.attachments.sort();
            image.attachments.dedup();
        }
    }
}

/// What the manifest of an attachment holds; nothing for what is no manifest.
#[cfg(feature = "registry")]
pub(in crate::source) fn of_manifest(bytes: &[u8]) -> Vec<Attachment> {
    let document: Document = serde_json::from_slice(bytes).unwrap_or_default();
    attachments(&document).collect()
}

/// Whether the descriptor alone says that it is about another manifest.
fn says_so(candidate: &Candidate) -> bool {
    let annotation = |key: &str| candidate.annotations.get(key).map(String::as_str);
    let by_cosign = annotation("kind")
        .and_then(|kind| kind.strip_prefix("dev.cosignproject.cosign/"))
        .is_some_and(|kind| kind != "image" && kind != "imageIndex");
    by_cosign
        || candidate.platform.as_ref().is_some_and(|platform| platform.os == "unknown")
        || annotation("vnd.docker.reference.type").is_some()
        || candidate.names.iter().any(|name| tagged(name).is_some())
}

fn annotated(annotations: &BTreeMap<String, String>) -> Option<Digest> {
    sha256(annotations.get("vnd.docker.reference.digest")?)
}

/// Tags of cosign: `sha256-<hex>.sig`, `.att`, `.sbom`.
fn tagged(name: &str) -> Option<Digest> {
    let tag = name.rsplit(':').next()?;
    let (digest, ending) = tag.strip_prefix("sha256-")?.split_once('.')?;
    let is_known = matches!(ending, "att" | "sbom" | "sig");
    is_known.then(|| sha256(&format!("sha256:{digest}"))).flatten()
}

/// One for each layer: an attestation holds several statements.
fn attachments(document: &Document) -> impl Iterator<Item = Attachment> {
    let whole = document.artifact_type.as_deref().unwrap_or(&document.config.media_type);
    // A signature of cosign looks like an image but for its layer.
    let whole = Some(whole).filter(|whole| !whole.is_empty() && !whole.contains("image.config"));
    document.layers.iter().flatten().map(move |layer| {
        let annotations = layer.annotations.as_ref();
        let predicate = ["in-toto.io/predicate-type", "predicateType"];
        let predicate = predicate.iter().find_map(|key| annotations?.get(*key));
        Attachment {
            media_type: layer.media_type.clone(),
            kind: predicate.map(String::as_str).or(whole).unwrap_or(&layer.media_type).to_owned(),
            digest: sha256(&layer.digest),
        }
    })
}
