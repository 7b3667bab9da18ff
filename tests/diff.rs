//! `flowdown diff` as its users run it: exit code, standard output, standard error.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const EXAMPLE: &str = "examples/01_rail_finetune";
const CARD: &str = "models/acme-coder-1b/README.md";
const FORMATS: [&str; 3] = ["text", "json", "markdown"];

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[track_caller]
fn shown(arguments: &[&str], exit: i32) -> String {
    let output = run(arguments);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(exit), "{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The example, and a copy in which `change` was made.
struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    fn new(change: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join(EXAMPLE);
        for side in ["old", "new"] {
            copy(&example, &folder.path().join(side));
        }
        change(&folder.path().join("new"));
        Self { folder }
    }

    /// With another word for another in the card of the fine-tune.
    fn card(from: &str, to: &str) -> Self {
        Self::new(|new| {
            let card = fs::read_to_string(new.join(CARD)).unwrap();
            assert!(card.contains(from));
            fs::write(new.join(CARD), card.replace(from, to)).unwrap();
        })
    }

    fn side(&self, side: &str) -> PathBuf {
        self.folder.path().join(side)
    }

    fn diff(&self, more: &[&str], exit: i32) -> String {
        let (old, new) = (self.side("old"), self.side("new"));
        shown(&[&["diff", text(&old), text(&new)], more].concat(), exit)
    }

    fn json(&self, exit: i32) -> Value {
        serde_json::from_str(&self.diff(&["--format", "json"], exit)).unwrap()
    }

    /// The document of one side, as a file.
    fn document(&self, side: &str, format: &str) -> PathBuf {
        let file = self.folder.path().join(format!("{side}.{format}"));
        let output = format!("{format}={}", text(&file));
        shown(&["scan", text(&self.side(side)), "-o", &output, "--no-summary"], 0);
        file
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// `topic weight` of every change, and what was added and removed.
fn summary(json: &Value) -> Vec<String> {
    let list = |key: &str| json[key].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let changes = list("changed").into_iter().flat_map(|changed| {
        let changes = changed["changes"].as_array().unwrap().clone();
        changes
            .into_iter()
            .map(move |change| format!("{} {}", text(&change["topic"]), text(&change["weight"])))
    });
    let added = list("added").into_iter().map(|it| format!("+ {}", text(&it["component"])));
    let removed = list("removed").into_iter().map(|it| format!("- {}", text(&it["component"])));
    changes.chain(added).chain(removed).collect()
}

#[test]
fn another_licence_tag_is_found_and_nothing_else() {
    let case = Case::card("bigcode-openrail-m", "apache-2.0");
    let json = case.json(1);
    assert_eq!(
        summary(&json),
        ["license-declared policy", "license-effective policy", "obligations policy"]
    );
    assert_eq!(json["changed"].as_array().unwrap().len(), 1);
    let declared = &json["changed"][0]["changes"][0];
    assert_eq!(declared["old"], serde_json::json!(["LicenseRef-scancode-bigcode-open-rail-m-v1"]));
    assert_eq!(declared["new"], serde_json::json!(["Apache-2.0"]));
    assert_eq!(json["unchanged"], 6);
    insta::assert_snapshot!("another_licence_text", case.diff(&[], 1));
    insta::assert_snapshot!("another_licence_markdown", case.diff(&["--format", "markdown"], 1));
    // Documents of the two scans say the same as the scans.
    let (old, new) = (case.document("old", "json"), case.document("new", "json"));
    let of_documents = shown(&["diff", text(&old), text(&new), "--format", "json"], 1);
    assert_eq!(of_documents, case.diff(&["--format", "json"], 1));
}

#[test]
fn nothing_beside_itself() {
    let case = Case::new(|_| {});
    for format in FORMATS {
        let printed = case.diff(&["--format", format], 0);
        let is_empty = match format {
            "json" => summary(&serde_json::from_str(&printed).unwrap()).is_empty(),
            _ => printed.contains("no differences") && printed.lines().count() < 6,
        };
        assert!(is_empty, "{printed}");
    }
    let document = case.document("old", "json");
    for format in FORMATS {
        let arguments =
            ["diff", text(&document), text(&document), "--format", format, "--fail-on", "any"];
        shown(&arguments, 0);
    }
    // A document and the source that it is of.
    shown(&["diff", text(&document), text(&case.side("new")), "--fail-on", "any"], 0);
}

#[test]
fn what_counts_is_a_choice() {
    let case = Case::new(|new| {
        let file = new.join("requirements.txt");
        let lines = fs::read_to_string(&file).unwrap().replace("numpy==1.26.4", "numpy==2.0.0");
        fs::write(file, lines).unwrap();
    });
    assert_eq!(summary(&case.json(0)), ["version note"]);
    case.diff(&["--fail-on", "any"], 1);
    let case = Case::card("bigcode-openrail-m", "apache-2.0");
    case.diff(&["--fail-on", "never"], 0);
}

#[test]
fn a_new_unknown_licence_counts_and_a_removed_package_does_not() {
    let case = Case::new(|new| fs::write(new.join("requirements.txt"), "").unwrap());
    assert!(summary(&case.json(0)).iter().all(|line| line.starts_with("- pkg:pypi/")));
    let case = Case::new(|new| {
        let weights = fs::read(new.join("models/acme-coder-1b/model.safetensors")).unwrap();
        fs::create_dir(new.join("models/new")).unwrap();
        // Another header, or it would be the model that is there.
        let mut header = br#"{"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#.to_vec();
        let mut file = (header.len() as u64).to_le_bytes().to_vec();
        file.append(&mut header);
        file.extend_from_slice(&[7; 4]);
        assert_ne!(file, weights);
        fs::write(new.join("models/new/model.safetensors"), file).unwrap();
    });
    let json = case.json(1);
    assert_eq!(json["added"][0]["reasons"], serde_json::json!(["its licence is unknown"]));
}

#[test]
fn json_follows_its_schema() {
    let stored =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/diff/1.json"));
    let schema: Value = serde_json::from_str(&stored.unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut json = Case::card("bigcode-openrail-m", "apache-2.0").json(1);
    assert!(validator.is_valid(&json));
    json["unheard_of"] = Value::Null;
    assert!(!validator.is_valid(&json));
}

#[test]
fn text_of_a_scanned_file_reaches_no_terminal() {
    // In YAML, with its escapes.
    let hostile = r#""x/\e[31m<img src=x>\u202e[a](b)""#;
    for from in ["bigcode/starcoderbase-1b", "bigcode-openrail-m"] {
        let case = Case::card(from, hostile);
        for format in FORMATS {
            let (old, new) = (case.side("old"), case.side("new"));
            let output = run(&["diff", text(&old), text(&new), "--format", format]);
            let printed = String::from_utf8(output.stdout).unwrap();
            assert!(printed.contains("acme-coder-1b"), "{printed}");
            assert!(!printed.contains('\u{1b}'), "{printed:?}");
            if format != "json" {
                assert!(!printed.contains('\u{202e}'), "{printed:?}");
            }
            if format == "markdown" {
                let unescaped = printed.replace("\\<", "").replace("\\]", "");
                assert!(!unescaped.contains("<img") && !unescaped.contains("]("), "{printed}");
            }
        }
    }
}

#[test]
fn wrong_arguments_are_said_to_be_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("words.json");
    fs::write(&file, "{}").unwrap();
    for arguments in
        [["diff", text(&file), EXAMPLE], ["diff", EXAMPLE, "no/such/path"], ["diff", "-", "-"]]
    {
        assert_eq!(run(&arguments).status.code(), Some(2), "{arguments:?}");
    }
    let output = run(&["diff", text(&file), EXAMPLE]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("is no bill of materials"));
}
