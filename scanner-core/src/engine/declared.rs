//! What the vendor states of parts of the product, as facts of the artifacts that are meant.
//!
//! It fills in what no scanned file shows and replaces nothing: a version that was found stands, and a
//! licence that the vendor concludes contradicts a tag or a text that says otherwise.

use std::collections::BTreeMap;

use crate::assemble::Assembled;
use crate::evaluate::policy::is_artifact;
use crate::model::{
    Artifact, ArtifactFile, ArtifactKind, Code, DeclaredComponent, DeclaredFile, DeclaredParty,
    Diagnostic, Fact, FactName, FactValue, FileRole, Product, names,
};

/// The facts that declarations become, which no extractor reads. A licence is
/// [`names::BOM_LICENSE_CONCLUDED`], as if a bill of materials had stated it.
pub const FACTS: &[FactName] = &[names::DECLARED_COMPONENT];

/// Adds what `product` states of its parts; returns what is about none of the artifacts.
pub(super) fn add<'p>(
    assembled: &mut Assembled,
    product: Option<&'p Product>,
) -> Vec<&'p DeclaredComponent> {
    let mut unused = Vec::new();
    for component in product.into_iter().flat_map(|product| &product.components) {
        let selector = component.artifact.as_str();
        let mut meant: Vec<&mut Artifact> =
            assembled.artifacts.iter_mut().filter(|it| is_artifact(selector, it)).collect();
        if meant.is_empty() {
            unused.push(component);
        }
        let file = match &component.file {
            Some(file) => match not_handed_on(&meant, component) {
                Some(diagnostic) => {
                    assembled.diagnostics.push(diagnostic);
                    None
                }
                None => Some(file),
            },
            None => None,
        };
        for artifact in &mut meant {
            assembled.diagnostics.extend(version(component, artifact));
            artifact.facts.extend(facts(component, file));
        }
    }
    unused
}

/// Why `component` cannot say in which file the artifacts that it means are handed on.
fn not_handed_on(meant: &[&mut Artifact], component: &DeclaredComponent) -> Option<Diagnostic> {
    let selector = &component.artifact;
    let (why, help) = match meant {
        [] => return None,
        [artifact] if !is_itself_read(artifact) => return None,
        [_] => {
            ("its own files were read", "documents have the files that were read; remove `file`")
        }
        _ => ("it means several artifacts", "name one of them by its package URL or digest"),
    };
    let message = format!("a file is declared for `{selector}`, and {why}");
    let code = Code::ProductComponentDiffers;
    Some(Diagnostic::new(code, component.at.clone(), message).help(help))
}

/// Whether a file that was read is the artifact itself: weights, or a text. Of a package, only manifests
/// are read.
fn is_itself_read(artifact: &Artifact) -> bool {
    let is_itself = |file: &ArtifactFile| match artifact.kind {
        ArtifactKind::Tokenizer | ArtifactKind::Document => true,
        ArtifactKind::Package => false,
        ArtifactKind::Model | ArtifactKind::Adapter | ArtifactKind::Dataset => {
            file.role == FileRole::Weights
        }
    };
    artifact.files.iter().any(|file| is_itself(file) && file.sha256.is_some())
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

fn facts(component: &DeclaredComponent, file: Option<&DeclaredFile>) -> Vec<Fact> {
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
    if let Some(file) = file {
        map.insert("file".to_owned(), file.to_fact());
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
