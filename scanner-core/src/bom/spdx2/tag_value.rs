//! The tag-value form: what follows `PackageName` belongs to that package.

use std::collections::BTreeMap;

use super::assemble::Document;
use super::{Package, Relationship, annotate, copyright, occurrences, supplier};
use crate::bom::statement::is_outside;
use crate::bom::tags::{Tag, tags};
use crate::bom::{Bom, Component, Format, algorithm, is_known, stated};
use crate::model::Span;

/// Reads the document that `text` is.
pub(in crate::bom) fn read(text: &str) -> Bom {
    let mut reader = Reader::default();
    for tag in tags(text) {
        reader.tag(&tag);
    }
    reader.annotate();
    reader.document.bom(Format::Spdx2TagValue)
}

/// What the tags that are read belong to.
#[derive(Default, PartialEq, Eq)]
enum Section {
    #[default]
    Document,
    Package,
    /// A file, a snippet, or a review, of which nothing is read.
    Other,
}

#[derive(Default)]
struct Reader {
    document: Document,
    section: Section,
    license: Option<String>,
    /// What annotations are about, and what they say, in whatever order the two come.
    annotations: Vec<(Option<String>, Option<String>)>,
}

impl Reader {
    fn tag(&mut self, tag: &Tag<'_>) {
        let value = tag.value.as_str();
        match tag.name {
            "PackageName" => {
                let component = Component {
                    name: value.to_owned(),
                    at: Some(Span::Lines { first: tag.line, last: tag.line }),
                    ..Component::default()
                };
                self.document.packages.push(Package { component, ..Package::default() });
                self.section = Section::Package;
            }
            "FileName" | "SnippetSPDXID" => self.section = Section::Other,
            "LicenseID" => self.license = Some(value.to_owned()),
            "ExtractedText" => {
                if let Some(license) = &self.license {
                    self.document.head.texts.insert(license.clone(), value.to_owned());
                }
            }
            "Relationship" => self.relationship(value),
            "RelationshipComment" => {
                if let Some(last) = self.document.relationships.last_mut() {
                    last.comment = Some(value.to_owned());
                }
            }
            "Annotator" => self.annotations.push((None, None)),
            "SPDXREF" => {
                if let Some((about, _)) = self.annotations.last_mut() {
                    *about = Some(value.to_owned());
                }
            }
            "AnnotationComment" => {
                if let Some((_, comment)) = self.annotations.last_mut() {
                    *comment = Some(value.to_owned());
                }
            }
            _ => self.field(tag.name, value),
        }
    }

    fn relationship(&mut self, value: &str) {
        let words: Vec<&str> = value.split_whitespace().collect();
        if let [from, kind, to] = words[..] {
            let (from, kind, to) = (from.to_owned(), kind.to_owned(), to.to_owned());
            self.document.relationships.push(Relationship { from, kind, to, comment: None });
        }
    }

    /// Annotations stand anywhere in the document.
    fn annotate(&mut self) {
        let mut packages: BTreeMap<String, &mut Package> = self
            .document
            .packages
            .iter_mut()
            .map(|package| (package.component.reference.clone(), package))
            .collect();
        for (about, comment) in std::mem::take(&mut self.annotations) {
            if let (Some(about), Some(comment)) = (about, comment)
                && let Some(package) = packages.get_mut(&about)
            {
                annotate(package, &comment);
            }
        }
    }

    fn field(&mut self, name: &str, value: &str) {
        let head = &mut self.document.head;
        match name {
            "SPDXVersion" => value.trim_start_matches("SPDX-").clone_into(&mut head.version),
            "DocumentNamespace" => head.identity = Some(value.to_owned()),
            "Creator" => head.creator(value),
            "Created" => head.created = Some(value.to_owned()),
            _ if self.section == Section::Package => {
                if let Some(package) = self.document.packages.last_mut() {
                    of_package(package, name, value);
                }
            }
            _ => {}
        }
    }
}

fn of_package(package: &mut Package, name: &str, value: &str) {
    let component = &mut package.component;
    let known = || stated(Some(value)).filter(|text| is_known(text));
    match name {
        "SPDXID" => value.clone_into(&mut component.reference),
        "PackageVersion" => component.version = stated(Some(value)),
        "PackageSupplier" => component.supplier = supplier(Some(value)),
        "PackageLicenseDeclared" => component.licenses.declared.extend(known()),
        "PackageLicenseConcluded" => component.licenses.concluded.extend(known()),
        "PackageCopyrightText" => component.copyright = copyright(Some(value)),
        "PackageSourceInfo" => component.occurrences = occurrences(Some(value)),
        "PackageComment" => package.is_outside = is_outside(Some(value)),
        "PrimaryPackagePurpose" => {
            value.clone_into(&mut package.purpose);
            component.kind = value.to_ascii_lowercase();
        }
        "PackageChecksum" => {
            if let Some((name, digits)) = value.split_once(':') {
                component.hashes.insert((algorithm(name), digits.trim().to_ascii_lowercase()));
            }
        }
        "ExternalRef" => {
            let words: Vec<&str> = value.split_whitespace().collect();
            if let [_, kind, locator] = words[..]
                && kind.ends_with("purl")
            {
                component.purl.get_or_insert_with(|| locator.to_owned());
            }
        }
        _ => {}
    }
}
