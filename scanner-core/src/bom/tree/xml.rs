//! CycloneDX as XML into the tree of its JSON form.
//!
//! The two forms differ by rule: attributes and single children are fields, an element that only
//! wraps others is a list, `hash` and `property` have their value as text, and licences, dependencies
//! and references have a form of their own. Entities are the five of XML and character references;
//! a document type is not read, so nothing expands.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Node, Object};

/// As deep as JSON is read.
const DEPTH: usize = 128;

/// Elements whose children are the members of a list.
const LISTS: &[&str] = &[
    "advisories",
    "affects",
    "altIds",
    "ancestors",
    "annotations",
    "approaches",
    "assemblies",
    "assessors",
    "attestations",
    "authors",
    "callstack",
    "citations",
    "claims",
    "commits",
    "components",
    "compositions",
    "counterClaims",
    "dependencies",
    "descendants",
    "externalReferences",
    "formulation",
    "hashes",
    "licenseTypes",
    "licenses",
    "lifecycles",
    "levels",
    "methods",
    "occurrences",
    "patches",
    "pointers",
    "properties",
    "requirements",
    "services",
    "standards",
    "subjects",
    "tags",
    "variants",
    "vulnerabilities",
];

/// Why an XML document cannot be read.
pub(in crate::bom) enum XmlError {
    /// It is not well-formed; why.
    Invalid(String),
    /// It is nested deeper than the limit.
    TooDeep,
}

/// An element whose end was not read yet.
struct Open {
    name: String,
    line: u64,
    attributes: Vec<(String, String)>,
    children: Vec<(String, Node)>,
    text: String,
}

/// Reads an XML document: its name space and its root element.
pub(in crate::bom) fn read(text: &str) -> Result<(String, Node), XmlError> {
    let mut reader = Reader::from_str(text);
    let mut lines = Lines { text, at: 0, line: 1 };
    let mut open: Vec<Open> = Vec::new();
    let mut namespace = None;
    let mut root = None;
    loop {
        let position = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = reader.read_event().map_err(|error| XmlError::Invalid(error.to_string()))?;
        match event {
            Event::Start(start) => {
                if open.len() == DEPTH {
                    return Err(XmlError::TooDeep);
                }
                let element = begin(&start, lines.of(position))?;
                namespace.get_or_insert_with(|| namespace_of(&start));
                open.push(element);
            }
            Event::Empty(start) => {
                let element = begin(&start, lines.of(position))?;
                namespace.get_or_insert_with(|| namespace_of(&start));
                end(element, &mut open, &mut root);
            }
            Event::End(_) => {
                if let Some(element) = open.pop() {
                    end(element, &mut open, &mut root);
                }
            }
            Event::Text(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text);
                }
            }
            Event::CData(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text);
                }
            }
            Event::GeneralRef(reference) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&entity(&reference));
                }
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    match root {
        Some(root) if open.is_empty() => Ok((namespace.unwrap_or_default(), root)),
        _ => Err(XmlError::Invalid("the document ends before its root element does".to_owned())),
    }
}

/// Counts lines as a walk goes forward.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, position: usize) -> u64 {
        let passed = self.text.as_bytes().get(self.at..position).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = position.max(self.at);
        self.line
    }
}

fn begin(start: &BytesStart<'_>, line: u64) -> Result<Open, XmlError> {
    let invalid = |error: &dyn std::fmt::Display| XmlError::Invalid(error.to_string());
    let name = start.local_name().as_ref().to_owned();
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| invalid(&error))?;
        let key = attribute.key.as_ref().to_owned();
        if key == "xmlns" || key.starts_with("xmlns:") || key.starts_with("xsi:") {
            continue;
        }
        attributes.push((key, unescape(&attribute.value)));
    }
    Ok(Open { name, line, attributes, children: Vec::new(), text: String::new() })
}

fn namespace_of(start: &BytesStart<'_>) -> String {
    let name = start.name();
    let prefix = name.prefix().map(|prefix| prefix.as_ref().to_owned());
    let wanted = prefix.map_or_else(|| "xmlns".to_owned(), |prefix| format!("xmlns:{prefix}"));
    start
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.as_ref() == wanted)
        .map(|attribute| attribute.value.into_owned())
        .unwrap_or_default()
}

/// The text that an entity stands for; one that is not of XML stays as it is written.
fn entity(name: &str) -> String {
    unescape(&format!("&{name};"))
}

