//! What 2.3 has no field for, as JSON after `flowdown:` in annotations of the packages.
//!
//! One of type `OTHER` by Flowdown with identity, properties, effective terms and restrictions; one of
//! type `OTHER` by each plugin with what it claims about the licence; one of type `REVIEW` with the
//! obligations and their status, and one in words for each finding.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use spdx_rs::models::{Annotation, AnnotationType};

use super::elements::Elements;
use crate::model::{Artifact, ArtifactId, LicenseKey};
use crate::report::place::cut;
use crate::report::property::Properties;
use crate::report::{description, image, statement};

/// Restrictions are listed up to this many; `omitted` counts the rest.
const ITEMS: usize = 256;

#[derive(Serialize)]
struct Comment<'a> {
    artifact: &'a str,
    kind: &'static str,
    license: &'static str,
    effective: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown_ancestors: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    properties: BTreeMap<String, Vec<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    restrictions: Vec<Restriction<'a>>,
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

/// What is said about the product or source as a whole: what an image says of itself, and findings that
/// concern no single artifact.
pub(super) fn of_root(elements: &Elements<'_>) -> Vec<Annotation> {
    let mut properties = Properties::default();
    image::properties(elements.index.report, &mut properties);
    let image = (!properties.is_empty()).then(|| {
        let source = Source { properties: by_name(&properties) };
        flowdown(elements, AnnotationType::Other, data(&source))
    });
    image.into_iter().chain(findings(elements, None)).collect()
}

#[derive(Serialize)]
struct Source {
    properties: BTreeMap<String, Vec<String>>,
}

fn by_name(properties: &Properties) -> BTreeMap<String, Vec<String>> {
    let mut lists: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in properties.pairs() {
        lists.entry(name.to_owned()).or_default().push(value.to_owned());
    }
    lists
}

pub(super) fn of_artifact(elements: &Elements<'_>, artifact: &Artifact) -> Vec<Annotation> {
    let index = &elements.index;
    let mut annotations = Vec::new();
    if let Some(comment) = comment(elements, artifact) {
        annotations.push(flowdown(elements, AnnotationType::Other, data(&comment)));
    }
    for claims in statement::claims(index, artifact) {
        let plugin = index.report.plugins.iter().find(|plugin| plugin.id == claims.by);
        let annotator = plugin.map_or_else(|| super::tool(index.report), super::plugin_tool);
        let kind = AnnotationType::Other;
        annotations.push(annotation(elements, annotator, kind, data(&claims)));
    }
    if let Some(review) = statement::review(index, artifact) {
        annotations.push(flowdown(elements, AnnotationType::Review, data(&review)));
    }
    annotations.extend(findings(elements, Some(&artifact.id)));
    annotations
}

fn findings(elements: &Elements<'_>, about: Option<&ArtifactId>) -> Vec<Annotation> {
    let found = elements.findings.get(&about).into_iter().flatten();
    found
        .map(|finding| flowdown(elements, AnnotationType::Review, statement::finding(finding)))
        .collect()
}

fn data(statement: &impl Serialize) -> String {
    format!("flowdown:{}", statement::json(statement))
}

fn flowdown(elements: &Elements<'_>, kind: AnnotationType, comment: String) -> Annotation {
    annotation(elements, super::tool(elements.index.report), kind, comment)
}

fn annotation(
    elements: &Elements<'_>,
    annotator: String,
    kind: AnnotationType,
    comment: String,
) -> Annotation {
    let date = super::date(elements.index.report.created);
    Annotation::new(annotator, date, kind, None, comment)
}

fn comment<'a>(elements: &Elements<'a>, artifact: &'a Artifact) -> Option<Comment<'a>> {
    let index = &elements.index;
    let assessment = index.assessment(&artifact.id)?;
    let applied = assessment.effective.licenses.iter();
    // A licence may apply twice: as the artifact's own and through an ancestor.
    let decided: BTreeSet<&LicenseKey> = applied
        .filter(|applied| applied.alternatives.is_empty())
        .map(|applied| &applied.key)
        .collect();
    let mut restrictions: Vec<Restriction<'_>> = decided
        .into_iter()
        .filter_map(|key| index.report.inventory.terms.get(key))
        .flat_map(|terms| {
            terms.restrictions.iter().map(|restriction| Restriction {
                license: &terms.spdx,
                clause: &restriction.label,
                categories: &restriction.categories,
            })
        })
        .collect();
    let omitted = restrictions.len().saturating_sub(ITEMS);
    restrictions.truncate(ITEMS);
    let mut content = Properties::default();
    description::content(artifact, &mut content);
    let unknown = assessment.effective.unknown_ancestors.iter().take(ITEMS);
    Some(Comment {
        artifact: &artifact.id.0,
        kind: artifact.kind.name(),
        license: assessment.conclusion.status.name(),
        effective: assessment.effective.expression.as_deref().unwrap_or("NOASSERTION"),
        unknown_ancestors: unknown.map(|ancestor| cut(&ancestor.name)).collect(),
        properties: by_name(&content),
        restrictions,
        omitted,
    })
}
