//! SPDX 2.2 and 2.3 as tag-value.

use super::{Document, Hash, Stated};
use crate::bom::Format;
use crate::bom::tags::{Tag, tags};
use crate::lint::Place;

pub(super) fn document(text: &str) -> Document {
    let mut reader =
        Reader { document: Document::new(Format::Spdx2TagValue, ""), element: None, license: None };
    for Tag { line, name, value } in tags(text) {
        reader.tag(name, &value, line);
    }
    reader.document
}

struct Reader {
    document: Document,
    element: Option<String>,
    license: Option<String>,
}

impl Reader {
    fn tag(&mut self, tag: &str, value: &str, line: u64) {
        let at = Place { line: Some(line), pointer: String::new(), element: self.element.clone() };
        let stated = |at: Place| Stated { text: value.to_owned(), at };
        let document = &mut self.document;
        match tag {
            "SPDXVersion" => {
                value.trim_start_matches("SPDX-").clone_into(&mut document.version);
            }
            "DocumentNamespace" => document.identity = Some(stated(at)),
            "SPDXID" | "SnippetSPDXID" => {
                let at = Place { element: None, ..at };
                document.names.push(stated(at));
                self.element = Some(value.chars().take(128).collect());
            }
            "PackageName" | "FileName" => self.element = None,
            "PackageLicenseConcluded"
            | "PackageLicenseDeclared"
            | "PackageLicenseInfoFromFiles"
            | "LicenseConcluded"
            | "LicenseInfoInFile"
            | "SnippetLicenseConcluded"
            | "LicenseInfoInSnippet" => document.expression(value, at),
            "PackageChecksum" | "FileChecksum" => self.checksum(value, at),
            "ExternalDocumentRef" => {
                let mut words = value.split_whitespace();
                if let Some(id) = words.next() {
                    document.imported.insert(id.to_owned());
                }
                let checksum = words.skip(1).collect::<Vec<_>>().join(" ");
                self.checksum(&checksum, at);
            }
            "ExternalRef" => {
                let words: Vec<&str> = value.split_whitespace().collect();
                if let [_, "purl", purl] = words[..] {
                    document.purls.push(Stated { text: purl.to_owned(), at });
                }
            }
            "Relationship" => {
                let words: Vec<&str> = value.split_whitespace().collect();
                if let [from, _, to] = words[..] {
                    document.refer(from, tag, at.clone());
                    document.refer(to, tag, at);
                }
            }
            "SPDXREF" | "SnippetFromFileSPDXID" => document.refer(value, tag, at),
            "LicenseID" => {
                document.defined_licenses.entry(value.to_owned()).or_default();
                self.license = Some(value.to_owned());
            }
            "ExtractedText" => {
                if let Some(license) = &self.license {
                    let has_text = !value.trim().is_empty();
                    document.defined_licenses.insert(license.clone(), has_text);
                }
            }
            "Created" | "AnnotationDate" | "BuiltDate" | "ReleaseDate" | "ValidUntilDate" => {
                document.times.push(stated(at));
            }
            _ => {}
        }
    }

    /// `SHA256: 0f…`.
    fn checksum(&mut self, text: &str, at: Place) {
        let (algorithm, value) = text.split_once(':').unwrap_or(("", text));
        let (algorithm, value) = (algorithm.trim().to_owned(), value.trim().to_owned());
        self.document.hashes.push(Hash { algorithm, value, at });
    }
}
