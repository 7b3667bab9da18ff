//! Recognition against others: the matcher of crate `spdx`, which compares whole texts by their bigrams, and
//! the licence texts of ScanCode, which other people collected and named.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use flowdown_core::model::Recognition;
use flowdown_test_support::outside::{Test, files_below};
use libtest_mimic::Failed;
use rayon::prelude::*;
use spdx::detection::{Store, TextData};

use super::{KNOWN, claimed, ensure, recognize, summary};

/// Names folders with licence files, separated like the folders of `PATH`.
pub(crate) const LICENSE_FILES: &str = "FLOWDOWN_LICENSE_FILES";
/// Names the folder `licensedcode/data` of ScanCode.
pub(crate) const SCANCODE: &str = "FLOWDOWN_SCANCODE";

pub(crate) const WITH_FILES: [(&str, Test); 2] = [
    ("copies_in_packages_are_what_the_spdx_crate_says", copies_in_packages),
    ("most_copies_in_packages_are_recognized", most_copies_are_recognized),
];
pub(crate) const WITH_SCANCODE: [(&str, Test); 2] = [
    ("the_texts_of_scancode_have_their_own_names", texts_of_scancode),
    ("other_terms_beside_a_permissive_text_are_seen", other_terms_beside),
];

/// Larger files hold many licences, which the matcher of whole texts cannot tell apart.
const FILE_BYTES: u64 = 64 << 10;

static STORE: LazyLock<Store> = LazyLock::new(|| {
    let mut store = Store::new();
    for (id, text) in spdx::text::LICENSE_TEXTS.iter().filter(|(_, text)| !text.is_empty()) {
        store.add_license((*id).to_owned(), TextData::new(text).without_text());
    }
    store
});

/// The SPDX ids that a recognised key can mean.
fn ids(key: &str) -> BTreeSet<String> {
    let listed = KNOWN.plugins.iter().flat_map(|plugin| &plugin.listed);
    let keys: BTreeSet<String> = claimed(key).into_iter().chain([key.to_owned()]).collect();
    let ids = listed.filter(|it| keys.contains(&it.key)).map(|it| it.spdx.clone());
    ids.chain([key.to_owned()]).collect()
}

/// Without the suffixes that no text tells apart, nor an exception that stands behind a whole text.
fn base(id: &str) -> &str {
    let id = id.split("-with-").next().unwrap_or(id);
    id.trim_end_matches("-only").trim_end_matches("-or-later").trim_end_matches('+')
}

/// Licence files below the folders, each sequence of words once: name and text. How a copy is wrapped
/// makes it no other case, and how many copies a machine has must not decide a test.
fn license_files(folders: &Path) -> Result<BTreeMap<String, String>, Failed> {
    let mut files = BTreeMap::new();
    for folder in env::split_paths(folders) {
        for (_, path) in files_below(&folder)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
            let is_license =
                ["licen", "copying", "unlicense"].iter().any(|it| name.starts_with(it));
            let is_code = [".js", ".json", ".map", ".py", ".pyc", ".rs", ".toml", ".ts"]
                .iter()
                .any(|it| name.ends_with(it));
            if is_license && !is_code && path.metadata()?.len() <= FILE_BYTES {
                let text = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
                let words = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
                files.entry(words).or_insert_with(|| (path.display().to_string(), text));
            }
        }
    }
    ensure(files.len() > 50, || format!("{} licence files", files.len()))?;
    Ok(files.into_values().collect())
}

/// Where one licence is recognised word for word and nothing else stands in the file, the other matcher
/// finds the same one nearest.
fn copies_in_packages(folders: &Path) -> Result<(), Failed> {
    let files = license_files(folders)?;
    let compared: Vec<Option<String>> = files
        .par_iter()
        .map(|(name, text)| {
            let found = recognize(text);
            let [only] = found.matches.as_slice() else { return None };
            if only.recognition != Recognition::Exact || !found.diagnostics.is_empty() {
                return None;
            }
            let nearest = STORE.analyze(&TextData::new(text));
            let ids = ids(&only.key.0);
            let same = ids.iter().any(|id| base(id) == base(nearest.name));
            let what =
                format!("{name}: {} here, {} there ({:.3})", only.key, nearest.name, nearest.score);
            Some(if same { String::new() } else { what })
        })
        .collect();
    let compared: Vec<String> = compared.into_iter().flatten().collect();
    let differ: Vec<&String> = compared.iter().filter(|it| !it.is_empty()).collect();
    let unexplained: Vec<&&String> =
        differ.iter().filter(|it| !EXPLAINED.iter().any(|(what, _)| it.contains(what))).collect();
    ensure(
        compared.len() > 50 && unexplained.is_empty() && differ.len() * 20 <= compared.len(),
        || format!("{} of {} differ: {differ:#?}", differ.len(), compared.len()),
    )
}

