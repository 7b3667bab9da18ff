//! `packages[]`: the product or source, artifacts, shards, and ancestors and datasets outside.

use spdx_rs::models::{
    Algorithm, Checksum, ExternalPackageReference, ExternalPackageReferenceCategory,
    PackageInformation, PrimaryPackagePurpose,
};

use super::elements::Elements;
use super::licenses::{self, LicenseFields};
use super::{annotations, one_line};
use crate::model::{Artifact, ArtifactFile, ArtifactKind, DeclaredFile, FileRole, Purl, Report};
use crate::report::hub::HubRepository;
use crate::report::index::Outside;
use crate::report::outside::OutsideKind;
use crate::report::place::{cut, place};
use crate::report::{copyright, facts, statement};

const NOASSERTION: &str = "NOASSERTION";

/// The product's name, else the source's.
pub(super) fn root_name(report: &Report) -> String {
    let name = report.product.as_ref().map_or(&report.source.name, |product| &product.name);
    if name.is_empty() { "source".to_owned() } else { name.clone() }
}

pub(super) fn packages(elements: &Elements<'_>) -> Vec<PackageInformation> {
    let mut packages = vec![root(elements)];
    for artifact in &elements.index.report.inventory.artifacts {
        packages.extend(of_artifact(elements, artifact));
        packages.extend(elements.shards(&artifact.id).iter().map(|(id, file)| of_shard(id, file)));
    }
    let outside = elements.outside.values();
    packages.extend(outside.map(|(id, kind, of)| of_outside(elements, id, *kind, of)));
    packages
}

/// A package of which nothing is known but what is set.
fn blank(id: &str, name: &str) -> PackageInformation {
    let name = one_line(&cut(name));
    PackageInformation {
        package_name: if name.trim().is_empty() { "unnamed".to_owned() } else { name },
        package_spdx_identifier: id.to_owned(),
        package_supplier: Some(NOASSERTION.to_owned()),
        package_download_location: NOASSERTION.to_owned(),
        files_analyzed: Some(false),
        concluded_license: Some(licenses::parse(None)),
        declared_license: Some(licenses::parse(None)),
        copyright_text: Some(NOASSERTION.to_owned()),
        ..PackageInformation::default()
    }
}

fn root(elements: &Elements<'_>) -> PackageInformation {
    let report = elements.index.report;
    let mut package = blank(&elements.root, &root_name(report));
    package.primary_package_purpose = Some(match report.product {
        None if !report.images.is_empty() => PrimaryPackagePurpose::Container,
        _ => PrimaryPackagePurpose::Application,
    });
    if let Some(product) = &report.product {
        package.package_version = product.version.as_deref().map(|version| one_line(&cut(version)));
        package.package_supplier = super::vendor(report).or(package.package_supplier);
        package.copyright_text = copyright::of_product(product).or(package.copyright_text);
        package.declared_license =
            Some(licenses::parse(report.assessment.bundle.product_license.as_deref()));
        declared_file(&mut package, product.file.as_ref());
    }
    package.annotations = annotations::of_root(elements);
    package
}

fn of_artifact(elements: &Elements<'_>, artifact: &Artifact) -> Option<PackageInformation> {
    let mut package = blank(elements.artifact(&artifact.id)?, &artifact.label());
    let LicenseFields { concluded, declared, comments } = licenses::of_artifact(elements, artifact);
    package.concluded_license = Some(concluded);
    package.declared_license = Some(declared);
    package.comments_on_license = Some(comments);
    package.package_version = artifact.version.as_deref().map(|version| one_line(&cut(version)));
    package.package_summary_description = Some(summary(artifact.kind).to_owned());
    package.primary_package_purpose = Some(match artifact.kind {
        ArtifactKind::Package => PrimaryPackagePurpose::Library,
        ArtifactKind::Document | ArtifactKind::Tokenizer => PrimaryPackagePurpose::File,
        ArtifactKind::Model | ArtifactKind::Adapter | ArtifactKind::Dataset => {
            PrimaryPackagePurpose::Other
        }
    });
    package.package_checksum = checksums(artifact, &mut package.package_file_name);
    declared_file(&mut package, facts::declared_file(artifact).as_ref());
    package.external_reference = purl(artifact.purl.as_ref());
    package.package_download_location = download_location(artifact.purl.as_ref());
    if let Some(supplier) = facts::supplier(artifact) {
        package.package_supplier = Some(super::organization(&supplier));
    }
    package.package_originator = facts::creator(artifact).as_ref().map(super::organization);
    let copyright = copyright::lines(elements.index.report, artifact).join("\n");
    if !copyright.is_empty() {
        package.copyright_text = Some(cut(&copyright).into_owned());
    }
    package.package_attribution_text = statement::notices(&elements.index, artifact);
    let places: Vec<String> = artifact.occurrences.iter().take(16).map(place).collect();
    if !places.is_empty() {
        package.source_information =
            Some(cut(&format!("found at {}", places.join("; "))).into_owned());
    }
    package.annotations = annotations::of_artifact(elements, artifact);
    Some(package)
}

