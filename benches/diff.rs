//! Compares two bills of materials of 10,000 components, of which each has another version and licence, and
//! says what that costs beside Python's `json` module, which only reads the two.
//!
//! `FLOWDOWN_BENCH_COMPONENTS` sets how many components there are, `FLOWDOWN_BENCH_ROUNDS` the number of rounds (5). Needs
//! `bash` and `python3`.

#![expect(clippy::print_stdout, reason = "a benchmark reports on standard output")]

use std::env;
use std::fs;
use std::path::Path;

use flowdown_test_support::npm::lock_file;
use flowdown_test_support::timing::{cost, median, number};

/// Of what Python takes to read both.
const TARGET: f64 = 2.0;
const PROGRAM: &str = env!("CARGO_BIN_EXE_flowdown");

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    // Cargo passes `--bench`; under `cargo test` there is nothing to check.
    if env::args().nth(1).as_deref() == Some("--bench") { compare() } else { Ok(()) }
}

fn compare() -> Outcome<()> {
    let components = number("FLOWDOWN_BENCH_COMPONENTS", 10_000);
    let folder = tempfile::tempdir()?;
    let [old, new] = [
        document(&folder.path().join("old"), components, 1)?,
        document(&folder.path().join("new"), components, 2)?,
    ];
    let read = "import json, sys; [json.load(open(path)) for path in sys.argv[1:]]";
    let mut ratios = Vec::new();
    println!("{components} components; CPU seconds, then the ratio to reading both with Python");
    for _ in 0..number("FLOWDOWN_BENCH_ROUNDS", 5) {
        let python = cost(&["python3", "-c", read, &old, &new])?.cpu_seconds;
        let ours = cost(&[PROGRAM, "diff", &old, &new, "--format", "json", "--fail-on", "never"])?;
        let changed = ours.output.matches("\"license-declared\"").count() as u64;
        if changed < components {
            return Err(format!("{changed} changed licences of {components}").into());
        }
        println!("{python:7.2} {:7.2} {:6.2}", ours.cpu_seconds, ours.cpu_seconds / python);
        ratios.push(ours.cpu_seconds / python);
    }
    let ratio = median(ratios);
    println!("median ratio {ratio:.2} (target {TARGET})");
    if ratio > TARGET { Err("the target was missed".into()) } else { Ok(()) }
}

/// The CycloneDX document of a lock file.
fn document(folder: &Path, components: u64, major: u64) -> Outcome<String> {
    fs::create_dir(folder)?;
    fs::write(folder.join("package-lock.json"), lock_file(components, major))?;
    let source = folder.to_str().ok_or("the temporary folder is not UTF-8")?;
    let out = format!("{source}.cdx.json");
    cost(&[PROGRAM, "scan", source, "--no-summary", "-o", &format!("cyclonedx={out}")])?;
    Ok(out)
}
