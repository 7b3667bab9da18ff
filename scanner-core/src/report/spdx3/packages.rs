//! The product or source, models, datasets and packages, and what lies outside the scan.

use super::context::is_of_files;
use super::files;
use super::graph::Graph;
use super::wire::{
    AiPackage, Artifact as Described, CdxProperties, DatasetPackage, DictionaryEntry,
    ExternalIdentifier, Hash, Id, Node, Package,
};
use crate::model::{Artifact, ArtifactFile, ArtifactKind, FileRole, Purl};
use crate::report::hub::HubRepository;
use crate::report::index::Outside;
use crate::report::outside::OutsideKind;
use crate::report::place::{cut, place};
use crate::report::{copyright, description, facts, statement};

/// Places are listed up to this many.
const PLACES: usize = 16;

const NO_ASSERTION: &str = "noAssertion";

/// A name that is not empty.
pub(super) fn name(text: &str) -> String {
    if text.trim().is_empty() { "unnamed".to_owned() } else { cut(text).into_owned() }
}

/// Writes everything that a product is made of, the product first.
pub(super) fn write(graph: &mut Graph<'_>) {
    let root = root(graph);
    graph.push(Node::Package(root));
    for artifact in &graph.context.index.report.inventory.artifacts {
        let Some(id) = graph.context.artifact(&artifact.id).cloned() else { continue };
        let node = of_artifact(graph, &id, artifact);
        graph.push(node);
    }
    let outside: Vec<Node> = graph
        .context
        .outside
        .values()
        .map(|(id, kind, of)| of_outside(graph, id, *kind, of))
        .collect();
    for node in outside {
        graph.push(node);
    }
}

fn root(graph: &Graph<'_>) -> Package {
    let context = &graph.context;
    let report = context.index.report;
    let product = report.product.as_ref();
    let title = product.map_or(&report.source.name, |product| &product.name);
    let title = if title.is_empty() { "source".to_owned() } else { cut(title).into_owned() };
    let vendor: Vec<Id> = context.vendor.iter().map(|_| context.author.clone()).collect();
    Package {
        artifact: Described {
            element: graph.element(&context.root, Some(title)),
            supplied_by: vendor.first().cloned(),
            originated_by: vendor,
            primary_purpose: Some(match product {
                None if !report.images.is_empty() => "container",
                _ => "application",
            }),
            copyright_text: product.and_then(copyright::of_product),
            ..Described::default()
        },
        version: version(product.and_then(|product| product.version.as_deref())),
        ..Package::default()
    }
}

fn version(version: Option<&str>) -> Option<String> {
    version.filter(|version| !version.trim().is_empty()).map(|version| cut(version).into_owned())
}

fn of_artifact(graph: &Graph<'_>, id: &Id, artifact: &Artifact) -> Node {
    if is_of_files(artifact.kind) {
        return files::of_artifact(graph, id, artifact);
    }
    let index = &graph.context.index;
    let mut package = package(graph, id, &artifact.label(), artifact.purl.as_ref());
    let described = &mut package.artifact;
    described.element.verified_using = hashes(artifact);
    described.element.extension = CdxProperties::of(&description::of_artifact(index, artifact));
    let copyright = copyright::lines(index.report, artifact).join("\n");
    described.copyright_text = (!copyright.is_empty()).then(|| cut(&copyright).into_owned());
    let party = |party: Option<facts::Party<'_>>| graph.context.parties.get(&party?).cloned();
    described.supplied_by = party(facts::supplier(artifact)).or(described.supplied_by.take());
    described.originated_by = party(facts::creator(artifact)).into_iter().collect();
    described.attribution_text = statement::notices(index, artifact);
    package.version = version(artifact.version.as_deref());
    let places: Vec<String> = artifact.occurrences.iter().take(PLACES).map(place).collect();
    package.source_info =
        (!places.is_empty()).then(|| cut(&format!("found at {}", places.join("; "))).into_owned());
    match artifact.kind {
        ArtifactKind::Model | ArtifactKind::Adapter => Node::AiPackage(AiPackage {
            type_of_model: types(artifact),
            domain: facts::text(artifact, facts::CARD_PIPELINE_TAG)
                .map(Into::into)
                .into_iter()
                .collect(),
            hyperparameter: hyperparameters(artifact),
            ..model(package)
        }),
        ArtifactKind::Dataset => dataset(package),
        ArtifactKind::Package | ArtifactKind::Tokenizer | ArtifactKind::Document => {
            package.artifact.primary_purpose = Some("library");
            Node::Package(package)
        }
    }
}

