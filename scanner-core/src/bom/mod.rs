//! Bills of materials that already exist, whoever wrote them, in one form.
//!
//! A document is read for what it says of components, their licences and how they depend on each
//! other. It is a claim of its author: nothing here is checked against files, and what a document
//! leaves out stays absent. Documents are hostile input like everything else that is scanned.

mod cyclonedx;
pub mod flowdown;
mod parsed;
mod spdx2;
mod spdx3;
mod statement;
pub(crate) mod tags;
pub(crate) mod tree;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Diagnostic, Limits, Span};

pub use self::parsed::Refusal;

pub(crate) use self::parsed::Parsed;

/// What a document is written in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Format {
    /// CycloneDX as JSON.
    CycloneDxJson,
    /// CycloneDX as XML.
    CycloneDxXml,
    /// SPDX 2.2 or 2.3 as JSON.
    Spdx2Json,
    /// SPDX 2.2 or 2.3 as tag-value.
    Spdx2TagValue,
    /// SPDX 3.0.1 as JSON-LD.
    Spdx3,
    /// Our own JSON (`schemas/inventory`).
    Flowdown,
}

impl Format {
    /// The name of the format with its encoding, without a version.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CycloneDxJson => "CycloneDX JSON",
            Self::CycloneDxXml => "CycloneDX XML",
            Self::Spdx2Json => "SPDX 2 JSON",
            Self::Spdx2TagValue => "SPDX 2 tag-value",
            Self::Spdx3 => "SPDX 3 JSON-LD",
            Self::Flowdown => "Flowdown JSON",
        }
    }
}

/// What a bill of materials says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bom {
    /// What it is written in.
    pub format: Format,
    /// The version of that format as the document states it, for example `1.6`.
    pub spec_version: String,
    /// Its own identity: `serialNumber`, `documentNamespace`, or the `spdxId` of the document.
    pub identity: Option<String>,
    /// When it says that it was made.
    pub created: Option<String>,
    /// The tools that it says made it, as `name version`.
    pub tools: Vec<String>,
    /// What it describes as a whole, if it names that.
    pub subject: Option<Component>,
    /// Its components in document order, nested ones after their parent; without the subject.
    pub components: Vec<Component>,
    /// What depends on what, or contains it, in document order.
    pub edges: Vec<Edge>,
    /// Licence texts by the id that the document gives them (`LicenseRef-…`).
    pub texts: BTreeMap<String, String>,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// One component, as the document has it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Component {
    /// Its name inside the document: `bom-ref`, `SPDXID`, `spdxId`; empty when it has none.
    pub reference: String,
    /// The word for what it is in the document, for example `machine-learning-model`.
    pub kind: String,
    /// Its name space: the group, or the organisation of a model.
    pub group: Option<String>,
    /// Its name without the group.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Its package URL as written.
    pub purl: Option<String>,
    /// Who supplies it.
    pub supplier: Option<String>,
    /// Digests: lower-case algorithm without punctuation (`sha256`), lower-case hexadecimal digits.
    pub hashes: BTreeSet<(String, String)>,
    /// What is said of its licence.
    pub licenses: Licenses,
    /// Copyright statements.
    pub copyright: Vec<String>,
    /// Where it was found, as written.
    pub occurrences: Vec<String>,
    /// What it derives from.
    pub ancestors: Vec<Ancestor>,
    /// Obligations as `license kind clause`, where the document lists them.
    pub obligations: BTreeSet<String>,
    /// Use restrictions as `license label`, where the document lists them.
    pub restrictions: BTreeSet<String>,
    /// Whether it is needed for development only.
    pub is_development_only: bool,
    /// Where the document has it: a JSON pointer, or lines.
    pub at: Option<Span>,
}

/// What a document says of a component's licence. Expressions stand as written; `NOASSERTION` and
/// `NONE` are absence.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Licenses {
    /// As the author declares it; also what a document states without saying on which ground.
    pub declared: Vec<String>,
    /// As somebody concluded.
    pub concluded: Vec<String>,
    /// Own and inherited terms together.
    pub effective: Option<String>,
}

/// What a component derives from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Ancestor {
    /// Its name with group.
    pub name: String,
    /// Its package URL.
    pub purl: Option<String>,
    /// The relation in our words (`fine-tuned-from`), if the document says it.
    pub relation: Option<String>,
}

/// A relation between two components by their references.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Edge {
    /// Where it starts.
    pub from: String,
    /// Where it ends.
    pub to: String,
    /// `depends-on` or `contains`.
    pub kind: EdgeKind,
}

/// What an edge means.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EdgeKind {
    /// The first needs the second.
    DependsOn,
    /// The second is a part of the first.
    Contains,
}

/// Reads a document of any format that is read (`docs/boms.md`).
///
/// # Errors
/// When it is no bill of materials, or past a limit.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Bom, Refusal> {
    match Parsed::of(bytes, limits)? {
        Parsed::TagValue(text) => Ok(spdx2::tag_value(text)),
        Parsed::Tree { format, version, root } => match format {
            Format::CycloneDxJson | Format::CycloneDxXml => {
                Ok(cyclonedx::read(format, &version, &root))
            }
            Format::Spdx2Json | Format::Spdx2TagValue => Ok(spdx2::json(&version, &root)),
            Format::Spdx3 => Ok(spdx3::read(&version, &root)),
            Format::Flowdown => {
                flowdown::read(bytes).map_err(|error| Refusal::NotABom(error.to_string()))
            }
        },
    }
}

/// The name of a digest algorithm in one form: lower case, letters and digits only.
fn algorithm(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// What is stated, if it is more than blanks.
fn stated(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// Whether a licence field says something: its words for absence are no licence.
fn is_known(text: &str) -> bool {
    !matches!(text.trim(), "" | "NOASSERTION" | "NONE")
}
