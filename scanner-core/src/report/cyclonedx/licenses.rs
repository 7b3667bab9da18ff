//! `licenses[]` of components: one expression, or license objects, never both.
//!
//! Some readers refuse a whole document when an expression stands beside anything else, and until 1.6
//! the schema allows no properties on an expression. So a compound licence is one expression entry
//! and its atoms are described under `evidence.licenses`; everything else is license objects. Since
//! 1.7 a licence that stands alone is an expression with its details; only the profile of the BSI,
//! which demands declared and concluded side by side, has two of them.

use std::collections::HashSet;

use super::Version;
use super::context::Context;
use super::license::{
    AttachedText, License, LicenseChoice, Licensing, Party, acknowledgement, is_compound,
};
use super::property;
use crate::model::{
    AppliedLicense, Artifact, ArtifactId, ContractParticulars, Digest, LicenseKey, Profile,
};
use crate::report::expression;
use crate::report::index::{Standing, stands};
use crate::report::place::cut;

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
        let mut entries = match context.index.report.profile {
            Profile::Standard => own.entries(),
            Profile::Bsi if context.version == Version::V1_7 => {
                return self.detailed(context, artifact, &own.sides());
            }
            Profile::Bsi => own.sides(),
        };
        // Beside an expression nothing may stand, so the firmest is written alone; what was declared
        // stays visible as a property and as evidence.
        if entries.iter().any(|(text, _)| is_compound(text)) {
            entries.drain(..entries.len() - 1);
        }
        if context.version == Version::V1_7 && entries.len() == 1 {
            return self.detailed(context, artifact, &entries);
        }
        entries
            .into_iter()
            .map(|(text, standing)| {
                if is_compound(text) {
                    LicenseChoice::expression(text, standing)
                } else {
                    self.license(context, artifact, text, standing).choice()
                }
            })
            .collect()
    }

    /// The form of 1.7: an expression for whatever is one.
    fn detailed(
        &mut self,
        context: &Context<'_>,
        artifact: &Artifact,
        entries: &[(&str, Standing)],
    ) -> Vec<LicenseChoice> {
        let mut choices = Vec::new();
        for &(text, standing) in entries {
            let reading = expression::read(text);
            choices.push(if reading.atoms().is_empty() {
                self.license(context, artifact, text, standing).choice()
            } else {
                let atoms = reading.atoms().iter().map(|atom| {
                    let license = self.license(context, artifact, atom.id(), standing);
                    (atom.id().to_owned(), license)
                });
                LicenseChoice::detailed(text, standing, atoms)
            });
        }
        choices
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
                license.text = texts.get(&found.path).map(|text| AttachedText::of(&text.bytes));
            }
        }
        license
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
    let parts = particulars(context, key);
    license.licensing = Some(Licensing {
        alt_ids: vec![cut(&terms.spdx).into_owned()],
        licensor: terms.licensor.as_deref().map(Party::named),
        licensee: parts.map(|parts| Party::named(&parts.licensee.name)),
        purchase_order: parts
            .and_then(|parts| parts.order.as_deref())
            .map(|order| cut(order).into_owned()),
        // The day belongs to the term.
        expiration: parts.and_then(|parts| parts.until).map(|day| format!("{day}T23:59:59Z")),
    });
}

/// What the parties of the contract with these terms may read.
fn particulars<'a>(context: &Context<'a>, key: &LicenseKey) -> Option<&'a ContractParticulars> {
    let product = context.index.report.product.as_ref()?;
    let contract = product.contracts.iter().find(|contract| contract.terms.key == *key)?;
    contract.particulars.as_ref()
}

/// The firmest licence of an ancestor inside the scan; its own component has the rest.
pub(super) fn of_parent(context: &Context<'_>, id: &ArtifactId) -> Vec<LicenseChoice> {
    let entries = context.index.own_license(id).entries();
    let choice = entries.last().map(|(text, standing)| {
        if is_compound(text) {
            return LicenseChoice::expression(text, *standing);
        }
        let mut license = License::of(text);
        license.acknowledgement = acknowledgement(*standing);
        license.choice()
    });
    choice.into_iter().collect()
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
