//! The structure that ARCHITECTURE.md promises: which module may use which, and that every list
//! names what its folder holds.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use flowdown_core::engine::{BOM_FACTS, DECLARED_FACTS};
use flowdown_core::extract::{cards, manifests, weights};
use flowdown_core::lint::{self, LintCode};
use flowdown_core::model::{Code, Rule, names};

/// What each stage of `scanner-core` may use. `model` may use nothing.
const MODULES: &[(&str, &[&str])] = &[
    ("assemble", &["extract", "model"]),
    ("bom", &["model"]),
    ("compare", &["bom", "model", "report"]),
    (
        "engine",
        &["assemble", "bom", "evaluate", "extract", "identify", "model", "resolve", "source"],
    ),
    ("evaluate", &["model"]),
    ("extract", &["model", "source"]),
    ("identify", &["model"]),
    ("lint", &["bom", "model"]),
    ("model", &[]),
    ("report", &["model"]),
    ("resolve", &["model"]),
    ("source", &["model"]),
];

/// Outside crates that only some modules may use.
const RESERVED: &[(&str, &[&str])] = &[
    ("flowdown_plugin_sdk", &["evaluate/agreement", "extract/license_text", "resolve"]),
    ("rayon", &["engine"]),
    (
        "serde",
        &[
            "bom",
            "compare",
            "engine/cache",
            "extract",
            "identify",
            "lint",
            "report",
            "source/image",
            "source/registry",
        ],
    ),
    ("std::fs", &["source"]),
    ("std::net", &["source/registry"]),
    ("std::process", &["source/registry"]),
    ("rustls", &["source/registry"]),
    ("rustls_native_certs", &["source/registry"]),
    ("rusty_s3", &["source/cache/object_store.rs"]),
    ("ureq", &["source/cache/object_store.rs", "source/registry"]),
];

