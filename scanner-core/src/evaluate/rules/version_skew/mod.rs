//! C13: an ancestor was relicensed, and nothing says which of its revisions the artifact descends
//! from. Which licence reaches the artifact depends on it.

use super::{Case, Code, Rule};
use crate::model::{Finding, Location, RelationTarget, names};

pub(super) struct VersionSkew;

impl Rule for VersionSkew {
    fn id(&self) -> &'static str {
        "version_skew"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::VersionSkew]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        for relation in case.scene.lineage(&case.artifact.id) {
            let RelationTarget::Elsewhere { name, .. } = &relation.to else { continue };
            let Some(change) = case.scene.inventory.license_changes.get(name) else { continue };
            let revision = case.artifact.facts_named(names::ADAPTER_REVISION.as_str());
            let revision = revision.filter_map(|fact| fact.value.as_text()).next();
            let stated = revision.map_or_else(
                || "nothing states the revision it was made from".to_owned(),
                |revision| format!("it was made from revision `{revision}`"),
            );
            let mut because = relation.evidence.clone();
            because.push(Location::catalogue(&format!("relicensed/{}", change.record)));
            findings.push(Finding {
                artifact: Some(case.artifact.id.clone()),
                rule: Code::VersionSkew,
                license: change.from.first().cloned(),
                clause: None,
                message: format!(
                    "`{}` descends from `{name}`, which was under {} until {} (commit `{}`) and is \
                     under {} since; {stated}",
                    case.artifact.label(),
                    change.from_words,
                    change.on,
                    change.commit,
                    change.to_words
                ),
                because,
                fix: format!(
                    "find out the revision of `{name}` that was used; before `{}` the earlier \
                     licence came with it",
                    change.commit
                ),
            });
        }
    }
}
