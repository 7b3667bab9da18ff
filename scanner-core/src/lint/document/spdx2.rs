//! SPDX 2.2 and 2.3 as JSON.

use super::{Document, Hash, Stated};
use crate::bom::Format;
use crate::bom::tree::{Node, Object};
use crate::lint::path::Path;

/// Lists of elements, and the fields of an element that are licence expressions, references and
/// times.
const ELEMENTS: &[&str] = &["files", "packages", "snippets"];
const EXPRESSIONS: &[&str] = &["licenseConcluded", "licenseDeclared"];
const LISTS_OF_EXPRESSIONS: &[&str] =
    &["licenseInfoFromFiles", "licenseInfoInFiles", "licenseInfoInSnippets"];
const TIMES: &[&str] = &["builtDate", "releaseDate", "validUntilDate"];

pub(super) fn document(version: &str, root: &Node) -> Document {
    let mut reader =
        Reader { document: Document::new(Format::Spdx2Json, version), path: Path::default() };
    if let Some(root) = root.as_object() {
        reader.root(root);
    }
    reader.document
}

struct Reader {
    document: Document,
    path: Path,
}

impl Reader {
    fn root(&mut self, root: &Object) {
        if let Some(namespace) = root.text("documentNamespace") {
            let at = self.path.place_of("documentNamespace");
            self.document.identity = Some(Stated { text: namespace.to_owned(), at });
        }
        self.name(root);
        self.references(root, "documentDescribes");
        self.each(root, "annotations", Self::annotation);
        if let Some(creation) = root.get("creationInfo").and_then(Node::as_object) {
            self.path.enter("creationInfo");
            self.time(creation, "created");
            self.path.leave();
        }
        for list in ELEMENTS {
            self.each(root, list, Self::element);
        }
        self.each(root, "relationships", Self::relationship);
        self.each(root, "externalDocumentRefs", |reader, reference| {
            if let Some(id) = reference.text("externalDocumentId") {
                reader.document.imported.insert(id.to_owned());
            }
            if let Some(checksum) = reference.get("checksum").and_then(Node::as_object) {
                reader.checksum(checksum);
            }
        });
        self.each(root, "hasExtractedLicensingInfos", |reader, license| {
            if let Some(id) = license.text("licenseId") {
                let has_text =
                    license.text("extractedText").is_some_and(|it| !it.trim().is_empty());
                reader.document.defined_licenses.insert(id.to_owned(), has_text);
            }
        });
    }

    fn each(&mut self, owner: &Object, list: &str, visit: impl Fn(&mut Self, &Object)) {
        self.path.enter(list);
        for (index, item) in owner.list(list).iter().enumerate() {
            let Some(object) = item.as_object() else { continue };
            self.path.enter(&index.to_string());
            self.path.is(object, object.text("SPDXID"));
            visit(self, object);
            self.path.leave();
        }
        self.path.leave();
    }

    fn element(&mut self, element: &Object) {
        self.name(element);
        for field in EXPRESSIONS {
            if let Some(text) = element.text(field) {
                let at = self.path.place_of(field);
                self.document.expression(text, at);
            }
        }
        for field in LISTS_OF_EXPRESSIONS {
            for text in element.list(field).iter().filter_map(Node::as_text) {
                let at = self.path.place_of(field);
                self.document.expression(text, at);
            }
        }
        for field in TIMES {
            self.time(element, field);
        }
        self.references(element, "hasFiles");
        if let Some(file) = element.text("snippetFromFile") {
            let at = self.path.place_of("snippetFromFile");
            self.document.refer(file, "snippetFromFile", at);
        }
        self.each(element, "checksums", Self::checksum);
        self.each(element, "annotations", Self::annotation);
        self.each(element, "externalRefs", |reader, reference| {
            if let (Some("purl"), Some(purl)) =
                (reference.text("referenceType"), reference.text("referenceLocator"))
            {
                let at = reader.path.place_of("referenceLocator");
                reader.document.purls.push(Stated { text: purl.to_owned(), at });
            }
        });
    }

    fn name(&mut self, element: &Object) {
        if let Some(id) = element.text("SPDXID") {
            let at = self.path.place_of("SPDXID");
            self.document.names.push(Stated { text: id.to_owned(), at });
        }
    }

    fn annotation(&mut self, annotation: &Object) {
        self.time(annotation, "annotationDate");
    }

    fn relationship(&mut self, relationship: &Object) {
        for field in ["relatedSpdxElement", "spdxElementId"] {
            if let Some(to) = relationship.text(field) {
                let at = self.path.place_of(field);
                self.document.refer(to, field, at);
            }
        }
    }

    fn references(&mut self, owner: &Object, list: &str) {
        for to in owner.list(list).iter().filter_map(Node::as_text) {
            let at = self.path.place_of(list);
            self.document.refer(to, list, at);
        }
    }

    fn checksum(&mut self, checksum: &Object) {
        let text = |key: &str| checksum.text(key).unwrap_or_default().to_owned();
        let (algorithm, value, at) = (text("algorithm"), text("checksumValue"), self.path.place());
        self.document.hashes.push(Hash { algorithm, value, at });
    }

    fn time(&mut self, owner: &Object, field: &str) {
        if let Some(text) = owner.text(field) {
            let at = self.path.place_of(field);
            self.document.times.push(Stated { text: text.to_owned(), at });
        }
    }
}

impl Document {
    /// An expression of SPDX 2; absence is written as a word.
    pub(super) fn expression(&mut self, text: &str, at: crate::lint::Place) {
        if !matches!(text, "NOASSERTION" | "NONE" | "") {
            self.expressions.push(Stated { text: text.to_owned(), at });
        }
    }
}
