//! `flowdown schema` and `flowdown man`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Every file below `folder` whose path ends in `ending`.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(next) = pending.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_published_schema_can_be_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let list = printed(&["schema"]);
    let listed: BTreeSet<&str> = list.lines().map(|line| line.split(' ').next().unwrap()).collect();
    let mut names = BTreeSet::from(["settings"]);
    let files = files("schemas", ".json");
    let folders: Vec<String> = files
        .iter()
        .map(|file| file.parent().unwrap().strip_prefix(&root).unwrap().display().to_string())
        .collect();
    names.extend(folders.iter().map(String::as_str));
    assert_eq!(listed, names);
    for (file, name) in files.iter().zip(&folders) {
        assert_eq!(printed(&["schema", name]), fs::read_to_string(file).unwrap());
    }
    let unknown = run(&["schema", "bom"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("`inventory`"));
}

fn settings() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&printed(&["schema", "settings"])).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// A TOML document as a validator of JSON sees it: days are text.
fn value(text: &str) -> Value {
    fn convert(value: toml::Value) -> Value {
        match value {
            toml::Value::Datetime(day) => Value::from(day.to_string()),
            toml::Value::Array(items) => items.into_iter().map(convert).collect(),
            toml::Value::Table(table) => {
                table.into_iter().map(|(key, value)| (key, convert(value))).collect()
            }
            other => serde_json::to_value(other).unwrap(),
        }
    }
    convert(toml::Value::Table(text.parse().unwrap()))
}

#[test]
fn the_schema_of_the_settings_accepts_every_example() {
    let schema = settings();
    let files = files("examples", "flowdown.toml");
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let errors: Vec<String> =
            schema.iter_errors(&value(&text)).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{}", file.display());
    }
}

#[test]
fn the_schema_of_the_settings_refuses_what_the_program_refuses() {
    let schema = settings();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flowdown.toml");
    for (text, is_valid) in [
        ("[product]\nname = 'p'\nships = 'hosted'\nagreement = 'EULA.md'\n", None),
        ("[limits]\nentries = 7\n", Some(true)),
        ("[policy]\nfail_on = 'note'\n[[policy.allow]]\nlicense = 'MIT'\n", Some(true)),
        ("[[policy.exception]]\nartifact = 'a'\nreason = 'r'\nexpires = 2027-01-31\n", Some(true)),
        ("[produkt]\nname = 'p'\n", Some(false)),
        ("[product]\nname = 'p'\nvendr = 'x'\n", Some(false)),
        ("[product]\nversion = '1'\n", Some(false)),
        ("[product]\nname = 'p'\nships = 'sold'\n", Some(false)),
        ("[product]\nname = 'p'\nagreement = 5\n", Some(false)),
        ("[limits]\nentrys = 1\n", Some(false)),
        ("[[policy.exception]]\nartifact = 'a'\n", Some(false)),
        ("[[plugins]]\nsha256 = 'x'\n", Some(false)),
    ] {
        assert_eq!(schema.is_valid(&value(text)), is_valid.unwrap_or(true), "{text}");
        // What names another file is not read here.
        let Some(is_valid) = is_valid else { continue };
        fs::write(&file, text).unwrap();
        let config = file.to_str().unwrap();
        let output = run(&["scan", config, "--config", config, "-q"]);
        assert_eq!(output.status.code() != Some(2), is_valid, "{text}");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let page = printed(&["man"]);
    assert!(page.contains(".TH flowdown 1") && page.contains("flowdown\\-scan"), "{page}");
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("man");
    printed(&["man", pages.to_str().unwrap()]);
    let mut written: Vec<String> = fs::read_dir(&pages)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    written.sort();
    for command in ["", "-scan", "-check", "-bundle", "-schema", "-plugins-inspect"] {
        assert!(written.contains(&format!("flowdown{command}.1")), "{written:?}");
    }
    assert!(!written.iter().any(|name| name.contains("plugin-host")), "it is internal");
}
