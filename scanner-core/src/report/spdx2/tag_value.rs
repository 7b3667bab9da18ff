//! SPDX 2.3 tag-value of the document that the JSON has.
//!
//! ```text
//! Tag: one line
//! Tag: <text>several
//! lines</text>
//! ```
//!
//! The format has no escapes, so a value that would end its line or its text, or that readers would
//! take for a value of another kind, is changed visibly; the JSON has it unchanged.

use std::io::{self, Write};

use spdx_rs::models::{
    Algorithm, Annotation, AnnotationType, Checksum, ExternalPackageReference,
    ExternalPackageReferenceCategory, OtherLicensingInformationDetected, PackageInformation,
    PrimaryPackagePurpose, Relationship, SPDX, SpdxExpression,
};

use super::one_line;
use super::tags::reads_as_another_kind;

pub(super) fn write(document: &SPDX, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Lines { out };
    let head = &document.document_creation_information;
    lines.word("SPDXVersion", &head.spdx_version)?;
    lines.word("DataLicense", &head.data_license)?;
    lines.word("SPDXID", &head.spdx_identifier)?;
    lines.line("DocumentName", Some(&head.document_name))?;
    lines.word("DocumentNamespace", &head.spdx_document_namespace)?;
    if let Some(version) = &head.creation_info.license_list_version {
        lines.word("LicenseListVersion", version)?;
    }
    for creator in &head.creation_info.creators {
        lines.word("Creator", creator)?;
    }
    lines.word("Created", &time(&head.creation_info.created))?;
    for package in &document.package_information {
        lines.package(package)?;
    }
    lines.section("Relationships")?;
    for relationship in &document.relationships {
        lines.relationship(relationship)?;
    }
    // A reader takes a reference for the subject of the annotation above it, so they stand together.
    lines.section("Annotations")?;
    for package in &document.package_information {
        for annotation in &package.annotations {
            lines.annotation(&package.package_spdx_identifier, annotation)?;
        }
    }
    lines.section("Licences that are on no list")?;
    for license in &document.other_licensing_information_detected {
        lines.license(license)?;
    }
    Ok(())
}

fn time(date: &chrono::DateTime<chrono::Utc>) -> String {
    date.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

struct Lines<'a> {
    out: &'a mut dyn Write,
}

impl Lines<'_> {
    fn section(&mut self, title: &str) -> io::Result<()> {
        writeln!(self.out, "\n# {title}")
    }

    /// A value whose form we know.
    fn word(&mut self, tag: &str, value: &str) -> io::Result<()> {
        writeln!(self.out, "{tag}: {}", one_line(value))
    }

    /// A name or version from a file, on one line; nothing when there is none.
    fn line(&mut self, tag: &str, value: Option<&str>) -> io::Result<()> {
        let value = one_line(value.unwrap_or_default());
        let value = value.trim();
        if value.is_empty() {
            Ok(())
        } else if reads_as_another_kind(value) {
            writeln!(self.out, "{tag}: \"{value}\"")
        } else {
            writeln!(self.out, "{tag}: {value}")
        }
    }

    /// A text of any number of lines; nothing when there is none.
    fn text(&mut self, tag: &str, value: Option<&str>) -> io::Result<()> {
        let Some(value) = value else { return Ok(()) };
        writeln!(self.out, "{tag}: <text>{}</text>", contained(value))
    }

    fn package(&mut self, package: &PackageInformation) -> io::Result<()> {
        writeln!(self.out)?;
        self.line("PackageName", Some(&package.package_name))?;
        self.word("SPDXID", &package.package_spdx_identifier)?;
        self.line("PackageVersion", package.package_version.as_deref())?;
        self.line("PackageFileName", package.package_file_name.as_deref())?;
        if let Some(originator) = &package.package_originator {
            self.word("PackageOriginator", originator)?;
        }
        if let Some(supplier) = &package.package_supplier {
            self.word("PackageSupplier", supplier)?;
        }
        self.word("PackageDownloadLocation", &package.package_download_location)?;
        if let Some(analyzed) = package.files_analyzed {
            self.word("FilesAnalyzed", if analyzed { "true" } else { "false" })?;
        }
        for Checksum { algorithm, value } in &package.package_checksum {
            self.word("PackageChecksum", &format!("{}: {value}", algorithm_name(*algorithm)))?;
        }
        self.text("PackageSourceInfo", package.source_information.as_deref())?;
        self.expression("PackageLicenseConcluded", package.concluded_license.as_ref())?;
        self.expression("PackageLicenseDeclared", package.declared_license.as_ref())?;
        self.text("PackageLicenseComments", package.comments_on_license.as_deref())?;
        match package.copyright_text.as_deref() {
            Some(unknown @ ("NOASSERTION" | "NONE")) => {
                self.word("PackageCopyrightText", unknown)?;
            }
            text => self.text("PackageCopyrightText", text)?,
        }
        self.text("PackageSummary", package.package_summary_description.as_deref())?;
        self.text("PackageComment", package.package_comment.as_deref())?;
        for reference in &package.external_reference {
            self.external_reference(reference)?;
        }
        for notice in &package.package_attribution_text {
            self.text("PackageAttributionText", Some(notice))?;
        }
        if let Some(purpose) = package.primary_package_purpose {
            self.word("PrimaryPackagePurpose", purpose_name(purpose))?;
        }
        Ok(())
    }

    fn expression(&mut self, tag: &str, expression: Option<&SpdxExpression>) -> io::Result<()> {
        expression.map_or(Ok(()), |expression| self.word(tag, &expression.to_string()))
    }

    fn external_reference(&mut self, reference: &ExternalPackageReference) -> io::Result<()> {
        let category = match reference.reference_category {
            ExternalPackageReferenceCategory::Security => "SECURITY",
            ExternalPackageReferenceCategory::PackageManager => "PACKAGE-MANAGER",
            ExternalPackageReferenceCategory::PersistentID => "PERSISTENT-ID",
            ExternalPackageReferenceCategory::Other => "OTHER",
        };
        let (kind, locator) = (&reference.reference_type, &reference.reference_locator);
        self.word("ExternalRef", &format!("{category} {kind} {locator}"))
    }

    fn relationship(&mut self, relationship: &Relationship) -> io::Result<()> {
        let Relationship { spdx_element_id, related_spdx_element, relationship_type, comment } =
            relationship;
        // `AsRef` of the models has another spelling than their JSON.
        let kind = serde_json::to_value(relationship_type)?;
        let kind = kind.as_str().unwrap_or("OTHER");
        self.word("Relationship", &format!("{spdx_element_id} {kind} {related_spdx_element}"))?;
        self.text("RelationshipComment", comment.as_deref())
    }

    fn annotation(&mut self, subject: &str, annotation: &Annotation) -> io::Result<()> {
        self.word("Annotator", &annotation.annotator)?;
        self.word("AnnotationDate", &time(&annotation.annotation_date))?;
        let kind = match annotation.annotation_type {
            AnnotationType::Review => "REVIEW",
            AnnotationType::Other => "OTHER",
        };
        self.word("AnnotationType", kind)?;
        self.word("SPDXREF", subject)?;
        self.text("AnnotationComment", Some(&annotation.annotation_comment))
    }

    fn license(&mut self, license: &OtherLicensingInformationDetected) -> io::Result<()> {
        self.word("LicenseID", &license.license_identifier)?;
        self.text("ExtractedText", Some(&license.extracted_text))?;
        self.line("LicenseName", Some(&license.license_name))?;
        self.text("LicenseComment", license.license_comment.as_deref())
    }
}