/// Differences from the matcher of crate `spdx`, and their reasons.
const EXPLAINED: [(&str, &str); 2] = [
    // The oracle is wrong: the words of the Apache terms stand there in one unbroken sequence, without
    // their appendix. It compares whole texts, and the licence of Pixar, which has other words in
    // section 6, has no appendix either.
    ("apache-2.0 here, Pixar there", "no appendix"),
    // The oracle is wrong: it finds nothing (score 0) in its own file of this text.
    ("Unlicense-libtelnet here", "nothing found"),
];

/// More than five of six distinct licence files of packages hold a text that is recognised without doubt;
/// the others are pointers, changed texts, and texts that nobody listed.
fn most_copies_are_recognized(folders: &Path) -> Result<(), Failed> {
    let files = license_files(folders)?;
    let doubtful: Vec<String> = files
        .iter()
        .filter_map(|(name, text)| {
            let found = recognize(text);
            let is_sure = !found.matches.is_empty() && found.diagnostics.is_empty();
            (!is_sure).then(|| format!("{name}: {:?}", summary(&found)))
        })
        .collect();
    ensure(doubtful.len() * 6 < files.len(), || {
        format!("{} of {} are not: {doubtful:#?}", doubtful.len(), files.len())
    })
}

/// A licence of ScanCode.
struct Foreign {
    key: String,
    category: String,
    spdx: Vec<String>,
    text: String,
}

fn foreign(data: &Path) -> Result<Vec<Foreign>, Failed> {
    let mut licenses = Vec::new();
    for (name, path) in files_below(&data.join("licenses"))? {
        let file = fs::read_to_string(&path)?;
        let Some((head, text)) =
            file.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"))
        else {
            continue;
        };
        let field = |name: &str| {
            let line = head.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_default().trim().to_owned()
        };
        let others = head.split("other_spdx_license_keys:").nth(1).unwrap_or_default();
        let others = others.lines().skip(1).map_while(|line| line.trim_start().strip_prefix("- "));
        let spdx = others.map(str::to_owned).chain([field("spdx_license_key:")]).collect();
        licenses.push(Foreign {
            key: name.trim_end_matches(".LICENSE").to_owned(),
            category: field("category:"),
            spdx,
            text: text.to_owned(),
        });
    }
    ensure(licenses.len() > 1000, || format!("{} licences", licenses.len()))?;
    Ok(licenses)
}

/// What ScanCode calls one licence is never exactly another here; and what it does not call permissive
/// is never recognised as a licence that it does.
fn texts_of_scancode(data: &Path) -> Result<(), Failed> {
    let licenses = foreign(data)?;
    let permissive: BTreeSet<&str> = licenses
        .iter()
        .filter(|it| is_free(&it.category))
        .flat_map(|it| it.spdx.iter().map(String::as_str))
        .collect();
    let restricted: BTreeSet<&str> = licenses
        .iter()
        .filter(|it| !is_free(&it.category))
        .flat_map(|it| it.spdx.iter().map(String::as_str))
        .collect();
    let records = KNOWN.plugins.iter().flat_map(|plugin| &plugin.terms);
    let by_scancode: BTreeMap<&str, &str> = records
        .flat_map(|record| record.ids.scancode.iter().map(|it| (it.as_str(), record.key.as_str())))
        .collect();
    let (mut compared, mut differ, mut mistaken) = (0, Vec::new(), Vec::new());
    for license in &licenses {
        let found = recognize(&license.text);
        let own = |key: &str| {
            let ids = ids(key);
            by_scancode.get(license.key.as_str()) == Some(&key)
                || license.spdx.iter().any(|it| ids.iter().any(|id| base(id) == base(it)))
                || ids.iter().any(|id| is_exception(id, &license.key))
        };
        let is_permissive = |key: &str| {
            let ids = ids(key);
            let any = |set: &BTreeSet<&str>| ids.iter().any(|id| set.contains(id.as_str()));
            any(&permissive) && !any(&restricted)
        };
        let others: Vec<(&str, Recognition)> = found
            .matches
            .iter()
            .filter(|it| it.recognition >= Recognition::Variant)
            .map(|it| (it.key.0.as_str(), it.recognition))
            .filter(|(key, _)| !own(key))
            .collect();
        compared += usize::from(!found.matches.is_empty());
        let what = || format!("{} ({}): {:?}", license.key, license.category, summary(&found));
        // A text that holds a permissive one beside its own terms is that and more.
        let only_permissive = !others.is_empty()
            && found.matches.len() == others.len()
            && others.iter().all(|(key, _)| is_permissive(key));
        let tolerated = SAME_TEXT.iter().any(|(key, _)| *key == license.key);
        if !is_free(&license.category) && only_permissive && !tolerated {
            mistaken.push(what());
        }
        // Word for word the same text under two names is no difference in recognition.
        let is_explained = DERIVED.iter().any(|(key, _)| *key == license.key);
        if others.iter().any(|(_, recognition)| *recognition == Recognition::Variant) {
            differ.push((is_explained, what()));
        }
    }
    let unexplained: Vec<&String> = differ.iter().filter(|it| !it.0).map(|it| &it.1).collect();
    ensure(
        compared > 500
            && mistaken.is_empty()
            && unexplained.is_empty()
            && differ.len() * 20 <= compared,
        || {
            let count = differ.len();
            format!("{count} of {compared}: {unexplained:#?}\npermissive: {mistaken:#?}")
        },
    )
}

