//! Our own JSON: everything that the inventory and the assessment hold.
//!
//! The form is versioned (`"schema": "flowdown/inventory/1"`) and described by
//! `schemas/inventory/1.json`, which is generated from these types. A published version only gains
//! optional fields; anything else is a new version and a new file. Not written are the bytes of
//! texts (their digests are; the bundle has the bytes), single tensors (their digests are facts), and
//! digests of files that belong to no artifact.

mod agreement;
mod assessment;
mod bundle;
mod chain;
mod contract;
mod evidence;
mod flow;
mod inventory;
mod policy;
mod terms;
mod texts;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::Reporter;
use super::place::cut;
use crate::model::{self, Report};

/// Writes our own JSON; format id `json`.
pub struct Native;

/// The identity of this form.
pub const SCHEMA_ID: &str = "flowdown/inventory/1";

impl Reporter for Native {
    fn format(&self) -> &'static str {
        "json"
    }

    fn media_type(&self) -> &'static str {
        "application/vnd.flowdown.inventory+json"
    }

    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &Document::of(report))?;
        out.write_all(b"\n")
    }
}

/// The same without line breaks, for what follows from the content of a report.
pub(super) fn write_compact(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    Ok(serde_json::to_writer(out, &Document::of(report))?)
}

/// The JSON Schema of this form, as it stands in `schemas/inventory/1.json`.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Document<'static>).to_value()
}

/// Everything that Flowdown found in one source, and what follows from it.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    /// `flowdown/inventory/1`.
    schema: &'static str,
    /// Version of Flowdown.
    tool_version: &'a str,
    /// When the document says it was made, `YYYY-MM-DDThh:mm:ssZ`.
    created: String,
    /// What was scanned.
    source: Source<'a>,
    /// What the vendor declares.
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<Product<'a>>,
    /// Which plugins took part, sorted by id.
    plugins: Vec<Plugin<'a>>,
    /// What was found.
    inventory: inventory::Inventory<'a>,
    /// What follows from it.
    assessment: assessment::Assessment<'a>,
    /// What the policy makes of the findings, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<policy::Policy<'a>>,
}

/// What was scanned.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Source<'a> {
    /// Kind of source: `dir`, `docker-archive`, `oci`, `oci-archive`, `ollama`, `stream`, …
    kind: &'static str,
    /// Its own name.
    name: &'a str,
    /// The images in it that were scanned.
    images: Vec<Image<'a>>,
}

/// An image that was scanned, and what it says of itself.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Image<'a> {
    /// The names that it has where it lies.
    names: Vec<Cow<'a, str>>,
    /// Digest of its manifest.
    #[serde(skip_serializing_if = "Option::is_none")]
    manifest: Option<String>,
    /// Digest of its configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<String>,
    /// `os/architecture`.
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<&'a str>,
    /// Labels and annotations: claims of whoever built it.
    labels: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    /// Its layers, lowest first.
    layers: Vec<ImageLayer>,
    /// Signatures, attestations and bills of materials beside it: listed, neither read nor verified.
    attachments: Vec<Attachment<'a>>,
}

/// Something that lies beside an image and is about it.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Attachment<'a> {
    /// The type of its predicate, else that of the artifact.
    kind: Cow<'a, str>,
    /// The media type of its content.
    media_type: Cow<'a, str>,
    /// The digest of its content.
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
}

/// A layer of an image.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ImageLayer {
    /// Digest of the decoded layer, as the configuration states it.
    #[serde(skip_serializing_if = "Option::is_none")]
    diff_id: Option<String>,
    /// Digest of the blob, as the manifest states it.
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
}

impl<'a> Image<'a> {
    fn of(image: &'a model::ScannedImage) -> Self {
        /// Labels of one image that are written.
        const LABELS: usize = 256;
        Self {
            names: image.names.iter().map(|name| cut(name)).collect(),
            manifest: image.manifest.map(|digest| digest.to_string()),
            config: image.config.map(|digest| digest.to_string()),
            platform: image.platform.as_deref(),
            labels: image
                .labels
                .iter()
                .take(LABELS)
                .map(|(name, value)| (cut(name), cut(value)))
                .collect(),
            layers: image
                .layers
                .iter()
                .map(|(diff_id, digest)| ImageLayer {
                    diff_id: diff_id.map(|digest| digest.to_string()),
                    digest: digest.map(|digest| digest.to_string()),
                })
                .collect(),
            attachments: image
                .attachments
                .iter()
                .map(|attachment| Attachment {
                    kind: cut(&attachment.kind),
                    media_type: cut(&attachment.media_type),
                    digest: attachment.digest.map(|digest| digest.to_string()),
                })
                .collect(),
        }
    }
}

/// A file that the vendor declares.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct HandedOn<'a> {
    /// Its name, without a folder.
    name: &'a str,
    /// SHA-512 of its bytes, 128 hexadecimal digits.
    sha512: String,
    /// Whether it can be executed.
    executable: bool,
    /// Whether it is an archive of other files.
    archive: bool,
    /// Whether its format tells the parts in it apart.
    structured: bool,
}

