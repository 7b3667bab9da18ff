//! What a plugin is sent: facts it needs, recognised texts, and what was claimed of parents.

use std::collections::BTreeMap;

use flowdown_plugin_sdk::message::{
    ABI_MAJOR, ArtifactView, FactView, ParentView, ProductView, ProfileKind as WireKind,
    ResolveRequest, TextMatchView,
};
use serde_json::Value;

use super::{Plugin, Resolved};
use crate::model::{
    Artifact, ArtifactId, FactValue, Location, Product, ProfileKind, RelationTarget, TextMatch,
};

/// What all requests of a scan share.
pub(super) struct Scene<'a> {
    pub(super) text_matches: &'a BTreeMap<ArtifactId, Vec<TextMatch>>,
    pub(super) product: Option<&'a Product>,
}

/// A request, with the places its indices stand for.
pub(super) struct Sent {
    pub(super) request: ResolveRequest,
    /// For each artifact: the places of the facts that were sent.
    pub(super) facts: Vec<Vec<Location>>,
    /// For each artifact: the places of the text matches that were sent.
    pub(super) texts: Vec<Vec<TextMatch>>,
}

impl Scene<'_> {
    pub(super) fn request(
        &self,
        plugin: &Plugin,
        batch: &[&Artifact],
        resolved: &Resolved,
    ) -> Sent {
        let mut sent = Sent {
            request: ResolveRequest {
                abi: ABI_MAJOR,
                settings: plugin.options.clone(),
                product: self.product.map(|product| ProductView {
                    name: product.name.clone(),
                    version: product.version.clone(),
                }),
                artifacts: Vec::with_capacity(batch.len()),
            },
            facts: Vec::with_capacity(batch.len()),
            texts: Vec::with_capacity(batch.len()),
        };
        for artifact in batch {
            let needed = artifact.facts.iter().filter(|fact| {
                plugin.descriptor.needs.iter().any(|need| fact.name.as_str().starts_with(&**need))
            });
            let (facts, places) = needed
                .map(|fact| {
                    let view = FactView {
                        name: fact.name.as_str().to_owned(),
                        value: json(&fact.value),
                        path: fact.at.path.as_str().to_owned(),
                    };
                    (view, fact.at.clone())
                })
                .unzip();
            let texts = self.text_matches.get(&artifact.id).cloned().unwrap_or_default();
            sent.request.artifacts.push(ArtifactView {
                id: artifact.id.0.clone(),
                kind: artifact.kind.name().to_owned(),
                name: artifact.name.clone(),
                facts,
                text_matches: texts.iter().map(text_match).collect(),
                parents: parents(artifact, resolved),
            });
            sent.facts.push(places);
            sent.texts.push(texts);
        }
        sent
    }
}

fn text_match(text: &TextMatch) -> TextMatchView {
    TextMatchView {
        key: text.key.0.clone(),
        kind: match text.kind {
            ProfileKind::License => WireKind::License,
            ProfileKind::UsePolicy => WireKind::UsePolicy,
        },
        recognition: text.recognition.name().to_owned(),
        path: text.path.as_str().to_owned(),
    }
}

fn parents(artifact: &Artifact, resolved: &Resolved) -> Vec<ParentView> {
    resolved
        .relations
        .iter()
        .filter(|relation| relation.from == artifact.id)
        .map(|relation| {
            let (target, licenses) = match &relation.to {
                RelationTarget::Elsewhere { name, .. } => (name.clone(), Vec::new()),
                RelationTarget::Here(id) => {
                    let claims = resolved.claims.get(id).into_iter().flatten();
                    let keys = claims.flat_map(|claim| &claim.value.candidates);
                    (id.0.clone(), keys.map(|key| key.0.clone()).collect())
                }
            };
            ParentView { relation: relation.kind.name().to_owned(), target, licenses }
        })
        .collect()
}

fn json(value: &FactValue) -> Value {
    match value {
        FactValue::Text(text) => Value::String(text.clone()),
        FactValue::Int(number) => i64::try_from(*number)
            .map(Value::from)
            .or_else(|_| u64::try_from(*number).map(Value::from))
            .unwrap_or_else(|_| Value::String(number.to_string())),
        FactValue::Digest(digest) => Value::String(digest.to_string()),
        FactValue::List(items) => Value::Array(items.iter().map(json).collect()),
        FactValue::Map(map) => {
            Value::Object(map.iter().map(|(key, value)| (key.clone(), json(value))).collect())
        }
    }
}
