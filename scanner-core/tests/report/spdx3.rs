//! SPDX 3.0.1: structure, references, licences, profiles.

use std::collections::{BTreeMap, BTreeSet};

use flowdown_core::model::{
    ArtifactKind, Basis, FileRole, LicenseStatus, Profile, Report, Timestamp,
};
use flowdown_core::report::cyclonedx::PROPERTY_NAMES;
use serde_json::{Value, json};

use crate::{fixture, parsed, written};

const NO_LICENSE: &str = "expandedlicensing_NoAssertionLicense";

/// A document with its elements by IRI.
struct Document {
    graph: Vec<Value>,
}

impl Document {
    fn of(report: &Report) -> Self {
        let document = parsed("spdx-3", report);
        assert_eq!(document["@context"], "https://spdx.org/rdf/3.0.1/spdx-context.jsonld");
        assert_eq!(document.as_object().unwrap().len(), 2);
        Self { graph: document["@graph"].as_array().unwrap().clone() }
    }

    fn all<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.graph.iter().filter(move |node| node["type"] == kind)
    }

    fn one<'a>(&'a self, kind: &'a str) -> &'a Value {
        let found: Vec<&Value> = self.all(kind).collect();
        let [only] = found.as_slice() else { panic!("{} of {kind}", found.len()) };
        only
    }

    fn named(&self, name: &str) -> &Value {
        self.graph
            .iter()
            .find(|node| node["name"] == name && node.get("software_primaryPurpose").is_some())
            .unwrap_or_else(|| panic!("nothing is called {name}"))
    }

    fn element(&self, id: &Value) -> &Value {
        self.graph
            .iter()
            .find(|node| node["spdxId"] == *id)
            .unwrap_or_else(|| panic!("{id} leads nowhere"))
    }

    /// The relationships of one type that start at an element.
    fn from<'a>(&'a self, id: &'a Value, kind: &'a str) -> Vec<&'a Value> {
        self.graph
            .iter()
            .filter(|node| node["relationshipType"] == kind && node["from"] == *id)
            .collect()
    }

    /// The declared and the concluded licence of the element called `name`, as expressions.
    fn licenses(&self, name: &str) -> (String, String) {
        let id = &self.named(name)["spdxId"];
        let one = |kind: &str| {
            let found = self.from(id, kind);
            assert_eq!(found.len(), 1, "{kind} of {name}");
            let to = found[0]["to"].as_array().unwrap();
            assert_eq!(to.len(), 1);
            if to[0] == NO_LICENSE {
                assert_eq!(found[0]["completeness"], "noAssertion");
                return "-".to_owned();
            }
            let expression = &self.element(&to[0])["simplelicensing_licenseExpression"];
            expression.as_str().unwrap().to_owned()
        };
        (one("hasDeclaredLicense"), one("hasConcludedLicense"))
    }

    fn annotations<'a>(&'a self, subject: &'a Value) -> impl Iterator<Item = &'a Value> {
        self.all("Annotation").filter(move |annotation| annotation["subject"] == *subject)
    }
}

fn fixtures() -> [Report; 5] {
    let mut bsi = fixture::report();
    bsi.profile = Profile::Bsi;
    [fixture::report(), fixture::layered(), fixture::blank(), fixture::empty(), bsi]
}

#[test]
fn the_whole_document() {
    insta::assert_snapshot!("spdx3", written("spdx-3", &fixture::report()));
}

/// Every property that refers to another element, with whether it is a list.
const REFERENCES: &[(&str, bool)] = &[
    ("createdBy", true),
    ("createdUsing", true),
    ("creationInfo", false),
    ("dataLicense", false),
    ("element", true),
    ("from", false),
    ("originatedBy", true),
    ("rootElement", true),
    ("subject", false),
    ("suppliedBy", false),
    ("to", true),
];

#[test]
fn identifiers_are_unique_and_every_reference_resolves() {
    for report in fixtures() {
        let document = Document::of(&report);
        let mut known = BTreeSet::new();
        for node in &document.graph {
            let id = node.get("spdxId").or_else(|| node.get("@id")).unwrap().as_str().unwrap();
            assert!(known.insert(id), "{id} is given twice");
            let is_blank = node["type"] == "CreationInfo";
            assert_eq!(is_blank, id.starts_with("_:"), "{id}");
            assert!(is_blank || id.starts_with("urn:uuid:"), "{id}");
            let legal = |c: char| c.is_ascii_alphanumeric() || "_:#.-".contains(c);
            assert!(id.chars().all(legal), "{id}");
        }
        let mut followed = 0;
        for node in &document.graph {
            for (name, is_list) in REFERENCES {
                let Some(value) = node.get(*name) else { continue };
                assert_eq!(value.is_array(), *is_list, "{name}");
                let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                assert!(!values.is_empty(), "{name} is empty");
                for target in values.iter().map(|value| value.as_str().unwrap()) {
                    assert!(known.contains(target) || target == NO_LICENSE, "{target}");
                    followed += 1;
                }
            }
            for entry in node["simplelicensing_customIdToUri"].as_array().into_iter().flatten() {
                let license = document.element(&entry["value"]);
                assert_eq!(license["type"], "expandedlicensing_CustomLicense");
            }
        }
        assert!(followed > 10);
    }
}

