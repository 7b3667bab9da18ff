//! `flowdown validate` as its users run it: exit code, standard output, standard error.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const GOOD: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1}"#;
const WARNED: &str = r#"{"bomFormat":"CycloneDX","specVersion":"2.0","version":1}"#;
const BROKEN: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,
    "components":[{"bom-ref":"a","type":"library","name":"n","purl":"no purl"}]}"#;

fn run(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .arg("validate")
        .args(arguments)
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input closes it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Exit code, standard output and standard error for a document on standard input.
#[track_caller]
fn check(input: &str, more: &[&str], exit: i32, stdout: &str, stderr: &str) {
    let output = run(&[more, &["-"]].concat(), input);
    let (out, err) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(exit), "{out}{err}");
    assert_eq!(out, stdout);
    assert!(err.contains(stderr) && err.is_empty() == stderr.is_empty(), "{err}");
}

#[test]
fn what_is_right_is_clean() {
    check(GOOD, &[], 0, "-: CycloneDX JSON 1.6: no problems\n", "");
}

#[test]
fn errors_exit_with_1() {
    let expected = "error[bom.purl-invalid]: -: /components/0/purl (a): `no purl` is no package URL\n  \
        help: write `pkg:type/namespace/name@version` as the type asks for it, or leave it out\n\
        -: CycloneDX JSON 1.6: 1 error\n";
    check(BROKEN, &[], 1, expected, "");
}

#[test]
fn warnings_exit_with_1_only_when_asked() {
    let expected = "warning[bom.version-unknown]: -: the document says that it is version `2.0` of \
        CycloneDX JSON, and the rules are of 1.2, 1.3, 1.4, 1.5, 1.6, 1.7\n  \
        help: take what is reported, and what is not, with care\n\
        -: CycloneDX JSON 2.0: 1 warning\n";
    check(WARNED, &[], 0, expected, "");
    check(WARNED, &["--fail-on", "warning"], 1, expected, "");
}

#[test]
fn what_is_no_bill_of_materials_is_a_wrong_argument() {
    check("{}", &[], 2, "", "`-` is no bill of materials");
    check("", &[], 2, "", "`-` is no bill of materials");
    assert_eq!(run(&["no/such/file"], "").status.code(), Some(2));
    assert_eq!(run(&["-", "-"], "").status.code(), Some(2));
    assert_eq!(run(&[], "").status.code(), Some(2));
}

#[test]
fn past_a_limit_is_incomplete() {
    let deep = format!("{{\"bomFormat\":\"CycloneDX\",\"x\":{}", "[".repeat(1_000));
    check(&deep, &[], 3, "", "nested deeper than 128");
    // An error elsewhere wins.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("broken.json");
    fs::write(&file, BROKEN).unwrap();
    assert_eq!(run(&["-", file.to_str().unwrap()], &deep).status.code(), Some(1));
}

#[test]
fn json_has_everything() {
    let output = run(&["--format", "json", "-"], BROKEN);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(json[0]["counts"]["bom.purl-invalid"], 1);
    assert_eq!(json[0]["problems"][0]["pointer"], "/components/0/purl");
    assert_eq!(json[0]["problems"][0]["element"], "a");
}

#[test]
fn text_of_a_document_reaches_no_terminal() {
    let hostile = BROKEN.replace("no purl", "\\u001b[31m\\u202e\\n");
    let output = run(&["-"], &hostile.replace("\"a\"", "\"\\u001b[2J\""));
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{shown}");
    assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown:?}");
    assert_eq!(shown.lines().count(), 3, "{shown}");
}

#[test]
fn many_problems_are_counted() {
    let component = r#"{"type":"library","name":"n","purl":"no purl"}"#;
    let many = vec![component; 25].join(",");
    let document =
        format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{many}]}}"#);
    let output = run(&["-"], &document);
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("error[bom.purl-invalid]: -: 15 more like it\n"), "{shown}");
    assert!(shown.ends_with("-: CycloneDX JSON 1.6: 25 errors\n"), "{shown}");
}

/// What a scan writes passes, and every code can be explained.
#[test]
fn what_we_write_is_clean() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let files = [path("cyclonedx"), path("spdx"), path("json")];
    let mut scan = Command::new(env!("CARGO_BIN_EXE_flowdown"));
    scan.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")));
    scan.args(["scan", "examples/01_rail_finetune", "--config"]);
    scan.arg("examples/01_rail_finetune/flowdown.toml");
    for file in &files {
        let format = Path::new(file).file_name().unwrap().to_str().unwrap();
        scan.args(["-o", &format!("{format}={file}")]);
    }
    assert_eq!(scan.output().unwrap().status.code(), Some(0));
    let arguments: Vec<&str> = files.iter().map(String::as_str).collect();
    let output = run(&arguments, "");
    let shown = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{shown}");
    assert!(!shown.contains("error["), "{shown}");
}

#[test]
fn codes_are_explained() {
    let output = Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .args(["explain", "bom.reference-dangling"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("refers to an element"));
}
