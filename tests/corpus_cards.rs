//! Cards, configurations and licence files of real repositories, and hostile ones.
//!
//! What `huggingface_hub` and PyYAML read in each card stands in `CARDS.json` of the corpus. The
//! corpus is named by `FLOWDOWN_CORPUS`; without it every test here is listed as ignored.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use flowdown_core::extract::{Extraction, Extractor, HEAD_BYTES, Need, Probe, cards};
use flowdown_core::model::{FactValue, Limits, SourcePath};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

/// Where the reading differs from that of `huggingface_hub`, and why.
const DIFFERENCES: &[(&str, &str, &str)] = &[];

/// Hostile cards whose finding belongs to a later stage, or that are no more than they seem.
const SILENT: &[(&str, &str)] = &[
    ("base_model_cycle", "lineage is followed when all artifacts are known"),
    ("block_list", "a list of licences is legal; what it means is resolved later"),
    ("list", "a list of licences is legal; what it means is resolved later"),
    ("other_link_missing", "an extractor sees no neighbours"),
];

fn main() {
    let arguments = Arguments::from_args();
    let corpus = std::env::var_os("FLOWDOWN_CORPUS").map(PathBuf::from);
    type Test = fn(&Path) -> Result<(), Failed>;
    let tests: [(&str, Test); 3] = [
        ("cards_read_as_huggingface_hub_reads_them", cards_agree),
        ("every_file_is_read_without_panic", every_file),
        ("hostile_cards_are_treated_as_expected", hostile_cards),
    ];
    let trials = tests
        .into_iter()
        .map(|(name, test)| {
            let ignored = corpus.is_none();
            let corpus = corpus.clone().unwrap_or_default();
            Trial::test(name, move || test(&corpus))
                .with_kind("needs FLOWDOWN_CORPUS")
                .with_ignored_flag(ignored)
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn extractor(id: &str) -> &'static dyn Extractor {
    *cards::ALL.iter().find(|extractor| extractor.id() == id).expect("the extractor is listed")
}

/// Reads a file in pieces, as a driver does.
fn read(extractor: &dyn Extractor, path: &SourcePath, bytes: &[u8]) -> Extraction {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let probe = Probe { path, size: bytes.len() as u64, head };
    let mut parser = extractor.begin(&probe, &Limits::default());
    for piece in bytes.chunks(1000) {
        if parser.feed(piece) == Need::Done {
            break;
        }
    }
    parser.finish()
}

fn cards_agree(corpus: &Path) -> Result<(), Failed> {
    let truth: Value = serde_json::from_slice(&fs::read(corpus.join("CARDS.json"))?)?;
    let truth = truth["cards"].as_object().ok_or("CARDS.json has no map `cards`")?;
    let (mut compared, mut differences) = (0, Vec::new());
    for (path, truth) in truth {
        let bytes = fs::read(corpus.join(path))?;
        let source_path = SourcePath::new(path);
        let ours = ours(&source_path, &bytes);
        for (field, expected) in expected(truth) {
            compared += 1;
            if DIFFERENCES.iter().any(|(at, name, _)| at == path && *name == field) {
                continue;
            }
            let found = ours.get(field).cloned().unwrap_or_default();
            if found != expected {
                differences.push(format!("{path}: `{field}` is {found:?}, expected {expected:?}"));
            }
        }
    }
    if compared < 300 {
        return Err(format!("only {compared} fields were compared").into());
    }
    if DIFFERENCES.len() * 20 > compared {
        return Err(format!("{} of {compared} fields are excused", DIFFERENCES.len()).into());
    }
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n").into()) }
}

/// What the truth says of one card, as text by field.
fn expected(truth: &Value) -> BTreeMap<&'static str, String> {
    let has_front_matter = truth["front_matter"] == true;
    let yaml = truth["yaml"].as_str().unwrap_or_default();
    let is_error = yaml.starts_with("error");
    let state = match yaml {
        _ if !has_front_matter => "absent",
        "list" => "not-a-map",
        _ if is_error => "invalid",
        _ => "ok",
    };
    let refused = !truth["huggingface_hub_error"].is_null();
    let mut fields = BTreeMap::from([
        ("crlf", truth["crlf"].to_string()),
        ("front matter", state.to_owned()),
        ("license line", (truth["license_line_outside_front_matter"] == true).to_string()),
    ]);
    if refused {
        fields.insert("is refused", "true".to_owned());
    }
    // A refused card has no reading to compare with: ours may say more.
    if !is_error {
        fields.insert("base_model", comparable(&truth["base_model"], Single::AsList));
        fields.insert("license", comparable(&truth["license"], Single::AsText));
        fields.insert("license_link", comparable(&truth["license_link"], Single::AsText));
        fields.insert("license_name", comparable(&truth["license_name"], Single::AsText));
    }
    fields
}

/// What we read in one card, as text by the same fields.
fn ours(path: &SourcePath, bytes: &[u8]) -> BTreeMap<&'static str, String> {
    let extraction = read(extractor("model_card"), path, bytes);
    let mut fields = BTreeMap::from([
        ("crlf", bytes.windows(2).any(|pair| pair == b"\r\n").to_string()),
        ("license line", "false".to_owned()),
        ("is refused", "false".to_owned()),
    ]);
    for diagnostic in &extraction.diagnostics {
        if diagnostic.code.as_str().starts_with("card.front-matter-") {
            fields.insert("is refused", "true".to_owned());
        }
    }
    for fact in &extraction.facts {
        let field = match fact.name.as_str() {
            "card.base-model" => "base_model",
            "card.front-matter" => "front matter",
            "card.license" => "license",
            "card.license-link" => "license_link",
            "card.license-name" => "license_name",
            "card.body-license" => {
                fields.insert("license line", "true".to_owned());
                continue;
            }
            _ => continue,
        };
        let value = match &fact.value {
            FactValue::List(_) => format!("[{}]", fact.value.texts().join(", ")),
            value => value.as_text().unwrap_or_default().to_owned(),
        };
        fields.insert(field, value);
    }
    fields
}

