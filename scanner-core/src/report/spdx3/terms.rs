//! What each licence asks for, and whether it has been met: annotations, as SPDX has no class for
//! either.

use serde_json::json;

use super::element::Element;
use super::graph::Graph;
use crate::model::Dormancy;
use crate::report::place::{cut, place};
use crate::report::standard::standards;

/// Items of one annotation.
const ITEMS: usize = 256;

pub(super) fn add(graph: &mut Graph<'_>) {
    let all = standards(&graph.index);
    let statements: Vec<(String, String)> = all
        .iter()
        .map(|standard| {
            let restrictions = standard.restrictions.iter().take(ITEMS).map(|found| {
                json!({
                    "clause": cut(&found.restriction.label),
                    "categories": found.restriction.categories,
                    "text": found.wording.map(|(wording, _)| cut(wording)),
                    "place": found.wording.map(|(_, at)| place(at)),
                })
            });
            let obligations = standard.obligations.iter().take(ITEMS).map(|obligation| {
                json!({
                    "clause": cut(&obligation.clause),
                    "kind": cut(&obligation.kind),
                    "triggers": obligation.triggers,
                })
            });
            let statement = json!({
                "license": standard.spdx,
                "useRestrictions": restrictions.collect::<Vec<_>>(),
                "obligations": obligations.collect::<Vec<_>>(),
            });
            (standard.spdx.to_owned(), statement.to_string())
        })
        .collect();
    for (spdx, statement) in statements {
        // About the licence where the document has it, else about what carries it.
        let subject = graph
            .custom
            .get(&spdx)
            .or_else(|| graph.expressions.get(&spdx))
            .cloned()
            .unwrap_or_else(|| graph.root.clone());
        annotate(graph, "terms", "other", &subject, statement);
    }
    review(graph);
}

/// The status of each obligation, on the artifact that owes it.
fn review(graph: &mut Graph<'_>) {
    let report = graph.index.report;
    for artifact in &report.inventory.artifacts {
        let Some(assessment) = graph.index.assessment(&artifact.id) else { continue };
        let Some(subject) = graph.artifact(&artifact.id) else { continue };
        if assessment.obligations.is_empty() {
            continue;
        }
        let items = assessment.obligations.iter().take(ITEMS).map(|owed| {
            json!({
                "license": graph.index.spdx(&owed.license),
                "clause": cut(&owed.obligation.clause),
                "kind": cut(&owed.obligation.kind),
                "status": match owed.dormancy {
                    Dormancy::Active => owed.status.name(),
                    Dormancy::Dormant => "dormant",
                },
                "because": cut(&owed.because),
            })
        });
        let statement = json!({ "obligations": items.collect::<Vec<_>>() }).to_string();
        annotate(graph, "review", "review", &subject, statement);
    }
}

fn annotate(graph: &mut Graph<'_>, name: &str, kind: &str, subject: &str, statement: String) {
    let id = graph.take(&format!("annotation-{name}"));
    let element = Element::new("Annotation", &id, "_:flowdown")
        .set("annotationType", kind)
        .set("subject", subject)
        .set("contentType", "application/json")
        .set("statement", statement);
    graph.push(element);
}
