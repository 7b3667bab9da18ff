//! Parts of a pipeline: what they came from is no ancestor of the whole.

use flowdown_plugin_sdk::message::{ArtifactView, Evidence, FactView, PluginDiagnostic};

use crate::target::target;

/// The folder of the pipeline's part that `fact` speaks of, relative to the pipeline; `None` when it
/// speaks of the whole.
pub(crate) fn of_pipeline<'a>(artifact: &ArtifactView, fact: &'a FactView) -> Option<&'a str> {
    let index = artifact.facts.iter().find(|it| it.name.starts_with("pipeline."))?;
    let (home, _) = index.path.rsplit_once('/').unwrap_or(("", &index.path));
    let below = fact.path.strip_prefix(home)?;
    let below = if home.is_empty() { below } else { below.strip_prefix('/')? };
    below.rsplit_once('/').map(|(folder, _)| folder)
}

/// Says of every part that names a repository where it came from: nobody else would.
pub(crate) fn remarks(artifact: &ArtifactView) -> impl Iterator<Item = PluginDiagnostic> {
    let whole = artifact.facts.iter().find(|it| it.name == "pipeline.name-or-path");
    let whole = whole.and_then(|fact| fact.value.as_str()).unwrap_or("./").trim_end_matches('/');
    let facts = artifact.facts.iter().enumerate();
    let of_parts = facts.filter(|(_, fact)| fact.name == "config.name-or-path");
    of_parts.filter_map(move |(index, fact)| {
        let part = of_pipeline(artifact, fact)?;
        let name = fact.value.as_str().and_then(target).filter(|name| is_repository(name))?;
        if name.strip_prefix(whole).is_some_and(|rest| rest.starts_with('/')) {
            return None;
        }
        Some(PluginDiagnostic {
            message: format!(
                "the part `{part}` came from `{name}`; its terms are not among those of the whole"
            ),
            help: Some("find out the licence of that part, and pass its terms on too".into()),
            evidence: vec![Evidence::Fact(index)],
        })
    })
}

/// `org/name`; anything else is a place on somebody's disk.
fn is_repository(name: &str) -> bool {
    name.split_once('/').is_some_and(|(organization, name)| {
        !organization.trim_matches('.').is_empty() && !name.is_empty() && !name.contains('/')
    })
}
