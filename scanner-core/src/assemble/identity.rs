//! Identity from content.

use std::collections::BTreeMap;

use super::ScannedFile;
use crate::model::names;
use crate::model::{Artifact, ArtifactId, ArtifactKind, Digest, FactValue, FileRole};

/// What an id rests on when only headers were read.
const HEADERS: &str = "headers:";

/// How well the content of a weight file is known, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ground {
    /// Its SHA-256 was computed.
    Content,
    /// Only its header was read.
    Header,
    /// A git-LFS pointer claims a digest.
    Claimed,
    /// Nothing tells its content apart.
    Path,
}

/// The id of a model or adapter: kind and sorted digests of its weights. When a digest is missing,
/// the id says on what it rests instead: `model:headers:…`, `model:claimed:…`, `model:unweighted:…`.
pub(super) fn of_weights(kind: ArtifactKind, weights: &[&ScannedFile], folder: &str) -> ArtifactId {
    let mut tokens: Vec<(Ground, String)> = weights.iter().map(|file| token(file)).collect();
    // Two zero-byte files are equal without being the same model.
    if tokens.iter().all(|(ground, _)| *ground == Ground::Path) {
        tokens.push((Ground::Path, format!("folder {folder}")));
    }
    let ground = tokens.iter().map(|(ground, _)| *ground).max().unwrap_or(Ground::Path);
    tokens.sort();
    let mut content = kind.name().to_owned();
    for (_, token) in &tokens {
        content.push('\n');
        content.push_str(token);
    }
    let mark = match ground {
        Ground::Content => "",
        Ground::Header => HEADERS,
        Ground::Claimed => "claimed:",
        Ground::Path => "unweighted:",
    };
    ArtifactId(format!("{}:{mark}{}", kind.name(), Digest::sha256_of(content.as_bytes())))
}

fn token(file: &ScannedFile) -> (Ground, String) {
    let digest = |name: &str| {
        file.extraction()
            .facts
            .iter()
            .find(|fact| fact.name.as_str() == name)
            .and_then(|fact| fact.value.as_digest().copied())
    };
    if let Some(claimed) = digest(names::LFS_OID.as_str()) {
        return (Ground::Claimed, format!("claimed {claimed}"));
    }
    match (file.sha256, digest(names::WEIGHTS_HEADER_DIGEST.as_str())) {
        (Some(content), _) if file.size > 0 => (Ground::Content, content.to_string()),
        (None, Some(header)) => (Ground::Header, format!("header {header} size {}", file.size)),
        _ => (Ground::Path, format!("path {} size {}", file.path, file.size)),
    }
}

/// The id of something that a text identifies.
pub(super) fn of_text(kind: ArtifactKind, text: &str) -> ArtifactId {
    ArtifactId(format!("{}:{}", kind.name(), Digest::sha256_of(text.as_bytes())))
}

/// Merges artifacts with one id: the same content found in several places is one artifact with
/// several occurrences, and everything that is said in any of them.
pub(super) fn merge_equal(mut artifacts: Vec<Artifact>) -> Vec<Artifact> {
    tell_apart(&mut artifacts);
    let mut merged: BTreeMap<ArtifactId, Artifact> = BTreeMap::new();
    for artifact in artifacts {
        match merged.get_mut(&artifact.id) {
            Some(first) => absorb(first, artifact),
            None => {
                merged.insert(artifact.id.clone(), artifact);
            }
        }
    }
    merged.into_values().collect()
}

/// Equal headers are no equal weights: every fine-tune has those of its base model. Where several
/// artifacts have the same, their places tell them apart.
fn tell_apart(artifacts: &mut [Artifact]) {
    let mut counts: BTreeMap<ArtifactId, usize> = BTreeMap::new();
    for artifact in artifacts.iter().filter(|artifact| is_of_headers(artifact)) {
        *counts.entry(artifact.id.clone()).or_default() += 1;
    }
    for artifact in artifacts.iter_mut() {
        if counts.get(&artifact.id).is_none_or(|count| *count == 1) {
            continue;
        }
        let mut content = artifact.id.0.clone();
        for file in artifact.files_of(FileRole::Weights) {
            content.push('\n');
            content.push_str(file.path.as_str());
        }
        let kind = artifact.kind.name();
        let digest = Digest::sha256_of(content.as_bytes());
        artifact.id = ArtifactId(format!("{kind}:{HEADERS}{digest}"));
    }
}

fn is_of_headers(artifact: &Artifact) -> bool {
    artifact.id.0.split_once(':').is_some_and(|(_, rest)| rest.starts_with(HEADERS))
}

fn absorb(first: &mut Artifact, mut other: Artifact) {
    // Equal weights say the same a second time, and would be counted a second time.
    let repeated: Vec<_> =
        other.files_of(FileRole::Weights).map(|file| file.path.clone()).collect();
    other.facts.retain(|fact| !repeated.contains(&fact.at.path));
    first.files.append(&mut other.files);
    first.files.sort();
    first.files.dedup();
    first.facts.append(&mut other.facts);
    first.facts.sort_by(|left, right| (&left.at, left.name).cmp(&(&right.at, right.name)));
    first.facts.dedup();
    first.occurrences.append(&mut other.occurrences);
    first.occurrences.sort();
    first.occurrences.dedup();
    first.depends_on.append(&mut other.depends_on);
    first.depends_on.sort();
    first.depends_on.dedup();
    first.development_only &= other.development_only;
    first.name = first.name.take().or(other.name);
    first.version = first.version.take().or(other.version);
    first.purl = first.purl.take().or(other.purl);
}

/// Whether a fact only serves checks inside the assembly and is too large to carry on.
pub(super) fn is_bulk(value: &FactValue) -> bool {
    matches!(value, FactValue::Map(map) if map.len() > 1_000)
}
