//! What the facts of an artifact say about its licence, word for word.

use serde_json::Value;

use crate::message::{ArtifactView, Evidence, FactView};

/// Where a statement was made, which decides how its words are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// A licence tag: `license:` of a card, `general.license` of a weight file.
    Tag,
    /// A free name beside the tag `other`.
    Name,
    /// The licence field of a package entry.
    Package,
    /// A licence of a bill of materials: an SPDX expression, or a name.
    Bom,
}

/// Words that state a licence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement<'a> {
    /// As they stand in the file.
    pub text: &'a str,
    /// Where.
    pub place: Place,
    /// The facts that hold them.
    pub evidence: Vec<Evidence>,
}

/// More statements than this are not read: nobody licenses one thing a hundred times.
const STATEMENTS: usize = 100;

/// Every statement about the licence of an artifact, in the order of its facts.
///
/// A name counts only where the tag beside it is `other`, `unknown` or absent: the Hub ignores
/// `license_name` next to a real tag.
pub fn statements(artifact: &ArtifactView) -> Vec<Statement<'_>> {
    let facts = || artifact.facts.iter().enumerate();
    let mut found = Vec::new();
    for (index, fact) in facts() {
        let evidence = vec![Evidence::Fact(index)];
        match fact.name.as_str() {
            "card.license"
            | "gguf.general.license"
            | "card.body-license"
            | "oci.model.license"
            | "safetensors.metadata.license" => {
                let tags = texts(&fact.value).filter(|text| !is_catch_all(text));
                found.extend(tags.map(|text| Statement {
                    text,
                    place: Place::Tag,
                    evidence: evidence.clone(),
                }));
            }
            "card.license-name" | "gguf.general.license.name" => {
                let tag = fact.name.replace("license-name", "license").replace(".name", "");
                let beside: Vec<(usize, &FactView)> =
                    facts().filter(|(_, it)| it.name == tag && it.path == fact.path).collect();
                let mut tags = beside.iter().flat_map(|(_, it)| texts(&it.value));
                if tags.all(is_catch_all) {
                    let tags = beside.iter().map(|(index, _)| Evidence::Fact(*index));
                    let evidence: Vec<Evidence> = evidence.into_iter().chain(tags).collect();
                    found.extend(texts(&fact.value).map(|text| Statement {
                        text,
                        place: Place::Name,
                        evidence: evidence.clone(),
                    }));
                }
            }
            "bom.license" | "bom.license-concluded" => {
                found.extend(texts(&fact.value).map(|text| Statement {
                    text,
                    place: Place::Bom,
                    evidence: evidence.clone(),
                }));
            }
            "manifest.package" => {
                // PEP 639: an expression stands for all that older fields say.
                let keys: &[&str] = if fact.value.get("license-expression").is_some() {
                    &["license-expression"]
                } else {
                    &["license", "license-classifiers"]
                };
                let stated = keys.iter().map(|key| fact.value.get(*key));
                found.extend(stated.flatten().flat_map(texts).map(|text| Statement {
                    text,
                    place: Place::Package,
                    evidence: evidence.clone(),
                }));
            }
            _ => {}
        }
        if found.len() > STATEMENTS {
            found.truncate(STATEMENTS);
            break;
        }
    }
    found
}

/// Tags that say nothing.
fn is_catch_all(tag: &str) -> bool {
    ["other", "unknown", "none", ""].iter().any(|word| tag.trim().eq_ignore_ascii_case(word))
}

/// The text, or the texts of a list.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    value.as_str().into_iter().chain(list.iter().filter_map(Value::as_str))
}
