//! `annotations[]`: findings, each at the component it is about.

use serde::Serialize;

use super::component::{Component, ComponentType};
use super::context::Context;
use super::metadata::LISTED;
use crate::report::statement;

#[derive(Serialize)]
pub(super) struct Annotation {
    subjects: [String; 1],
    annotator: Annotator,
    timestamp: String,
    text: String,
}

#[derive(Serialize)]
struct Annotator {
    component: Component,
}

/// The first findings in their order, worst first; the counts in the metadata are of all.
pub(super) fn annotations(context: &Context<'_>) -> Vec<Annotation> {
    let report = context.index.report;
    let findings = report.assessment.findings.iter().take(LISTED);
    findings
        .map(|finding| {
            let subject = finding.artifact.as_ref().and_then(|id| context.artifact(id));
            let mut flowdown = Component::named(ComponentType::Application, "flowdown");
            flowdown.version = Some(report.tool_version.clone());
            Annotation {
                subjects: [subject.unwrap_or(&context.root).to_owned()],
                annotator: Annotator { component: flowdown },
                timestamp: report.created.to_string(),
                text: statement::finding(finding),
            }
        })
        .collect()
}
