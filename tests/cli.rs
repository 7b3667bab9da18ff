//! The binary as its users run it: exit code, standard output, standard error, files.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use flowdown_core::model::{Digest, Sha512};
use flowdown_test_support::safetensors::SafetensorsBuilder;
use serde_json::Value;

const EXAMPLE: &str = "examples/01_rail_finetune";

fn flowdown(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowdown"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    flowdown(arguments).output().unwrap()
}

/// Exit code and both streams, as a reader of a terminal without colours sees them.
fn shown(arguments: &[&str]) -> String {
    let output = run(arguments);
    format!(
        "exit code: {}\n--- standard output\n{}--- standard error\n{}",
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap()
    )
}

fn json(arguments: &[&str]) -> Value {
    let output = run(arguments);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}", String::from_utf8_lossy(&output.stderr));
    })
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_example_of_the_readme() {
    insta::assert_snapshot!(shown(&["scan", EXAMPLE]));
}

#[test]
fn the_bundle_of_the_example() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("bundle");
    let product = format!("{EXAMPLE}/flowdown.toml");
    let output = run(&["bundle", EXAMPLE, "--product", &product, "-o", &text(&out)]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    insta::assert_snapshot!(printed.replace(&text(&out), "OUT"));

    let manifest: Value =
        serde_json::from_slice(&fs::read(out.join("bundle.json")).unwrap()).unwrap();
    let mut listed: Vec<PathBuf> = vec!["bundle.json".into()];
    for file in manifest["files"].as_array().unwrap() {
        let path = file["path"].as_str().unwrap();
        let bytes = fs::read(out.join(path)).unwrap();
        assert_eq!(file["size"].as_u64(), Some(bytes.len() as u64));
        let digest = Digest::sha256_of(&bytes);
        let stated = file["sha256"].as_str().unwrap();
        assert!(stated.ends_with(&digest.hex()), "{path}: {stated}");
        listed.push(path.into());
    }
    listed.sort();
    assert_eq!(files_below(&out), listed, "the manifest lists every file");
    let restrictions = fs::read_to_string(out.join("USE-RESTRICTIONS.md")).unwrap();
    assert!(restrictions.contains("medical-advice"), "a category of the fine-tune's licence");
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(next) = pending.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_bundle_is_never_mixed_with_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("old"), "x").unwrap();
    let product = format!("{EXAMPLE}/flowdown.toml");
    let output = run(&["bundle", EXAMPLE, "--product", &product, "-o", &text(folder.path())]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("is not empty"));
}

#[test]
fn the_same_source_gives_the_same_bytes() {
    for format in ["json", "cyclonedx", "spdx", "spdx-3", "spdx-tag-value"] {
        let output = format!("{format}=-");
        let first = run(&["scan", EXAMPLE, "-o", &output, "--threads", "1"]).stdout;
        let second = run(&["scan", EXAMPLE, "-o", &output, "--threads", "2"]).stdout;
        assert!(!first.is_empty());
        assert_eq!(first, second, "{format}");
    }
}

#[test]
fn a_fine_tune_keeps_its_name_and_its_base_is_an_ancestor() {
    let bom = json(&["scan", EXAMPLE, "-o", "cyclonedx=-"]);
    let components = bom["components"].as_array().unwrap();
    let model = components.iter().find(|component| component["name"] == "acme-coder-1b").unwrap();
    assert_eq!(model["type"], "machine-learning-model");
    let ancestors = model["pedigree"]["ancestors"].as_array().unwrap();
    assert!(
        ancestors.iter().any(|ancestor| ancestor["name"] == "starcoderbase-1b"),
        "{ancestors:?}"
    );
    assert!(components.iter().all(|component| component["name"] != "starcoderbase-1b"));
}

#[test]
fn quick_reads_headers_and_says_so_in_the_identity() {
    let report = json(&["scan", EXAMPLE, "--quick", "-o", "json=-"]);
    let artifacts = report["inventory"]["artifacts"].as_array().unwrap();
    let models: Vec<&str> = artifacts
        .iter()
        .filter(|artifact| artifact["kind"] == "model")
        .map(|artifact| artifact["id"].as_str().unwrap())
        .collect();
    assert_eq!(models.len(), 2);
    assert!(models.iter().all(|id| id.starts_with("model:headers:sha256:")), "{models:?}");
}

