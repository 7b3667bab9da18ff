//! Artifacts: what a product is made of.

use std::fmt;

use super::{Digest, Fact, Location, Purl, Sha512, SourcePath};

/// The identity of an artifact, from its content (`docs/adr/0003-artifact-identity.md`).
///
/// Displays as `model:sha256:…`; a model read with `--quick` says `model:headers:sha256:…`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ArtifactId(pub String);

impl fmt::Display for ArtifactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of thing an artifact is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ArtifactKind {
    /// Weights with what belongs to them.
    Model,
    /// Weights that only work on top of a base model (LoRA and the like).
    Adapter,
    /// A collection of data.
    Dataset,
    /// A tokenizer without weights beside it.
    Tokenizer,
    /// A software package of an ecosystem.
    Package,
    /// A licence, notice or card that belongs to no other artifact.
    Document,
}

impl ArtifactKind {
    /// The word used in documents and ids.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Adapter => "adapter",
            Self::Dataset => "dataset",
            Self::Tokenizer => "tokenizer",
            Self::Package => "package",
            Self::Document => "document",
        }
    }
}

/// What a file is to its artifact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FileRole {
    /// Weights, or a shard of them.
    Weights,
    /// An index over shards.
    ShardIndex,
    /// `config.json`, `adapter_config.json`, `model_index.json`, `mergekit_config.yml` and the like.
    Config,
    /// Tokenizer files.
    Tokenizer,
    /// A model or dataset card.
    Card,
    /// A licence text.
    License,
    /// A notice or attribution file.
    Notice,
    /// An acceptable-use policy.
    UsePolicy,
    /// A manifest or lock file.
    Manifest,
    /// Anything else that belongs to the artifact.
    Other,
}

impl FileRole {
    /// The word used in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weights => "weights",
            Self::ShardIndex => "shard-index",
            Self::Config => "config",
            Self::Tokenizer => "tokenizer",
            Self::Card => "card",
            Self::License => "license",
            Self::Notice => "notice",
            Self::UsePolicy => "use-policy",
            Self::Manifest => "manifest",
            Self::Other => "other",
        }
    }
}

/// A file of an artifact.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ArtifactFile {
    /// Where it is.
    pub path: SourcePath,
    /// What it is to the artifact.
    pub role: FileRole,
    /// Its size in bytes. For a git-LFS pointer this is the size of the pointer, not of the target.
    pub size: u64,
    /// Its SHA-256; `None` when its content was not read to the end (`--quick`, unreadable).
    pub sha256: Option<Digest>,
    /// Its SHA-512; `None` as above, and when no profile of the documents asks for it.
    pub sha512: Option<Sha512>,
    /// The SHA-256 that a git-LFS pointer in its place claims for the absent content.
    pub claimed_sha256: Option<Digest>,
}

/// A tensor of a weight file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tensor {
    /// Its name.
    pub name: String,
    /// Its data type or quantisation as the format names it; `type N` when the id is unknown.
    pub dtype: String,
    /// Its shape, outermost dimension first. GGUF stores the innermost first; it is turned here.
    pub shape: Vec<u64>,
    /// Its absolute byte range in the file; `None` when the header does not tell consistently.
    pub bytes: Option<std::ops::Range<u64>>,
    /// BLAKE3 of its bytes; `None` when they were not read.
    pub digest: Option<Digest>,
}

/// Something that a product is made of, with the files it consists of and what they say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Artifact {
    /// Identity, from content.
    pub id: ArtifactId,
    /// What kind of thing.
    pub kind: ArtifactKind,
    /// Its own name, never that of a base model. A Hugging Face repository is `org/name`.
    pub name: Option<String>,
    /// Its own version: a package version, a repository commit.
    pub version: Option<String>,
    /// Its package URL, when identity is certain enough for one.
    pub purl: Option<Purl>,
    /// The folder it lives in.
    pub folder: SourcePath,
    /// Its files, sorted by path.
    pub files: Vec<ArtifactFile>,
    /// What its files say, sorted by location, then name.
    pub facts: Vec<Fact>,
    /// Tensors of its weight files, by file.
    pub tensors: Vec<(SourcePath, Vec<Tensor>)>,
    /// Where the artifact itself was found: its weight files, or the manifest entries that name it.
    pub occurrences: Vec<Location>,
    /// Only needed to develop the product, not to run it (a rule in `docs/packages.md` says when).
    pub development_only: bool,
    /// Artifacts that it depends on, as its manifest or lock file says; sorted.
    pub depends_on: Vec<ArtifactId>,
}

impl Artifact {
    /// The name to show: its own, else its first occurrence, else its id.
    pub fn label(&self) -> String {
        match (&self.name, self.occurrences.first()) {
            (Some(name), _) => name.clone(),
            (None, Some(location)) => location.path.to_string(),
            (None, None) => self.id.to_string(),
        }
    }

    /// What it is called as long as it plays the same part, whatever its bytes and version.
    pub fn lasting_name(&self) -> String {
        match &self.purl {
            // A purl without an ecosystem says less than the kind does.
            Some(purl) if !purl.as_str().starts_with("pkg:generic/") => {
                purl.without_version().to_owned()
            }
            _ => format!("{}:{}", self.kind.name(), self.label()),
        }
    }

    /// Facts called `name`, in order.
    pub fn facts_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Fact> {
        self.facts.iter().filter(move |fact| fact.name.as_str() == name)
    }

    /// Files of one role, in order.
    pub fn files_of(&self, role: FileRole) -> impl Iterator<Item = &ArtifactFile> {
        self.files.iter().filter(move |file| file.role == role)
    }
}

/// Endings of files that hold other files.
const ARCHIVES: &[&str] = &[
    "7z", "bz2", "ckpt", "conda", "crate", "deb", "egg", "gem", "gz", "jar", "keras", "npz",
    "nupkg", "pt", "pth", "rpm", "tar", "tgz", "whl", "xz", "zip", "zst",
];

/// Whether the name of a file says that it holds other files.
pub fn is_archive_name(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ARCHIVES.contains(&ending.as_str()))
}
