//! A parsed document, whatever its encoding: objects, lists and text, with lines where they are known.
//!
//! CycloneDX as XML becomes the tree of its JSON form, so that there is one set of names, and JSON
//! pointers resolve as CycloneDX means them.

mod json;
mod xml;

use std::collections::BTreeMap;

pub(super) use json::read as read_json;
pub(super) use xml::{XmlError, read as read_xml};

/// An object with its fields.
#[derive(Debug, Default)]
pub(crate) struct Object {
    pub(crate) fields: BTreeMap<String, Node>,
    /// Keys that stand there more than once: readers differ in which value they take.
    pub(crate) repeated: Vec<String>,
    /// The line where it begins, in XML.
    pub(crate) line: Option<u64>,
}

#[derive(Debug)]
pub(crate) enum Node {
    Object(Object),
    List(Vec<Self>),
    Text(String),
    /// A number, a truth value or nothing.
    Other,
}

impl Object {
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.fields.get(key)
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_text()
    }

    /// The members of the list `key`; none when there is no such list.
    pub(crate) fn list(&self, key: &str) -> &[Node] {
        match self.get(key) {
            Some(Node::List(items)) => items,
            _ => &[],
        }
    }
}

impl Object {
    /// The members of the list `key`; XML, which writes a list by repeating its name, has a list of one
    /// as the member itself.
    pub(crate) fn each(&self, key: &str) -> &[Node] {
        match self.get(key) {
            Some(Node::List(items)) => items,
            Some(node) => std::slice::from_ref(node),
            None => &[],
        }
    }
}

impl Node {
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) const fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Whether the JSON pointer (RFC 6901) leads to something.
    pub(crate) fn resolves(&self, pointer: &str) -> bool {
        let Some(rest) = pointer.strip_prefix('/') else { return pointer.is_empty() };
        let mut node = self;
        for part in rest.split('/') {
            let part = part.replace("~1", "/").replace("~0", "~");
            let next = match node {
                Self::Object(object) => object.get(&part),
                // RFC 6901, section 4: no leading zeros.
                Self::List(items) if part == "0" || !part.starts_with(['0', '+']) => {
                    part.parse::<usize>().ok().and_then(|index| items.get(index))
                }
                _ => None,
            };
            match next {
                Some(next) => node = next,
                None => return false,
            }
        }
        true
    }
}
