//! CycloneDX 1.5 and 1.7 and the profile of the BSI: what differs from 1.6.

use std::collections::BTreeSet;

use cyclonedx_bom::models::license::LicenseChoice;
use cyclonedx_bom::prelude::Bom;
use flowdown_core::model::{LicenseStatus, Report};
use serde_json::{Value, json};

use crate::cyclonedx::{component, property, walk};
use crate::{fixture, parsed, written};

fn fixtures() -> [(&'static str, Report); 5] {
    [
        ("rich", fixture::report()),
        ("layered", fixture::layered()),
        ("blank", fixture::blank()),
        ("empty", fixture::empty()),
        ("bsi", fixture::bsi()),
    ]
}

/// `[(id | name | expression, acknowledgement)]` of the package `serde-like` with this conclusion.
fn shape(
    format: &str,
    mut report: Report,
    (status, expression, declared): (LicenseStatus, Option<&str>, Option<&str>),
) -> Value {
    let package = report.inventory.artifacts.iter().find(|a| a.label() == "serde-like").unwrap();
    let conclusion = &mut report.assessment.artifacts.get_mut(&package.id).unwrap().conclusion;
    conclusion.status = status;
    conclusion.expression = expression.map(str::to_owned);
    conclusion.declared = declared.map(str::to_owned);
    let document = parsed(format, &report);
    let licenses = component(&document, "serde-like").get("licenses").cloned();
    let licenses = licenses.unwrap_or_else(|| json!([]));
    let entries = licenses.as_array().unwrap().iter().map(|entry| {
        let license = entry.get("license").unwrap_or(entry);
        let field = ["id", "name", "expression"].into_iter().find(|f| license.get(*f).is_some());
        let field = field.unwrap();
        json!([field, license[field], license.get("acknowledgement")])
    });
    entries.collect()
}

#[test]
fn a_licence_that_stands_alone_is_an_expression_in_1_7() {
    use LicenseStatus::{Concluded, Contradicted, Declared, Detected, Unknown};
    let shape = |status, expression, declared| {
        shape("cyclonedx-1.7", fixture::report(), (status, expression, declared))
    };
    let (mit, rail, both) = (Some("MIT"), Some(fixture::RAIL_SPDX), Some("MIT OR Apache-2.0"));
    assert_eq!(shape(Unknown, None, None), json!([]));
    assert_eq!(shape(Contradicted, None, mit), json!([]));
    assert_eq!(shape(Declared, mit, mit), json!([["expression", "MIT", "declared"]]));
    assert_eq!(shape(Detected, mit, None), json!([["expression", "MIT", null]]));
    assert_eq!(
        shape(Concluded, rail, rail),
        json!([["expression", fixture::RAIL_SPDX, "concluded"]])
    );
    // Two entries are license objects: some readers refuse an expression beside anything.
    assert_eq!(
        shape(Concluded, rail, mit),
        json!([["id", "MIT", "declared"], ["name", fixture::RAIL_SPDX, "concluded"]])
    );
    assert_eq!(
        shape(Concluded, both, mit),
        json!([["expression", "MIT OR Apache-2.0", "concluded"]])
    );
    assert_eq!(shape(Declared, Some("mine"), None), json!([["name", "mine", "declared"]]));
}

#[test]
fn the_bsi_gets_declared_and_concluded_side_by_side() {
    use LicenseStatus::{Concluded, Declared, Detected};
    let (mit, both) = (Some("MIT"), Some("MIT OR Apache-2.0"));
    let shape_1_7 = |found| shape("cyclonedx-1.7", fixture::bsi(), found);
    assert_eq!(
        shape_1_7((Concluded, mit, mit)),
        json!([["expression", "MIT", "declared"], ["expression", "MIT", "concluded"]])
    );
    assert_eq!(
        shape_1_7((Concluded, both, mit)),
        json!([
            ["expression", "MIT", "declared"],
            ["expression", "MIT OR Apache-2.0", "concluded"]
        ])
    );
    assert_eq!(shape_1_7((Declared, mit, mit)), json!([["expression", "MIT", "declared"]]));
    assert_eq!(
        shape_1_7((Detected, mit, both)),
        json!([["expression", "MIT OR Apache-2.0", "declared"], ["expression", "MIT", null]])
    );
    let shape_1_6 = |found| shape("cyclonedx", fixture::bsi(), found);
    assert_eq!(
        shape_1_6((Concluded, mit, mit)),
        json!([["id", "MIT", "declared"], ["id", "MIT", "concluded"]])
    );
    assert_eq!(
        shape_1_6((Concluded, both, mit)),
        json!([["expression", "MIT OR Apache-2.0", "concluded"]]),
        "1.6 allows one expression alone"
    );
}

#[test]
fn an_expression_of_1_7_has_the_details_of_its_licences() {
    let document = parsed("cyclonedx-1.7", &fixture::report());
    let rail = &component(&document, "coder-ft")["licenses"][0];
    assert_eq!(rail["expressionDetails"][0]["licenseIdentifier"], fixture::RAIL_SPDX);
    assert_eq!(rail["expressionDetails"][0]["text"]["content"], fixture::RAIL_TEXT);
    assert_eq!(rail["licensing"]["licensor"]["organization"]["name"], "Example Licensor");
    assert_eq!(property(rail, "flowdown:license:standard-ref"), ["std:bigcode-openrail-m-v1"]);
    let both = &component(&document, "serde-like")["licenses"][0];
    assert_eq!(
        both["expressionDetails"],
        json!([{ "licenseIdentifier": "Apache-2.0" }, { "licenseIdentifier": "MIT" }])
    );
}

#[test]
fn citations_name_the_plugin_and_entries_that_exist() {
    let document = parsed("cyclonedx-1.7", &fixture::report());
    let citations = document["citations"].as_array().unwrap();
    let by: Vec<&str> = citations.iter().map(|it| it["attributedTo"].as_str().unwrap()).collect();
    assert_eq!(by, ["plugin:lineage", "plugin:rail"]);
    let mut cited = BTreeSet::new();
    for citation in citations {
        let plugin = citation["attributedTo"].as_str().unwrap();
        for pointer in citation["pointers"].as_array().unwrap() {
            let pointer = pointer.as_str().unwrap();
            let entry = document.pointer(pointer).unwrap();
            let owner = entry.get("license").unwrap_or(entry);
            let names = ["flowdown:evidence:plugin", "flowdown:lineage:plugin"];
            let said: Vec<&str> = names.iter().flat_map(|name| property(owner, name)).collect();
            assert_eq!(said, [plugin], "{pointer}");
            cited.insert(pointer.to_owned());
        }
    }
    // Whatever names a plugin is cited.
    let text = written("cyclonedx-1.7", &fixture::report());
    let named = text.matches(":plugin\"").count();
    assert_eq!(cited.len(), named);
    assert!(parsed("cyclonedx", &fixture::report()).get("citations").is_none());
    let mut unnamed = fixture::report();
    unnamed.plugins.clear();
    assert!(parsed("cyclonedx-1.7", &unnamed).get("citations").is_none(), "nobody to refer to");
}

#[test]
fn the_bsi_gets_its_digests_and_properties() {
    for format in ["cyclonedx", "cyclonedx-1.7"] {
        let document = parsed(format, &fixture::bsi());
        let model = component(&document, "coder-ft");
        let algorithms = |owner: &Value| -> Vec<Value> {
            owner["hashes"].as_array().unwrap().iter().map(|hash| hash["alg"].clone()).collect()
        };
        assert_eq!(algorithms(model), ["SHA-256", "SHA-512"]);
        let references = model["externalReferences"].as_array().unwrap();
        let file = references.iter().find(|it| it["type"] == "distribution").unwrap();
        assert_eq!(file["url"], "./starcoder/model.safetensors");
        assert_eq!(algorithms(file), ["SHA-256", "SHA-512"]);
        for (name, value) in [
            ("filename", "model.safetensors"),
            ("executable", "non-executable"),
            ("archive", "no archive"),
            ("structured", "structured"),
            ("effectiveLicence", fixture::RAIL_SPDX),
        ] {
            assert_eq!(property(model, &format!("bsi:component:{name}")), [value]);
        }
        let package = component(&document, "cyclic");
        assert!(property(package, "bsi:component:archive").is_empty(), "nobody looked at a file");
        assert_eq!(property(package, "bsi:component:effectiveLicence"), ["MIT OR Apache-2.0"]);
        let shards = component(&document, "weights/a/model-00001-of-00002.safetensors");
        assert_eq!(property(shards, "bsi:component:effectiveLicence"), ["NOASSERTION"]);
        let names = property(&shards["components"][0], "bsi:component:filename");
        assert_eq!(names, ["model-00001-of-00002.safetensors"]);
        assert!(property(shards, "bsi:component:filename").is_empty(), "it is two files");
    }
    assert!(!written("cyclonedx", &fixture::report()).contains("bsi:component"));
    assert!(!written("cyclonedx", &fixture::report()).contains("SHA-512"));
}

/// The names, versions, purls, hashes and licences of all components, as `cyclonedx-bom` reads them.
fn read_by_the_crate(bom: &Bom) -> Vec<String> {
    let components = &bom.components.as_ref().unwrap().0;
    let lines = components.iter().map(|component| {
        let version = component.version.as_ref().map(ToString::to_string);
        let purl = component.purl.as_ref().map(ToString::to_string);
        let hashes: Vec<&str> = component
            .hashes
            .iter()
            .flat_map(|list| &list.0)
            .map(|it| it.content.0.as_str())
            .collect();
        let licenses = component.licenses.iter().flat_map(|list| &list.0);
        let licenses: Vec<String> = licenses
            .map(|choice| match choice {
                LicenseChoice::Expression(expression) => expression.to_string(),
                LicenseChoice::License(license) => {
                    use cyclonedx_bom::models::license::LicenseIdentifier;
                    match &license.license_identifier {
                        LicenseIdentifier::SpdxId(id) => id.to_string(),
                        LicenseIdentifier::Name(name) => name.to_string(),
                    }
                }
            })
            .collect();
        format!("{} {version:?} {purl:?} {hashes:?} {licenses:?}", &*component.name)
    });
    lines.collect()
}

/// The same of the 1.6 document, as we wrote it.
fn written_by_us(document: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let lines = items(&document["components"]).into_iter().map(|component| {
        let hashes = items(&component["hashes"]);
        let hashes: Vec<&str> = hashes.iter().map(|it| it["content"].as_str().unwrap()).collect();
        let licenses = items(&component["licenses"]);
        let licenses: Vec<&str> = licenses
            .iter()
            .map(|it| {
                let fields = [&it["expression"], &it["license"]["id"], &it["license"]["name"]];
                fields.into_iter().find_map(Value::as_str).unwrap()
            })
            .collect();
        let (version, purl) = (text(&component["version"]), text(&component["purl"]));
        let name = component["name"].as_str().unwrap();
        format!("{name} {version:?} {purl:?} {hashes:?} {licenses:?}")
    });
    lines.collect()
}

#[test]
fn another_library_reads_the_same_out_of_1_5() {
    for (name, report) in fixtures() {
        let ours = written_by_us(&parsed("cyclonedx", &report));
        let json = written("cyclonedx-1.5", &report);
        let bom = Bom::parse_from_json_v1_5(json.as_bytes()).unwrap();
        assert_eq!(read_by_the_crate(&bom), ours, "{name}, JSON");
        let xml = written("cyclonedx-1.5-xml", &report);
        let bom = Bom::parse_from_xml_v1_5(xml.as_bytes()).unwrap();
        // XML has no way to write control characters.
        let text = written("cyclonedx", &report);
        let legal = text.replace("\\u001b", "\u{fffd}").replace("\\u0000", "\u{fffd}");
        let ours = written_by_us(&serde_json::from_str(&legal).unwrap());
        assert_eq!(read_by_the_crate(&bom), ours, "{name}, XML");
    }
}

#[test]
fn what_1_5_lacks_is_in_properties() {
    let newer = parsed("cyclonedx", &fixture::layered());
    let document = parsed("cyclonedx-1.5", &fixture::layered());
    walk(&document, &mut |key, _| {
        let since_1_6 = ["acknowledgement", "manufacturer", "concludedValue", "declarations"];
        assert!(!since_1_6.contains(&key), "{key}");
    });
    let again = |name: &str| -> Vec<Value> {
        property(&document, name).iter().map(|text| serde_json::from_str(text).unwrap()).collect()
    };
    let list = |pointer: &str| newer.pointer(pointer).unwrap().as_array().unwrap().clone();
    for (name, pointer) in [
        ("flowdown:definitions:standard", "/definitions/standards"),
        ("flowdown:declarations:attestation", "/declarations/attestations"),
        ("flowdown:declarations:claim", "/declarations/claims"),
        ("flowdown:declarations:evidence", "/declarations/evidence"),
    ] {
        assert_eq!(again(name), list(pointer), "{name}");
    }
    let model = component(&document, "coder-ft");
    let license = &model["licenses"][0]["license"];
    assert_eq!(property(license, "flowdown:license:acknowledgement"), ["concluded"]);
    assert_eq!(
        property(component(&document, "serde-like"), "flowdown:license:acknowledgement"),
        ["declared"]
    );
    let place = property(model, "flowdown:evidence:occurrence");
    assert!(place[0].starts_with("starcoder/model.safetensors, offset 0, layer sha256:"));
    let card = &model["modelCard"];
    assert_eq!(property(card, "flowdown:lineage:dataset-ref"), ["dataset:bigcode/the-stack"]);
    assert_eq!(model["author"], "acme");
}
