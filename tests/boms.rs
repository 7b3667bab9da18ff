//! Bills of materials as input: ours, in every format, and those of other tools.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use flowdown_test_support::outside::{self, PYTHON, Test};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

const EXAMPLE: &str = "examples/01_rail_finetune";
const FORMATS: &[(&str, &str)] = &[
    ("cyclonedx", "bom.cdx.json"),
    ("cyclonedx-1.6-xml", "bom.cdx.xml"),
    ("cyclonedx-1.7", "bom.cdx-1.7.json"),
    ("cyclonedx-1.7-xml", "bom.cdx-1.7.xml"),
    ("cyclonedx-1.5", "bom.cdx-1.5.json"),
    ("cyclonedx-1.5-xml", "bom.cdx-1.5.xml"),
    ("spdx", "bom.spdx.json"),
    ("spdx-tag-value", "bom.spdx"),
    ("spdx-3", "bom.spdx3.jsonld"),
    ("json", "report.json"),
];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("every_format_is_assessed_like_the_files", every_format),
        Trial::test("a_document_comes_on_standard_input", standard_input),
        Trial::test("a_document_is_merged_with_a_scan", merged),
        Trial::test("what_is_said_twice_and_differently_is_contradicted", contradicted),
        Trial::test("words_of_other_tools_are_statements", words_of_others),
        Trial::test("texts_that_come_with_a_document_are_recognised", carried_texts),
        Trial::test("sets_of_licences_do_not_multiply", sets_of_sets),
        Trial::test("customers_receive_the_licences_of_a_document", bundled),
        Trial::test("what_is_no_document_is_said_to_be_none", refused),
    ];
    let with_python: [(&str, Test); 2] = [
        ("packages_of_another_tool_are_those_of_pip", another_tool),
        ("documents_of_the_python_library_read_alike", python_library),
    ];
    trials.extend(outside::trials(PYTHON, &with_python));
    libtest_mimic::run(&arguments, trials).exit();
}

fn run(arguments: &[&str], stdin: &[u8]) -> Result<Output, Failed> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    child.stdin.take().ok_or("no pipe")?.write_all(stdin)?;
    Ok(child.wait_with_output()?)
}

/// Runs and expects this exit code.
fn exits(code: i32, arguments: &[&str], stdin: &[u8]) -> Result<String, Failed> {
    let output = run(arguments, stdin)?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.code() != Some(code) {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{arguments:?} gave {}\n{printed}\n{stderr}", output.status).into());
    }
    Ok(printed)
}

fn text(path: &Path) -> Result<&str, Failed> {
    path.to_str().ok_or_else(|| "a temporary folder with an odd name".into())
}

/// The native document of a scan.
fn scanned(arguments: &[&str], stdin: &[u8]) -> Result<Value, Failed> {
    let mut all = vec!["scan", "-o", "json=-", "--no-summary"];
    all.extend(arguments);
    Ok(serde_json::from_str(&exits(0, &all, stdin)?)?)
}

/// The only artifact, with its assessment.
fn only(report: &Value) -> Result<(&Value, &Value), Failed> {
    let artifacts = report["inventory"]["artifacts"].as_array().ok_or("no artifacts")?;
    let [artifact] = artifacts.as_slice() else {
        return Err(format!("{} artifacts", artifacts.len()).into());
    };
    let id = artifact["id"].as_str().ok_or("no id")?;
    Ok((artifact, &report["assessment"]["artifacts"][id]))
}

fn expect<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) -> Result<(), Failed> {
    if found == expected { Ok(()) } else { Err(format!("{found:?} is not {expected:?}").into()) }
}

fn every_format() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for (format, name) in FORMATS {
        let (document, again) = (folder.path().join(name), folder.path().join("again.json"));
        let written = format!("{format}={}", text(&document)?);
        exits(0, &["scan", EXAMPLE, "--no-summary", "-o", &written], b"")?;
        let source = format!("sbom:{}", text(&document)?);
        let written = format!("json={}", text(&again)?);
        exits(0, &["scan", &source, "--no-summary", "-o", &written], b"")?;
        // Licences, effective terms, restrictions, obligations, and that nothing came or went.
        let found = exits(0, &["diff", EXAMPLE, text(&again)?, "--format", "json"], b"")
            .map_err(|error| format!("{format}: {error:?}"))?;
        let found: Value = serde_json::from_str(&found)?;
        for list in ["added", "removed"] {
            expect(&found[list], &Value::Array(Vec::new()))?;
        }
        expect(&found["unchanged"].as_u64().is_some_and(|count| count > 0), &true)?;
    }
    Ok(())
}

fn standard_input() -> Result<(), Failed> {
    let document = exits(0, &["scan", EXAMPLE, "--no-summary", "-o", "spdx=-"], b"")?;
    let report = scanned(&["-"], document.as_bytes())?;
    expect(&report["source"]["kind"], &"sbom".into())?;
    let artifacts = report["inventory"]["artifacts"].as_array().ok_or("no artifacts")?;
    let direct = scanned(&[EXAMPLE], b"")?;
    let expected = direct["inventory"]["artifacts"].as_array().ok_or("no artifacts")?;
    expect(&artifacts.len(), &expected.len())
}

