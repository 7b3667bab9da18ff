//! Image layouts, right and wrong ones, in a folder that goes away with them.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::stargz::{Stargz, TABLE_DIGEST};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
/// The media type of a layer that is a plain tar archive.
pub const TAR: &str = "application/vnd.oci.image.layer.v1.tar";

/// A layer as the manifest states it.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// Its media type.
    pub media_type: String,
    /// Its digest.
    pub digest: String,
    /// The digest of the decoded layer.
    pub diff_id: String,
    /// The annotations of its descriptor.
    pub annotations: BTreeMap<String, String>,
}

/// An OCI image layout.
#[derive(Debug)]
pub struct Layout {
    folder: tempfile::TempDir,
    manifests: Vec<Value>,
}

impl Layout {
    /// A layout without images.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn new() -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        fs::create_dir_all(folder.path().join("blobs/sha256"))?;
        fs::write(folder.path().join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#)?;
        let layout = Self { folder, manifests: Vec::new() };
        layout.write_index()?;
        Ok(layout)
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a blob; its digest.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn blob(&self, bytes: &[u8]) -> io::Result<String> {
        let digest = sha256(bytes);
        fs::write(self.path().join("blobs/sha256").join(&digest), bytes)?;
        Ok(format!("sha256:{digest}"))
    }

    /// Writes a plain layer.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn layer(&self, tar: &[u8]) -> io::Result<Layer> {
        let digest = self.blob(tar)?;
        Ok(Layer {
            media_type: TAR.to_owned(),
            diff_id: digest.clone(),
            digest,
            annotations: BTreeMap::new(),
        })
    }

    /// Writes a layer with gzip.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn gzip_layer(&self, tar: &[u8]) -> io::Result<Layer> {
        let digest = self.blob(&gzip(tar)?)?;
        let diff_id = format!("sha256:{}", sha256(tar));
        let annotations = BTreeMap::new();
        Ok(Layer { media_type: format!("{TAR}+gzip"), digest, diff_id, annotations })
    }

    /// Writes a layer as eStargz.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn stargz_layer(&self, layer: &Stargz) -> io::Result<Layer> {
        let annotations = BTreeMap::from([(TABLE_DIGEST.to_owned(), layer.digest.clone())]);
        let (digest, diff_id) = (self.blob(&layer.blob)?, format!("sha256:{}", sha256(&layer.tar)));
        Ok(Layer { media_type: format!("{TAR}+gzip"), digest, diff_id, annotations })
    }

    /// Adds an image called `name`.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn image(&mut self, name: &str, layers: &[Layer]) -> io::Result<()> {
        let diff_ids: Vec<&str> = layers.iter().map(|layer| &*layer.diff_id).collect();
        let config = json!({
            "os": "linux", "architecture": "amd64",
            "rootfs": {"type": "layers", "diff_ids": diff_ids},
        });
        let config = self.blob(config.to_string().as_bytes())?;
        let layers: Vec<Value> = layers
            .iter()
            .map(|layer| {
                json!({"mediaType": layer.media_type, "digest": layer.digest,
                    "annotations": layer.annotations})
            })
            .collect();
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST,
            "config": {"mediaType": CONFIG, "digest": config}, "layers": layers,
        });
        let digest = self.blob(manifest.to_string().as_bytes())?;
        self.describe(json!({
            "mediaType": MANIFEST, "digest": digest,
            "annotations": {"org.opencontainers.image.ref.name": name},
        }))
    }

    /// Adds a descriptor to the index.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn describe(&mut self, descriptor: Value) -> io::Result<()> {
        self.manifests.push(descriptor);
        self.write_index()
    }

    fn write_index(&self) -> io::Result<()> {
        let index = json!({"schemaVersion": 2, "manifests": self.manifests});
        fs::write(self.path().join("index.json"), index.to_string())
    }
}

/// Compresses.
///
/// # Errors
/// None that memory does not give.
pub fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// The SHA-256 of `bytes` in hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
