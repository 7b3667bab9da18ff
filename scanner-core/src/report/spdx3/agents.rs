//! Who made the document: the vendor, the program, its plugins.

use std::collections::BTreeSet;

use super::element::{Element, hash};
use super::graph::{Graph, plugin_node};
use crate::report::place::cut;

/// The name of whoever made the document, and of the product's supplier.
pub(super) fn add(graph: &mut Graph<'_>) {
    let report = graph.index.report;
    let created = report.created.to_string();
    let tool = graph.take("tool-flowdown");
    let agent = graph.take("agent");
    let info = |node: &str, tools: Vec<String>| {
        Element::part("CreationInfo")
            .set("@id", node)
            .set("specVersion", "3.0.1")
            .set("created", created.clone())
            .list("createdBy", [agent.clone()])
            .list("createdUsing", tools)
    };
    let mut nodes = BTreeSet::new();
    let mut tools = Vec::new();
    for plugin in &report.plugins {
        // Ids that differ in punctuation only share a node.
        let node = plugin_node(&plugin.id);
        if nodes.insert(node.clone()) {
            let id = graph.take(&format!("tool-plugin-{}", plugin.id));
            graph.push(info(&node, vec![tool.clone(), id.clone()]));
            tools.push((id, plugin));
        }
    }
    graph.push(info("_:flowdown", vec![tool.clone()]));
    let program =
        graph.element("Tool", &tool).set("name", format!("flowdown-{}", report.tool_version));
    graph.push(program);
    for (id, plugin) in tools {
        let element = graph
            .element("Tool", &id)
            .set(
                "name",
                cut(&format!("flowdown-plugin-{}-{}", plugin.id, plugin.version)).into_owned(),
            )
            .list("verifiedUsing", [hash("sha256", &plugin.sha256.hex())]);
        graph.push(element);
    }
    let vendor = report.product.as_ref().and_then(|product| product.vendor.as_deref());
    let element = match vendor.filter(|name| !name.trim().is_empty()) {
        Some(name) => graph.element("Organization", &agent).set("name", cut(name).into_owned()),
        None => graph.element("SoftwareAgent", &agent).set("name", "flowdown"),
    };
    graph.push(element);
    graph.agent = agent;
}
