//! The licences that every customer of the product receives, as a `Bundle`.

use std::collections::BTreeSet;

use super::graph::{Content, Graph};
use super::licenses::Licenses;
use super::wire::{CdxProperties, Collection, Element, Id, Node};
use crate::report::place::cut;
use crate::report::property::{self, Properties};
use crate::report::statement;

/// Writes the bundle of a declared product; its first member is the product's own licence.
pub(super) fn write(graph: &mut Graph<'_>, licenses: &Licenses) {
    let report = graph.context.index.report;
    let Some(product) = &report.product else { return };
    let bundle = &report.assessment.bundle;
    let mut members: Vec<Id> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |text: &str| {
        let both = [licenses.known(text), licenses.license(text)];
        members.extend(both.into_iter().flatten().filter(|id| seen.insert(*id)).cloned());
    };
    let own = bundle.product_license.as_deref();
    own.into_iter().for_each(&mut add);
    let granted = bundle.entries.iter().filter(|entry| entry.license.is_some());
    granted.clone().for_each(|entry| add(&entry.spdx));
    if members.is_empty() {
        return;
    }
    let own = own.and_then(|text| licenses.license(text)).cloned();
    let unknown = bundle.entries.iter().filter(|entry| entry.license.is_none());
    let unknown = unknown.flat_map(|entry| &entry.covers);
    let mut properties = Properties::default();
    properties.each(property::BUNDLE_UNKNOWN, unknown.filter_map(|id| graph.context.artifact(id)));
    let statements: Vec<String> = granted
        .map(|entry| {
            let covers = entry.covers.iter().filter_map(|id| Some(&**graph.context.artifact(id)?));
            statement::json(&statement::grant(entry, covers.collect()))
        })
        .collect();
    let id = graph.iri("CustomerBundle");
    let element = Element {
        extension: CdxProperties::of(&properties),
        ..graph.element(&id, Some(format!("customer licence bundle of {}", cut(&product.name))))
    };
    graph.push(Node::Bundle(Collection {
        element_of_graph: element,
        context: Some("customer-license-bundle"),
        root_element: own.map_or_else(|| members.clone(), |own| vec![own]),
        element: members,
        ..Collection::default()
    }));
    let creation = graph.context.creation.clone();
    for json in statements {
        graph.annotate(&creation, &id, "other", Content::Json(json));
    }
}
