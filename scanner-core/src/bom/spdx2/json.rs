//! The JSON form.

use super::assemble::Document;
use super::{Package, Relationship, annotate, copyright, occurrences, supplier};
use crate::bom::statement::is_outside;
use crate::bom::tree::{Node, Object};
use crate::bom::{Bom, Component, Format, algorithm, is_known, stated};
use crate::model::Span;

/// Reads the document that `root` is.
pub(in crate::bom) fn read(version: &str, root: &Node) -> Bom {
    let mut document = Document::default();
    version.clone_into(&mut document.head.version);
    if let Some(root) = root.as_object() {
        head(root, &mut document);
        for (index, package) in objects(root, "packages").enumerate() {
            document.packages.push(of_package(package, index));
        }
        document.relationships.extend(objects(root, "relationships").filter_map(relationship));
    }
    document.bom(Format::Spdx2Json)
}

fn objects<'a>(owner: &'a Object, list: &str) -> impl Iterator<Item = &'a Object> {
    owner.list(list).iter().filter_map(Node::as_object)
}

fn head(root: &Object, document: &mut Document) {
    let head = &mut document.head;
    head.identity = root.text("documentNamespace").map(str::to_owned);
    if let Some(creation) = root.get("creationInfo").and_then(Node::as_object) {
        head.created = creation.text("created").map(str::to_owned);
        creation.list("creators").iter().filter_map(Node::as_text).for_each(|it| head.creator(it));
    }
    let described = root.list("documentDescribes").iter().filter_map(Node::as_text);
    head.describes.extend(described.map(str::to_owned));
    for license in objects(root, "hasExtractedLicensingInfos") {
        if let (Some(id), Some(text)) = (license.text("licenseId"), license.text("extractedText")) {
            head.texts.insert(id.to_owned(), text.to_owned());
        }
    }
}

fn relationship(object: &Object) -> Option<Relationship> {
    Some(Relationship {
        from: object.text("spdxElementId")?.to_owned(),
        kind: object.text("relationshipType")?.to_owned(),
        to: object.text("relatedSpdxElement")?.to_owned(),
        comment: object.text("comment").map(str::to_owned),
    })
}

fn of_package(object: &Object, index: usize) -> Package {
    let known = |key: &str| stated(object.text(key)).filter(|text| is_known(text));
    let purpose = object.text("primaryPackagePurpose").unwrap_or_default();
    let mut component = Component {
        reference: object.text("SPDXID").unwrap_or_default().to_owned(),
        kind: purpose.to_ascii_lowercase(),
        name: object.text("name").unwrap_or_default().to_owned(),
        version: stated(object.text("versionInfo")),
        purl: purl(object),
        supplier: supplier(object.text("supplier")),
        copyright: copyright(object.text("copyrightText")),
        occurrences: occurrences(object.text("sourceInfo")),
        at: Some(Span::Key(format!("/packages/{index}"))),
        ..Component::default()
    };
    component.licenses.declared.extend(known("licenseDeclared"));
    component.licenses.concluded.extend(known("licenseConcluded"));
    component.hashes.extend(objects(object, "checksums").filter_map(|checksum| {
        let digits = checksum.text("checksumValue")?.to_ascii_lowercase();
        Some((algorithm(checksum.text("algorithm")?), digits))
    }));
    let mut package = Package {
        component,
        purpose: purpose.to_owned(),
        is_outside: is_outside(object.text("comment")),
        ..Package::default()
    };
    for annotation in objects(object, "annotations") {
        annotate(&mut package, annotation.text("comment").unwrap_or_default());
    }
    package
}

fn purl(object: &Object) -> Option<String> {
    let mut purls = objects(object, "externalRefs").filter(|reference| {
        reference.text("referenceType").is_some_and(|kind| kind.ends_with("purl"))
    });
    stated(purls.next()?.text("referenceLocator"))
}
