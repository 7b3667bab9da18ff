//! `licenses[]`: one expression, or license objects, never both (CycloneDX 1.6, `licenseChoice`).
//!
//! Some readers refuse a whole document when an expression stands beside anything else, and the
//! schema allows no properties on an expression. So a compound licence is one expression entry and
//! its atoms are described under `evidence.licenses`; everything else is license objects. An id is
//! written as `id` only when the License List that is part of the 1.6 schema has it.

use std::collections::HashSet;

use serde::Serialize;

use super::context::Context;
use super::property::{self, Properties};
use crate::model::{AppliedLicense, Artifact, BundleEntry, Conveyance, Digest, LicenseKey};
use crate::report::expression::{self, Atom, Reading};
use crate::report::index::{Standing, stands};
use crate::report::place::cut;

/// Ids that are on the License List 3.29 and not yet in the list that validators of 1.6 carry
/// (3.28). They are written as `name`, or the document would be invalid for its readers.
const NEWER_THAN_SCHEMA: &[&str] = &[
    "BSD-2-Clause-pos-unchanged",
    "BSD-3-Clause-OpenWebUI",
    "BSD-Source-Code-no-disclaimer",
    "BSD-Source-alt-GPL",
    "BSD-ask-to-endorse",
    "Brian-Gladman-3-Clause-no-conversion",
    "Bugroff",
    "CC-BY-NC-3.0-IGO",
    "FDK-MPEG-H",
    "GFDL-1.1-invariants",
    "GFDL-1.1-no-invariants",
    "GFDL-1.2-invariants",
    "GFDL-1.2-no-invariants",
    "GFDL-1.3-invariants",
    "GFDL-1.3-no-invariants",
    "Google-Patent-WebM",
    "Hippocratic-3.0-core",
    "Informatica",
    "MVT-1.1",
    "atc-game",
];

#[derive(Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Acknowledgement {
    Declared,
    Concluded,
}

