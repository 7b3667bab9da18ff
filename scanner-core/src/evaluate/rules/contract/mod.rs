//! Contracts that do not fit what was found: they cover nothing, are not in force, name another
//! company, or stand beside each other; and artifacts that need a contract and have none.

use std::collections::BTreeSet;

use super::{Case, Code, ProductCase, Rule};
use crate::evaluate::conclusion::list;
use crate::evaluate::contracts::{self, Content};
use crate::model::{
    ArtifactKind, Contract, ContractCoverage, ContractParticulars, ContractStatus, Finding,
    LicenseStatus, Location,
};

pub(super) struct ContractFits;

impl Rule for ContractFits {
    fn id(&self) -> &'static str {
        "contract"
    }

    fn codes(&self) -> &'static [Code] {
        &[
            Code::ContractAmbiguous,
            Code::ContractDigestMismatch,
            Code::ContractMatchesNothing,
            Code::ContractMissing,
            Code::ContractOutOfTerm,
            Code::ContractPartyMismatch,
        ]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        missing(case, findings);
        ambiguous(case, findings);
        other_content(case, findings);
    }

    fn check_product(&self, case: &ProductCase<'_>, findings: &mut Vec<Finding>) {
        for (contract, coverage) in case.scene.contracts() {
            // In what customers receive, nothing is said of the contract itself.
            let Some(parts) = &contract.particulars else { continue };
            if coverage.is_empty() {
                findings.push(matches_nothing(case, contract, parts));
            } else {
                findings.extend(out_of_term(case, contract, parts, coverage));
            }
            findings.extend(party_mismatch(case, contract, parts));
        }
    }
}

/// The only statements call for a contract, and no contract covers the artifact.
fn missing(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let unfilled = case.scene.unfilled(&case.artifact.id);
    if unfilled.is_empty() || case.assessment.conclusion.status != LicenseStatus::Unknown {
        return;
    }
    let words: BTreeSet<&String> =
        unfilled.iter().filter_map(|claim| claim.value.stated.as_ref()).collect();
    let mut because: Vec<Location> =
        unfilled.iter().flat_map(|claim| claim.evidence.iter().cloned()).collect();
    because.sort();
    because.dedup();
    findings.push(Finding {
        artifact: Some(case.artifact.id.clone()),
        rule: Code::ContractMissing,
        license: None,
        clause: None,
        message: format!(
            "{} on `{}` says that a contract has its terms, and no contract that covers it is named",
            list(&words),
            case.artifact.label()
        ),
        because,
        fix: "name the contract under `product.contracts`, or remove the artifact; until then its \
              terms are unknown"
            .to_owned(),
    });
}

/// Several contracts cover one artifact.
fn ambiguous(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let covering = case.scene.contracts_on(&case.artifact.id);
    let [first, _, ..] = covering.as_slice() else { return };
    let names: BTreeSet<&String> =
        covering.iter().map(|(contract, _)| &contract.terms.name).collect();
    let because = covering.iter().filter_map(|(contract, coverage)| {
        let entry = coverage.artifacts[&case.artifact.id];
        Some(contract.particulars.as_ref()?.at(format!("contract.applies_to.{entry}")))
    });
    let because: Vec<Location> = because.chain(case.places()).collect();
    findings.push(Finding {
        artifact: Some(case.artifact.id.clone()),
        rule: Code::ContractAmbiguous,
        license: Some(first.0.terms.key.clone()),
        clause: None,
        message: format!(
            "{} contracts cover `{}`: {}; none of them decides, and all of them apply",
            covering.len(),
            case.artifact.label(),
            list(&names)
        ),
        because,
        fix: "narrow `applies_to` until one contract covers the artifact, or remove the one that \
              no longer governs it"
            .to_owned(),
    });
}

