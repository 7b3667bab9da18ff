//! From index to images: which manifests there are, for which platforms, with which layers.
//!
//! OCI image specification 1.1 (image-index.md, manifest.md, config.md) and the `manifest.json` of
//! `docker save`. Media types are claims; digests are checked.

use std::collections::BTreeMap;
use std::io;

use serde::Deserialize;

use super::{Image, Layer};
use crate::model::{Code, Diagnostic, Digest, Limits};

/// Indexes that lie in each other: deeper, an index names itself.
const INDEX_DEPTH: u32 = 4;
/// Indexes of one source: they can lie in each other in more ways than anyone could read.
const INDEXES: usize = 100;
/// Manifests of one index.
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
    let mut reader = Reader { documents, limits, indexes: 0, diagnostics: Vec::new() };
    let candidates = match reader.document("index.json")? {
        Some(bytes) => reader.of_index("index.json", &bytes)?,
        None => match reader.document("manifest.json")? {
            Some(bytes) => reader.of_docker("manifest.json", &bytes)?,
            None => return Err(ImageError::NoImage),
        },
    };
    let named = choose_name(candidates, name)?;
    let mut images = Vec::new();
    for candidate in choose_platform(named, choice)? {
        images.push(reader.image(candidate)?);
    }
    Ok((images, reader.diagnostics))
}

/// A manifest that was found and not yet read.
#[derive(Clone, Debug)]
struct Candidate {
    names: Vec<String>,
    platform: Option<Platform>,
    annotations: BTreeMap<String, String>,
    at: At,
}

#[derive(Clone, Debug)]
enum At {
    Manifest { name: String, digest: Option<Digest> },
    Docker(DockerManifest),
}

fn choose_name(all: Vec<Candidate>, name: Name<'_>) -> Result<Vec<Candidate>, ImageError> {
    let label = |candidate: &Candidate| match (candidate.names.first(), &candidate.at) {
        (Some(name), _) => name.clone(),
        (None, At::Manifest { digest: Some(digest), .. }) => digest.to_string(),
        (None, _) => "unnamed".to_owned(),
    };
    let mut labels: Vec<String> = all.iter().map(label).collect();
    labels.dedup();
    match name {
        Name::This(wanted) => {
            let is_it = |candidate: &Candidate| {
                candidate.names.iter().any(|name| {
                    name == wanted || name.rsplit_once(':').is_some_and(|(_, tag)| tag == wanted)
                }) || matches!(&candidate.at, At::Manifest { digest: Some(digest), .. }
                    if digest.to_string() == wanted)
            };
            let found: Vec<Candidate> = all.into_iter().filter(is_it).collect();
            if found.is_empty() {
                return Err(ImageError::NoSuchName { wanted: wanted.to_owned(), found: labels });
            }
            Ok(found)
        }
        // Platforms of one image share its names.
        Name::Only if labels.len() > 1 => Err(ImageError::Several(labels)),
        _ if all.is_empty() => Err(ImageError::NoImage),
        Name::Only | Name::All => Ok(all),
    }
}

fn choose_platform(
    mut all: Vec<Candidate>,
    choice: &PlatformChoice,
) -> Result<Vec<Candidate>, ImageError> {
    // Attestations lie in the index beside the images that they are about.
    if all.len() > 1 {
        all.retain(|candidate| {
            candidate.platform.as_ref().is_none_or(|platform| platform.os != "unknown")
        });
    }
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

struct Reader<'a> {
    documents: &'a Documents<'a>,
    limits: &'a Limits,
    /// How many were read.
    indexes: usize,
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
        self.gather(&index, &[], 0, &mut found)?;
        Ok(found)
    }

    fn gather(
        &mut self,
        index: &IndexDocument,
        names: &[String],
        depth: u32,
        found: &mut Vec<Candidate>,
    ) -> Result<(), ImageError> {
        for descriptor in &index.manifests {
            let annotations = descriptor.annotations.clone().unwrap_or_default();
            let own = ["io.containerd.image.name", "org.opencontainers.image.ref.name"];
            let mut names = names.to_vec();
            names.extend(own.iter().filter_map(|key| annotations.get(*key)).cloned());
            let name = blob_name(&descriptor.digest);
            let digest = Digest::parse(&descriptor.digest);
            let is_index = descriptor.media_type.contains("image.index")
                || descriptor.media_type.contains("manifest.list");
            if is_index {
                if depth >= INDEX_DEPTH {
                    return Err(ImageError::Invalid {
                        name,
                        why: format!("indexes lie in each other deeper than {INDEX_DEPTH}"),
                    });
                }
                self.indexes += 1;
                if self.indexes > INDEXES {
                    return Err(ImageError::Invalid {
                        name,
                        why: format!("there are more than {INDEXES} indexes in each other"),
                    });
                }
                let bytes = self.blob(&name, digest.as_ref())?;
                let inner: IndexDocument = parse(&name, &bytes)?;
                self.gather(&inner, &names, depth + 1, found)?;
                continue;
            }
            if found.len() >= MANIFESTS {
                return Err(ImageError::Invalid {
                    name,
                    why: format!("the index has more than {MANIFESTS} manifests"),
                });
            }
            let platform = descriptor.platform.clone().map(|it| Platform {
                os: it.os,
                architecture: it.architecture,
                variant: it.variant,
            });
            found.push(Candidate {
                names,
                platform,
                annotations,
                at: At::Manifest { name, digest },
            });
        }
        Ok(())
    }

    fn of_docker(&mut self, name: &str, bytes: &[u8]) -> Result<Vec<Candidate>, ImageError> {
        let manifests: Vec<DockerManifest> = parse(name, bytes)?;
        let candidates = manifests.into_iter().map(|manifest| Candidate {
            names: manifest.repo_tags.clone().unwrap_or_default(),
            platform: None,
            annotations: BTreeMap::new(),
            at: At::Docker(manifest),
        });
        Ok(candidates.collect())
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
                    let stated = Digest::parse(&document.config.digest);
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
            layer.diff_id = Digest::parse(diff_id);
        }
    }
}

fn plain_layer(blob: &str) -> Layer {
    Layer { blob: super::archive::clean_name(blob), ..Layer::unnamed() }
}

fn layer(descriptor: Descriptor) -> Layer {
    Layer {
        blob: blob_name(&descriptor.digest),
        digest: Digest::parse(&descriptor.digest),
        diff_id: None,
        size: descriptor.size,
        media_type: descriptor.media_type,
        annotations: descriptor.annotations.unwrap_or_default().into_iter().collect(),
    }
}

/// `sha256:<hex>` lies at `blobs/sha256/<hex>`.
fn blob_name(digest: &str) -> String {
    format!("blobs/{}", digest.replacen(':', "/", 1))
}

fn parse<T: serde::de::DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<T, ImageError> {
    serde_json::from_slice(bytes)
        .map_err(|error| ImageError::Invalid { name: name.to_owned(), why: error.to_string() })
}
