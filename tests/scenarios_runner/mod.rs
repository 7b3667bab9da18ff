//! Builds the product of a scenario, scans it, and compares what is found with what must be.

mod build;
mod found;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use libtest_mimic::Failed;
use serde::Deserialize;

/// `scenario.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    /// What it shows, for people.
    about: String,
    /// The table `[product]` of the settings, without `agreement`.
    product: toml::Table,
    model: Vec<Model>,
    /// The agreement's file, relative to the scenario; absent: there is none.
    agreement: Option<PathBuf>,
    /// Changes to the agreement; each must change something.
    #[serde(default)]
    edit: Vec<Edit>,
    /// Whether the `USE-RESTRICTIONS.md` of the product's own bundle is a part of the agreement.
    #[serde(default)]
    attach: Attachment,
    /// A contract file beside `scenario.toml`.
    contract: Option<PathBuf>,
    expected: Expected,
    #[serde(skip)]
    folder: PathBuf,
}

#[derive(Deserialize, Default, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Attachment {
    #[default]
    Nothing,
    UseRestrictions,
}

/// A model of the product.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Model {
    name: String,
    /// Front matter of its card.
    card: String,
    /// File beside the weights, by name, with the key of the licence text that it holds.
    #[serde(default)]
    texts: BTreeMap<String, String>,
    /// Other files beside the weights, with their words.
    #[serde(default)]
    files: BTreeMap<String, String>,
}

/// A change to the agreement.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    find: String,
    replace: String,
}

/// What must be found: nothing more, nothing less.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// For each licence, each restriction that is not passed on as the licence demands:
    /// `label: verdict`, and for a weakened one `label: weakened (ways)`.
    #[serde(default)]
    restrictions: BTreeMap<String, BTreeSet<String>>,
    /// For each licence, each duty that the agreement does not meet: `kind: verdict`.
    #[serde(default)]
    duties: BTreeMap<String, BTreeSet<String>>,
    /// For each model, the codes of its findings that are errors or warnings; and for the product
    /// as a whole under `product`.
    findings: BTreeMap<String, BTreeSet<String>>,
    /// Words that some finding must contain.
    #[serde(default)]
    words: Vec<String>,
    /// Words that some gap of the flow must contain.
    #[serde(default)]
    gaps: Vec<String>,
}

impl Scenario {
    pub(crate) fn read(folder: &Path) -> Self {
        let path = folder.join("scenario.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let scenario: Self =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { folder: folder.to_owned(), ..scenario }
    }

    /// Whether it needs the words of licences.
    pub(crate) fn needs_texts(&self) -> bool {
        self.model.iter().any(|model| !model.texts.is_empty())
    }

    pub(crate) fn run(&self, corpus: Option<&Path>) -> Result<(), Failed> {
        let product = build::Product::of(self, corpus)?;
        let document = product.scan()?;
        let found = found::Found::of(&document)?;
        let mut wrong = Vec::new();
        compare("restrictions", &self.expected.restrictions, &found.restrictions, &mut wrong);
        compare("duties", &self.expected.duties, &found.duties, &mut wrong);
        compare("findings", &self.expected.findings, &found.findings, &mut wrong);
        for words in &self.expected.words {
            if !found.messages.iter().any(|message| message.contains(words)) {
                wrong.push(format!("no finding says `{words}`"));
            }
        }
        for words in &self.expected.gaps {
            if !found.gaps.iter().any(|gap| gap.contains(words)) {
                wrong.push(format!("no gap says `{words}`: {:?}", found.gaps));
            }
        }
        if wrong.is_empty() {
            return Ok(());
        }
        let messages = found.messages.join("\n  ");
        Err(format!("{}\n{}\nfindings:\n  {messages}", self.about, wrong.join("\n")).into())
    }
}

fn compare(
    what: &str,
    expected: &BTreeMap<String, BTreeSet<String>>,
    found: &BTreeMap<String, BTreeSet<String>>,
    wrong: &mut Vec<String>,
) {
    let keys: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    let none = BTreeSet::new();
    for key in keys {
        let expected = expected.get(key).unwrap_or(&none);
        let found = found.get(key).unwrap_or(&none);
        let lacks: Vec<&String> = expected.difference(found).collect();
        let surplus: Vec<&String> = found.difference(expected).collect();
        if !lacks.is_empty() || !surplus.is_empty() {
            wrong.push(format!("{what} of {key}: not found {lacks:?}, found beside {surplus:?}"));
        }
    }
}
