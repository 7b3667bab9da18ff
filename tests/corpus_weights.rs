//! Weight files that others wrote: real ones with what other readers said of them, broken ones,
//! and hostile ones. Needs the private corpus; without it every test is listed as ignored.

mod weights_reading;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use flowdown_core::extract::driver::{Depth, FileReport};
use flowdown_core::model::{FactValue, Severity};
use flowdown_test_support::outside::{self, CORPUS, Hostile, files_below};
use libtest_mimic::{Arguments, Failed};
use serde_json::Value;

use weights_reading::{expect, fact, worst};

/// No file of the corpus takes longer, in a build without optimisation on a busy machine.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// Entries that end otherwise than `EXPECT.tsv` says, with the reason.
const DIFFERENCES: &[(&str, &str)] = &[
    ("gguf/big_endian.gguf", "rules differ: a big-endian file is stated as a fact, not doubted"),
    ("gguf/dims_zero.gguf", "rules differ: the format allows empty tensors, as safetensors does"),
    ("gguf/split_lies.gguf", "out of scope of one file: parts are compared when files are joined"),
    ("gguf/v1.gguf", "rules differ: version 1 is stated as a fact, not doubted"),
];

fn main() {
    let trials = outside::trials(
        CORPUS,
        &[
            ("real_files_agree_with_other_readers", real_files),
            ("lfs_pointers_are_named", lfs_pointers),
            ("hostile_files_are_read", hostile_files),
            ("generated_hostile_files_end_as_expected", generated_files),
        ],
    );
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Reads a file in full and in quick mode; both must end in time and tell the same facts.
fn read(root: &Path, name: &str) -> Result<FileReport, Failed> {
    let bytes = fs::read(root.join(name))?;
    let begin = Instant::now();
    let full = weights_reading::read(name, &bytes, Depth::Full);
    let quick = weights_reading::read(name, &bytes, Depth::Headers);
    if begin.elapsed() > TIME_LIMIT {
        return Err(format!("{name} took {:?}", begin.elapsed()).into());
    }
    expect(name, "facts of both depths", &quick.extraction.facts, &full.extraction.facts)?;
    Ok(full)
}

fn models(corpus: &Path) -> Result<BTreeMap<String, Value>, Failed> {
    Ok(serde_json::from_slice(&fs::read(corpus.join("MODELS.json"))?)?)
}

fn real_files(corpus: &Path) -> Result<(), Failed> {
    let mut seen = 0;
    for (name, readers) in models(corpus)? {
        let Value::Object(readers) = readers else { continue };
        let report = read(corpus, &name)?;
        for (reader, said) in readers {
            seen += 1;
            match &*reader {
                "gguf GGUFReader" => agrees_with_gguf(&name, &report, &said)?,
                "safetensors 0.x safe_open" => agrees_with_safetensors(&name, &report, &said)?,
                // What another reader refuses must not pass without a word.
                "GGUFReader error" | "safe_open error" => {
                    expect(&name, "is doubted", &worst(&report).is_some(), &true)?;
                }
                other => return Err(format!("{name}: unknown reader {other}").into()),
            }
        }
    }
    expect("MODELS.json", "number of answers", &seen, &20)
}

fn agrees_with_gguf(name: &str, report: &FileReport, said: &Value) -> Result<(), Failed> {
    expect(name, "severity", &worst(report), &None)?;
    expect(
        name,
        "tensors",
        &fact(report, "weights.tensor-count"),
        &int(&said["tensors"]).as_ref(),
    )?;
    // The Python reader counts version, tensor count and key count as keys.
    let keys = said["kv_with_3_header_fields"].as_u64().map(|count| FactValue::from(count - 3));
    expect(name, "keys", &fact(report, "weights.metadata-count"), &keys.as_ref())?;
    let metadata = fact(report, "weights.metadata").and_then(FactValue::as_map);
    for (key, value) in said["general"].as_object().into_iter().flatten() {
        let found = metadata.and_then(|map| map.get(key)).and_then(FactValue::as_text);
        expect(name, key, &found, &value.as_str())?;
        let found = fact(report, &format!("gguf.{key}")).and_then(FactValue::as_text);
        expect(name, key, &found, &value.as_str())?;
    }
    expect(name, "token digest", &fact(report, "weights.tokenizer-digest").is_some(), &true)
}

fn agrees_with_safetensors(name: &str, report: &FileReport, said: &Value) -> Result<(), Failed> {
    expect(name, "severity", &worst(report), &None)?;
    expect(
        name,
        "tensors",
        &fact(report, "weights.tensor-count"),
        &int(&said["tensors"]).as_ref(),
    )?;
    let expected = said["metadata"].as_object().map(|map| {
        let pairs =
            map.iter().map(|(key, value)| (key.clone(), value.as_str().unwrap_or("").into()));
        FactValue::Map(pairs.collect())
    });
    expect(name, "metadata", &fact(report, "weights.metadata"), &expected.as_ref())
}

fn int(value: &Value) -> Option<FactValue> {
    value.as_u64().map(FactValue::from)
}

fn lfs_pointers(corpus: &Path) -> Result<(), Failed> {
    let models = models(corpus)?;
    let names = models["_lfs_pointers"].as_array().map(Vec::as_slice).unwrap_or_default();
    expect("MODELS.json", "number of pointers", &names.len(), &703)?;
    for name in names.iter().filter_map(Value::as_str) {
        let report = read(corpus, name)?;
        let text = fs::read_to_string(corpus.join(name))?;
        let line = |key: &str| text.lines().find_map(|line| line.strip_prefix(key));
        let FactValue::Digest(oid) = fact(&report, "lfs.oid").ok_or("no oid")? else {
            return Err(format!("{name}: oid is no digest").into());
        };
        expect(name, "oid", &Some(&*oid.to_string()), &line("oid "))?;
        let size = fact(&report, "lfs.size").and_then(FactValue::as_int);
        expect(name, "size", &size, &line("size ").and_then(|size| size.parse().ok()))?;
        expect(name, "extractors", &report.extractors, &vec!["lfs_pointer"])?;
        expect(name, "severity", &worst(&report), &Some(Severity::Warning))?;
    }
    Ok(())
}

fn hostile_files(corpus: &Path) -> Result<(), Failed> {
    let files = files_below(&corpus.join("hostile"))?;
    expect("hostile/", "at least 350 files", &(files.len() >= 350), &true)?;
    for (name, _) in files {
        read(&corpus.join("hostile"), &name)?;
        // The same content under names that promise weights reaches the header readers.
        for disguise in ["x.safetensors", "x.gguf", "x.safetensors.index.json"] {
            let folder = tempfile::tempdir()?;
            fs::copy(corpus.join("hostile").join(&name), folder.path().join(disguise))?;
            read(folder.path(), disguise)?;
        }
    }
    Ok(())
}

fn generated_files(corpus: &Path) -> Result<(), Failed> {
    let hostile = Hostile::generate(corpus)?;
    let mut judged = 0;
    let mut problems = Vec::new();
    for [name, expected, _] in &hostile.expected {
        if !hostile.root().join(name).is_file() {
            continue;
        }
        let report = read(hostile.root(), name)?;
        if !name.starts_with("gguf/") && !name.starts_with("safetensors/") {
            continue;
        }
        judged += 1;
        let worst = worst(&report);
        let agrees = match &**expected {
            "reject" | "warn" => worst >= Some(Severity::Warning),
            "accept" => worst < Some(Severity::Warning),
            other => return Err(format!("{name}: unknown expectation {other}").into()),
        };
        let is_excused = DIFFERENCES.iter().any(|(known, _)| known == name);
        if agrees == is_excused {
            let messages: Vec<&str> =
                report.extraction.diagnostics.iter().map(|d| &*d.message).collect();
            problems.push(format!("{name}: expected {expected}, found {worst:?} {messages:?}"));
        }
    }
    expect("EXPECT.tsv", "entries of weight files", &judged, &89)?;
    // Differences from an oracle stay below 5 %.
    expect("DIFFERENCES", "at most 5 %", &(DIFFERENCES.len() * 20 <= judged), &true)?;
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
}
