//! Licence expressions, licences that are on no list with their texts, and which package has which.
//!
//! Every package has exactly one declared and one concluded licence, as the AI and dataset profiles
//! ask; where nobody states one, it is the `NoAssertionLicense` of the model. *Declared* and *detected*
//! never become *concluded*.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Completeness, Content, Edge, Graph, NO_LICENSE};
use super::wire::{
    CdxProperties, CustomLicense, DictionaryEntry, Element, ExternalRef, Id, LicenseExpression,
    Node,
};
use crate::model::{
    Artifact, Basis, BundleEntry, ContractParticulars, Profile, Recognition, TextMatchKind,
};
use crate::report::expression::{self, Atom, Reading};
use crate::report::place::cut;
use crate::report::property::{self, Properties};
use crate::report::references::{Reference, references};
use crate::report::standard::{Standard, standards};
use crate::report::statement;

/// The licence of the document itself.
const OF_DOCUMENT: &str = "CC0-1.0";

/// The licences of one document by their expression or `LicenseRef-`.
pub(super) struct Licenses {
    expressions: BTreeMap<String, Id>,
    references: BTreeMap<String, Id>,
}

impl Licenses {
    /// The element of an expression; `None` for words that are none.
    pub(super) fn known(&self, text: &str) -> Option<&Id> {
        self.expressions.get(text.trim())
    }

    /// The element of an expression, else the individual that asserts nothing.
    fn of(&self, text: Option<&str>) -> Id {
        text.and_then(|text| self.known(text)).cloned().unwrap_or_else(|| NO_LICENSE.into())
    }

    pub(super) fn of_document(&self) -> Id {
        self.of(Some(OF_DOCUMENT))
    }

    /// The licence that an atomic expression names: the text's own element, when it has one.
    pub(super) fn license(&self, text: &str) -> Option<&Id> {
        self.references.get(text.trim()).or_else(|| self.known(text))
    }
}

/// Writes every licence that the document uses, with what it asks for.
pub(super) fn write(graph: &mut Graph<'_>) -> Licenses {
    let index = &graph.context.index;
    let all_standards = standards(index);
    let texts = expressions(graph, &all_standards);
    let all_references = references(index, &texts);
    let mut licenses = Licenses { expressions: BTreeMap::new(), references: BTreeMap::new() };
    for reference in &all_references {
        let id = graph.iri(&reference.id);
        let node = custom(graph, &id, reference);
        graph.push(node);
        licenses.references.insert(reference.id.clone(), id);
    }
    for text in texts {
        let id = graph.iri(&format!("License-{text}"));
        let node = expression_node(graph, &licenses, &id, &text);
        graph.push(node);
        licenses.expressions.insert(text, id);
    }
    let creation = graph.context.creation.clone();
    for standard in &all_standards {
        let Some(subject) = licenses.license(standard.spdx).cloned() else { continue };
        let json = statement::json(&statement::requirements(standard));
        graph.annotate(&creation, &subject, "other", Content::Json(json));
    }
    licenses
}

/// Every expression of the document that can be read.
fn expressions(graph: &Graph<'_>, standards: &[Standard<'_>]) -> BTreeSet<String> {
    let index = &graph.context.index;
    let report = index.report;
    let mut found = BTreeSet::from([OF_DOCUMENT.to_owned()]);
    let mut note = |text: Option<&str>| {
        let readable = text.filter(|text| expression::read(text) != Reading::Unreadable);
        found.extend(readable.map(|text| text.trim().to_owned()));
    };
    for artifact in &report.inventory.artifacts {
        let own = index.own_license(&artifact.id);
        note(own.declared);
        note(own.detected);
        note(own.concluded);
        if report.profile == Profile::Bsi {
            note(effective(graph, artifact));
        }
    }
    for name in graph.context.outside.keys() {
        note(graph.context.outside_licenses.of(name));
    }
    if report.product.is_some() {
        let bundle = &report.assessment.bundle;
        note(bundle.product_license.as_deref());
        note(of_product(graph).as_deref());
        for entry in bundle.entries.iter().filter(|entry| entry.license.is_some()) {
            note(Some(&entry.spdx));
        }
    }
    for standard in standards {
        note(Some(standard.spdx));
    }
    found
}

