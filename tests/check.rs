//! `flowdown check` as its users run it: exit code, output, policy, baseline.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use flowdown_core::model::Digest;
use serde_json::Value;

const EXAMPLE: &str = "examples/01_rail_finetune";
const POLICY: &str = "examples/05_policy/flowdown.toml";

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

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A folder with a policy beside a tree to check.
struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    /// A model under `license`, with this text as its licence file.
    fn new(license: &str, license_text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let model = folder.path().join("tree/model");
        fs::create_dir_all(&model).unwrap();
        let header = br#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
        let mut weights = (header.len() as u64).to_le_bytes().to_vec();
        weights.extend_from_slice(header);
        weights.extend_from_slice(&[0; 4]);
        fs::write(model.join("model.safetensors"), weights).unwrap();
        if !license.is_empty() {
            let card = format!("---\nlicense: {license}\n---\n# Model\n");
            fs::write(model.join("README.md"), card).unwrap();
        }
        if !license_text.is_empty() {
            fs::write(model.join("LICENSE"), license_text).unwrap();
        }
        Self { folder }
    }

    fn policy(&self, text: &str) {
        let product = "[product]\nname = 'p'\nships = 'internal'\ncommercial = true\n";
        fs::write(self.folder.path().join("flowdown.toml"), format!("{product}{text}")).unwrap();
    }

    fn check(&self, more: &[&str]) -> Output {
        let (tree, config) =
            (self.folder.path().join("tree"), self.folder.path().join("flowdown.toml"));
        let arguments = [&["check", text(&tree), "--config", text(&config)], more].concat();
        run(&arguments)
    }

    /// Exit code and codes of the new findings on `model`, sorted.
    #[track_caller]
    fn expect(&self, policy: &str, exit: i32, codes: &[&str]) {
        self.policy(policy);
        let output = self.check(&["-o", "json=-"]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {stderr}"));
        assert_eq!(found(&report, "new"), codes, "{policy}");
        assert_eq!(output.status.code(), Some(exit), "{policy}: {stderr}");
        assert_eq!(report["policy"]["objects"], Value::Bool(exit == 1));
    }
}

/// Codes of the policy's findings in this state, sorted.
fn found(report: &Value, state: &str) -> Vec<String> {
    let findings = report["assessment"]["findings"].as_array().unwrap();
    let mut codes: Vec<String> = findings
        .iter()
        .filter(|finding| finding["standing"]["state"] == state)
        .map(|finding| finding["rule"].as_str().unwrap().to_owned())
        .filter(|code| code.starts_with("policy."))
        .collect();
    codes.sort();
    codes
}

const ALLOW_MIT: &str = "[[policy.allow]]\nlicense = 'MIT'\n";
const ALLOW_APACHE: &str = "[[policy.allow]]\nlicense = 'Apache-2.0'\n";

#[test]
fn the_example() {
    let output = run(&["check", EXAMPLE, "--config", POLICY]);
    insta::assert_snapshot!(format!(
        "exit code: {}\n--- standard output\n{}--- standard error\n{}",
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap()
    ));
}

#[test]
fn without_a_policy_errors_are_objections() {
    let output = run(&["check", EXAMPLE]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("the policy objects"));
    let folder = tempfile::tempdir().unwrap();
    let output = run(&["check", text(folder.path())]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("does not object"));
}

#[test]
fn an_allow_list_lets_pass_what_it_names() {
    let case = Case::new("mit", "");
    case.expect(&format!("[policy]\n{ALLOW_MIT}"), 0, &[]);
    case.expect("[policy]\n[[policy.allow]]\nfamily = 'oss-permissive'\n", 0, &[]);
    case.expect(
        &format!("[policy]\n{ALLOW_APACHE}"),
        1,
        &["policy.allowance-unused", "policy.license-not-allowed"],
    );
    case.expect(
        &format!("[policy]\n{ALLOW_MIT}[[policy.deny]]\nlicense = 'mit'\n"),
        1,
        &["policy.license-denied"],
    );
}

#[test]
fn unknown_is_never_allowed() {
    let nothing = Case::new("", "");
    nothing.expect(
        &format!("[policy]\n{ALLOW_MIT}"),
        1,
        &["policy.allowance-unused", "policy.license-unknown"],
    );
    let strange = Case::new("", "You may look at it on Sundays.\n");
    strange.expect(
        "[policy]\n[[policy.allow]]\nfamily = 'oss-permissive'\n",
        1,
        &["policy.allowance-unused", "policy.license-unknown"],
    );
}