/// Whatever else a file with a permissive text holds, it is recognised, or makes that text unknown.
fn other_terms_beside(data: &Path) -> Result<(), Failed> {
    let text_of = |id: &str| {
        let mut texts = spdx::text::LICENSE_TEXTS.iter();
        texts.find(|(name, _)| *name == id).map(|(_, text)| *text).ok_or("the text is listed")
    };
    let (mit, apache) = (text_of("MIT")?, text_of("Apache-2.0")?);
    let licenses = foreign(data)?;
    let others: Vec<&Foreign> =
        licenses.iter().filter(|it| !is_free(&it.category) && !it.text.trim().is_empty()).collect();
    let missed: BTreeSet<&str> = others
        .par_iter()
        .filter(|other| {
            let behind = recognize(&format!("{mit}\n\n{}", other.text));
            let before = recognize(&format!("{}\n\n{apache}", other.text));
            [(behind, "mit"), (before, "apache-2.0")]
                .iter()
                .any(|(found, key)| matches!(&found.matches[..], [one] if one.key.0 == *key))
        })
        .map(|other| other.key.as_str())
        .collect();
    let expected = EXPECTED_BESIDE.into_iter().collect::<BTreeSet<&str>>();
    ensure(others.len() > 1000 && missed == expected, || {
        format!("{} of {}: {missed:#?}", missed.len(), others.len())
    })
}

/// Texts that hold no duty, only pointers and wishes.
const EXPECTED_BESIDE: [&str; 4] = [
    "crypto-keys-redistribution",
    "mpl-2.0-no-copyleft-exception",
    "oracle-master-agreement",
    "windriver-commercial",
];

fn is_free(category: &str) -> bool {
    matches!(category, "Permissive" | "Public Domain")
}

/// The rules differ: deprecated ids of SPDX, `GPL-2.0-with-font-exception`, have the text of the exception
/// alone, which ScanCode names itself.
fn is_exception(id: &str, scancode: &str) -> bool {
    let exception = id.split("-with-").nth(1).unwrap_or_default().to_lowercase();
    let name = exception.split('-').next().unwrap_or_default();
    !name.is_empty() && scancode.contains(name)
}

/// Not permissive for ScanCode, and recognised as something permissive, with the reason.
const SAME_TEXT: [(&str, &str); 2] = [
    ("etalab-2.0-fr", "ScanCode states no category; word for word the listed text"),
    ("odc-1.0", "word for word the text of ODC-By, which ScanCode has under another key too"),
];

/// The rules differ: ScanCode has a name for each rewritten copy, and here a variant says what differs.
const DERIVED: [(&str, &str); 24] = [
    ("anepokis-1.0", "OSL 3.0, renamed"),
    ("cc-by-2.0-uk", "not listed; its sister with share-alike is"),
    ("cc-nc-1.0", "not listed; its sister with attribution is"),
    ("cc-nd-1.0", "not listed; its sister with attribution is"),
    ("cc-sa-1.0", "not listed; its sister with attribution is"),
    ("cecill-1.0-en", "version 1.0 is listed in French, version 1.1 in English"),
    ("cecill-2.0-fr", "version 2.0 is listed in English, version 1.0 in French"),
    ("fawkes-runtime-exception", "a rewritten Classpath exception"),
    ("gpl-2.0-independent-module-linking", "a rewritten Classpath exception"),
    ("gpl-2.0-openjdk", "a Classpath exception and more"),
    ("gpl-2.0-oracle-openjdk", "a Classpath exception and more"),
    ("h2-1.0", "MPL 1.1, renamed"),
    ("llama-4-license-2025", "ScanCode's text under this key is the policy"),
    ("monetdb-1.1", "MPL 1.1, renamed"),
    ("ohdl-1.0", "MPL 2.0, rewritten for hardware"),
    ("openjdk-exception", "a Classpath exception and more"),
    ("pftijah-1.1", "MPL 1.1, renamed"),
    ("qwt-1.0", "an exception with the LGPL behind it"),
    ("sun-sissl-1.0", "an earlier version of the listed one"),
    ("tanuki-community-sla-1.0", "holds the GPL"),
    ("tanuki-community-sla-1.1", "holds the GPL"),
    ("tanuki-community-sla-1.2", "holds the GPL"),
    ("tanuki-community-sla-1.3", "holds the GPL"),
    ("tpl-1.0", "MPL 1.1, renamed"),
];
