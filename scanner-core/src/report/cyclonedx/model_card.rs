//! `modelCard`: what files say about a model, in the names of the official `cdx:ai-ml` taxonomy.

use serde::Serialize;

use super::context::Context;
use super::property::Properties;
use crate::model::{Artifact, Basis, RelationKind, RelationTarget};
use crate::report::facts;

/// The hyperparameters that the taxonomy names; others go under `_undefined`.
const OFFICIAL: &[&str] = &[
    "activation_dropout",
    "context_length",
    "d_model",
    "hidden_act",
    "hidden_size",
    "intermediate_size",
    "layer_norm_epsilon",
    "layer_norm_type",
    "max_position_embeddings",
    "num_attention_heads",
    "num_hidden_layers",
    "num_key_value_heads",
    "num_layers",
    "vocab_size",
];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ModelCard {
    model_parameters: ModelParameters,
    #[serde(skip_serializing_if = "Option::is_none")]
    considerations: Option<Considerations>,
    #[serde(skip_serializing_if = "Properties::is_empty")]
    properties: Properties,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ModelParameters {
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    architecture_family: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model_architecture: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    datasets: Vec<DatasetRef>,
}

#[derive(Serialize)]
struct DatasetRef {
    #[serde(rename = "ref")]
    reference: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Considerations {
    ethical_considerations: Vec<EthicalConsideration>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EthicalConsideration {
    name: String,
    mitigation_strategy: String,
}

pub(super) fn model_card(context: &Context<'_>, artifact: &Artifact) -> ModelCard {
    let considerations = considerations(context, artifact);
    ModelCard {
        model_parameters: ModelParameters {
            task: facts::text(artifact, facts::CARD_PIPELINE_TAG).map(Into::into),
            architecture_family: facts::text(artifact, facts::CONFIG_MODEL_TYPE)
                .or_else(|| facts::text(artifact, facts::GGUF_GENERAL_ARCHITECTURE))
                .map(Into::into),
            model_architecture: facts::text(artifact, facts::CONFIG_ARCHITECTURES).map(Into::into),
            datasets: datasets(context, artifact),
        },
        considerations: (!considerations.is_empty())
            .then_some(Considerations { ethical_considerations: considerations }),
        properties: properties(artifact),
    }
}

fn datasets(context: &Context<'_>, artifact: &Artifact) -> Vec<DatasetRef> {
    let relations = context.index.relations(&artifact.id).iter();
    let mut references: Vec<&str> = relations
        .filter(|relation| relation.kind == RelationKind::TrainedOn)
        .filter_map(|relation| match &relation.to {
            RelationTarget::Here(id) => context.artifact(id),
            RelationTarget::Elsewhere { name, .. } => context.dataset(name),
        })
        .collect();
    references.sort_unstable();
    references.dedup();
    references.into_iter().map(|name| DatasetRef { reference: name.to_owned() }).collect()
}

/// One consideration for each licence that restricts use; the restrictions themselves are
/// requirements of the licence's standard.
fn considerations(context: &Context<'_>, artifact: &Artifact) -> Vec<EthicalConsideration> {
    let Some(assessment) = context.index.assessment(&artifact.id) else { return Vec::new() };
    let mut found = Vec::new();
    for applied in &assessment.effective.licenses {
        let Some(terms) = context.index.report.inventory.terms.get(&applied.key) else { continue };
        let Some(standard) = context.standard(&applied.key) else { continue };
        if terms.restrictions.is_empty() {
            continue;
        }
        let ground = match (applied.basis, &applied.from_ancestor) {
            _ if !applied.alternatives.is_empty() => "one of several readings of what is declared",
            (Basis::Declared, None) => "as declared, no text was found",
            (_, Some(_)) => "through an ancestor",
            (_, None) => applied.basis.name(),
        };
        let mut categories: Vec<&str> =
            terms.restrictions.iter().flat_map(|r| &r.categories).map(String::as_str).collect();
        categories.sort_unstable();
        categories.dedup();
        found.push(EthicalConsideration {
            name: format!("use restrictions of {} ({ground})", terms.name),
            mitigation_strategy: format!(
                "{} restrictions, listed as requirements of {standard}: {}",
                terms.restrictions.len(),
                categories.join(", ")
            ),
        });
    }
    found
}

fn properties(artifact: &Artifact) -> Properties {
    let mut properties = Properties::default();
    let parameters = facts::sum(artifact, facts::WEIGHTS_PARAMETER_COUNT);
    properties.maybe("cdx:ai-ml:model:parameter:count", parameters.and_then(short_count));
    let quantization = facts::text(artifact, facts::WEIGHTS_QUANTIZATION)
        .or_else(|| facts::text(artifact, facts::CONFIG_QUANTIZATION))
        .or_else(|| facts::text(artifact, facts::CONFIG_TORCH_DTYPE));
    properties.maybe("cdx:ai-ml:model:hyperparameter:quantization", quantization);
    let tokenizer = facts::text(artifact, facts::TOKENIZER_CLASS);
    properties.maybe("cdx:ai-ml:model:hyperparameter:tokenizer_class", tokenizer);
    let hyperparameters = artifact.facts_named(facts::CONFIG_HYPERPARAMETERS).next();
    for (name, value) in hyperparameters.and_then(|fact| fact.value.as_map()).into_iter().flatten()
    {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let Some(number) = value.as_int().filter(|_| name.chars().all(plain)) else { continue };
        let group = if OFFICIAL.contains(&name.as_str()) { "" } else { "_undefined:" };
        properties
            .add(&format!("cdx:ai-ml:model:hyperparameter:{group}{name}"), number.to_string());
    }
    let languages: Vec<_> = facts::texts(artifact, facts::CARD_LANGUAGE)
        .filter(|code| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase()))
        .collect();
    if !languages.is_empty() {
        properties.add("cdx:ai-ml:model:language", languages.join(","));
    }
    properties
}

/// `1.1B`, `559M`: the taxonomy's form, cut to one decimal; `None` below a million, for which it
/// has no letter.
fn short_count(count: i128) -> Option<String> {
    let (unit, letter) = match count {
        1_000_000_000_000.. => (1_000_000_000_000, 'T'),
        1_000_000_000.. => (1_000_000_000, 'B'),
        1_000_000.. => (1_000_000, 'M'),
        _ => return None,
    };
    let (whole, tenth) = (count / unit, count % unit / (unit / 10));
    Some(if tenth == 0 { format!("{whole}{letter}") } else { format!("{whole}.{tenth}{letter}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_the_form_of_the_taxonomy() {
        for (count, expected) in [
            (999_999, None),
            (1_000_000, Some("1M")),
            (559_214_592, Some("559.2M")),
            (7_000_000_000, Some("7B")),
            (1_137_207_296, Some("1.1B")),
            (2_500_000_000_000, Some("2.5T")),
        ] {
            assert_eq!(short_count(count).as_deref(), expected, "{count}");
        }
    }
}