#[test]
fn the_profile_of_the_bsi_brings_sha512() {
    let file = "models/acme-coder-1b/model.safetensors";
    let bytes = fs::read(Path::new(EXAMPLE).join(file)).unwrap();
    let digests = |profile: &[&str]| -> Vec<String> {
        let document = json(&[&["scan", EXAMPLE, "-o", "cyclonedx=-"], profile].concat());
        let components = document["components"].as_array().unwrap().clone();
        let model = components.iter().find(|it| it["name"] == "acme-coder-1b").unwrap();
        let hashes = model["hashes"].as_array().unwrap().iter();
        hashes.map(|hash| format!("{}:{}", hash["alg"], hash["content"]).replace('"', "")).collect()
    };
    let sha256 = format!("SHA-256:{}", Digest::sha256_of(&bytes).hex());
    let sha512 = format!("SHA-512:{}", Sha512::of(&bytes).hex());
    assert_eq!(digests(&["--profile", "bsi"]), [sha256.clone(), sha512]);
    assert_eq!(digests(&[]), [sha256]);
}

#[test]
fn findings_fail_only_where_the_user_says_so() {
    assert_eq!(run(&["scan", EXAMPLE]).status.code(), Some(0));
    assert_eq!(run(&["scan", EXAMPLE, "--fail-on", "error"]).status.code(), Some(1));
}

#[test]
fn an_empty_directory_is_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(&["scan", &text(folder.path())]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("no models, packages or licences"));
}

#[test]
fn a_broken_file_hides_nothing_and_makes_the_scan_incomplete() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bad.gguf"), b"GGUF\x03\0\0\0\xff\xff").unwrap();
    fs::write(folder.path().join("requirements.txt"), "numpy==1.26.4\n").unwrap();
    let output = run(&["scan", &text(folder.path())]);
    assert_eq!(output.status.code(), Some(3));
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(stderr.contains("error[gguf.header-truncated]"), "{stderr}");
    assert!(stdout.contains("1 model") && stdout.contains("1 package"), "{stdout}");
}

#[test]
fn what_stands_in_a_file_cannot_command_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let card = "---\nlicense: \"mit\\e[31m\\u202E\"\n---\n";
    fs::write(folder.path().join("README.md"), card).unwrap();
    fs::write(folder.path().join("config.json"), r#"{"model_type":"x"}"#).unwrap();
    let output = run(&["scan", &text(folder.path())]);
    let all = [output.stdout, output.stderr].concat();
    assert!(String::from_utf8_lossy(&all).contains("\\u{1b}"), "the escape is shown, not obeyed");
    assert!(!all.contains(&0x1b));
}

#[test]
fn excluded_paths_are_left_out() {
    let report = json(&["scan", EXAMPLE, "--exclude", "models/**", "-o", "json=-"]);
    let artifacts = report["inventory"]["artifacts"].as_array().unwrap();
    assert!(!artifacts.is_empty());
    assert!(artifacts.iter().all(|artifact| artifact["kind"] == "package"));
}

#[test]
fn documents_of_an_earlier_run_are_not_scanned() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "x").unwrap();
    let scan = |cdx: &str| {
        let mut command = flowdown(&["scan", ".", "-o", "json=bom.json", "-o", cdx]);
        let output = command.current_dir(folder.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        fs::read(folder.path().join("bom.json")).unwrap()
    };
    let first = scan("cyclonedx=bom.cdx.json");
    assert_eq!(first, scan("cyclonedx=./bom.cdx.json"));
}

#[test]
fn excludes_are_those_of_gitignore() {
    let folder = tempfile::tempdir().unwrap();
    for path in ["a.bin", "x/a.bin", "x/y/a.bin", "x/b.txt", "y/c.txt"] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
    let left = |pattern: &str| {
        let report = json(&["scan", &text(folder.path()), "--exclude", pattern, "-o", "json=-"]);
        let unclaimed = report["inventory"]["unclaimed"].as_array().unwrap();
        let paths = unclaimed.iter().map(|file| file["path"].as_str().unwrap());
        paths.collect::<Vec<_>>().join(" ")
    };
    for (pattern, expected) in [
        ("*.bin", "x/b.txt y/c.txt"),
        ("y", "a.bin x/a.bin x/b.txt"),
        ("/y/", "a.bin x/a.bin x/b.txt x/y/a.bin"),
        ("x/y", "a.bin x/a.bin x/b.txt y/c.txt"),
        ("./x/*.bin", "a.bin x/b.txt x/y/a.bin y/c.txt"),
        ("x/**", "a.bin y/c.txt"),
        ("/a.bin", "x/a.bin x/b.txt x/y/a.bin y/c.txt"),
    ] {
        assert_eq!(left(pattern), expected, "{pattern}");
    }
}