fn unescape(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

fn end(element: Open, open: &mut [Open], root: &mut Option<Node>) {
    match open.last_mut() {
        Some(parent) => {
            let name = element.name.clone();
            let node = node(element, &parent.name);
            parent.children.push((name, node));
        }
        None => *root = Some(node(element, "")),
    }
}

/// The JSON form of an element inside an element called `parent`.
fn node(mut element: Open, parent: &str) -> Node {
    let text = element.text.trim();
    match element.name.as_str() {
        "hash" => return valued(element, "content"),
        "property" => return valued(element, "value"),
        // A reference is an element with that attribute and nothing else.
        "assembly" | "subject" | "tool" if element.children.is_empty() => {
            if let Some(reference) = take(&mut element.attributes, "ref") {
                return Node::Text(reference);
            }
        }
        "dependency" => return dependency(element, parent),
        "provides" => {
            return take(&mut element.attributes, "ref").map_or(Node::Other, Node::Text);
        }
        "license" if parent == "licenses" => {
            let line = element.line;
            let inner = object(element);
            return single("license", inner, line);
        }
        "expression" if parent == "licenses" => return valued(element, "expression"),
        "expression-detailed" => return detailed(element),
        _ => {}
    }
    let is_list = LISTS.contains(&element.name.as_str())
        || (element.name == "evidence" && parent == "declarations")
        || (element.name == "tools" && element.children.iter().all(|(name, _)| name == "tool"))
        || (element.name == "datasets" && parent == "modelParameters");
    if is_list && element.attributes.is_empty() {
        return Node::List(element.children.into_iter().map(|(_, node)| node).collect());
    }
    if element.attributes.is_empty() && element.children.is_empty() {
        return Node::Text(text.to_owned());
    }
    object(element)
}

fn dependency(mut element: Open, parent: &str) -> Node {
    let line = element.line;
    let Some(reference) = take(&mut element.attributes, "ref") else { return object(element) };
    if parent != "dependencies" {
        return Node::Text(reference);
    }
    let mut definition = Object { line: Some(line), ..Object::default() };
    let (provides, depends_on): (Vec<_>, Vec<_>) =
        element.children.into_iter().partition(|(name, _)| name == "provides");
    let nodes =
        |children: Vec<(String, Node)>| children.into_iter().map(|(_, node)| node).collect();
    definition.fields.insert("ref".to_owned(), Node::Text(reference));
    definition.fields.insert("dependsOn".to_owned(), Node::List(nodes(depends_on)));
    // It came with 1.6; a document of 1.5 does not have it.
    if !provides.is_empty() {
        definition.fields.insert("provides".to_owned(), Node::List(nodes(provides)));
    }
    Node::Object(definition)
}

fn detailed(mut element: Open) -> Node {
    let (details, rest): (Vec<_>, Vec<_>) =
        element.children.into_iter().partition(|(name, _)| name == "details");
    element.children = rest;
    let mut node = object(element);
    if let Node::Object(object) = &mut node {
        let mut list: Vec<Node> = details.into_iter().map(|(_, node)| node).collect();
        for detail in &mut list {
            if let Node::Object(detail) = detail
                && let Some(id) = detail.fields.remove("license-identifier")
            {
                detail.fields.insert("licenseIdentifier".to_owned(), id);
            }
        }
        object.fields.insert("expressionDetails".to_owned(), Node::List(list));
    }
    node
}

/// An element whose text is the field `key` beside its attributes.
fn valued(element: Open, key: &str) -> Node {
    let text = element.text.trim().to_owned();
    let mut object = fields(element);
    object.fields.insert(key.to_owned(), Node::Text(text));
    Node::Object(object)
}

fn single(key: &str, node: Node, line: u64) -> Node {
    let mut object = Object { line: Some(line), ..Object::default() };
    object.fields.insert(key.to_owned(), node);
    Node::Object(object)
}

fn object(element: Open) -> Node {
    let text = element.text.trim().to_owned();
    let mut object = fields(element);
    if !text.is_empty() {
        object.fields.insert("content".to_owned(), Node::Text(text));
    }
    Node::Object(object)
}

/// Attributes and children as fields; children of one name are a list.
fn fields(element: Open) -> Object {
    let mut object = Object { line: Some(element.line), ..Object::default() };
    for (key, value) in element.attributes {
        object.fields.insert(key, Node::Text(value));
    }
    for (key, node) in element.children {
        match object.fields.remove(&key) {
            None => object.fields.insert(key, node),
            // A list of one name is written by repeating it, as `identity` is.
            Some(Node::List(mut list)) if !LISTS.contains(&key.as_str()) => {
                list.push(node);
                object.fields.insert(key, Node::List(list))
            }
            Some(first) => object.fields.insert(key, Node::List(vec![first, node])),
        };
    }
    object
}

fn take(attributes: &mut Vec<(String, String)>, key: &str) -> Option<String> {
    let index = attributes.iter().position(|(name, _)| name == key)?;
    Some(attributes.swap_remove(index).1)
}
