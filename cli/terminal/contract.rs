//! What the vendor owes under a contract: duties towards the licensor, which no customer sees.

use std::collections::BTreeSet;

use flowdown_core::evaluate::PASSED_ON;
use flowdown_core::model::{ArtifactAssessment, Contract, Dormancy, ObligationStatus, Product};

use super::clean;

/// One line for each contract that applies to the artifact: with whom, until when, what is owed.
pub(super) fn lines(product: Option<&Product>, assessment: &ArtifactAssessment) -> Vec<String> {
    let contracts = product.into_iter().flat_map(|product| &product.contracts);
    let licenses = &assessment.effective.licenses;
    contracts
        .filter(|contract| licenses.iter().any(|license| license.key == contract.terms.key))
        .map(|contract| line(contract, assessment))
        .collect()
}

fn line(contract: &Contract, assessment: &ArtifactAssessment) -> String {
    let mut words = clean(&contract.terms.name);
    if let Some(parts) = &contract.particulars {
        words.push_str(&format!(" with {}", clean(&parts.licensor.name)));
        if let Some(until) = parts.until {
            words.push_str(&format!(", until {until}"));
        }
    }
    let owed: BTreeSet<String> = assessment
        .obligations
        .iter()
        .filter(|owed| {
            owed.license == contract.terms.key
                && owed.dormancy == Dormancy::Active
                && !PASSED_ON.contains(&&*owed.obligation.kind)
        })
        .map(|owed| {
            let kind = clean(&owed.obligation.kind);
            match owed.status {
                ObligationStatus::NotEvidencable => kind,
                status => format!("{kind} ({})", status.name()),
            }
        })
        .collect();
    if owed.is_empty() {
        return words;
    }
    format!("{words}: {}", owed.into_iter().collect::<Vec<_>>().join(", "))
}
