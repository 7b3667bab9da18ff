//! Properties: what a bill of materials has no field for. `docs/formats.md` explains every name; each
//! format writes them in a form of its own.

use serde::Serialize;

use crate::report::place::cut;

macro_rules! names {
    ($($constant:ident $name:literal;)*) => {
        $(pub(super) const $constant: &str = $name;)*

        /// Every property that can occur besides those of `cdx:ai-ml`, sorted.
        pub const PROPERTY_NAMES: &[&str] = &[$($name,)*];
    };
}

// One line each, sorted by name.
names! {
    BSI_ARCHIVE "bsi:component:archive";
    BSI_EFFECTIVE_LICENCE "bsi:component:effectiveLicence";
    BSI_EXECUTABLE "bsi:component:executable";
    BSI_FILENAME "bsi:component:filename";
    BSI_STRUCTURED "bsi:component:structured";
    ARTIFACT_CLAIMED_SHA256 "flowdown:artifact:claimed-sha256";
    ARTIFACT_FILE_NAME "flowdown:artifact:file-name";
    ARTIFACT_FILE_ROLE "flowdown:artifact:file-role";
    ARTIFACT_FORMAT "flowdown:artifact:format";
    ARTIFACT_KIND "flowdown:artifact:kind";
    ARTIFACT_NAMED_BY "flowdown:artifact:named-by";
    ARTIFACT_SIZE "flowdown:artifact:size";
    ARTIFACT_STATED_SHA256 "flowdown:artifact:stated-sha256";
    BUNDLE_APPLIES_TO "flowdown:bundle:applies-to";
    BUNDLE_BASIS "flowdown:bundle:basis";
    BUNDLE_GAP "flowdown:bundle:gap";
    BUNDLE_GRANT "flowdown:bundle:grant";
    BUNDLE_ROLE "flowdown:bundle:role";
    BUNDLE_UNKNOWN "flowdown:bundle:unknown";
    BUNDLE_USE_RESTRICTIONS "flowdown:bundle:use-restrictions";
    CONVEYANCE_DIRECTNESS "flowdown:conveyance:directness";
    CONVEYANCE_MODEL "flowdown:conveyance:model";
    DECLARATIONS_ATTESTATION "flowdown:declarations:attestation";
    DECLARATIONS_CLAIM "flowdown:declarations:claim";
    DECLARATIONS_EVIDENCE "flowdown:declarations:evidence";
    DECLARATIONS_RATIONALE "flowdown:declarations:rationale";
    DEFINITIONS_STANDARD "flowdown:definitions:standard";
    EVIDENCE_CANDIDATE "flowdown:evidence:candidate";
    EVIDENCE_EXPRESSION "flowdown:evidence:expression";
    EVIDENCE_IDENTITY "flowdown:evidence:identity";
    EVIDENCE_METHOD "flowdown:evidence:method";
    EVIDENCE_OCCURRENCE "flowdown:evidence:occurrence";
    EVIDENCE_PART "flowdown:evidence:part";
    EVIDENCE_PATH "flowdown:evidence:path";
    EVIDENCE_PLUGIN "flowdown:evidence:plugin";
    EVIDENCE_RECOGNITION "flowdown:evidence:recognition";
    EVIDENCE_SHA256 "flowdown:evidence:sha256";
    EVIDENCE_STATED "flowdown:evidence:stated";
    FINGERPRINT_HEADER "flowdown:fingerprint:header-sha256";
    FINGERPRINT_TENSOR_MANIFEST "flowdown:fingerprint:tensor-manifest-sha256";
    FINGERPRINT_TENSOR_SET "flowdown:fingerprint:tensor-set-sha256";
    IMAGE_ATTACHMENT "flowdown:image:attachment";
    IMAGE_CONFIG "flowdown:image:config";
    IMAGE_LABEL "flowdown:image:label";
    IMAGE_LAYER "flowdown:image:layer";
    IMAGE_MANIFEST "flowdown:image:manifest";
    IMAGE_NAME "flowdown:image:name";
    IMAGE_PLATFORM "flowdown:image:platform";
    LICENSE_ACKNOWLEDGEMENT "flowdown:license:acknowledgement";
    LICENSE_APPLIES "flowdown:license:applies";
    LICENSE_BECAUSE "flowdown:license:because";
    LICENSE_DECLARED "flowdown:license:declared";
    LICENSE_EFFECTIVE "flowdown:license:effective";
    LICENSE_EFFECTIVE_BECAUSE "flowdown:license:effective-because";
    LICENSE_FAMILY "flowdown:license:family";
    LICENSE_KEY "flowdown:license:key";
    LICENSE_STANDARD_REF "flowdown:license:standard-ref";
    LICENSE_STATUS "flowdown:license:status";
    LICENSE_TEXT_SHA256 "flowdown:license:text-sha256";
    LINEAGE_BASIS "flowdown:lineage:basis";
    LINEAGE_DATASET_REF "flowdown:lineage:dataset-ref";
    LINEAGE_EVIDENCE "flowdown:lineage:evidence";
    LINEAGE_PLUGIN "flowdown:lineage:plugin";
    LINEAGE_REF "flowdown:lineage:ref";
    LINEAGE_RELATION "flowdown:lineage:relation";
    PLUGIN_FAMILY "flowdown:plugin:family";
    PLUGIN_LOADED "flowdown:plugin:loaded";
    REQUIREMENT_CATEGORY "flowdown:requirement:category";
    REQUIREMENT_EVIDENCE_CLASS "flowdown:requirement:evidence-class";
    REQUIREMENT_EXCEPTION "flowdown:requirement:exception";
    REQUIREMENT_FLOWDOWN "flowdown:requirement:flowdown";
    REQUIREMENT_KIND "flowdown:requirement:kind";
    REQUIREMENT_LICENSE "flowdown:requirement:license";
    REQUIREMENT_MENTAL "flowdown:requirement:mental";
    REQUIREMENT_PARAM "flowdown:requirement:param";
    REQUIREMENT_TRIGGER "flowdown:requirement:trigger";
    REQUIREMENT_WORDING "flowdown:requirement:wording";
    SCAN_COMPLETE "flowdown:scan:complete";
    SCAN_DIAGNOSTICS "flowdown:scan:diagnostics";
    SCAN_FINDINGS "flowdown:scan:findings";
    SCAN_SOURCE "flowdown:scan:source";
    SCAN_UNCLAIMED "flowdown:scan:unclaimed";
    SCAN_UNCLAIMED_COUNT "flowdown:scan:unclaimed-count";
    SCHEMA "flowdown:schema";
    TENSOR_COUNT "flowdown:tensor:count";
    TENSOR_DTYPES "flowdown:tensor:dtypes";
    TENSOR_PARAMETERS "flowdown:tensor:parameters";
}

/// A name with a value; names may repeat.
#[derive(Serialize)]
pub(super) struct Property {
    pub(super) name: String,
    pub(super) value: String,
}

/// A list of properties under construction. Values are cut to the length of all copied text.
#[derive(Serialize, Default)]
#[serde(transparent)]
pub(super) struct Properties(Vec<Property>);

impl Properties {
    pub(super) fn add(&mut self, name: &str, value: impl AsRef<str>) {
        self.0.push(Property { name: name.to_owned(), value: cut(value.as_ref()).into_owned() });
    }

    pub(super) fn maybe(&mut self, name: &str, value: Option<impl AsRef<str>>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    pub(super) fn each(&mut self, name: &str, values: impl IntoIterator<Item = impl AsRef<str>>) {
        for value in values {
            self.add(name, value);
        }
    }

    /// The first value of a name.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|property| property.name == name)?;
        Some(&found.value)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values, in order.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|property| (property.name.as_str(), property.value.as_str()))
    }
}
