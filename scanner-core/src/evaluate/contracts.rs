//! What contracts do to the statements about an artifact's licence.
//!
//! A statement such as `proprietary` only says that a contract has the terms. A contract that is in
//! force decides where it is the only one; licences in whose place it says it stands are then set
//! aside, with the reason. Two contracts, or one that is not in force, decide nothing: what they
//! state is one more statement, and statements that exclude each other stay a contradiction.

use std::collections::BTreeSet;

use super::Scene;
use super::conclusion::list;
use crate::model::{
    ArtifactId, Claim, Contract, ContractCoverage, ContractStatus, LicenseKey, LicenseStatement,
    LicenseTerms,
};

type Statement = Claim<LicenseStatement>;

impl<'a> Scene<'a> {
    /// The contracts of the product, each with what it covers, sorted by key.
    pub(crate) fn contracts(&self) -> impl Iterator<Item = (&'a Contract, &'a ContractCoverage)> {
        let coverage = &self.inventory.contracts;
        let contracts = self.product.into_iter().flat_map(|product| &product.contracts);
        contracts.filter_map(|contract| Some((contract, coverage.get(&contract.terms.key)?)))
    }

    /// The contract whose terms have this key.
    pub(crate) fn contract(&self, key: &LicenseKey) -> Option<&'a Contract> {
        self.contracts().map(|(contract, _)| contract).find(|it| it.terms.key == *key)
    }

    /// The contracts that cover an artifact.
    pub(crate) fn contracts_on(
        &self,
        artifact: &ArtifactId,
    ) -> Vec<(&'a Contract, &'a ContractCoverage)> {
        self.contracts().filter(|(_, it)| it.artifacts.contains_key(artifact)).collect()
    }

    /// The contract that decides on an ancestor outside the scan.
    pub(super) fn contract_on_ancestor(&self, name: &str) -> Option<&'a Contract> {
        let covering = self.contracts().filter(|(_, it)| it.ancestors.contains_key(name));
        deciding(&covering.collect::<Vec<_>>())
    }

    /// Whether a statement only says that a contract has the terms.
    fn calls_for_a_contract(&self, statement: &LicenseStatement) -> bool {
        !statement.candidates.is_empty()
            && statement
                .candidates
                .iter()
                .all(|key| self.terms(key).is_some_and(LicenseTerms::is_pattern))
    }

    /// What the statements that only a contract can fill say, where no contract covers the artifact.
    pub(super) fn unfilled(&self, artifact: &ArtifactId) -> Vec<&'a Statement> {
        if !self.contracts_on(artifact).is_empty() {
            return Vec::new();
        }
        let claims = self.inventory.claims.get(artifact).into_iter().flatten();
        claims.filter(|claim| self.calls_for_a_contract(&claim.value)).collect()
    }
}

/// The only contract, if it is in force.
fn deciding<'a>(covering: &[(&'a Contract, &'a ContractCoverage)]) -> Option<&'a Contract> {
    match covering {
        [(contract, coverage)] if coverage.status == ContractStatus::InForce => Some(contract),
        _ => None,
    }
}

/// The statements about one artifact, by what contracts leave of them.
pub(super) struct Statements<'a> {
    /// Those that count.
    pub(super) standing: Vec<&'a Statement>,
    /// The words of those that call for a contract where none covers the artifact.
    pub(super) unfilled: BTreeSet<String>,
    /// The contract that decides.
    contract: Option<&'a Contract>,
    /// Licences in whose place it stands.
    set_aside: BTreeSet<&'a LicenseKey>,
}

impl<'a> Statements<'a> {
    /// Sorts `claims` about `artifact`.
    pub(super) fn of(artifact: &ArtifactId, claims: Vec<&'a Statement>, scene: &Scene<'a>) -> Self {
        let covering = scene.contracts_on(artifact);
        let mut statements = Self {
            standing: Vec::new(),
            unfilled: BTreeSet::new(),
            contract: deciding(&covering),
            set_aside: BTreeSet::new(),
        };
        for claim in claims {
            let candidates = &claim.value.candidates;
            if scene.calls_for_a_contract(&claim.value) {
                if covering.is_empty() {
                    statements.unfilled.extend(claim.value.stated.clone());
                }
            } else if statements.replaces(candidates) {
                statements.set_aside.extend(candidates);
            } else {
                statements.standing.push(claim);
            }
        }
        statements
    }

    /// Whether the deciding contract stands in place of everything that a statement can mean.
    fn replaces(&self, candidates: &[LicenseKey]) -> bool {
        let Some(contract) = self.contract else { return false };
        !candidates.is_empty() && candidates.iter().all(|key| contract.replaces.contains(key))
    }

    /// Why a contract decides, for the conclusion; `None` where none does.
    pub(super) fn because(&self, scene: &Scene<'_>) -> Option<String> {
        let contract = self.contract?;
        let aside: BTreeSet<String> = self.set_aside.iter().map(|key| scene.spdx(key)).collect();
        let instead = if aside.is_empty() {
            String::new()
        } else {
            format!(" and stands in place of {}, as it says itself", list(&aside))
        };
        Some(format!("the contract `{}` covers it{instead}", contract.terms.name))
    }
}
