use serde_json::{Value, json};

use super::{check, with, without};

const SHA256: &str = "9d75c1098fc54a1f7bd270f148884f599765d894639c9c4ee891396968c60df2";

fn spdx2() -> Value {
    json!({
        "spdxVersion": "SPDX-2.3",
        "SPDXID": "SPDXRef-DOCUMENT",
        "documentNamespace": "https://acme.example/1",
        "creationInfo": {"created": "2026-11-28T10:00:00Z"},
        "documentDescribes": ["SPDXRef-a"],
        "externalDocumentRefs": [{"externalDocumentId": "DocumentRef-b",
            "checksum": {"algorithm": "SHA256", "checksumValue": SHA256}}],
        "packages": [{
            "SPDXID": "SPDXRef-a",
            "licenseDeclared": "LicenseRef-x AND MIT",
            "licenseConcluded": "NOASSERTION",
            "licenseInfoFromFiles": ["NONE"],
            "checksums": [{"algorithm": "SHA256", "checksumValue": SHA256}],
            "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:pypi/a@1"}]
        }],
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relatedSpdxElement": "SPDXRef-a"},
            {"spdxElementId": "SPDXRef-a", "relatedSpdxElement": "DocumentRef-b:SPDXRef-c"},
            {"spdxElementId": "SPDXRef-a", "relatedSpdxElement": "NOASSERTION"}
        ],
        "hasExtractedLicensingInfos": [{"licenseId": "LicenseRef-x", "extractedText": "t"}]
    })
}

#[test]
fn spdx_2() {
    check(&spdx2().to_string(), &[]);
    for (pointer, value, code, place) in [
        ("/SPDXID", json!("SPDXRef-a"), "reference-dangling", "/relationships/0/spdxElementId"),
        ("/SPDXID", json!("SPDXRef-a_b"), "reference-dangling", "/relationships/0/spdxElementId"),
        ("/documentDescribes/0", json!("SPDXRef-gone"), "reference-dangling", "/documentDescribes"),
        (
            "/relationships/1/relatedSpdxElement",
            json!("DocumentRef-gone:SPDXRef-c"),
            "reference-dangling",
            "/relationships/1/relatedSpdxElement",
        ),
        (
            "/packages/1",
            json!({"SPDXID": "SPDXRef-a"}),
            "reference-duplicate",
            "/packages/1/SPDXID (SPDXRef-a)",
        ),
        (
            "/packages/1",
            json!({"SPDXID": "SPDXRef-a_b"}),
            "reference-malformed",
            "/packages/1/SPDXID (SPDXRef-a_b)",
        ),
        (
            "/packages/0/licenseDeclared",
            json!("MIT/X"),
            "expression-invalid",
            "/packages/0/licenseDeclared (SPDXRef-a)",
        ),
        (
            "/packages/0/licenseDeclared",
            json!("LicenseRef-y"),
            "license-undefined",
            "/packages/0/licenseDeclared (SPDXRef-a)",
        ),
        (
            "/hasExtractedLicensingInfos/0/extractedText",
            json!(" "),
            "license-text-missing",
            "/packages/0/licenseDeclared (SPDXRef-a)",
        ),
        (
            "/packages/0/checksums/0/algorithm",
            json!("SHA-256"),
            "hash-invalid",
            "/packages/0/checksums/0 (SPDXRef-a)",
        ),
        (
            "/packages/0/externalRefs/0/referenceLocator",
            json!("a@1"),
            "purl-invalid",
            "/packages/0/externalRefs/0/referenceLocator (SPDXRef-a)",
        ),
        (
            "/documentNamespace",
            json!("https://acme.example/#1"),
            "identity-invalid",
            "/documentNamespace",
        ),
        (
            "/creationInfo/created",
            json!("2026-11-28T10:00:00+00:00"),
            "timestamp-invalid",
            "/creationInfo/created",
        ),
        ("/spdxVersion", json!("SPDX-2.9"), "version-unknown", ""),
    ] {
        let document = with(&spdx2(), pointer, value);
        let lint = super::linted(document.as_bytes());
        let code = format!("bom.{code}");
        let first = lint.problems.list.iter().find(|problem| problem.code.as_str() == code);
        assert_eq!(
            first.map(|problem| problem.at.to_string()).as_deref(),
            Some(place),
            "{pointer}"
        );
    }
}