/// CycloneDX with one component.
fn document(component: &str) -> String {
    format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{component}]}}"#)
}

fn merged() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (product, bom) = (folder.path().join("product"), folder.path().join("vendor.cdx.json"));
    fs::create_dir(&product)?;
    fs::write(product.join("requirements.txt"), "six==1.17.0\n")?;
    let six = r#"{"type":"library","name":"six","version":"1.17.0","purl":"pkg:pypi/six@1.17.0",
        "supplier":{"name":"Benjamin Peterson"},"licenses":[{"license":{"id":"MIT"}}]}"#;
    let other = r#"{"type":"library","name":"left-pad","version":"1.3.0",
        "purl":"pkg:npm/left-pad@1.3.0","licenses":[{"license":{"id":"WTFPL"}}]}"#;
    fs::write(&bom, document(&format!("{six},{other}")))?;
    let report = scanned(&[text(&product)?, "--sbom", text(&bom)?], b"")?;
    let artifacts = report["inventory"]["artifacts"].as_array().ok_or("no artifacts")?;
    let names: Vec<&str> = artifacts.iter().filter_map(|it| it["name"].as_str()).collect();
    expect(&names, &vec!["left-pad", "six"])?;
    // What the manifest does not say, the document does; each with its place.
    let six = &artifacts[1];
    let license = &report["assessment"]["artifacts"][six["id"].as_str().ok_or("no id")?]["license"];
    expect(&license["expression"], &"MIT".into())?;
    expect(&license["status"], &"declared".into())?;
    let places: BTreeSet<&str> = six["occurrences"]
        .as_array()
        .ok_or("no places")?
        .iter()
        .filter_map(|it| it["path"].as_str())
        .collect();
    expect(&places, &BTreeSet::from(["requirements.txt", "vendor.cdx.json"]))
}

fn contradicted() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let bom = folder.path().join("bom.cdx.json");
    let component = |license: &str| {
        format!(
            r#"{{"type":"library","name":"a","version":"1","purl":"pkg:npm/a@1",
                "licenses":[{{"license":{{"id":"{license}"}}}}]}}"#
        )
    };
    fs::write(&bom, document(&format!("{},{}", component("MIT"), component("GPL-2.0-only"))))?;
    let report = scanned(&[text(&bom)?], b"")?;
    let (_, assessment) = only(&report)?;
    expect(&assessment["license"]["status"], &"contradicted".into())?;
    expect(&assessment["license"]["expression"], &Value::Null)
}

