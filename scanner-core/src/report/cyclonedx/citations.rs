//! `citations[]`, since 1.7: which parts of the document stand on the word of which plugin.
//!
//! A pointer names an entry that exists: citations are made of the finished components.

use std::collections::BTreeMap;

use serde::Serialize;

use super::component::Component;
use super::context::Context;
use super::property;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Citation {
    pointers: Vec<String>,
    timestamp: String,
    attributed_to: String,
    note: &'static str,
}

/// One citation for each plugin that claimed something, sorted by the plugin's reference.
pub(super) fn citations(context: &Context<'_>, components: &[Component]) -> Vec<Citation> {
    let mut pointers: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (number, component) in components.iter().enumerate() {
        let observed = component.evidence.iter().flat_map(|evidence| &evidence.licenses);
        for (place, choice) in observed.enumerate() {
            if let Some(plugin) = choice.property(property::EVIDENCE_PLUGIN) {
                let pointer = format!("/components/{number}/evidence/licenses/{place}");
                pointers.entry(plugin).or_default().push(pointer);
            }
        }
        let ancestors = component.pedigree.iter().flat_map(|pedigree| &pedigree.ancestors);
        for (place, ancestor) in ancestors.enumerate() {
            if let Some(plugin) = ancestor.properties.first(property::LINEAGE_PLUGIN) {
                let pointer = format!("/components/{number}/pedigree/ancestors/{place}");
                pointers.entry(plugin).or_default().push(pointer);
            }
        }
    }
    pointers
        .into_iter()
        // Nobody can follow a reference to a plugin that is not in the document.
        .filter(|(plugin, _)| context.has_plugin_ref(plugin))
        .map(|(plugin, pointers)| Citation {
            pointers,
            timestamp: context.index.report.created.to_string(),
            attributed_to: plugin.to_owned(),
            note: "claimed by this plugin on the evidence that the entries name",
        })
        .collect()
}
