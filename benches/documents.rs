//! Writes every format for 10,000 components and says what each costs: CPU seconds of the program with
//! that one document less those with none, and the ratio to what Python's `json` module takes to read and
//! write our CycloneDX document.
//!
//! The source is a `package-lock.json`, in which every package names a licence and needs three others.
//! `FLOWDOWN_BENCH_COMPONENTS` sets how many there are, `FLOWDOWN_BENCH_ROUNDS` the number of rounds (5).
//! Needs `bash` and `python3`.

#![expect(clippy::print_stdout, reason = "a benchmark reports on standard output")]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;

use flowdown_test_support::npm::lock_file;
use flowdown_test_support::timing::{cost, median, number};

/// CPU seconds for one format.
const TARGET_SECONDS: f64 = 1.0;
const FORMATS: &[&str] = &[
    "cyclonedx",
    "cyclonedx-1.7",
    "cyclonedx-1.6-xml",
    "cyclonedx-1.7-xml",
    "cyclonedx-1.5",
    "cyclonedx-1.5-xml",
    "spdx",
    "spdx-tag-value",
    "spdx-3",
    "json",
    "sarif",
    "html",
    "csv",
    "markdown",
];

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    // Cargo passes `--bench`; under `cargo test` there is nothing to check.
    if env::args().nth(1).as_deref() != Some("--bench") {
        return Ok(());
    }
    let components = number("FLOWDOWN_BENCH_COMPONENTS", 10_000);
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("package-lock.json"), lock_file(components, 1))?;
    let mut seconds: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut yardsticks = Vec::new();
    for _ in 0..number("FLOWDOWN_BENCH_ROUNDS", 5) {
        for format in FORMATS {
            // Next to each other: the speed of a machine changes while a benchmark runs.
            let nothing = scan(folder.path(), None)?;
            let all = scan(folder.path(), Some(format))?;
            seconds.entry(format).or_default().push(all - nothing);
        }
        let document = output(folder.path(), "cyclonedx");
        let rewrite = "import json, sys; json.dumps(json.load(open(sys.argv[1])))";
        yardsticks.push(cost(&["python3", "-c", rewrite, &document])?.cpu_seconds);
    }
    let yardstick = median(yardsticks);
    println!("{components} components; CPU seconds, median of the rounds");
    println!("{:<20} {:>6} {:>6} {:>8} {:>10}", "", "best", "median", "ratio", "bytes");
    let mut missed = Vec::new();
    for format in FORMATS {
        let all = seconds.remove(format).unwrap_or_default();
        let best = all.iter().copied().fold(f64::INFINITY, f64::min);
        let middle = median(all);
        let bytes = fs::metadata(output(folder.path(), format))?.len();
        println!("{format:<20} {best:6.2} {middle:6.2} {:8.2} {bytes:10}", middle / yardstick);
        if middle > TARGET_SECONDS {
            missed.push(*format);
        }
    }
    println!("{:<20} {:>6} {yardstick:6.2} {:8.2}", "python3 json", "", 1.0);
    if missed.is_empty() { Ok(()) } else { Err(format!("a target was missed: {missed:?}").into()) }
}

/// The CPU seconds of a scan of `folder` that writes one format, or only counts.
fn scan(folder: &Path, format: Option<&str>) -> Outcome<f64> {
    let source = folder.join("package-lock.json");
    let source = source.to_str().ok_or("the temporary folder is not UTF-8")?;
    let document = match format {
        Some(format) => format!("{format}={}", output(folder, format)),
        // Something has to be written; this is a page of counts.
        None => "completeness=/dev/null".to_owned(),
    };
    let program = env!("CARGO_BIN_EXE_flowdown");
    Ok(cost(&[program, "scan", source, "--no-summary", "-o", &document])?.cpu_seconds)
}

fn output(folder: &Path, format: &str) -> String {
    folder.join(format!("document.{format}")).to_string_lossy().into_owned()
}
