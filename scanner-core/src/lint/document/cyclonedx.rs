//! CycloneDX, from the tree that JSON and XML share.

use super::{Dated, Dependency, Document, Hash, LicenseEntry, LicenseList, Pointer, Stated};
use crate::bom::Format;
use crate::bom::tree::{Node, Object};
use crate::lint::path::Path;

/// Keys whose text, or list of texts, refers to a `bom-ref` wherever they stand.
const REFERENCES: &[&str] = &["assemblies", "dependsOn", "provides", "ref", "subjects"];

/// Keys that refer to a `bom-ref` in one section of the document; the same words mean other things
/// elsewhere.
const REFERENCES_OF_SECTIONS: &[(&str, &[&str])] = &[
    ("citations", &["attributedTo", "process"]),
    ("compositions", &["dependencies", "vulnerabilities"]),
    (
        "declarations",
        &[
            "assessor",
            "claims",
            "counterClaims",
            "counterEvidence",
            "evidence",
            "mitigationStrategies",
            "requirement",
            "target",
        ],
    ),
    ("definitions", &["parent", "patentRefs", "requirements"]),
];

/// Keys that hold a date with time.
const TIMES: &[&str] = &[
    "created",
    "expiration",
    "expires",
    "lastRenewal",
    "published",
    "rejected",
    "timestamp",
    "updated",
];

/// Fields that an object of this role has only from a version on.
const DATED: &[(Role, &[(&str, &str)])] = &[
    (
        Role::Root,
        &[
            ("annotations", "1.5"),
            ("citations", "1.7"),
            ("compositions", "1.3"),
            ("declarations", "1.6"),
            ("definitions", "1.6"),
            ("formulation", "1.5"),
            ("vulnerabilities", "1.4"),
        ],
    ),
    (
        Role::Metadata,
        &[("distributionConstraints", "1.7"), ("lifecycles", "1.5"), ("manufacturer", "1.6")],
    ),
    (
        Role::Component,
        &[
            ("authors", "1.6"),
            ("cryptoProperties", "1.6"),
            ("data", "1.5"),
            ("evidence", "1.3"),
            ("isExternal", "1.7"),
            ("manufacturer", "1.6"),
            ("modelCard", "1.5"),
            ("omniborId", "1.6"),
            ("patentAssertions", "1.7"),
            ("properties", "1.3"),
            ("releaseNotes", "1.4"),
            ("swhid", "1.6"),
            ("tags", "1.6"),
            ("versionRange", "1.7"),
        ],
    ),
    (
        Role::License,
        &[
            ("acknowledgement", "1.6"),
            ("bom-ref", "1.5"),
            ("licensing", "1.5"),
            ("properties", "1.5"),
        ],
    ),
    (
        Role::Expression,
        &[
            ("acknowledgement", "1.6"),
            ("bom-ref", "1.5"),
            ("expressionDetails", "1.7"),
            ("licensing", "1.7"),
            ("properties", "1.7"),
        ],
    ),
    (Role::Dependency, &[("provides", "1.6")]),
    (Role::Evidence, &[("callstack", "1.5"), ("identity", "1.5"), ("occurrences", "1.5")]),
];

/// Types of components that came later than the first version that is read.
const TYPES: &[(&str, &str)] = &[
    ("cryptographic-asset", "1.6"),
    ("data", "1.5"),
    ("device-driver", "1.5"),
    ("machine-learning-model", "1.5"),
    ("platform", "1.5"),
];

/// What an object is, as far as the rules care.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Root,
    Metadata,
    Component,
    License,
    Expression,
    Dependency,
    Evidence,
    Other,
}

