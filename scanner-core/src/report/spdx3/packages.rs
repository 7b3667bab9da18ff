//! The product or source, artifacts with their files, and what lies outside the scan.

use super::element::{Element, hash, properties};
use super::graph::{Graph, Says};
use crate::model::{Artifact, ArtifactFile, ArtifactKind, FileRole, RelationKind, Report};
use crate::report::index::Outside;
use crate::report::place::{cut, place};
use crate::report::{copyright, facts};

/// Places of one artifact that are listed.
const PLACES: usize = 64;

/// The product's name, else the source's.
pub(super) fn root_name(report: &Report) -> String {
    let name = report.product.as_ref().map_or(&report.source.name, |product| &product.name);
    if name.trim().is_empty() { "source".to_owned() } else { cut(name).into_owned() }
}

pub(super) fn add(graph: &mut Graph<'_>) {
    let report = graph.index.report;
    root(graph, report);
    for artifact in &report.inventory.artifacts {
        of_artifact(graph, artifact);
    }
    let outside: Vec<(String, Element)> = graph
        .outside
        .values()
        .map(|(id, outside)| (id.clone(), of_outside(graph, id, outside)))
        .collect();
    for (_, element) in outside {
        graph.push(element);
    }
}

fn root(graph: &mut Graph<'_>, report: &Report) {
    let product = report.product.as_ref();
    let version = product.and_then(|product| product.version.as_deref());
    let has_vendor =
        product.and_then(|it| it.vendor.as_deref()).is_some_and(|it| !it.trim().is_empty());
    let agent = has_vendor.then(|| graph.agent.clone());
    let element = graph
        .element("software_Package", &graph.root)
        .set("name", root_name(report))
        .maybe("software_packageVersion", version.map(|it| cut(it).into_owned()))
        .set("software_primaryPurpose", "application")
        .maybe("suppliedBy", agent.clone())
        .list("originatedBy", agent)
        .set("software_copyrightText", "NOASSERTION")
        .list(
            "extension",
            properties(&[(
                "flowdown:scan:source",
                format!("{}:{}", report.source.kind.name(), cut(&report.source.name)),
            )]),
        );
    graph.push(element);
}

const fn kind(artifact: &Artifact) -> (&'static str, &'static str) {
    match artifact.kind {
        ArtifactKind::Model | ArtifactKind::Adapter => ("ai_AIPackage", "model"),
        ArtifactKind::Dataset => ("dataset_DatasetPackage", "data"),
        ArtifactKind::Package => ("software_Package", "library"),
        ArtifactKind::Tokenizer => ("software_Package", "data"),
        ArtifactKind::Document => ("software_Package", "documentation"),
    }
}

fn of_artifact(graph: &mut Graph<'_>, artifact: &Artifact) {
    let Some(id) = graph.artifact(&artifact.id) else { return };
    let (class, purpose) = kind(artifact);
    let purl = artifact.purl.as_ref().map(ToString::to_string);
    let copyright = copyright::lines(graph.index.report, artifact).join("\n");
    let places: Vec<String> = artifact.occurrences.iter().take(PLACES).map(place).collect();
    let found = (!places.is_empty()).then(|| cut(&places.join("; ")).into_owned());
    let mut element = graph
        .element(class, &id)
        .set("name", name(&artifact.label()))
        .maybe(
            "software_packageVersion",
            artifact.version.as_deref().map(|it| cut(it).into_owned()),
        )
        .set("software_primaryPurpose", purpose)
        .maybe("software_packageUrl", purl.clone())
        .list("externalIdentifier", purl.map(|purl| package_url(&purl)))
        .set(
            "software_copyrightText",
            if copyright.is_empty() { "NOASSERTION".into() } else { cut(&copyright).into_owned() },
        )
        .maybe("software_sourceInfo", found.map(|places| format!("found at {places}")))
        .list("verifiedUsing", own_hashes(artifact))
        .list("extension", properties(&own_properties(graph, artifact)));
    if class == "ai_AIPackage" {
        element = of_model(element, artifact);
    }
    if class == "dataset_DatasetPackage" {
        element = element.list("dataset_datasetType", ["noAssertion"]);
    }
    graph.push(element);
    files(graph, &id, artifact);
}

fn of_model(element: Element, artifact: &Artifact) -> Element {
    let architectures = facts::texts(artifact, facts::CONFIG_ARCHITECTURES)
        .chain(facts::texts(artifact, facts::GGUF_GENERAL_ARCHITECTURE))
        .chain(facts::texts(artifact, facts::CONFIG_MODEL_TYPE));
    let mut types: Vec<String> = architectures.map(|it| it.into_owned()).collect();
    types.sort_unstable();
    types.dedup();
    let domain = facts::text(artifact, facts::CARD_PIPELINE_TAG).map(|it| it.into_owned());
    let sizes = facts::counts(artifact, facts::CONFIG_HYPERPARAMETERS);
    let mut entries: Vec<(String, String)> = sizes
        .into_iter()
        .map(|(name, number)| (cut(name).into_owned(), number.to_string()))
        .collect();
    let parameters = facts::sum(artifact, facts::WEIGHTS_PARAMETER_COUNT);
    entries.extend(parameters.map(|number| ("parameters".to_owned(), number.to_string())));
    let quantization = facts::text(artifact, facts::WEIGHTS_QUANTIZATION);
    entries.extend(quantization.map(|it| ("quantization".to_owned(), it.into_owned())));
    entries.sort();
    let entries = entries
        .into_iter()
        .map(|(key, value)| Element::part("DictionaryEntry").set("key", key).set("value", value));
    element
        .list("ai_typeOfModel", types)
        .list("ai_domain", domain)
        .list("ai_hyperparameter", entries)
}