/// What the vendor declares about the product.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Product<'a> {
    /// Its name.
    name: &'a str,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    /// Who sells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'a str>,
    /// Mail address or web address of the vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<&'a str>,
    /// Its copyright lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    copyright: Option<&'a [String]>,
    /// The file in which it is handed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<HandedOn<'a>>,
    /// The vendor's own licence for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'a str>,
    /// Whether the vendor passes what is inside on under terms of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    relicenses: Option<bool>,
    /// `distributed`, `hosted`, `embedded` or `internal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    ships: Option<&'static str>,
    /// Whether it is used commercially.
    #[serde(skip_serializing_if = "Option::is_none")]
    commercial: Option<bool>,
    /// ISO 3166 codes it ships to.
    #[serde(skip_serializing_if = "Option::is_none")]
    regions: Option<&'a [String]>,
    /// Monthly active users, with affiliates.
    #[serde(skip_serializing_if = "Option::is_none")]
    monthly_users: Option<u64>,
    /// Daily active users, with affiliates.
    #[serde(skip_serializing_if = "Option::is_none")]
    daily_users: Option<u64>,
    /// Yearly revenue in US dollars, with affiliates.
    #[serde(skip_serializing_if = "Option::is_none")]
    revenue: Option<u64>,
    /// Revenue of a month in US dollars, with affiliates.
    #[serde(skip_serializing_if = "Option::is_none")]
    monthly_revenue: Option<u64>,
    /// How many people the vendor has.
    #[serde(skip_serializing_if = "Option::is_none")]
    team_size: Option<u64>,
    /// ISO 3166 code of where the vendor is domiciled.
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor_region: Option<&'a str>,
    /// What it is used for: categories that a restriction can have.
    #[serde(skip_serializing_if = "Option::is_none")]
    fields_of_use: Option<&'a [String]>,
    /// The files of the agreement with customers, in order.
    agreement: Vec<agreement::File<'a>>,
    /// Contracts under which the vendor holds parts of it, sorted by key.
    contracts: Vec<contract::Contract<'a>>,
    /// SHA-256 of the settings file.
    #[serde(skip_serializing_if = "Option::is_none")]
    declared_in: Option<String>,
}

/// A plugin that took part.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Plugin<'a> {
    /// Its id.
    id: &'a str,
    /// Its version.
    version: &'a str,
    /// The licence families it knows.
    families: &'a [String],
    /// `built-in`, or the path it was loaded from.
    loaded: &'a str,
    /// SHA-256 of the library; for a built-in, of what it describes itself as.
    sha256: String,
}

impl<'a> Document<'a> {
    fn of(report: &'a Report) -> Self {
        Self {
            schema: SCHEMA_ID,
            tool_version: &report.tool_version,
            created: report.created.to_string(),
            source: Source {
                kind: report.source.kind.name(),
                name: &report.source.name,
                images: report.images.iter().map(Image::of).collect(),
            },
            product: report.product.as_ref().map(Product::of),
            plugins: report.plugins.iter().map(Plugin::of).collect(),
            inventory: inventory::Inventory::of(&report.inventory),
            assessment: assessment::Assessment::of(&report.assessment, report.policy.as_ref()),
            policy: report
                .policy
                .as_ref()
                .map(|outcome| policy::Policy::of(outcome, &report.assessment)),
        }
    }
}

impl<'a> HandedOn<'a> {
    fn of(file: &'a model::DeclaredFile) -> Self {
        Self {
            name: &file.name,
            sha512: file.sha512.hex(),
            executable: file.is_executable,
            archive: file.is_archive,
            structured: file.is_structured,
        }
    }
}

impl<'a> Product<'a> {
    fn of(product: &'a model::Product) -> Self {
        Self {
            name: &product.name,
            version: product.version.as_deref(),
            vendor: product.vendor.as_deref(),
            contact: product.contact.as_ref().map(model::Contact::as_str),
            copyright: (!product.copyright.is_empty()).then_some(&product.copyright),
            file: product.file.as_ref().map(HandedOn::of),
            license: product.license.as_deref(),
            relicenses: product.relicenses,
            ships: product.ships.map(model::ShipMode::name),
            commercial: product.commercial,
            regions: product.regions.as_deref(),
            monthly_users: product.monthly_users,
            daily_users: product.daily_users,
            revenue: product.revenue,
            monthly_revenue: product.monthly_revenue,
            team_size: product.team_size,
            vendor_region: product.vendor_region.as_deref(),
            fields_of_use: product.fields_of_use.as_deref(),
            agreement: product.agreement.iter().map(|it| agreement::File::of(&it.file)).collect(),
            contracts: product.contracts.iter().map(contract::Contract::of).collect(),
            declared_in: product.declared_in.as_ref().map(|file| file.sha256.to_string()),
        }
    }
}

impl<'a> Plugin<'a> {
    fn of(plugin: &'a model::PluginRecord) -> Self {
        Self {
            id: &plugin.id,
            version: &plugin.version,
            families: &plugin.families,
            loaded: &plugin.loaded,
            sha256: plugin.sha256.to_string(),
        }
    }
}
