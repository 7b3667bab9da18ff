//! What the vendor declares of parts of the product: `[[product.component]]` of the settings file.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const EXAMPLE: &str = "examples/01_rail_finetune";
const PRODUCT: &str = "[product]\nname = 'p'\nvendor = 'ACME GmbH'\ncontact = 'psirt@acme.example'\n\
                       copyright = ['Copyright 2024 ACME GmbH']\n";

/// Standard output and standard error of a scan of the example with `tables` beside [`PRODUCT`].
fn scan(tables: &str, format: &str) -> (String, String) {
    scan_of(Path::new(EXAMPLE), tables, format)
}

fn scan_of(source: &Path, tables: &str, format: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("flowdown.toml");
    fs::write(&settings, format!("{PRODUCT}{tables}")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .arg("scan")
        .arg(source)
        .args(["--no-summary", "-o", &format!("{format}=-"), "--product"])
        .arg(&settings)
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    (String::from_utf8(output.stdout).unwrap(), stderr)
}

fn json(tables: &str, format: &str) -> Value {
    serde_json::from_str(&scan(tables, format).0).unwrap()
}

/// How the licence of the package `name` is settled, in the native JSON.
#[track_caller]
fn license<'a>(report: &'a Value, name: &str) -> &'a Value {
    let artifacts = report["inventory"]["artifacts"].as_array().unwrap();
    let artifact = artifacts.iter().find(|it| it["name"] == name).unwrap();
    &report["assessment"]["artifacts"][artifact["id"].as_str().unwrap()]["license"]
}

const NUMPY: &str = "[[product.component]]\nartifact = 'pkg:pypi/numpy'\n\
                     supplier = { name = 'PyPI', contact = 'https://supplier.example' }\n\
                     creator = { name = 'NumPy Developers', contact = 'dev@creator.example' }\n\
                     copyright = ['Copyright NumPy Developers']\n";

#[test]
fn every_format_names_supplier_and_creator() {
    let cyclonedx = json(NUMPY, "cyclonedx");
    let components = cyclonedx["components"].as_array().unwrap();
    let numpy = components.iter().find(|it| it["name"] == "numpy").unwrap();
    assert_eq!(numpy["supplier"]["name"], "PyPI");
    assert_eq!(numpy["supplier"]["url"][0], "https://supplier.example");
    assert_eq!(numpy["manufacturer"]["contact"][0]["email"], "dev@creator.example");
    assert_eq!(numpy["copyright"], "Copyright NumPy Developers");
    assert_eq!(cyclonedx["metadata"]["supplier"]["contact"][0]["email"], "psirt@acme.example");
    assert_eq!(cyclonedx["metadata"]["component"]["copyright"], "Copyright 2024 ACME GmbH");

    let xml = scan(NUMPY, "cyclonedx-1.6-xml").0;
    assert!(xml.contains("<email>dev@creator.example</email>"));

    let tags = scan(NUMPY, "spdx-tag-value").0;
    for line in [
        "Creator: Organization: ACME GmbH (psirt@acme.example)",
        "PackageSupplier: Organization: PyPI",
        "PackageOriginator: Organization: NumPy Developers (dev@creator.example)",
    ] {
        assert!(tags.lines().any(|found| found == line), "{line}");
    }

    let graph = json(NUMPY, "spdx-3")["@graph"].as_array().unwrap().clone();
    let named = |name: &str| graph.iter().find(|it| it["name"] == name).unwrap();
    assert_eq!(named("numpy")["suppliedBy"], named("PyPI")["spdxId"]);
    assert_eq!(named("numpy")["originatedBy"][0], named("NumPy Developers")["spdxId"]);
    let contact = &named("NumPy Developers")["externalIdentifier"][0];
    assert_eq!(contact["externalIdentifierType"], "email");
    assert_eq!(named("PyPI")["externalIdentifier"][0]["identifier"], "https://supplier.example");
}

#[test]
fn a_version_fills_a_gap_and_replaces_nothing() {
    let table = "[[product.component]]\nartifact = '*'\nversion = '7'\n";
    let report = json(table, "json");
    for artifact in report["inventory"]["artifacts"].as_array().unwrap() {
        let is_package = artifact["kind"] == "package";
        assert_eq!(artifact["version"] == "7", !is_package, "{artifact}");
    }
    let (_, stderr) = scan(table, "table");
    assert!(stderr.contains("product.component-differs"), "{stderr}");
}