const TAG_VALUE: &str = "\
SPDXVersion: SPDX-2.3
SPDXID: SPDXRef-DOCUMENT
DocumentNamespace: https://acme.example/1
ExternalDocumentRef: DocumentRef-b https://b.example SHA1: da39a3ee5e6b4b0d3255bfef95601890afd80709
Created: 2026-11-28T10:00:00Z
# PackageName: nothing

PackageName: a
SPDXID: SPDXRef-a
PackageLicenseDeclared: LicenseRef-x
PackageLicenseConcluded: NOASSERTION
PackageChecksum: SHA1: da39a3ee5e6b4b0d3255bfef95601890afd80709
PackageComment: <text>first
SPDXID: SPDXRef-no-tag
last</text>
ExternalRef: PACKAGE-MANAGER purl pkg:pypi/a@1
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a
Relationship: SPDXRef-a DEPENDS_ON DocumentRef-b:SPDXRef-c
LicenseID: LicenseRef-x
ExtractedText: <text>words
more words</text>
";

#[test]
fn spdx_2_as_tag_value() {
    check(TAG_VALUE, &[]);
    for (from, to, code, place) in [
        (
            "DESCRIBES SPDXRef-a",
            "DESCRIBES SPDXRef-gone",
            "reference-dangling",
            "line 17 (SPDXRef-a)",
        ),
        (
            "SPDXID: SPDXRef-a\n",
            "SPDXID: SPDXRef-DOCUMENT\n",
            "reference-dangling",
            "line 17 (SPDXRef-DOCUMENT)",
        ),
        (
            "Declared: LicenseRef-x",
            "Declared: LicenseRef-y",
            "license-undefined",
            "line 10 (SPDXRef-a)",
        ),
        (
            "Declared: LicenseRef-x",
            "Declared: some words",
            "expression-invalid",
            "line 10 (SPDXRef-a)",
        ),
        ("<text>words\nmore words", "<text>", "license-text-missing", "line 10 (SPDXRef-a)"),
        ("SHA1: da", "SHA1: d", "hash-invalid", "line 4 (SPDXRef-DOCUMENT)"),
        ("purl pkg:pypi/a@1", "purl a@1", "purl-invalid", "line 16 (SPDXRef-a)"),
        (
            "Created: 2026-11-28T",
            "Created: 2026-11-28 ",
            "timestamp-invalid",
            "line 5 (SPDXRef-DOCUMENT)",
        ),
    ] {
        assert!(TAG_VALUE.contains(from), "{from}");
        let lint = super::linted(TAG_VALUE.replacen(from, to, 1).as_bytes());
        let code = format!("bom.{code}");
        let first = lint.problems.list.iter().find(|problem| problem.code.as_str() == code);
        assert_eq!(first.map(|problem| problem.at.to_string()).as_deref(), Some(place), "{from}");
    }
}

