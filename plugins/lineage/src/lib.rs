//! What a model derives from, as its cards and configurations say.
//!
//! Every relation is a claim about somebody else's name: a base model's name is never the artifact's
//! own, and an artifact is never its own parent. How an artifact derives is taken from what is stated,
//! then from what the files show (an adapter, a merge, quantised weights); where neither says, it is
//! only `derived-from`, since `fine-tuned-from` would be a guess.
//!
//! What a part of a pipeline came from (a text encoder, a safety checker) is a remark and no parent of
//! the whole.
//!
//! The tokenizer's `name_or_path` is not read: tokenizers are shared without any descent of weights.

#![forbid(unsafe_code)]

mod part;
mod relation;
mod target;

use flowdown_plugin_sdk::message::Phase;
use flowdown_plugin_sdk::message::{
    ArtifactView, Descriptor, PluginDiagnostic, RelationClaim, Resolution, ResolveRequest,
    ResolveResponse,
};
use flowdown_plugin_sdk::{ResolveError, Resolver};

/// Prefixes of the facts that say something about descent.
const NEEDS: [&str; 12] = [
    "adapter.base-model",
    "bom.ancestor",
    "card.base-model",
    "card.datasets",
    "config.name-or-path",
    "config.quantization",
    "gguf.general.base-model",
    "gguf.general.dataset",
    "gguf.general.source-repo-url",
    "merge.",
    "pipeline.",
    "weights.",
];

/// The resolver of lineage.
pub fn resolver() -> impl Resolver {
    Lineage
}

struct Lineage;

impl Resolver for Lineage {
    fn describe(&self) -> Descriptor {
        Descriptor {
            id: "lineage".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            families: Vec::new(),
            phase: Phase::Lineage,
            needs: NEEDS.map(str::to_owned).to_vec(),
            tags: Vec::new(),
            terms: Vec::new(),
            listed: Vec::new(),
            profiles: Vec::new(),
            phrases: Vec::new(),
        }
    }

    fn resolve(&self, request: &ResolveRequest) -> Result<ResolveResponse, ResolveError> {
        let artifacts = request.artifacts.iter().map(resolve_one);
        let says_something =
            |it: &Resolution| !it.relations.is_empty() || !it.diagnostics.is_empty();
        Ok(ResolveResponse { artifacts: artifacts.filter(says_something).collect() })
    }
}

fn resolve_one(artifact: &ArtifactView) -> Resolution {
    let (own, others): (Vec<RelationClaim>, Vec<RelationClaim>) = relation::relations(artifact)
        .into_iter()
        .partition(|claim| target::is_same(&claim.target, artifact.name.as_deref()));
    let diagnostics = own.into_iter().map(|claim| PluginDiagnostic {
        message: format!("`{}` is named as its own parent", claim.target),
        help: Some("the statement was skipped; name the model that this one derives from".into()),
        evidence: claim.evidence,
    });
    Resolution {
        id: artifact.id.clone(),
        relations: others,
        diagnostics: diagnostics.chain(part::remarks(artifact)).collect(),
        ..Resolution::default()
    }
}

flowdown_plugin_sdk::export_plugin!(lineage, resolver());

#[cfg(test)]
mod tests;