#[test]
fn the_document_and_the_bill_list_everything() {
    for report in fixtures() {
        let document = Document::of(&report);
        let (sbom, whole) = (document.one("software_Sbom"), document.one("SpdxDocument"));
        let ids: BTreeSet<&str> =
            document.graph.iter().filter_map(|node| node["spdxId"].as_str()).collect();
        let listed = |node: &'static str| -> BTreeSet<String> {
            let elements = document.one(node)["element"].as_array().unwrap();
            elements.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
        };
        let mut expected: BTreeSet<String> = ids.into_iter().map(str::to_owned).collect();
        expected.remove(whole["spdxId"].as_str().unwrap());
        assert_eq!(listed("SpdxDocument"), expected);
        expected.remove(sbom["spdxId"].as_str().unwrap());
        assert_eq!(listed("software_Sbom"), expected);
        assert_eq!(whole["rootElement"], json!([sbom["spdxId"]]));
        let license = document.element(&whole["dataLicense"]);
        assert_eq!(license["simplelicensing_licenseExpression"], "CC0-1.0");
        assert_eq!(sbom["software_sbomType"], json!(["analyzed"]));
        for node in [sbom, whole] {
            let profiles = node["profileConformance"].as_array().unwrap();
            assert!(!profiles.contains(&json!("extension")));
        }
        let root = document.element(&sbom["rootElement"][0]);
        assert_eq!(root["type"], "software_Package");
    }
}

/// The rule of the AI and dataset profiles, which no schema enforces.
#[test]
fn every_package_has_exactly_one_declared_and_one_concluded_license() {
    for report in fixtures() {
        let document = Document::of(&report);
        let mut models = 0;
        for node in &document.graph {
            let kind = node["type"].as_str().unwrap();
            if !matches!(kind, "ai_AIPackage" | "dataset_DatasetPackage" | "software_Package") {
                continue;
            }
            models += usize::from(kind == "ai_AIPackage");
            assert!(node["software_primaryPurpose"].is_string());
            for relation in ["hasDeclaredLicense", "hasConcludedLicense"] {
                let found = document.from(&node["spdxId"], relation);
                assert_eq!(found.len(), 1, "{relation} of {}", node["name"]);
                assert_eq!(found[0]["to"].as_array().unwrap().len(), 1);
            }
        }
        let expected = report
            .inventory
            .artifacts
            .iter()
            .filter(|artifact| matches!(artifact.kind, ArtifactKind::Model | ArtifactKind::Adapter))
            .count();
        assert!(models >= expected);
    }
}

#[test]
fn declared_is_never_concluded() {
    let document = Document::of(&fixture::report());
    let pair = |declared: &str, concluded: &str| (declared.to_owned(), concluded.to_owned());
    let rail = fixture::RAIL_SPDX;
    assert_eq!(document.licenses("acme/coder-ft"), pair(rail, rail));
    assert_eq!(document.licenses("serde-like"), pair("MIT OR Apache-2.0", "-"));
    assert_eq!(document.licenses("cyclic"), pair("MIT", "-"), "detected");
    assert_eq!(document.licenses("test-tool"), pair("-", "-"), "contradicted");
    assert_eq!(document.licenses("bigcode/starcoderbase-1b"), pair(rail, "-"), "catalogue");
    assert_eq!(document.licenses("someone/private"), pair("-", "-"));
    assert_eq!(document.licenses("bigcode/the-stack"), pair("-", "-"));
    assert_eq!(document.licenses("acme-chat"), pair("LicenseRef-acme-eula", "-"));
}

/// The product's licence joins those of its parts only when each of them is concluded.
#[test]
fn a_product_of_concluded_parts_is_concluded() {
    let mut report = fixture::report();
    report.assessment.bundle.entries.truncate(1);
    assert_eq!(report.assessment.bundle.entries[0].basis, Basis::Concluded);
    report.assessment.bundle.product_license = Some("MIT OR Apache-2.0".to_owned());
    let joined = format!("(MIT OR Apache-2.0) AND {}", fixture::RAIL_SPDX);
    let expected = ("MIT OR Apache-2.0".to_owned(), joined);
    assert_eq!(Document::of(&report).licenses("acme-chat"), expected);
    report.assessment.bundle.product_license = None;
    assert_eq!(Document::of(&report).licenses("acme-chat").1, "-");
}