fn effective<'b>(graph: &'b Graph<'_>, artifact: &Artifact) -> Option<&'b str> {
    graph.context.index.assessment(&artifact.id)?.effective.expression.as_deref()
}

/// The licences of everything in the product joined to its own, when each of them is concluded.
fn of_product(graph: &Graph<'_>) -> Option<String> {
    let bundle = &graph.context.index.report.assessment.bundle;
    let own = bundle.product_license.as_deref()?;
    let concluded =
        |entry: &BundleEntry| entry.license.is_some() && entry.basis == Basis::Concluded;
    if !bundle.entries.iter().all(concluded) {
        return None;
    }
    let mut seen = BTreeSet::new();
    let granted = bundle.entries.iter().map(|entry| entry.spdx.as_str());
    let parts: Vec<&str> =
        std::iter::once(own).chain(granted).filter(|part| seen.insert(*part)).collect();
    let readings: Vec<Reading> = parts.iter().map(|part| expression::read(part)).collect();
    if readings.contains(&Reading::Unreadable) {
        return None;
    }
    let joined = parts.iter().zip(&readings).map(|(part, reading)| match reading {
        Reading::Several(_) if parts.len() > 1 => format!("({part})"),
        _ => (*part).to_owned(),
    });
    Some(joined.collect::<Vec<_>>().join(" AND "))
}

fn custom(graph: &Graph<'_>, id: &Id, reference: &Reference<'_>) -> Node {
    let mut properties = Properties::default();
    let mut external_ref = Vec::new();
    if let Some(terms) = reference.terms {
        properties.add(property::LICENSE_KEY, &terms.key.0);
        properties.add(property::LICENSE_FAMILY, &terms.family);
        properties.add(property::CONVEYANCE_MODEL, terms.grant.conveyance.name());
        properties.add(property::CONVEYANCE_DIRECTNESS, terms.grant.directness.name());
        let order = particulars(graph, reference).and_then(|parts| parts.order.as_deref());
        external_ref.extend(order.map(|order| ExternalRef {
            external_ref_type: "purchaseOrder",
            locator: [cut(order).into_owned()],
        }));
    }
    let digests = reference.texts.keys().map(crate::model::Digest::hex);
    properties.each(property::LICENSE_TEXT_SHA256, digests);
    Node::CustomLicense(CustomLicense {
        element: Element {
            comment: reference.comment(),
            external_ref,
            extension: CdxProperties::of(&properties),
            ..graph.element(id, Some(super::packages::name(&reference.name())))
        },
        text: reference.text(),
    })
}

/// What the parties of the contract with these terms may read.
fn particulars<'a>(
    graph: &Graph<'a>,
    reference: &Reference<'_>,
) -> Option<&'a ContractParticulars> {
    let product = graph.context.index.report.product.as_ref()?;
    let key = &reference.terms?.key;
    let contract = product.contracts.iter().find(|contract| contract.terms.key == *key)?;
    contract.particulars.as_ref()
}

fn expression_node(graph: &Graph<'_>, licenses: &Licenses, id: &Id, text: &str) -> Node {
    let reading = expression::read(text);
    let references = reading.atoms().iter().filter(|atom| matches!(atom, Atom::Reference(_)));
    let custom_id_to_uri = references.filter_map(|atom| {
        let value = licenses.references.get(atom.id())?.to_string();
        Some(DictionaryEntry { key: atom.id().to_owned(), value })
    });
    Node::LicenseExpression(LicenseExpression {
        element: graph.element(id, None),
        expression: text.to_owned(),
        license_list_version: spdx::license_version().to_owned(),
        custom_id_to_uri: custom_id_to_uri.collect(),
    })
}

