//! Models that the tool of the OpenSSF Model Signing specification signed: the Python package
//! `model-signing` (needs `FLOWDOWN_PYTHON`; without it these tests are listed as ignored).

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use flowdown_test_support::outside::{self, PYTHON, Test};
use flowdown_test_support::safetensors::SafetensorsBuilder;
use libtest_mimic::{Arguments, Failed};
use serde_json::Value;

fn main() {
    let tests: [(&str, Test); 3] = [
        ("files_of_a_signed_model_have_the_signed_digests", unchanged),
        ("a_file_that_was_changed_is_named", changed),
        ("what_was_not_read_was_not_compared", quick),
    ];
    libtest_mimic::run(&Arguments::from_args(), outside::trials(PYTHON, &tests)).exit();
}

fn run(command: &mut Command) -> Result<(), Failed> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
}

/// A model with a key of its own, signed.
fn signed(python: &Path) -> Result<tempfile::TempDir, Failed> {
    let folder = tempfile::tempdir()?;
    let (model, key) = (folder.path().join("model"), folder.path().join("key.pem"));
    fs::create_dir(&model)?;
    let weights = SafetensorsBuilder::new().tensor("w", "U8", &[4], b"1234").build();
    fs::write(model.join("model.safetensors"), weights)?;
    fs::write(model.join("config.json"), r#"{"model_type": "llama"}"#)?;
    fs::write(model.join("README.md"), "---\nlicense: mit\n---\n")?;
    run(Command::new("openssl")
        .args(["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out"])
        .arg(&key))?;
    run(Command::new(python)
        .args(["-m", "model_signing", "sign", "key"])
        .arg(&model)
        .arg("--signature")
        .arg(model.join("model.sig"))
        .arg("--private_key")
        .arg(&key))?;
    Ok(folder)
}

/// Codes and messages of diagnostics about the signature.
fn told(folder: &Path, more: &[&str]) -> Result<Vec<(String, String)>, Failed> {
    let output = Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .args(["scan", "model", "-o", "json=-", "--no-summary"])
        .args(more)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()?;
    let document: Value = serde_json::from_slice(&output.stdout)?;
    let diagnostics = document["inventory"]["diagnostics"].as_array().ok_or("no diagnostics")?;
    let text = |it: &Value, key: &str| it[key].as_str().unwrap_or_default().to_owned();
    let about = diagnostics.iter().filter(|it| text(it, "code").starts_with("signature."));
    Ok(about.map(|it| (text(it, "code"), text(it, "message"))).collect())
}

fn expect(told: &[(String, String)], expected: &[(&str, &str)]) -> Result<(), Failed> {
    let is_it = |((code, message), (wanted, words)): (&(String, String), &(&str, &str))| {
        code == wanted && message.contains(words)
    };
    if told.len() == expected.len() && told.iter().zip(expected).all(is_it) {
        return Ok(());
    }
    Err(format!("{told:?} is not {expected:?}").into())
}

fn unchanged(python: &Path) -> Result<(), Failed> {
    let folder = signed(python)?;
    let words = "of `3` files that it names, `3` are here with these digests, `0` with others";
    expect(&told(folder.path(), &[])?, &[("signature.unverified", words)])
}

fn changed(python: &Path) -> Result<(), Failed> {
    let folder = signed(python)?;
    let card = folder.path().join("model/README.md");
    fs::write(card, "---\nlicense: apache-2.0\n---\n")?;
    let expected = [
        ("signature.mismatch", "`README.md` is signed as `sha256:"),
        ("signature.unverified", "`2` are here with these digests, `1` with others"),
    ];
    expect(&told(folder.path(), &[])?, &expected)
}

fn quick(python: &Path) -> Result<(), Failed> {
    let folder = signed(python)?;
    let words = "`0` are here with these digests, `0` with others, `3` were not compared";
    expect(&told(folder.path(), &["--quick"])?, &[("signature.unverified", words)])
}