#[test]
fn unlisted_licenses_have_a_text_or_say_that_none_was_found() {
    let document = Document::of(&fixture::report());
    let texts: BTreeMap<&str, &str> = document
        .all("expandedlicensing_CustomLicense")
        .map(|license| {
            (
                license["name"].as_str().unwrap(),
                license["simplelicensing_licenseText"].as_str().unwrap(),
            )
        })
        .collect();
    let none = "The text of this licence was not found in the scanned source.";
    assert_eq!(
        texts,
        BTreeMap::from([
            ("Example title of bigcode-openrail-m-v1", fixture::RAIL_TEXT),
            ("Example title of llama-3.1", none),
            ("LicenseRef-acme-eula", none),
        ])
    );
    for expression in document.all("simplelicensing_LicenseExpression") {
        let text = expression["simplelicensing_licenseExpression"].as_str().unwrap();
        let used = text.split([' ', '(', ')']).filter(|word| word.starts_with("LicenseRef-"));
        let mapped: BTreeSet<&str> = expression["simplelicensing_customIdToUri"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|entry| entry["key"].as_str().unwrap())
            .collect();
        assert_eq!(used.collect::<BTreeSet<_>>(), mapped, "{text}");
        let version = expression["simplelicensing_licenseListVersion"].as_str().unwrap();
        assert_eq!(version.split('.').filter(|part| part.parse::<u32>().is_ok()).count(), 3);
    }
}

#[test]
fn evidence_hangs_at_the_statement_it_supports() {
    let document = Document::of(&fixture::report());
    let model = &document.named("acme/coder-ft")["spdxId"];
    let concluded = &document.from(model, "hasConcludedLicense")[0]["spdxId"];
    let evidence = document.from(concluded, "hasEvidence");
    assert_eq!(evidence.len(), 1);
    let file = document.element(&evidence[0]["to"][0]);
    assert_eq!(
        (&file["type"], &file["name"]),
        (&json!("software_File"), &json!("starcoder/LICENSE"))
    );
    let claims: Vec<&Value> = document.annotations(concluded).collect();
    let [claims] = claims.as_slice() else { panic!("{claims:?}") };
    assert_eq!(claims["contentType"], "application/json");
    let statement: Value = serde_json::from_str(claims["statement"].as_str().unwrap()).unwrap();
    let methods: Vec<&Value> =
        statement["claims"].as_array().unwrap().iter().map(|claim| &claim["method"]).collect();
    assert_eq!(methods, ["declared", "detected"]);
    assert_eq!(statement["claims"][1]["evidence"][0]["part"], "lines 1-6");
    // The plugin that claims it.
    let info = document.graph.iter().find(|node| node["@id"] == claims["creationInfo"]).unwrap();
    let using: Vec<&Value> = info["createdUsing"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| &document.element(tool)["name"])
        .collect();
    assert_eq!(using, ["flowdown 0.1.0", "flowdown plugin rail 0.1.0"]);
}

#[test]
fn requirements_stand_at_the_license_and_their_status_at_the_artifact() {
    let document = Document::of(&fixture::report());
    let license = document
        .all("expandedlicensing_CustomLicense")
        .find(|license| license["simplelicensing_licenseText"] == fixture::RAIL_TEXT)
        .unwrap();
    let annotation = document.annotations(&license["spdxId"]).next().unwrap();
    let statement: Value = serde_json::from_str(annotation["statement"].as_str().unwrap()).unwrap();
    let requirements = statement["requirements"].as_array().unwrap();
    let restrictions: Vec<&Value> =
        requirements.iter().filter(|item| item["kind"] == "use-restriction").collect();
    assert_eq!(restrictions.len(), 14);
    assert_eq!(restrictions[0]["text"], "(a) not to do the first thing;");
    assert_eq!(restrictions[2]["mental"], "intent");
    assert!(restrictions.iter().all(|item| item["flowdown"] == "required"));
    let model = document.named("acme/coder-ft");
    let reviews: Vec<&Value> = document
        .annotations(&model["spdxId"])
        .filter(|annotation| annotation["annotationType"] == "review")
        .filter(|annotation| annotation["contentType"] == "application/json")
        .collect();
    let [review] = reviews.as_slice() else { panic!("{reviews:?}") };
    let review: Value = serde_json::from_str(review["statement"].as_str().unwrap()).unwrap();
    let status: Vec<&Value> =
        review["obligations"].as_array().unwrap().iter().map(|owed| &owed["status"]).collect();
    assert_eq!(status, ["satisfied", "needs-declaration", "not-evidencable", "missing"]);
    let notice = model["software_attributionText"][0].as_str().unwrap();
    assert!(notice.starts_with("Use is subject to the use restrictions of Example title"));
}

