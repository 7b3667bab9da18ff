//! The agreement with customers, as a vendor uses it: the example, what a change of it makes missing
//! or weakened, and a bundle that is attached to an agreement.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use flowdown_test_support::outside::{self, CORPUS, Test};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

const EXAMPLE: &str = "examples/03_customer_agreement";

const WITH_CORPUS: [(&str, Test); 4] = [
    ("other_words_are_equivalent_where_the_licence_is_at_hand", other_words),
    ("an_attached_bundle_passes_word_for_word", an_attached_bundle_passes),
    ("the_licence_itself_passes_as_an_attachment", the_licence_itself_passes),
    ("what_a_change_weakens_is_named_with_the_licence_at_hand", weakened_with_the_licence),
];

/// Texts whose restrictions must be passed on and whose clauses have fingerprints.
const TEXTS: [&str; 8] = [
    "aipubs-openrail-m-0.1",
    "bigcode-openrail-m-v1",
    "bigscience-bloom-rail-1.0",
    "bigscience-openrail-m",
    "creativeml-openrail-m",
    "creativeml-openrailpp-m",
    "deepseek-1.0",
    "ltxv-owl-2025-05-05",
];

fn main() {
    let arguments = Arguments::from_args();
    let own: [(&str, fn()); 7] = [
        ("the_example", the_example),
        ("what_a_change_takes_away_is_named", what_a_change_takes_away_is_named),
        ("a_reference_without_the_list_is_no_list", a_reference_without_the_list_is_no_list),
        ("html_is_read_like_markdown", html_is_read_like_markdown),
        ("a_file_that_nothing_refers_to_is_no_part", a_file_that_nothing_refers_to_is_no_part),
        ("files_that_cannot_be_read_end_the_run", files_that_cannot_be_read_end_the_run),
        ("an_attached_bundle_without_texts_is_not_comparable", an_attached_bundle_without_texts),
    ];
    let mut trials: Vec<Trial> = own
        .into_iter()
        .map(|(name, test)| {
            Trial::test(name, move || {
                test();
                Ok(())
            })
        })
        .collect();
    trials.extend(outside::trials(CORPUS, &WITH_CORPUS));
    libtest_mimic::run(&arguments, trials).exit();
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .expect("the binary runs")
}

/// A copy of the example that a test may change.
struct Copy {
    folder: tempfile::TempDir,
}

impl Copy {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(EXAMPLE), folder.path());
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Replaces words of a file, which must be there.
    fn change(&self, file: &str, from: &str, to: &str) -> &Self {
        let text = fs::read_to_string(self.path(file)).expect("the file is there");
        assert!(text.contains(from), "{from} in {file}");
        self.write(file, &text.replace(from, to))
    }

    fn write(&self, file: &str, text: &str) -> &Self {
        fs::write(self.path(file), text).expect("the file can be written");
        self
    }

    /// Puts a licence text of the corpus beside the model, whose card states nothing.
    fn license(&self, corpus: &Path, key: &str) -> &Self {
        let text = fs::read(corpus.join(format!("license-texts/{key}.txt"))).expect("a text");
        let model = "product/models/acme-writer-1b";
        fs::write(self.path(model).join("LICENSE"), text).expect("the text can be written");
        self.write(&format!("{model}/README.md"), "# acme-writer-1b\n")
    }

    fn arguments(&self, command: &str) -> [String; 4] {
        let path = |name: &str| self.path(name).to_string_lossy().into_owned();
        [command.to_owned(), path("product"), "--product".to_owned(), path("flowdown.toml")]
    }

    fn run(&self, command: &str, more: &[&str]) -> Output {
        let arguments = self.arguments(command);
        run(&arguments.iter().map(String::as_str).chain(more.iter().copied()).collect::<Vec<_>>())
    }

    fn document(&self) -> Value {
        let output = self.run("scan", &["-o", "json=-"]);
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
    }

    /// Makes the bundle and names its list of restrictions as an attachment.
    fn attach(&self) -> &Self {
        let bundle = self.path("bundle");
        let output = self.run("bundle", &["-o", &bundle.to_string_lossy()]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let list =
            fs::read_to_string(bundle.join("USE-RESTRICTIONS.md")).expect("the list is there");
        self.write("USE-RESTRICTIONS.md", &list);
        self.write("EULA.md", MASTER);
        self.change("flowdown.toml", "\"EULA.md\"", "[\"EULA.md\", \"USE-RESTRICTIONS.md\"]")
    }
}

/// An agreement that has its restrictions in an attachment.
const MASTER: &str = "# Terms\n\n1. Customer may use the Product.\n\n2. Customer must comply with the \
                      use restrictions of the attachment `USE-RESTRICTIONS.md`, which is part of \
                      these terms.\n";

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("the folder can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the file can be copied");
        }
    }
}

fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// The codes of findings about the agreement, in order.
fn codes(document: &Value) -> Vec<&str> {
    array(&document["assessment"], "findings")
        .iter()
        .filter_map(|finding| finding["rule"].as_str())
        .filter(|rule| rule.starts_with("agreement.") || rule.contains("use-restrictions"))
        .collect()
}

