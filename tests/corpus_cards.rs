//! Cards, configurations and licence files of real repositories, and hostile ones.
//!
//! What `huggingface_hub` and PyYAML read in each card stands in `CARDS.json` of the corpus. There
//! is no difference to excuse; one that appears needs a table here, with a reason for each. The
//! corpus is named by `FLOWDOWN_CORPUS`; without it every test here is listed as ignored.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use flowdown_core::extract::{Extraction, Extractor, HEAD_BYTES, Need, Probe, cards};
use flowdown_core::model::{FactValue, Limits, SourcePath, Span};
use flowdown_test_support::outside::{self, CORPUS, Hostile, files_below};
use libtest_mimic::{Arguments, Failed};
use serde_json::Value;

/// Hostile cards whose finding belongs to a later stage, or that are no more than they seem.
const SILENT: &[(&str, &str)] = &[
    ("base_model_cycle", "lineage is followed when all artifacts are known"),
    ("block_list", "a list of licences is legal; what it means is resolved later"),
    ("list", "a list of licences is legal; what it means is resolved later"),
    ("other_link_missing", "an extractor sees no neighbours"),
];

fn main() {
    let trials = outside::trials(
        CORPUS,
        &[
            ("cards_read_as_huggingface_hub_reads_them", cards_agree),
            ("configurations_read_as_serde_json_reads_them", configurations_agree),
            ("every_file_is_read_without_panic", every_file),
            ("hostile_cards_are_treated_as_expected", hostile_cards),
        ],
    );
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn extractor(id: &str) -> &'static dyn Extractor {
    *cards::ALL.iter().find(|extractor| extractor.id() == id).expect("the extractor is listed")
}

/// Reads a file in pieces, as a driver does.
fn read(extractor: &dyn Extractor, path: &SourcePath, bytes: &[u8]) -> Extraction {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let probe = Probe::new(path, bytes.len() as u64, head);
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
        let is_repository = path.starts_with("hf/");
        if is_repository && !is_wanted_as(&source_path, &bytes, truth) {
            differences.push(format!("{path}: the wrong extractor wants it"));
        }
        let ours = ours(&source_path, &bytes);
        for (field, expected) in expected(truth) {
            compared += 1;
            let found = ours.get(field).cloned().unwrap_or_default();
            if found != expected {
                differences.push(format!("{path}: `{field}` is {found:?}, expected {expected:?}"));
            }
        }
    }
    if compared < 300 {
        return Err(format!("only {compared} fields were compared").into());
    }
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n").into()) }
}

/// Cards go to `model_card` and licence texts to `license_file`, although both end in `.md`.
fn is_wanted_as(path: &SourcePath, bytes: &[u8], truth: &Value) -> bool {
    let probe = Probe::new(path, bytes.len() as u64, &bytes[..bytes.len().min(HEAD_BYTES)]);
    let name = path.file_name();
    let is_text = ["LICENSE", "NOTICE", "USE_POLICY"].iter().any(|text| name.starts_with(text));
    let is_card = truth["front_matter"] == true || name.starts_with("README");
    extractor("license_file").wants(&probe) == is_text
        && extractor("model_card").wants(&probe) == is_card
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

/// The extractors of JSON files, with the keys that must be reported when they hold text.
const CONFIGURATIONS: &[(&str, &str, &[&str])] = &[
    ("adapter_config", "adapter_config.json", &["base_model_name_or_path", "peft_type"]),
    (
        "config",
        "config.json",
        &["_name_or_path", "dtype", "model_type", "torch_dtype", "transformers_version"],
    ),
    ("model_index", "model_index.json", &["_class_name", "_name_or_path"]),
    ("tokenizer", "tokenizer_config.json", &["name_or_path", "tokenizer_class"]),
];

fn configurations_agree(corpus: &Path) -> Result<(), Failed> {
    let (mut compared, mut wrong) = (0, Vec::new());
    for (_, file) in files_below(&corpus.join("hf"))? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some((id, _, keys)) = CONFIGURATIONS.iter().find(|(_, known, _)| *known == name) else {
            continue;
        };
        let bytes = fs::read(&file)?;
        let extraction = read(extractor(id), &SourcePath::new(&name), &bytes);
        if bytes.starts_with(b"version https://git-lfs") {
            continue;
        }
        let Ok(truth) = serde_json::from_slice::<Value>(&bytes) else {
            if extraction.diagnostics.is_empty() {
                wrong.push(format!("{}: is broken, and nothing says so", file.display()));
            }
            continue;
        };
        let mut reported = BTreeMap::new();
        for fact in &extraction.facts {
            match (&fact.at.span, &fact.value) {
                (Some(Span::Key(key)), value) => {
                    reported.insert(key.clone(), value.clone());
                }
                (_, FactValue::Map(map)) => reported.extend(map.clone()),
                (span, _) => wrong.push(format!("{}: a fact at {span:?}", file.display())),
            }
        }
        for (key, ours) in &reported {
            compared += 1;
            let theirs = truth.pointer(&format!("/{}", key.replace('.', "/")));
            if theirs.is_none_or(|theirs| !is_same(ours, theirs)) {
                wrong.push(format!("{}: `{key}` is {ours:?}, not {theirs:?}", file.display()));
            }
        }
        let is_stated = |key: &&&str| truth[**key].as_str().is_some_and(|text| !text.is_empty());
        for key in keys.iter().filter(is_stated).filter(|key| !reported.contains_key(**key)) {
            wrong.push(format!("{}: `{key}` is not reported", file.display()));
        }
    }
    if compared < 500 {
        return Err(format!("only {compared} values were compared").into());
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn is_same(ours: &FactValue, theirs: &Value) -> bool {
    match (ours, theirs) {
        (FactValue::Int(ours), theirs) => theirs.as_i64().map(i128::from) == Some(*ours),
        (FactValue::List(_), Value::String(theirs)) => ours.texts() == [theirs],
        (FactValue::List(_), Value::Array(theirs)) => {
            ours.texts() == theirs.iter().filter_map(Value::as_str).collect::<Vec<_>>()
        }
        (FactValue::Text(ours), Value::String(theirs)) => ours == theirs,
        // A component or class of a pipeline: library and class.
        (FactValue::Text(ours), Value::Array(theirs)) => {
            let theirs: Vec<&str> = theirs.iter().filter_map(Value::as_str).collect();
            *ours == theirs.join(".")
        }
        _ => false,
    }
}

fn every_file(corpus: &Path) -> Result<(), Failed> {
    let hostile = Hostile::generate(corpus)?;
    let mut read_files = 0;
    let folders = ["hf", "hf-card-fixtures", "hostile", "license-texts"];
    let roots = folders.iter().map(|folder| corpus.join(folder)).chain([hostile.root().into()]);
    for root in roots {
        for (relative, file) in files_below(&root)? {
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
    let hostile = Hostile::generate(corpus)?;
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for [path, expected, _] in hostile.expected.iter().filter(|[path, ..]| is_card(path)) {
        let bytes = fs::read(hostile.root().join(path))?;
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

fn is_card(path: &str) -> bool {
    path.starts_with("cards/")
}
