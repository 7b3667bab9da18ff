//! From index to images: which manifests there are, for which platforms, with which layers.
//!
//! OCI image specification 1.1 (image-index.md, manifest.md, config.md) and the `manifest.json` of
//! `docker save`. Media types are claims; digests are checked.

pub(in crate::source) mod attached;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;

use serde::Deserialize;

use super::{Image, Layer};
use crate::model::{Algorithm, Code, Diagnostic, Digest, Limits};

/// Manifests and indexes that an index names, and those that they name.
const MANIFESTS: usize = 10_000;

/// What an image runs on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Platform {
    /// For example `linux`.
    pub os: String,
    /// For example `amd64`.
    pub architecture: String,
    /// For example `v8`.
    pub variant: Option<String>,
}

impl Platform {
    /// Reads `os/architecture` or `os/architecture/variant`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/').map(str::to_owned);
        let (os, architecture) = (parts.next()?, parts.next()?);
        let variant = parts.next();
        let is_whole = parts.next().is_none()
            && !os.is_empty()
            && !architecture.is_empty()
            && variant.as_deref() != Some("");
        is_whole.then_some(Self { os, architecture, variant })
    }

    /// That of this machine, for images: always Linux.
    pub fn host() -> Self {
        let architecture = match std::env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            "x86" => "386",
            other => other,
        };
        Self { os: "linux".to_owned(), architecture: architecture.to_owned(), variant: None }
    }

    /// Whether an image for `self` is what was asked for: an unnamed variant is any.
    fn satisfies(&self, wanted: &Self) -> bool {
        self.os == wanted.os
            && self.architecture == wanted.architecture
            && (wanted.variant.is_none() || self.variant == wanted.variant)
    }
}

impl std::fmt::Display for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        self.variant.iter().try_for_each(|variant| write!(f, "/{variant}"))
    }
}

/// Which images of several are meant.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum PlatformChoice {
    /// That of this machine; an image for another one, when it is the only one.
    #[default]
    Host,
    /// This one.
    One(Platform),
    /// All of them.
    All,
}

/// Which images of several are meant, by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Name<'a> {
    /// The only one there is.
    Only,
    /// Every one.
    All,
    /// The one with this name, tag or digest.
    This(&'a str),
}

impl<'a> Name<'a> {
    /// That name; without one, the only image there is.
    pub fn only(name: Option<&'a str>) -> Self {
        name.map_or(Self::Only, Self::This)
    }

    /// That name; without one, every image.
    pub fn of(name: Option<&'a str>) -> Self {
        name.map_or(Self::All, Self::This)
    }
}

/// Why there is no image to scan.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// There is neither an index nor a manifest.
    #[error("it holds no image: neither `index.json` nor `manifest.json` is there")]
    NoImage,
    /// Several images, and none was named.
    #[error("it holds {} images; name one of {}", .0.len(), names(.0))]
    Several(Vec<String>),
    /// No image has the name.
    #[error("it holds no image `{wanted}`; it has {}", names(.found))]
    NoSuchName {
        /// The name.
        wanted: String,
        /// Those that are there.
        found: Vec<String>,
    },
    /// No image is for the platform.
    #[error("it has no image for `{wanted}`; it has {}", names(.found))]
    NoSuchPlatform {
        /// What was asked for.
        wanted: String,
        /// Those that are there.
        found: Vec<String>,
    },
    /// A document cannot be read.
    #[error("`{name}` cannot be read: {error}")]
    Unreadable {
        /// The blob.
        name: String,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// A document is not what it should be.
    #[error("`{name}` is not what it should be: {why}")]
    Invalid {
        /// The blob.
        name: String,
        /// What is wrong.
        why: String,
    },
}

fn names(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(20).map(|name| format!("`{name}`")).collect();
    if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }
}

/// Reads a small document by its name; `None` when there is none.
pub type Documents<'a> = dyn Fn(&str) -> io::Result<Option<Vec<u8>>> + 'a;