fn spdx3() -> Value {
    let package = json!({
        "type": "ai_AIPackage", "spdxId": "urn:a:model", "creationInfo": "_:c", "name": "m",
        "suppliedBy": "urn:a:me", "releaseTime": "2026-11-28T10:00:00Z",
        "software_packageVersion": "1", "software_primaryPurpose": "model",
        "software_downloadLocation": "https://a.example",
        "software_packageUrl": "pkg:huggingface/a/m@1",
        "verifiedUsing": [{"type": "Hash", "algorithm": "sha256", "hashValue": SHA256}]
    });
    let relation = |id: &str, kind: &str, to: &str| {
        json!({"type": "Relationship", "spdxId": id, "creationInfo": "_:c", "from": "urn:a:model",
               "relationshipType": kind, "to": [to]})
    };
    json!({
        "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
        "@graph": [
            {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1",
             "created": "2026-11-28T10:00:00Z", "createdBy": ["urn:a:me"]},
            {"type": "Organization", "spdxId": "urn:a:me", "creationInfo": "_:c"},
            package,
            relation("urn:a:r1", "hasDeclaredLicense", "urn:a:e"),
            relation("urn:a:r2", "hasConcludedLicense",
                "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense"),
            {"type": "simplelicensing_LicenseExpression", "spdxId": "urn:a:e", "creationInfo": "_:c",
             "simplelicensing_licenseExpression": "LicenseRef-x",
             "simplelicensing_customIdToUri": [{"type": "DictionaryEntry", "key": "LicenseRef-x", "value": "urn:a:l"}]},
            {"type": "expandedlicensing_CustomLicense", "spdxId": "urn:a:l", "creationInfo": "_:c",
             "simplelicensing_licenseText": "t"},
            {"type": "SpdxDocument", "spdxId": "urn:a:d", "creationInfo": "_:c", "rootElement": ["urn:b:x"],
             "import": [{"type": "ExternalMap", "externalSpdxId": "urn:b:x"}]}
        ]
    })
}

#[test]
fn spdx_3() {
    check(&spdx3().to_string(), &[]);
    for (pointer, value, code, place) in [
        (
            "/@graph/7/rootElement/0",
            json!("urn:gone"),
            "reference-dangling",
            "/@graph/7/rootElement/0 (urn:a:d)",
        ),
        (
            "/@graph/0/createdBy/0",
            json!("urn:gone"),
            "reference-dangling",
            "/@graph/0/createdBy/0 (_:c)",
        ),
        (
            "/@graph/5/simplelicensing_customIdToUri/0/value",
            json!("urn:gone"),
            "reference-dangling",
            "/@graph/5/simplelicensing_customIdToUri (urn:a:e)",
        ),
        (
            "/@graph/5/simplelicensing_customIdToUri",
            json!([]),
            "license-undefined",
            "/@graph/5/simplelicensing_licenseExpression (urn:a:e)",
        ),
        (
            "/@graph/3/spdxId",
            json!("urn:a:r2"),
            "reference-duplicate",
            "/@graph/4/spdxId (urn:a:r2)",
        ),
        ("/@graph/3/spdxId", json!("no iri"), "reference-malformed", "/@graph/3/spdxId (no iri)"),
        (
            "/@graph/3/relationshipType",
            json!("hasConcludedLicense"),
            "ai-license-count",
            "/@graph/2 (urn:a:model)",
        ),
        ("/@graph/4/to", json!([]), "ai-license-count", "/@graph/2 (urn:a:model)"),
        (
            "/@graph/2/verifiedUsing/0/hashValue",
            json!("0f"),
            "hash-invalid",
            "/@graph/2/verifiedUsing/0 (urn:a:model)",
        ),
        (
            "/@graph/2/software_packageUrl",
            json!("x"),
            "purl-invalid",
            "/@graph/2/software_packageUrl (urn:a:model)",
        ),
        ("/@graph/0/created", json!("2026"), "timestamp-invalid", "/@graph/0/created (_:c)"),
        ("/@graph/0/specVersion", json!("3.1.0"), "version-unknown", ""),
    ] {
        let document = with(&spdx3(), pointer, value);
        let lint = super::linted(document.as_bytes());
        let code = format!("bom.{code}");
        let first = lint.problems.list.iter().find(|problem| problem.code.as_str() == code);
        assert_eq!(
            first.map(|problem| problem.at.to_string()).as_deref(),
            Some(place),
            "{pointer}"
        );
    }
    check(
        &without(&spdx3(), "/@graph/2/releaseTime"),
        &[("bom.ai-field-missing", "/@graph/2 (urn:a:model)")],
    );
}