/// The digest of the one file that the artifact is, or the one that its lock file states.
fn own_hashes(artifact: &Artifact) -> Vec<Element> {
    if artifact.kind == ArtifactKind::Package {
        return match facts::stated_sha256(artifact).as_slice() {
            [only] => vec![hash("sha256", only)],
            _ => Vec::new(),
        };
    }
    match parts(artifact).as_slice() {
        [only] => hashes(only),
        _ => Vec::new(),
    }
}

fn hashes(file: &ArtifactFile) -> Vec<Element> {
    file.sha256.iter().map(|digest| hash("sha256", &digest.hex())).collect()
}

/// The files that an artifact is: its weights, else all of them.
fn parts(artifact: &Artifact) -> Vec<&ArtifactFile> {
    let weights: Vec<&ArtifactFile> = artifact.files_of(FileRole::Weights).collect();
    if weights.is_empty() { artifact.files.iter().collect() } else { weights }
}

fn own_properties(graph: &Graph<'_>, artifact: &Artifact) -> Vec<(&'static str, String)> {
    let mut found = vec![("flowdown:artifact:kind", artifact.kind.name().to_owned())];
    if let Some(assessment) = graph.index.assessment(&artifact.id) {
        let effective = assessment.effective.expression.as_deref().unwrap_or("NOASSERTION");
        found.push(("flowdown:license:status", assessment.conclusion.status.name().to_owned()));
        found.push(("flowdown:license:because", cut(&assessment.conclusion.because).into_owned()));
        found.push(("flowdown:license:effective", cut(effective).into_owned()));
        let because = cut(&assessment.effective.because).into_owned();
        found.push(("flowdown:license:effective-because", because));
    }
    for (name, fact) in [
        ("flowdown:fingerprint:header-sha256", facts::WEIGHTS_HEADER_DIGEST),
        ("flowdown:fingerprint:tensor-manifest-sha256", facts::WEIGHTS_TENSOR_MANIFEST_DIGEST),
        ("flowdown:fingerprint:tensor-set-sha256", facts::WEIGHTS_TENSOR_SET_DIGEST),
    ] {
        found.extend(facts::digests(artifact, fact).map(|digest| (name, digest)));
    }
    found
}

/// The weight files of a model, and the texts that came with an artifact.
fn files(graph: &mut Graph<'_>, owner: &str, artifact: &Artifact) {
    if artifact.kind == ArtifactKind::Package {
        return;
    }
    let parts = parts(artifact);
    let relation = if parts.len() == 1 { "hasDistributionArtifact" } else { "contains" };
    let mut ids = Vec::new();
    for file in parts {
        let id = graph.take(&format!("file-{}", file.path.file_name()));
        let purpose = if file.role == FileRole::Weights { "model" } else { "documentation" };
        let element = graph
            .element("software_File", &id)
            .set("name", name(file.path.as_str()))
            .set("software_primaryPurpose", purpose)
            .set("software_fileKind", "file")
            .set("software_copyrightText", "NOASSERTION")
            .list("verifiedUsing", hashes(file));
        graph.push(element);
        ids.push(id);
    }
    graph.relate(owner, relation, ids, &Says::whole());
}

fn of_outside(graph: &Graph<'_>, id: &str, outside: &Outside<'_>) -> Element {
    let report = graph.index.report;
    let is_dataset = report.inventory.relations.iter().any(|relation| {
        relation.kind == RelationKind::TrainedOn
            && graph.target(&relation.to).as_deref() == Some(id)
    });
    let class = if is_dataset { "dataset_DatasetPackage" } else { "ai_AIPackage" };
    let purl = outside.purl.map(ToString::to_string);
    let element = graph
        .element(class, id)
        .set("name", name(outside.name))
        .set("software_primaryPurpose", if is_dataset { "data" } else { "model" })
        .set("software_copyrightText", "NOASSERTION")
        .set("comment", "named by a scanned file; not part of the scanned source")
        .maybe("software_packageUrl", purl.clone())
        .list("externalIdentifier", purl.map(|purl| package_url(&purl)));
    if is_dataset { element.list("dataset_datasetType", ["noAssertion"]) } else { element }
}

fn package_url(purl: &str) -> Element {
    Element::part("ExternalIdentifier")
        .set("externalIdentifierType", "packageUrl")
        .set("identifier", purl)
}

fn name(text: &str) -> String {
    if text.trim().is_empty() { "unnamed".to_owned() } else { cut(text).into_owned() }
}
