//! `examples/ci`: every file parses, and names only what the program has.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ci").join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(file(name)).unwrap()
}

fn yaml(name: &str) -> Value {
    serde_saphyr::from_str(&text(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

const FILES: [&str; 5] =
    [".gitlab-ci.yml", ".pre-commit-hooks.yaml", "Containerfile", "README.md", "action.yml"];

#[test]
fn every_file_is_named_in_the_readme() {
    let mut found: Vec<String> = fs::read_dir(file(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    assert_eq!(found, FILES);
    let readme = text("README.md");
    assert!(FILES.iter().all(|name| *name == "README.md" || readme.contains(&format!("`{name}`"))));
}

#[test]
fn what_is_yaml_has_what_its_reader_asks_for() {
    let action = yaml("action.yml");
    assert_eq!(action["runs"]["using"], "composite");
    let step = &action["runs"]["steps"][0];
    assert_eq!(step["shell"], "bash");
    assert!(!step["run"].as_str().unwrap().contains("${{"), "an input could end the command");
    for (variable, input) in step["env"].as_object().unwrap() {
        assert!(step["run"].as_str().unwrap().contains(&format!("${variable}")), "{variable}");
        let input = input.as_str().unwrap().replace("${{ inputs.", "").replace(" }}", "");
        assert!(action["inputs"][&input]["default"].is_string(), "{input}");
    }

    let hook = &yaml(".pre-commit-hooks.yaml")[0];
    assert_eq!((&hook["language"], &hook["pass_filenames"]), (&"system".into(), &false.into()));
    assert!(["id", "name", "entry", "files"].iter().all(|key| hook[key].is_string()));

    let job = &yaml(".gitlab-ci.yml")["flowdown"];
    let script = job["script"][0].as_str().unwrap();
    for path in job["artifacts"]["paths"].as_array().unwrap() {
        assert!(script.contains(&format!("={}", path.as_str().unwrap())), "{path}");
    }
}

#[test]
fn the_containerfile_builds_with_the_rust_of_the_workspace_and_ends_small() {
    let text = text("Containerfile");
    let lines: Vec<&str> =
        text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let known = ["FROM", "WORKDIR", "COPY", "RUN", "USER", "ENTRYPOINT", "CMD"];
    assert!(lines.iter().all(|line| known.contains(&line.split(' ').next().unwrap())));
    let manifest = fs::read_to_string(file("../../Cargo.toml")).unwrap();
    let (_, version) = manifest.split_once("rust-version = \"").unwrap();
    let version = version.split('"').next().unwrap();
    assert_eq!(lines[0], format!("FROM rust:{version}-slim AS build"));
    let stages: Vec<usize> =
        (0..lines.len()).filter(|line| lines[*line].starts_with("FROM")).collect();
    assert_eq!(stages.len(), 2);
    let last = &lines[stages[1]..];
    assert!(last.iter().all(|line| !line.starts_with("COPY") || line.contains("--from=build")));
    assert!(last.iter().any(|line| line.starts_with("USER")), "nobody needs root to read");
    for list in last.iter().filter_map(|line| line.split_once('[')).map(|(_, list)| list) {
        serde_json::from_str::<Vec<String>>(&format!("[{list}")).unwrap();
    }
}

/// Command and options of every `flowdown COMMAND …` in `text`.
fn calls(text: &str) -> Vec<(String, Vec<String>)> {
    let mut calls = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        for (index, word) in words.iter().enumerate() {
            let is_command = |word: &&&str| word.chars().all(|c| c.is_ascii_lowercase());
            let command = words.get(index + 1).filter(is_command);
            if let ("flowdown", Some(command)) = (*word, command) {
                let rest = words[index + 2..].iter().take_while(|word| **word != ">");
                let options = rest.filter(|word| word.starts_with('-'));
                calls.push((
                    (*command).to_owned(),
                    options.map(|option| (*option).to_owned()).collect(),
                ));
            }
        }
    }
    calls
}

#[test]
fn only_options_that_the_program_has_are_named() {
    let mut count = 0;
    for name in FILES {
        for (command, options) in calls(&text(name)) {
            let output = Command::new(env!("CARGO_BIN_EXE_flowdown"))
                .args([&command, "--help"])
                .output()
                .unwrap();
            assert_eq!(output.status.code(), Some(0), "{name}: `flowdown {command}`");
            let help = String::from_utf8(output.stdout).unwrap();
            for option in options {
                let has = help.split([' ', ',', '\n', '<', '=']).any(|word| word == option);
                assert!(has, "{name}: `flowdown {command}` has no `{option}`");
                count += 1;
            }
        }
    }
    assert!(count >= 8, "{count} options were found");
}
