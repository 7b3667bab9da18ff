//! Where a licence gives no rights, compared with where the vendor is and ships to.
//!
//! A limit is of two kinds. One excludes places: use there is not licensed. The other excludes
//! persons and companies that are at home there: it concerns the vendor first, and customers only
//! where no exemption covers them.

use std::collections::BTreeSet;

use super::{Duty, Verdict, settings};
use crate::model::ObligationStatus::{Contradicted, NeedsDeclaration, Satisfied};
use crate::model::{Artifact, Location, Obligation, Product, countries, countries_named_in, names};

/// What a territory limit comes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::evaluate) enum Territory {
    /// The record's words name no country.
    Unreadable,
    /// The limit concerns other kinds of models.
    OtherModality(Vec<Location>),
    /// These keys of the settings would decide.
    Undeclared(Vec<&'static str>),
    /// What is declared lies outside what is excluded.
    Outside,
    /// What is declared lies in what is excluded: the key, and which countries.
    Inside(&'static str, BTreeSet<&'static str>),
    /// Customers are where the limit holds for them unless something else is so.
    Conditional(BTreeSet<&'static str>, String),
}

/// Whether the vendor and its customers are outside.
pub(super) fn verdict(duty: &Duty<'_>) -> Verdict {
    let words = words(duty.obligation);
    let product = duty.scene.product;
    let at = |key| product.map(|product| settings(product, key)).unwrap_or_default();
    match judge(duty.artifact, duty.obligation, product) {
        Territory::Unreadable => Verdict::new(
            NeedsDeclaration,
            format!("{words} names no country that could be compared; a person must read"),
        ),
        Territory::OtherModality(evidence) => {
            let because = format!("{words}; the model works on text");
            Verdict::seen(Satisfied, because, evidence)
        }
        Territory::Undeclared(keys) => {
            let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            Verdict::new(NeedsDeclaration, format!("{words}; {} not declared", keys.join(", ")))
        }
        Territory::Outside => {
            let because = format!("{words}; nothing that is declared lies there");
            Verdict::seen(Satisfied, because, at("product.regions"))
        }
        Territory::Inside(key, inside) => {
            let because = format!("{words}; `{key}` declares {}", list(&inside));
            Verdict::seen(Contradicted, because, at(key))
        }
        Territory::Conditional(inside, unless) => {
            let because =
                format!("{words}; `product.regions` declares {}; {unless}", list(&inside));
            Verdict::seen(NeedsDeclaration, because, at("product.regions"))
        }
    }
}

/// Compares the territory limit `obligation` with what `product` declares.
pub(in crate::evaluate) fn judge(
    artifact: &Artifact,
    obligation: &Obligation,
    product: Option<&Product>,
) -> Territory {
    let param = |name: &str| obligation.params.get(name).map_or("", String::as_str);
    let (excluded, scope) = (param("excluded"), param("scope"));
    let territory = countries_named_in(excluded);
    if territory.is_empty() {
        return Territory::Unreadable;
    }
    let modality = modality(artifact);
    let multimodal_only = scope.contains("multimodal");
    if let (true, Modality::Text(evidence)) = (multimodal_only, &modality) {
        return Territory::OtherModality(evidence.clone());
    }
    let within = |codes: &[String]| -> BTreeSet<&'static str> {
        codes.iter().flat_map(|code| countries(code)).filter(|it| territory.contains(it)).collect()
    };
    let home = product.and_then(|product| product.vendor_region.clone());
    let regions = product.and_then(|product| product.regions.clone());
    let home_within = home.as_ref().map(|home| within(std::slice::from_ref(home)));
    let regions_within = regions.as_ref().map(|regions| within(regions));
    let concerns_persons = excluded.contains("domiciled") || excluded.contains("based");
    let is_certain = !multimodal_only || matches!(modality, Modality::Several);
    match (home_within, regions_within) {
        (Some(inside), _) if !inside.is_empty() && is_certain => {
            Territory::Inside("product.vendor_region", inside)
        }
        (_, Some(inside)) if !inside.is_empty() && is_certain && !concerns_persons => {
            Territory::Inside("product.regions", inside)
        }
        (home, Some(inside))
            if !inside.is_empty() || home.as_ref().is_some_and(|it| !it.is_empty()) =>
        {
            let inside = inside.into_iter().chain(home.into_iter().flatten()).collect();
            Territory::Conditional(inside, condition(is_certain, scope))
        }
        (home, regions) => {
            let keys = [
                ("product.regions", regions.is_none()),
                ("product.vendor_region", home.is_none() && concerns_persons),
            ];
            let missing: Vec<&str> = keys
                .into_iter()
                .filter(|(_, is_missing)| *is_missing)
                .map(|(key, _)| key)
                .collect();
            if missing.is_empty() { Territory::Outside } else { Territory::Undeclared(missing) }
        }
    }
}

/// What decides where countries alone do not.
fn condition(is_certain: bool, scope: &str) -> String {
    let modality =
        if is_certain { "" } else { "the files do not say whether the model is multimodal; " };
    let scope = if scope.is_empty() { "nothing is exempt" } else { scope };
    format!("{modality}the clause holds for: {scope}")
}

fn words(obligation: &Obligation) -> String {
    let excluded = obligation.params.get("excluded").map_or("", String::as_str);
    format!("the licence gives no rights in or to: {excluded}")
}

pub(in crate::evaluate) fn list(countries: &BTreeSet<&'static str>) -> String {
    countries.iter().copied().collect::<Vec<_>>().join(", ")
}

/// What a model works on, as its files say.
enum Modality {
    Text(Vec<Location>),
    Several,
    Unsaid,
}

/// Words in configurations and cards for models that work on more than text, sorted.
const SEVERAL: &[&str] = &[
    "Llama4ForConditionalGeneration",
    "MllamaForConditionalGeneration",
    "any-to-any",
    "image-text-to-text",
    "llama4",
    "mllama",
];

/// The same for models that work on text, sorted.
const TEXT: &[&str] = &["LlamaForCausalLM", "llama", "text-generation"];

fn modality(artifact: &Artifact) -> Modality {
    let facts = [
        names::CARD_PIPELINE_TAG,
        names::CONFIG_ARCHITECTURES,
        names::CONFIG_MODEL_TYPE,
        names::GGUF_GENERAL_ARCHITECTURE,
        names::WEIGHTS_ARCHITECTURE,
    ];
    let mut text = Vec::new();
    for fact in artifact.facts.iter().filter(|fact| facts.contains(&fact.name)) {
        for word in fact.value.texts() {
            if SEVERAL.contains(&word) {
                return Modality::Several;
            }
            if TEXT.contains(&word) {
                text.push(fact.at.clone());
            }
        }
    }
    if text.is_empty() { Modality::Unsaid } else { Modality::Text(text) }
}
