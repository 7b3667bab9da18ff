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
    Artifact, ArtifactFile, ArtifactId, Claim, Contract, ContractCoverage, ContractDigest,
    ContractStatus, FileRole, LicenseKey, LicenseStatement, LicenseTerms, Location,
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

    /// Whether `contract` stands in place of everything that a statement can mean. It names keys or
    /// SPDX ids.
    pub(super) fn replaces(&self, contract: &Contract, candidates: &[LicenseKey]) -> bool {
        !candidates.is_empty()
            && candidates.iter().all(|key| {
                let spdx = self.spdx(key);
                contract.replaces.iter().any(|named| named == key || named.0 == spdx)
            })
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
            } else if statements.contract.is_some_and(|it| scene.replaces(it, candidates)) {
                statements.set_aside.extend(candidates);
            } else {
                statements.standing.push(claim);
            }
        }
        statements
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

/// How the content of an artifact compares with the digests that a contract names.
pub(super) enum Content<'a> {
    /// The contract names none.
    Unnamed,
    /// All of it is what the contract names.
    Named(Vec<Location>),
    /// A part of it is not: these files, with these digests.
    Other(Vec<Location>, BTreeSet<String>),
    /// It was not read to the end.
    Unread(Vec<Location>),
    /// Only pointers to what the contract names are here.
    Pointers(Vec<Location>),
    /// The id of the artifact is what the contract names.
    Whole(&'a ArtifactId),
}

/// Compares every weight file, or of what has none every file, with the digests of `contract`.
pub(super) fn content<'a>(artifact: &'a Artifact, contract: &Contract) -> Content<'a> {
    let named: BTreeSet<&ContractDigest> =
        contract.applies_to.iter().filter_map(|subject| subject.digest.as_ref()).collect();
    if named.is_empty() {
        return Content::Unnamed;
    }
    if named.contains(&ContractDigest::Artifact(artifact.id.clone())) {
        return Content::Whole(&artifact.id);
    }
    let mut files: Vec<&ArtifactFile> = artifact.files_of(FileRole::Weights).collect();
    if files.is_empty() {
        files = artifact.files.iter().collect();
    }
    let digest = |file: &ArtifactFile| file.claimed_sha256.or(file.sha256);
    let places = |files: &[&ArtifactFile]| -> Vec<Location> {
        files.iter().map(|file| Location::scanned(&file.path)).collect()
    };
    let other: Vec<&ArtifactFile> = files
        .iter()
        .copied()
        .filter(|file| {
            digest(file).is_some_and(|digest| !named.contains(&ContractDigest::File(digest)))
        })
        .collect();
    if !other.is_empty() {
        let digests = other.iter().filter_map(|file| digest(file)).map(|it| it.to_string());
        return Content::Other(places(&other), digests.collect());
    }
    if files.is_empty() || files.iter().any(|file| digest(file).is_none()) {
        return Content::Unread(places(&files));
    }
    if files.iter().any(|file| file.claimed_sha256.is_some()) {
        return Content::Pointers(places(&files));
    }
    Content::Named(places(&files))
}