/// CycloneDX has no word for *found, but not declared*: such a licence carries no acknowledgement,
/// and `flowdown:license:status` says `detected`.
const fn acknowledgement(standing: Standing) -> Option<Acknowledgement> {
    match standing {
        Standing::Declared => Some(Acknowledgement::Declared),
        Standing::Found => None,
        Standing::Concluded => Some(Acknowledgement::Concluded),
    }
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum LicenseChoice {
    License { license: Box<License> },
    Expression(LicenseExpression),
}

#[derive(Serialize)]
pub(super) struct LicenseExpression {
    expression: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    acknowledgement: Option<Acknowledgement>,
}

#[derive(Serialize, Default)]
pub(super) struct License {
    #[serde(rename = "bom-ref", skip_serializing_if = "Option::is_none")]
    pub(super) bom_ref: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) acknowledgement: Option<Acknowledgement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<AttachedText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) licensing: Option<Licensing>,
    #[serde(skip_serializing_if = "Properties::is_empty")]
    pub(super) properties: Properties,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AttachedText {
    content_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
    content: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Licensing {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alt_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licensor: Option<Party>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licensee: Option<Party>,
}

#[derive(Serialize)]
struct Party {
    organization: Organization,
}

#[derive(Serialize)]
pub(super) struct Organization {
    pub(super) name: String,
}

impl Party {
    fn named(name: &str) -> Self {
        Self { organization: Organization { name: cut(name).into_owned() } }
    }
}

impl License {
    /// A license object for the words `text`: an `id` when the schema has it, else a `name`.
    pub(super) fn of(text: &str) -> Self {
        let (id, name) = match expression::read(text) {
            Reading::One(Atom::Listed(id))
                if NEWER_THAN_SCHEMA.binary_search(&id.as_str()).is_err() =>
            {
                (Some(id), None)
            }
            Reading::One(atom) => (None, Some(atom.id().to_owned())),
            Reading::Several(_) | Reading::Unreadable => (None, Some(cut(text).into_owned())),
        };
        Self { id, name, ..Self::default() }
    }

    pub(super) fn choice(self) -> LicenseChoice {
        LicenseChoice::License { license: Box::new(self) }
    }
}

/// Writes licences of components; remembers which texts the document already has.
#[derive(Default)]
pub(super) struct Licenses {
    embedded: HashSet<Digest>,
}

impl Licenses {
    /// The licences of an artifact. Empty when none is settled.
    pub(super) fn of_artifact(
        &mut self,
        context: &Context<'_>,
        artifact: &Artifact,
    ) -> Vec<LicenseChoice> {
        let own = context.index.own_license(&artifact.id);
        let entries: Vec<(&str, Standing)> = [
            (own.declared.filter(|declared| own.concluded != Some(declared)), Standing::Declared),
            (own.detected, Standing::Found),
            (own.concluded, Standing::Concluded),
        ]
        .into_iter()
        .filter_map(|(expression, standing)| Some((expression?, standing)))
        .collect();
        let compound =
            entries.iter().any(|(text, _)| matches!(expression::read(text), Reading::Several(_)));
        match entries.last() {
            // The firmest one alone; what was declared stays visible as a property and as evidence.
            Some((text, standing)) if compound => {
                vec![LicenseChoice::Expression(LicenseExpression {
                    expression: (*text).to_owned(),
                    acknowledgement: acknowledgement(*standing),
                })]
            }
            _ => entries
                .into_iter()
                .map(|(text, standing)| self.license(context, artifact, text, standing).choice())
                .collect(),
        }
    }

    fn license(
        &mut self,
        context: &Context<'_>,
        artifact: &Artifact,
        text: &str,
        standing: Standing,
    ) -> License {
        let mut license = License::of(text);
        license.acknowledgement = acknowledgement(standing);
        let found = context.index.text_match(&artifact.id, text);
        let key = found.map(|found| &found.key).or_else(|| {
            let licenses = &context.index.assessment(&artifact.id)?.effective.licenses;
            let own = licenses.iter().filter(|license| license.from_ancestor.is_none());
            own.map(|license| &license.key).find(|key| context.index.spdx(key) == text)
        });
        if let Some(key) = key {
            describe(context, key, &mut license);
        }
        if let Some(found) = found.filter(|_| standing != Standing::Declared) {
            license.properties.add(property::LICENSE_TEXT_SHA256, found.sha256.hex());
            let texts = &context.index.report.inventory.texts;
            // The text of a listed licence is public; that of a `LicenseRef-` is nowhere else.
            if license.name.is_some() && self.embedded.insert(found.sha256) {
                license.text = texts.get(&found.path).map(|text| attach(&text.bytes));
            }
        }
        license
    }
}

fn attach(bytes: &[u8]) -> AttachedText {
    use base64::Engine as _;
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            AttachedText { content_type: "text/plain", encoding: None, content: text.to_owned() }
        }
        Err(_) => AttachedText {
            content_type: "application/octet-stream",
            encoding: Some("base64"),
            content: base64::engine::general_purpose::STANDARD.encode(bytes),
        },
    }
}

/// Adds what the catalogue knows of `key`.
fn describe(context: &Context<'_>, key: &LicenseKey, license: &mut License) {
    license.properties.add(property::LICENSE_KEY, &key.0);
    if let Some(standard) = context.standard(key) {
        license.properties.add(property::LICENSE_STANDARD_REF, standard);
    }
    let Some(terms) = context.index.report.inventory.terms.get(key) else { return };
    license.properties.add(property::LICENSE_FAMILY, &terms.family);
    license.properties.add(property::CONVEYANCE_MODEL, terms.grant.conveyance.name());
    license.properties.add(property::CONVEYANCE_DIRECTNESS, terms.grant.directness.name());
    license.licensing = Some(Licensing {
        alt_ids: vec![terms.spdx.clone()],
        licensor: terms.licensor.as_deref().map(Party::named),
        licensee: None,
    });
}

/// The licences of an ancestor outside the scan, as the effective terms of its descendant have them.
pub(super) fn of_ancestor(
    context: &Context<'_>,
    applied: &[&AppliedLicense],
) -> Vec<LicenseChoice> {
    let decided = applied.iter().filter(|license| license.alternatives.is_empty());
    decided
        .map(|applied| {
            let mut license = License::of(context.index.spdx(&applied.key));
            license.acknowledgement = acknowledgement(stands(applied.basis));
            license.properties.add(property::LICENSE_KEY, &applied.key.0);
            license.properties.add(property::EVIDENCE_METHOD, applied.basis.name());
            license.choice()
        })
        .collect()
}