/// A contract covers the artifact by name, and the same entry names other content.
fn other_content(case: &Case<'_>, findings: &mut Vec<Finding>) {
    for (contract, coverage) in case.scene.contracts_on(&case.artifact.id) {
        let entry = coverage.artifacts[&case.artifact.id];
        let names_content =
            contract.applies_to.get(entry).is_some_and(|subject| subject.digest.is_some());
        // Where the contract forbids changes, that obligation is contradicted.
        let forbids_changes =
            contract.terms.obligations.iter().any(|duty| duty.kind == "no-modification");
        if !names_content || forbids_changes {
            continue;
        }
        let Content::Other(places, digests) = contracts::content(case.artifact, contract) else {
            continue;
        };
        let entry = contract
            .particulars
            .as_ref()
            .map(|parts| parts.at(format!("contract.applies_to.{entry}")));
        findings.push(Finding {
            artifact: Some(case.artifact.id.clone()),
            rule: Code::ContractDigestMismatch,
            license: Some(contract.terms.key.clone()),
            clause: None,
            message: format!(
                "the contract `{}` covers `{}` by name, and its content {} is none that the \
                 contract names",
                contract.terms.name,
                case.artifact.label(),
                list(&digests)
            ),
            because: places.into_iter().chain(entry).collect(),
            fix: "restore what the licensor delivered, or name the digest of the new delivery in \
                  the contract"
                .to_owned(),
        });
    }
}

fn matches_nothing(
    case: &ProductCase<'_>,
    contract: &Contract,
    parts: &ContractParticulars,
) -> Finding {
    let weights =
        case.scene.inventory.artifacts.iter().filter(|artifact| {
            matches!(artifact.kind, ArtifactKind::Model | ArtifactKind::Adapter)
        });
    let unread = weights.flat_map(|artifact| &artifact.files).any(|file| file.sha256.is_none());
    let names_digests = contract.applies_to.iter().any(|subject| subject.digest.is_some());
    let doubt = if unread && names_digests {
        "; some weights were not read to the end, so their digests could not be compared"
    } else {
        ""
    };
    product_finding(
        Code::ContractMatchesNothing,
        contract,
        format!(
            "the contract `{}` covers nothing here: none of its {} entries names an artifact{doubt}",
            contract.terms.name,
            contract.applies_to.len()
        ),
        vec![parts.at("contract.applies_to")],
        "correct digest, package URL or name in `applies_to`, or take the contract out of \
         `product.contracts`",
    )
}

fn out_of_term(
    case: &ProductCase<'_>,
    contract: &Contract,
    parts: &ContractParticulars,
    coverage: &ContractCoverage,
) -> Option<Finding> {
    let (key, words) = match coverage.status {
        ContractStatus::InForce => return None,
        ContractStatus::Ended => ("contract.until", format!("ended on {}", parts.until?)),
        ContractStatus::NotYet => {
            let key =
                if parts.from >= parts.effective { "contract.from" } else { "contract.effective" };
            (key, format!("begins on {}", parts.begins()?))
        }
    };
    let labels = coverage.artifacts.keys().filter_map(|id| case.scene.inventory.artifact(id));
    let covered: BTreeSet<String> = labels
        .map(crate::model::Artifact::label)
        .chain(coverage.ancestors.keys().cloned())
        .collect();
    Some(product_finding(
        Code::ContractOutOfTerm,
        contract,
        format!(
            "the contract `{}`, which covers {}, is not in force: it {words}; it decides nothing",
            contract.terms.name,
            list(&covered)
        ),
        vec![parts.at(key)],
        "renew the contract, name the one that is in force, or remove what it covers",
    ))
}

fn party_mismatch(
    case: &ProductCase<'_>,
    contract: &Contract,
    parts: &ContractParticulars,
) -> Option<Finding> {
    let product = case.scene.product?;
    let vendor = product.vendor.as_ref()?;
    if parts.licensee.includes(vendor) {
        return None;
    }
    let mut because = vec![parts.at("contract.licensee")];
    let settings = product.declared_in.as_ref();
    because.extend(settings.map(|file| Location::user_file(file).at_key("product.vendor")));
    Some(product_finding(
        Code::ContractPartyMismatch,
        contract,
        format!(
            "the licensee of the contract `{}` is `{}`, the vendor of the product is `{vendor}`",
            contract.terms.name, parts.licensee.name
        ),
        because,
        "name the vendor among `contract.licensee.affiliates` if the contract covers it, or obtain \
         one that does",
    ))
}

fn product_finding(
    rule: Code,
    contract: &Contract,
    message: String,
    because: Vec<Location>,
    fix: &str,
) -> Finding {
    Finding {
        artifact: None,
        rule,
        license: Some(contract.terms.key.clone()),
        clause: None,
        message,
        because,
        fix: fix.to_owned(),
    }
}