#[test]
fn a_choice_needs_one_allowance_and_a_sum_all() {
    let lock = |license: &str| {
        let case = Case::new("mit", "");
        let package = case.folder.path().join("tree/a-1.dist-info");
        fs::create_dir(&package).unwrap();
        let metadata =
            format!("Metadata-Version: 2.4\nName: a\nVersion: 1\nLicense-Expression: {license}\n");
        fs::write(package.join("METADATA"), metadata).unwrap();
        case
    };
    let policy = format!("[policy]\n{ALLOW_MIT}");
    lock("MIT OR GPL-3.0-only").expect(&policy, 0, &[]);
    lock("MIT AND GPL-3.0-only").expect(&policy, 1, &["policy.license-not-allowed"]);
    lock("(GPL-3.0-only OR MIT) AND MIT").expect(&policy, 0, &[]);
    let denied = "[policy]\n[[policy.deny]]\nlicense = 'GPL-3.0-only'\n";
    lock("MIT OR GPL-3.0-only").expect(denied, 0, &[]);
    lock("MIT AND GPL-3.0-only").expect(denied, 1, &["policy.license-denied"]);
}

#[test]
fn an_exception_accepts_with_a_reason_and_a_last_day() {
    let case = Case::new("mit", "");
    let policy = |exception: &str| {
        format!("[policy]\n{ALLOW_APACHE}[[policy.exception]]\nreason = 'for now'\n{exception}\n")
    };
    let unused = "policy.allowance-unused";
    case.expect(&policy("artifact = 'model*'"), 0, &[unused]);
    case.expect(&policy("artifact = 'model*'\nexpires = 2023-11-14"), 0, &[unused]);
    case.expect(
        &policy("artifact = 'model*'\nexpires = 2023-11-13"),
        1,
        &[unused, "policy.exception-expired", "policy.license-not-allowed"],
    );
    case.expect(
        &policy("artifact = 'nobody'"),
        1,
        &[unused, "policy.exception-unused", "policy.license-not-allowed"],
    );
    case.policy(&policy("artifact = 'model*'"));
    let report: Value = serde_json::from_slice(&case.check(&["-o", "json=-"]).stdout).unwrap();
    assert_eq!(found(&report, "excepted"), ["policy.license-not-allowed"], "it stays in sight");
    let findings = report["assessment"]["findings"].as_array().unwrap();
    let excepted = findings.iter().find(|it| it["standing"]["state"] == "excepted").unwrap();
    assert_eq!(excepted["standing"]["reason"], "for now");
    let printed = String::from_utf8(case.check(&[]).stdout).unwrap();
    assert!(printed.contains("for now") && printed.contains("1 excepted"), "{printed}");
}

#[test]
fn a_clarification_holds_for_these_bytes_only() {
    let license_text = "You may look at it on Sundays.\n";
    let case = Case::new("", license_text);
    let policy = |digest: &str| {
        format!(
            "[policy]\n[[policy.allow]]\nlicense = 'LicenseRef-Sunday'\n[[policy.clarification]]\n\
             sha256 = '{digest}'\nlicense = 'LicenseRef-Sunday'\nreason = 'read it'\n"
        )
    };
    let digest = Digest::sha256_of(license_text.as_bytes()).hex();
    case.expect(&policy(&digest), 0, &[]);
    case.expect(
        &policy(&digest.replace('0', "1")),
        1,
        &["policy.allowance-unused", "policy.clarification-unused", "policy.license-unknown"],
    );
    fs::write(case.folder.path().join("tree/model/LICENSE"), "And on Mondays.\n").unwrap();
    case.expect(
        &policy(&digest),
        1,
        &["policy.allowance-unused", "policy.clarification-unused", "policy.license-unknown"],
    );
}

