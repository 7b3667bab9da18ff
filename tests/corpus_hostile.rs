//! The binary against trees that mean harm: it ends in time and within its memory, says what it
//! could not read, drops nothing, and tells the same twice. Needs the private corpus; without it
//! every test is listed as ignored.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use flowdown_test_support::outside::{self, CORPUS, Hostile, files_below};
use libtest_mimic::{Arguments, Failed};
use serde_json::Value;

/// No tree of the corpus takes longer, in a build without optimisation on a busy machine.
const SECONDS: &str = "60";

/// Address space of the program. Most of it is stacks and arenas of threads: 100 MB are used.
const ADDRESS_SPACE_KIB: &str = "1048576";

/// The documents of a scan, by format.
const FORMATS: [&str; 3] = ["json", "cyclonedx", "spdx"];

/// Entries of `EXPECT.tsv` that end otherwise, with the reason.
const DIFFERENCES: &[(&str, &str)] = &[
    ("cards/base_model_cycle/README.md", "rules differ: a base outside of the scan is no cycle"),
    ("cards/block_list/README.md", "rules differ: several licences are all kept, and all apply"),
    ("cards/list/README.md", "rules differ: several licences are all kept, and all apply"),
    ("gguf/big_endian.gguf", "rules differ: a big-endian file is stated as a fact, not doubted"),
    ("gguf/dims_zero.gguf", "rules differ: the format allows empty tensors, as safetensors does"),
    ("gguf/v1.gguf", "rules differ: version 1 is stated as a fact, not doubted"),
];

