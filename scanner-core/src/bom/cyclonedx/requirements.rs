//! What licences ask for, as `definitions.standards[].requirements[]`.

use std::collections::{BTreeMap, BTreeSet};

use super::{first, properties};
use crate::bom::tree::{self, Node, Object};

/// Obligations and use restrictions by licence.
#[derive(Default)]
pub(super) struct Requirements {
    obligations: BTreeMap<String, BTreeSet<String>>,
    restrictions: BTreeMap<String, BTreeSet<String>>,
}

impl Requirements {
    pub(super) fn of(root: &Object) -> Self {
        let mut requirements = Self::default();
        let definitions = root.get("definitions").and_then(Node::as_object);
        let standards = definitions.map(|it| it.list("standards")).unwrap_or_default();
        standards.iter().for_each(|standard| requirements.standard(standard));
        // 1.5 has no definitions: each standard is the value of a property.
        let moved = properties(root);
        for text in moved.get("flowdown:definitions:standard").into_iter().flatten() {
            if let Ok(standard) = tree::read_json(text.as_bytes()) {
                requirements.standard(&standard);
            }
        }
        requirements
    }

    fn standard(&mut self, standard: &Node) {
        let Some(standard) = standard.as_object() else { return };
        for requirement in standard.list("requirements").iter().filter_map(Node::as_object) {
            let properties = properties(requirement);
            let Some(license) = first(&properties, "flowdown:requirement:license") else {
                continue;
            };
            let clause = requirement.text("identifier").unwrap_or_default();
            match first(&properties, "flowdown:requirement:kind") {
                Some("obligation") => {
                    let kind = first(&properties, "flowdown:requirement:category");
                    let line = format!("{license} {} {clause}", kind.unwrap_or_default());
                    self.obligations.entry(license.to_owned()).or_default().insert(line);
                }
                Some("use-restriction") => {
                    let line = format!("{license} {clause}");
                    self.restrictions.entry(license.to_owned()).or_default().insert(line);
                }
                _ => {}
            }
        }
    }

    /// The obligations that come with `licenses`.
    pub(super) fn obligations(&self, licenses: &BTreeSet<&str>) -> BTreeSet<String> {
        of(&self.obligations, licenses)
    }

    /// The use restrictions that come with `licenses`.
    pub(super) fn restrictions(&self, licenses: &BTreeSet<&str>) -> BTreeSet<String> {
        of(&self.restrictions, licenses)
    }
}

fn of(all: &BTreeMap<String, BTreeSet<String>>, licenses: &BTreeSet<&str>) -> BTreeSet<String> {
    licenses.iter().filter_map(|license| all.get(*license)).flatten().cloned().collect()
}
