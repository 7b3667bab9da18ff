//! Runs plugins over artifacts and merges what they claim. Parents come before children, and what
//! a plugin may not say (evidence it was not sent, words that are not in the vocabulary) is
//! refused with a diagnostic.

mod contracts;
mod knowledge;
mod lineage;
mod request;
mod response;
mod terms;

use std::collections::BTreeMap;
use std::sync::Arc;

use flowdown_plugin_sdk::Resolver;
use flowdown_plugin_sdk::message::{Descriptor, Phase, ResolveResponse};

pub use contracts::{Contracted, contracts};
pub use knowledge::{Knowledge, knowledge};
pub use terms::convert as terms;

use crate::model::{
    Artifact, ArtifactId, Claim, Code, Diagnostic, ExtraDuty, LicenseStatement, Limits,
    PluginRecord, Product, Relation, ResolverId, TextMatch,
};

/// A plugin that takes part in a scan.
pub struct Plugin {
    /// The plugin itself, or a handle to the process it runs in.
    pub resolver: Box<dyn Resolver>,
    /// What it says of itself.
    pub descriptor: Arc<Descriptor>,
    /// How it appears in documents.
    pub record: PluginRecord,
    /// `options` of its settings.
    pub options: BTreeMap<String, serde_json::Value>,
}

/// What plugins claim.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// Licence claims by artifact, in the order of plugins.
    pub claims: BTreeMap<ArtifactId, Vec<Claim<LicenseStatement>>>,
    /// Obligations that no licence record carries, by artifact.
    pub obligations: BTreeMap<ArtifactId, Vec<ExtraDuty>>,
    /// Relations, sorted.
    pub relations: Vec<Relation>,
    /// What plugins could not do or may not say.
    pub diagnostics: Vec<Diagnostic>,
}

/// Asks `plugins` what the artifacts derive from and what their licences are.
pub fn resolve(
    artifacts: &[Artifact],
    text_matches: &BTreeMap<ArtifactId, Vec<TextMatch>>,
    plugins: &[Plugin],
    product: Option<&Product>,
    limits: &Limits,
) -> Resolved {
    let mut resolved = Resolved::default();
    let all: Vec<&Artifact> = artifacts.iter().collect();
    let scene = request::Scene { text_matches, product };
    for plugin in of_phase(plugins, Phase::Lineage) {
        ask(plugin, &all, &scene, &mut resolved);
    }
    lineage::settle_targets(&mut resolved.relations, artifacts);
    let generations =
        lineage::generations(artifacts, &resolved.relations, limits, &mut resolved.diagnostics);
    for generation in &generations {
        for plugin in of_phase(plugins, Phase::License) {
            ask(plugin, generation, &scene, &mut resolved);
        }
    }
    for artifact in artifacts {
        response::keep_unanswered(artifact, &mut resolved);
    }
    resolved.relations.sort();
    resolved.diagnostics.sort();
    resolved
}

fn of_phase(plugins: &[Plugin], phase: Phase) -> impl Iterator<Item = &Plugin> {
    plugins.iter().filter(move |plugin| plugin.descriptor.phase == phase)
}

/// Sends one batch to one plugin and takes what it may say.
fn ask(plugin: &Plugin, batch: &[&Artifact], scene: &request::Scene<'_>, resolved: &mut Resolved) {
    if batch.is_empty() {
        return;
    }
    let sent = scene.request(plugin, batch, resolved);
    match plugin.resolver.resolve(&sent.request) {
        Ok(ResolveResponse { artifacts }) => {
            let by = ResolverId(plugin.record.id.clone());
            response::take(&by, batch, &sent, artifacts, resolved);
        }
        Err(error) => resolved.diagnostics.push(
            Diagnostic::of_run(
                Code::PluginFailed,
                format!("plugin `{}` did not answer: {error}", plugin.record.id),
            )
            .help("the scan went on without it; what only it knows is reported as unknown"),
        ),
    }
}