/// Whether a store holds an image: an OCI image layout, or what `docker save` writes. Other archives
/// may have files with those names.
pub fn has_image(document: &dyn Fn(&str) -> Option<Vec<u8>>) -> bool {
    let is_layout = document("oci-layout").is_some() && document("index.json").is_some();
    let is_docker = |bytes: Vec<u8>| {
        serde_json::from_slice::<Vec<DockerManifest>>(&bytes)
            .is_ok_and(|it| !it.is_empty() && it.iter().all(|it| !it.config.is_empty()))
    };
    is_layout || document("manifest.json").is_some_and(is_docker)
}

/// The images that a store holds and the caller means, with what is wrong about them.
///
/// # Errors
/// When there is no image, or it is not said which of several is meant.
pub fn resolve(
    documents: &Documents<'_>,
    name: Name<'_>,
    choice: &PlatformChoice,
    limits: &Limits,
) -> Result<(Vec<Image>, Vec<Diagnostic>), ImageError> {
    let indexes = BTreeMap::new();
    let mut reader = Reader { documents, limits, indexes, seen: 0, diagnostics: Vec::new() };
    let mut candidates = match reader.document("index.json")? {
        Some(bytes) => reader.of_index("index.json", &bytes)?,
        None => match reader.document("manifest.json")? {
            Some(bytes) => of_docker("manifest.json", &bytes)?,
            None => return Err(ImageError::NoImage),
        },
    };
    let attached = attached::take(&mut reader, &mut candidates);
    let mut images = Vec::new();
    let mut failure = None;
    for candidate in choose_platform(choose_name(candidates, name)?, choice)? {
        match reader.image(candidate) {
            Ok(image) => images.push(image),
            Err(error) => {
                reader.diagnostics.push(invalid(&error));
                failure = Some(error);
            }
        }
    }
    if let (Some(failure), true) = (failure, images.is_empty()) {
        return Err(failure);
    }
    check_platform(&images, choice)?;
    attached.give_to(&mut images);
    Ok((images, reader.diagnostics))
}

/// Who names no platform in the index says it in the configuration.
fn check_platform(images: &[Image], choice: &PlatformChoice) -> Result<(), ImageError> {
    let PlatformChoice::One(wanted) = choice else { return Ok(()) };
    let is_other = |image: &&Image| image.platform.as_ref().is_some_and(|it| !it.satisfies(wanted));
    match images.iter().find(is_other).and_then(|image| image.platform.as_ref()) {
        Some(other) => Err(ImageError::NoSuchPlatform {
            wanted: wanted.to_string(),
            found: vec![other.to_string()],
        }),
        None => Ok(()),
    }
}

fn invalid(error: &ImageError) -> Diagnostic {
    Diagnostic::of_run(Code::ImageManifestInvalid, error.to_string())
        .help("what it describes was not scanned; pull or build the image again")
}

/// A manifest that was found and not yet read.
#[derive(Clone, Debug)]
struct Candidate {
    /// What is the same for all platforms of one image.
    image: String,
    names: Vec<String>,
    platform: Option<Platform>,
    annotations: BTreeMap<String, String>,
    at: At,
}

impl Candidate {
    /// Whether it is called `wanted`: a name, its end, a tag, or a digest.
    fn is_called(&self, wanted: &str) -> bool {
        let is_it = |name: &String| {
            let end = name.strip_suffix(wanted);
            end.is_some_and(|rest| rest.is_empty() || rest.ends_with(['/', ':']))
        };
        let is_digest = matches!(&self.at, At::Manifest { digest: Some(digest), .. }
            if digest.to_string() == wanted);
        is_digest || self.image == wanted || self.names.iter().any(is_it)
    }

    /// What a user can call it.
    fn label(&self) -> String {
        self.names.first().unwrap_or(&self.image).clone()
    }
}

#[derive(Clone, Debug)]
enum At {
    Manifest { name: String, digest: Option<Digest> },
    Docker(DockerManifest),
}

