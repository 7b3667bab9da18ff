//! Components of bills of materials as artifacts: beside what was scanned, or part of it where a purl
//! or a digest says that they are the same.
//!
//! Everything here is a claim of whoever wrote the document: its licences become statements that
//! plugins read, its digests stay claimed, and nothing is concluded from them alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::assemble::{self, Assembled};
use crate::bom::{Bom, Component, EdgeKind};
use crate::model::{
    Artifact, ArtifactFile, ArtifactId, ArtifactKind, CapturedText, Code, Diagnostic, Digest, Fact,
    FactName, FactValue, FileRole, Location, Purl, SourcePath, TextRole, UserFile, names,
};

/// A bill of materials that the user named.
#[derive(Clone, Debug)]
pub struct NamedBom {
    /// The file.
    pub file: UserFile,
    /// What it says.
    pub bom: Bom,
}

/// The facts that components become, which no extractor reads.
pub const FACTS: &[FactName] =
    &[names::BOM_ANCESTOR, names::BOM_COMPONENT, names::BOM_LICENSE, names::BOM_LICENSE_CONCLUDED];

/// What Flowdown writes where it has no text of a licence is no text of it.
const NO_TEXT: &str = "The text of this licence was not found in the scanned source.";

/// Adds the components of `boms` to what was scanned.
pub(super) fn add(assembled: &mut Assembled, boms: &[NamedBom]) {
    let mut known = Known::of(&assembled.artifacts);
    for named in boms {
        let mut ids: BTreeMap<&str, ArtifactId> = BTreeMap::new();
        let mut skipped = 0_usize;
        let mut carried = BTreeMap::new();
        let subject = named.bom.subject.as_ref().filter(|_| named.bom.components.is_empty());
        for component in named.bom.components.iter().chain(subject) {
            let Some(artifact) = artifact(named, component, &mut assembled.texts, &mut carried)
            else {
                skipped += 1;
                continue;
            };
            let id = known.add(&mut assembled.artifacts, artifact, &sha256(component));
            ids.insert(&component.reference, id);
        }
        known.connect(&mut assembled.artifacts, named, &ids);
        assembled.diagnostics.extend(named.bom.diagnostics.iter().cloned());
        if skipped > 0 {
            let message = format!("`{skipped}` files are listed without licence or package URL");
            let at = Location::user_file(&named.file);
            assembled.diagnostics.push(
                Diagnostic::new(Code::BomFilesSkipped, at, message)
                    .help("they are no parts of their own here; scan what holds them instead"),
            );
        }
    }
    assembled.artifacts.sort_by(|left, right| {
        (left.kind, &left.name, &left.id).cmp(&(right.kind, &right.name, &right.id))
    });
}

/// What is there already, by what can be the same.
struct Known {
    by_id: BTreeMap<ArtifactId, usize>,
    by_purl: BTreeMap<String, usize>,
    by_digest: BTreeMap<Digest, usize>,
}

impl Known {
    fn of(artifacts: &[Artifact]) -> Self {
        let mut known =
            Self { by_id: BTreeMap::new(), by_purl: BTreeMap::new(), by_digest: BTreeMap::new() };
        for (at, artifact) in artifacts.iter().enumerate() {
            known.note(artifact, at);
        }
        known
    }

    fn note(&mut self, artifact: &Artifact, at: usize) {
        self.by_id.insert(artifact.id.clone(), at);
        if let Some(purl) = &artifact.purl {
            self.by_purl.entry(purl.as_str().to_owned()).or_insert(at);
        }
        let weights = artifact.files_of(FileRole::Weights).filter_map(|file| file.sha256);
        for digest in weights {
            self.by_digest.entry(digest).or_insert(at);
        }
    }

