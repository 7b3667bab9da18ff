//! SPDX 2.3 tag-value: the document that the JSON writer has, line by line.
//!
//! Layout: one `Tag: value` a line; an element begins with its name and ends where the next begins.
//! What may hold line breaks stands between `<text>` and `</text>`, which has no escape: the end
//! tag inside a text is broken up with a zero-width space, so that no text can end itself.

use std::io::{self, Write};

use serde_json::Value;

/// Writes the JSON form `document` as tag-value.
pub(super) fn write(document: &Value, out: &mut dyn Write) -> io::Result<()> {
    let mut tags = Tags(out);
    tags.line("SPDXVersion", document, "spdxVersion")?;
    tags.line("DataLicense", document, "dataLicense")?;
    tags.line("SPDXID", document, "SPDXID")?;
    tags.line("DocumentName", document, "name")?;
    tags.line("DocumentNamespace", document, "documentNamespace")?;
    let creation = &document["creationInfo"];
    tags.each("Creator", &creation["creators"])?;
    tags.line("Created", creation, "created")?;
    tags.line("LicenseListVersion", creation, "licenseListVersion")?;
    for package in items(&document["packages"]) {
        package_tags(&mut tags, package)?;
    }
    for license in items(&document["hasExtractedLicensingInfos"]) {
        tags.blank()?;
        tags.line("LicenseID", license, "licenseId")?;
        tags.text("ExtractedText", license, "extractedText")?;
        tags.line("LicenseName", license, "name")?;
        tags.each("LicenseCrossReference", &license["seeAlsos"])?;
        tags.text("LicenseComment", license, "comment")?;
    }
    tags.blank()?;
    for relationship in items(&document["relationships"]) {
        let part = |name: &str| relationship[name].as_str().unwrap_or_default();
        let words =
            [part("spdxElementId"), part("relationshipType"), part("relatedSpdxElement")].join(" ");
        tags.value("Relationship", &words)?;
        tags.text("RelationshipComment", relationship, "comment")?;
    }
    // Annotations name what they are about, so they can stand at the end.
    for package in items(&document["packages"]) {
        for annotation in items(&package["annotations"]) {
            tags.blank()?;
            tags.line("Annotator", annotation, "annotator")?;
            tags.line("AnnotationDate", annotation, "annotationDate")?;
            tags.text("AnnotationComment", annotation, "comment")?;
            tags.line("AnnotationType", annotation, "annotationType")?;
            tags.line("SPDXREF", package, "SPDXID")?;
        }
    }
    Ok(())
}

fn package_tags(tags: &mut Tags<'_>, package: &Value) -> io::Result<()> {
    tags.blank()?;
    tags.line("PackageName", package, "name")?;
    tags.line("SPDXID", package, "SPDXID")?;
    tags.line("PackageVersion", package, "versionInfo")?;
    tags.line("PackageFileName", package, "packageFileName")?;
    tags.line("PackageSupplier", package, "supplier")?;
    tags.line("PackageOriginator", package, "originator")?;
    tags.line("PackageDownloadLocation", package, "downloadLocation")?;
    if let Some(analyzed) = package["filesAnalyzed"].as_bool() {
        tags.value("FilesAnalyzed", if analyzed { "true" } else { "false" })?;
    }
    for checksum in items(&package["checksums"]) {
        let part = |name: &str| checksum[name].as_str().unwrap_or_default();
        let words = format!("{}: {}", part("algorithm"), part("checksumValue"));
        tags.value("PackageChecksum", &words)?;
    }
    tags.line("PackageHomePage", package, "homepage")?;
    tags.text("PackageSourceInfo", package, "sourceInfo")?;
    tags.line("PackageLicenseConcluded", package, "licenseConcluded")?;
    tags.line("PackageLicenseDeclared", package, "licenseDeclared")?;
    tags.text("PackageLicenseComments", package, "licenseComments")?;
    tags.text("PackageCopyrightText", package, "copyrightText")?;
    tags.text("PackageSummary", package, "summary")?;
    tags.text("PackageDescription", package, "description")?;
    tags.text("PackageComment", package, "comment")?;
    for reference in items(&package["externalRefs"]) {
        let part = |name: &str| reference[name].as_str().unwrap_or_default();
        let words =
            [part("referenceCategory"), part("referenceType"), part("referenceLocator")].join(" ");
        tags.value("ExternalRef", &words)?;
        tags.text("ExternalRefComment", reference, "comment")?;
    }
    for text in items(&package["attributionTexts"]) {
        tags.long("PackageAttributionText", text.as_str().unwrap_or_default())?;
    }
    tags.line("PrimaryPackagePurpose", package, "primaryPackagePurpose")
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

struct Tags<'a>(&'a mut dyn Write);

impl Tags<'_> {
    fn blank(&mut self) -> io::Result<()> {
        self.0.write_all(b"\n")
    }

    /// A value of one line: what would break the line is a space.
    fn value(&mut self, tag: &str, value: &str) -> io::Result<()> {
        let line: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        writeln!(self.0, "{tag}: {line}")
    }

    fn line(&mut self, tag: &str, of: &Value, name: &str) -> io::Result<()> {
        of[name].as_str().map_or(Ok(()), |value| self.value(tag, value))
    }

    fn each(&mut self, tag: &str, values: &Value) -> io::Result<()> {
        items(values).iter().filter_map(Value::as_str).try_for_each(|value| self.value(tag, value))
    }

    /// A value of several lines; the two words that stand for no value are no text.
    fn text(&mut self, tag: &str, of: &Value, name: &str) -> io::Result<()> {
        match of[name].as_str() {
            Some(value @ ("NOASSERTION" | "NONE")) => self.value(tag, value),
            Some(value) => self.long(tag, value),
            None => Ok(()),
        }
    }

    fn long(&mut self, tag: &str, value: &str) -> io::Result<()> {
        let value = value.replace("</text>", "<\u{200b}/text>").replace('\0', " ");
        writeln!(self.0, "{tag}: <text>{value}</text>")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_value_breaks_out_of_its_place() {
        let document = json!({
            "name": "a\nSPDXID: SPDXRef-evil",
            "packages": [{
                "name": "b\r\nPackageName: c",
                "copyrightText": "NOASSERTION",
                "comment": "x</text>\nPackageName: evil",
            }],
        });
        let mut out = Vec::new();
        write(&document, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "DocumentName: a SPDXID: SPDXRef-evil\n\nPackageName: b  PackageName: c\n\
             PackageCopyrightText: NOASSERTION\n\
             PackageComment: <text>x<\u{200b}/text>\nPackageName: evil</text>\n\n"
        );
    }
}