/// `text` without what ends a text or has no place in one: `</text>` becomes `</ text>`, control
/// characters other than white space become U+FFFD.
fn contained(text: &str) -> String {
    const END: &str = "</text>";
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if rest.get(..END.len()).is_some_and(|head| head.eq_ignore_ascii_case(END)) {
            kept.push_str("</ ");
            rest = &rest["</".len()..];
            continue;
        }
        let is_space = matches!(character, '\n' | '\r' | '\t' | '\u{c}');
        kept.push(if character.is_control() && !is_space { '\u{fffd}' } else { character });
        rest = &rest[character.len_utf8()..];
    }
    kept
}

const fn algorithm_name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::SHA1 => "SHA1",
        Algorithm::SHA224 => "SHA224",
        Algorithm::SHA256 => "SHA256",
        Algorithm::SHA384 => "SHA384",
        Algorithm::SHA512 => "SHA512",
        Algorithm::MD2 => "MD2",
        Algorithm::MD4 => "MD4",
        Algorithm::MD5 => "MD5",
        Algorithm::MD6 => "MD6",
        Algorithm::SHA3256 => "SHA3-256",
        Algorithm::SHA3384 => "SHA3-384",
        Algorithm::SHA3512 => "SHA3-512",
        Algorithm::BLAKE2B256 => "BLAKE2b-256",
        Algorithm::BLAKE2B384 => "BLAKE2b-384",
        Algorithm::BLAKE2B512 => "BLAKE2b-512",
        Algorithm::BLAKE3 => "BLAKE3",
        Algorithm::ADLER32 => "ADLER32",
    }
}

const fn purpose_name(purpose: PrimaryPackagePurpose) -> &'static str {
    match purpose {
        PrimaryPackagePurpose::Application => "APPLICATION",
        PrimaryPackagePurpose::Framework => "FRAMEWORK",
        PrimaryPackagePurpose::Library => "LIBRARY",
        PrimaryPackagePurpose::Container => "CONTAINER",
        PrimaryPackagePurpose::OperatingSystem => "OPERATING-SYSTEM",
        PrimaryPackagePurpose::Device => "DEVICE",
        PrimaryPackagePurpose::Firmware => "FIRMWARE",
        PrimaryPackagePurpose::Source => "SOURCE",
        PrimaryPackagePurpose::Archive => "ARCHIVE",
        PrimaryPackagePurpose::File => "FILE",
        PrimaryPackagePurpose::Install => "INSTALL",
        PrimaryPackagePurpose::Other => "OTHER",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_text_but_its_end() {
        assert_eq!(contained("a</text>b</TEXT>\u{1b}[0m\n"), "a</ text>b</ TEXT>\u{fffd}[0m\n");
        assert_eq!(contained("</</text>text>"), "</</ text>text>");
        assert_eq!(contained("ä<text>\r\n\u{c}"), "ä<text>\r\n\u{c}");
    }
}
