//! What a registry keeps beside an image: referrers, and tags of cosign.
//!
//! OCI distribution specification 1.1, "Listing Referrers" and, for registries without that, "Referrers
//! Tag Schema"; cosign's tags `sha256-<hex>.sig`, `.att` and `.sbom`. Small documents only: what they
//! describe is not fetched, and nothing of it is trusted.

use serde::Deserialize;

use super::RegistryError;
use super::store::{Registry, is_digest};
use crate::model::{Attachment, Code, Diagnostic, Digest};
use crate::source::image::{Image, LISTED, attachments};

/// Manifests that are fetched in one scan, one after the other; of the others there is what the list
/// says of them.
const FETCHED: usize = 32;
/// What cosign appends to the tag that it makes of a digest.
const COSIGN: [&str; 3] = ["att", "sbom", "sig"];
/// Statuses by which a registry says that it has no such thing, or does not know the question.
const NOT_THERE: [u16; 3] = [400, 404, 405];

/// A list of referrers: an index whose entries have a type (OCI image specification 1.1,
/// image-index.md).
#[derive(Deserialize, Default)]
#[serde(default)]
struct List {
    manifests: Vec<Referrer>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Referrer {
    media_type: String,
    digest: String,
    artifact_type: Option<String>,
}

impl Referrer {
    /// What the list says of it.
    fn attachment(&self) -> Attachment {
        let kind = self.artifact_type.as_ref().unwrap_or(&self.media_type);
        Attachment {
            media_type: self.media_type.clone(),
            kind: kind.clone(),
            digest: Digest::parse(&self.digest),
        }
    }
}

impl Registry {
    /// Gives `images`, which are here, what lies beside them; what is about the index of their platforms
    /// is about each of them. A diagnostic where the registry does not say.
    pub fn add_attachments(&self, images: &mut [Image]) -> Option<Diagnostic> {
        let mut unanswered = None;
        let mut left = FETCHED;
        let mut about = |digest: Option<Digest>| -> Vec<Attachment> {
            match digest.map(|digest| self.attachments(&digest, &mut left)) {
                Some(Ok(found)) => found,
                Some(Err(error)) => {
                    unanswered.get_or_insert_with(|| unread(&error));
                    Vec::new()
                }
                None => Vec::new(),
            }
        };
        let top = self.digest();
        let of_all = about(top);
        for image in images {
            if image.manifest != top {
                image.attachments.extend(about(image.manifest));
            }
            image.attachments.extend(of_all.iter().cloned());
            image.attachments.sort();
            image.attachments.dedup();
        }
        unanswered
    }

    /// What lies beside the manifest or index `about`, sorted; at most `left` manifests are fetched that
    /// a list names.
    fn attachments(
        &self,
        about: &Digest,
        left: &mut usize,
    ) -> Result<Vec<Attachment>, RegistryError> {
        let tag = about.to_string().replacen(':', "-", 1);
        let list = match self.beside(&format!("referrers/{about}"))? {
            Some(list) => Some(list),
            None => self.beside(&format!("manifests/{tag}"))?,
        };
        let list: List =
            list.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        let mut found = Vec::new();
        for referrer in &list.manifests {
            let manifest = if *left > 0 && is_digest(&referrer.digest) {
                *left -= 1;
                self.beside(&format!("manifests/{}", referrer.digest))?
            } else {
                None
            };
            let parts = manifest.map(|bytes| attachments(&bytes)).unwrap_or_default();
            if parts.is_empty() {
                found.push(referrer.attachment());
            }
            found.extend(parts);
        }
        for ending in COSIGN {
            let manifest = self.beside(&format!("manifests/{tag}.{ending}"))?;
            found.extend(manifest.iter().flat_map(|bytes| attachments(bytes)));
        }
        found.sort();
        found.dedup();
        found.truncate(LISTED);
        Ok(found)
    }

    /// A manifest or list of the place that has the image; `None` where there is none.
    fn beside(&self, path: &str) -> Result<Option<Vec<u8>>, RegistryError> {
        let Some(place) = self.places.first() else { return Ok(None) };
        match self.document(place, path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(RegistryError::Refused { status, .. }) if NOT_THERE.contains(&status) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn unread(error: &RegistryError) -> Diagnostic {
    let message = format!("what lies beside the image is not known: {error}");
    Diagnostic::of_run(Code::ImageAttachmentsUnread, message)
        .help("signatures, attestations and bills of materials beside it are not listed")
}
