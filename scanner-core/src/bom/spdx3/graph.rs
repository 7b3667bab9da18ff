//! The elements of a document by name and by type.

use std::collections::BTreeMap;

use crate::bom::statement::is_outside;
use crate::bom::tree::{Node, Object};

pub(super) struct Graph<'a> {
    /// By `spdxId` or `@id`, with the place in the graph.
    elements: BTreeMap<&'a str, (usize, &'a Object)>,
    all: Vec<&'a Object>,
}

impl<'a> Graph<'a> {
    /// The members of `@graph`; a document of one element has no list.
    pub(super) fn of(root: &'a Node) -> Self {
        let root = root.as_object();
        let listed = root.map_or(&[][..], |root| root.list("@graph"));
        let mut all: Vec<&Object> = listed.iter().filter_map(Node::as_object).collect();
        if all.is_empty() {
            all.extend(root);
        }
        let named = all.iter().enumerate();
        let elements = named.filter_map(|(at, element)| Some((id(element)?, (at, *element))));
        Self { elements: elements.collect(), all }
    }

    pub(super) fn element(&self, id: &str) -> Option<&'a Object> {
        self.elements.get(id).map(|(_, element)| *element)
    }

    /// Every element with its place in the graph.
    pub(super) fn elements(&self) -> impl Iterator<Item = (usize, &'a Object)> {
        self.all.iter().copied().enumerate()
    }

    pub(super) fn of_type(&self, wanted: &str) -> impl Iterator<Item = &'a Object> {
        self.all.iter().copied().filter(move |element| kind(element) == wanted)
    }

    /// Names in document order.
    pub(super) fn order(&self) -> impl Iterator<Item = &'a str> {
        self.all.iter().filter_map(|element| id(element))
    }

    pub(super) fn relationships(&self) -> impl Iterator<Item = &'a Object> {
        let all = self.all.iter().copied();
        all.filter(|element| kind(element).ends_with("Relationship"))
    }

    pub(super) fn document(&self) -> Option<&'a Object> {
        self.of_type("SpdxDocument").next()
    }

    /// What the document, or the bill of materials that it holds, names as its root.
    pub(super) fn roots(&self) -> Vec<&'a str> {
        let names = |collection: &'a Object| {
            collection.list("rootElement").iter().filter_map(Node::as_text)
        };
        let of_boms = self.of_type("software_Sbom").chain(self.of_type("Bom")).flat_map(names);
        let of_document = self.of_type("SpdxDocument").flat_map(names);
        of_boms.chain(of_document).collect()
    }

    pub(super) fn created(&self) -> Option<String> {
        let mut infos = self.of_type("CreationInfo");
        Some(infos.next()?.text("created")?.to_owned())
    }

    pub(super) fn tools(&self) -> Vec<String> {
        let named = self.of_type("Tool").filter_map(|tool| tool.text("name"));
        named.map(str::to_owned).collect()
    }

    /// Whether a package only stands there to be named.
    pub(super) fn is_outside(&self, id: &str) -> bool {
        self.element(id).is_some_and(|element| is_outside(element.text("comment")))
    }

    /// Whether this is a file, and no artifact of ours that is nothing but files.
    pub(super) fn is_plain_file(&self, id: &str) -> bool {
        self.element(id).is_some_and(|element| {
            kind(element) == "software_File"
                && !properties(element).contains_key("flowdown:artifact:kind")
        })
    }

    /// Whether a file is what its package is, and no text beside it.
    pub(super) fn is_content(&self, id: &str) -> bool {
        self.element(id).is_some_and(|element| {
            let properties = properties(element);
            let role = properties.get("flowdown:artifact:file-role");
            role.is_none_or(|roles| roles.contains(&"weights"))
        })
    }
}

pub(super) fn id(element: &Object) -> Option<&str> {
    element.text("spdxId").or_else(|| element.text("@id"))
}

pub(super) fn kind(element: &Object) -> &str {
    element.text("type").or_else(|| element.text("@type")).unwrap_or_default()
}

/// The properties in the extension for those of CycloneDX, by name.
pub(super) fn properties(element: &Object) -> BTreeMap<&str, Vec<&str>> {
    let mut properties: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let extensions = element.list("extension").iter().filter_map(Node::as_object);
    for property in extensions.flat_map(|extension| extension.list("extension_cdxProperty")) {
        let Some(property) = property.as_object() else { continue };
        if let (Some(name), Some(value)) =
            (property.text("extension_cdxPropName"), property.text("extension_cdxPropValue"))
        {
            properties.entry(name).or_default().push(value);
        }
    }
    properties
}
