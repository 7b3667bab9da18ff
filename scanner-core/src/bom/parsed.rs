//! Which format a document is in, and its content as a tree.

use super::Format;
use super::tree::{self, Node, XmlError};
use crate::model::Limits;

/// What name spaces of CycloneDX begin with; the version follows.
const CYCLONEDX_NAMESPACE: &str = "http://cyclonedx.org/schema/bom/";
/// What contexts of SPDX 3 begin with.
const SPDX3_CONTEXT: &str = "https://spdx.org/rdf/3.";
/// What `schema` of our own form begins with.
const FLOWDOWN_SCHEMA: &str = "flowdown/inventory/";
/// Tag-value states its version among its first lines.
const TAG_VALUE_LINES: usize = 1_000;

/// Why a document is not read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// It is no bill of materials of a format that is read; why.
    #[error("{0}")]
    NotABom(String),
    /// It is past a limit; which.
    #[error("{0}")]
    Limit(String),
}

/// A document of a known format.
pub(crate) enum Parsed<'a> {
    /// JSON or XML, both as the tree of the JSON form.
    Tree {
        format: Format,
        /// As the document states it; empty when it states none.
        version: String,
        root: Node,
    },
    /// SPDX 2 as tag-value.
    TagValue(&'a str),
}

impl<'a> Parsed<'a> {
    /// Reads the document that `bytes` are.
    pub(crate) fn of(bytes: &'a [u8], limits: &Limits) -> Result<Self, Refusal> {
        if bytes.len() as u64 > limits.manifest_bytes {
            return Err(Refusal::Limit(format!(
                "it has {} bytes, more than the {} of `manifest_bytes`",
                bytes.len(),
                limits.manifest_bytes
            )));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{' | b'[') => of_json(bytes),
            Some(b'<') => of_xml(bytes),
            _ => of_tag_value(bytes),
        }
    }
}

fn of_json<'a>(bytes: &[u8]) -> Result<Parsed<'a>, Refusal> {
    let root = tree::read_json(bytes).map_err(|error| {
        let words = error.to_string();
        if words.starts_with("recursion limit exceeded") {
            Refusal::Limit("its JSON is nested deeper than 128".to_owned())
        } else {
            Refusal::NotABom(format!("it is no JSON: {words}"))
        }
    })?;
    let (format, version) = format_of(&root).ok_or_else(|| {
        Refusal::NotABom(
            "its JSON is neither CycloneDX (`bomFormat`), SPDX 2 (`spdxVersion`), SPDX 3 (`@context`) \
             nor the `json` document of Flowdown (`schema`)"
                .to_owned(),
        )
    })?;
    Ok(Parsed::Tree { format, version, root })
}

fn format_of(root: &Node) -> Option<(Format, String)> {
    let object = root.as_object()?;
    if object.text("bomFormat") == Some("CycloneDX") {
        let version = object.text("specVersion").unwrap_or_default();
        return Some((Format::CycloneDxJson, version.to_owned()));
    }
    if let Some(version) = object.text("spdxVersion") {
        return Some((Format::Spdx2Json, version.trim_start_matches("SPDX-").to_owned()));
    }
    let is_context = |node: &Node| node.as_text().is_some_and(|it| it.starts_with(SPDX3_CONTEXT));
    let is_spdx3 = match object.get("@context") {
        Some(Node::List(contexts)) => contexts.iter().any(is_context),
        Some(context) => is_context(context),
        None => false,
    };
    if is_spdx3 {
        let graph = object.list("@graph").iter().filter_map(Node::as_object);
        let version = graph.filter_map(|element| element.text("specVersion")).next();
        return Some((Format::Spdx3, version.unwrap_or_default().to_owned()));
    }
    let version = object.text("schema")?.strip_prefix(FLOWDOWN_SCHEMA)?;
    Some((Format::Flowdown, version.to_owned()))
}

fn of_xml<'a>(bytes: &[u8]) -> Result<Parsed<'a>, Refusal> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Refusal::NotABom("its XML is not UTF-8".to_owned()))?;
    let (namespace, root) = tree::read_xml(text).map_err(|error| match error {
        XmlError::Invalid(why) => Refusal::NotABom(format!("it is no XML: {why}")),
        XmlError::TooDeep => Refusal::Limit("its XML is nested deeper than 128".to_owned()),
    })?;
    match namespace.strip_prefix(CYCLONEDX_NAMESPACE) {
        Some(version) => {
            Ok(Parsed::Tree { format: Format::CycloneDxXml, version: version.to_owned(), root })
        }
        None => Err(Refusal::NotABom(format!(
            "its XML is not in a name space `{CYCLONEDX_NAMESPACE}…`"
        ))),
    }
}

fn of_tag_value(bytes: &[u8]) -> Result<Parsed<'_>, Refusal> {
    let text = std::str::from_utf8(bytes).ok();
    let is_one = |text: &&str| {
        let mut lines = text.lines().take(TAG_VALUE_LINES);
        lines.any(|line| line.trim_start().starts_with("SPDXVersion:"))
    };
    text.filter(is_one).map(Parsed::TagValue).ok_or_else(|| {
        Refusal::NotABom(
            "it is neither JSON nor XML nor SPDX tag-value (`SPDXVersion:`)".to_owned(),
        )
    })
}
