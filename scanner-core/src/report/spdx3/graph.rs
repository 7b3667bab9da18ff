//! The graph under construction: names, elements, and who made them.

use std::collections::{BTreeMap, HashMap};

use super::element::Element;
use crate::model::{ArtifactId, RelationTarget};
use crate::report::index::{self, Index, Outside};
use crate::report::place::cut;
use crate::report::refs::{Alphabet, Refs};

/// Elements with the names that they use for each other.
pub(super) struct Graph<'a> {
    pub(super) index: Index<'a>,
    namespace: String,
    refs: Refs,
    elements: Vec<Element>,
    pub(super) root: String,
    artifacts: HashMap<&'a ArtifactId, String>,
    /// Ancestors and datasets outside the scan, by name.
    pub(super) outside: BTreeMap<&'a str, (String, Outside<'a>)>,
    /// The licence expressions of the document, by their words.
    pub(super) expressions: BTreeMap<String, String>,
    /// Whoever made the document.
    pub(super) agent: String,
    /// Custom licences, by `LicenseRef-…`.
    pub(super) custom: BTreeMap<String, String>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(index: Index<'a>, namespace: &str) -> Self {
        let report = index.report;
        let mut refs = Refs::new(Alphabet::SpdxRef);
        let mut take = |wanted: &str| format!("{namespace}#{}", refs.take(wanted));
        for reserved in ["document", "sbom", "bundle"] {
            take(reserved);
        }
        let root = take(if report.product.is_some() { "product" } else { "source" });
        let artifacts = report
            .inventory
            .artifacts
            .iter()
            .map(|artifact| (&artifact.id, take(&artifact.id.0)))
            .collect();
        let outside = index::outside(report, |_| true)
            .into_iter()
            .map(|(name, outside)| (name, (take(&format!("outside-{name}")), outside)))
            .collect();
        Self {
            index,
            namespace: namespace.to_owned(),
            refs,
            elements: Vec::new(),
            root,
            artifacts,
            outside,
            expressions: BTreeMap::new(),
            agent: String::new(),
            custom: BTreeMap::new(),
        }
    }

    /// A name that nobody has yet.
    pub(super) fn take(&mut self, wanted: &str) -> String {
        format!("{}#{}", self.namespace, self.refs.take(wanted))
    }

    pub(super) fn push(&mut self, element: Element) {
        self.elements.push(element);
    }

    /// An element that the program itself says, with the name that it has.
    pub(super) fn element(&self, kind: &'static str, id: &str) -> Element {
        Element::new(kind, id, "_:flowdown")
    }

    /// The creation information for what a plugin says.
    pub(super) fn said_by(&self, plugin: Option<&str>) -> String {
        let known = plugin.filter(|id| self.index.report.plugins.iter().any(|it| it.id == **id));
        known.map_or_else(|| "_:flowdown".to_owned(), plugin_node)
    }

    /// The name of an artifact; `None` for an id that is not in the inventory.
    pub(super) fn artifact(&self, id: &ArtifactId) -> Option<String> {
        self.artifacts.get(id).cloned()
    }

    /// The name of the other end of a relation.
    pub(super) fn target(&self, target: &RelationTarget) -> Option<String> {
        match target {
            RelationTarget::Here(id) => self.artifact(id),
            RelationTarget::Elsewhere { name, .. } => {
                self.outside.get(name.as_str()).map(|(id, _)| id.clone())
            }
        }
    }

    /// A relationship; nothing where it would lead nowhere. Returns its name.
    pub(super) fn relate(
        &mut self,
        from: &str,
        kind: &'static str,
        to: Vec<String>,
        says: &Says<'_>,
    ) -> Option<String> {
        if to.is_empty() {
            return None;
        }
        let id = self.take(&format!("relationship-{kind}"));
        let element = Element::new("Relationship", &id, &self.said_by(says.plugin))
            .set("from", from)
            .set("relationshipType", kind)
            .list("to", to)
            .set("completeness", says.completeness)
            .maybe("comment", says.comment.as_deref().map(|text| cut(text).into_owned()));
        self.push(element);
        Some(id)
    }

    /// The whole graph, with the elements that list all others at the end.
    pub(super) fn finish(mut self, profiles: &[&'static str]) -> Vec<Element> {
        let report = self.index.report;
        let name = super::packages::root_name(report);
        let license = self.expression("CC0-1.0");
        let all: Vec<String> =
            self.elements.iter().filter_map(|it| it.id().map(str::to_owned)).collect();
        let sbom_id = format!("{}#sbom", self.namespace);
        let sbom = self
            .element("software_Sbom", &sbom_id)
            .set("name", name.clone())
            .list("software_sbomType", ["analyzed"])
            .list("profileConformance", profiles.iter().copied())
            .list("rootElement", [self.root.clone()])
            .list("element", all.clone());
        let document = self
            .element("SpdxDocument", &format!("{}#document", self.namespace))
            .set("name", name)
            .list("profileConformance", profiles.iter().copied())
            .set("dataLicense", license)
            .list("rootElement", [sbom_id.clone()])
            .list("element", all.into_iter().chain([sbom_id]));
        self.push(sbom);
        self.push(document);
        self.elements
    }
}

/// Who says a relationship, how completely, and what else is to be said.
pub(super) struct Says<'a> {
    pub(super) plugin: Option<&'a str>,
    /// `complete`, `incomplete` or `noAssertion`.
    pub(super) completeness: &'static str,
    pub(super) comment: Option<String>,
}

impl Says<'_> {
    /// What the program itself knows in full.
    pub(super) const fn whole() -> Self {
        Self { plugin: None, completeness: "complete", comment: None }
    }
}

/// The blank node with the creation information of a plugin.
pub(super) fn plugin_node(id: &str) -> String {
    let id: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("_:plugin-{id}")
}
