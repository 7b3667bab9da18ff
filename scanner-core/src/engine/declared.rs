//! What the vendor states of parts of the product, as facts of the artifacts that are meant.
//!
//! It fills in what no scanned file shows and replaces nothing: a version that was found stands, and a
//! licence that the vendor concludes contradicts a tag or a text that says otherwise.

use std::collections::BTreeMap;

use crate::assemble::Assembled;
use crate::evaluate::policy::is_artifact;
use crate::model::{
    Artifact, Code, DeclaredComponent, DeclaredParty, Diagnostic, Fact, FactName, FactValue,
    Product, names,
};

/// The facts that declarations become, which no extractor reads. A licence is
/// [`names::BOM_LICENSE_CONCLUDED`], as if a bill of materials had stated it.
pub const FACTS: &[FactName] = &[names::DECLARED_COMPONENT];

/// Adds what `product` states of its parts.
pub(super) fn add(assembled: &mut Assembled, product: Option<&Product>) {
    for component in product.into_iter().flat_map(|product| &product.components) {
        let mut is_used = false;
        let selector = component.artifact.as_str();
        for artifact in assembled.artifacts.iter_mut().filter(|it| is_artifact(selector, it)) {
            is_used = true;
            assembled.diagnostics.extend(version(component, artifact));
            artifact.facts.extend(facts(component));
        }
        if !is_used {
            let message = format!("`{selector}` is no part of what was scanned");
            assembled.diagnostics.push(
                Diagnostic::new(Code::ProductComponentUnused, component.at.clone(), message)
                    .help("correct `artifact` or remove the table"),
            );
        }
    }
}

/// Sets the version; a diagnostic where another one was found.
fn version(component: &DeclaredComponent, artifact: &mut Artifact) -> Option<Diagnostic> {
    let declared = component.version.as_ref()?;
    let found = artifact.version.get_or_insert_with(|| declared.clone());
    if found == declared {
        return None;
    }
    let message = format!(
        "`{}` is declared with version `{declared}`, and `{found}` was found",
        component.artifact
    );
    let diagnostic = Diagnostic::new(Code::ProductComponentDiffers, component.at.clone(), message);
    Some(diagnostic.help("documents have the version that was found; correct the declaration"))
}

fn facts(component: &DeclaredComponent) -> Vec<Fact> {
    let mut map = BTreeMap::new();
    for (key, party) in [("supplier", &component.supplier), ("creator", &component.creator)] {
        let Some(DeclaredParty { name, contact }) = party else { continue };
        map.insert(key.to_owned(), name.as_str().into());
        if let Some(contact) = contact {
            map.insert(format!("{key}-contact"), contact.as_str().into());
        }
    }
    if let Some(version) = &component.version {
        map.insert("version".to_owned(), version.as_str().into());
    }
    let texts = |texts: &[String]| {
        FactValue::List(texts.iter().map(|text| FactValue::Text(text.clone())).collect())
    };
    if !component.copyright.is_empty() {
        map.insert("copyright".to_owned(), texts(&component.copyright));
    }
    let at = &component.at;
    let fact = |name: FactName, value: FactValue| Fact { name, value, at: at.clone() };
    let mut facts = Vec::new();
    if !map.is_empty() {
        facts.push(fact(names::DECLARED_COMPONENT, FactValue::Map(map)));
    }
    if let Some(license) = &component.concluded_license {
        facts.push(fact(names::BOM_LICENSE_CONCLUDED, texts(std::slice::from_ref(license))));
    }
    facts
}
