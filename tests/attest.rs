//! `flowdown scan --in-toto` and `--completeness`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const EXAMPLE: &str = "examples/01_rail_finetune";

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What the specification of in-toto's digest sets gives as equivalent to `dirHash`.
fn hash_by_coreutils(folder: &Path) -> String {
    let command = "find . -type f | cut -c3- | LC_ALL=C sort | xargs -d '\\n' -r sha256sum \
                   | sha256sum | cut -f1 -d' '";
    let output = Command::new("sh").args(["-c", command]).current_dir(folder).output().unwrap();
    text(&output.stdout).trim().to_owned()
}

fn statement(source: &str, format: &str) -> Value {
    let output = run(&["scan", source, "--in-toto", "-o", &format!("{format}=-")]);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}", text(&output.stderr));
    })
}

#[test]
fn the_subject_is_what_anybody_can_compute() {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in [
        ("b/model.safetensors", "b"),
        ("b.txt", "c"),
        ("b-1/LICENSE", "MIT"),
        ("B/x y.md", "# x"),
        ("ä.bin", "\0"),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let source = folder.path().to_str().unwrap();
    let made = statement(source, "json");
    assert_eq!(made["subject"][0]["digest"]["dirHash"], hash_by_coreutils(folder.path()));
    fs::write(folder.path().join("b.txt"), "d").unwrap();
    let changed = statement(source, "json");
    assert_ne!(made["subject"], changed["subject"], "every file counts, also one nobody claims");
}

#[test]
fn the_predicate_is_the_document() {
    for (format, kind) in [
        ("cyclonedx", "https://cyclonedx.org/bom"),
        ("spdx", "https://spdx.dev/Document/v2.3"),
        ("sarif", "https://docs.oasis-open.org/sarif/sarif/v2.1.0"),
        ("json", "urn:flowdown:inventory:1"),
    ] {
        let made = statement(EXAMPLE, format);
        assert_eq!(made["_type"], "https://in-toto.io/Statement/v1");
        assert_eq!(made["predicateType"], kind);
        assert_eq!(made["subject"][0]["name"], "01_rail_finetune");
        let alone = run(&["scan", EXAMPLE, "-o", &format!("{format}=-")]).stdout;
        let alone: Value = serde_json::from_slice(&alone).unwrap();
        assert_eq!(made["predicate"], alone, "{format}");
    }
}

#[track_caller]
fn refused(arguments: &[&str], words: &str) {
    let output = run(&[&["scan", EXAMPLE, "--in-toto"], arguments].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let error = text(&output.stderr);
    assert!(error.contains(words), "{error}");
}

#[test]
fn what_cannot_be_attested_is_refused_before_the_scan() {
    refused(&["-o", "csv=-"], "`csv` cannot be attested");
    refused(&["-o", "markdown=-"], "use `cyclonedx`, `spdx`, `sarif` or `json`");
    refused(&["-o", "json=-", "--quick"], "`--quick` reads headers only");
    refused(&[], "there is none");
}

#[test]
fn what_was_not_listed_is_not_attested() {
    let folder = tempfile::tempdir().unwrap();
    let mut deep = folder.path().to_owned();
    for _ in 0..3 {
        deep.push("d");
    }
    fs::create_dir_all(&deep).unwrap();
    fs::write(deep.join("a"), "a").unwrap();
    let settings = folder.path().join("flowdown.toml");
    fs::write(&settings, "[limits]\nfolder_depth = 1\n").unwrap();
    let [source, config] = [folder.path(), &settings].map(|path| path.to_str().unwrap());
    let output = run(&["scan", source, "--config", config, "--in-toto", "-o", "json=-"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(text(&output.stderr).contains("there is no digest of what was scanned"));
}

#[test]
fn completeness_stands_in_for_the_summary() {
    let printed = text(&run(&["scan", EXAMPLE, "--completeness"]).stdout);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("completeness.md");
    let output = format!("completeness={}", file.display());
    let other = text(&run(&["scan", EXAMPLE, "-o", &output]).stdout);
    assert_eq!(printed, fs::read_to_string(file).unwrap());
    assert!(printed.starts_with("# Completeness") && other.starts_with("01_rail_finetune"));
    let both = run(&["scan", EXAMPLE, "--completeness", "-o", "json=-"]);
    assert_eq!(both.status.code(), Some(2), "one of them can have standard output");
}
