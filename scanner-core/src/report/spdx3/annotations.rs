//! Whether obligations are met, and findings, each at what it is about.

use super::graph::{Content, Graph};
use crate::report::statement;

pub(super) fn write(graph: &mut Graph<'_>) {
    let report = graph.context.index.report;
    let creation = graph.context.creation.clone();
    for artifact in &report.inventory.artifacts {
        let Some(id) = graph.context.artifact(&artifact.id).cloned() else { continue };
        if let Some(review) = statement::review(&graph.context.index, artifact) {
            let json = statement::json(&review);
            graph.annotate(&creation, &id, "review", Content::Json(json));
        }
    }
    for finding in report.assessment.findings.iter().take(statement::FINDINGS) {
        let about = finding.artifact.as_ref().and_then(|id| graph.context.artifact(id));
        let about = about.unwrap_or(&graph.context.root).to_owned();
        let words = Content::Words(statement::finding(finding));
        graph.annotate(&creation, &about, "review", words);
    }
}
