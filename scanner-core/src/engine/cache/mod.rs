//! What layers said, kept from one scan to the next.
//!
//! Only facts are kept: what licences they mean is decided anew in every scan. A key holds the digest
//! of the layer, the code that reads files, and everything that changes what is read. Nothing that was
//! read with a fault is kept, and what cannot be read back is read from the layer again.

#[cfg(feature = "object-store")]
mod shared;
mod wire;

use sha2::{Digest as _, Sha256};

use super::Request;
use super::image::LayerFiles;
use crate::assemble::ScannedFile;
use crate::model::{Code, Completeness, Diagnostic, Digest, SourcePath};
use crate::source::cache::CacheFolder;
use crate::source::image::{Layer, Payload};

#[cfg(feature = "object-store")]
pub use self::shared::SharedCache;

/// Of 1 to 22; more costs more than it saves.
const ZSTD_LEVEL: i32 = 1;

/// Where facts of layers are kept, by key.
pub trait LayerCache: Sync {
    /// What is kept under `key`; `None` when there is nothing.
    fn get(&self, key: &str) -> Option<Vec<u8>>;
    /// Keeps `bytes`. A cache that cannot keep them keeps nothing.
    fn put(&self, key: &str, bytes: &[u8]);
    /// Drops what is kept under `key`.
    fn drop(&self, key: &str);
    /// Why it was of less use than it should be.
    fn complaint(&self) -> Option<Diagnostic> {
        None
    }
}

impl LayerCache for CacheFolder {
    fn get(&self, key: &str) -> Option<Vec<u8>> {
        Self::get(self, key)
    }

    fn put(&self, key: &str, bytes: &[u8]) {
        // Without it the next scan takes as long as this one.
        let _ = Self::put(self, key, bytes);
    }

    fn drop(&self, key: &str) {
        Self::drop(self, key);
    }
}

/// The key of a layer under the options of `request`; `None` when the layer has no stated digest.
fn key(request: &Request<'_>, layer: &Layer, payload: &Payload) -> Option<String> {
    let digest = layer.diff_id.or(layer.digest)?;
    let place = match payload {
        Payload::Archive => "archive",
        Payload::File(path) => path.as_str(),
    };
    let text = format!(
        "{}\n{digest}\n{place}\n{:?} {:?} {:?} {:?}\n{:?}",
        env!("FLOWDOWN_READERS"),
        request.depth,
        request.digested,
        request.tensor_digests,
        request.profile,
        request.limits,
    );
    Some(Digest::sha256_of(text.as_bytes()).hex())
}

/// What the cache has of a layer, and what is wrong with what it has.
pub(super) fn load(
    request: &Request<'_>,
    layer: &Layer,
    payload: &Payload,
) -> (Option<LayerFiles>, Option<Diagnostic>) {
    let (Some(cache), Some(key)) = (request.cache, key(request, layer, payload)) else {
        return (None, None);
    };
    let Some(bytes) = cache.get(&key) else { return (None, None) };
    let read: Option<wire::Layer> = unpack(&bytes, request.limits.manifest_bytes);
    match read.map(wire::Layer::into_layer) {
        Some(Ok(files)) => (Some(files), None),
        _ => (None, Some(discard(cache, &key))),
    }
}

/// Keeps what was read of a layer, if it was read to its end and is what it is stated to be.
pub(super) fn store(request: &Request<'_>, layer: &Layer, payload: &Payload, read: &LayerFiles) {
    let (Some(cache), Some(key)) = (request.cache, key(request, layer, payload)) else { return };
    let is_stated = read.tree.measured.is_some_and(|measured| {
        layer.digest.is_none_or(|digest| digest == measured.blob)
            && layer.diff_id.is_none_or(|digest| digest == measured.decoded)
    });
    let is_whole = |diagnostic: &Diagnostic| {
        !matches!(diagnostic.code, Code::FileUnreadable | Code::ImageLayerBroken)
            && diagnostic.code.completeness() == Completeness::Complete
    };
    if !is_stated || !read.tree.diagnostics.iter().all(is_whole) {
        return;
    }
    if let Ok(layer) = wire::Layer::of(read)
        && let Some(bytes) = pack(&layer)
    {
        cache.put(&key, &bytes);
    }
}

/// The key of what was read once more of a layer under other names.
fn key_of_names(
    request: &Request<'_>,
    layer: &Layer,
    names: impl Iterator<Item = (usize, SourcePath)>,
) -> Option<String> {
    let mut digest = Sha256::new();
    digest.update(key(request, layer, &Payload::Archive)?);
    for (node, name) in names {
        digest.update(format!("\n{node} {name}"));
    }
    Some(Digest::new(crate::model::Algorithm::Sha256, digest.finalize().into()).hex())
}

/// What `read` gives, which reads files of a layer once more under `names`; from the cache if it has it.
pub(super) fn again(
    request: &Request<'_>,
    layer: &Layer,
    names: impl Iterator<Item = (usize, SourcePath)>,
    read: impl FnOnce() -> Vec<(SourcePath, ScannedFile)>,
) -> Vec<(SourcePath, ScannedFile)> {
    let (Some(cache), Some(key)) = (request.cache, key_of_names(request, layer, names)) else {
        return read();
    };
    if let Some(bytes) = cache.get(&key) {
        let kept: Option<wire::Again> = unpack(&bytes, request.limits.manifest_bytes);
        match kept.map(wire::Again::into_files) {
            Some(Ok(files)) => return files,
            // The layer itself was loaded or read; that something was discarded is said there.
            _ => cache.drop(&key),
        }
    }
    let files = read();
    if let Ok(kept) = wire::Again::of(&files)
        && let Some(bytes) = pack(&kept)
    {
        cache.put(&key, &bytes);
    }
    files
}

fn discard(cache: &dyn LayerCache, key: &str) -> Diagnostic {
    cache.drop(key);
    Diagnostic::of_run(
        Code::CacheDiscarded,
        format!("what the cache holds under `{key}` cannot be read"),
    )
    .help("it was dropped, and the layer was read again")
}

/// SHA-256 of what follows, then the value, compressed.
fn pack(value: &impl serde::Serialize) -> Option<Vec<u8>> {
    let plain = postcard::to_stdvec(value).ok()?;
    let packed = zstd::encode_all(plain.as_slice(), ZSTD_LEVEL).ok()?;
    let mut bytes = Sha256::digest(&packed).to_vec();
    bytes.extend(packed);
    Some(bytes)
}

/// Reads what [`pack`] made. It never expands past what could have been kept.
fn unpack<T: serde::de::DeserializeOwned>(bytes: &[u8], least: u64) -> Option<T> {
    /// Facts, names and texts of the largest images that were measured are far below this.
    const MOST: u64 = 2 << 30;
    let (digest, packed) = bytes.split_at_checked(32)?;
    if Sha256::digest(packed).as_slice() != digest {
        return None;
    }
    let decoder = zstd::Decoder::new(packed).ok()?;
    let mut plain = Vec::new();
    let most = MOST.max(least);
    std::io::Read::read_to_end(&mut std::io::Read::take(decoder, most), &mut plain).ok()?;
    postcard::from_bytes(&plain).ok()
}

#[cfg(test)]
mod tests;
