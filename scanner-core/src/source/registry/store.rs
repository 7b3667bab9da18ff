//! A registry as a place with blobs.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use ureq::http::header;

use super::blob::Blob;
use super::client::{Client, Place, Wanted};
use super::ranged::Ranged;
use super::traffic::Traffic;
use super::{Options, Reference, RegistryError};
use crate::model::{Algorithm, Digest, Limits, SourceIdentity, SourceKind};
use crate::source::image::Store;
use crate::source::{ReadAt, Skip};

/// The manifests that are understood (OCI image specification 1.1; Docker image manifest version 2).
const ACCEPTED: &str = "application/vnd.oci.image.index.v1+json, \
                        application/vnd.oci.image.manifest.v1+json, \
                        application/vnd.docker.distribution.manifest.list.v2+json, \
                        application/vnd.docker.distribution.manifest.v2+json";

/// One image, or one index of images, in a registry.
#[derive(Debug)]
pub struct Registry {
    client: Client,
    /// Who is asked, in this order.
    pub(super) places: Vec<Place>,
    reference: Reference,
    /// Made from the manifest that was fetched.
    index: Vec<u8>,
    /// That manifest, with its name as a blob.
    top: (String, Vec<u8>),
    /// What manifests state, by the name of the blob.
    known: Mutex<BTreeMap<String, Known>>,
    document_bytes: u64,
}

#[derive(Clone, Debug)]
struct Known {
    digest: String,
    size: Option<u64>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Manifest,
    Blob,
}

/// A manifest or an index, as far as a store must know it.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Document {
    media_type: Option<String>,
    manifests: Option<Vec<Descriptor>>,
    config: Option<Descriptor>,
    layers: Option<Vec<Descriptor>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Descriptor {
    digest: String,
    size: Option<u64>,
}

/// A manifest as it came.
struct Fetched {
    bytes: Vec<u8>,
    media_type: Option<String>,
    stated: Option<Digest>,
}

impl Registry {
    /// Fetches the manifest that `reference` names, from the first that has it.
    ///
    /// # Errors
    /// When nobody has it, the registry refuses, or what comes is no manifest.
    pub fn open(
        reference: &Reference,
        options: Options,
        limits: &Limits,
    ) -> Result<Self, RegistryError> {
        let mirrors = options.mirrors.get(&reference.host).cloned().unwrap_or_default();
        let hosts = mirrors.into_iter().chain([reference.host.clone()]);
        let mut places: Vec<Place> =
            hosts.map(|host| Place { host, repository: reference.repository.clone() }).collect();
        let client = Client::new(options);
        let limit = limits.image_json_bytes;
        let path = format!("manifests/{}", reference.wanted());
        let fetched = loop {
            match fetch(&client, &places[0], &path, limit) {
                Ok(fetched) => break fetched,
                // A mirror without the image is left out for its blobs too.
                Err(_) if places.len() > 1 => drop(places.remove(0)),
                Err(error) => return Err(error),
            }
        };
        let stated = reference.digest.or(fetched.stated);
        let digest = stated.unwrap_or_else(|| Digest::sha256_of(&fetched.bytes)).to_string();
        let index = serde_json::json!({
            "schemaVersion": 2,
            "manifests": [{
                "mediaType": fetched.media_type,
                "digest": digest,
                "size": fetched.bytes.len(),
                "annotations": { "org.opencontainers.image.ref.name": reference.name() },
            }],
        });
        let registry = Self {
            client,
            places,
            reference: reference.clone(),
            index: index.to_string().into_bytes(),
            top: (blob_name(&digest), fetched.bytes),
            known: Mutex::default(),
            document_bytes: limit,
        };
        registry.learn(&registry.top.1);
        Ok(registry)
    }

    /// What was asked so far, by the name of what was asked for.
    pub fn traffic(&self) -> BTreeMap<String, Traffic> {
        self.client.counters.so_far()
    }

    /// The digest of the manifest or index that the reference names.
    pub(super) fn digest(&self) -> Option<Digest> {
        let digest = self.top.0.strip_prefix("blobs/")?.replacen('/', ":", 1);
        Digest::parse(&digest).filter(|digest| digest.algorithm() == Algorithm::Sha256)
    }

    /// A manifest or an index at `place`.
    pub(super) fn document(&self, place: &Place, path: &str) -> Result<Vec<u8>, RegistryError> {
        Ok(fetch(&self.client, place, path, self.document_bytes)?.bytes)
    }

    /// Takes what a manifest states of others.
    fn learn(&self, bytes: &[u8]) {
        // What is no manifest is reported by whoever reads it as one.
        let document: Document = serde_json::from_slice(bytes).unwrap_or_default();
        let manifests = document.manifests.unwrap_or_default();
        let manifests = manifests.into_iter().map(|it| (it, Kind::Manifest));
        let layers = document.layers.unwrap_or_default();
        let blobs = document.config.into_iter().chain(layers).map(|it| (it, Kind::Blob));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        for (descriptor, kind) in manifests.chain(blobs) {
            if is_digest(&descriptor.digest) {
                let Descriptor { digest, size } = descriptor;
                known.entry(blob_name(&digest)).or_insert(Known { digest, size, kind });
            }
        }
    }

