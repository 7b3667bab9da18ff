//! The words that tag-value gives a meaning, so that no value is taken for one of them.

/// Every tag of SPDX 2.3 tag-value and its two values that are no text, sorted.
const WORDS: &[&str] = &[
    "AnnotationComment",
    "AnnotationDate",
    "AnnotationType",
    "Annotator",
    "BuiltDate",
    "Created",
    "Creator",
    "CreatorComment",
    "DataLicense",
    "DocumentComment",
    "DocumentName",
    "DocumentNamespace",
    "ExternalDocumentRef",
    "ExternalRef",
    "ExternalRefComment",
    "ExtractedText",
    "FileAttributionText",
    "FileChecksum",
    "FileComment",
    "FileContributor",
    "FileCopyrightText",
    "FileName",
    "FileNotice",
    "FileType",
    "FilesAnalyzed",
    "LicenseComment",
    "LicenseComments",
    "LicenseConcluded",
    "LicenseCrossReference",
    "LicenseID",
    "LicenseInfoInFile",
    "LicenseInfoInSnippet",
    "LicenseListVersion",
    "LicenseName",
    "NOASSERTION",
    "NONE",
    "PackageAttributionText",
    "PackageChecksum",
    "PackageComment",
    "PackageCopyrightText",
    "PackageDescription",
    "PackageDownloadLocation",
    "PackageFileName",
    "PackageHomePage",
    "PackageLicenseComments",
    "PackageLicenseConcluded",
    "PackageLicenseDeclared",
    "PackageLicenseInfoFromFiles",
    "PackageName",
    "PackageOriginator",
    "PackageSourceInfo",
    "PackageSummary",
    "PackageSupplier",
    "PackageVerificationCode",
    "PackageVersion",
    "PrimaryPackagePurpose",
    "Relationship",
    "RelationshipComment",
    "ReleaseDate",
    "SPDXID",
    "SPDXREF",
    "SPDXVersion",
    "SnippetAttributionText",
    "SnippetByteRange",
    "SnippetComment",
    "SnippetCopyrightText",
    "SnippetFromFileSPDXID",
    "SnippetLicenseComments",
    "SnippetLicenseConcluded",
    "SnippetLineRange",
    "SnippetName",
    "SnippetSPDXID",
    "ValidUntilDate",
];

/// What a value of another kind begins with: an actor, a checksum, a text of several lines.
const BEGINNINGS: &[&str] = &[
    "<text>",
    "ADLER32:",
    "BLAKE2b-256:",
    "BLAKE2b-384:",
    "BLAKE2b-512:",
    "BLAKE3:",
    "MD2:",
    "MD4:",
    "MD5:",
    "MD6:",
    "Organization:",
    "Person:",
    "SHA1:",
    "SHA224:",
    "SHA256:",
    "SHA3-256:",
    "SHA3-384:",
    "SHA3-512:",
    "SHA384:",
    "SHA512:",
    "Tool:",
];

/// Whether a reader may take `value` for something else than a line of text.
pub(super) fn reads_as_another_kind(value: &str) -> bool {
    WORDS.binary_search(&value).is_ok()
        || BEGINNINGS.iter().any(|beginning| value.starts_with(beginning))
        || begins_with_a_time(value)
}

/// `2024-01-31T…`.
fn begins_with_a_time(value: &str) -> bool {
    let shape = b"0000-00-00T";
    value.len() >= shape.len()
        && value.bytes().zip(shape).all(|(byte, expected)| match expected {
            b'0' => byte.is_ascii_digit(),
            _ => byte == *expected,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_bisection() {
        assert!(WORDS.is_sorted() && BEGINNINGS.is_sorted());
    }

    #[test]
    fn values_of_other_kinds_are_told_from_text() {
        for value in ["NONE", "SPDXID", "Tool: x", "SHA1: 00", "2024-01-31T00:00:00Z", "<text>x"] {
            assert!(reads_as_another_kind(value), "{value}");
        }
        for value in ["none", "SPDXID 2", "tool: x", "sha1", "2024-01-31", "a <text>", ""] {
            assert!(!reads_as_another_kind(value), "{value}");
        }
    }
}