/// Names, expressions, tags of the Hub, and what nobody can read: never a licence that was not said.
fn words_of_others() -> Result<(), Failed> {
    for (licenses, expected, status) in [
        (r#"[{"license":{"id":"Apache-2.0"}}]"#, Some("Apache-2.0"), "declared"),
        (r#"[{"license":{"name":"The MIT License"}}]"#, Some("MIT"), "declared"),
        (r#"[{"expression":"MIT OR Apache-2.0"}]"#, Some("MIT OR Apache-2.0"), "declared"),
        (
            r#"[{"license":{"name":"bigcode-openrail-m"}}]"#,
            Some("LicenseRef-scancode-bigcode-open-rail-m-v1"),
            "declared",
        ),
        (r#"[{"license":{"name":"Our own terms, see contract"}}]"#, None, "unknown"),
        (r#"[{"license":{"name":"BSD"}}]"#, None, "declared"),
        ("[]", None, "unknown"),
    ] {
        let component = format!(
            r#"{{"type":"machine-learning-model","name":"m","version":"1","licenses":{licenses}}}"#
        );
        let report = scanned(&["-"], document(&component).as_bytes())?;
        let (artifact, assessment) = only(&report)?;
        expect(&artifact["kind"], &"model".into())?;
        let license = &assessment["license"];
        expect(&(licenses, license["expression"].as_str()), &(licenses, expected))?;
        expect(&(licenses, license["status"].as_str()), &(licenses, Some(status)))?;
    }
    Ok(())
}

fn carried_texts() -> Result<(), Failed> {
    let mit = spdx::license_id("MIT").ok_or("no MIT")?.text();
    let text = serde_json::to_string(mit)?;
    let component = format!(
        r#"{{"type":"library","name":"a","version":"1","purl":"pkg:npm/a@1",
            "licenses":[{{"license":{{"id":"MIT","text":{{"content":{text}}}}}}}]}}"#
    );
    let report = scanned(&["-"], document(&component).as_bytes())?;
    let (_, assessment) = only(&report)?;
    expect(&assessment["license"]["status"], &"concluded".into())?;
    expect(&assessment["license"]["expression"], &"MIT".into())?;
    // The document ships with nothing: its text is no copy that travels with the product.
    let owed = assessment["obligations"].as_array().ok_or("no obligations")?;
    let copy = owed.iter().find(|it| it["obligation"]["kind"] == "copy-of-licence");
    let copy = copy.ok_or("no copy is owed")?;
    expect(&copy["status"], &"needs-declaration".into())
}

/// Sets of licences that name each other twice at every level end in time.
fn sets_of_sets() -> Result<(), Failed> {
    let set = |level: u32| {
        let below = match level {
            29 => "https://spdx.org/licenses/MIT".to_owned(),
            _ => format!("https://x/{}", level + 1),
        };
        serde_json::json!({
            "type": "expandedlicensing_ConjunctiveLicenseSet", "spdxId": format!("https://x/{level}"),
            "expandedlicensing_member": vec![below; 40],
        })
    };
    let mut graph: Vec<Value> = (0..30).map(set).collect();
    graph.push(
        serde_json::json!({"type": "software_Package", "spdxId": "https://x/p", "name": "p"}),
    );
    let document = serde_json::json!({
        "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph,
    });
    let report = scanned(&["-"], document.to_string().as_bytes())?;
    expect(&only(&report)?.0["name"], &"p".into())
}

fn bundled() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (bom, out) = (folder.path().join("bom.cdx.json"), folder.path().join("bundle"));
    let written = format!("cyclonedx={}", text(&bom)?);
    exits(0, &["scan", EXAMPLE, "--no-summary", "-o", &written], b"")?;
    let product = format!("{EXAMPLE}/flowdown.toml");
    let arguments = ["bundle", text(&bom)?, "--product", &product, "-o", text(&out)?];
    exits(0, &arguments, b"")?;
    let restrictions = fs::read_to_string(out.join("USE-RESTRICTIONS.md"))?;
    expect(&restrictions.contains("LicenseRef-scancode-bigcode-open-rail-m-v1"), &true)
}

fn refused() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("words.json");
    for (content, words) in [
        ("{}", "is no bill of materials"),
        ("[1, 2", "is no bill of materials"),
        (r#"{"spdxVersion": 3}"#, "is no bill of materials"),
    ] {
        fs::write(&file, content)?;
        let source = format!("sbom:{}", text(&file)?);
        let output = run(&["scan", &source], b"")?;
        expect(&output.status.code(), &Some(2))?;
        let said = String::from_utf8_lossy(&output.stderr);
        expect(&(said.contains(words), content), &(true, content))?;
    }
    let output = run(&["scan", "sbom:nowhere.json"], b"")?;
    expect(&output.status.code(), &Some(2))
}

/// `cyclonedx-py` describes the environment that it runs in; `pip` lists the same.
fn another_tool(python: &Path) -> Result<(), Failed> {
    let output = |arguments: &[&str]| -> Result<Vec<u8>, Failed> {
        let output = Command::new(python).args(arguments).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        Ok(output.stdout)
    };
    let listed = output(&["-m", "pip", "list", "--format", "json", "--disable-pip-version-check"])?;
    let listed: Vec<Value> = serde_json::from_slice(&listed)?;
    let normal = |name: &str| name.to_lowercase().replace(['_', '.'], "-");
    let expected: BTreeSet<(String, String)> = listed
        .iter()
        .filter_map(|it| Some((normal(it["name"].as_str()?), it["version"].as_str()?.to_owned())))
        .collect();
    let environment = python.parent().and_then(Path::parent).ok_or("no environment")?;
    for format in ["JSON", "XML"] {
        let arguments = ["-m", "cyclonedx_py", "environment", "--of", format, text(environment)?];
        let document = output(&arguments)?;
        let report = scanned(&["-"], &document)?;
        let artifacts = report["inventory"]["artifacts"].as_array().ok_or("no artifacts")?;
        let found: BTreeSet<(String, String)> = artifacts
            .iter()
            .filter_map(|it| {
                Some((normal(it["name"].as_str()?), it["version"].as_str()?.to_owned()))
            })
            .collect();
        expect(&found, &expected)?;
        let known = report["assessment"]["artifacts"].as_object().ok_or("no assessment")?;
        let known = known.values().filter(|it| it["license"]["expression"].is_string()).count();
        // Most packages of such an environment state a licence that is listed.
        expect(&(known * 2 > expected.len()), &true)?;
    }
    Ok(())
}

/// `spdx-tools` turns our SPDX 2.3 into its own, JSON and tag-value: the same is read.
fn python_library(python: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let ours = folder.path().join("ours.spdx.json");
    let written = format!("spdx={}", text(&ours)?);
    exits(0, &["scan", EXAMPLE, "--no-summary", "-o", &written], b"")?;
    for name in ["theirs.spdx.json", "theirs.spdx"] {
        let theirs = folder.path().join(name);
        let status = Command::new(python)
            .args(["-m", "spdx_tools.spdx.clitools.pyspdxtools", "-i", text(&ours)?])
            .args(["-o", text(&theirs)?])
            .current_dir(folder.path())
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .status()?;
        expect(&(name, status.success()), &(name, true))?;
        let arguments = ["diff", text(&ours)?, text(&theirs)?, "--fail-on", "any"];
        exits(0, &arguments, b"")?;
    }
    Ok(())
}
