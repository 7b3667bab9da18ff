//! A store of Ollama: `manifests/<registry>/<name space>/<model>/<tag>` and `blobs/sha256-<hex>`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::Store;
use crate::model::{Digest, SourceIdentity, SourceKind};
use crate::source::ReadAt;
use crate::source::file::FilePart;

/// Folders between `manifests` and a tag.
const DEPTH: usize = 8;
/// Bytes of one manifest.
const MANIFEST_BYTES: u64 = 4 << 20;

/// The models that Ollama has fetched.
#[derive(Debug)]
pub struct Ollama {
    root: PathBuf,
    /// The index that the folders of manifests are.
    index: Vec<u8>,
    manifests: BTreeMap<String, Vec<u8>>,
}

impl Ollama {
    /// Reads the manifests of the store at `root`, the folder with `manifests` and `blobs`.
    ///
    /// # Errors
    /// When the folder of manifests cannot be read.
    pub fn open(root: &Path) -> io::Result<Self> {
        let root = root.canonicalize()?;
        let mut found = Vec::new();
        tags(&root.join("manifests"), &mut Vec::new(), &mut found)?;
        found.sort();
        let mut manifests = BTreeMap::new();
        let mut entries = Vec::new();
        for (name, path) in found {
            let mut bytes = Vec::new();
            File::open(path)?.take(MANIFEST_BYTES).read_to_end(&mut bytes)?;
            let digest = Digest::sha256_of(&bytes);
            entries.push(serde_json::json!({
                "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
                "digest": digest.to_string(),
                "size": bytes.len(),
                "annotations": { "org.opencontainers.image.ref.name": name },
            }));
            manifests.insert(format!("blobs/sha256/{}", digest.hex()), bytes);
        }
        let index = serde_json::json!({ "schemaVersion": 2, "manifests": entries });
        Ok(Self { root, index: index.to_string().into_bytes(), manifests })
    }

    /// Whether `path` is a store.
    pub fn is_at(path: &Path) -> bool {
        path.join("manifests").is_dir() && path.join("blobs").is_dir()
    }

    fn blob(&self, name: &str) -> Option<PathBuf> {
        let hex = name.strip_prefix("blobs/sha256/")?;
        let is_digest = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_digest.then(|| self.root.join("blobs").join(format!("sha256-{hex}")))
    }
}

/// Every file below `folder`, as `model:tag` with what stands before it unless it is the default.
fn tags(
    folder: &Path,
    above: &mut Vec<String>,
    found: &mut Vec<(String, PathBuf)>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            if above.len() < DEPTH {
                above.push(name);
                tags(&entry.path(), above, found)?;
                above.pop();
            }
        } else if !name.starts_with('.') {
            // `registry.ollama.ai/library/llama3.2/1b` is what its users call `llama3.2:1b`.
            let model = match above.as_slice() {
                [_, space, model @ ..] if space == "library" => model.join("/"),
                [_, rest @ ..] => rest.join("/"),
                [] => continue,
            };
            found.push((format!("{model}:{name}"), entry.path()));
        }
    }
    Ok(())
}

impl Store for Ollama {
    fn identity(&self) -> SourceIdentity {
        SourceIdentity { kind: SourceKind::Ollama, name: "ollama".to_owned() }
    }

    fn size(&self, name: &str) -> Option<u64> {
        if name == "index.json" {
            return Some(self.index.len() as u64);
        }
        if let Some(bytes) = self.manifests.get(name) {
            return Some(bytes.len() as u64);
        }
        let metadata = self.blob(name)?.metadata().ok()?;
        metadata.is_file().then_some(metadata.len())
    }

    fn parts<'a>(&'a self, name: &str) -> Option<Box<dyn ReadAt + 'a>> {
        Some(Box::new(FilePart::whole(&self.blob(name)?).ok()?))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        if name == "index.json" {
            return Ok(Box::new(self.index.as_slice()));
        }
        if let Some(bytes) = self.manifests.get(name) {
            return Ok(Box::new(bytes.as_slice()));
        }
        Ok(Box::new(File::open(self.blob(name).ok_or(io::ErrorKind::NotFound)?)?))
    }
}
