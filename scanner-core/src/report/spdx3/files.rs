//! `software_File`: weights and texts of artifacts, and what is nothing but files.

use super::context::is_one_file;
use super::graph::Graph;
use super::wire::{Artifact as Described, CdxProperties, Element, File, Hash, Id, Node};
use crate::model::{
    Algorithm, Artifact, ArtifactFile, ArtifactKind, DeclaredFile, Digest, FileRole, Profile,
};
use crate::report::place::cut;
use crate::report::{copyright, description};

/// Writes every file that is no artifact of its own.
pub(super) fn write(graph: &mut Graph<'_>) {
    for number in 0..graph.context.files.len() {
        let (id, file) = graph.context.files[number].clone();
        let node = of_file(graph, &id, file);
        graph.push(node);
    }
    for number in 0..graph.context.declared_files.len() {
        let declared = &graph.context.declared_files[number];
        let node = of_declared(graph, &declared.id, &declared.file);
        graph.push(node);
    }
}

/// A file that the vendor declares. BSI TR-03183-2 calls structured what SPDX calls a container, and
/// unstructured what it calls firmware.
fn of_declared(graph: &Graph<'_>, id: &Id, file: &DeclaredFile) -> Node {
    let element = Element {
        verified_using: vec![Hash { algorithm: "sha512", hash_value: file.sha512.hex() }],
        comment: Some("as the vendor declares it; not part of the scanned source".to_owned()),
        ..graph.element(id, Some(super::packages::name(&file.name)))
    };
    let structure = if file.is_structured { "container" } else { "firmware" };
    let purposes =
        [("executable", file.is_executable), ("archive", file.is_archive), (structure, true)];
    Node::File(File {
        artifact: Described { element, primary_purpose: Some("file"), ..Described::default() },
        file_kind: "file",
        additional_purpose: purposes
            .iter()
            .filter(|(_, has)| *has)
            .map(|(word, _)| *word)
            .collect(),
    })
}

fn of_file(graph: &Graph<'_>, id: &Id, file: &ArtifactFile) -> Node {
    let element = Element {
        verified_using: hashes(file),
        extension: CdxProperties::of(&description::of_file(file)),
        ..graph.element(id, Some(cut(file.path.as_str()).into_owned()))
    };
    Node::File(File {
        artifact: Described {
            element,
            primary_purpose: Some(purpose(file.role)),
            ..Described::default()
        },
        file_kind: "file",
        additional_purpose: additional_purpose(graph, file),
    })
}

/// A tokenizer or document: its file, or the folder of its files.
pub(super) fn of_artifact(graph: &Graph<'_>, id: &Id, artifact: &Artifact) -> Node {
    let index = &graph.context.index;
    let mut element = graph.element(id, Some(super::packages::name(&artifact.label())));
    let mut extension = CdxProperties::of(&description::of_artifact(index, artifact));
    let one = artifact.files.first().filter(|_| is_one_file(artifact));
    if let Some(file) = one {
        element.verified_using = hashes(file);
        extension.extend(CdxProperties::of(&description::of_file(file)));
    }
    element.extension = extension;
    element.external_identifier = super::packages::purl(artifact.purl.as_ref());
    // A file has no version in the model.
    element.comment = artifact
        .version
        .as_deref()
        .filter(|version| !version.is_empty())
        .map(|version| format!("version {}", cut(version)));
    let copyright = copyright::lines(index.report, artifact).join("\n");
    Node::File(File {
        artifact: Described {
            element,
            primary_purpose: Some(match artifact.kind {
                ArtifactKind::Document => "documentation",
                _ => "file",
            }),
            copyright_text: (!copyright.is_empty()).then(|| cut(&copyright).into_owned()),
            ..Described::default()
        },
        file_kind: if artifact.files.len() > 1 { "directory" } else { "file" },
        additional_purpose: Vec::new(),
    })
}

const fn purpose(role: FileRole) -> &'static str {
    match role {
        FileRole::Weights => "model",
        FileRole::License | FileRole::Notice | FileRole::UsePolicy | FileRole::Card => {
            "documentation"
        }
        FileRole::ShardIndex | FileRole::Config => "configuration",
        FileRole::Tokenizer => "data",
        FileRole::Manifest => "manifest",
        FileRole::Other => "file",
    }
}

/// What BSI TR-03183-2 asks of a distributed file: weights name what they hold, which it calls
/// structured and SPDX a container.
fn additional_purpose(graph: &Graph<'_>, file: &ArtifactFile) -> Vec<&'static str> {
    match (graph.context.index.report.profile, file.role) {
        (Profile::Bsi, FileRole::Weights) => vec!["container"],
        _ => Vec::new(),
    }
}

/// Every digest of a file.
pub(super) fn hashes(file: &ArtifactFile) -> Vec<Hash> {
    let sha512 = file.sha512.map(|digest| Hash { algorithm: "sha512", hash_value: digest.hex() });
    file.sha256.iter().map(hash).chain(sha512).collect()
}

pub(super) fn hash(digest: &Digest) -> Hash {
    let algorithm = match digest.algorithm() {
        Algorithm::Sha256 => "sha256",
        Algorithm::Blake3 => "blake3",
    };
    Hash { algorithm, hash_value: digest.hex() }
}