/// 2.3 has no purpose for models and data; tools that know the words read them here.
const fn summary(kind: ArtifactKind) -> &'static str {
    match kind {
        ArtifactKind::Model => "machine-learning-model",
        ArtifactKind::Adapter => "machine-learning-model (adapter)",
        ArtifactKind::Dataset => "data",
        ArtifactKind::Tokenizer => "tokenizer",
        ArtifactKind::Package => "library",
        ArtifactKind::Document => "document",
    }
}

/// The digest of the one file that the package is, whose name is noted; for a package of an
/// ecosystem, the digest that its lock file states, when it is exactly one.
fn checksums(artifact: &Artifact, file_name: &mut Option<String>) -> Vec<Checksum> {
    if artifact.kind == ArtifactKind::Package || artifact.files.is_empty() {
        let stated = facts::stated_sha256(artifact);
        return match stated.as_slice() {
            [only] => vec![Checksum::new(Algorithm::SHA256, only)],
            _ => Vec::new(),
        };
    }
    let mut files: Vec<&ArtifactFile> = artifact.files_of(FileRole::Weights).collect();
    if files.is_empty() {
        files = artifact.files.iter().collect();
    }
    let [only] = files.as_slice() else { return Vec::new() };
    *file_name = Some(one_line(&cut(only.path.as_str())));
    sha256(only)
}

/// Adds the file that the vendor declares where no scanned file is all of the package.
fn declared_file(package: &mut PackageInformation, file: Option<&DeclaredFile>) {
    let Some(file) = file.filter(|_| package.package_file_name.is_none()) else { return };
    package.package_file_name = Some(one_line(&cut(&file.name)));
    package.package_checksum.push(Checksum::new(Algorithm::SHA512, &file.sha512.hex()));
}

fn sha256(file: &ArtifactFile) -> Vec<Checksum> {
    let digest = file.sha256.iter();
    digest.map(|digest| Checksum::new(Algorithm::SHA256, &digest.hex())).collect()
}

fn of_shard(id: &str, file: &ArtifactFile) -> PackageInformation {
    let mut package = blank(id, file.path.file_name());
    package.package_file_name = Some(one_line(&cut(file.path.as_str())));
    package.primary_package_purpose = Some(PrimaryPackagePurpose::File);
    package.package_checksum = sha256(file);
    package
}

fn of_outside(
    elements: &Elements<'_>,
    id: &str,
    kind: OutsideKind,
    outside: &Outside<'_>,
) -> PackageInformation {
    let mut package = blank(id, outside.name);
    let kind = match kind {
        OutsideKind::Model => Some(ArtifactKind::Model),
        OutsideKind::Dataset => Some(ArtifactKind::Dataset),
        OutsideKind::Other => None,
    };
    package.primary_package_purpose = kind.map(|_| PrimaryPackagePurpose::Other);
    package.package_summary_description = kind.map(|kind| summary(kind).to_owned());
    package.package_comment =
        Some("named by a scanned file; not part of the scanned source".to_owned());
    package.external_reference = purl(outside.purl);
    package.package_download_location = download_location(outside.purl);
    package.declared_license = Some(licenses::parse(elements.outside_licenses.of(outside.name)));
    package
}

/// The expressions in licence fields of packages that are not artifacts.
pub(super) fn other_expressions<'a>(elements: &Elements<'a>) -> Vec<&'a str> {
    let product = elements.index.report.assessment.bundle.product_license.as_deref();
    let has_product = elements.index.report.product.is_some();
    let outside = elements.outside.keys().filter_map(|name| elements.outside_licenses.of(name));
    product.filter(|_| has_product).into_iter().chain(outside).collect()
}

/// Where a package with a certain package URL comes from.
fn download_location(purl: Option<&Purl>) -> String {
    purl.and_then(HubRepository::of)
        .map_or_else(|| NOASSERTION.to_owned(), |repository| repository.url())
}

fn purl(purl: Option<&Purl>) -> Vec<ExternalPackageReference> {
    let references = purl.into_iter().map(|purl| {
        ExternalPackageReference::new(
            ExternalPackageReferenceCategory::PackageManager,
            "purl".to_owned(),
            purl.to_string(),
            None,
        )
    });
    references.collect()
}