enum Single {
    AsList,
    AsText,
}

fn comparable(value: &Value, single: Single) -> String {
    match (value, single) {
        (Value::String(text), Single::AsText) => text.clone(),
        (Value::String(text), Single::AsList) => format!("[{text}]"),
        (Value::Array(items), _) => {
            let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            format!("[{}]", items.join(", "))
        }
        _ => String::new(),
    }
}

fn every_file(corpus: &Path) -> Result<(), Failed> {
    let generated = generate_hostile(corpus)?;
    let mut read_files = 0;
    let folders = ["hf", "hf-card-fixtures", "hostile", "license-texts"];
    let roots = folders.iter().map(|folder| corpus.join(folder)).chain([generated.path().into()]);
    for root in roots {
        for file in files(&root)? {
            let relative = file.strip_prefix(&root)?.to_string_lossy().into_owned();
            let (path, bytes) = (SourcePath::new(&relative), fs::read(&file)?);
            for extractor in cards::ALL {
                // Files that an extractor does not want are read too: bytes do not know names.
                let extraction = read(*extractor, &path, &bytes);
                let stray = extraction
                    .facts
                    .iter()
                    .find(|fact| !extractor.facts().contains(&fact.name) || fact.at.path != path);
                if let Some(stray) = stray {
                    return Err(format!("{} says {stray:?}", extractor.id()).into());
                }
            }
            read_files += 1;
        }
    }
    if read_files < 1000 {
        return Err(format!("only {read_files} files were read").into());
    }
    Ok(())
}

fn hostile_cards(corpus: &Path) -> Result<(), Failed> {
    let generated = generate_hostile(corpus)?;
    let expectations = fs::read_to_string(generated.path().join("EXPECT.tsv"))?;
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for line in expectations.lines().filter(|line| line.starts_with("cards/")) {
        let mut columns = line.split('\t');
        let (Some(path), Some(expected)) = (columns.next(), columns.next()) else { continue };
        let bytes = fs::read(generated.path().join(path))?;
        let extraction = read(extractor("model_card"), &SourcePath::new(path), &bytes);
        let name = path.split('/').nth(1).unwrap_or_default();
        let is_silent = SILENT.iter().any(|(silent, _)| *silent == name);
        let should_complain = expected != "accept" && !is_silent;
        checked += 1;
        if extraction.diagnostics.is_empty() == should_complain {
            wrong.push(format!("{path}: {expected}, but {:?}", extraction.diagnostics));
        }
    }
    if checked < 20 {
        return Err(format!("only {checked} cards were checked").into());
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn generate_hostile(corpus: &Path) -> Result<tempfile::TempDir, Failed> {
    let folder = tempfile::tempdir()?;
    let script = corpus.join("tools/gen_hostile.py");
    let output = Command::new("python3").arg(&script).arg(folder.path()).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(folder)
}

/// Regular files below a folder; links are not followed.
fn files(root: &Path) -> Result<Vec<PathBuf>, Failed> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}
