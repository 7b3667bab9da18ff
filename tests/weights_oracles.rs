//! Our readers of weight files against readers that others wrote: the crates `safetensors` and
//! `gguf`, and the Python packages of the same names (needs `FLOWDOWN_PYTHON`, a Python with
//! both; without it that test is listed as ignored).

mod weights_reading;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::process::Command;

use flowdown_core::extract::driver::{Depth, FileReport};
use flowdown_core::model::{FactValue, Severity};
use flowdown_test_support::gguf::{GgufBuilder, Value};
use flowdown_test_support::outside::{self, PYTHON, Test};
use flowdown_test_support::safetensors::SafetensorsBuilder;
use gguf::{GGUFFile, GGUFMetadataValue};
use libtest_mimic::{Arguments, Failed, Trial};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use weights_reading::{expect, fact, worst};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("files_of_the_safetensors_crate_are_read_alike", safetensors_writer),
        Trial::test("what_the_safetensors_crate_refuses_is_doubted", safetensors_verdicts),
        Trial::test("files_are_read_like_the_gguf_crate_reads_them", gguf_reader),
        Trial::test("what_is_not_doubted_the_gguf_crate_reads_alike", gguf_verdicts),
    ];
    let with_python = ("files_of_the_python_packages_are_read_alike", python_packages as Test);
    trials.extend(outside::trials(PYTHON, &[with_python]));
    libtest_mimic::run(&arguments, trials).exit();
}

fn read(name: &str, bytes: &[u8]) -> FileReport {
    weights_reading::read(name, bytes, Depth::Full)
}

const DTYPES: [Dtype; 22] = [
    Dtype::BOOL,
    Dtype::F4,
    Dtype::F6_E2M3,
    Dtype::F6_E3M2,
    Dtype::U8,
    Dtype::I8,
    Dtype::F8_E5M2,
    Dtype::F8_E4M3,
    Dtype::F8_E8M0,
    Dtype::F8_E4M3FNUZ,
    Dtype::F8_E5M2FNUZ,
    Dtype::I16,
    Dtype::U16,
    Dtype::F16,
    Dtype::BF16,
    Dtype::I32,
    Dtype::U32,
    Dtype::F32,
    Dtype::C64,
    Dtype::F64,
    Dtype::I64,
    Dtype::U64,
];

/// Name, data type, shape and offsets of each tensor, as one of the two readers tells them.
type Tensors = BTreeMap<String, (String, Vec<u64>, u64, u64)>;

fn crate_tensors(file: &[u8]) -> Result<Tensors, Failed> {
    let (header_bytes, metadata) = SafeTensors::read_metadata(file)?;
    let start = 8 + header_bytes as u64;
    let tensors = metadata.tensors().into_iter().map(|(name, info)| {
        let shape = info.shape.iter().map(|dimension| *dimension as u64).collect();
        let (begin, end) = info.data_offsets;
        (name, (info.dtype.to_string(), shape, start + begin as u64, start + end as u64))
    });
    Ok(tensors.collect())
}

fn our_tensors(report: &FileReport) -> Tensors {
    let tensors = report.extraction.tensors.iter().map(|tensor| {
        let bytes = tensor.bytes.clone().unwrap_or_default();
        (tensor.name.clone(), (tensor.dtype.clone(), tensor.shape.clone(), bytes.start, bytes.end))
    });
    tensors.collect()
}

fn safetensors_writer() -> Result<(), Failed> {
    let shapes: [&[usize]; 5] = [&[8], &[4, 6], &[2, 3, 4], &[0, 5], &[1, 1, 1, 8]];
    let data = [7; 8 * 24];
    let mut views = Vec::new();
    for dtype in DTYPES {
        for shape in shapes {
            let bytes = shape.iter().product::<usize>() * dtype.bitsize() / 8;
            let view = TensorView::new(dtype, shape.to_vec(), &data[..bytes])?;
            views.push((format!("{dtype}.{shape:?}"), view));
        }
    }
    let metadata = HashMap::from([
        ("license".to_owned(), "openrail".to_owned()),
        ("quote\"\\\n".to_owned(), "模型".to_owned()),
    ]);
    let file = safetensors::serialize(views, Some(metadata.clone()))?;
    let report = read("x", &file);
    expect("written", "severity", &worst(&report), &None)?;
    expect("written", "tensors", &our_tensors(&report), &crate_tensors(&file)?)?;
    let pairs = metadata.into_iter().map(|(key, value)| (key, FactValue::Text(value)));
    let metadata = FactValue::Map(pairs.collect());
    expect("written", "metadata", &fact(&report, "weights.metadata"), &Some(&metadata))
}

