//! What licences ask for, as `definitions.standards[].requirements[]`.

use std::collections::{BTreeMap, BTreeSet};

use super::{first, properties};
use crate::bom::tree::{self, Node, Object};

/// More restrictions no licence has, and each component repeats those of its licences.
const LINES: usize = 500;

/// Obligations by the component that owes them, use restrictions by licence.
#[derive(Default)]
pub(super) struct Requirements {
    /// By the reference of the requirement.
    lines: BTreeMap<String, String>,
    obligations: BTreeMap<String, BTreeSet<String>>,
    restrictions: BTreeMap<String, BTreeSet<String>>,
}

impl Requirements {
    pub(super) fn of(root: &Object) -> Self {
        let mut requirements = Self::default();
        // 1.5 has neither definitions nor declarations: each is the value of a property.
        let moved = properties(root);
        let moved = |name: &str| -> Vec<Node> {
            let texts = moved.get(name).into_iter().flatten();
            texts.filter_map(|text| tree::read_json(text.as_bytes()).ok()).collect()
        };
        let listed = |owner: &str, list: &str| {
            root.get(owner).and_then(Node::as_object).map(|it| it.list(list)).unwrap_or_default()
        };
        let standards = listed("definitions", "standards");
        for standard in standards.iter().chain(&moved("flowdown:definitions:standard")) {
            requirements.standard(standard);
        }
        let attestations = listed("declarations", "attestations");
        for attestation in attestations.iter().chain(&moved("flowdown:declarations:attestation")) {
            requirements.attestation(attestation);
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
                    if let Some(reference) = requirement.text("bom-ref") {
                        self.lines.insert(reference.to_owned(), line);
                    }
                }
                Some("use-restriction") => {
                    let line = format!("{license} {clause}");
                    self.restrictions.entry(license.to_owned()).or_default().insert(line);
                }
                _ => {}
            }
        }
    }

    /// An attestation of ours names at the end of its summary whose obligations it lists.
    fn attestation(&mut self, attestation: &Node) {
        let Some(attestation) = attestation.as_object() else { return };
        let summary = attestation.text("summary").and_then(|it| it.strip_suffix(')'));
        let Some((_, target)) = summary.and_then(|it| it.rsplit_once(" (")) else { return };
        let map = attestation.each("map").iter().filter_map(Node::as_object);
        let lines = map.filter_map(|entry| self.lines.get(entry.text("requirement")?)).cloned();
        let lines: Vec<String> = lines.collect();
        self.obligations.entry(target.to_owned()).or_default().extend(lines);
    }

    /// The obligations of a component.
    pub(super) fn obligations(&self, reference: &str) -> BTreeSet<String> {
        self.obligations.get(reference).cloned().unwrap_or_default()
    }

    /// The use restrictions that come with `licenses`.
    pub(super) fn restrictions(&self, licenses: &BTreeSet<&str>) -> BTreeSet<String> {
        let of_each = licenses.iter().filter_map(|license| self.restrictions.get(*license));
        of_each.flatten().take(LINES).cloned().collect()
    }
}
