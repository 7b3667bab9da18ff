//! Every licence tag of the Hugging Face Hub gives its candidates, and no version that it does not name.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};

use flowdown_test_support::safetensors::SafetensorsBuilder;
use serde_json::Value;

/// The tags of the Hub's table (August 2026) that name one licence.
const NAMES_ONE: [&str; 68] = [
    "afl-3.0",
    "agpl-3.0",
    "apache-2.0",
    "apple-amlr",
    "apple-ascl",
    "artistic-2.0",
    "bigcode-openrail-m",
    "bigscience-bloom-rail-1.0",
    "bigscience-openrail-m",
    "bsd-2-clause",
    "bsd-3-clause",
    "bsd-3-clause-clear",
    "bsl-1.0",
    "c-uda",
    "cc-by-2.0",
    "cc-by-2.5",
    "cc-by-3.0",
    "cc-by-4.0",
    "cc-by-nc-2.0",
    "cc-by-nc-3.0",
    "cc-by-nc-nd-3.0",
    "cc-by-nc-nd-4.0",
    "cc-by-nc-sa-2.0",
    "cc-by-nc-sa-3.0",
    "cc-by-nc-sa-4.0",
    "cc-by-nd-4.0",
    "cc-by-sa-3.0",
    "cc-by-sa-4.0",
    "cc0-1.0",
    "cdla-permissive-1.0",
    "cdla-permissive-2.0",
    "cdla-sharing-1.0",
    "creativeml-openrail-m",
    "deepfloyd-if-license",
    "ecl-2.0",
    "epl-1.0",
    "epl-2.0",
    "etalab-2.0",
    "eupl-1.1",
    "eupl-1.2",
    "fair-noncommercial-research-license",
    "gpl-3.0",
    "grok2-community",
    "isc",
    "lgpl-3.0",
    "lgpl-lr",
    "llama2",
    "llama3",
    "llama3.1",
    "llama3.2",
    "llama3.3",
    "llama4",
    "lppl-1.3c",
    "mit",
    "mpl-2.0",
    "ms-pl",
    "ncsa",
    "odbl",
    "odc-by",
    "ofl-1.1",
    "openmdw-1.0",
    "openmdw-1.1",
    "osl-3.0",
    "pddl",
    "postgresql",
    "unlicense",
    "wtfpl",
    "zlib",
];

/// Those that mean several: families without a version, dated terms, an extra policy.
const NAMES_SEVERAL: [(&str, &str); 11] = [
    ("bsd", "BSD-3-Clause"),
    ("cc", "cc-by-4.0"),
    ("cc-by-nc-4.0", "cohere-cc-by-nc-aup"),
    ("gemma", "gemma-tou-2024-04-01"),
    ("gfdl", "GFDL-1.3-only"),
    ("gpl", "GPL-2.0-only"),
    ("gpl-2.0", "GPL-2.0-or-later"),
    ("lgpl", "LGPL-2.1-only"),
    ("lgpl-2.1", "LGPL-2.1-or-later"),
    ("openrail", "creativeml-openrail-m"),
    ("openrail++", "creativeml-openrailpp-m-sdxl-1.0"),
];

/// Those that name none: catch-alls, and licences of which no text is known.
const NAMES_NONE: [&str; 4] = ["h-research", "intel-research", "other", "unknown"];

/// What is said of each tag: the expression, and every licence that may apply.
fn meanings(tags: &[&str]) -> BTreeMap<String, (Option<String>, Vec<String>)> {
    let tree = tempfile::tempdir().unwrap();
    for (index, tag) in tags.iter().enumerate() {
        let folder = tree.path().join(format!("m{index:03}"));
        fs::create_dir(&folder).unwrap();
        let bytes = u64::try_from(index).unwrap().to_le_bytes();
        let weights = SafetensorsBuilder::new().tensor("w", "U8", &[8], &bytes).build();
        fs::write(folder.join("model.safetensors"), weights).unwrap();
        fs::write(folder.join("README.md"), format!("---\nlicense: {tag}\n---\n")).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .args(["scan", tree.path().to_str().unwrap(), "-o", "json=-"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let artifacts = document["inventory"]["artifacts"].as_array().unwrap();
    let meaning = |artifact: &Value| {
        let name = artifact["name"].as_str().unwrap();
        let index: usize = name.trim_start_matches('m').parse().unwrap();
        let assessed = &document["assessment"]["artifacts"][artifact["id"].as_str().unwrap()];
        let licenses = assessed["effective"]["licenses"].as_array().unwrap().iter();
        let keys = licenses.map(|license| license["key"].as_str().unwrap().to_owned()).collect();
        let expression = assessed["license"]["expression"].as_str().map(str::to_owned);
        (tags[index].to_owned(), (expression, keys))
    };
    artifacts.iter().map(meaning).collect()
}

#[test]
fn a_tag_that_names_one_licence_decides() {
    for (tag, (expression, keys)) in meanings(&NAMES_ONE) {
        assert_eq!(keys.len(), 1, "{tag}: {keys:?}");
        assert!(expression.is_some(), "{tag}");
    }
}

#[test]
fn a_tag_with_several_meanings_decides_nothing() {
    let tags = NAMES_SEVERAL.map(|(tag, _)| tag);
    let meanings = meanings(&tags);
    for (tag, wanted) in NAMES_SEVERAL {
        let (expression, keys) = &meanings[tag];
        assert_eq!(*expression, None, "{tag}");
        assert!(keys.len() > 1 && keys.iter().any(|key| key == wanted), "{tag}: {keys:?}");
    }
}

#[test]
fn a_tag_that_names_nothing_is_unknown() {
    for (tag, (expression, keys)) in meanings(&NAMES_NONE) {
        assert_eq!((expression, keys), (None, Vec::new()), "{tag}");
    }
}
