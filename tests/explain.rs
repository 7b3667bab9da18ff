//! `flowdown explain` agrees with the records, clause by clause, and knows every name.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// StarCoder, Llama 3.1, Gemma, Stable Diffusion, BLOOM, DeepSeek, Apache: their records.
const RECORDS: [&str; 7] = [
    "rail/catalogue/bigcode-openrail-m-v1",
    "community/catalogue/llama-3.1",
    "community/catalogue/gemma-tou-2025-03-24",
    "rail/catalogue/creativeml-openrail-m",
    "rail/catalogue/bigscience-bloom-rail-1.0",
    "rail/catalogue/deepseek-1.0",
    "open-source/catalogue/apache-2.0",
];

fn explain(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .arg("explain")
        .args(arguments)
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(arguments: &[&str]) -> String {
    let output = explain(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let mut arguments = arguments.to_vec();
    arguments.extend(["--format", "json"]);
    serde_json::from_str(&text(&arguments)).unwrap()
}

/// The words of a text without its line breaks.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every value of the TOML record stands under the same name in the JSON one.
#[track_caller]
fn contains(json: &Value, toml: &toml::Value, at: &str) {
    match toml {
        toml::Value::Table(table) => {
            for (name, value) in table {
                let is_empty = value.as_str() == Some("")
                    || value.as_array().is_some_and(Vec::is_empty)
                    || value.as_str() == Some("none") && name == "mental";
                if !is_empty {
                    contains(&json[name], value, &format!("{at}.{name}"));
                }
            }
        }
        toml::Value::Array(items) => {
            let found = json.as_array().unwrap_or_else(|| panic!("{at}"));
            assert_eq!(found.len(), items.len(), "{at}");
            for (index, item) in items.iter().enumerate() {
                contains(&found[index], item, &format!("{at}[{index}]"));
            }
        }
        toml::Value::String(text) => assert_eq!(json, text.as_str(), "{at}"),
        toml::Value::Integer(number) => assert_eq!(json, *number, "{at}"),
        toml::Value::Boolean(truth) => assert_eq!(json, *truth, "{at}"),
        other => panic!("{at}: {other}"),
    }
}

#[test]
fn what_is_explained_agrees_with_the_records_clause_by_clause() {
    let plugins = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins");
    for record in RECORDS {
        let file = fs::read_to_string(plugins.join(format!("{record}.toml"))).unwrap();
        let record: toml::Value = toml::from_str(&file).unwrap();
        let key = record["key"].as_str().unwrap();
        let explained = json(&[key]);
        let licenses = explained["licenses"].as_array().unwrap();
        assert_eq!(licenses.len(), 1, "{key}");
        contains(&licenses[0]["terms"], &record, key);
        // What people read names every clause with what it says.
        let shown = words(&text(&[key]));
        for restriction in
            record.get("restriction").into_iter().flat_map(|it| it.as_array().unwrap())
        {
            let categories: Vec<&str> = restriction["categories"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| it.as_str().unwrap())
                .collect();
            let label = restriction["label"].as_str().unwrap();
            let wanted = format!("{label} {}", categories.join(", "));
            assert!(shown.contains(&words(&wanted)), "{key}: {wanted}");
        }
        for obligation in record["obligation"].as_array().unwrap() {
            let clause = obligation["clause"].as_str().unwrap();
            let kind = obligation["kind"].as_str().unwrap();
            let wanted = format!("{clause}: {kind} on ");
            assert!(shown.contains(&words(&wanted)), "{key}: {wanted}");
        }
        for threshold in record.get("threshold").into_iter().flat_map(|it| it.as_array().unwrap()) {
            let value = threshold["value"].as_integer().unwrap().to_string();
            assert!(shown.contains(&value), "{key}: {value}");
        }
    }
}

#[test]
fn every_record_is_listed_and_explained_under_each_of_its_names() {
    let list = json(&["--list"]);
    let licenses = list["licenses"].as_array().unwrap();
    assert_eq!(text(&["--list"]).lines().count(), licenses.len());
    // Names are looked up in one process each: a sample that has every kind of name.
    for license in licenses.iter().step_by(9) {
        let terms = &license["terms"];
        let ids = &terms["ids"];
        let hf = ids["hf"].as_array().unwrap().iter().filter_map(Value::as_str);
        let names = hf.map(|tag| tag.trim_start_matches("other:")).chain(
            [&terms["key"], &ids["spdx"], &ids["spdx_ref"]].into_iter().filter_map(Value::as_str),
        );
        for name in names.filter(|name| !name.is_empty()) {
            let found = json(&[&name.to_uppercase()]);
            let meant = found["licenses"].as_array().unwrap().iter().any(|it| {
                let also = it["also"].as_array().unwrap();
                it["terms"]["key"] == terms["key"] || also.contains(&terms["key"])
            });
            assert!(meant, "{name} of {}", terms["key"]);
        }
    }
}

#[test]
fn the_catalogue_has_every_record() {
    let list = json(&["--list"]);
    let mut families = std::collections::BTreeMap::<&str, usize>::new();
    for license in list["licenses"].as_array().unwrap() {
        *families.entry(license["terms"]["family"].as_str().unwrap()).or_default() += 1;
    }
    // 93 records; the tag `openrail` names a family and has none (`docs/licenses.md`).
    assert_eq!(families.values().sum::<usize>(), 93, "{families:?}");
    assert_eq!(families["openrail-m"], 10);
    assert_eq!(families["commercial"], 2);
    let openrail = json(&["openrail-family"]);
    assert_eq!(openrail["licenses"].as_array().unwrap().len(), 10);
}

#[test]
fn categories_and_obligations_say_which_licences_have_them() {
    let category = json(&["medical-advice"]);
    let restrictions = category["restrictions"].as_array().unwrap();
    let of = |key: &str| restrictions.iter().find(|it| it["license"] == key).unwrap();
    assert_eq!(of("bigcode-openrail-m-v1")["label"], "(m)");
    assert_eq!(of("bigcode-openrail-m-v1")["mental"], "intent");
    assert!(!restrictions.iter().any(|it| it["license"] == "deepseek-1.0"));
    let shown = words(&text(&["medical-advice"]));
    assert!(shown.contains(
        "bigcode-openrail-m-v1 (m): only if intended; except not-a-substitute-for-professional"
    ));
    let obligation = json(&["model-naming"]);
    let owed = obligation["obligations"].as_array().unwrap();
    assert!(
        owed.iter().any(|it| it["license"] == "llama-3.1" && it["params"]["prefix"] == "Llama")
    );
}

#[test]
fn codes_show_their_page_and_names_that_are_none_the_nearest() {
    let page = fs::read_to_string("docs/codes/lineage.restriction-stripped.md").unwrap();
    assert_eq!(text(&["lineage.restriction-stripped"]), page);
    assert_eq!(
        text(&["--list", "codes"]).lines().count(),
        fs::read_dir("docs/codes").unwrap().count()
    );
    let output = explain(&["medical-advise"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("the nearest name is `medical-advice`"), "{said}");
    assert_eq!(explain(&[]).status.code(), Some(2));
}

#[test]
fn a_record_says_where_it_is_unsure() {
    let unsure = json(&["ai2-impact-lr"]);
    let doubts = unsure["licenses"][0]["doubts"].as_array().unwrap();
    assert!(doubts.iter().any(|it| it.as_str().unwrap().contains("the text itself was not read")));
    assert!(text(&["ai2-impact-lr"]).contains("Where this record is unsure"));
    let read = json(&["apache-2.0"]);
    assert_eq!(read["licenses"][0]["terms"]["verified"], "partial");
}
