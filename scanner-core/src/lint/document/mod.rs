//! What the rules need of a document, the same for every format: each value with its place.
//!
//! Each reader collects and judges nothing. What a format cannot say stays empty, and the rules that
//! need it are silent.

mod cyclonedx;
mod native;
mod spdx2;
mod spdx3;
mod tag_value;

use std::collections::BTreeMap;

use super::path::Path;
use super::problem::Place;
use crate::bom::tree::Node;
use crate::bom::{Format, Parsed};

/// A value and where it stands.
#[derive(Debug)]
pub(super) struct Stated {
    pub(super) text: String,
    pub(super) at: Place,
}

/// A reference to a name of the document.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) to: String,
    /// The field that it stands in.
    pub(super) field: String,
    pub(super) at: Place,
}

/// A JSON pointer into the document.
#[derive(Debug)]
pub(super) struct Pointer {
    pub(super) text: String,
    pub(super) resolves: bool,
    pub(super) at: Place,
}

#[derive(Debug)]
pub(super) struct Hash {
    /// As the document writes it.
    pub(super) algorithm: String,
    pub(super) value: String,
    pub(super) at: Place,
}

/// A licence object of CycloneDX.
#[derive(Debug)]
pub(super) struct LicenseEntry {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) at: Place,
}

/// A list of licences of CycloneDX.
#[derive(Debug)]
pub(super) struct LicenseList {
    pub(super) entries: usize,
    pub(super) expressions: usize,
    /// Entries that are a licence and an expression at once, or neither.
    pub(super) unclear: usize,
    /// Observations; consumers do not take their shape as seriously.
    pub(super) is_evidence: bool,
    pub(super) at: Place,
}

/// A field or word that a format has only from some version on.
#[derive(Debug)]
pub(super) struct Dated {
    pub(super) what: &'static str,
    pub(super) since: &'static str,
    pub(super) at: Place,
}

/// An entry of `dependencies[]`.
#[derive(Debug)]
pub(super) struct Dependency {
    pub(super) lists: bool,
    pub(super) at: Place,
}

/// A model or dataset of SPDX 3.
#[derive(Debug)]
pub(super) struct AiPackage {
    pub(super) name: String,
    /// Fields that its profile asks for and that are absent.
    pub(super) absent: Vec<&'static str>,
    pub(super) at: Place,
}

/// Everything that the rules need.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) format: Format,
    pub(super) version: String,
    /// The serial number or name space.
    pub(super) identity: Option<Stated>,
    pub(super) names: Vec<Stated>,
    pub(super) references: Vec<Reference>,
    /// Names that the document says are elsewhere: `DocumentRef-…`, imported elements.
    pub(super) imported: std::collections::BTreeSet<String>,
    pub(super) pointers: Vec<Pointer>,
    pub(super) purls: Vec<Stated>,
    pub(super) expressions: Vec<Stated>,
    pub(super) licenses: Vec<LicenseEntry>,
    pub(super) license_lists: Vec<LicenseList>,
    /// `LicenseRef-…` that the document defines, and whether it has their text.
    pub(super) defined_licenses: BTreeMap<String, bool>,
    pub(super) hashes: Vec<Hash>,
    pub(super) times: Vec<Stated>,
    pub(super) dated: Vec<Dated>,
    pub(super) dependencies: Vec<Dependency>,
    /// Components with `data[]`, by their type.
    pub(super) data: Vec<Stated>,
    pub(super) identity_fields: Vec<Stated>,
    /// Properties whose value is no text, by name.
    pub(super) odd_properties: Vec<Stated>,
    /// Citations without anybody they are attributed to.
    pub(super) unattributed: Vec<Place>,
    pub(super) repeated_keys: Vec<Stated>,
    pub(super) ai_packages: Vec<AiPackage>,
    /// Licence relationships of SPDX 3: from which element, of which type.
    pub(super) license_relations: BTreeMap<(String, &'static str), usize>,
}

impl Document {
    fn new(format: Format, version: &str) -> Self {
        Self {
            format,
            version: version.to_owned(),
            identity: None,
            names: Vec::new(),
            references: Vec::new(),
            imported: std::collections::BTreeSet::new(),
            pointers: Vec::new(),
            purls: Vec::new(),
            expressions: Vec::new(),
            licenses: Vec::new(),
            license_lists: Vec::new(),
            defined_licenses: BTreeMap::new(),
            hashes: Vec::new(),
            times: Vec::new(),
            dated: Vec::new(),
            dependencies: Vec::new(),
            data: Vec::new(),
            identity_fields: Vec::new(),
            odd_properties: Vec::new(),
            unattributed: Vec::new(),
            repeated_keys: Vec::new(),
            ai_packages: Vec::new(),
            license_relations: BTreeMap::new(),
        }
    }

    fn refer(&mut self, to: &str, field: &str, at: Place) {
        self.references.push(Reference { to: to.to_owned(), field: field.to_owned(), at });
    }

    /// Keys that stand twice in one object, anywhere.
    fn find_repeated_keys(&mut self, node: &Node, path: &mut Path) {
        match node {
            Node::Object(object) => {
                for key in &object.repeated {
                    let at = path.place();
                    self.repeated_keys.push(Stated { text: key.clone(), at });
                }
                for (key, value) in &object.fields {
                    path.enter(key);
                    self.find_repeated_keys(value, path);
                    path.leave();
                }
            }
            Node::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    path.enter(&index.to_string());
                    self.find_repeated_keys(item, path);
                    path.leave();
                }
            }
            Node::Text(_) | Node::Other => {}
        }
    }
}

/// What the rules need of a document.
pub(super) fn read(parsed: &Parsed<'_>) -> Document {
    let (format, version, root) = match parsed {
        Parsed::TagValue(text) => return tag_value::document(text),
        Parsed::Tree { format, version, root } => (*format, version, root),
    };
    let mut document = match format {
        Format::CycloneDxJson | Format::CycloneDxXml => cyclonedx::document(format, version, root),
        Format::Spdx2Json | Format::Spdx2TagValue => spdx2::document(version, root),
        Format::Spdx3 => spdx3::document(root),
        Format::Flowdown => native::document(version, root),
    };
    // In XML an element may repeat; that is how it writes lists.
    if format != Format::CycloneDxXml {
        document.find_repeated_keys(root, &mut Path::default());
    }
    document
}
