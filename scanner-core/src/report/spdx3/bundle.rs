//! The bundle of licences that every customer receives, as a bundle of the document.

use std::collections::BTreeSet;

use super::graph::Graph;
use crate::report::expression::{self, Reading};

pub(super) fn add(graph: &mut Graph<'_>) {
    let report = graph.index.report;
    let Some(product) = &report.product else { return };
    let bundle = &report.assessment.bundle;
    let own = bundle.product_license.clone();
    let wanted: BTreeSet<&str> = own
        .as_deref()
        .into_iter()
        .chain(bundle.entries.iter().map(|entry| entry.spdx.as_str()))
        .filter(|text| expression::read(text) != Reading::Unreadable)
        .collect();
    let elements: Vec<String> = wanted.into_iter().map(|text| graph.expression(text)).collect();
    if elements.is_empty() {
        return;
    }
    let root = own.filter(|text| expression::read(text) != Reading::Unreadable);
    let root = root.map_or_else(|| elements[0].clone(), |text| graph.expression(&text));
    let unknown = bundle.entries.iter().filter(|entry| entry.license.is_none()).count();
    let comment = (unknown > 0).then(|| {
        format!("{unknown} parts of the product have a licence that nobody knows; none is listed for them")
    });
    let id = graph.take("customer-licences");
    let element = graph
        .element("Bundle", &id)
        .set(
            "name",
            format!(
                "licences that every customer of {} receives",
                crate::report::place::cut(&product.name)
            ),
        )
        .set("context", "customer-license-bundle")
        .list("rootElement", [root])
        .list("element", elements)
        .maybe("comment", comment);
    graph.push(element);
}