#[test]
fn a_baseline_makes_known_what_was_there() {
    let case = Case::new("mit", "");
    case.policy(&format!("[policy]\n{ALLOW_APACHE}"));
    let baseline = case.folder.path().join("baseline.json");
    let written = case.check(&["--write-baseline", text(&baseline)]);
    assert_eq!(written.status.code(), Some(0), "what was just written is known");
    let document: Value = serde_json::from_slice(&fs::read(&baseline).unwrap()).unwrap();
    let schema: Value =
        serde_json::from_slice(&fs::read("schemas/baseline/1.json").unwrap()).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&document), "{document}");

    let with_baseline = format!("[policy]\nbaseline = 'baseline.json'\n{ALLOW_APACHE}");
    case.expect(&with_baseline, 0, &[]);
    let printed = String::from_utf8(case.check(&[]).stdout).unwrap();
    assert!(printed.contains("known policy.license-not-allowed on model"), "{printed}");

    // A second model of the same kind is new, a changed one is not.
    let other = case.folder.path().join("tree/other");
    fs::create_dir(&other).unwrap();
    for file in ["model.safetensors", "README.md"] {
        fs::copy(case.folder.path().join("tree/model").join(file), other.join(file)).unwrap();
    }
    let mut weights = fs::read(other.join("model.safetensors")).unwrap();
    *weights.last_mut().unwrap() = 1;
    fs::write(other.join("model.safetensors"), &weights).unwrap();
    case.expect(&with_baseline, 1, &["policy.license-not-allowed"]);
    fs::remove_dir_all(&other).unwrap();
    *weights.last_mut().unwrap() = 2;
    fs::write(case.folder.path().join("tree/model/model.safetensors"), &weights).unwrap();
    case.expect(&with_baseline, 0, &[]);

    // What is gone is fixed.
    let settled = "[policy]\nbaseline = 'baseline.json'\n";
    case.expect(settled, 0, &[]);
    let printed = String::from_utf8(case.check(&[]).stdout).unwrap();
    assert!(printed.contains("fixed policy.license-not-allowed on `model:model`"), "{printed}");
}

#[test]
fn the_command_line_says_what_fails() {
    let case = Case::new("", "");
    case.policy("[policy]\n[[policy.deny]]\nlicense = 'MIT'\n");
    assert_eq!(case.check(&[]).status.code(), Some(0), "only warnings");
    assert_eq!(case.check(&["--fail-on", "warning"]).status.code(), Some(1));
    case.policy("[policy]\nfail_on = 'warning'\n");
    assert_eq!(case.check(&[]).status.code(), Some(1));
    assert_eq!(case.check(&["--fail-on", "error"]).status.code(), Some(0));
}

#[test]
fn an_objection_wins_against_incompleteness() {
    let case = Case::new("mit", "");
    fs::write(case.folder.path().join("tree/cut.gguf"), "GGUF").unwrap();
    case.policy("[policy]\n[[policy.deny]]\nlicense = 'MIT'\n");
    assert_eq!(case.check(&[]).status.code(), Some(1));
    case.policy("[policy]\n");
    assert_eq!(case.check(&[]).status.code(), Some(3));
}

#[test]
fn a_policy_of_its_own_file_counts_on_scan_too() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("policy.toml");
    fs::write(&policy, format!("[policy]\n{ALLOW_MIT}")).unwrap();
    for command in ["check", "scan"] {
        let output = run(&[command, EXAMPLE, "--policy", text(&policy)]);
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{command}");
        assert!(stdout.contains("policy.license-not-allowed"), "{command}: {stdout}");
        assert!(stdout.contains("the policy objects"), "{command}: {stdout}");
        assert!(!output.stdout.contains(&0x1b), "no colour without a terminal");
    }
}

#[test]
fn mistakes_are_explained() {
    let case = Case::new("mit", "");
    for (policy, words) in [
        (
            "[policy]\n[[policy.allow]]\nlicense = 'bigcode-openrail-m-v2'\n",
            "bigcode-openrail-m-v1",
        ),
        ("[policy]\n[[policy.deny]]\nfamily = 'permissive'\n", "oss-permissive"),
        ("[policy]\n[[policy.deny]]\ncategory = 'medical'\n", "policy.deny[0]"),
        ("[policy]\n[[policy.alow]]\nlicense = 'MIT'\n", "allow"),
        ("[policy]\nbaseline = 'absent.json'\n", "--write-baseline"),
        (
            "[policy]\n[[policy.clarification]]\nsha256 = 'x'\nlicense = 'openrail'\nreason = 'r'\n",
            "licences; name the one it is",
        ),
    ] {
        case.policy(policy);
        let output = case.check(&[]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{policy}: {stderr}");
        assert!(stderr.contains(words), "{policy}: {stderr}");
        assert!(output.stdout.is_empty());
    }
    let output = run(&["check", EXAMPLE, "--policy", "examples/01_rail_finetune/flowdown.toml"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("has no table `[policy]`"));
}

#[test]
fn documents_with_a_policy_validate_against_our_schema() {
    let schema: Value =
        serde_json::from_slice(&fs::read("schemas/inventory/1.json").unwrap()).unwrap();
    let output = run(&["check", EXAMPLE, "--config", POLICY, "-o", "json=-"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    assert!(document["policy"]["declared_in"].as_str().unwrap().starts_with("sha256:"));
}