/// A package with what its package URL says: the account of the hub that supplies it, and where.
fn package(graph: &Graph<'_>, id: &Id, title: &str, url: Option<&Purl>) -> Package {
    let repository = url.and_then(HubRepository::of);
    let mut element = graph.element(id, Some(name(title)));
    element.external_identifier = purl(url);
    Package {
        artifact: Described {
            element,
            supplied_by: repository
                .as_ref()
                .and_then(|repository| graph.context.accounts.get(repository.account).cloned()),
            ..Described::default()
        },
        purl: url.map(ToString::to_string),
        download_location: repository.map(|repository| repository.url()),
        ..Package::default()
    }
}

pub(super) fn purl(purl: Option<&Purl>) -> Vec<ExternalIdentifier> {
    let identifier = purl.map(|purl| ExternalIdentifier {
        external_identifier_type: "packageUrl",
        identifier: purl.to_string(),
    });
    identifier.into_iter().collect()
}

/// A model of which nothing is known but its package.
fn model(mut package: Package) -> AiPackage {
    package.artifact.primary_purpose = Some("model");
    AiPackage {
        package,
        autonomy_type: NO_ASSERTION,
        use_sensitive_personal_information: NO_ASSERTION,
        type_of_model: Vec::new(),
        domain: Vec::new(),
        hyperparameter: Vec::new(),
    }
}

fn dataset(mut package: Package) -> Node {
    package.artifact.primary_purpose = Some("data");
    Node::DatasetPackage(DatasetPackage {
        package,
        dataset_type: [NO_ASSERTION],
        has_sensitive_personal_information: NO_ASSERTION,
    })
}

fn of_outside(graph: &Graph<'_>, id: &Id, kind: OutsideKind, outside: &Outside<'_>) -> Node {
    let mut package = package(graph, id, outside.name, outside.purl);
    package.artifact.element.comment =
        Some("named by a scanned file; not part of the scanned source".to_owned());
    match kind {
        OutsideKind::Model => Node::AiPackage(model(package)),
        OutsideKind::Dataset => dataset(package),
        OutsideKind::Other => Node::Package(package),
    }
}

/// The digest of the one file that an artifact is; for a package of an ecosystem, the digest that its
/// lock file states, when it is exactly one.
fn hashes(artifact: &Artifact) -> Vec<Hash> {
    if artifact.kind == ArtifactKind::Package || artifact.files.is_empty() {
        return match facts::stated_sha256(artifact).as_slice() {
            [only] => vec![Hash { algorithm: "sha256", hash_value: only.clone() }],
            _ => Vec::new(),
        };
    }
    let mut all: Vec<&ArtifactFile> = artifact.files_of(FileRole::Weights).collect();
    if all.is_empty() {
        all = artifact.files.iter().collect();
    }
    match all.as_slice() {
        [only] => files::hashes(only),
        _ => Vec::new(),
    }
}

/// The family of the model and the name of its architecture.
fn types(artifact: &Artifact) -> Vec<String> {
    let family = facts::text(artifact, facts::CONFIG_MODEL_TYPE)
        .or_else(|| facts::text(artifact, facts::GGUF_GENERAL_ARCHITECTURE));
    let architecture = facts::text(artifact, facts::CONFIG_ARCHITECTURES);
    family.into_iter().chain(architecture).map(Into::into).collect()
}

fn hyperparameters(artifact: &Artifact) -> Vec<DictionaryEntry> {
    let entry = |key: &str, value: String| DictionaryEntry { key: key.to_owned(), value };
    let parameters = facts::sum(artifact, facts::WEIGHTS_PARAMETER_COUNT);
    let quantization = facts::text(artifact, facts::WEIGHTS_QUANTIZATION)
        .or_else(|| facts::text(artifact, facts::CONFIG_QUANTIZATION))
        .or_else(|| facts::text(artifact, facts::CONFIG_TORCH_DTYPE));
    let known = [
        parameters.map(|number| entry("parameters", number.to_string())),
        quantization.map(|scheme| entry("quantization", scheme.into_owned())),
    ];
    let sizes = artifact.facts_named(facts::CONFIG_HYPERPARAMETERS).next();
    let sizes = sizes.and_then(|fact| fact.value.as_map()).into_iter().flatten();
    let sizes =
        sizes.filter_map(|(key, value)| Some(entry(&cut(key), value.as_int()?.to_string())));
    known.into_iter().flatten().chain(sizes).collect()
}