/// The restrictions of every licence as `label verdict kind…`.
fn verdicts(document: &Value) -> Vec<String> {
    array(&document["assessment"]["agreement"], "licenses")
        .iter()
        .flat_map(|license| array(license, "restrictions"))
        .map(|restriction| {
            let mut words =
                vec![restriction["label"].to_string(), restriction["verdict"].to_string()];
            let differences = array(restriction, "differences").iter();
            words.extend(differences.map(|difference| difference["kind"].to_string()));
            words.join(" ").replace('"', "")
        })
        .collect()
}

/// Those that are neither word for word, nor equivalent, nor not comparable.
fn lost(document: &Value) -> Vec<String> {
    let mut lost = verdicts(document);
    lost.retain(|words| words.contains(" missing") || words.contains(" weakened"));
    lost
}

fn the_example() {
    let copy = Copy::new();
    let document = copy.document();
    assert_eq!(lost(&document), Vec::<String>::new());
    assert_eq!(verdicts(&document).len(), 13);
    assert!(verdicts(&document).iter().all(|words| words.ends_with(" not-comparable")));
    assert_eq!(codes(&document), ["agreement.restriction-unverified"]);
    let printed = run(&[
        "scan",
        &format!("{EXAMPLE}/product"),
        "--product",
        &format!("{EXAMPLE}/flowdown.toml"),
    ]);
    let readme = fs::read_to_string(format!("{EXAMPLE}/README.md")).expect("the example has one");
    for line in String::from_utf8_lossy(&printed.stdout).lines() {
        assert!(readme.contains(line), "the README shows: {line}");
    }
}

/// With `change` in the agreement, exactly `expected` is missing or weakened.
#[track_caller]
fn check(change: (&str, &str), expected: &[&str], code: &str) {
    let copy = Copy::new();
    copy.change("EULA.md", change.0, change.1);
    let document = copy.document();
    assert_eq!(lost(&document), expected, "{change:?}");
    assert!(codes(&document).contains(&code), "{code} in {:?}", codes(&document));
}

fn what_a_change_takes_away_is_named() {
    let weakened = "agreement.restriction-weakened";
    let missing = "agreement.restriction-missing";
    let results = "to interpret medical results;";
    check(
        (results, "to interpret medical results, unless a doctor supervises it;"),
        &["(l) weakened exception-added"],
        weakened,
    );
    check(
        ("(i) with the intention, or with the effect, that", "(i) with the intention that"),
        &["(i) weakened mental-element-narrowed"],
        weakened,
    );
    check(
        ("(f) to defame, belittle or harass anybody;", "(f) to defame or harass anybody;"),
        &["(f) weakened act-dropped"],
        weakened,
    );
    check(("(b) to exploit or harm minors, or to try to;\n\n", ""), &["(b) missing"], missing);
    let permitted = "to sell it.\n\nCustomer may use the Product to give medical advice.\n";
    check(
        ("(l) to give medical advice, or to interpret medical results;", permitted),
        // What follows is no item any more: the list ended.
        &["(l) missing", "(m) missing"],
        missing,
    );
    let document = {
        let copy = Copy::new();
        copy.change(
            "EULA.md",
            "Customer must not use the Product",
            "Customer should not use the Product",
        );
        copy.change("EULA.md", "and must not let others", "and should not let others");
        copy.document()
    };
    assert_eq!(lost(&document).len(), 13);
    assert!(lost(&document).iter().all(|words| words.ends_with("weakened softened")));
    let terms = "agreement.term-missing";
    let copy = Copy::new();
    copy.change("EULA.md", "complies with the restrictions of\nsection 3", "is trained");
    assert!(codes(&copy.document()).contains(&terms));
    let copy = Copy::new();
    copy.change("EULA.md", "These models are subject to the use restrictions of section 3.", "");
    assert!(codes(&copy.document()).contains(&"agreement.notice-missing"));
}

fn a_reference_without_the_list_is_no_list() {
    let copy = Copy::new();
    copy.write("EULA.md", MASTER);
    let document = copy.document();
    assert_eq!(lost(&document).len(), 13);
    assert!(codes(&document).contains(&"agreement.attachment-missing"), "{:?}", codes(&document));
    assert!(!codes(&document).contains(&"agreement.restriction-missing"));
}

fn html_is_read_like_markdown() {
    let copy = Copy::new();
    let text = fs::read_to_string(copy.path("EULA.md")).expect("the agreement is there");
    let html: String = text
        .split("\n\n")
        .map(|part| match part.strip_prefix("## ").or_else(|| part.strip_prefix("# ")) {
            Some(title) => format!("<h2>{title}</h2>\n"),
            None => format!("<p>{}</p>\n", part.replace('&', "&amp;").replace('"', "&quot;")),
        })
        .collect();
    copy.write("EULA.html", &html).change("flowdown.toml", "EULA.md", "EULA.html");
    let markdown = Copy::new().document();
    let document = copy.document();
    assert_eq!(verdicts(&document), verdicts(&markdown));
    copy.change("EULA.html", "<p>(l) ", "<p hidden>(l) ");
    assert_eq!(lost(&copy.document()), ["(l) missing"]);
}

