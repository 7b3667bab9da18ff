//! An image in a registry that nobody here wrote, which `FLOWDOWN_TEST_REGISTRY` names
//! (`localhost:5000/team/app:tag`, anonymous or with a stored login); ignored without it. `skopeo`
//! copies it into a layout, which must give the same document.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use flowdown_test_support::outside::trials;
use libtest_mimic::{Arguments, Failed};
use serde_json::Value;

fn main() {
    let arguments = Arguments::from_args();
    let trials = trials(
        "FLOWDOWN_TEST_REGISTRY",
        &[
            ("it_is_that_of_a_layout", it_is_that_of_a_layout),
            ("it_is_stable", it_is_stable),
            ("what_lies_beside_is_listed", what_lies_beside_is_listed),
            ("layers_with_a_table_are_read_in_parts", layers_with_a_table_are_read_in_parts),
        ],
    );
    libtest_mimic::run(&arguments, trials).exit();
}

/// The document of a scan, and its exit code.
fn scan(source: &str, threads: &str) -> Result<(Value, Option<i32>), Failed> {
    scan_with(source, &["--threads", threads])
}

fn scan_with(source: &str, arguments: &[&str]) -> Result<(Value, Option<i32>), Failed> {
    let output = Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .args(["scan", source, "-o", "json=-", "--no-cache"])
        .args(arguments)
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .stdin(Stdio::null())
        .output()?;
    let words = String::from_utf8_lossy(&output.stderr);
    let document = serde_json::from_slice(&output.stdout)
        .map_err(|error| Failed::from(format!("{error}: {words}")))?;
    Ok((document, output.status.code()))
}

/// Without what names the source.
fn unnamed((mut document, code): (Value, Option<i32>)) -> (Value, Option<i32>) {
    document["source"] = Value::Null;
    document["assessment"]["bundle"]["product"] = Value::Null;
    (document, code)
}

fn it_is_that_of_a_layout(name: &Path) -> Result<(), Failed> {
    let name = name.to_string_lossy();
    let folder = tempfile::tempdir()?;
    let path = name.split_once('/').map_or("", |(_, path)| path);
    let layout = folder.path().display();
    let status = Command::new("skopeo")
        .args(["copy", "-q", "--insecure-policy", "--src-tls-verify=false"])
        .arg(format!("docker://{name}"))
        .arg(format!("oci:{layout}:{path}"))
        .status()?;
    if !status.success() {
        return Err("`skopeo` cannot copy the image".into());
    }
    let fetched = scan(&name, "2")?;
    let kind = fetched.0["source"]["kind"].clone();
    if kind != "registry" {
        return Err(format!("the kind of the source is {kind}").into());
    }
    if unnamed(fetched) != unnamed(scan(&format!("oci:{layout}"), "2")?) {
        return Err("the layout gives another document".into());
    }
    Ok(())
}

fn it_is_stable(name: &Path) -> Result<(), Failed> {
    let name = name.to_string_lossy();
    if scan(&name, "1")? != scan(&name, "8")? {
        return Err("another number of threads gives another document".into());
    }
    Ok(())
}

/// `skopeo` copies from one place to another.
fn copy(from: &str, to: &str, more: &[&str]) -> Result<(), Failed> {
    let status = Command::new("skopeo")
        .args(["copy", "-q", "--insecure-policy", "--src-tls-verify=false"])
        .args(more)
        .args(["--dest-tls-verify=false", from, to])
        .status()?;
    status.success().then_some(()).ok_or_else(|| format!("`skopeo` cannot copy to {to}").into())
}

/// A copy of the image under a tag of cosign, in a repository of its own, is one that lies beside it.
fn what_lies_beside_is_listed(name: &Path) -> Result<(), Failed> {
    let name = name.to_string_lossy();
    let (repository, _) = name.rsplit_once(':').ok_or("the name has no tag")?;
    let repository = format!("{repository}-beside");
    copy(&format!("docker://{name}"), &format!("docker://{repository}:1"), &[])?;
    let (before, _) = scan(&format!("{repository}:1"), "2")?;
    let image = &before["source"]["images"][0];
    let digest = image["manifest"].as_str().ok_or("the image has no digest")?;
    let tag = digest.replacen(':', "-", 1);
    copy(&format!("docker://{name}"), &format!("docker://{repository}:{tag}.att"), &[])?;
    let (after, _) = scan(&format!("{repository}:1"), "2")?;
    let found = after["source"]["images"][0]["attachments"].as_array().map_or(0, Vec::len);
    let layers = image["layers"].as_array().map_or(0, Vec::len);
    if found == 0 || found != layers {
        return Err(format!("{found} attachments of {layers} layers: {after}").into());
    }
    Ok(())
}

/// Layers that `skopeo` writes as zstd:chunked: a quick scan finds in parts of them what all of them hold.
fn layers_with_a_table_are_read_in_parts(name: &Path) -> Result<(), Failed> {
    let name = name.to_string_lossy();
    let (repository, _) = name.rsplit_once(':').ok_or("the name has no tag")?;
    let repository = format!("{repository}-chunked");
    // Within one registry `skopeo` would take the layers that are there.
    let folder = tempfile::tempdir()?;
    let layout = format!("oci:{}:app", folder.path().display());
    let chunked = ["--dest-compress", "--dest-compress-format", "zstd:chunked"];
    copy(&format!("docker://{name}"), &layout, &chunked)?;
    copy(&layout, &format!("docker://{repository}:1"), &[])?;
    let (full, _) = scan(&format!("{repository}:1"), "2")?;
    if full.to_string().contains("image.table-mismatch") {
        return Err("the tables and the layers differ".into());
    }
    // A compressed layer without a table would not be read, and the exit code 3.
    let (quick, code) = scan_with(&format!("{repository}:1"), &["--quick"])?;
    if code != Some(0) {
        return Err(format!("{code:?}: {}", quick["inventory"]["diagnostics"]).into());
    }
    let paths = |document: &Value| {
        let artifacts = document["inventory"]["artifacts"].as_array().into_iter().flatten();
        let of = |it: &Value, key: &str| it[key].as_array().cloned().unwrap_or_default();
        let files = artifacts.flat_map(|it| [of(it, "files"), of(it, "occurrences")].concat());
        files.map(|file| file["path"].to_string()).collect::<BTreeSet<_>>()
    };
    let (quick, full) = (paths(&quick), paths(&scan(&name, "2")?.0));
    let differ: Vec<&String> = quick.symmetric_difference(&full).collect();
    if full.len() < 100 || !differ.is_empty() {
        return Err(format!("{} and {}: {differ:?}", quick.len(), full.len()).into());
    }
    Ok(())
}