    /// Adds an artifact, or what is said of it to the one that it is.
    fn add(
        &mut self,
        artifacts: &mut Vec<Artifact>,
        mut artifact: Artifact,
        digests: &[Digest],
    ) -> ArtifactId {
        let same = self
            .by_id
            .get(&artifact.id)
            .or_else(|| self.by_purl.get(artifact.purl.as_ref()?.as_str()))
            .or_else(|| digests.iter().find_map(|digest| self.by_digest.get(digest)));
        let Some(&at) = same else {
            let id = artifact.id.clone();
            self.note(&artifact, artifacts.len());
            artifacts.push(artifact);
            return id;
        };
        let first = &mut artifacts[at];
        first.facts.append(&mut artifact.facts);
        first.facts.sort_by(|left, right| (&left.at, left.name).cmp(&(&right.at, right.name)));
        first.facts.dedup();
        first.files.append(&mut artifact.files);
        first.files.sort();
        first.files.dedup();
        first.occurrences.append(&mut artifact.occurrences);
        first.occurrences.sort();
        first.occurrences.dedup();
        first.development_only &= artifact.development_only;
        first.name = first.name.take().or(artifact.name);
        first.version = first.version.take().or(artifact.version);
        first.purl = first.purl.take().or(artifact.purl);
        first.id.clone()
    }

    fn connect(
        &self,
        artifacts: &mut [Artifact],
        named: &NamedBom,
        ids: &BTreeMap<&str, ArtifactId>,
    ) {
        let mut needed: BTreeMap<&ArtifactId, BTreeSet<&ArtifactId>> = BTreeMap::new();
        for edge in named.bom.edges.iter().filter(|edge| edge.kind == EdgeKind::DependsOn) {
            if let (Some(from), Some(to)) = (ids.get(&*edge.from), ids.get(&*edge.to))
                && from != to
            {
                needed.entry(from).or_default().insert(to);
            }
        }
        for (from, to) in needed {
            let Some(&at) = self.by_id.get(from) else { continue };
            let depends_on = &mut artifacts[at].depends_on;
            depends_on.extend(to.into_iter().cloned());
            depends_on.sort();
            depends_on.dedup();
        }
    }
}

/// A component as an artifact; `None` for a file of which nothing is said.
fn artifact(
    named: &NamedBom,
    component: &Component,
    texts: &mut BTreeMap<SourcePath, CapturedText>,
    carried: &mut BTreeMap<String, ArtifactFile>,
) -> Option<Artifact> {
    let purl = component.purl.as_deref().and_then(Purl::parse);
    let licenses = &component.licenses;
    let is_silent = licenses.declared.is_empty() && licenses.concluded.is_empty();
    if component.kind == "file" && purl.is_none() && is_silent {
        return None;
    }
    let kind = kind(component);
    let mut at = Location::user_file(&named.file);
    at.span.clone_from(&component.at);
    let name = full_name(component);
    Some(Artifact {
        id: id(kind, component, purl.as_ref(), name.as_deref()),
        kind,
        name,
        version: component.version.clone(),
        purl,
        folder: SourcePath::new(""),
        files: license_files(named, component, texts, carried),
        facts: facts(component, &at),
        tensors: Vec::new(),
        occurrences: vec![at],
        development_only: component.is_development_only,
        depends_on: Vec::new(),
    })
}

/// The word of any format for what a component is.
fn kind(component: &Component) -> ArtifactKind {
    match component.kind.as_str() {
        "model" | "machine-learning-model" => ArtifactKind::Model,
        "adapter" => ArtifactKind::Adapter,
        "data" | "dataset" => ArtifactKind::Dataset,
        "tokenizer" => ArtifactKind::Tokenizer,
        "document" => ArtifactKind::Document,
        // SPDX 2 has no word for models; the package URL of the Hub is one.
        _ if component.purl.as_deref().is_some_and(|it| it.starts_with("pkg:huggingface/")) => {
            ArtifactKind::Model
        }
        _ => ArtifactKind::Package,
    }
}

/// The name with its group, as the ecosystem writes it.
fn full_name(component: &Component) -> Option<String> {
    let name = component.name.trim();
    if name.is_empty() {
        return None;
    }
    Some(match &component.group {
        Some(group) => format!("{group}/{name}"),
        None => name.to_owned(),
    })
}

