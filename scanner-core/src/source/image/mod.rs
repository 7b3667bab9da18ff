//! Container images: layers that stream by, and the file system that they make together.
//!
//! Nothing is unpacked. A [`Store`] gives the blobs of an image that can be opened by name; an image
//! on a stream ([`stream`]) is read in the order in which it comes, and its manifest may come last.

mod archive;
mod entry;
mod layer;
mod layout;
mod manifest;
mod squash;
mod stream;

use std::io::{self, Read};

use crate::model::{Digest, Limits, SourceIdentity};

pub use archive::Archive;
pub use layer::{FileVisitor, LayerTree, Node, NodeKind, read_layer};
pub use layout::Layout;
pub use manifest::{Documents, ImageError, Platform, PlatformChoice, has_image, resolve};
pub use squash::{Shown, Squashed, Stored, squash};
pub use stream::{Blobs, Streamed, is_archive, read_stream};

/// Blobs by name: `index.json`, `manifest.json`, `blobs/sha256/<hex>`.
pub trait Store: Sync {
    /// What it is, for documents, and how its images are called when they have no name.
    fn identity(&self) -> SourceIdentity;

    /// Whether there is such a blob, and its size in bytes.
    fn size(&self, name: &str) -> Option<u64>;

    /// Opens a blob.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send + '_>>;
}

/// The document called `name`, if it is there.
///
/// # Errors
/// When it cannot be read, or has more bytes than `limits.image_json_bytes`.
pub fn small_document(
    store: &dyn Store,
    name: &str,
    limits: &Limits,
) -> io::Result<Option<Vec<u8>>> {
    let Some(bytes) = store.size(name) else { return Ok(None) };
    let limit = limits.image_json_bytes;
    if bytes > limit {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it has `{bytes}` bytes, more than `{limit}` (`limits.image_json_bytes`)"),
        ));
    }
    let mut document = Vec::new();
    store.open(name)?.take(limit).read_to_end(&mut document)?;
    Ok(Some(document))
}

/// What an image says of itself, and its layers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Image {
    /// The names that it has where it lies: `app:1.0`.
    pub names: Vec<String>,
    /// Digest of its manifest, when it has one of its own.
    pub manifest: Option<Digest>,
    /// Digest of its configuration.
    pub config: Option<Digest>,
    /// The platform it was built for.
    pub platform: Option<Platform>,
    /// Labels of its configuration and annotations of its manifest, sorted.
    pub labels: Vec<(String, String)>,
    /// The media type of its configuration: container images and model artifacts differ in it.
    pub config_media_type: String,
    /// The name of the blob of its configuration.
    pub config_blob: Option<String>,
    /// What the manifest says that it is, other than a container image.
    pub artifact_type: Option<String>,
    /// Its layers, lowest first.
    pub layers: Vec<Layer>,
}

impl Layer {
    /// A layer of which nothing is stated.
    pub const fn unnamed() -> Self {
        Self {
            blob: String::new(),
            digest: None,
            diff_id: None,
            size: None,
            media_type: String::new(),
            annotations: Vec::new(),
        }
    }

    /// Whether the layer need not be part of the image: its media type says that it is fetched from
    /// elsewhere.
    pub fn is_foreign(&self) -> bool {
        self.media_type.contains("foreign") || self.media_type.contains("nondistributable")
    }
}

/// A layer as manifest and configuration describe it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layer {
    /// The name of its blob in the store.
    pub blob: String,
    /// The digest that the manifest states for the blob.
    pub digest: Option<Digest>,
    /// The digest that the configuration states for the decoded layer.
    pub diff_id: Option<Digest>,
    /// The size that the manifest states for the blob.
    pub size: Option<u64>,
    /// The media type that the manifest states; empty in a docker archive.
    pub media_type: String,
    /// The annotations of its descriptor, sorted.
    pub annotations: Vec<(String, String)>,
}