#[test]
fn the_bundle_holds_the_license_of_the_product_and_of_its_parts() {
    let document = Document::of(&fixture::report());
    let bundle = document.one("Bundle");
    assert_eq!(bundle["context"], "customer-license-bundle");
    let root = document.element(&bundle["rootElement"][0]);
    assert_eq!(root["name"], "LicenseRef-acme-eula");
    let expressions: BTreeSet<&str> = bundle["element"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|id| document.element(id)["simplelicensing_licenseExpression"].as_str())
        .collect();
    let expected = [
        "LicenseRef-acme-eula",
        fixture::RAIL_SPDX,
        "LicenseRef-scancode-llama-3.1-license-2024",
        "MIT",
    ];
    assert_eq!(expressions, BTreeSet::from(expected));
    let grants: Vec<Value> = document
        .annotations(&bundle["spdxId"])
        .map(|grant| serde_json::from_str(grant["statement"].as_str().unwrap()).unwrap())
        .collect();
    assert_eq!(grants.len(), 4);
    assert_eq!(grants[0]["grantor"], "Acme Corp");
    assert_eq!(grants[0]["use-restrictions"], 14);
    document.element(&grants[0]["applies-to"][0]);
    assert_eq!(Document::of(&fixture::empty()).all("Bundle").count(), 0);
}

#[test]
fn relationships_say_what_the_inventory_says() {
    let document = Document::of(&fixture::report());
    let mut found = BTreeSet::new();
    for node in &document.graph {
        let Some(kind) = node["relationshipType"].as_str() else { continue };
        for to in node["to"].as_array().unwrap().iter().filter(|to| **to != NO_LICENSE) {
            let name = |id| document.element(id)["name"].as_str().unwrap_or("-").to_owned();
            let scope = node["scope"].as_str().map(|scope| format!(" [{scope}]"));
            let scope = scope.unwrap_or_default();
            found.insert(format!("{} {kind}{scope} {}", name(&node["from"]), name(to)));
            assert_eq!(node["type"] == "LifecycleScopedRelationship", !scope.is_empty());
        }
    }
    for expected in [
        "acme-chat contains acme/coder-ft",
        "acme/coder-ft contains starcoder/LICENSE",
        "acme/coder-ft descendantOf bigcode/starcoderbase-1b",
        "acme/coder-ft hasDistributionArtifact starcoder/model.safetensors",
        "acme/coder-ft trainedOn bigcode/the-stack",
        "acme/llama-lora dependsOn [runtime] acme/coder-ft",
        "acme/llama-lora descendantOf someone/private",
        "serde-like dependsOn [runtime] cyclic",
        "acme-chat dependsOn [development] test-tool",
        "weights/a/model-00001-of-00002.safetensors contains weights/model-00001-of-00002.safetensors",
    ] {
        assert!(found.contains(expected), "{expected} is not in {found:#?}");
    }
    assert!(!found.contains("acme-chat contains test-tool"));
}

#[test]
fn what_is_unknown_is_left_out() {
    let document = Document::of(&fixture::report());
    let model = document.named("acme/coder-ft");
    assert_eq!(model["software_downloadLocation"], "https://huggingface.co/acme/coder-ft");
    assert_eq!(document.element(&model["suppliedBy"])["name"], "acme");
    assert_eq!(model["ai_typeOfModel"], json!(["gpt_bigcode", "GPTBigCodeForCausalLM"]));
    let unknown = document.named("weights/a/model-00001-of-00002.safetensors");
    for name in [
        "suppliedBy",
        "software_downloadLocation",
        "software_packageVersion",
        "software_packageUrl",
        "software_copyrightText",
        "verifiedUsing",
    ] {
        assert!(unknown.get(name).is_none(), "{name}");
    }
    let text = written("spdx-3", &fixture::report());
    assert!(!text.contains("null"));
    // The claim of a pointer is no digest of the file.
    let pointer = document.named("lora/adapter_model.safetensors");
    assert!(pointer.get("verifiedUsing").is_none());
}

