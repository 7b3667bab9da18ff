//! One annotation for each artifact with what 2.3 has no field for: identity, effective terms,
//! restrictions and obligations with their status, as JSON after `flowdown:`.

use serde::Serialize;
use spdx_rs::models::{Annotation, AnnotationType};

use super::elements::Elements;
use crate::model::{Artifact, Dormancy};
use crate::report::place::cut;

/// Obligations and restrictions are listed up to this many; `omitted` counts the rest.
const ITEMS: usize = 256;

#[derive(Serialize)]
struct Comment<'a> {
    artifact: &'a str,
    kind: &'static str,
    license: &'static str,
    effective: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown_ancestors: Vec<std::borrow::Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    restrictions: Vec<Restriction<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    obligations: Vec<Obligation<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    omitted: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

#[derive(Serialize)]
struct Restriction<'a> {
    license: &'a str,
    clause: &'a str,
    categories: &'a [String],
}

#[derive(Serialize)]
struct Obligation<'a> {
    license: &'a str,
    clause: &'a str,
    kind: &'a str,
    status: &'static str,
}

pub(super) fn of_artifact(elements: &Elements<'_>, artifact: &Artifact) -> Vec<Annotation> {
    let index = &elements.index;
    let Some(assessment) = index.assessment(&artifact.id) else { return Vec::new() };
    let applied =
        assessment.effective.licenses.iter().filter(|applied| applied.alternatives.is_empty());
    let mut restrictions: Vec<Restriction<'_>> = applied
        .filter_map(|applied| index.report.inventory.terms.get(&applied.key))
        .flat_map(|terms| {
            terms.restrictions.iter().map(|restriction| Restriction {
                license: &terms.spdx,
                clause: &restriction.label,
                categories: &restriction.categories,
            })
        })
        .collect();
    let mut obligations: Vec<Obligation<'_>> = assessment
        .obligations
        .iter()
        .map(|owed| Obligation {
            license: index.spdx(&owed.license),
            clause: &owed.obligation.clause,
            kind: &owed.obligation.kind,
            status: match owed.dormancy {
                Dormancy::Active => owed.status.name(),
                Dormancy::Dormant => "dormant",
            },
        })
        .collect();
    let omitted =
        restrictions.len().saturating_sub(ITEMS) + obligations.len().saturating_sub(ITEMS);
    restrictions.truncate(ITEMS);
    obligations.truncate(ITEMS);
    let unknown = assessment.effective.unknown_ancestors.iter().take(ITEMS);
    let comment = Comment {
        artifact: &artifact.id.0,
        kind: artifact.kind.name(),
        license: assessment.conclusion.status.name(),
        effective: assessment.effective.expression.as_deref().unwrap_or("NOASSERTION"),
        unknown_ancestors: unknown.map(|ancestor| cut(&ancestor.name)).collect(),
        restrictions,
        obligations,
        omitted,
    };
    let json = serde_json::to_string(&comment).expect("text, numbers and lists always serialise");
    vec![Annotation::new(
        format!("Tool: flowdown-{}", index.report.tool_version),
        super::date(index.report.created),
        AnnotationType::Other,
        None,
        format!("flowdown:{json}"),
    )]
}