fn a_file_that_nothing_refers_to_is_no_part() {
    let copy = Copy::new();
    let text = fs::read_to_string(copy.path("EULA.md")).expect("the agreement is there");
    copy.write("policy.md", &text.replace("# ACME Writer: terms for customers", "# Conduct"));
    copy.write("EULA.md", "# Terms\n\nCustomer may use the Product. Fees are due.\n");
    copy.change("flowdown.toml", "\"EULA.md\"", "[\"EULA.md\", \"policy.md\"]");
    let lost_without = lost(&copy.document());
    assert_eq!(lost_without.len(), 13);
    assert!(lost_without.iter().all(|words| words.ends_with("weakened not-incorporated")));
    copy.write("EULA.md", "# Terms\n\nCustomer must comply with `policy.md`. Fees are due.\n");
    assert_eq!(lost(&copy.document()), Vec::<String>::new());
}

fn files_that_cannot_be_read_end_the_run() {
    for (name, words) in
        [("EULA.pdf", "pdftotext"), ("EULA.docx", "soffice"), ("none.md", "cannot be read")]
    {
        let copy = Copy::new();
        copy.write("EULA.pdf", "%PDF-1.7").write("EULA.docx", "PK");
        copy.change("flowdown.toml", "EULA.md", name);
        let output = copy.run("scan", &[]);
        let printed = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{printed}");
        assert!(printed.contains(words) && printed.contains(name), "{printed}");
    }
}

fn an_attached_bundle_without_texts() {
    let copy = Copy::new();
    let document = copy.attach().document();
    assert_eq!(lost(&document), Vec::<String>::new());
    assert!(verdicts(&document).iter().all(|words| words.ends_with(" not-comparable")));
    assert_eq!(codes(&document), ["agreement.restriction-unverified"]);
}

fn an_attached_bundle_passes(corpus: &Path) -> Result<(), Failed> {
    for key in TEXTS {
        let copy = Copy::new();
        let document = copy.license(corpus, key).attach().document();
        let others: Vec<String> =
            verdicts(&document).into_iter().filter(|words| !words.ends_with(" verbatim")).collect();
        if !others.is_empty() || verdicts(&document).is_empty() || !codes(&document).is_empty() {
            return Err(format!("{key}: {others:#?} {:?}", codes(&document)).into());
        }
    }
    Ok(())
}

/// The licence's own text, attached as it is.
fn the_licence_itself_passes(corpus: &Path) -> Result<(), Failed> {
    for key in TEXTS {
        let copy = Copy::new();
        copy.license(corpus, key);
        let license = fs::read_to_string(corpus.join(format!("license-texts/{key}.txt")))?;
        copy.write("attachment.txt", &license);
        copy.write("EULA.md", &MASTER.replace("USE-RESTRICTIONS.md", "attachment.txt"));
        copy.change("flowdown.toml", "\"EULA.md\"", "[\"EULA.md\", \"attachment.txt\"]");
        let document = copy.document();
        let others: Vec<String> =
            verdicts(&document).into_iter().filter(|words| !words.ends_with(" verbatim")).collect();
        if !others.is_empty() || verdicts(&document).is_empty() {
            return Err(format!("{key}: {others:#?}").into());
        }
    }
    Ok(())
}

fn other_words(corpus: &Path) -> Result<(), Failed> {
    let copy = Copy::new();
    let document = copy.license(corpus, "bigscience-openrail-m").document();
    let verdicts = verdicts(&document);
    if verdicts.len() != 13 || !verdicts.iter().all(|words| words.ends_with(" equivalent")) {
        return Err(format!("{verdicts:#?}").into());
    }
    if codes(&document) != ["agreement.restriction-reworded"] {
        return Err(format!("{:?}", codes(&document)).into());
    }
    Ok(())
}

fn weakened_with_the_licence(corpus: &Path) -> Result<(), Failed> {
    for (from, to, expected) in [
        (", or to interpret medical results", "", "(l) weakened act-dropped"),
        (
            "to impersonate anybody, for example by a deepfake, without the consent of that person",
            "to impersonate anybody without the consent of ACME",
            "(g) weakened exception-added",
        ),
        (
            "to create or publish text",
            "to create or publicly publish text",
            "(e) weakened scope-narrowed",
        ),
        (
            "administration of justice, law enforcement, immigration or",
            "administration of justice, immigration or",
            "(m) weakened act-dropped",
        ),
    ] {
        let copy = Copy::new();
        copy.license(corpus, "bigscience-openrail-m").change("EULA.md", from, to);
        let lost = lost(&copy.document());
        if lost != [expected] {
            return Err(format!("{to}: {lost:?}").into());
        }
    }
    Ok(())
}
