//! Container images: layers that stream by, and the file system that they make together.
//!
//! Nothing is unpacked. A [`Store`] gives the blobs of an image that can be opened by name; an image
//! on a stream ([`read_stream`]) is read in the order in which it comes, and its manifest may come last.

mod archive;
mod entry;
mod layer;
mod layout;
mod manifest;
mod ollama;
mod payload;
mod seekable;
mod squash;
mod stream;
mod table;

use std::collections::BTreeSet;
use std::io::{self, Read};

use crate::model::{Attachment, Digest, Limits, SourceIdentity};
use crate::source::{ReadAt, Skip};

pub use archive::Archive;
pub use layer::{FileVisitor, LayerTree, Node, NodeKind, read_file_layer, read_layer, skim_layer};
pub use layout::Layout;
#[cfg(feature = "registry")]
pub(in crate::source) use manifest::attached::{LISTED, of_manifest as attachments};
pub use manifest::{Documents, ImageError, Name, Platform, PlatformChoice, has_image, resolve};
pub use ollama::Ollama;
pub use payload::{Payload, payloads};
pub use seekable::Seekable;
pub use squash::{Shown, Squashed, Stored, squash};
pub use stream::{Blobs, Streamed, is_archive, read_stream};
pub use table::{STARGZ_NAME, Table, listed_files};

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

    /// Reads parts of a blob, for who wants headers only; `None` where it can only be read from its start.
    fn parts<'a>(&'a self, _name: &str) -> Option<Box<dyn ReadAt + 'a>> {
        None
    }

    /// Opens a blob to pass over most of it; `None` where that cannot be done.
    fn skim<'a>(&'a self, _name: &str) -> Option<io::Result<Box<dyn Skip + 'a>>> {
        None
    }

    /// Whether every byte of a blob has to be fetched from somewhere else.
    fn is_far(&self) -> bool {
        false
    }
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
    /// What lies beside it and is about it, sorted.
    pub attachments: Vec<Attachment>,
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

/// The folder for the files of each image where several are scanned: by platform where those
/// differ, else by name or digest. One image alone has its files at the root.
pub fn folders(images: &[Image]) -> Vec<Option<String>> {
    if images.len() < 2 {
        return images.iter().map(|_| None).collect();
    }
    let platforms: BTreeSet<_> =
        images.iter().filter_map(|image| image.platform.as_ref()).collect();
    let folder = |image: &Image| match (&image.platform, image.names.first(), &image.manifest) {
        (Some(platform), _, _) if platforms.len() == images.len() => platform.to_string(),
        (_, Some(name), _) => name.clone(),
        (_, None, Some(digest)) => digest.hex(),
        (_, None, None) => "image".to_owned(),
    };
    images.iter().map(|image| Some(folder(image).replace(['/', ':'], "-"))).collect()
}

impl Image {
    /// The name that it has where it lies.
    pub fn name(&self) -> Option<&str> {
        self.names.first().map(String::as_str)
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
