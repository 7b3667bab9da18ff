//! `components[]`: artifacts, the files of sharded models, and datasets that cards name.

use serde::Serialize;

use super::bsi;
use super::content::content;
use super::context::Context;
use super::evidence::{Evidence, evidence};
use super::license::{LicenseChoice, Organization};
use super::licenses::Licenses;
use super::model_card::{ModelCard, model_card};
use super::pedigree::{Pedigree, pedigree};
use super::property::{self, Properties};
use super::references::{ExternalReference, hugging_face_account, references};
use crate::model::{Artifact, ArtifactFile, ArtifactKind, DeclaredFile};
use crate::report::index::Outside;
use crate::report::place::cut;
use crate::report::refs::Refs;
use crate::report::{copyright, description, facts};

#[derive(Serialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ComponentType {
    Application,
    Container,
    Data,
    File,
    Library,
    MachineLearningModel,
}

impl ComponentType {
    pub(super) const fn of(kind: ArtifactKind) -> Self {
        match kind {
            ArtifactKind::Model | ArtifactKind::Adapter => Self::MachineLearningModel,
            ArtifactKind::Dataset => Self::Data,
            ArtifactKind::Package => Self::Library,
            ArtifactKind::Tokenizer | ArtifactKind::Document => Self::File,
        }
    }
}

/// `excluded` documents what takes part in making a product and is not reachable when it runs:
/// packages for development only, and datasets that a model was trained on.
#[derive(Serialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "lowercase")]
pub(super) enum Scope {
    Required,
    Excluded,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Component {
    #[serde(rename = "bom-ref", skip_serializing_if = "Option::is_none")]
    pub(super) bom_ref: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: ComponentType,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) supplier: Option<Organization>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) manufacturer: Option<Organization>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) group: Option<String>,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<Scope>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) hashes: Vec<Hash>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) licenses: Vec<LicenseChoice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) copyright: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) purl: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pedigree: Option<Pedigree>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) external_references: Vec<ExternalReference>,
    #[serde(skip_serializing_if = "Properties::is_empty")]
    pub(super) properties: Properties,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) components: Vec<Self>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) evidence: Option<Evidence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) model_card: Option<ModelCard>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) data: Vec<Data>,
}

#[derive(Serialize)]
pub(super) struct Hash {
    alg: &'static str,
    content: String,
}

#[derive(Serialize)]
pub(super) struct Data {
    #[serde(rename = "type")]
    kind: &'static str,
    name: String,
}

impl Hash {
    pub(super) fn sha256(hex: impl Into<String>) -> Self {
        Self { alg: "SHA-256", content: hex.into() }
    }

    /// The digests of a file, as far as they were computed.
    pub(super) fn of(file: &ArtifactFile) -> Vec<Self> {
        let sha256 = file.sha256.map(|digest| Self::sha256(digest.hex()));
        let sha512 = file.sha512.map(|digest| Self { alg: "SHA-512", content: digest.hex() });
        sha256.into_iter().chain(sha512).collect()
    }
}

impl Component {
    /// Adds the file in which it is handed on, as the vendor declares it.
    pub(super) fn hand_on(&mut self, context: &Context<'_>, file: &DeclaredFile) {
        self.hashes.push(Hash { alg: "SHA-512", content: file.sha512.hex() });
        if context.is_bsi() {
            bsi::declared_file(file, &mut self.properties);
        } else {
            self.properties.add(property::ARTIFACT_FILE_NAME, cut(&file.name));
        }
    }

    /// A component with a type and a name; `group/name` is split at the last slash.
    pub(super) fn named(kind: ComponentType, name: &str) -> Self {
        let (group, name) = match name.rsplit_once('/') {
            Some((group, last)) if !group.is_empty() && !last.is_empty() => (Some(group), last),
            _ => (None, name),
        };
        Self {
            bom_ref: None,
            kind,
            supplier: None,
            manufacturer: None,
            group: group.map(|group| cut(group).into_owned()),
            name: if name.is_empty() { "unnamed".to_owned() } else { cut(name).into_owned() },
            version: None,
            scope: None,
            hashes: Vec::new(),
            licenses: Vec::new(),
            copyright: None,
            purl: None,
            pedigree: None,
            external_references: Vec::new(),
            properties: Properties::default(),
            components: Vec::new(),
            evidence: None,
            model_card: None,
            data: Vec::new(),
        }
    }
}

/// Every component of the document: artifacts in the order of the inventory, then datasets.
pub(super) fn components(context: &Context<'_>, refs: &mut Refs) -> Vec<Component> {
    let mut licenses = Licenses::default();
    let artifacts = &context.index.report.inventory.artifacts;
    let mut components: Vec<Component> = artifacts
        .iter()
        .map(|artifact| component(context, refs, &mut licenses, artifact))
        .collect();
    components.extend(context.datasets.iter().map(|outside| dataset(context, outside)));
    components
}

