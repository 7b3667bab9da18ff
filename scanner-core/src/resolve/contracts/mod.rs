//! What each contract of the product covers, and the claims that follow. Pure.
//!
//! A contract covers an artifact by its content, its package URL or its name. That is a claim like
//! any other, on the vendor's word; whether it decides is for the evaluation. Ancestors outside the
//! scan are covered by the name that a relation states.

mod subject;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::model::{
    Artifact, ArtifactId, ArtifactKind, Basis, Claim, Contract, ContractCoverage, ContractStatus,
    ContractSubject, LicenseKey, LicenseStatement, Location, Relation, RelationTarget, ResolverId,
    Timestamp,
};

/// Who makes the claims of contracts.
const RESOLVER: &str = "contracts";

/// What contracts cover, and what follows for the licences of artifacts.
#[derive(Clone, Debug, Default)]
pub struct Contracted {
    /// By the key of the contract's terms, for every contract.
    pub coverage: BTreeMap<LicenseKey, ContractCoverage>,
    /// Licence claims by artifact, in the order of contracts.
    pub claims: BTreeMap<ArtifactId, Vec<Claim<LicenseStatement>>>,
}

/// Finds what `contracts` cover on the day of `created`.
pub fn contracts(
    contracts: &[Contract],
    created: Timestamp,
    artifacts: &[Artifact],
    relations: &[Relation],
) -> Contracted {
    let mut contracted = Contracted::default();
    for contract in contracts {
        let status = contract
            .particulars
            .as_ref()
            .map_or(ContractStatus::InForce, |parts| parts.status(created.date()));
        let mut coverage = ContractCoverage {
            status,
            artifacts: BTreeMap::new(),
            ancestors: ancestors(contract, relations),
        };
        for artifact in artifacts.iter().filter(|it| it.kind != ArtifactKind::Document) {
            let named = first(contract, |subject| subject::covers(subject, artifact));
            let Some(index) = named else { continue };
            coverage.artifacts.insert(artifact.id.clone(), index);
            let claims = contracted.claims.entry(artifact.id.clone()).or_default();
            claims.push(claim(contract, index, artifact));
        }
        contracted.coverage.insert(contract.terms.key.clone(), coverage);
    }
    contracted
}

/// The index of the first entry of `applies_to` that covers something.
fn first(contract: &Contract, covers: impl Fn(&ContractSubject) -> bool) -> Option<usize> {
    contract.applies_to.iter().position(covers)
}

/// Ancestors that are not in the scan and that `contract` names.
fn ancestors(contract: &Contract, relations: &[Relation]) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for relation in relations.iter().filter(|relation| relation.kind.is_lineage()) {
        let RelationTarget::Elsewhere { name, purl } = &relation.to else { continue };
        let covers =
            |subject: &ContractSubject| subject::covers_ancestor(subject, name, purl.as_ref());
        if let Some(index) = first(contract, covers) {
            found.insert(name.clone(), index);
        }
    }
    found
}

fn claim(contract: &Contract, index: usize, artifact: &Artifact) -> Claim<LicenseStatement> {
    let entry = format!("contract.applies_to.{index}");
    // The artifact's own place stays when the contract's is hidden from customers.
    let mut evidence = artifact.occurrences.clone();
    if evidence.is_empty() {
        evidence.push(Location::scanned(&artifact.folder));
    }
    evidence.extend(contract.particulars.iter().map(|parts| parts.at(&entry)));
    evidence.sort();
    evidence.dedup();
    Claim {
        value: LicenseStatement {
            stated: Some(contract.terms.name.clone()),
            candidates: vec![contract.terms.key.clone()],
            expression: Some(contract.terms.spdx.clone()),
            recognition: None,
        },
        basis: Basis::Declared,
        evidence,
        by: ResolverId(RESOLVER.to_owned()),
    }
}
