//! How an artifact derives from what its facts name.

use std::collections::BTreeMap;

use flowdown_plugin_sdk::message::{ArtifactView, Evidence, FactView, RelationClaim};
use serde_json::Value;

use crate::part;
use crate::target::target;

/// More parents than this are not read: a merge of a hundred models names a hundred.
const TARGETS: usize = 500;

/// How, from the vaguest word to the most certain: of several words about one parent, the last wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Relation {
    DerivedFrom,
    ConvertedFrom,
    QuantizedFrom,
    FineTunedFrom,
    DistilledFrom,
    MergedFrom,
    AdapterOf,
}

impl Relation {
    const fn name(self) -> &'static str {
        match self {
            Self::DerivedFrom => "derived-from",
            Self::ConvertedFrom => "converted-from",
            Self::QuantizedFrom => "quantized-from",
            Self::FineTunedFrom => "fine-tuned-from",
            Self::DistilledFrom => "distilled-from",
            Self::MergedFrom => "merged-from",
            Self::AdapterOf => "adapter-of",
        }
    }
}

/// Whether somebody says how, or the files suggest it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Ground {
    Suggested,
    Stated,
}

/// Every relation that the facts state, one for each target, in the order of targets.
pub(crate) fn relations(artifact: &ArtifactView) -> Vec<RelationClaim> {
    let suggested = suggested(artifact);
    let stated = stated(artifact);
    let mut parents: BTreeMap<String, Parent> = BTreeMap::new();
    let mut datasets: BTreeMap<String, Parent> = BTreeMap::new();
    for (index, fact) in artifact.facts.iter().enumerate() {
        let (ground, relation) = match fact.name.as_str() {
            "adapter.base-model" if artifact.kind == "adapter" => {
                (Ground::Stated, Relation::AdapterOf)
            }
            // Whole weights beside an adapter's configuration: whether the adapter was merged into
            // them, nothing says.
            "adapter.base-model" => (Ground::Suggested, Relation::DerivedFrom),
            "merge.models" | "merge.base-model" => (Ground::Stated, Relation::MergedFrom),
            "card.base-model" => {
                stated.unwrap_or((Ground::Suggested, among(&fact.value, suggested)))
            }
            // A converter copies the base models of its source: they are its parents' parents as
            // often as its own.
            "gguf.general.base-model" => (Ground::Suggested, Relation::DerivedFrom),
            "gguf.general.source-repo-url" => {
                (Ground::Suggested, suggested.max(Relation::ConvertedFrom))
            }
            "config.name-or-path" if part::of_pipeline(artifact, fact).is_some() => continue,
            // Where the weights lay when somebody saved them: that tells whence, never how.
            "config.name-or-path" | "pipeline.name-or-path" if !is_folder(&fact.value) => {
                (Ground::Suggested, known_how(suggested))
            }
            "bom.ancestor" => (Ground::Stated, of_bom(&fact.value)),
            "card.datasets" | "gguf.general.dataset" => (Ground::Stated, Relation::DerivedFrom),
            _ => continue,
        };
        let is_dataset = fact.name.contains("dataset");
        let group = if is_dataset { &mut datasets } else { &mut parents };
        for name in names(&fact.value).iter().filter_map(|name| target(name)).take(TARGETS) {
            let parent = group.entry(name.to_lowercase()).or_insert_with(|| Parent {
                name,
                how: (ground, relation),
                evidence: Vec::new(),
            });
            parent.how = parent.how.max((ground, relation));
            parent.evidence.push(Evidence::Fact(index));
        }
    }
    let parents = parents.into_values().map(|parent| {
        let relation = parent.how.1.name();
        parent.claim(relation)
    });
    parents.chain(datasets.into_values().map(|dataset| dataset.claim("trained-on"))).collect()
}

struct Parent {
    name: String,
    how: (Ground, Relation),
    evidence: Vec<Evidence>,
}

impl Parent {
    fn claim(mut self, relation: &str) -> RelationClaim {
        self.evidence.dedup();
        RelationClaim {
            relation: relation.to_owned(),
            target: self.name,
            basis: "declared".to_owned(),
            evidence: self.evidence,
        }
    }
}