#[expect(clippy::needless_pass_by_value, reason = "candidates are chosen from and dropped")]
fn choose_name(all: Vec<Candidate>, name: Name<'_>) -> Result<Vec<Candidate>, ImageError> {
    let labels = |candidates: &[Candidate]| -> Vec<String> {
        let by_image: BTreeMap<&str, String> =
            candidates.iter().rev().map(|it| (&*it.image, it.label())).collect();
        by_image.into_values().collect()
    };
    if all.is_empty() {
        return Err(ImageError::NoImage);
    }
    let found: Vec<Candidate> = match name {
        Name::This(wanted) => all.iter().filter(|it| it.is_called(wanted)).cloned().collect(),
        Name::Only | Name::All => all.clone(),
    };
    match (labels(&found), name) {
        (labels, name) if labels.len() > 1 && name != Name::All => Err(ImageError::Several(labels)),
        (_, Name::This(wanted)) if found.is_empty() => {
            Err(ImageError::NoSuchName { wanted: wanted.to_owned(), found: labels(&all) })
        }
        _ => Ok(found),
    }
}

fn choose_platform(
    all: Vec<Candidate>,
    choice: &PlatformChoice,
) -> Result<Vec<Candidate>, ImageError> {
    let wanted = match choice {
        PlatformChoice::All => return Ok(all),
        PlatformChoice::Host if all.len() == 1 => return Ok(all),
        PlatformChoice::Host => Platform::host(),
        PlatformChoice::One(platform) => platform.clone(),
    };
    let found: Vec<String> =
        all.iter().filter_map(|it| it.platform.as_ref()).map(ToString::to_string).collect();
    let fits = |it: &Candidate| match &it.platform {
        Some(platform) => platform.satisfies(&wanted),
        // Who names no platform in the index says it in the configuration only.
        None => found.is_empty(),
    };
    match all.into_iter().find(fits) {
        Some(candidate) => Ok(vec![candidate]),
        None => Err(ImageError::NoSuchPlatform { wanted: wanted.to_string(), found }),
    }
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct IndexDocument {
    manifests: Vec<Descriptor>,
}

#[derive(Deserialize, Default, Clone)]
#[serde(default, rename_all = "camelCase")]
struct Descriptor {
    media_type: String,
    digest: String,
    size: Option<u64>,
    platform: Option<PlatformDocument>,
    annotations: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct PlatformDocument {
    os: String,
    architecture: String,
    variant: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct ManifestDocument {
    config: Descriptor,
    layers: Option<Vec<Descriptor>>,
    annotations: Option<BTreeMap<String, String>>,
    artifact_type: Option<String>,
}

#[derive(Deserialize, Default, Clone, Debug)]
#[serde(default, rename_all = "PascalCase")]
struct DockerManifest {
    config: String,
    repo_tags: Option<Vec<String>>,
    layers: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ConfigDocument {
    os: Option<String>,
    architecture: Option<String>,
    variant: Option<String>,
    config: Option<ContainerConfig>,
    rootfs: Option<RootFs>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
struct ContainerConfig {
    labels: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RootFs {
    diff_ids: Vec<String>,
}

/// What the indexes above a manifest say of it.
#[derive(Clone, Default)]
struct Above {
    image: Option<String>,
    names: Vec<String>,
    /// Blobs of those indexes.
    indexes: Vec<String>,
}

impl Above {
    /// The same, and what `descriptor` says.
    fn with(&self, descriptor: &Descriptor) -> Self {
        let mut below = self.clone();
        for key in ["io.containerd.image.name", "org.opencontainers.image.ref.name"] {
            let name = descriptor.annotations.as_ref().and_then(|it| it.get(key));
            below.names.extend(name.filter(|name| !below.names.contains(name)).cloned());
        }
        below.indexes.push(blob_name(&descriptor.digest));
        if below.image.is_none() {
            // Platforms of one image share its name, or lie side by side without any.
            let name = below.names.first().cloned();
            let unnamed =
                if descriptor.platform.is_some() { "unnamed" } else { &descriptor.digest };
            below.image = Some(name.unwrap_or_else(|| unnamed.to_owned()));
        }
        below
    }

    fn candidate(self, descriptor: &Descriptor, name: String) -> Candidate {
        let platform = descriptor.platform.clone().map(|it| Platform {
            os: it.os,
            architecture: it.architecture,
            variant: it.variant,
        });
        Candidate {
            image: self.image.unwrap_or_default(),
            names: self.names,
            platform,
            annotations: descriptor.annotations.clone().unwrap_or_default(),
            at: At::Manifest { name, digest: sha256(&descriptor.digest) },
        }
    }
}

fn of_docker(name: &str, bytes: &[u8]) -> Result<Vec<Candidate>, ImageError> {
    let manifests: Vec<DockerManifest> = parse(name, bytes)?;
    let candidates = manifests.into_iter().map(|manifest| Candidate {
        image: manifest.config.clone(),
        names: manifest.repo_tags.clone().unwrap_or_default(),
        platform: None,
        annotations: BTreeMap::new(),
        at: At::Docker(manifest),
    });
    Ok(candidates.collect())
}

struct Reader<'a> {
    documents: &'a Documents<'a>,
    limits: &'a Limits,
    /// Indexes that were read: several names can stand for one.
    indexes: BTreeMap<String, Option<Rc<IndexDocument>>>,
    /// How many manifests and indexes were named.
    seen: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn document(&self, name: &str) -> Result<Option<Vec<u8>>, ImageError> {
        (self.documents)(name)
            .map_err(|error| ImageError::Unreadable { name: name.to_owned(), error })
    }

    /// A document that must be there and should have this digest.
    fn blob(&mut self, name: &str, digest: Option<&Digest>) -> Result<Vec<u8>, ImageError> {
        let bytes = self.document(name)?.ok_or_else(|| ImageError::Unreadable {
            name: name.to_owned(),
            error: io::Error::new(io::ErrorKind::NotFound, "it is not there"),
        })?;
        let is = Digest::sha256_of(&bytes);
        if let Some(stated) = digest
            && is != *stated
        {
            self.diagnostics.push(
                Diagnostic::of_run(
                    Code::ImageDigestMismatch,
                    format!("the document `{name}` is stated to be `{stated}` and is `{is}`"),
                )
                .help("it was read as it is; pull the image again"),
            );
        }
        Ok(bytes)
    }

    fn of_index(&mut self, name: &str, bytes: &[u8]) -> Result<Vec<Candidate>, ImageError> {
        let index: IndexDocument = parse(name, bytes)?;
        let mut found = Vec::new();
        self.gather(&index, &Above::default(), &mut found);
        if found.is_empty()
            && let Some(problem) = self.diagnostics.first()
        {
            let why = problem.message.clone();
            return Err(ImageError::Invalid { name: name.to_owned(), why });
        }
        Ok(found)
    }

    fn gather(&mut self, index: &IndexDocument, above: &Above, found: &mut Vec<Candidate>) {
        for descriptor in &index.manifests {
            if self.seen >= MANIFESTS {
                self.diagnostics.push(
                    Diagnostic::of_run(
                        Code::LimitReached,
                        format!("the index names more than {MANIFESTS} manifests"),
                    )
                    .help("those after this one were not looked at"),
                );
                return;
            }
            self.seen += 1;
            let below = above.with(descriptor);
            let name = blob_name(&descriptor.digest);
            let is_index = descriptor.media_type.contains("image.index")
                || descriptor.media_type.contains("manifest.list");
            if !is_index {
                found.push(below.candidate(descriptor, name));
            } else if above.indexes.contains(&name) {
                self.diagnostics.push(invalid(&ImageError::Invalid {
                    name,
                    why: "the index names itself".to_owned(),
                }));
            } else if let Some(inner) = self.index(&name, &descriptor.digest) {
                self.gather(&inner, &below, found);
            }
        }
    }

    /// An index that another one names; `None` if it cannot be read, which is said once.
    fn index(&mut self, name: &str, digest: &str) -> Option<Rc<IndexDocument>> {
        if let Some(read) = self.indexes.get(name) {
            return read.clone();
        }
        let read = self.blob(name, sha256(digest).as_ref()).and_then(|bytes| parse(name, &bytes));
        let read = match read {
            Ok(index) => Some(Rc::new(index)),
            Err(error) => {
                self.diagnostics.push(invalid(&error));
                None
            }
        };
        self.indexes.insert(name.to_owned(), read.clone());
        read
    }

    fn image(&mut self, candidate: Candidate) -> Result<Image, ImageError> {
        let mut image = Image { names: candidate.names, ..Image::default() };
        let mut labels = candidate.annotations;
        match candidate.at {
            At::Docker(manifest) => {
                let (config, digest) = self.config(&manifest.config, None)?;
                image.config = digest;
                image.layers = manifest.layers.iter().map(|blob| plain_layer(blob)).collect();
                self.apply(config, &mut image, &mut labels);
            }
            At::Manifest { name, digest } => {
                let bytes = self.blob(&name, digest.as_ref())?;
                let document: ManifestDocument = parse(&name, &bytes)?;
                image.manifest = Some(Digest::sha256_of(&bytes));
                labels.extend(document.annotations.unwrap_or_default());
                image.config_media_type.clone_from(&document.config.media_type);
                image.artifact_type = document.artifact_type;
                let layers = document.layers.unwrap_or_default();
                image.layers = layers.into_iter().map(layer).collect();
                let is_config = document.config.media_type.contains("image.config")
                    || document.config.media_type.contains("container.image");
                image.config_blob = Some(blob_name(&document.config.digest));
                if is_config {
                    let stated = sha256(&document.config.digest);
                    let name = blob_name(&document.config.digest);
                    let (config, digest) = self.config(&name, stated.as_ref())?;
                    image.config = digest;
                    self.apply(config, &mut image, &mut labels);
                }
            }
        }
        if image.layers.len() as u64 > self.limits.layers {
            return Err(ImageError::Invalid {
                name: "manifest".to_owned(),
                why: format!("it has more than {} layers (`limits.layers`)", self.limits.layers),
            });
        }
        image.platform = image.platform.or(candidate.platform);
        image.labels = labels.into_iter().collect();
        Ok(image)
    }

    fn config(
        &mut self,
        name: &str,
        stated: Option<&Digest>,
    ) -> Result<(ConfigDocument, Option<Digest>), ImageError> {
        let bytes = self.blob(name, stated)?;
        Ok((parse(name, &bytes)?, Some(Digest::sha256_of(&bytes))))
    }

    fn apply(
        &mut self,
        config: ConfigDocument,
        image: &mut Image,
        labels: &mut BTreeMap<String, String>,
    ) {
        if let (Some(os), Some(architecture)) = (config.os, config.architecture) {
            image.platform = Some(Platform { os, architecture, variant: config.variant });
        }
        labels.extend(config.config.and_then(|it| it.labels).unwrap_or_default());
        let payloads = super::payloads(None, &image.layers);
        if payloads.iter().any(|payload| *payload != super::Payload::Archive) {
            return;
        }
        let diff_ids = config.rootfs.unwrap_or_default().diff_ids;
        let layers = image.layers.len();
        // Artifacts have no root file system; a container image has a diffID for each layer.
        if !diff_ids.is_empty() && diff_ids.len() != layers {
            self.diagnostics.push(
                Diagnostic::of_run(
                    Code::ImageDigestMismatch,
                    format!(
                        "the manifest has `{layers}` layers, the configuration `{}`",
                        diff_ids.len()
                    ),
                )
                .help("layers without a stated diffID were read and not checked"),
            );
        }
        for (layer, diff_id) in image.layers.iter_mut().zip(&diff_ids) {
            layer.diff_id = sha256(diff_id);
        }
    }
}

fn plain_layer(blob: &str) -> Layer {
    Layer { blob: super::archive::clean_name(blob), ..Layer::unnamed() }
}

fn layer(descriptor: Descriptor) -> Layer {
    Layer {
        blob: blob_name(&descriptor.digest),
        digest: sha256(&descriptor.digest),
        diff_id: None,
        size: descriptor.size,
        media_type: descriptor.media_type,
        annotations: descriptor.annotations.unwrap_or_default().into_iter().collect(),
    }
}

/// A digest of the kind that is checked.
fn sha256(text: &str) -> Option<Digest> {
    Digest::parse(text).filter(|digest| digest.algorithm() == Algorithm::Sha256)
}

/// `sha256:<hex>` lies at `blobs/sha256/<hex>`.
fn blob_name(digest: &str) -> String {
    format!("blobs/{}", digest.replacen(':', "/", 1))
}

fn parse<T: serde::de::DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<T, ImageError> {
    serde_json::from_slice(bytes)
        .map_err(|error| ImageError::Invalid { name: name.to_owned(), why: error.to_string() })
}
