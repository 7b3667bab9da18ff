//! `licenses[]` of a component.

use std::collections::BTreeMap;

use super::{first, properties};
use crate::bom::tree::{Node, Object};
use crate::bom::{Licenses, is_known};

type Properties<'a> = BTreeMap<&'a str, Vec<&'a str>>;

/// What a component says of its licence. Texts that come with it go to `texts`.
pub(super) fn read(
    component: &Object,
    properties: &Properties<'_>,
    texts: &mut BTreeMap<String, String>,
) -> Licenses {
    let mut licenses = Licenses::default();
    for entry in component.list("licenses").iter().filter_map(Node::as_object) {
        let Some((text, acknowledgement)) = of_entry(entry, properties, texts) else { continue };
        if !is_known(&text) {
            continue;
        }
        let side = match acknowledgement {
            Some("concluded") => &mut licenses.concluded,
            _ => &mut licenses.declared,
        };
        if !side.contains(&text) {
            side.push(text);
        }
    }
    // Beside an expression nothing may stand, so the declared one is a property there. Without a
    // conclusion it says what is contradicted.
    if let Some(declared) = first(properties, "flowdown:license:declared")
        && licenses.declared.is_empty()
        && !licenses.concluded.is_empty()
    {
        licenses.declared.push(declared.to_owned());
    }
    let effective = first(properties, "flowdown:license:effective");
    licenses.effective = effective.filter(|text| is_known(text)).map(str::to_owned);
    licenses
}

/// The words of an entry and how they are acknowledged, which 1.5 says in a property.
fn of_entry<'a>(
    entry: &'a Object,
    component: &Properties<'a>,
    texts: &mut BTreeMap<String, String>,
) -> Option<(String, Option<&'a str>)> {
    const ACKNOWLEDGEMENT: &str = "flowdown:license:acknowledgement";
    if let Some(expression) = entry.text("expression") {
        for detail in entry.list("expressionDetails").iter().filter_map(Node::as_object) {
            if let (Some(id), Some(text)) = (detail.text("licenseIdentifier"), text(detail)) {
                texts.entry(id.to_owned()).or_insert(text);
            }
        }
        let word = entry.text("acknowledgement").or_else(|| first(component, ACKNOWLEDGEMENT));
        return Some((expression.trim().to_owned(), word));
    }
    let license = entry.get("license")?.as_object()?;
    let words = license.text("id").or_else(|| license.text("name"))?.trim();
    if let Some(text) = text(license) {
        texts.entry(words.to_owned()).or_insert(text);
    }
    let own = properties(license);
    let word = license.text("acknowledgement").or_else(|| first(&own, ACKNOWLEDGEMENT));
    Some((words.to_owned(), word))
}

/// The text of a licence. Base64 that is none, or no UTF-8, is no text.
fn text(license: &Object) -> Option<String> {
    let (content, encoding) = match license.get("text")? {
        Node::Text(text) => (text.as_str(), None),
        Node::Object(text) => (text.text("content")?, text.text("encoding")),
        _ => return None,
    };
    match encoding {
        Some("base64") => {
            use base64::Engine as _;
            let bytes = base64::engine::general_purpose::STANDARD.decode(content.trim()).ok()?;
            String::from_utf8(bytes).ok()
        }
        _ => Some(content.to_owned()),
    }
}