pub(super) fn document(format: Format, version: &str, root: &Node) -> Document {
    let mut walk = Walk {
        document: Document::new(format, version),
        root,
        path: Path::default(),
        section: String::new(),
    };
    if let Some(object) = root.as_object() {
        walk.path.is(object, None);
        if let Some(serial) = object.text("serialNumber") {
            let at = walk.path.place_of("serialNumber");
            walk.document.identity = Some(Stated { text: serial.to_owned(), at });
        }
        walk.dated(object, Role::Root);
        for (key, node) in &object.fields {
            walk.section.clone_from(key);
            walk.field(Role::Root, key, node);
        }
    }
    walk.document
}

struct Walk<'a> {
    document: Document,
    root: &'a Node,
    path: Path,
    /// The key of the root that the walk is in.
    section: String,
}

impl Walk<'_> {
    /// One field of an object, and everything below it.
    fn field(&mut self, role: Role, key: &str, node: &Node) {
        self.path.enter(key);
        match node {
            Node::Text(text) => self.text(role, key, text),
            Node::Object(object) => self.object(role, key, object),
            Node::List(items) => {
                self.list(role, key, items);
                for (index, item) in items.iter().enumerate() {
                    self.path.enter(&index.to_string());
                    match item {
                        Node::Object(object) => self.object(role, key, object),
                        Node::Text(text) => self.text_of_list(key, text),
                        Node::List(_) | Node::Other => {}
                    }
                    self.path.leave();
                }
            }
            Node::Other => {}
        }
        self.path.leave();
    }

    fn object(&mut self, parent: Role, key: &str, object: &Object) {
        let role = match key {
            "component" | "components" | "ancestors" | "descendants" | "variants" => {
                Role::Component
            }
            "metadata" if parent == Role::Root => Role::Metadata,
            "dependencies" if parent == Role::Root => Role::Dependency,
            "evidence" if parent == Role::Component => Role::Evidence,
            "license" => Role::License,
            "licenses" if object.get("expression").is_some() => Role::Expression,
            _ => Role::Other,
        };
        self.path.is(object, object.text("bom-ref"));
        self.dated(object, role);
        match role {
            Role::Component => self.component(object),
            Role::License => self.license(object),
            Role::Expression => self.expression(object),
            Role::Dependency => {
                let lists = object.get("dependsOn").is_some();
                let at = self.path.place();
                self.document.dependencies.push(Dependency { lists, at });
            }
            Role::Root | Role::Metadata | Role::Evidence | Role::Other => {}
        }
        match key {
            "hashes" => self.hash(object),
            "properties" => self.property(object),
            "identity" if parent == Role::Evidence => self.identity(object),
            "citations"
                if parent == Role::Root
                    && object.get("attributedTo").is_none()
                    && object.get("process").is_none() =>
            {
                self.document.unattributed.push(self.path.place());
            }
            _ => {}
        }
        if let Some(name) = object.text("bom-ref") {
            let at = self.path.place_of("bom-ref");
            self.document.names.push(Stated { text: name.to_owned(), at });
        }
        for (key, node) in &object.fields {
            self.field(role, key, node);
        }
    }

    fn component(&mut self, component: &Object) {
        let kind = component.text("type").unwrap_or_default();
        if let Some((what, since)) = TYPES.iter().find(|(name, _)| *name == kind) {
            let at = self.path.place_of("type");
            self.document.dated.push(Dated { what, since, at });
        }
        if component.get("data").is_some() {
            let at = self.path.place_of("data");
            self.document.data.push(Stated { text: kind.to_owned(), at });
        }
    }

    fn license(&mut self, license: &Object) {
        let (id, name) = (license.text("id"), license.text("name"));
        if let Some(name) = name.filter(|name| name.starts_with("LicenseRef-")) {
            self.define(name, license.get("text").is_some());
        }
        let at = self.path.place();
        let (id, name) = (id.map(str::to_owned), name.map(str::to_owned));
        self.document.licenses.push(LicenseEntry { id, name, at });
    }

    fn expression(&mut self, entry: &Object) {
        if let Some(text) = entry.text("expression") {
            let at = self.path.place_of("expression");
            self.document.expressions.push(Stated { text: text.to_owned(), at });
        }
        for detail in entry.list("expressionDetails").iter().filter_map(Node::as_object) {
            if let Some(id) = detail.text("licenseIdentifier") {
                self.define(id, detail.get("text").is_some());
            }
        }
    }

    fn define(&mut self, id: &str, has_text: bool) {
        *self.document.defined_licenses.entry(id.to_owned()).or_default() |= has_text;
    }

    fn hash(&mut self, hash: &Object) {
        let text = |key: &str| hash.text(key).unwrap_or_default().to_owned();
        let (algorithm, value, at) = (text("alg"), text("content"), self.path.place());
        self.document.hashes.push(Hash { algorithm, value, at });
    }

    fn property(&mut self, property: &Object) {
        let is_odd = property.get("value").is_some_and(|value| value.as_text().is_none());
        if is_odd {
            let text = property.text("name").unwrap_or_default().to_owned();
            let at = self.path.place_of("value");
            self.document.odd_properties.push(Stated { text, at });
        }
    }

    fn identity(&mut self, identity: &Object) {
        if let Some(field) = identity.text("field") {
            let at = self.path.place_of("field");
            self.document.identity_fields.push(Stated { text: field.to_owned(), at });
            if let Some(value) = identity.text("concludedValue").filter(|_| field == "purl") {
                let at = self.path.place_of("concludedValue");
                self.document.purls.push(Stated { text: value.to_owned(), at });
            }
        }
        for (index, tool) in identity.list("tools").iter().enumerate() {
            if let Some(tool) = tool.as_text() {
                self.path.enter("tools");
                let at = self.path.place_of(&index.to_string());
                self.path.leave();
                self.document.refer(tool, "tools", at);
            }
        }
    }

    fn list(&mut self, role: Role, key: &str, items: &[Node]) {
        if key != "licenses" {
            return;
        }
        let entries = || items.iter().filter_map(Node::as_object);
        let has = |entry: &&Object, key: &str| entry.get(key).is_some();
        self.document.license_lists.push(LicenseList {
            entries: items.len(),
            expressions: entries().filter(|entry| has(entry, "expression")).count(),
            unclear: entries()
                .filter(|entry| has(entry, "expression") == has(entry, "license"))
                .count(),
            is_evidence: role == Role::Evidence,
            at: self.path.place(),
        });
    }

    fn text(&mut self, role: Role, key: &str, text: &str) {
        let stated = || text.to_owned();
        match key {
            "purl" if role == Role::Component => {
                let at = self.path.place();
                self.document.purls.push(Stated { text: stated(), at });
            }
            _ if TIMES.contains(&key) => {
                let at = self.path.place();
                self.document.times.push(Stated { text: stated(), at });
            }
            _ if self.refers(key) => self.refer(key, text),
            _ => {}
        }
    }

    fn text_of_list(&mut self, key: &str, text: &str) {
        if key == "pointers" && self.section == "citations" {
            let (resolves, at) = (self.root.resolves(text), self.path.place());
            self.document.pointers.push(Pointer { text: text.to_owned(), resolves, at });
        } else if key == "datasets" || self.refers(key) {
            self.refer(key, text);
        }
    }

    fn refers(&self, key: &str) -> bool {
        REFERENCES.contains(&key)
            || REFERENCES_OF_SECTIONS
                .iter()
                .any(|(section, keys)| *section == self.section && keys.contains(&key))
    }

    fn refer(&mut self, key: &str, text: &str) {
        // A BOM-Link leads into another document.
        if !text.starts_with("urn:cdx:") {
            let at = self.path.place();
            self.document.refer(text, key, at);
        }
    }

    fn dated(&mut self, object: &Object, role: Role) {
        let fields = DATED.iter().find(|(of, _)| *of == role).map_or(&[][..], |(_, fields)| fields);
        for (what, since) in fields {
            if object.get(what).is_some() {
                let at = self.path.place_of(what);
                self.document.dated.push(Dated { what, since, at });
            }
        }
    }
}
