//! Package URLs.

use std::fmt;

use super::Digest;

/// A package URL that the `packageurl` crate accepted. Ordered and compared as text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Purl(String);

impl Purl {
    /// Builds `pkg:<type>/<namespace>/<name>@<version>`; names and version are percent-encoded.
    /// `None` when the type's rules refuse it (`pkg:huggingface` needs a namespace).
    pub fn build(
        kind: &str,
        namespace: Option<&str>,
        name: &str,
        version: Option<&str>,
    ) -> Option<Self> {
        let mut purl = packageurl::PackageUrl::new(kind.to_owned(), name.to_owned()).ok()?;
        if let Some(namespace) = namespace {
            purl.with_namespace(namespace.to_owned()).ok()?;
        }
        if let Some(version) = version {
            purl.with_version(version.to_owned()).ok()?;
        }
        Some(Self(purl.to_string()))
    }

    /// The purl of the Hugging Face repository `id`: `org/name`, or the bare `name` of an early one.
    pub fn of_hugging_face(id: &str, revision: Option<&str>) -> Option<Self> {
        let (organisation, name) = match id.split_once('/') {
            Some((organisation, name)) => (Some(organisation), name),
            None => (None, id),
        };
        Self::build("huggingface", organisation, name, revision)
    }

    /// `pkg:generic/<name>?checksum=sha256:<hex>`: something known by its content only.
    pub fn generic_with_checksum(name: &str, digest: &Digest) -> Option<Self> {
        let mut purl = packageurl::PackageUrl::new("generic", name.to_owned()).ok()?;
        purl.add_qualifier("checksum", digest.to_string()).ok()?;
        Some(Self(purl.to_string()))
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Purl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