/// From what identifies it, so that two documents that name the same thing name one.
fn id(
    kind: ArtifactKind,
    component: &Component,
    purl: Option<&Purl>,
    name: Option<&str>,
) -> ArtifactId {
    let text = match (purl, component.hashes.first()) {
        (Some(purl), _) => purl.as_str().to_owned(),
        (None, Some((algorithm, digits))) => format!("stated {algorithm}:{digits}"),
        (None, None) => format!(
            "named {} {}",
            name.unwrap_or(&component.reference),
            component.version.as_deref().unwrap_or_default()
        ),
    };
    assemble::id_of_text(kind, &text)
}

fn sha256(component: &Component) -> Vec<Digest> {
    let hashes = component.hashes.iter().filter(|(algorithm, _)| algorithm == "sha256");
    hashes.filter_map(|(_, digits)| Digest::parse(&format!("sha256:{digits}"))).collect()
}

fn facts(component: &Component, at: &Location) -> Vec<Fact> {
    let texts = |texts: &[String]| {
        FactValue::List(texts.iter().map(|text| FactValue::Text(text.clone())).collect())
    };
    let mut map = BTreeMap::new();
    let mut add = |key: &str, value: FactValue| map.insert(key.to_owned(), value);
    add("kind", component.kind.as_str().into());
    if let Some(supplier) = &component.supplier {
        add("supplier", supplier.as_str().into());
    }
    let hashes: Vec<String> =
        component.hashes.iter().map(|(name, digits)| format!("{name}:{digits}")).collect();
    if !hashes.is_empty() {
        add("hashes", texts(&hashes));
    }
    if !component.copyright.is_empty() {
        add("copyright", texts(&component.copyright));
    }
    let mut facts = Vec::new();
    let mut fact = |name: FactName, value: FactValue| {
        facts.push(Fact { name, value, at: at.clone() });
    };
    for ancestor in &component.ancestors {
        let mut map = BTreeMap::new();
        map.insert("name".to_owned(), ancestor.name.as_str().into());
        if let Some(relation) = &ancestor.relation {
            map.insert("relation".to_owned(), relation.as_str().into());
        }
        fact(names::BOM_ANCESTOR, FactValue::Map(map));
    }
    fact(names::BOM_COMPONENT, FactValue::Map(map));
    for (name, stated) in [
        (names::BOM_LICENSE, &component.licenses.declared),
        (names::BOM_LICENSE_CONCLUDED, &component.licenses.concluded),
    ] {
        if !stated.is_empty() {
            fact(name, texts(stated));
        }
    }
    facts
}

/// The texts of its licences that the document carries, as files inside it; each is hashed once, however
/// many components have it.
fn license_files(
    named: &NamedBom,
    component: &Component,
    texts: &mut BTreeMap<SourcePath, CapturedText>,
    carried: &mut BTreeMap<String, ArtifactFile>,
) -> Vec<ArtifactFile> {
    let licenses = &component.licenses;
    let stated = licenses.declared.iter().chain(&licenses.concluded);
    let ids: BTreeSet<&str> =
        stated.flat_map(|text| text.split(['(', ')', ' ']).chain([text.as_str()])).collect();
    let mut files: Vec<ArtifactFile> = Vec::new();
    for id in ids {
        if let Some(file) = carried.get(id) {
            files.push(file.clone());
            continue;
        }
        let text = named.bom.texts.get(id);
        let Some(text) = text.filter(|text| !text.trim().is_empty() && **text != NO_TEXT) else {
            continue;
        };
        let path = named.file.path.child(id.as_bytes());
        let bytes: Arc<[u8]> = text.as_bytes().into();
        let file = ArtifactFile {
            path: path.clone(),
            role: FileRole::License,
            size: bytes.len() as u64,
            sha256: Some(Digest::sha256_of(&bytes)),
            sha512: None,
            claimed_sha256: None,
        };
        let captured = CapturedText { path, role: TextRole::License, bytes, first_line: 1 };
        texts.entry(captured.path.clone()).or_insert(captured);
        carried.insert(id.to_owned(), file.clone());
        files.push(file);
    }
    files.sort();
    files
}
