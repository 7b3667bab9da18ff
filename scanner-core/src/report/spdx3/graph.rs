//! The graph under construction: elements in the order in which they are found.

use super::context::Context;
use super::wire::{Annotation, Element, Id, Node, Relationship};
use crate::report::refs::Refs;

/// The individual that stands for a licence that nobody states.
pub(super) const NO_LICENSE: &str = "expandedlicensing_NoAssertionLicense";

/// How far the list of what a relationship leads to is all there is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Completeness {
    Complete,
    Incomplete,
    NoAssertion,
}

impl Completeness {
    const fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Incomplete => "incomplete",
            Self::NoAssertion => "noAssertion",
        }
    }
}

/// A relationship to be written.
pub(super) struct Edge<'b> {
    /// The blank node that says who found it.
    pub(super) creation: &'b Id,
    pub(super) from: &'b Id,
    pub(super) kind: &'static str,
    pub(super) to: Vec<Id>,
    pub(super) completeness: Completeness,
    /// The phase of the life of `from` in which it holds.
    pub(super) scope: Option<&'static str>,
    pub(super) comment: Option<String>,
}

pub(super) struct Graph<'a> {
    pub(super) context: Context<'a>,
    refs: Refs,
    nodes: Vec<Node>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(context: Context<'a>, refs: Refs) -> Self {
        // About eight for each artifact: a list of large nodes is expensive to move.
        let nodes = Vec::with_capacity(8 * context.index.report.inventory.artifacts.len());
        Self { context, refs, nodes }
    }

    /// An IRI that nothing has yet.
    pub(super) fn iri(&mut self, wanted: &str) -> Id {
        format!("{}{}", self.context.namespace, self.refs.take(wanted)).into()
    }

    pub(super) fn push(&mut self, node: Node) {
        self.nodes.push(node);
    }

    /// An element that Flowdown found.
    pub(super) fn element(&self, id: &Id, name: Option<String>) -> Element {
        Element {
            spdx_id: id.clone(),
            creation_info: self.context.creation.clone(),
            name,
            ..Element::default()
        }
    }

    /// Writes a relationship and returns its IRI; one that leads nowhere is not written.
    pub(super) fn relate(&mut self, edge: Edge<'_>) -> Option<Id> {
        if edge.to.is_empty() {
            return None;
        }
        let id = self.iri("Relationship");
        let element = Element {
            spdx_id: id.clone(),
            creation_info: edge.creation.clone(),
            comment: edge.comment,
            ..Element::default()
        };
        let relationship = Relationship {
            element,
            from: edge.from.clone(),
            relationship_type: edge.kind,
            to: edge.to,
            completeness: edge.completeness.name(),
            scope: edge.scope,
        };
        self.push(match relationship.scope {
            Some(_) => Node::LifecycleScopedRelationship(relationship),
            None => Node::Relationship(relationship),
        });
        Some(id)
    }

    /// Writes an annotation; `kind` is `other` or `review`.
    pub(super) fn annotate(
        &mut self,
        creation: &Id,
        subject: &Id,
        kind: &'static str,
        content: Content,
    ) {
        let id = self.iri("Annotation");
        let (content_type, statement) = match content {
            Content::Json(json) => ("application/json", json),
            Content::Words(words) => ("text/plain", words),
        };
        self.push(Node::Annotation(Annotation {
            element: Element { spdx_id: id, creation_info: creation.clone(), ..Element::default() },
            annotation_type: kind,
            subject: subject.clone(),
            content_type,
            statement,
        }));
    }

    /// The IRIs of all elements so far, in order.
    pub(super) fn ids(&self) -> Vec<Id> {
        self.nodes.iter().filter_map(Node::spdx_id).cloned().collect()
    }

    pub(super) fn into_nodes(self) -> Vec<Node> {
        self.nodes
    }
}

/// What an annotation says.
pub(super) enum Content {
    Json(String),
    Words(String),
}