/// The relation that a bill of materials states; most have no word for it.
fn of_bom(value: &Value) -> Relation {
    let word = value.get("relation").and_then(Value::as_str);
    let known = [
        Relation::ConvertedFrom,
        Relation::QuantizedFrom,
        Relation::FineTunedFrom,
        Relation::DistilledFrom,
        Relation::MergedFrom,
        Relation::AdapterOf,
    ];
    let found = known.into_iter().find(|relation| Some(relation.name()) == word);
    found.unwrap_or(Relation::DerivedFrom)
}

/// What `base_model_relation` says.
fn stated(artifact: &ArtifactView) -> Option<(Ground, Relation)> {
    let relation = match text_of(artifact, "card.base-model-relation")? {
        "adapter" => Relation::AdapterOf,
        // No word of the Hub's own list; authors who say it use one of these.
        "distill" | "distilled" | "distillation" => Relation::DistilledFrom,
        "finetune" => Relation::FineTunedFrom,
        "merge" => Relation::MergedFrom,
        "quantized" => Relation::QuantizedFrom,
        _ => return None,
    };
    Some((Ground::Stated, relation))
}

/// What the files suggest when nothing is stated.
fn suggested(artifact: &ArtifactView) -> Relation {
    let has = |name: &str| artifact.facts.iter().any(|fact| fact.name == name);
    let is_gguf = text_of(artifact, "weights.format") == Some("gguf");
    let is_full = |name: &str| {
        matches!(name, "F32" | "F16" | "BF16" | "ALL_F32" | "MOSTLY_F16" | "MOSTLY_BF16")
    };
    let precision = text_of(artifact, "weights.quantization");
    if artifact.kind == "adapter" {
        Relation::AdapterOf
    } else if has("merge.models") || has("merge.method") {
        Relation::MergedFrom
    } else if has("config.quantization") || precision.is_some_and(|name| !is_full(name)) {
        Relation::QuantizedFrom
    } else if is_gguf {
        Relation::ConvertedFrom
    } else {
        Relation::DerivedFrom
    }
}

/// How an artifact derives from one of several parents in a card. One file is quantised or converted
/// from one other; which of several that was, the card does not say.
fn among(parents: &Value, suggested: Relation) -> Relation {
    let is_one = parents.as_array().is_none_or(|parents| parents.len() == 1);
    match suggested {
        Relation::QuantizedFrom | Relation::ConvertedFrom if !is_one => Relation::DerivedFrom,
        other => other,
    }
}

/// What the kind of an artifact says about every parent it has.
fn known_how(suggested: Relation) -> Relation {
    match suggested {
        Relation::AdapterOf | Relation::MergedFrom => suggested,
        _ => Relation::DerivedFrom,
    }
}

/// Whether `_name_or_path` is a single folder (`tmp/`): a place, mostly the model's own, no name.
fn is_folder(stated: &Value) -> bool {
    let folder = stated.as_str().map(str::trim).and_then(|path| path.strip_suffix('/'));
    folder.is_some_and(|folder| !folder.contains(['/', '\\']))
}

fn text_of<'a>(artifact: &'a ArtifactView, name: &str) -> Option<&'a str> {
    let mut facts = artifact.facts.iter().filter(|fact: &&FactView| fact.name == name);
    facts.find_map(|fact| fact.value.as_str())
}

/// The names in a value: a text, a list of texts, or a list of maps as a GGUF header has them.
fn names(value: &Value) -> Vec<String> {
    match value {
        Value::String(name) => vec![name.clone()],
        Value::Array(items) => items.iter().take(TARGETS).filter_map(name_of).collect(),
        Value::Object(_) => name_of(value).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn name_of(item: &Value) -> Option<String> {
    if let Some(name) = item.as_str() {
        return Some(name.to_owned());
    }
    let text = |key: &str| item.get(key).and_then(Value::as_str);
    let address = text("repo_url").or_else(|| text("repo-url")).map(str::to_owned);
    address.or_else(|| {
        let name = text("name")?;
        // GGUF writes `Org Name` and `Model Name` with spaces where the repository has hyphens.
        Some(match text("organization") {
            Some(organization) => format!("{organization}/{name}").replace(' ', "-"),
            None => name.to_owned(),
        })
    })
}
