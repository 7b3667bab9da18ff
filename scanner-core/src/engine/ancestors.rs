//! Ancestors outside the scan that the catalogue of known models knows.

use std::collections::BTreeMap;

use crate::identify::{self, Catalogue, KnownModel};
use crate::model::{KnownAncestor, LicenseChange, LicenseKey, Relation, RelationTarget};
use crate::resolve::Knowledge;

/// The known ones among the ancestors that `relations` name, and their own ancestors in turn, by
/// the name that leads to them.
pub(super) fn known(
    relations: &[Relation],
    knowledge: &Knowledge,
) -> BTreeMap<String, KnownAncestor> {
    let catalogue = Catalogue::built_in();
    let mut known = BTreeMap::new();
    let named = relations.iter().filter(|relation| relation.kind.is_lineage());
    for relation in named {
        let RelationTarget::Elsewhere { name, .. } = &relation.to else { continue };
        let mut name = name.clone();
        while !known.contains_key(&name) {
            let Some(model) = catalogue.find(&name) else { break };
            let ancestor = ancestor(model, knowledge);
            let parent = ancestor.parent.clone();
            known.insert(name, ancestor);
            match parent {
                Some(parent) => name = parent,
                None => break,
            }
        }
    }
    known
}

/// The changes of licence that ancestors outside the scan went through, by the name that a relation
/// states.
pub(super) fn relicensed(
    relations: &[Relation],
    knowledge: &Knowledge,
) -> BTreeMap<String, LicenseChange> {
    let lineage = relations.iter().filter(|relation| relation.kind.is_lineage());
    let named = lineage.filter_map(|relation| match &relation.to {
        RelationTarget::Elsewhere { name, .. } => Some((name, identify::relicensed(name)?)),
        RelationTarget::Here(_) => None,
    });
    let spdx = |keys: &[LicenseKey], stated: &str| {
        let id = keys.first().and_then(|key| knowledge.spdx_ids.get(key));
        id.cloned().unwrap_or_else(|| stated.to_owned())
    };
    named
        .map(|(name, row)| {
            let (from, to) = (knowledge.candidates(&row.from), knowledge.candidates(&row.to));
            let change = LicenseChange {
                record: row.id.clone(),
                from_words: spdx(&from, &row.from),
                to_words: spdx(&to, &row.to),
                from,
                on: row.on.clone(),
                commit: row.commit.clone(),
            };
            (name.clone(), change)
        })
        .collect()
}

/// The repository that a row of the catalogue names: its key, or a repository already.
fn repository(stated: &str) -> String {
    let row = Catalogue::built_in().find(stated).filter(|row| row.id == stated);
    let repository = row.and_then(|row| row.repo.split(" | ").find(|repo| repo.contains('/')));
    repository.unwrap_or(stated).to_owned()
}

/// What the row's licence can mean: of a model that was relicensed, both, since no row says which of
/// its revisions an artifact descends from.
fn licenses(model: &KnownModel, knowledge: &Knowledge) -> Vec<LicenseKey> {
    let Some(change) = model.repo.split(" | ").find_map(identify::relicensed) else {
        return knowledge.candidates(&model.license);
    };
    let mut licenses = knowledge.candidates(&change.from);
    licenses.extend(knowledge.candidates(&change.to));
    licenses.sort();
    licenses.dedup();
    licenses
}

fn ancestor(model: &KnownModel, knowledge: &Knowledge) -> KnownAncestor {
    KnownAncestor {
        record: model.id.clone(),
        stated: model.license.clone(),
        licenses: licenses(model, knowledge),
        verified: model.is_verified(),
        license_verified: model.license_is_verified(),
        parent: model.derived_from.as_deref().map(repository),
    }
}