    fn known(&self, name: &str) -> Option<Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// The first place that answers; the error is that of the last.
    fn anywhere<'a, T>(&'a self, ask: impl Fn(&'a Place) -> io::Result<T>) -> io::Result<T> {
        let mut answer = Err(io::ErrorKind::NotFound.into());
        for place in &self.places {
            answer = ask(place);
            if answer.is_ok() {
                break;
            }
        }
        answer
    }
}

impl Store for Registry {
    fn identity(&self) -> SourceIdentity {
        SourceIdentity { kind: SourceKind::Registry, name: self.reference.to_string() }
    }

    fn size(&self, name: &str) -> Option<u64> {
        match name {
            "index.json" => Some(self.index.len() as u64),
            name if name == self.top.0 => Some(self.top.1.len() as u64),
            name => self.known(name)?.size,
        }
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        if name == "index.json" {
            return Ok(Box::new(self.index.as_slice()));
        }
        if name == self.top.0 {
            return Ok(Box::new(self.top.1.as_slice()));
        }
        let known = self.known(name).ok_or(io::ErrorKind::NotFound)?;
        let size = known.size.ok_or_else(|| io::Error::other("the manifest states no size"))?;
        match known.kind {
            Kind::Manifest => {
                let path = format!("manifests/{}", known.digest);
                let limit = self.document_bytes.min(size);
                let fetched =
                    self.anywhere(|place| Ok(fetch(&self.client, place, &path, limit)?))?;
                self.learn(&fetched.bytes);
                Ok(Box::new(Cursor::new(fetched.bytes)))
            }
            Kind::Blob => {
                let path = format!("blobs/{}", known.digest);
                let counter = self.client.counters.of(&path);
                let blob = self.anywhere(|place| {
                    Blob::new(&self.client, place, path.clone(), counter.clone(), size)
                })?;
                Ok(Box::new(blob))
            }
        }
    }

    fn is_far(&self) -> bool {
        true
    }

    fn skim<'a>(&'a self, name: &str) -> Option<io::Result<Box<dyn Skip + 'a>>> {
        let known = self.known(name)?;
        let size = known.size?;
        let path = format!("blobs/{}", known.digest);
        let counter = self.client.counters.of(&path);
        let place = self.places.first()?;
        let blob = Blob::new(&self.client, place, path, counter, size);
        Some(blob.map(|blob| Box::new(blob) as Box<dyn Skip>))
    }

    fn parts<'a>(&'a self, name: &str) -> Option<Box<dyn ReadAt + 'a>> {
        let known = self.known(name)?;
        let path = format!("blobs/{}", known.digest);
        let counter = self.client.counters.of(&path);
        let place = self.places.first()?;
        Some(Box::new(Ranged::new(&self.client, place, path, counter, known.size?)))
    }
}

/// Fetches a manifest of at most `limit` bytes.
fn fetch(client: &Client, place: &Place, path: &str, limit: u64) -> Result<Fetched, RegistryError> {
    let counter = client.counters.of(path);
    let wanted = Wanted { path, accept: ACCEPTED, range: None, counter: &counter };
    let answer = client.get(place, &wanted)?;
    let media_type = answer.header(&header::CONTENT_TYPE).map(str::to_owned);
    let name = header::HeaderName::from_static("docker-content-digest");
    let stated = answer.header(&name).and_then(Digest::parse);
    let stated = stated.filter(|digest| digest.algorithm() == Algorithm::Sha256);
    let invalid = |why: String| RegistryError::Invalid { name: path.to_owned(), why };
    let mut bytes = Vec::new();
    answer
        .body
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| invalid(format!("it breaks off: {error}")))?;
    if bytes.len() as u64 > limit {
        return Err(invalid(format!("it has more than `{limit}` bytes")));
    }
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<') {
        return Err(invalid("it is a web page, no manifest; is there a registry?".to_owned()));
    }
    let document: Document =
        serde_json::from_slice(&bytes).map_err(|error| invalid(error.to_string()))?;
    let is_image = document.config.is_some() || document.layers.is_some();
    // Readers would see different images in it (OCI image specification 1.1, "manifests" and
    // "layers" are mutually exclusive).
    let structure = match (document.manifests.is_some(), is_image) {
        (true, false) => "application/vnd.oci.image.index.v1+json",
        (false, true) => "application/vnd.oci.image.manifest.v1+json",
        (true, true) => return Err(invalid("it is an index and an image at once".to_owned())),
        (false, false) => {
            return Err(invalid("it is neither an index nor an image of version 2".to_owned()));
        }
    };
    // What a header says of it must not make an image of an index.
    let says = document.media_type.or(media_type).filter(|it| is_index(it) == is_index(structure));
    Ok(Fetched { bytes, media_type: Some(says.unwrap_or_else(|| structure.to_owned())), stated })
}

fn is_index(media_type: &str) -> bool {
    media_type.contains("image.index") || media_type.contains("manifest.list")
}

/// Whether a text is a digest (OCI image specification 1.1, descriptor.md, "Digests"): it becomes a
/// part of an address.
pub(super) fn is_digest(text: &str) -> bool {
    let Some((algorithm, encoded)) = text.split_once(':') else { return false };
    let is_all = |text: &str, others: &[u8]| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || others.contains(&byte))
    };
    text.len() <= 256 && is_all(algorithm, b"+._-") && is_all(encoded, b"=_-")
}

fn blob_name(digest: &str) -> String {
    format!("blobs/{}", digest.replacen(':', "/", 1))
}