/// Writes which licence everything has, on which evidence.
pub(super) fn relate(graph: &mut Graph<'_>, licenses: &Licenses) {
    let report = graph.context.index.report;
    let root = graph.context.root.clone();
    let declared = report.product.as_ref().and(report.assessment.bundle.product_license.as_deref());
    let concluded = report.product.as_ref().and_then(|_| of_product(graph));
    state(graph, licenses, &root, declared, concluded.as_deref());
    for artifact in &report.inventory.artifacts {
        let Some(id) = graph.context.artifact(&artifact.id).cloned() else { continue };
        of_artifact(graph, licenses, &id, artifact);
    }
    let outside: Vec<(Id, Option<&str>)> = graph
        .context
        .outside
        .iter()
        .map(|(name, (id, ..))| (id.clone(), graph.context.outside_licenses.of(name)))
        .collect();
    for (id, declared) in outside {
        state(graph, licenses, &id, declared, None);
    }
}

/// Writes one declared and one concluded licence; returns the IRI of the firmer statement.
fn state(
    graph: &mut Graph<'_>,
    licenses: &Licenses,
    from: &Id,
    declared: Option<&str>,
    concluded: Option<&str>,
) -> Option<Id> {
    let creation = graph.context.creation.clone();
    let mut one = |kind, text| {
        let license = licenses.of(text);
        let known = *license != *NO_LICENSE;
        let relationship = graph.relate(Edge {
            creation: &creation,
            from,
            kind,
            to: vec![license],
            completeness: if known { Completeness::Complete } else { Completeness::NoAssertion },
            scope: None,
            comment: None,
        });
        (relationship, known)
    };
    let (declared, _) = one("hasDeclaredLicense", declared);
    let (concluded, is_known) = one("hasConcludedLicense", concluded);
    if is_known { concluded } else { declared }
}

fn of_artifact(graph: &mut Graph<'_>, licenses: &Licenses, id: &Id, artifact: &Artifact) {
    let own = graph.context.index.own_license(&artifact.id);
    let declared = own.declared.or(own.detected);
    let Some(statement_id) = state(graph, licenses, id, declared, own.concluded) else { return };
    let creation = graph.context.creation.clone();
    let files = evidence(graph, artifact);
    graph.relate(Edge {
        creation: &creation,
        from: &statement_id,
        kind: "hasEvidence",
        to: files,
        completeness: Completeness::NoAssertion,
        scope: None,
        comment: None,
    });
    for claims in statement::claims(&graph.context.index, artifact) {
        let creation = graph.context.creation_by(claims.by).clone();
        let json = statement::json(&claims);
        graph.annotate(&creation, &statement_id, "other", Content::Json(json));
    }
    if graph.context.index.report.profile == Profile::Bsi {
        let effective = effective(graph, artifact).and_then(|text| licenses.known(text)).cloned();
        graph.relate(Edge {
            creation: &creation,
            from: id,
            kind: "other",
            to: effective.into_iter().collect(),
            completeness: Completeness::Complete,
            scope: None,
            // BSI TR-03183-2 spells it with a c, tools that check it with an s.
            comment: Some("hasEffectiveLicense".to_owned()),
        });
    }
}

/// The files in which a licence text was recognised.
fn evidence(graph: &Graph<'_>, artifact: &Artifact) -> Vec<Id> {
    let matches = graph.context.index.report.inventory.text_matches.get(&artifact.id);
    let mut files: Vec<Id> = Vec::new();
    for found in matches.into_iter().flatten() {
        let is_license =
            found.kind == TextMatchKind::License && found.recognition != Recognition::Family;
        let Some(file) = graph.context.file(&found.path).filter(|_| is_license) else { continue };
        if !files.iter().any(|known| known == file) {
            files.push(file.to_owned());
        }
    }
    files
}