fn main() {
    let trials = outside::trials(
        CORPUS,
        &[
            ("every_tree_is_scanned_to_its_end", every_tree),
            ("no_file_is_dropped", no_file_is_dropped),
            ("generated_entries_end_as_expected", generated_entries),
            ("documents_do_not_depend_on_threads", threads),
        ],
    );
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn every_tree(corpus: &Path) -> Result<(), Failed> {
    let generated = Hostile::generate(corpus)?;
    let mut trees = vec![generated.root().to_owned()];
    for entry in fs::read_dir(generated.root())? {
        let path = entry?.path();
        trees.extend(path.is_dir().then_some(path));
    }
    trees.extend(
        ["gguf", "hf", "hf-card-fixtures", "hf-index", "hostile", "manifests", "safetensors"]
            .map(|name| corpus.join(name)),
    );
    for tree in trees {
        scan(&tree, &[])?;
        scan(&tree, &["--quick"])?;
    }
    Ok(())
}

fn no_file_is_dropped(corpus: &Path) -> Result<(), Failed> {
    for name in ["hf", "hostile", "manifests"] {
        let tree = corpus.join(name);
        let inventory = &json(&scan(&tree, &[])?)?["inventory"];
        let mut known = paths(&inventory["unclaimed"]);
        for artifact in inventory["artifacts"].as_array().into_iter().flatten() {
            known.extend(paths(&artifact["files"]));
            known.extend(paths(&artifact["occurrences"]));
        }
        let files = files_below(&tree)?;
        let dropped: Vec<&str> =
            files.iter().map(|(path, _)| &**path).filter(|path| !known.contains(path)).collect();
        if files.is_empty() || !dropped.is_empty() {
            return Err(format!("{name}: of {} files: {dropped:?}", files.len()).into());
        }
    }
    Ok(())
}

fn paths(items: &Value) -> BTreeSet<&str> {
    items.as_array().into_iter().flatten().filter_map(|item| item["path"].as_str()).collect()
}

fn generated_entries(corpus: &Path) -> Result<(), Failed> {
    let hostile = Hostile::generate(corpus)?;
    let report = json(&scan(hostile.root(), &[])?)?;
    let unclaimed = paths(&report["inventory"]["unclaimed"]);
    let mut severities: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for diagnostic in report["inventory"]["diagnostics"].as_array().into_iter().flatten() {
        if let (Some(path), Some(severity)) =
            (diagnostic["at"]["path"].as_str(), diagnostic["severity"].as_str())
        {
            severities.entry(path).or_default().insert(severity);
        }
    }
    let mut problems = Vec::new();
    for [name, expected, _] in &hostile.expected {
        let is_here = |path: &str| {
            path.strip_prefix(&**name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let said: BTreeSet<&str> = severities
            .iter()
            .filter(|(path, _)| is_here(path))
            .flat_map(|(_, severities)| severities.iter().copied())
            .collect();
        let agrees = match &**expected {
            "reject" | "warn" => !said.is_empty() || unclaimed.iter().any(|path| is_here(path)),
            "accept" => !said.contains("error"),
            other => return Err(format!("{name}: unknown expectation {other}").into()),
        };
        let is_excused = DIFFERENCES.iter().any(|(known, _)| *known == name);
        if agrees == is_excused {
            problems.push(format!("{name}: expected {expected}, found {said:?}"));
        }
    }
    let judged = hostile.expected.len();
    // Differences from an oracle stay below 5 %.
    if judged < 185 || DIFFERENCES.len() * 20 > judged {
        problems.push(format!("{} differences among {judged} entries", DIFFERENCES.len()));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
}

fn threads(corpus: &Path) -> Result<(), Failed> {
    let generated = Hostile::generate(corpus)?;
    for tree in [corpus.join("hf"), corpus.join("manifests"), generated.root().to_owned()] {
        let first = scan(&tree, &[])?;
        for arguments in [&[][..], &["--threads", "1"], &["--threads", "2"]] {
            let again = scan(&tree, arguments)?;
            for (format, (one, other)) in FORMATS.iter().zip(first.iter().zip(&again)) {
                if one != other {
                    return Err(format!("{}: {format} {arguments:?}", tree.display()).into());
                }
            }
        }
    }
    Ok(())
}

fn json(documents: &[String]) -> Result<Value, Failed> {
    Ok(serde_json::from_str(&documents[0])?)
}

/// Scans `tree`; returns its documents in the order of [`FORMATS`]. Whatever the tree holds, the
/// program ends in time and as designed, its documents are JSON that names no place of this
/// machine, and its words hold nothing that a terminal would obey.
fn scan(tree: &Path, arguments: &[&str]) -> Result<Vec<String>, Failed> {
    let out = tempfile::tempdir()?;
    let output = run(tree, arguments, out.path())?;
    let name = format!("{} {arguments:?}", tree.display());
    if !matches!(output.status.code(), Some(0 | 3)) {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{name}: {}: {stderr}", output.status).into());
    }
    for stream in [output.stdout, output.stderr] {
        let words = String::from_utf8(stream)?;
        let obeyed = |c: char| c.is_control() && c != '\n';
        if let Some(line) = words.lines().find(|line| line.contains(obeyed)) {
            return Err(format!("{name}: a terminal would obey {line:?}").into());
        }
    }
    let place = tree.to_str().ok_or("the path of the corpus is not UTF-8")?;
    let mut documents = Vec::new();
    for format in FORMATS {
        let document = fs::read_to_string(out.path().join(format))?;
        serde_json::from_str::<Value>(&document)
            .map_err(|error| format!("{name}: {format}: {error}"))?;
        if document.contains(place) {
            return Err(format!("{name}: {format} names the place of the source").into());
        }
        documents.push(document);
    }
    Ok(documents)
}

fn run(tree: &Path, arguments: &[&str], out: &Path) -> Result<Output, Failed> {
    let script = format!("ulimit -v {ADDRESS_SPACE_KIB} && exec timeout {SECONDS} \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_flowdown"), "scan"]);
    command.arg(tree).args(arguments).env("SOURCE_DATE_EPOCH", "1700000000");
    for format in FORMATS {
        command.args(["-o", &format!("{format}={}", out.join(format).display())]);
    }
    Ok(command.env_remove("CLICOLOR_FORCE").stdin(Stdio::null()).output()?)
}
