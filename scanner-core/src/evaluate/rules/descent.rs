//! What the rules on derivatives share: the licences of ancestors that the artifact's own licence
//! does not keep, and the words and places of a finding about one.

use crate::model::{
    AppliedLicense, Basis, Distillation, Finding, LicenseTerms, Location, ProfileKind, Recognition,
    RelationKind,
};

use super::{Case, Code};
use crate::evaluate::conclusion;

/// The licence of an ancestor that is not among the artifact's own.
pub(super) struct Base<'a> {
    pub(super) license: &'a AppliedLicense,
    pub(super) terms: &'a LicenseTerms,
}

impl<'a> Case<'a> {
    /// The artifact's own licences; several when a statement has several meanings or joins them.
    pub(super) fn own(&self) -> Vec<&'a AppliedLicense> {
        let licenses = self.assessment.effective.licenses.iter();
        licenses.filter(|license| license.from_ancestor.is_none()).collect()
    }

    /// Licences of ancestors that the artifact neither states nor carries the text of, where it has
    /// a licence of its own to compare with. Of several candidates the first speaks for all.
    pub(super) fn omitted(&self) -> Vec<Base<'a>> {
        let own = self.own();
        if own.is_empty() {
            return Vec::new();
        }
        let elsewhere = conclusion::texts_of_others(self.artifact);
        let carried = |base: &AppliedLicense| {
            self.scene.text_matches(self.artifact).iter().any(|text| {
                text.key == base.key
                    && text.kind == ProfileKind::License
                    && text.recognition == Recognition::Exact
                    && !elsewhere.contains(&text.path)
            })
        };
        let inherited = self.assessment.effective.licenses.iter();
        inherited
            .filter(|base| base.from_ancestor.is_some())
            .filter(|base| base.alternatives.iter().all(|other| base.key < *other))
            .filter(|base| {
                !own.iter().any(|own| own.key == base.key || base.alternatives.contains(&own.key))
            })
            .filter(|base| !carried(base))
            .filter_map(|license| Some(Base { license, terms: self.scene.terms(&license.key)? }))
            .collect()
    }

    /// A finding about the licence of an ancestor; `what` says what is wrong.
    pub(super) fn against(&self, base: &Base<'_>, rule: Code, what: &str, fix: String) -> Finding {
        let own = self.own();
        let own_words: Vec<String> = own
            .iter()
            .map(|license| format!("{} ({})", self.scene.spdx(&license.key), license.basis.name()))
            .collect();
        let license = base.license;
        let certainty = if license.alternatives.is_empty() && license.basis != Basis::Catalogue {
            ""
        } else {
            ", as far as it is known"
        };
        // What a text says of models trained on outputs, or does not.
        let is_open = license.relation == Some(RelationKind::DistilledFrom)
            && base.terms.grant.distillation == Distillation::Silent;
        let reach = if is_open {
            "; whether its definition of a derivative reaches a model trained on outputs, the text \
             leaves open"
        } else {
            ""
        };
        let mut because: Vec<Location> = license.evidence.clone();
        because.extend(own.iter().flat_map(|license| license.evidence.iter().cloned()));
        because.sort();
        because.dedup();
        Finding {
            artifact: Some(self.artifact.id.clone()),
            rule,
            license: Some(license.key.clone()),
            clause: Some(base.terms.grant.clause.clone()),
            message: format!(
                "`{}` is under {}, its ancestor `{}` under {} ({}{certainty}): {what}{reach}",
                self.artifact.label(),
                if own_words.is_empty() {
                    "no known licence".to_owned()
                } else {
                    own_words.join(" and ")
                },
                license.from_ancestor.as_deref().unwrap_or("an ancestor"),
                base.terms.spdx,
                license.basis.name(),
            ),
            because,
            fix,
        }
    }
}
