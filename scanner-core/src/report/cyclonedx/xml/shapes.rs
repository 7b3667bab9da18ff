//! What every object of the document is in XML: its fields in the order of the XML schema.
//!
//! A field that is missing here would be missing in the XML form; a test compares all values of both
//! forms. The order is that of `bom-1.7.xsd`, in which the older versions are contained.

use Shape::{
    AttachedText, Attribute, Components, Content, Licenses, List, Mandatory, Object, Reference,
    Repeat, Text,
};

/// What the value of a field is in XML.
pub(super) enum Shape {
    /// An attribute of the object's element.
    Attribute,
    /// The text of the object's element, which then has no children.
    Content,
    /// An element with text.
    Text,
    /// An element with text that the XML schema demands, empty where JSON has nothing.
    Mandatory,
    /// An empty element with the attribute `ref`.
    Reference,
    /// An element with the fields of an object.
    Object(&'static &'static [Field]),
    /// An element for the list, and in it one of this name for each item.
    List(&'static str, &'static Shape),
    /// One element for each item.
    Repeat(&'static Shape),
    /// The text of a licence.
    AttachedText,
    /// The components of the document, which are not in the value.
    Components,
    /// Licences and expressions, whose elements differ.
    Licenses,
}

/// A field of an object.
pub(super) struct Field {
    pub(super) json: &'static str,
    pub(super) xml: &'static str,
    pub(super) shape: Shape,
}

/// A field of the same name in both forms.
const fn same(name: &'static str, shape: Shape) -> Field {
    Field { json: name, xml: name, shape }
}

const fn named(json: &'static str, xml: &'static str, shape: Shape) -> Field {
    Field { json, xml, shape }
}

pub(super) static BOM: &[Field] = &[
    same("serialNumber", Attribute),
    same("version", Attribute),
    same("metadata", Object(&METADATA)),
    same("components", Components),
    same("dependencies", List("dependency", &Object(&DEPENDENCY))),
    same("compositions", List("composition", &Object(&COMPOSITION))),
    same("properties", List("property", &Object(&PROPERTY))),
    same("annotations", List("annotation", &Object(&ANNOTATION))),
    same("declarations", Object(&DECLARATIONS)),
    same("definitions", Object(&DEFINITIONS)),
    same("citations", List("citation", &Object(&CITATION))),
];

static METADATA: &[Field] = &[
    same("timestamp", Text),
    same("lifecycles", List("lifecycle", &Object(&LIFECYCLE))),
    same("tools", Object(&TOOLS)),
    same("component", Object(&COMPONENT)),
    same("manufacturer", Object(&ORGANIZATION)),
    same("supplier", Object(&ORGANIZATION)),
    same("properties", List("property", &Object(&PROPERTY))),
];

static LIFECYCLE: &[Field] = &[same("phase", Text)];

static TOOLS: &[Field] = &[same("components", List("component", &Object(&COMPONENT)))];

pub(super) static COMPONENT: &[Field] = &[
    same("type", Attribute),
    same("bom-ref", Attribute),
    same("supplier", Object(&ORGANIZATION)),
    same("manufacturer", Object(&ORGANIZATION)),
    // One text, as 1.5 has it.
    same("author", Text),
    same("group", Text),
    same("name", Text),
    same("version", Text),
    same("scope", Text),
    same("hashes", List("hash", &Object(&HASH))),
    same("licenses", Licenses),
    same("copyright", Text),
    same("purl", Text),
    same("pedigree", Object(&PEDIGREE)),
    same("externalReferences", List("reference", &Object(&EXTERNAL_REFERENCE))),
    same("properties", List("property", &Object(&PROPERTY))),
    same("components", List("component", &Object(&COMPONENT))),
    same("evidence", Object(&EVIDENCE)),
    same("modelCard", Object(&MODEL_CARD)),
    same("data", Repeat(&Object(&DATA))),
];

static ORGANIZATION: &[Field] =
    &[same("name", Text), same("url", Repeat(&Text)), same("contact", Repeat(&Object(&CONTACT)))];

static CONTACT: &[Field] = &[same("email", Text)];

static HASH: &[Field] = &[same("alg", Attribute), same("content", Content)];

static PROPERTY: &[Field] = &[same("name", Attribute), same("value", Content)];

static EXTERNAL_REFERENCE: &[Field] = &[
    same("type", Attribute),
    same("url", Text),
    same("comment", Text),
    same("hashes", List("hash", &Object(&HASH))),
];

pub(super) static LICENSE: &[Field] = &[
    same("bom-ref", Attribute),
    same("acknowledgement", Attribute),
    same("id", Text),
    same("name", Text),
    same("text", AttachedText),
    same("licensing", Object(&LICENSING)),
    same("properties", List("property", &Object(&PROPERTY))),
];

pub(super) static EXPRESSION: &[Field] =
    &[same("acknowledgement", Attribute), same("expression", Content)];

pub(super) static DETAILED_EXPRESSION: &[Field] = &[
    same("expression", Attribute),
    same("acknowledgement", Attribute),
    named("expressionDetails", "details", Repeat(&Object(&EXPRESSION_DETAIL))),
    same("licensing", Object(&LICENSING)),
    same("properties", List("property", &Object(&PROPERTY))),
];

static EXPRESSION_DETAIL: &[Field] =
    &[named("licenseIdentifier", "license-identifier", Attribute), same("text", AttachedText)];

pub(super) static ATTACHED_TEXT: &[Field] = &[
    named("contentType", "content-type", Attribute),
    same("encoding", Attribute),
    same("content", Content),
];

static LICENSING: &[Field] = &[
    same("altIds", List("altId", &Text)),
    same("licensor", Object(&PARTY)),
    same("licensee", Object(&PARTY)),
    same("purchaseOrder", Text),
    same("expiration", Text),
];

static PARTY: &[Field] = &[same("organization", Object(&ORGANIZATION))];

static PEDIGREE: &[Field] =
    &[same("ancestors", List("component", &Object(&COMPONENT))), same("notes", Text)];

static EVIDENCE: &[Field] = &[
    same("identity", Repeat(&Object(&IDENTITY))),
    same("occurrences", List("occurrence", &Object(&OCCURRENCE))),
    same("licenses", Licenses),
    same("copyright", List("text", &Object(&COPYRIGHT))),
];

static IDENTITY: &[Field] =
    &[same("field", Text), same("concludedValue", Text), same("tools", List("tool", &Reference))];

static OCCURRENCE: &[Field] = &[
    same("location", Text),
    same("line", Text),
    same("offset", Text),
    same("additionalContext", Text),
];

static COPYRIGHT: &[Field] = &[same("text", Content)];

static MODEL_CARD: &[Field] = &[
    same("modelParameters", Object(&MODEL_PARAMETERS)),
    same("considerations", Object(&CONSIDERATIONS)),
    same("properties", List("property", &Object(&PROPERTY))),
];

static MODEL_PARAMETERS: &[Field] = &[
    same("task", Text),
    same("architectureFamily", Text),
    same("modelArchitecture", Text),
    same("datasets", List("ref", &Object(&DATASET_REFERENCE))),
];

static DATASET_REFERENCE: &[Field] = &[same("ref", Content)];

static CONSIDERATIONS: &[Field] =
    &[same("ethicalConsiderations", List("ethicalConsideration", &Object(&ETHICAL_CONSIDERATION)))];

static ETHICAL_CONSIDERATION: &[Field] = &[same("name", Text), same("mitigationStrategy", Text)];

static DATA: &[Field] = &[same("type", Text), same("name", Text)];

static DEPENDENCY: &[Field] =
    &[same("ref", Attribute), named("dependsOn", "dependency", Repeat(&Reference))];

static COMPOSITION: &[Field] =
    &[same("aggregate", Text), same("assemblies", List("assembly", &Reference))];

static ANNOTATION: &[Field] = &[
    same("subjects", List("subject", &Reference)),
    same("annotator", Object(&ANNOTATOR)),
    same("timestamp", Text),
    same("text", Text),
];

static ANNOTATOR: &[Field] = &[same("component", Object(&COMPONENT))];

static DECLARATIONS: &[Field] = &[
    same("attestations", List("attestation", &Object(&ATTESTATION))),
    same("claims", List("claim", &Object(&CLAIM))),
    same("evidence", List("evidence", &Object(&DECLARED_EVIDENCE))),
];

static ATTESTATION: &[Field] = &[same("summary", Text), same("map", Repeat(&Object(&MAPPING)))];

static MAPPING: &[Field] = &[
    same("requirement", Text),
    same("claims", List("claim", &Text)),
    same("counterClaims", List("counterClaim", &Text)),
    same("conformance", Object(&CONFORMANCE)),
];

static CONFORMANCE: &[Field] = &[same("score", Text), same("rationale", Text)];

static CLAIM: &[Field] = &[
    same("bom-ref", Attribute),
    same("target", Text),
    same("predicate", Text),
    same("evidence", Repeat(&Text)),
];

static DECLARED_EVIDENCE: &[Field] = &[same("bom-ref", Attribute), same("description", Text)];

static DEFINITIONS: &[Field] = &[same("standards", List("standard", &Object(&STANDARD)))];

static STANDARD: &[Field] = &[
    same("bom-ref", Attribute),
    same("name", Text),
    same("version", Mandatory),
    same("description", Text),
    same("owner", Mandatory),
    same("requirements", List("requirement", &Object(&REQUIREMENT))),
];

static REQUIREMENT: &[Field] = &[
    same("bom-ref", Attribute),
    same("identifier", Text),
    same("title", Text),
    same("text", Text),
    same("properties", List("property", &Object(&PROPERTY))),
];

static CITATION: &[Field] = &[
    same("pointers", List("pointer", &Text)),
    same("timestamp", Text),
    same("attributedTo", Text),
    same("note", Text),
];
