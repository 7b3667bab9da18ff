//! The names that parts of one document use for each other.

use std::collections::HashMap;

use super::Version;
use crate::model::{ArtifactId, LicenseKey, Obligation, Profile, RelationKind};
use crate::report::index::{self, Index, Outside};
use crate::report::refs::{Alphabet, Refs};
use crate::report::standard::{Standard, standards};

/// Lookups and bom-refs of one document, fixed before any part is written.
pub(super) struct Context<'a> {
    pub(super) index: Index<'a>,
    pub(super) version: Version,
    pub(super) standards: Vec<Standard<'a>>,
    /// Datasets that cards name and that are not part of the scan.
    pub(super) datasets: Vec<Outside<'a>>,
    pub(super) root: String,
    pub(super) tool: String,
    plugins: HashMap<&'a str, String>,
    artifacts: HashMap<&'a ArtifactId, String>,
    dataset_refs: HashMap<&'a str, String>,
    standard_refs: HashMap<&'a LicenseKey, String>,
    obligation_refs: HashMap<(&'a LicenseKey, &'a str, &'a str), String>,
}

impl<'a> Context<'a> {
    /// Builds the context and returns the names that are still free.
    pub(super) fn new(index: Index<'a>, version: Version) -> (Self, Refs) {
        let report = index.report;
        let mut refs = Refs::new(Alphabet::BomRef);
        let root = refs.take(if report.product.is_some() { "product" } else { "source" });
        let tool = refs.take("tool:flowdown");
        let plugins = report
            .plugins
            .iter()
            .map(|plugin| (plugin.id.as_str(), refs.take(&format!("plugin:{}", plugin.id))))
            .collect();
        let artifacts = report
            .inventory
            .artifacts
            .iter()
            .map(|artifact| (&artifact.id, refs.take(&artifact.id.0)))
            .collect();
        let datasets: Vec<Outside<'a>> =
            index::outside(report, |relation| relation.kind == RelationKind::TrainedOn)
                .into_values()
                .collect();
        let dataset_refs = datasets
            .iter()
            .map(|dataset| (dataset.name, refs.take(&format!("dataset:{}", dataset.name))))
            .collect();
        let standards = standards(&index);
        let mut standard_refs = HashMap::new();
        let mut obligation_refs = HashMap::new();
        for standard in &standards {
            let key = standard.key;
            standard_refs.insert(key, refs.take(&format!("std:{key}")));
            for obligation in &standard.obligations {
                let name = format!("req:{key}:{}:{}", obligation.kind, obligation.clause);
                let place = (key, obligation.kind.as_str(), obligation.clause.as_str());
                obligation_refs.insert(place, refs.take(&name));
            }
        }
        let context = Self {
            index,
            version,
            standards,
            datasets,
            root,
            tool,
            plugins,
            artifacts,
            dataset_refs,
            standard_refs,
            obligation_refs,
        };
        (context, refs)
    }

    /// Whether the document follows the guideline of the BSI.
    pub(super) fn is_bsi(&self) -> bool {
        self.index.report.profile == Profile::Bsi
    }

    pub(super) fn plugin(&self, id: &str) -> Option<&str> {
        self.plugins.get(id).map(String::as_str)
    }

    /// Whether a bom-ref is that of a plugin.
    pub(super) fn has_plugin_ref(&self, reference: &str) -> bool {
        self.plugins.values().any(|known| known == reference)
    }

    /// The bom-ref of an artifact; `None` for an id that is not in the inventory.
    pub(super) fn artifact(&self, id: &ArtifactId) -> Option<&str> {
        self.artifacts.get(id).map(String::as_str)
    }

    pub(super) fn dataset(&self, name: &str) -> Option<&str> {
        self.dataset_refs.get(name).map(String::as_str)
    }

    pub(super) fn standard(&self, key: &LicenseKey) -> Option<&str> {
        self.standard_refs.get(key).map(String::as_str)
    }

    pub(super) fn obligation<'b>(
        &'b self,
        key: &'b LicenseKey,
        obligation: &'b Obligation,
    ) -> Option<&'b str> {
        let place = (key, obligation.kind.as_str(), obligation.clause.as_str());
        self.obligation_refs.get(&place).map(String::as_str)
    }
}
