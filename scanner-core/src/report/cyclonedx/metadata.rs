//! `metadata`: when, by which tools, about what.

use serde::Serialize;

use super::component::{Component, ComponentType, Hash};
use super::context::Context;
use super::license::Organization;
use super::product;
use super::property::{self, Properties};
use crate::model::{Artifact, Completeness, Contact, PluginRecord, Report, Severity};
use crate::report::facts::Party;
use crate::report::place::cut;
use crate::report::refs::Refs;
use crate::report::{copyright, image};

/// Unclaimed files and findings are listed up to this many; their counts are of all.
pub(super) const LISTED: usize = 1_000;

#[derive(Serialize)]
pub(super) struct Metadata {
    timestamp: String,
    lifecycles: [Lifecycle; 1],
    tools: Tools,
    component: Component,
    #[serde(skip_serializing_if = "Option::is_none")]
    manufacturer: Option<Organization>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supplier: Option<Organization>,
    properties: Properties,
}

#[derive(Serialize)]
struct Lifecycle {
    phase: &'static str,
}

#[derive(Serialize)]
struct Tools {
    components: Vec<Component>,
}

pub(super) fn metadata(context: &Context<'_>, refs: &mut Refs) -> Metadata {
    let report = context.index.report;
    let mut flowdown = Component::named(ComponentType::Application, "flowdown");
    flowdown.bom_ref = Some(context.tool.clone());
    flowdown.version = Some(report.tool_version.clone());
    let plugins = report.plugins.iter().map(|plugin| tool(context, plugin));
    // A declared product was built; without one, somebody looks at what is there.
    let phase = if report.product.is_some() { "post-build" } else { "discovery" };
    Metadata {
        timestamp: report.created.to_string(),
        lifecycles: [Lifecycle { phase }],
        tools: Tools { components: std::iter::once(flowdown).chain(plugins).collect() },
        component: root(context, refs),
        // Who sells the product also makes its bill of materials and hands it on.
        manufacturer: vendor(report),
        supplier: vendor(report),
        properties: properties(context),
    }
}

fn vendor(report: &Report) -> Option<Organization> {
    let product = report.product.as_ref()?;
    let contact = product.contact.as_ref().map(Contact::as_str);
    Organization::of(&Party { name: product.vendor.as_deref()?, contact })
}

fn tool(context: &Context<'_>, plugin: &PluginRecord) -> Component {
    let mut component = Component::named(ComponentType::Library, "");
    component.name = cut(&plugin.id).into_owned();
    component.bom_ref = context.plugin(&plugin.id).map(str::to_owned);
    component.version = Some(cut(&plugin.version).into_owned());
    component.hashes = vec![Hash::sha256(plugin.sha256.hex())];
    component.properties.add(property::PLUGIN_LOADED, &plugin.loaded);
    component.properties.each(property::PLUGIN_FAMILY, &plugin.families);
    component
}

/// The product with the customer bundle as its licences; without a product, the scanned source.
fn root(context: &Context<'_>, refs: &mut Refs) -> Component {
    let report = context.index.report;
    let name = report.product.as_ref().map_or(&report.source.name, |product| &product.name);
    let kind = match report.product {
        None if !report.images.is_empty() => ComponentType::Container,
        _ => ComponentType::Application,
    };
    let mut component = Component::named(kind, "");
    component.name = if name.is_empty() { "source".to_owned() } else { cut(name).into_owned() };
    component.bom_ref = Some(context.root.clone());
    let Some(product) = &report.product else { return component };
    component.version = product.version.as_deref().map(|version| cut(version).into_owned());
    component.supplier = vendor(report);
    component.manufacturer = vendor(report);
    component.copyright = copyright::of_product(product);
    component.licenses = product::licenses(context, refs);
    if let Some(file) = &product.file {
        component.hand_on(context, file);
    }
    for entry in &report.assessment.bundle.entries {
        if entry.license.is_none() {
            component.properties.each(
                property::BUNDLE_UNKNOWN,
                entry.covers.iter().filter_map(|id| context.artifact(id)),
            );
        }
    }
    component
}

fn properties(context: &Context<'_>) -> Properties {
    let report = context.index.report;
    let inventory = &report.inventory;
    let mut properties = Properties::default();
    properties.add(property::SCHEMA, "1");
    properties.add(
        property::SCAN_SOURCE,
        format!("{}:{}", report.source.kind.name(), report.source.name),
    );
    image::properties(report, &mut properties);
    let complete = match context.index.completeness() {
        Completeness::Complete => "true",
        Completeness::Incomplete => "false",
    };
    properties.add(property::SCAN_COMPLETE, complete);
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let diagnostics = inventory.diagnostics.iter().filter(|d| d.severity() == severity).count();
        let findings =
            report.assessment.findings.iter().filter(|f| f.severity() == severity).count();
        properties.add(property::SCAN_DIAGNOSTICS, format!("{}={diagnostics}", severity.name()));
        properties.add(property::SCAN_FINDINGS, format!("{}={findings}", severity.name()));
    }
    properties.add(property::SCAN_UNCLAIMED_COUNT, inventory.unclaimed.len().to_string());
    let unclaimed = inventory.unclaimed.iter().take(LISTED);
    properties.each(property::SCAN_UNCLAIMED, unclaimed.map(|file| file.path.as_str()));
    properties
}

/// The label of an artifact, cut to length.
pub(super) fn label(artifact: &Artifact) -> String {
    cut(&artifact.label()).into_owned()
}