/// The customer bundle as the licences of the product: the vendor's own, then one for each licence
/// and grantor. Entries without a known licence are properties of the product, not licences.
pub(super) fn of_product(
    context: &Context<'_>,
    refs: &mut crate::report::refs::Refs,
) -> Vec<LicenseChoice> {
    let report = context.index.report;
    let Some(product) = &report.product else { return Vec::new() };
    let bundle = &report.assessment.bundle;
    let own = bundle.product_license.as_deref().map(|text| {
        let mut license = License::of(text);
        license.bom_ref = Some(refs.take(&format!("bundle:product:{text}")));
        license.acknowledgement = Some(Acknowledgement::Declared);
        license.properties.add(property::BUNDLE_ROLE, "product-license");
        license.licensing = Some(Licensing {
            alt_ids: Vec::new(),
            licensor: product.vendor.as_deref().map(Party::named),
            licensee: Some(Party::named(EACH_CUSTOMER)),
        });
        license.choice()
    });
    let granted = bundle.entries.iter().filter(|entry| entry.license.is_some());
    let granted = granted.map(|entry| of_entry(context, refs, entry).choice());
    own.into_iter().chain(granted).collect()
}

const EACH_CUSTOMER: &str = "each customer";

fn of_entry(
    context: &Context<'_>,
    refs: &mut crate::report::refs::Refs,
    entry: &BundleEntry,
) -> License {
    let mut license = License::of(&entry.spdx);
    license.bom_ref = Some(refs.take(&format!("bundle:{}", entry.spdx)));
    license.acknowledgement = acknowledgement(stands(entry.basis));
    license.licensing = Some(Licensing {
        alt_ids: vec![entry.spdx.clone()],
        licensor: entry.grantor.as_deref().map(Party::named),
        licensee: Some(Party::named(EACH_CUSTOMER)),
    });
    let properties = &mut license.properties;
    properties.add(property::BUNDLE_ROLE, "component-license");
    properties.add(property::BUNDLE_BASIS, entry.basis.name());
    properties.add(property::BUNDLE_GRANT, grant(entry.conveyance));
    properties.each(
        property::BUNDLE_APPLIES_TO,
        entry.covers.iter().filter_map(|id| context.artifact(id)),
    );
    properties
        .each(property::LICENSE_TEXT_SHA256, entry.texts.iter().map(|text| text.sha256.hex()));
    properties.each(property::BUNDLE_GAP, entry.gaps.iter().map(|gap| &gap.what));
    if !entry.restrictions.is_empty() {
        properties.add(property::BUNDLE_USE_RESTRICTIONS, entry.restrictions.len().to_string());
    }
    let standard = entry.license.as_ref().and_then(|key| context.standard(key));
    properties.maybe(property::LICENSE_STANDARD_REF, standard);
    license
}

const fn grant(conveyance: Option<Conveyance>) -> &'static str {
    match conveyance {
        Some(Conveyance::DirectLicense) => "direct",
        Some(Conveyance::SublicenseWithFlowdown) => "sublicense",
        Some(Conveyance::CommercialFlowdown) => "contract",
        Some(Conveyance::NoConveyance) => "none",
        None => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_ids_are_sorted_and_on_the_list_we_read() {
        assert!(NEWER_THAN_SCHEMA.is_sorted());
        for id in NEWER_THAN_SCHEMA {
            assert_eq!(expression::read(id), Reading::One(Atom::Listed((*id).to_owned())));
        }
    }

    #[test]
    fn only_ids_of_the_schema_are_ids() {
        let shape = |text| {
            let license = License::of(text);
            (license.id, license.name)
        };
        assert_eq!(shape("MIT"), (Some("MIT".into()), None));
        assert_eq!(shape("LicenseRef-x"), (None, Some("LicenseRef-x".into())));
        assert_eq!(shape("MVT-1.1"), (None, Some("MVT-1.1".into())));
        assert_eq!(shape("MIT OR ISC"), (None, Some("MIT OR ISC".into())));
        assert_eq!(shape("do what you like"), (None, Some("do what you like".into())));
    }

    #[test]
    fn a_text_that_is_not_utf8_keeps_its_bytes() {
        let attached = attach(b"caf\xe9");
        assert_eq!((attached.encoding, attached.content.as_str()), (Some("base64"), "Y2Fm6Q=="));
    }
}