/// What each crate of the workspace may depend on, of the workspace's own crates.
const CRATES: &[(&str, &[&str])] = &[
    (
        "flowdown",
        &[
            "flowdown-commercial",
            "flowdown-community",
            "flowdown-core",
            "flowdown-lineage",
            "flowdown-open-source",
            "flowdown-plugin-host",
            "flowdown-plugin-sdk",
            "flowdown-rail",
        ],
    ),
    ("flowdown-commercial", &["flowdown-plugin-sdk"]),
    ("flowdown-community", &["flowdown-plugin-sdk"]),
    ("flowdown-core", &["flowdown-plugin-sdk"]),
    ("flowdown-lineage", &["flowdown-plugin-sdk"]),
    ("flowdown-open-source", &["flowdown-plugin-sdk"]),
    ("flowdown-plugin-host", &["flowdown-plugin-sdk"]),
    ("flowdown-plugin-sdk", &[]),
    ("flowdown-rail", &["flowdown-plugin-sdk"]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(!files.is_empty());
    files
}

/// Code of a file without comments and without its tests.
fn code(file: &Path) -> String {
    if file.file_stem().is_some_and(|stem| stem == "tests")
        || file.components().any(|part| part.as_os_str() == "tests")
    {
        return String::new();
    }
    let text = fs::read_to_string(file).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Every `crate::…` path that `code` names, with the members of `crate::{…}` lists.
fn crate_paths(code: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for part in code.split("crate::").skip(1) {
        if let Some(list) = part.strip_prefix('{') {
            let inner = list.split('}').next().unwrap_or_default();
            paths.extend(inner.split(',').map(|name| name.trim().to_owned()));
        } else {
            let path: String = part
                .chars()
                .take_while(|character| character.is_alphanumeric() || "_:".contains(*character))
                .collect();
            let list = part[path.len()..].strip_prefix('{').filter(|_| path.ends_with("::"));
            match list {
                Some(list) => {
                    let inner = list.split('}').next().unwrap_or_default();
                    let names = inner.split(',').map(|name| format!("{path}{}", name.trim()));
                    paths.extend(names.filter(|name| !name.ends_with("::")));
                }
                None => {
                    paths.insert(path);
                }
            }
        }
    }
    paths.into_iter().filter(|path| !path.is_empty()).collect()
}

#[test]
fn stages_use_only_what_the_table_allows() {
    let source = root().join("scanner-core/src");
    let folders: BTreeSet<String> = fs::read_dir(&source)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let listed: BTreeSet<String> = MODULES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(folders, listed, "the table lists the stages");
    let mut wrong = Vec::new();
    for (module, allowed) in MODULES {
        for file in rust_files(&source.join(module)) {
            for path in crate_paths(&code(&file)) {
                let is_allowed = path.split("::").next() == Some(*module)
                    || allowed.iter().any(|allowed| {
                        path == *allowed || path.starts_with(&format!("{allowed}::"))
                    });
                if !is_allowed {
                    wrong.push(format!("{} uses {path}", file.display()));
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn reserved_crates_stay_where_they_belong() {
    let source = root().join("scanner-core/src");
    let mut wrong = Vec::new();
    for file in rust_files(&source) {
        let place = file.strip_prefix(&source).unwrap().to_string_lossy().into_owned();
        let code = code(&file);
        for (name, homes) in RESERVED {
            let is_home = homes.iter().any(|home| place.starts_with(home));
            if !is_home && code.contains(&format!("{name}::")) {
                wrong.push(format!("{place} uses {name}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn crates_depend_only_on_what_the_table_allows() {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut seen = BTreeSet::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let Some((_, allowed)) = CRATES.iter().find(|(listed, _)| *listed == name) else {
            assert!(
                name == "xtask" || name.starts_with("flowdown-test-"),
                "`{name}` is missing in the table of crates"
            );
            continue;
        };
        seen.insert(name.to_owned());
        let own = package["dependencies"].as_array().unwrap().iter().filter(|dependency| {
            dependency["kind"].is_null()
                && dependency["name"].as_str().unwrap().starts_with("flowdown")
        });
        for dependency in own {
            let dependency = dependency["name"].as_str().unwrap();
            assert!(allowed.contains(&dependency), "`{name}` must not depend on `{dependency}`");
        }
    }
    assert_eq!(seen.len(), CRATES.len());
}

/// The folders directly below `path`.
fn folders(path: &str) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(root().join(path))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn every_extractor_folder_is_listed() {
    for (place, list) in [
        ("scanner-core/src/extract/weights", weights::ALL),
        ("scanner-core/src/extract/cards", cards::ALL),
        ("scanner-core/src/extract/manifests", manifests::ALL),
    ] {
        let listed: Vec<String> = list.iter().map(|extractor| extractor.id().to_owned()).collect();
        // Folders without `mod.rs` declaring an extractor hold what several extractors share.
        let declared: Vec<String> = folders(place)
            .into_iter()
            .filter(|folder| {
                let declaration = root().join(place).join(folder).join("mod.rs");
                fs::read_to_string(declaration)
                    .is_ok_and(|text| text.contains("impl Extractor for"))
            })
            .collect();
        assert_eq!(listed, declared, "{place}");
    }
}

#[test]
fn every_rule_folder_is_listed() {
    let listed: Vec<String> =
        flowdown_core::evaluate::rules::ALL.iter().map(|rule| rule.id().to_owned()).collect();
    assert_eq!(listed, folders("scanner-core/src/evaluate/rules"));
    let made: BTreeSet<Rule> = flowdown_core::evaluate::rules::ALL
        .iter()
        .flat_map(|rule| rule.codes().iter().copied())
        .chain(flowdown_core::evaluate::policy::CODES.iter().copied())
        .collect();
    assert_eq!(made, Rule::ALL.iter().copied().collect(), "each finding has a rule that makes it");
}

#[test]
fn every_lint_rule_is_listed() {
    let mut files: Vec<String> = fs::read_dir(root().join("scanner-core/src/lint/rules"))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "mod")
        .collect();
    files.sort();
    let listed: Vec<String> = lint::ALL.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(listed, files);
    let made: BTreeSet<LintCode> =
        lint::ALL.iter().flat_map(|rule| rule.codes.iter().copied()).collect();
    assert_eq!(made, LintCode::ALL.iter().copied().collect(), "each code has a rule that makes it");
}

#[test]
fn every_family_is_linked_in() {
    let mut families = folders("plugins");
    families.retain(|folder| !["host", "sdk"].contains(&folder.as_str()));
    let installed = fs::read_to_string(root().join("cli/install.rs")).unwrap();
    for family in families {
        let resolver = format!("flowdown_{}::resolver()", family.replace('-', "_"));
        assert!(installed.contains(&resolver), "`plugins/{family}` is not in `cli/install.rs`");
    }
}

#[test]
fn every_decision_has_its_number() {
    let mut records: Vec<String> = fs::read_dir(root().join("docs/adr"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    records.sort();
    for (number, record) in (1..).zip(&records) {
        let number = format!("{number:04}");
        assert!(record.starts_with(&format!("{number}-")), "`{record}` should be {number}");
        let text = fs::read_to_string(root().join("docs/adr").join(record)).unwrap();
        assert!(text.starts_with(&format!("# {number}: ")), "the title of `{record}`");
    }
}

#[test]
fn every_code_has_a_page() {
    let mut pages: BTreeMap<String, usize> = BTreeMap::new();
    for entry in fs::read_dir(root().join("docs/codes")).unwrap() {
        let path = entry.unwrap().path();
        let code = path.file_stem().unwrap().to_string_lossy().into_owned();
        pages.insert(code, fs::read_to_string(path).unwrap().lines().count());
    }
    let mut codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    codes.extend(Rule::ALL.iter().map(|rule| rule.as_str()));
    codes.extend(LintCode::ALL.iter().map(|code| code.as_str()));
    codes.sort_unstable();
    assert_eq!(pages.keys().map(String::as_str).collect::<Vec<_>>(), codes);
    assert!(pages.values().all(|lines| *lines >= 3), "a page says what, an example, what to do");
}

#[test]
fn every_code_is_emitted_somewhere() {
    let source: String =
        rust_files(&root().join("scanner-core/src")).iter().map(|file| code(file)).collect();
    let unused: Vec<&str> = Code::ALL
        .iter()
        .filter(|code| !source.contains(&format!("Code::{code:?}")))
        .map(|code| code.as_str())
        .collect();
    assert_eq!(unused, Vec::<&str>::new());
}

#[test]
fn every_fact_is_declared_by_an_extractor() {
    let declared: BTreeSet<&str> = flowdown_core::extract::all()
        .flat_map(|extractor| extractor.facts().iter().map(|name| name.as_str()))
        .collect();
    // The driver adds what needs the whole file; bills of materials and declarations become facts
    // without being read like one.
    let by_driver = ["weights.tensor-set-digest"];
    let of_boms: BTreeSet<&str> =
        BOM_FACTS.iter().chain(DECLARED_FACTS).map(|name| name.as_str()).collect();
    let listed: BTreeSet<&str> = names::ALL.iter().map(|(name, _)| name.as_str()).collect();
    let missing: Vec<&&str> = listed
        .iter()
        .filter(|name| !declared.contains(*name) && !by_driver.contains(name))
        .filter(|name| !of_boms.contains(*name))
        .collect();
    assert_eq!(missing, Vec::<&&str>::new());
    assert!(declared.is_subset(&listed));
    let sorted: Vec<&str> = names::ALL.iter().map(|(name, _)| name.as_str()).collect();
    assert!(sorted.is_sorted());
}
