//! Contracts as a vendor uses them: the example, its bundle for customers, and what goes wrong.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use flowdown_core::model::Digest;
use serde_json::Value;

const EXAMPLE: &str = "examples/02_commercial_contract";

/// A day within the terms of the example's contracts.
const IN_TERM: &str = "1700000000";

/// 2033-11-14, after both have ended.
const AFTER: &str = "2015532800";

fn run(arguments: &[&str], day: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .env("SOURCE_DATE_EPOCH", day)
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The native document of a scan of `source` with the settings file of `folder`.
fn scan(source: &Path, folder: &Path, day: &str, more: &[&str]) -> Value {
    let settings = folder.join("flowdown.toml");
    let (source, settings) = (source.to_str().unwrap(), settings.to_str().unwrap());
    let mut arguments = vec!["scan", source, "--product", settings, "-o", "json=-"];
    arguments.extend(more);
    let output = run(&arguments, day);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// The codes of the findings of a document, in order.
fn codes(document: &Value) -> Vec<&str> {
    let findings = document["assessment"]["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

/// A copy of the example that a test may change.
struct Copy {
    folder: tempfile::TempDir,
}

impl Copy {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(EXAMPLE), folder.path());
        Self { folder }
    }

    /// Replaces words of a file, which must be there.
    fn change(&self, file: &str, from: &str, to: &str) -> &Self {
        let path = self.folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from} in {file}");
        fs::write(path, text.replace(from, to)).unwrap();
        self
    }

    fn scan(&self, more: &[&str]) -> Value {
        let folder = self.folder.path();
        scan(&folder.join("product"), folder, IN_TERM, more)
    }

    /// With `change` in `file`, a scan is refused, and the message has `words`.
    #[track_caller]
    fn refuses(file: &str, change: (&str, &str), words: &[&str]) {
        let copy = Self::new();
        copy.change(file, change.0, change.1);
        let folder = copy.folder.path();
        let settings = folder.join("flowdown.toml");
        let product = folder.join("product");
        let arguments =
            ["scan", product.to_str().unwrap(), "--product", settings.to_str().unwrap()];
        let output = run(&arguments, IN_TERM);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        for part in words {
            assert!(stderr.contains(part), "{part} in {stderr}");
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn the_example() {
    let product = format!("{EXAMPLE}/flowdown.toml");
    let source = format!("{EXAMPLE}/product");
    let output = run(&["scan", &source, "--product", &product], IN_TERM);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    let readme = fs::read_to_string(format!("{EXAMPLE}/README.md")).unwrap();
    let command = format!("$ flowdown scan {source} --product {product}\n");
    let excerpt = readme.split(&command).nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert!(excerpt.lines().count() > 10, "{excerpt}");
    for line in excerpt.lines().filter(|line| *line != "…") {
        assert!(printed.contains(line), "the README shows what is not printed: {line}");
    }
    insta::assert_snapshot!(printed);
}

/// Everything that the contracts of the example have for their parties only, taken from the files
/// themselves: each value of a key that no customer may read.
fn confidential() -> Vec<String> {
    let mut words = Vec::new();
    for name in ["nova", "atlas-evaluation"] {
        let path = format!("contracts/{name}.toml");
        words.push(path.clone());
        let bytes = fs::read(format!("{EXAMPLE}/{path}")).unwrap();
        words.push(Digest::sha256_of(&bytes).hex());
        let file: toml::Table = String::from_utf8(bytes).unwrap().parse().unwrap();
        let table = file["contract"].as_table().unwrap();
        for key in ["agreement", "order", "effective", "from", "until"] {
            words.extend(table.get(key).map(|value| value.to_string().replace('"', "")));
        }
        for party in ["licensor", "licensee"] {
            let affiliates = table[party].get("affiliates").and_then(toml::Value::as_array);
            let affiliates = affiliates.into_iter().flatten();
            words.extend(affiliates.map(|name| name.as_str().unwrap().to_owned()));
        }
        for obligation in file["obligation"].as_array().unwrap() {
            let clause = obligation["clause"].as_str().unwrap();
            words.push(format!("clause {clause}"));
            words.push(format!("\"{clause}\""));
            let params = obligation.get("params").and_then(toml::Value::as_table);
            for (name, value) in params.into_iter().flatten() {
                if !value.is_bool() {
                    words.push(format!("{name}="));
                    words.extend(value.as_str().map(str::to_owned));
                }
            }
        }
        words
            .extend(file["grant"].get("governing_law").map(|law| law.as_str().unwrap().to_owned()));
    }
    let kinds = [
        "audit",
        "indemnify-licensor",
        "liquidated-damages",
        "records",
        "report-downstream-violation",
        "terminate-on-breach",
        "terminate-on-downstream-breach",
        "usage-control",
    ];
    words.extend(kinds.map(str::to_owned));
    words
        .extend(["customers.csv", "contradicted", "flowdown.use-not-permitted"].map(str::to_owned));
    words
}

/// A page's text as a reader sees it: an escaped word is the word, and the heads of tables have a
/// `scope` that is no detail of an obligation.
fn plain(text: &str) -> String {
    let heads = [(" scope=\"col\"", ""), (" scope=\"row\"", "")];
    let escapes =
        [("&#x2f;", "/"), ("&#x27;", "'"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">")];
    let replaced = heads.into_iter().chain(escapes).chain([("&amp;", "&")]);
    replaced.fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[test]
fn customers_do_not_read_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("bundle");
    let product = format!("{EXAMPLE}/flowdown.toml");
    // The whole example is the source: its contracts lie inside of what is scanned.
    let arguments = ["bundle", EXAMPLE, "--product", &product, "-o", out.to_str().unwrap()];
    let output = run(&arguments, IN_TERM);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let words = confidential();
    assert!(words.len() > 40 && words.contains(&"PO-2023-0417".to_owned()), "{words:?}");
    let mut files = 0;
    for entry in fs::read_dir(&out).unwrap() {
        let path = entry.unwrap().path();
        let text = plain(&fs::read_to_string(&path).unwrap());
        for word in &words {
            assert!(!text.contains(word), "`{word}` is in {}", path.display());
        }
        files += 1;
    }
    assert_eq!(files, 6);

    let notice = fs::read_to_string(out.join("NOTICE.md")).unwrap();
    assert!(notice.contains("Nova Model License") && notice.contains("by: ACME GmbH"), "{notice}");
    assert!(notice.contains("third-party-beneficiary") && notice.contains("3 use restrictions"));
    let restrictions = fs::read_to_string(out.join("USE-RESTRICTIONS.md")).unwrap();
    assert!(
        restrictions.contains("military\n") && restrictions.contains("clause B.1"),
        "{restrictions}"
    );
    // The vendor's own documents have all of it: what is searched for is really there.
    let source = Path::new(EXAMPLE).join("product");
    let internal = scan(&source, Path::new(EXAMPLE), IN_TERM, &[]).to_string();
    for word in
        ["PO-2023-0417", "250000", "liquidated-damages", "once a year", "contracts/nova.toml"]
    {
        assert!(internal.contains(word), "{word}");
    }
}

#[test]
fn a_changed_file_breaks_a_contract_that_names_its_digest() {
    let copy = Copy::new();
    let weights = "product/models/nova-summarizer-2b/model.safetensors";
    let path = copy.folder.path().join(weights);
    let status = |document: &Value| {
        let artifacts = document["assessment"]["artifacts"].as_object().unwrap().values();
        let obligations = artifacts.flat_map(|it| it["obligations"].as_array().unwrap());
        let mut owed = obligations.filter(|it| it["obligation"]["kind"] == "no-modification");
        let nova = owed.find(|it| it["license"] == "nova-model-license").unwrap();
        nova["status"].as_str().unwrap().to_owned()
    };
    let delivered = copy.scan(&[]);
    assert_eq!(status(&delivered), "satisfied");
    assert_eq!(status(&copy.scan(&["--quick"])), "needs-declaration");
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, bytes).unwrap();
    let changed = copy.scan(&[]);
    assert_eq!(status(&changed), "contradicted");
    let more = codes(&changed).len() - codes(&delivered).len();
    assert_eq!(more, 1, "flowdown.use-not-permitted for the changed file");
}

#[test]
fn the_term_is_compared_with_the_day_of_the_report() {
    let source = Path::new(EXAMPLE).join("product");
    let before = scan(&source, Path::new(EXAMPLE), "1600000000", &[]);
    let after = scan(&source, Path::new(EXAMPLE), AFTER, &[]);
    for document in [&before, &after] {
        let out = codes(document).into_iter().filter(|code| *code == "contract.out-of-term");
        assert_eq!(out.count(), 2, "{:?}", codes(document));
    }
    assert!(before.to_string().contains("it begins on 2023-07-01"));
    assert!(after.to_string().contains("it ended on 2033-06-30"));
}

#[test]
fn what_does_not_fit_is_a_finding() {
    let nova = "contracts/nova.toml";
    let copy = Copy::new();
    copy.change(nova, "name = \"nova-summarizer-2b\"", "name = \"nova-1b\"");
    copy.change(nova, "75a8eb6f", "00000000");
    let found = copy.scan(&[]);
    let codes_found = codes(&found);
    assert!(codes_found.contains(&"contract.matches-nothing"), "{codes_found:?}");
    assert!(codes_found.contains(&"contract.missing"), "{codes_found:?}");
    let copy = Copy::new();
    copy.change("flowdown.toml", "vendor = \"ACME GmbH\"", "vendor = \"ACME Inc.\"");
    let found = copy.scan(&[]);
    let mismatches = codes(&found).into_iter().filter(|code| *code == "contract.party-mismatch");
    assert_eq!(mismatches.count(), 2);
    let copy = Copy::new();
    copy.change(nova, "name = \"nova-summarizer-2b\"", "name = \"*\"");
    assert!(codes(&copy.scan(&[])).contains(&"contract.ambiguous"));
}

#[test]
fn a_contract_stands_in_place_of_the_public_licence_that_it_names() {
    let card = "product/models/nova-summarizer-2b/README.md";
    let public = ("license: other\nlicense_name: proprietary", "license: cc-by-nc-nd-4.0");
    let copy = Copy::new();
    copy.change(card, public.0, public.1);
    assert!(codes(&copy.scan(&[])).contains(&"license.contradicted"));
    copy.change(
        "contracts/nova.toml",
        "[contract]\n",
        "[contract]\nreplaces = [\"cc-by-nc-nd-4.0\"]\n",
    );
    let found = copy.scan(&[]);
    assert!(!codes(&found).contains(&"license.contradicted"), "{:?}", codes(&found));
    let text = found.to_string();
    assert!(text.contains("in place of `CC-BY-NC-ND-4.0`"), "the conclusion says why");
    assert!(text.contains("\"candidates\":[\"cc-by-nc-nd-4.0\"]"), "the claim stays");
}

#[test]
fn a_contract_that_cannot_be_used_ends_the_run() {
    let nova = "contracts/nova.toml";
    Copy::refuses(nova, ("[contract.licensor]", "[contract.licenser]"), &[nova, "licensor"]);
    Copy::refuses(nova, ("cure_days", "cure_day"), &[nova, "cure_day", "cure_days"]);
    Copy::refuses(nova, ("\"nova-model-license\"", "\"mit\""), &["`mit`", "`open-source`", nova]);
    Copy::refuses(nova, ("\"nova-model-license\"", "\"MIT\""), &["`MIT`", "`open-source`"]);
    let evaluation = "atlas-evaluation-license";
    Copy::refuses(nova, ("nova-model-license", evaluation), &["the same key", evaluation]);
    Copy::refuses("flowdown.toml", ("contracts/*", "contract/*"), &["matches no file"]);
}

#[test]
fn the_example_is_valid_against_the_schema() {
    let schema = fs::read("schemas/contract/1.json").unwrap();
    let schema: Value = serde_json::from_slice(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let text = fs::read_to_string(format!("{EXAMPLE}/contracts/nova.toml")).unwrap();
    // A date of TOML is text in JSON.
    let text = text.lines().map(|line| match line.split_once(" = 20") {
        Some((key, day)) => format!("{key} = \"20{day}\"\n"),
        None => format!("{line}\n"),
    });
    let mut contract: Value =
        serde_json::to_value(text.collect::<String>().parse::<toml::Table>().unwrap()).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&contract).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    contract["contract"]["parties"] = Value::Null;
    assert!(!validator.is_valid(&contract));
}