#[test]
fn mistakes_are_explained() {
    for (arguments, words) in [
        (&["scan", "no/such/folder"][..], "no/such/folder"),
        (&["scan", EXAMPLE, "-o", "cyclonedy=x"], "`cyclonedx`"),
        (&["scan", EXAMPLE, "-o", "json"], "FORMAT=FILE"),
        (&["scan", EXAMPLE, "-o", "json=-", "-o", "spdx=-"], "one place"),
        (&["scan", EXAMPLE, "-o", "json=x", "-o", "spdx=./x"], "one place"),
        (&["scan", EXAMPLE, "-o", "json=no/such/folder/x"], "`no/such/folder/x`"),
        (&["scan", EXAMPLE, "-o", "json=docs"], "`docs`"),
        (&["scan", EXAMPLE, "--exclude", "a{"], "--exclude"),
        (&["scan", EXAMPLE, "--exclude", "/"], "names nothing"),
        (&["scan", EXAMPLE, "--product", "rustfmt.toml"], "rustfmt.toml"),
        (&["scan", "docker-archive:x.tar"], "`x.tar` cannot be opened"),
        (&["scan", EXAMPLE, "--config", "Cargo.toml"], "Cargo.toml"),
        (&["scan", EXAMPLE, "--plugin", "Cargo.toml"], "plugin"),
        (&["plugins", "inspect", "nobody"], "nobody"),
    ] {
        let output = run(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(words), "{arguments:?}: {stderr}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn the_summary_says_that_it_is_incomplete() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("cut.gguf"), "GGUF").unwrap();
    let output = run(&["scan", &text(folder.path())]);
    assert_eq!(output.status.code(), Some(3));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("incomplete: 1 place could not be looked at"), "{printed}");
}

/// A gate must hold when its output goes to `head`.
#[test]
fn a_closed_pipe_does_not_hide_an_objection() {
    for output in ["json=-", "cyclonedx=-"] {
        let mut child = flowdown(&["scan", EXAMPLE, "-o", output, "--fail-on", "error"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(1), "{output}");
    }
}

#[test]
fn an_image_is_not_taken_for_an_empty_directory() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("oci-layout"), "{}").unwrap();
    fs::write(folder.path().join("index.json"), "{}").unwrap();
    let output = run(&["scan", &text(folder.path())]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("it holds no image"));
}

#[test]
fn a_reader_who_leaves_early_is_no_error() {
    let mut child = flowdown(&["scan", EXAMPLE, "-o", "json=-"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
}

#[test]
fn built_in_plugins_are_listed() {
    let output = run(&["plugins", "list"]);
    let stdout = String::from_utf8(output.stdout).unwrap();
    let ids: Vec<&str> = stdout.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(ids, ["commercial", "community", "lineage", "open-source", "rail"]);
    assert!(stdout.lines().all(|line| line.contains("built-in")));
}

#[test]
fn documents_validate_against_our_schemas() {
    let schema: Value =
        serde_json::from_slice(&fs::read("schemas/inventory/1.json").unwrap()).unwrap();
    let document = json(&["scan", EXAMPLE, "-o", "json=-"]);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
}

/// Files of some size wait until the small ones are read.
#[test]
fn files_of_every_size_are_read_to_their_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut expected = Vec::new();
    for (name, bytes) in [("a", 5 << 20), ("b", 1 << 10), ("c", 9 << 20)] {
        let content = vec![name.as_bytes()[0]; bytes];
        let weights =
            SafetensorsBuilder::new().tensor("w", "U8", &[bytes as u64], &content).build();
        let path = format!("{name}/model.safetensors");
        fs::create_dir(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(&path), &weights).unwrap();
        expected.push((path, weights.len() as u64, Digest::sha256_of(&weights).to_string()));
    }
    let document = json(&["scan", "-o", "json=-", &text(folder.path())]);
    let artifacts = document["inventory"]["artifacts"].as_array().unwrap();
    let mut found: Vec<(String, u64, String)> = artifacts
        .iter()
        .flat_map(|artifact| artifact["files"].as_array().unwrap())
        .map(|file| {
            let text = |key: &str| file[key].as_str().unwrap().to_owned();
            (text("path"), file["size"].as_u64().unwrap(), text("sha256"))
        })
        .collect();
    found.sort();
    assert_eq!(found, expected);
}