/// Numbers without a source of chance, so that a failure comes again.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    /// The file with a few bytes set, removed, inserted or repeated.
    fn damage(&mut self, file: &[u8], alphabet: &[u8]) -> Vec<u8> {
        let mut file = file.to_vec();
        for _ in 0..=self.below(2) {
            let at = self.below(file.len());
            match self.below(5) {
                0 => file.truncate(at.max(1)),
                1 => drop(file.remove(at)),
                2 => file.insert(at, alphabet[self.below(alphabet.len())]),
                3 => {
                    let end = (at + 1 + self.below(12)).min(file.len());
                    let again = file[at..end].to_vec();
                    file.splice(at..at, again);
                }
                _ => file[at] = alphabet[self.below(alphabet.len())],
            }
        }
        file
    }
}

/// The crate's verdict on damaged files against ours: what it refuses we doubt, what it accepts
/// we read the same and call no error, but for what it overlooks (see the closure).
fn safetensors_verdicts() -> Result<(), Failed> {
    let seed = SafetensorsBuilder::new()
        .metadata(&[("license", "mit"), ("a", "b")])
        .tensor("a", "F32", &[2, 2], &[1; 16])
        .tensor("b", "U8", &[11], &[2; 11])
        .padding(3)
        .build();
    let mut numbers = Numbers(1);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..20_000 {
        let file = numbers.damage(&seed, b"{}[]\":,\\ 0123456789-.eabFU8\0\n\xff");
        let report = read("x.safetensors", &file);
        let shown = || String::from_utf8_lossy(&file).into_owned();
        let codes: Vec<&str> =
            report.extraction.diagnostics.iter().map(|d| d.code.as_str()).collect();
        if SafeTensors::deserialize(&file).is_err() {
            refused += 1;
            expect(&shown(), "is doubted", &(worst(&report) >= Some(Severity::Warning)), &true)?;
            continue;
        }
        accepted += 1;
        // The oracle is wrong on repeated keys: the format forbids them, the crate takes the last.
        if codes.contains(&"safetensors.duplicate-key") {
            continue;
        }
        expect(&shown(), "is no error", &(worst(&report) < Some(Severity::Error)), &true)?;
        expect(&shown(), "tensors", &our_tensors(&report), &crate_tensors(&file)?)?;
    }
    // Both sides are exercised.
    expect("damaged", "accepted some", &(accepted > 300), &true)?;
    expect("damaged", "refused most", &(refused > 10_000), &true)
}

fn gguf_seed() -> GgufBuilder {
    GgufBuilder::new()
        .text("general.architecture", "llama")
        .key("b.u8", Value::U8(7))
        .key("b.i8", Value::I8(-7))
        .key("b.u16", Value::U16(700))
        .key("b.i16", Value::I16(-700))
        .key("b.u32", Value::U32(70_000))
        .key("b.i32", Value::I32(-70_000))
        .key("b.f32", Value::F32(1.25))
        .key("b.bool", Value::Bool(1))
        .key("b.u64", Value::U64(1 << 40))
        .key("b.i64", Value::I64(-(1 << 40)))
        .key("b.f64", Value::F64(-2.5))
        .key("b.texts", Value::texts(&["x", "yz"]))
        .key("b.numbers", Value::Array(4, vec![Value::U32(1), Value::U32(2)]))
        .tensor("t.f32", &[8, 2], 0, &[0; 64])
        .tensor("t.f16", &[4], 1, &[0; 8])
        .tensor("t.q4_0", &[32], 2, &[0; 18])
        .tensor("t.q4_k", &[256], 12, &[0; 144])
}