#[test]
fn a_conclusion_of_the_vendor_is_one_and_says_whose_it_is() {
    let table = "[[product.component]]\nartifact = 'numpy'\nconcluded_license = 'BSD-3-Clause'\n\
                 reason = 'counsel read the text of 1.26'\n";
    let report = json(table, "json");
    let found = license(&report, "numpy");
    assert_eq!(found["status"], "concluded");
    assert_eq!(found["expression"], "BSD-3-Clause");
    assert!(
        found["because"].as_str().unwrap().contains("counsel read the text of 1.26"),
        "{found}"
    );
    let claims = report["inventory"]["artifacts"].as_array().unwrap();
    let numpy = claims.iter().find(|it| it["name"] == "numpy").unwrap();
    let at = &numpy["license_claims"][0]["evidence"][0];
    assert_eq!(at["path"], "flowdown.toml");
    // What it asks for reaches the customer like that of every other licence.
    let entries = report["assessment"]["bundle"]["entries"].as_array().unwrap();
    assert!(entries.iter().any(|entry| entry["spdx"] == "BSD-3-Clause"), "{entries:?}");
}

#[test]
fn a_conclusion_does_not_win_against_what_is_stated() {
    let table = "[[product.component]]\nartifact = 'acme-coder-1b'\nconcluded_license = 'MIT'\n\
                 reason = 'r'\n";
    let report = json(table, "json");
    let found = license(&report, "acme-coder-1b");
    assert_eq!(found["status"], "contradicted", "{found}");
    assert_eq!(found["expression"], Value::Null);
}

/// What a text or a tag says that nobody knows is not known because the vendor declares something.
#[test]
fn what_nobody_can_read_stays_open() {
    for (license, card) in
        [(Some("Do what we tell you.\n"), ""), (None, "license: our-own-terms\n")]
    {
        let folder = tempfile::tempdir().unwrap();
        let model = folder.path().join("model");
        fs::create_dir(&model).unwrap();
        fs::write(model.join("model.safetensors"), b"\x02\0\0\0\0\0\0\0{}").unwrap();
        fs::write(model.join("README.md"), format!("---\ntags: [x]\n{card}---\n")).unwrap();
        if let Some(text) = license {
            fs::write(model.join("LICENSE"), text.repeat(40)).unwrap();
        }
        let table =
            "[[product.component]]\nartifact = '*'\nconcluded_license = 'MIT'\nreason = 'r'\n";
        let report: Value = serde_json::from_str(&scan_of(&model, table, "json").0).unwrap();
        let assessed = report["assessment"]["artifacts"].as_object().unwrap();
        let (_, model) = assessed.iter().find(|(id, _)| id.starts_with("model:")).unwrap();
        let found = &model["license"];
        assert_eq!(found["status"], "declared", "{found}");
        assert!(found["because"].as_str().unwrap().contains("known"), "{found}");
    }
}

#[test]
fn a_table_about_nothing_is_said() {
    let table = "[[product.component]]\nartifact = 'numpi'\nversion = '1'\n";
    let (_, stderr) = scan(table, "table");
    assert!(stderr.contains("product.component-unused"), "{stderr}");
    assert!(stderr.contains("numpi"), "{stderr}");
}

const SHA512: &str = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
                      2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

/// The tables that say in which file numpy is handed on.
fn numpy_file() -> String {
    format!(
        "[[product.component]]\nartifact = 'pkg:pypi/numpy'\n\
         file = {{ name = 'numpy-1.26.4.whl', sha512 = '{SHA512}' }}\n"
    )
}

#[test]
fn every_format_names_the_file_that_is_handed_on() {
    let cyclonedx = json(&numpy_file(), "cyclonedx");
    let components = cyclonedx["components"].as_array().unwrap();
    let numpy = components.iter().find(|it| it["name"] == "numpy").unwrap();
    let hashes = numpy["hashes"].as_array().unwrap();
    assert!(hashes.iter().any(|hash| hash["alg"] == "SHA-512" && hash["content"] == SHA512));
    let properties = numpy["properties"].as_array().unwrap();
    let named = properties.iter().find(|it| it["name"] == "flowdown:artifact:file-name");
    assert_eq!(named.unwrap()["value"], "numpy-1.26.4.whl");

    let tags = scan(&numpy_file(), "spdx-tag-value").0;
    for line in ["PackageFileName: numpy-1.26.4.whl", &format!("PackageChecksum: SHA512: {SHA512}")]
    {
        assert!(tags.lines().any(|found| found == line), "{line}");
    }

    let graph = json(&numpy_file(), "spdx-3")["@graph"].as_array().unwrap().clone();
    let named = |name: &str| graph.iter().find(|it| it["name"] == name).unwrap();
    let file = named("numpy-1.26.4.whl");
    assert_eq!(file["verifiedUsing"][0]["hashValue"], SHA512);
    // A wheel is an archive, and an archive has structure.
    assert_eq!(file["software_additionalPurpose"], serde_json::json!(["archive", "container"]));
    let handed_on = graph.iter().find(|it| {
        it["relationshipType"] == "hasDistributionArtifact" && it["to"][0] == file["spdxId"]
    });
    assert_eq!(handed_on.unwrap()["from"], named("numpy")["spdxId"]);
}

