//! Everything a reporter gets.

use super::{
    Agreement, Assessment, Contact, Contract, DeclaredComponent, DeclaredFile, Digest, Inventory,
    PluginRecord, PolicyOutcome, Timestamp, UserFile,
};

/// What kind of source was scanned.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SourceKind {
    /// A bill of materials.
    Bom,
    /// A directory, or a single file.
    Directory,
    /// An image as `docker save` writes it.
    DockerArchive,
    /// An OCI image layout in a tar file.
    OciArchive,
    /// An OCI image layout in a directory.
    OciLayout,
    /// The store of Ollama.
    Ollama,
    /// An image of a registry.
    Registry,
    /// An archive on standard input, or a compressed one.
    Stream,
}

impl SourceKind {
    /// The word used in documents and as a prefix of the argument.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bom => "sbom",
            Self::Directory => "dir",
            Self::DockerArchive => "docker-archive",
            Self::OciArchive => "oci-archive",
            Self::OciLayout => "oci",
            Self::Ollama => "ollama",
            Self::Registry => "registry",
            Self::Stream => "stream",
        }
    }
}

/// What was scanned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceIdentity {
    /// What kind of source.
    pub kind: SourceKind,
    /// Its own name: the last component of a directory's path, never the machine's absolute path.
    pub name: String,
}

/// An image that was scanned, and what it says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ScannedImage {
    /// The names that it has where it lies.
    pub names: Vec<String>,
    /// Digest of its manifest.
    pub manifest: Option<Digest>,
    /// Digest of its configuration.
    pub config: Option<Digest>,
    /// `os/architecture`, as its configuration says.
    pub platform: Option<String>,
    /// Labels and annotations, sorted; claims of whoever built it.
    pub labels: Vec<(String, String)>,
    /// Its layers, lowest first: diffID, if the configuration states one, and digest of the blob.
    pub layers: Vec<(Option<Digest>, Option<Digest>)>,
    /// What lies beside it and is about it, sorted.
    pub attachments: Vec<Attachment>,
}

/// Something that lies beside an image and is about it: a signature, an attestation, a bill of
/// materials. It is listed, and neither read nor verified.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Attachment {
    /// What it is: the type of its predicate, else that of the artifact.
    pub kind: String,
    /// The media type of its content.
    pub media_type: String,
    /// The digest of its content.
    pub digest: Option<Digest>,
}

/// How the product reaches its users.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ShipMode {
    /// Copies are given to customers.
    Distributed,
    /// Customers use it over a network.
    Hosted,
    /// It is part of a device or another product.
    Embedded,
    /// It stays inside the company.
    Internal,
}

impl ShipMode {
    /// The word used in the settings file and in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Distributed => "distributed",
            Self::Hosted => "hosted",
            Self::Embedded => "embedded",
            Self::Internal => "internal",
        }
    }
}

/// What the vendor declares about the product: table `[product]` of the settings file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Who sells it.
    pub vendor: Option<String>,
    /// Where the vendor can be reached.
    pub contact: Option<Contact>,
    /// Its copyright lines.
    pub copyright: Vec<String>,
    /// The file in which it is handed on.
    pub file: Option<DeclaredFile>,
    /// What the vendor states of its parts.
    pub components: Vec<DeclaredComponent>,
    /// The vendor's own licence for it: an SPDX expression or `LicenseRef-…`.
    pub license: Option<String>,
    /// Whether the vendor passes what is inside on under terms of its own; `None` when not declared.
    pub relicenses: Option<bool>,
    /// How it reaches its users.
    pub ships: Option<ShipMode>,
    /// Whether it is used commercially.
    pub commercial: Option<bool>,
    /// ISO 3166 codes it ships to.
    pub regions: Option<Vec<String>>,
    /// Monthly active users, with affiliates.
    pub monthly_users: Option<u64>,
    /// Daily active users, with affiliates.
    pub daily_users: Option<u64>,
    /// Yearly revenue in US dollars, with affiliates.
    pub revenue: Option<u64>,
    /// Revenue of a month in US dollars, with affiliates.
    pub monthly_revenue: Option<u64>,
    /// How many people the vendor has.
    pub team_size: Option<u64>,
    /// ISO 3166 code of where the vendor is domiciled.
    pub vendor_region: Option<String>,
    /// What it is used for: categories that a restriction can have.
    pub fields_of_use: Option<Vec<String>>,
    /// The agreement with customers, file by file; empty when none is declared.
    pub agreement: Vec<Agreement>,
    /// Contracts under which the vendor holds parts of it, sorted by key.
    pub contracts: Vec<Contract>,
    /// The settings file, as evidence.
    pub declared_in: Option<UserFile>,
}

/// Whose demands on a bill of materials the documents meet beyond their format.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Profile {
    /// What every consumer of the format reads.
    #[default]
    Standard,
    /// BSI TR-03183-2 v2.1.0: SHA-512, `bsi:component:*`, declared and concluded side by side.
    Bsi,
}

impl Profile {
    /// The word used on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Bsi => "bsi",
        }
    }
}

/// Everything a reporter gets.
#[derive(Clone, Debug)]
pub struct Report {
    /// Whose demands the documents meet.
    pub profile: Profile,
    /// Version of Flowdown.
    pub tool_version: String,
    /// When the documents say they were made.
    pub created: Timestamp,
    /// What was scanned.
    pub source: SourceIdentity,
    /// The images that were scanned; none where the source is no image.
    pub images: Vec<ScannedImage>,
    /// What the vendor declares.
    pub product: Option<Product>,
    /// Which plugins took part, sorted by id.
    pub plugins: Vec<PluginRecord>,
    /// What was found.
    pub inventory: Inventory,
    /// What follows.
    pub assessment: Assessment,
    /// How the findings stand under the policy, when there is one.
    pub policy: Option<PolicyOutcome>,
}
