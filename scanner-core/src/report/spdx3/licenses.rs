//! Licence expressions, custom licences with their texts, and who has which.
//!
//! An AI package and a dataset have exactly one declared and one concluded licence each; where
//! nothing is known that is the individual `NoAssertionLicense`.

use std::collections::BTreeSet;

use super::element::{Element, properties};
use super::graph::{Graph, Says};
use crate::model::{Artifact, ArtifactId, Basis, Claim, LicenseStatement};
use crate::report::expression::{self, Atom, Reading};
use crate::report::place::{cut, place};

const NO_ASSERTION: &str = "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense";
/// What stands in for a text that was not found.
const NO_TEXT: &str = "The text of this licence was not found in the scanned source.";
/// The version of the License List that ids are checked against.
const LICENSE_LIST: &str = "3.29.0";

pub(super) fn add(graph: &mut Graph<'_>) {
    let report = graph.index.report;
    if report.product.is_some() {
        let own = report.assessment.bundle.product_license.clone();
        let declared = graph.expression_or_none(own.as_deref());
        let root = graph.root.clone();
        graph.relate(&root, "hasDeclaredLicense", vec![declared.clone()], &Says::whole());
        let whole = conjunction(graph).or(own);
        let concluded = graph.expression_or_none(whole.as_deref());
        graph.relate(&root, "hasConcludedLicense", vec![concluded], &Says::whole());
    }
    for artifact in &report.inventory.artifacts {
        of_artifact(graph, artifact);
    }
    let outside: Vec<(String, Option<String>)> =
        graph.outside.iter().map(|(name, (id, _))| (id.clone(), of_outside(graph, name))).collect();
    for (id, license) in outside {
        let declared = graph.expression_or_none(license.as_deref());
        let says = Says { completeness: "noAssertion", ..Says::whole() };
        graph.relate(&id, "hasDeclaredLicense", vec![declared], &says);
        graph.relate(&id, "hasConcludedLicense", vec![NO_ASSERTION.to_owned()], &says);
    }
}

/// The product's own licence and that of every entry of the bundle, if all are known.
fn conjunction(graph: &Graph<'_>) -> Option<String> {
    let bundle = &graph.index.report.assessment.bundle;
    let entries = bundle.entries.iter().map(|entry| entry.spdx.as_str());
    let all: BTreeSet<&str> =
        bundle.product_license.as_deref().into_iter().chain(entries).collect();
    let parts: Option<Vec<String>> = all
        .into_iter()
        .map(|text| match expression::read(text) {
            Reading::One(_) => Some(text.trim().to_owned()),
            Reading::Several(_) => Some(format!("({})", text.trim())),
            Reading::Unreadable => None,
        })
        .collect();
    parts.filter(|parts| !parts.is_empty()).map(|parts| parts.join(" AND "))
}

fn of_artifact(graph: &mut Graph<'_>, artifact: &Artifact) {
    let Some(id) = graph.artifact(&artifact.id) else { return };
    let own = graph.index.own_license(&artifact.id);
    let claims = graph.index.claims(&artifact.id);
    let by = |wanted: &[Basis]| {
        claims.iter().find(|claim| wanted.contains(&claim.basis)).map(|claim| claim.by.0.clone())
    };
    let status = graph
        .index
        .assessment(&artifact.id)
        .map(|it| format!("{}: {}", it.conclusion.status.name(), it.conclusion.because));
    let declared = own.declared.or(own.detected).map(str::to_owned);
    let concluded = own.concluded.map(str::to_owned);
    let completeness = |known: bool| if known { "complete" } else { "noAssertion" };

    let plugin = by(&[Basis::Declared, Basis::Detected]);
    let to = graph.expression_or_none(declared.as_deref());
    let says = Says {
        plugin: plugin.as_deref(),
        completeness: completeness(declared.is_some()),
        comment: status.clone(),
    };
    let from_declared = graph.relate(&id, "hasDeclaredLicense", vec![to], &says);

    let plugin = by(&[Basis::Detected, Basis::Identified, Basis::Declared]);
    let to = graph.expression_or_none(concluded.as_deref());
    let says = Says {
        plugin: plugin.as_deref(),
        completeness: completeness(concluded.is_some()),
        comment: status,
    };
    let from_concluded = graph.relate(&id, "hasConcludedLicense", vec![to], &says);
    let proven = if concluded.is_some() { from_concluded } else { from_declared };
    if let Some(relationship) = proven {
        evidence(graph, &relationship, artifact, claims);
    }
    effective(graph, &id, artifact);
}

/// Own and inherited terms together, which SPDX has no relationship for.
fn effective(graph: &mut Graph<'_>, id: &str, artifact: &Artifact) {
    let Some(assessment) = graph.index.assessment(&artifact.id) else { return };
    let expression = assessment.effective.expression.clone();
    let own = assessment.conclusion.expression.clone();
    if expression.is_none() || expression == own {
        return;
    }
    let to = graph.expression_or_none(expression.as_deref());
    let says = Says { comment: Some("hasEffectiveLicense".to_owned()), ..Says::whole() };
    graph.relate(id, "other", vec![to], &says);
}

