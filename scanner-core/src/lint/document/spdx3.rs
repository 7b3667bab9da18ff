//! SPDX 3.0.1 as JSON-LD, in the form of its JSON schema: one `@graph` of elements.

use super::{AiPackage, Document, Hash, Stated};
use crate::bom::Format;
use crate::bom::tree::{Node, Object};
use crate::lint::path::Path;

/// Fields whose text or texts name an element.
const REFERENCES: &[&str] = &[
    "createdBy",
    "createdUsing",
    "creationInfo",
    "dataLicense",
    "element",
    "expandedlicensing_member",
    "expandedlicensing_subjectAddition",
    "expandedlicensing_subjectExtendableLicense",
    "expandedlicensing_subjectLicense",
    "from",
    "originatedBy",
    "rootElement",
    "snippetFromFile",
    "software_snippetFromFile",
    "subject",
    "suppliedBy",
    "to",
];

/// Fields that hold a date with time.
const TIMES: &[&str] =
    &["builtTime", "created", "endTime", "releaseTime", "startTime", "validUntilTime"];

/// What the AI and Dataset profiles ask for, which neither the JSON schema nor SHACL checks.
const OF_PROFILE: &[&str] = &[
    "releaseTime",
    "software_downloadLocation",
    "software_packageVersion",
    "software_primaryPurpose",
    "suppliedBy",
];

pub(super) fn document(root: &Node) -> Document {
    let mut reader = Reader { document: Document::new(Format::Spdx3, ""), path: Path::default() };
    let graph = root.as_object().map_or(&[][..], |root| root.list("@graph"));
    reader.path.enter("@graph");
    for (index, element) in graph.iter().enumerate() {
        if let Some(element) = element.as_object() {
            reader.path.enter(&index.to_string());
            reader.element(element);
            reader.path.leave();
        }
    }
    reader.document
}

struct Reader {
    document: Document,
    path: Path,
}

impl Reader {
    fn element(&mut self, element: &Object) {
        let id = element.text("spdxId").or_else(|| element.text("@id"));
        self.path.is(element, id);
        if let Some(id) = id {
            let field = if element.get("spdxId").is_some() { "spdxId" } else { "@id" };
            let at = self.path.place_of(field);
            self.document.names.push(Stated { text: id.to_owned(), at });
        }
        let kind = element.text("type").or_else(|| element.text("@type")).unwrap_or_default();
        match kind {
            "CreationInfo" => {
                if let Some(version) = element.text("specVersion") {
                    version.clone_into(&mut self.document.version);
                }
            }
            "SpdxDocument" => {
                if let Some(id) = id {
                    let at = self.path.place_of("spdxId");
                    self.document.identity = Some(Stated { text: id.to_owned(), at });
                }
                for import in element.list("import").iter().filter_map(Node::as_object) {
                    if let Some(id) = import.text("externalSpdxId") {
                        self.document.imported.insert(id.to_owned());
                    }
                }
            }
            "simplelicensing_LicenseExpression" => self.expression(element),
            "ai_AIPackage" | "dataset_DatasetPackage" => self.ai_package(element, id),
            "Relationship" | "LifecycleScopedRelationship" => self.relationship(element),
            _ => {}
        }
        self.fields(element);
    }

    /// What can stand in an element and in the objects inside it.
    fn fields(&mut self, object: &Object) {
        match object.text("type") {
            Some("Hash") => {
                let text = |key: &str| object.text(key).unwrap_or_default().to_owned();
                let (algorithm, value) = (text("algorithm"), text("hashValue"));
                let at = self.path.place();
                self.document.hashes.push(Hash { algorithm, value, at });
            }
            Some("ExternalIdentifier")
                if object.text("externalIdentifierType") == Some("packageUrl") =>
            {
                self.purl(object, "identifier");
            }
            _ => self.purl(object, "software_packageUrl"),
        }
        for (key, node) in &object.fields {
            self.path.enter(key);
            match node {
                Node::Text(text) => self.text(key, text),
                Node::Object(inner) => self.fields(inner),
                Node::List(items) => {
                    for (index, item) in items.iter().enumerate() {
                        self.path.enter(&index.to_string());
                        match item {
                            Node::Text(text) => self.text(key, text),
                            Node::Object(inner) => self.fields(inner),
                            Node::List(_) | Node::Other => {}
                        }
                        self.path.leave();
                    }
                }
                Node::Other => {}
            }
            self.path.leave();
        }
    }

    fn text(&mut self, key: &str, text: &str) {
        if REFERENCES.contains(&key) && !is_of_spdx(text) {
            let at = self.path.place();
            self.document.refer(text, key, at);
        } else if TIMES.contains(&key) {
            let at = self.path.place();
            self.document.times.push(Stated { text: text.to_owned(), at });
        }
    }

    fn purl(&mut self, object: &Object, key: &str) {
        if let Some(purl) = object.text(key) {
            let at = self.path.place_of(key);
            self.document.purls.push(Stated { text: purl.to_owned(), at });
        }
    }

    fn expression(&mut self, element: &Object) {
        const FIELD: &str = "simplelicensing_licenseExpression";
        if let Some(text) = element.text(FIELD) {
            let at = self.path.place_of(FIELD);
            self.document.expression(text, at);
        }
        const CUSTOM: &str = "simplelicensing_customIdToUri";
        for entry in element.list(CUSTOM).iter().filter_map(Node::as_object) {
            let (Some(key), Some(to)) = (entry.text("key"), entry.text("value")) else { continue };
            self.document.defined_licenses.insert(key.to_owned(), true);
            let at = self.path.place_of(CUSTOM);
            self.document.refer(to, CUSTOM, at);
        }
    }

    fn ai_package(&mut self, element: &Object, id: Option<&str>) {
        let absent = OF_PROFILE.iter().copied().filter(|key| element.get(key).is_none()).collect();
        let (name, at) = (id.unwrap_or_default().to_owned(), self.path.place());
        self.document.ai_packages.push(AiPackage { name, absent, at });
    }

    fn relationship(&mut self, element: &Object) {
        let kind = match element.text("relationshipType") {
            Some("hasDeclaredLicense") => "hasDeclaredLicense",
            Some("hasConcludedLicense") => "hasConcludedLicense",
            _ => return,
        };
        let targets = match element.get("to") {
            Some(Node::List(items)) => items.len(),
            Some(_) => 1,
            None => 0,
        };
        if let Some(from) = element.text("from") {
            *self.document.license_relations.entry((from.to_owned(), kind)).or_default() += targets;
        }
    }
}

/// Individuals that the specification defines, such as `NoAssertionLicense`, by IRI or by name.
fn is_of_spdx(text: &str) -> bool {
    let name = text.strip_prefix("expandedlicensing_").unwrap_or(text);
    text.starts_with("https://spdx.org/")
        || matches!(
            name,
            "NoAssertionElement"
                | "NoneElement"
                | "NoAssertionLicense"
                | "NoneLicense"
                | "SpdxOrganization"
        )
}
