//! Tests of a plugin, by its author: asks it through the C table, with the checks of the host.
//!
//! ```
//! # use flowdown_plugin_sdk::message::{Descriptor, Phase, ResolveRequest, ResolveResponse};
//! # struct Silent;
//! # impl flowdown_plugin_sdk::Resolver for Silent {
//! #     fn describe(&self) -> Descriptor {
//! #         let (families, needs) = (vec![], vec!["card.".into()]);
//! #         let (tags, terms, listed, profiles, phrases) = Default::default();
//! #         let (id, version, phase) = ("silent".into(), "1.0.0".into(), Phase::License);
//! #         Descriptor {
//! #             id, version, families, phase, needs, tags, terms, listed, profiles, phrases,
//! #         }
//! #     }
//! #     fn resolve(
//! #         &self,
//! #         _: &ResolveRequest,
//! #     ) -> Result<ResolveResponse, flowdown_plugin_sdk::ResolveError> {
//! #         Ok(ResolveResponse::default())
//! #     }
//! # }
//! # flowdown_plugin_sdk::export_plugin!(silent_harness, Silent);
//! use flowdown_plugin_sdk::harness::{Harness, model};
//!
//! let harness = Harness::new(&FLOWDOWN_PLUGIN)?;
//! let artifact = model("acme/small", &[("card.license", "mit".into())]);
//! let response = harness.resolve(vec![artifact])?;
//! assert!(response.artifacts.is_empty());
//! # Ok::<(), flowdown_plugin_sdk::harness::HarnessError>(())
//! ```

use std::collections::BTreeMap;

use serde_json::Value;

use crate::abi::{AbiError, Operation, Plugin, Table};
use crate::check::{self, MessageError};
use crate::message::{
    ABI_MAJOR, ArtifactView, Descriptor, FactView, ResolveRequest, ResolveResponse,
};

/// A plugin under test.
#[derive(Debug)]
pub struct Harness {
    plugin: Plugin,
    descriptor: Descriptor,
}

/// What the host would object to.
#[derive(Debug, thiserror::Error)]
pub enum HarnessError {
    /// The table, or the plugin itself.
    #[error(transparent)]
    Abi(#[from] AbiError),
    /// A message.
    #[error(transparent)]
    Message(#[from] MessageError),
}

impl Harness {
    /// Checks the table that [`crate::export_plugin!`] made, and the descriptor behind it.
    ///
    /// # Errors
    /// When a host would refuse the plugin.
    pub fn new(table: &'static Table) -> Result<Self, HarnessError> {
        // SAFETY: the table is a static of this type; whoever fills one by hand promises, as
        // every plugin does, functions that obey its contract.
        let plugin = unsafe { Plugin::new(table) }?;
        let descriptor: Descriptor = check::decode(&plugin.describe()?)?;
        check::descriptor(&descriptor)?;
        Ok(Self { plugin, descriptor })
    }

    /// What the plugin says of itself.
    pub const fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    /// Asks about artifacts. As in a scan, the plugin sees only the facts that it `needs`.
    ///
    /// # Errors
    /// When the plugin cannot answer, or answers what a host would refuse.
    pub fn resolve(
        &self,
        mut artifacts: Vec<ArtifactView>,
    ) -> Result<ResolveResponse, HarnessError> {
        let needed =
            |fact: &FactView| self.descriptor.needs.iter().any(|need| fact.name.starts_with(need));
        artifacts.iter_mut().for_each(|artifact| artifact.facts.retain(needed));
        let request =
            ResolveRequest { abi: ABI_MAJOR, settings: BTreeMap::new(), product: None, artifacts };
        self.ask(&request)
    }

    /// Asks a question as it is.
    ///
    /// # Errors
    /// When the plugin cannot answer, or answers what a host would refuse.
    pub fn ask(&self, request: &ResolveRequest) -> Result<ResolveResponse, HarnessError> {
        let input = serde_json::to_vec(request).expect("a request has text keys only");
        let response = check::decode(&self.plugin.call(Operation::RESOLVE, &input)?)?;
        check::response(request, &response)?;
        Ok(response)
    }
}

/// A model with facts from its card or configuration, `README.md`.
pub fn model(name: &str, facts: &[(&str, Value)]) -> ArtifactView {
    let facts = facts.iter().map(|(name, value)| FactView {
        name: (*name).to_owned(),
        value: value.clone(),
        path: "README.md".to_owned(),
    });
    ArtifactView {
        id: format!("model:{name}"),
        kind: "model".to_owned(),
        name: Some(name.to_owned()),
        facts: facts.collect(),
        text_matches: Vec::new(),
        parents: Vec::new(),
    }
}