/// Where the statements about a licence stand, on the relationship that says what it is.
fn evidence(
    graph: &mut Graph<'_>,
    relationship: &str,
    artifact: &Artifact,
    claims: &[Claim<LicenseStatement>],
) {
    /// Claims of one artifact that are listed.
    const CLAIMS: usize = 32;
    for claim in claims.iter().take(CLAIMS) {
        let id = graph.take(&format!("evidence-{}", artifact.kind.name()));
        let statement = serde_json::json!({
            "stated": claim.value.stated.as_deref().map(cut),
            "candidates": claim.value.candidates.iter().take(CLAIMS).map(|key| &key.0).collect::<Vec<_>>(),
            "basis": claim.basis.name(),
            "recognition": claim.value.recognition.map(|it| it.name()),
            "places": claim.evidence.iter().take(CLAIMS).map(place).collect::<Vec<_>>(),
        });
        let element = Element::new("Annotation", &id, &graph.said_by(Some(&claim.by.0)))
            .set("annotationType", "other")
            .set("subject", relationship)
            .set("contentType", "application/json")
            .set("statement", statement.to_string());
        graph.push(element);
    }
}

/// The licence that descendants take from an ancestor outside; `None` when they disagree.
fn of_outside(graph: &Graph<'_>, name: &str) -> Option<String> {
    let report = graph.index.report;
    let applied = report
        .assessment
        .artifacts
        .values()
        .flat_map(|assessment| &assessment.effective.licenses)
        .filter(|it| it.from_ancestor.as_deref() == Some(name) && it.alternatives.is_empty());
    let found: BTreeSet<&str> = applied.map(|it| graph.index.spdx(&it.key)).collect();
    let mut found = found.into_iter();
    let first = found.next()?;
    found.next().is_none().then(|| first.to_owned())
}

impl Graph<'_> {
    /// The element of an expression; that of no assertion where there is none that can be read.
    pub(super) fn expression_or_none(&mut self, text: Option<&str>) -> String {
        match text {
            Some(text) if expression::read(text) != Reading::Unreadable => self.expression(text),
            _ => NO_ASSERTION.to_owned(),
        }
    }

    /// The element of an expression that can be read, made when it is first used.
    pub(super) fn expression(&mut self, text: &str) -> String {
        let text = text.trim();
        if let Some(id) = self.expressions.get(text) {
            return id.clone();
        }
        let id = self.take(&format!("license-{text}"));
        self.expressions.insert(text.to_owned(), id.clone());
        let mut map = Vec::new();
        for atom in expression::read(text).atoms() {
            if let Atom::Reference(reference) = atom {
                let value = self.custom_license(reference);
                map.push(
                    Element::part("DictionaryEntry")
                        .set("key", reference.as_str())
                        .set("value", value),
                );
            }
        }
        let element = self
            .element("simplelicensing_LicenseExpression", &id)
            .set("simplelicensing_licenseExpression", text)
            .set("simplelicensing_licenseListVersion", LICENSE_LIST)
            .list("simplelicensing_customIdToUri", map);
        self.push(element);
        id
    }

    /// The element of a licence that is not on the list.
    fn custom_license(&mut self, reference: &str) -> String {
        if let Some(id) = self.custom.get(reference) {
            return id.clone();
        }
        let id = self.take(reference);
        self.custom.insert(reference.to_owned(), id.clone());
        let inventory = &self.index.report.inventory;
        let terms = inventory.terms.values().find(|terms| terms.spdx == reference);
        let texts = self.texts(reference);
        let several = (texts.len() > 1).then(|| {
            format!("{} different texts came with the artifacts; this is the first", texts.len())
        });
        let text = texts.into_iter().next().map_or_else(|| NO_TEXT.to_owned(), |(_, text)| text);
        let family = terms.map(|terms| ("flowdown:license:family", terms.family.clone()));
        let conveyance = terms
            .map(|terms| ("flowdown:conveyance:model", terms.grant.conveyance.name().to_owned()));
        let known: Vec<_> = family.into_iter().chain(conveyance).collect();
        let element = self
            .element("expandedlicensing_CustomLicense", &id)
            .set(
                "name",
                terms.map_or_else(|| reference.to_owned(), |it| cut(&it.name).into_owned()),
            )
            .set("simplelicensing_licenseText", text)
            .maybe("comment", several)
            .list("extension", properties(&known));
        self.push(element);
        id
    }

    /// The distinct texts of a licence as they came with artifacts, by digest.
    fn texts(&self, reference: &str) -> std::collections::BTreeMap<String, String> {
        let inventory = &self.index.report.inventory;
        let ids: Vec<&ArtifactId> = inventory.text_matches.keys().collect();
        ids.into_iter()
            .filter_map(|id| self.index.text_match(id, reference))
            .filter_map(|found| {
                let text = inventory.texts.get(&found.path)?;
                Some((found.sha256.hex(), text.text().into_owned()))
            })
            .collect()
    }
}
