//! The part of SPDX 3.0.1 that we write, as it stands in JSON-LD.
//!
//! A property carries the prefix of the profile that *defines* it: `software_packageVersion` also on an
//! `ai_AIPackage`. What may occur several times is always a list, what may occur once never is.

use std::ops::Deref;
use std::rc::Rc;

use serde::{Serialize, Serializer};

use crate::report::property::Properties;

/// An IRI, or the label of a blank node. Every element is named in many places, so its name is shared.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(super) struct Id(Rc<str>);

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Deref for Id {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<T: Into<Rc<str>>> From<T> for Id {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

#[derive(Serialize)]
pub(super) struct Document {
    #[serde(rename = "@context")]
    pub(super) context: &'static str,
    #[serde(rename = "@graph")]
    pub(super) graph: Vec<Node>,
}

/// One object of the graph.
#[derive(Serialize)]
#[serde(tag = "type")]
pub(super) enum Node {
    Agent(Element),
    Annotation(Annotation),
    Bundle(Collection),
    CreationInfo(CreationInfo),
    LifecycleScopedRelationship(Relationship),
    Organization(Element),
    Relationship(Relationship),
    SoftwareAgent(Element),
    SpdxDocument(Collection),
    Tool(Element),
    #[serde(rename = "ai_AIPackage")]
    AiPackage(AiPackage),
    #[serde(rename = "dataset_DatasetPackage")]
    DatasetPackage(DatasetPackage),
    #[serde(rename = "expandedlicensing_CustomLicense")]
    CustomLicense(CustomLicense),
    #[serde(rename = "simplelicensing_LicenseExpression")]
    LicenseExpression(LicenseExpression),
    #[serde(rename = "software_File")]
    File(File),
    #[serde(rename = "software_Package")]
    Package(Package),
    #[serde(rename = "software_Sbom")]
    Sbom(Collection),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreationInfo {
    #[serde(rename = "@id")]
    pub(super) id: Id,
    pub(super) spec_version: &'static str,
    pub(super) created: String,
    pub(super) created_by: Vec<Id>,
    pub(super) created_using: Vec<Id>,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Element {
    pub(super) spdx_id: Id,
    pub(super) creation_info: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) comment: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) verified_using: Vec<Hash>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) external_identifier: Vec<ExternalIdentifier>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) external_ref: Vec<ExternalRef>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) extension: Vec<CdxProperties>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub(super) struct Hash {
    pub(super) algorithm: &'static str,
    pub(super) hash_value: String,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub(super) struct ExternalIdentifier {
    pub(super) external_identifier_type: &'static str,
    pub(super) identifier: String,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub(super) struct ExternalRef {
    pub(super) external_ref_type: &'static str,
    pub(super) locator: [String; 1],
}

/// Properties with the names that CycloneDX documents have; the standard's own extension for them.
#[derive(Serialize)]
#[serde(tag = "type", rename = "extension_CdxPropertiesExtension")]
pub(super) struct CdxProperties {
    #[serde(rename = "extension_cdxProperty")]
    property: Vec<CdxProperty>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "extension_CdxPropertyEntry")]
struct CdxProperty {
    #[serde(rename = "extension_cdxPropName")]
    name: String,
    #[serde(rename = "extension_cdxPropValue")]
    value: String,
}

impl CdxProperties {
    /// The extension that holds `properties`; none when there are none.
    pub(super) fn of(properties: &Properties) -> Vec<Self> {
        let property: Vec<CdxProperty> = properties
            .pairs()
            .map(|(name, value)| CdxProperty { name: name.to_owned(), value: value.to_owned() })
            .collect();
        if property.is_empty() { Vec::new() } else { vec![Self { property }] }
    }
}

/// What software, models and data sets have in common; all of it may be unknown.
#[derive(Serialize, Default)]
pub(super) struct Artifact {
    #[serde(flatten)]
    pub(super) element: Element,
    #[serde(rename = "originatedBy", skip_serializing_if = "Vec::is_empty")]
    pub(super) originated_by: Vec<Id>,
    #[serde(rename = "suppliedBy", skip_serializing_if = "Option::is_none")]
    pub(super) supplied_by: Option<Id>,
    #[serde(rename = "software_primaryPurpose", skip_serializing_if = "Option::is_none")]
    pub(super) primary_purpose: Option<&'static str>,
    #[serde(rename = "software_copyrightText", skip_serializing_if = "Option::is_none")]
    pub(super) copyright_text: Option<String>,
    #[serde(rename = "software_attributionText", skip_serializing_if = "Vec::is_empty")]
    pub(super) attribution_text: Vec<String>,
}

#[derive(Serialize, Default)]
pub(super) struct Package {
    #[serde(flatten)]
    pub(super) artifact: Artifact,
    #[serde(rename = "software_packageVersion", skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    #[serde(rename = "software_packageUrl", skip_serializing_if = "Option::is_none")]
    pub(super) purl: Option<String>,
    #[serde(rename = "software_downloadLocation", skip_serializing_if = "Option::is_none")]
    pub(super) download_location: Option<String>,
    #[serde(rename = "software_sourceInfo", skip_serializing_if = "Option::is_none")]
    pub(super) source_info: Option<String>,
}

#[derive(Serialize)]
pub(super) struct AiPackage {
    #[serde(flatten)]
    pub(super) package: Package,
    #[serde(rename = "ai_autonomyType")]
    pub(super) autonomy_type: &'static str,
    #[serde(rename = "ai_useSensitivePersonalInformation")]
    pub(super) use_sensitive_personal_information: &'static str,
    #[serde(rename = "ai_typeOfModel", skip_serializing_if = "Vec::is_empty")]
    pub(super) type_of_model: Vec<String>,
    #[serde(rename = "ai_domain", skip_serializing_if = "Vec::is_empty")]
    pub(super) domain: Vec<String>,
    #[serde(rename = "ai_hyperparameter", skip_serializing_if = "Vec::is_empty")]
    pub(super) hyperparameter: Vec<DictionaryEntry>,
}

#[derive(Serialize)]
#[serde(tag = "type")]
pub(super) struct DictionaryEntry {
    pub(super) key: String,
    pub(super) value: String,
}

#[derive(Serialize)]
pub(super) struct DatasetPackage {
    #[serde(flatten)]
    pub(super) package: Package,
    #[serde(rename = "dataset_datasetType")]
    pub(super) dataset_type: [&'static str; 1],
    #[serde(rename = "dataset_hasSensitivePersonalInformation")]
    pub(super) has_sensitive_personal_information: &'static str,
}

#[derive(Serialize)]
pub(super) struct File {
    #[serde(flatten)]
    pub(super) artifact: Artifact,
    #[serde(rename = "software_fileKind")]
    pub(super) file_kind: &'static str,
    #[serde(rename = "software_additionalPurpose", skip_serializing_if = "Vec::is_empty")]
    pub(super) additional_purpose: Vec<&'static str>,
}

#[derive(Serialize)]
pub(super) struct CustomLicense {
    #[serde(flatten)]
    pub(super) element: Element,
    #[serde(rename = "simplelicensing_licenseText")]
    pub(super) text: String,
}

#[derive(Serialize)]
pub(super) struct LicenseExpression {
    #[serde(flatten)]
    pub(super) element: Element,
    #[serde(rename = "simplelicensing_licenseExpression")]
    pub(super) expression: String,
    #[serde(rename = "simplelicensing_licenseListVersion")]
    pub(super) license_list_version: String,
    #[serde(rename = "simplelicensing_customIdToUri", skip_serializing_if = "Vec::is_empty")]
    pub(super) custom_id_to_uri: Vec<DictionaryEntry>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Relationship {
    #[serde(flatten)]
    pub(super) element: Element,
    pub(super) from: Id,
    pub(super) relationship_type: &'static str,
    pub(super) to: Vec<Id>,
    pub(super) completeness: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Annotation {
    #[serde(flatten)]
    pub(super) element: Element,
    pub(super) annotation_type: &'static str,
    pub(super) subject: Id,
    pub(super) content_type: &'static str,
    pub(super) statement: String,
}

/// A document, a bill of materials, or a bundle: elements that belong together.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Collection {
    #[serde(flatten)]
    pub(super) element_of_graph: Element,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) context: Option<&'static str>,
    #[serde(rename = "software_sbomType", skip_serializing_if = "Vec::is_empty")]
    pub(super) sbom_type: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) profile_conformance: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data_license: Option<Id>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) namespace_map: Vec<NamespaceMap>,
    pub(super) root_element: Vec<Id>,
    pub(super) element: Vec<Id>,
}

#[derive(Serialize)]
#[serde(tag = "type")]
pub(super) struct NamespaceMap {
    pub(super) prefix: &'static str,
    pub(super) namespace: String,
}

impl Node {
    /// The IRI of an element; `None` for creation information, which is a blank node.
    pub(super) fn spdx_id(&self) -> Option<&Id> {
        let element = match self {
            Self::CreationInfo(_) => return None,
            Self::Agent(element)
            | Self::Organization(element)
            | Self::SoftwareAgent(element)
            | Self::Tool(element) => element,
            Self::Annotation(node) => &node.element,
            Self::Bundle(node) | Self::SpdxDocument(node) | Self::Sbom(node) => {
                &node.element_of_graph
            }
            Self::LifecycleScopedRelationship(node) | Self::Relationship(node) => &node.element,
            Self::AiPackage(node) => &node.package.artifact.element,
            Self::DatasetPackage(node) => &node.package.artifact.element,
            Self::CustomLicense(node) => &node.element,
            Self::LicenseExpression(node) => &node.element,
            Self::File(node) => &node.artifact.element,
            Self::Package(node) => &node.artifact.element,
        };
        Some(&element.spdx_id)
    }
}