#[test]
fn files_that_were_read_are_not_replaced() {
    let table = format!(
        "[[product.component]]\nartifact = 'acme-coder-1b'\n\
         file = {{ name = 'other.safetensors', sha512 = '{SHA512}' }}\n"
    );
    let (document, _) = scan(&table, "cyclonedx");
    assert!(!document.contains("other.safetensors"));
    let (_, stderr) = scan(&table, "table");
    assert!(stderr.contains("product.component-differs"), "{stderr}");
}

/// A model that is a fine-tune of one outside the scan.
fn fine_tune_of(ancestor: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("model.safetensors"), b"\x02\0\0\0\0\0\0\0{}").unwrap();
    let card = format!("---\nlicense: mit\nbase_model: {ancestor}\n---\n");
    fs::write(folder.path().join("README.md"), card).unwrap();
    folder
}

/// What applies to the one model of a report.
#[track_caller]
fn effective(report: &str) -> Value {
    let report: Value = serde_json::from_str(report).unwrap();
    let assessed = report["assessment"]["artifacts"].as_object().unwrap();
    let (_, model) = assessed.iter().find(|(id, _)| id.starts_with("model:")).unwrap();
    model["effective"].clone()
}

#[test]
fn a_conclusion_about_an_ancestor_outside_counts_and_a_pattern_is_none() {
    let folder = fine_tune_of("nobody-known/base-7b");
    let table = |artifact: &str| {
        format!(
            "[[product.component]]\nartifact = '{artifact}'\n\
             concluded_license = 'LicenseRef-scancode-bigscience-rail-1.0'\n\
             reason = 'counsel read it where it is to be had'\n"
        )
    };
    let unknown = effective(&scan_of(folder.path(), "", "json").0);
    assert_eq!(unknown["expression"], Value::Null);
    let (report, _) = scan_of(folder.path(), &table("nobody-known/base-7b"), "json");
    let known = effective(&report);
    assert_eq!(known["expression"], "LicenseRef-scancode-bigscience-rail-1.0 AND MIT");
    assert_eq!(known["unknown_ancestors"], serde_json::json!([]));
    assert!(known["because"].as_str().unwrap().contains("counsel read it"), "{known}");
    // Its restrictions reach the model, and the card drops them.
    assert!(report.contains("lineage.restriction-stripped"), "{report}");

    let pattern = effective(&scan_of(folder.path(), &table("nobody-known/*"), "json").0);
    assert_eq!(pattern["expression"], Value::Null);
}

/// Of an ancestor that the catalogue knows under other terms, both apply.
#[test]
fn a_conclusion_about_an_ancestor_does_not_win_against_what_is_known() {
    let folder = fine_tune_of("bigscience/bloom");
    let table = "[[product.component]]\nartifact = 'bigscience/bloom'\nconcluded_license = 'MIT'\n\
                 reason = 'r'\n";
    let found = effective(&scan_of(folder.path(), table, "json").0);
    assert_eq!(found["expression"], Value::Null, "{found}");
    let applied = found["licenses"].as_array().unwrap();
    assert!(applied.iter().any(|license| license["basis"] == "catalogue"), "{found}");
}

#[test]
fn a_licence_that_nobody_knows_concludes_nothing_about_an_ancestor() {
    let folder = fine_tune_of("nobody-known/base-7b");
    let table = "[[product.component]]\nartifact = 'nobody-known/base-7b'\n\
                 concluded_license = 'LicenseRef-of-our-own'\nreason = 'r'\n";
    let (report, _) = scan_of(folder.path(), table, "json");
    assert_eq!(effective(&report)["expression"], Value::Null);
    assert!(report.contains("product.component-unused"));
}

/// No plugin knows the reference of a contract; the product's declaration does.
#[test]
fn a_conclusion_can_name_a_contract() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("flowdown.toml");
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/02_commercial_contract");
    let contracts = folder.path().join("contracts");
    fs::create_dir(&contracts).unwrap();
    for file in ["nova.toml", "atlas-evaluation.toml", "customers.csv"] {
        fs::copy(example.join("contracts").join(file), contracts.join(file)).unwrap();
    }
    let text = "[product]\nname = 'p'\ncontracts = ['contracts/*.toml']\n\
                [[product.component]]\nartifact = '*nova-summarizer-2b*'\n\
                concluded_license = 'LicenseRef-nova-model-license'\nreason = 'the order covers it'\n";
    fs::write(&settings, text).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .args(["scan", "--no-summary", "-o", "json=-", "--product"])
        .arg(&settings)
        .arg(example.join("product"))
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let assessed = report["assessment"]["artifacts"].as_object().unwrap();
    let concluded = assessed.values().find(|it| it["license"]["status"] == "concluded").unwrap();
    assert_eq!(concluded["license"]["expression"], "LicenseRef-nova-model-license");
}