fn component(
    context: &Context<'_>,
    refs: &mut Refs,
    licenses: &mut Licenses,
    artifact: &Artifact,
) -> Component {
    let kind = ComponentType::of(artifact.kind);
    let mut component = match &artifact.name {
        Some(name) => Component::named(kind, name),
        // A path is no `group/name`.
        None => {
            Component { name: cut(&artifact.label()).into_owned(), ..Component::named(kind, "") }
        }
    };
    let reference = context.artifact(&artifact.id).map(str::to_owned);
    component.version = artifact.version.as_deref().map(|version| cut(version).into_owned());
    component.purl = artifact.purl.as_ref().map(ToString::to_string);
    component.scope =
        Some(if artifact.development_only { Scope::Excluded } else { Scope::Required });
    component.licenses = licenses.of_artifact(context, artifact);
    let copyright = copyright::lines(context.index.report, artifact);
    component.copyright = (!copyright.is_empty()).then(|| cut(&copyright.join("\n")).into_owned());
    component.pedigree = pedigree(context, artifact);
    component.supplier = facts::supplier(artifact)
        .and_then(|party| Organization::of(&party))
        .or_else(|| publisher(artifact));
    component.manufacturer = facts::creator(artifact)
        .and_then(|party| Organization::of(&party))
        .or_else(|| producer(artifact))
        .or_else(|| publisher(artifact));
    component.external_references = references(artifact);
    properties(context, artifact, &mut component.properties);
    let sha256 = content(context, refs, artifact, reference.as_deref(), &mut component);
    if let Some(file) = facts::declared_file(artifact) {
        component.hand_on(context, &file);
    }
    component.evidence = evidence(context, artifact, sha256.as_deref(), &copyright);
    match artifact.kind {
        ArtifactKind::Model | ArtifactKind::Adapter => {
            component.model_card = Some(model_card(context, artifact));
        }
        ArtifactKind::Dataset => {
            component.data = vec![Data { kind: "dataset", name: component.name.clone() }];
        }
        ArtifactKind::Tokenizer => {
            component.properties.add("cdx:ai-ml:model:tokenizer", "true");
            let class = facts::text(artifact, facts::TOKENIZER_CLASS);
            component.properties.maybe("cdx:ai-ml:tokenizer:hyperparameter:tokenizer_class", class);
        }
        ArtifactKind::Package | ArtifactKind::Document => {}
    }
    component.bom_ref = reference;
    component
}

/// Whose account an artifact is published under, as its package URL says.
fn publisher(artifact: &Artifact) -> Option<Organization> {
    let path = artifact.purl.as_ref()?.as_str().strip_prefix("pkg:huggingface/")?;
    let (account, _) = artifact.name.as_deref()?.split_once('/')?;
    let mut organization = Organization::named(account)?;
    organization.url.extend(hugging_face_account(path));
    Some(organization)
}

/// Who made a model, as its weight file says.
fn producer(artifact: &Artifact) -> Option<Organization> {
    let stated = facts::text(artifact, facts::GGUF_GENERAL_ORGANIZATION)
        .or_else(|| facts::text(artifact, facts::GGUF_GENERAL_AUTHOR))?;
    Organization::named(&stated)
}

fn properties(context: &Context<'_>, artifact: &Artifact, properties: &mut Properties) {
    properties.add(property::ARTIFACT_KIND, artifact.kind.name());
    let named_by = match (&artifact.name, artifact.occurrences.is_empty()) {
        (Some(_), _) => "own",
        (None, false) => "path",
        (None, true) => "id",
    };
    properties.add(property::ARTIFACT_NAMED_BY, named_by);
    description::weights(artifact, properties);
    license_properties(context, artifact, properties);
}

fn license_properties(context: &Context<'_>, artifact: &Artifact, properties: &mut Properties) {
    let assessment = context.index.assessment(&artifact.id);
    if context.is_bsi() {
        bsi::effective_licence(assessment, properties);
    }
    let Some(assessment) = assessment else {
        properties.add(property::LICENSE_STATUS, "NOASSERTION");
        return;
    };
    let (conclusion, effective) = (&assessment.conclusion, &assessment.effective);
    properties.add(property::LICENSE_STATUS, conclusion.status.name());
    properties.add(property::LICENSE_BECAUSE, &conclusion.because);
    let differs =
        conclusion.declared.as_ref().filter(|&d| conclusion.expression.as_ref() != Some(d));
    properties.maybe(property::LICENSE_DECLARED, differs);
    let expression = effective.expression.as_deref();
    properties.add(property::LICENSE_EFFECTIVE, expression.unwrap_or("NOASSERTION"));
    properties.add(property::LICENSE_EFFECTIVE_BECAUSE, &effective.because);
    properties.each(property::LICENSE_APPLIES, context.index.applied(&artifact.id));
}

fn dataset(context: &Context<'_>, outside: &Outside<'_>) -> Component {
    let mut component = Component::named(ComponentType::Data, outside.name);
    component.bom_ref = context.dataset(outside.name).map(str::to_owned);
    component.scope = Some(Scope::Excluded);
    component.purl = outside.purl.map(ToString::to_string);
    component.data = vec![Data { kind: "dataset", name: cut(outside.name).into_owned() }];
    component.properties.add(property::ARTIFACT_KIND, ArtifactKind::Dataset.name());
    component.properties.add(property::ARTIFACT_NAMED_BY, "card");
    component.properties.add(property::LICENSE_STATUS, "NOASSERTION");
    component
}