#[test]
fn the_author_is_the_vendor_else_the_tool() {
    let kinds = |report: &Report| -> BTreeSet<String> {
        let document = Document::of(report);
        let infos = document.all("CreationInfo");
        let authors = infos.map(|info| document.element(&info["createdBy"][0]));
        authors.map(|author| format!("{} {}", author["type"], author["name"])).collect()
    };
    let one = |text: &str| BTreeSet::from([text.to_owned()]);
    assert_eq!(kinds(&fixture::report()), one("\"Organization\" \"Acme Corp\""));
    assert_eq!(kinds(&fixture::blank()), one("\"SoftwareAgent\" \"flowdown 0.1.0\""));
    assert_eq!(kinds(&fixture::empty()), one("\"SoftwareAgent\" \"flowdown 0.1.0\""));
}

#[test]
fn properties_have_the_names_of_cyclonedx() {
    let document = Document::of(&fixture::report());
    let mut seen = 0;
    for node in &document.graph {
        for extension in node["extension"].as_array().into_iter().flatten() {
            assert_eq!(extension["type"], "extension_CdxPropertiesExtension");
            for entry in extension["extension_cdxProperty"].as_array().unwrap() {
                let name = entry["extension_cdxPropName"].as_str().unwrap();
                assert!(PROPERTY_NAMES.contains(&name), "{name}");
                assert!(entry["extension_cdxPropValue"].is_string());
                seen += 1;
            }
        }
    }
    assert!(seen > 50);
}

#[test]
fn the_profile_of_bsi_adds_what_it_asks_for() {
    let mut report = fixture::report();
    let count = |report: &Report| {
        let document = Document::of(report);
        let effective = document.graph.iter().filter(|n| n["comment"] == "hasEffectiveLicense");
        let distributed =
            document.graph.iter().filter(|n| n["relationshipType"] == "hasDistributionArtifact");
        let structured =
            document.graph.iter().filter(|n| n.get("software_additionalPurpose").is_some());
        [effective.count(), distributed.count(), structured.count()]
    };
    assert_eq!(count(&report), [0, 2, 0]);
    report.profile = Profile::Bsi;
    assert_eq!(count(&report), [3, 3, 4]);
}

#[test]
fn the_identity_follows_from_the_content() {
    let namespace = |report: &Report| {
        let document = Document::of(report);
        let map = &document.one("SpdxDocument")["namespaceMap"][0];
        map["namespace"].as_str().unwrap().to_owned()
    };
    let mut report = fixture::report();
    let first = namespace(&report);
    assert_eq!(first, namespace(&fixture::report()));
    let uuid = first.strip_prefix("urn:uuid:").unwrap().strip_suffix('#').unwrap();
    assert_eq!((uuid.len(), uuid.as_bytes()[14]), (36, b'5'));
    report.inventory.artifacts[0].version = Some("other".to_owned());
    assert_ne!(first, namespace(&report));
}

#[test]
fn times_are_whole_seconds_of_the_calendar() {
    for (created, expected) in [
        (1_767_225_600, "2026-01-01T00:00:00Z"),
        (253_402_300_800, "1970-01-01T00:00:00Z"),
        (u64::MAX, "1970-01-01T00:00:00Z"),
    ] {
        let mut report = fixture::report();
        report.created = Timestamp(created);
        let document = Document::of(&report);
        assert!(document.all("CreationInfo").all(|info| info["created"] == expected));
    }
}

/// Names that break out elsewhere are data in JSON, never part of an IRI, an expression or a type.
#[test]
fn hostile_text_is_data() {
    let mut report = fixture::report();
    for artifact in &mut report.inventory.artifacts {
        artifact.name = Some(fixture::HOSTILE.to_owned());
        artifact.id.0.push_str("\"> <x>\u{202e}%00#");
        for file in artifact.files.iter_mut().filter(|file| file.role == FileRole::Weights) {
            file.path = flowdown_core::model::SourcePath::new("a/\"\u{202e}<b>#%");
        }
    }
    report.assessment.artifacts = report
        .assessment
        .artifacts
        .into_iter()
        .map(|(mut id, mut assessment)| {
            id.0.push_str("\"> <x>\u{202e}%00#");
            assessment.conclusion.status = LicenseStatus::Concluded;
            assessment.conclusion.expression = Some(fixture::HOSTILE.to_owned());
            (id, assessment)
        })
        .collect();
    let document = Document::of(&report);
    for node in &document.graph {
        let id = node.get("spdxId").or_else(|| node.get("@id")).unwrap().as_str().unwrap();
        assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || "_:#.-".contains(c)), "{id}");
        let expression = node["simplelicensing_licenseExpression"].as_str().unwrap_or_default();
        assert!(!expression.contains("script"), "{expression}");
    }
    assert_eq!(document.licenses(fixture::HOSTILE).1, "-");
}
