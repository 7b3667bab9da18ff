//! Who made the document and who published what is in it.

use super::graph::Graph;
use super::wire::{CreationInfo, Element, ExternalIdentifier, Id, Node};
use crate::model::{Contact, Timestamp};
use crate::report::facts::Party;
use crate::report::place::cut;

/// The last second that has a year of four digits; later times are ones that nobody can mean.
const LAST: u64 = 253_402_300_799;

/// `created` as SPDX writes it: the epoch for what lies past its calendar.
pub(super) fn time(created: Timestamp) -> String {
    if created.0 > LAST { Timestamp(0) } else { created }.to_string()
}

/// Writes creation information, tools, the author and the accounts that published something.
pub(super) fn write(graph: &mut Graph<'_>) {
    creation(graph);
    let context = &graph.context;
    let report = context.index.report;
    let mut nodes = Vec::new();
    nodes.push(Node::Tool(
        graph.element(&context.tool, Some(words(&format!("flowdown {}", report.tool_version)))),
    ));
    for (plugin, record) in context.plugins.iter().zip(&report.plugins) {
        let name = words(&format!("flowdown plugin {} {}", record.id, record.version));
        let mut element = graph.element(&plugin.tool, Some(name));
        element.verified_using = vec![super::files::hash(&record.sha256)];
        nodes.push(Node::Tool(element));
    }
    nodes.push(match &context.vendor {
        Some(vendor) => {
            let contact = report.product.as_ref().and_then(|product| product.contact.as_ref());
            let party = Party { name: vendor, contact: contact.map(Contact::as_str) };
            organization(graph, &context.author, &party)
        }
        None => {
            let name = words(&format!("flowdown {}", report.tool_version));
            Node::SoftwareAgent(graph.element(&context.author, Some(name)))
        }
    });
    for (party, id) in &context.parties {
        nodes.push(organization(graph, id, party));
    }
    for (account, id) in &context.accounts {
        // Whether a person or an organisation stands behind an account, nobody says.
        nodes.push(Node::Agent(Element {
            external_identifier: vec![ExternalIdentifier {
                external_identifier_type: "urlScheme",
                identifier: crate::report::hub::account_url(account),
            }],
            ..graph.element(id, Some((*account).to_owned()))
        }));
    }
    for node in nodes {
        graph.push(node);
    }
}

fn organization(graph: &Graph<'_>, id: &Id, party: &Party<'_>) -> Node {
    let mail = party.mail().map(|mail| ("email", mail));
    let contact = mail.or_else(|| party.web().map(|address| ("urlScheme", address)));
    let identifiers = contact.map(|(kind, text)| ExternalIdentifier {
        external_identifier_type: kind,
        identifier: text.to_owned(),
    });
    Node::Organization(Element {
        external_identifier: identifiers.into_iter().collect(),
        ..graph.element(id, Some(super::packages::name(party.name)))
    })
}

/// One for what Flowdown found, and one for what each plugin found.
fn creation(graph: &mut Graph<'_>) {
    let context = &graph.context;
    let info = |id: &Id, plugin: Option<&Id>| {
        let tools = std::iter::once(&context.tool).chain(plugin);
        Node::CreationInfo(CreationInfo {
            id: id.to_owned(),
            spec_version: "3.0.1",
            created: time(context.index.report.created),
            created_by: vec![context.author.clone()],
            created_using: tools.cloned().collect(),
        })
    };
    let mut nodes = vec![info(&context.creation, None)];
    nodes.extend(context.plugins.iter().map(|plugin| info(&plugin.creation, Some(&plugin.tool))));
    for node in nodes {
        graph.push(node);
    }
}

fn words(text: &str) -> String {
    cut(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_year_of_four_digits() {
        assert_eq!(time(Timestamp(LAST)), "9999-12-31T23:59:59Z");
        assert_eq!(time(Timestamp(LAST + 1)), "1970-01-01T00:00:00Z");
        assert_eq!(time(Timestamp(u64::MAX)), "1970-01-01T00:00:00Z");
    }
}