fn gguf_reader() -> Result<(), Failed> {
    for version in [2, 3] {
        let file = gguf_seed().version(version).build();
        let report = read("x", &file);
        expect("written", "severity", &worst(&report), &None)?;
        same_as_gguf_crate("written", &file, &report)?;
    }
    Ok(())
}

/// Damages files; whatever we read without a doubt the crate must read the same.
fn gguf_verdicts() -> Result<(), Failed> {
    let seed = gguf_seed().build();
    let mut numbers = Numbers(2);
    let mut silent = 0;
    for round in 0..20_000 {
        let file = numbers.damage(&seed, b"\0\x01\x02\x04\x08\x0c\x20ab.\x7f\xff");
        let report = read("x.gguf", &file);
        if worst(&report).is_some() || fact(&report, "weights.byte-order") != Some(&"little".into())
        {
            continue;
        }
        // The rules differ: version 1 has narrower counts, and types above 15 came later or moved.
        let known = ["F32", "F16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q4_K"];
        let is_known = report.extraction.tensors.iter().all(|t| known.contains(&&*t.dtype));
        if fact(&report, "weights.format-version") == Some(&FactValue::Int(1)) || !is_known {
            continue;
        }
        silent += 1;
        same_as_gguf_crate(&format!("damaged file {round}"), &file, &report)?;
    }
    expect("damaged", "some pass without a doubt", &(silent > 500), &true)
}

fn same_as_gguf_crate(name: &str, file: &[u8], report: &FileReport) -> Result<(), Failed> {
    let oracle = GGUFFile::read(file)?.ok_or("the crate wants more bytes")?;
    let metadata = fact(report, "weights.metadata").and_then(FactValue::as_map).ok_or("no keys")?;
    expect(name, "number of keys", &metadata.len(), &oracle.header.metadata.len())?;
    for entry in &oracle.header.metadata {
        let expected = match &entry.value {
            GGUFMetadataValue::Uint8(number) => FactValue::Int((*number).into()),
            GGUFMetadataValue::Int8(number) => FactValue::Int((*number).into()),
            GGUFMetadataValue::Uint16(number) => FactValue::Int((*number).into()),
            GGUFMetadataValue::Int16(number) => FactValue::Int((*number).into()),
            GGUFMetadataValue::Uint32(number) => FactValue::Int((*number).into()),
            GGUFMetadataValue::Int32(number) => FactValue::Int((*number).into()),
            GGUFMetadataValue::Uint64(number) => FactValue::Int((*number).into()),
            GGUFMetadataValue::Int64(number) => FactValue::Int((*number).into()),
            GGUFMetadataValue::Float32(number) => number.to_string().into(),
            GGUFMetadataValue::Float64(number) => number.to_string().into(),
            GGUFMetadataValue::Bool(value) => value.to_string().into(),
            GGUFMetadataValue::String(text) => text.clone().into(),
            // Arrays of texts are kept, others described by their length.
            GGUFMetadataValue::Array(array) => {
                let found = metadata.get(&entry.key).ok_or("no array")?;
                let length = match found {
                    FactValue::List(items) => items.len() as i128,
                    other => other.as_map().and_then(|map| map["length"].as_int()).unwrap_or(-1),
                };
                expect(name, &entry.key, &length, &array.len.into())?;
                continue;
            }
        };
        expect(name, &entry.key, &metadata.get(&entry.key), &Some(&expected))?;
    }
    expect(name, "tensors", &report.extraction.tensors.len(), &oracle.tensors.len())?;
    let data_start = report.extraction.tensors.first().and_then(|t| t.bytes.clone());
    let data_start = data_start.unwrap_or_default().start;
    for (found, expected) in report.extraction.tensors.iter().zip(&oracle.tensors) {
        expect(name, "tensor name", &found.name, &expected.name)?;
        let shape: Vec<u64> = expected.dimensions.iter().rev().copied().collect();
        expect(name, "shape", &found.shape, &shape)?;
        let offset = found.bytes.clone().map(|bytes| bytes.start - data_start);
        expect(name, "offset", &offset, &Some(expected.offset))?;
        // The crate writes `Q4K` for `Q4_K`.
        let dtype = format!("{:?}", expected.tensor_type).replace('_', "");
        expect(name, "type", &found.dtype.replace('_', ""), &dtype)?;
    }
    Ok(())
}

/// Files of every type that the Python packages know, and what their readers say.
fn python_packages(python: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracles/write_weights.py");
    let output = Command::new(python).arg(script).arg(folder.path()).output()?;
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    expect("write_weights.py", &errors, &output.status.success(), &true)?;
    let expected = fs::read(folder.path().join("expected.json"))?;
    let expected: BTreeMap<String, serde_json::Value> = serde_json::from_slice(&expected)?;
    expect("expected.json", "at least 40 files", &(expected.len() >= 40), &true)?;
    for (name, said) in expected {
        let report = read(&name, &fs::read(folder.path().join(&name))?);
        same_tensors_as_python(&name, &report, &said["tensors"])?;
        same_metadata_as_python(&name, &report, &said["metadata"])?;
        // The rules differ: `GUESSED` is a flag beside a type, which we name without the flag.
        if let Some(kind) = said["file_type"].as_str().filter(|kind| *kind != "GUESSED") {
            let kind = kind.trim_start_matches("MOSTLY_").trim_start_matches("ALL_");
            let found = fact(&report, "weights.quantization").and_then(FactValue::as_text);
            expect(&name, "quantisation", &found, &Some(kind))?;
        }
        // The rules differ: the size of `Q8_1` is not settled, which is said.
        let doubts = report.extraction.diagnostics.iter();
        let doubts: Vec<&str> = doubts.map(|diagnostic| diagnostic.code.as_str()).collect();
        let of_q8_1 = report.extraction.tensors.iter().filter(|tensor| tensor.dtype == "Q8_1");
        expect(&name, "doubts", &doubts, &vec!["gguf.unknown-tensor-type"; of_q8_1.count()])?;
    }
    Ok(())
}

fn same_tensors_as_python(
    name: &str,
    report: &FileReport,
    said: &serde_json::Value,
) -> Result<(), Failed> {
    let said = said.as_object().ok_or("no tensors")?;
    expect(name, "tensors", &report.extraction.tensors.len(), &said.len())?;
    for tensor in &report.extraction.tensors {
        let said = said.get(&tensor.name).ok_or("unknown tensor")?;
        expect(name, "type", &Some(&*tensor.dtype), &said["dtype"].as_str())?;
        expect(name, "shape", &serde_json::json!(tensor.shape), &said["shape"])?;
        if let Some(bytes) = said["bytes"].as_u64()
            && tensor.dtype != "Q8_1"
        {
            let found = tensor.bytes.clone().map(|range| range.end - range.start);
            expect(name, &tensor.name, &found, &Some(bytes))?;
        }
    }
    Ok(())
}

fn same_metadata_as_python(
    name: &str,
    report: &FileReport,
    said: &serde_json::Value,
) -> Result<(), Failed> {
    let said = said.as_object().ok_or("no metadata")?;
    let Some(found) = fact(report, "weights.metadata").and_then(FactValue::as_map) else {
        return expect(name, "number of keys", &0, &said.len());
    };
    expect(name, "number of keys", &found.len(), &said.len())?;
    for (key, said) in said {
        let found = match &found[key] {
            FactValue::Text(text) => text.clone(),
            FactValue::Int(number) => number.to_string(),
            FactValue::List(items) => items.len().to_string(),
            FactValue::Map(map) => map["length"].as_int().unwrap_or(-1).to_string(),
            FactValue::Digest(digest) => digest.to_string(),
        };
        let said = match said {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Object(map) => map["length"].to_string(),
            other => other.to_string(),
        };
        expect(name, key, &found, &said)?;
    }
    Ok(())
}
