//! A report as customers may read it: contracts between the vendor and its licensors are
//! confidential, as is its policy, and what they leave to the customer is not.
//!
//! What is hidden is taken out of the inventory, and everything else follows from what is left: the
//! same evaluation runs once more, so that no conclusion, obligation or finding can carry what its
//! own input no longer has.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::evaluate;
use crate::model::{
    Contract, Dormancy, LicenseKey, LicenseTerms, Location, Obligation, ObligationStatus, Report,
    UserFile,
};

/// Kinds of obligation that bind whoever receives the artifact, or that the vendor meets towards
/// the recipient; sorted. Of every other kind, customers see nothing, unless the contract says
/// that it flows to all tiers.
const FOR_RECIPIENTS: &[&str] = &[
    "ai-disclosure",
    "attribution",
    "attribution-display",
    "bind-recipients",
    "comply-with-law",
    "comply-with-policy",
    "content-filter",
    "copy-of-licence",
    "direct-grant-statement",
    "export-compliance",
    "flowdown-use-restrictions",
    "mark-modified-files",
    "model-naming",
    "no-endorsement",
    "no-hosting",
    "no-modification",
    "no-redistribution",
    "no-reverse-engineering",
    "no-sublicense",
    "no-trademark",
    "no-train-other-models",
    "non-commercial-only",
    "not-permit-others",
    "notice-file",
    "notify-recipients",
    "output-accountability",
    "output-owned-by-licensor",
    "output-terms-copy",
    "require-users-comply",
    "research-only",
    "retain-documentation",
    "retain-notices",
    "third-party-beneficiary",
    "warranty-passthrough",
];

/// What says whether an obligation must be passed on again.
const FLOW_TO_ALL_TIERS: &str = "flow_to_all_tiers";

/// What stands in place of a clause: its number belongs to a text that customers do not have.
const CLAUSE: &str = "contract";

/// The report as customers may read it. Without contracts and policy it is the report itself.
pub fn for_customers(report: &Report) -> Cow<'_, Report> {
    let contracts = report.product.as_ref().map_or(&[][..], |product| &product.contracts);
    if contracts.is_empty() && report.policy.is_none() {
        return Cow::Borrowed(report);
    }
    let files: BTreeSet<UserFile> = contracts
        .iter()
        .filter_map(|contract| contract.particulars.as_ref())
        .flat_map(|parts| std::iter::once(&parts.declared_in).chain(parts.evidence.values()))
        .cloned()
        .collect();
    let keys: BTreeSet<LicenseKey> =
        contracts.iter().map(|contract| contract.terms.key.clone()).collect();
    let mut edition = report.clone();
    // What the vendor's own policy makes of it concerns nobody else; the evaluation below leaves
    // its findings out.
    edition.policy = None;
    for contract in edition.product.iter_mut().flat_map(|product| &mut product.contracts) {
        hide(contract);
    }
    let inventory = &mut edition.inventory;
    for (_, terms) in inventory.terms.iter_mut().filter(|(key, _)| keys.contains(key)) {
        hide_terms(terms);
    }
    inventory.unclaimed.retain(|unclaimed| {
        !files.iter().any(|file| is_named(unclaimed.path.as_str(), file.path.as_str()))
    });
    for claim in inventory.claims.values_mut().flatten() {
        claim.evidence.retain(|at| !is_in(at, &files));
    }
    edition.assessment =
        evaluate::evaluate(&edition.inventory, edition.product.as_ref(), &edition.source.name);
    hide_progress(&mut edition, &keys);
    Cow::Owned(edition)
}

fn is_in(at: &Location, files: &BTreeSet<UserFile>) -> bool {
    files.iter().any(|file| Location::user_file(file).origin == at.origin && file.path == at.path)
}

/// Whether the scanned `path` can be the user's file `name`, whose path begins elsewhere.
fn is_named(path: &str, name: &str) -> bool {
    path == name || path.strip_suffix(name).is_some_and(|folder| folder.ends_with('/'))
}

fn hide(contract: &mut Contract) {
    contract.particulars = None;
    hide_terms(&mut contract.terms);
}

/// Leaves the licence's name, who licenses, how rights reach the customer, the restrictions, and the
/// duties that concern whoever receives it, without sums, days, names and clause numbers.
fn hide_terms(terms: &mut LicenseTerms) {
    terms.date = None;
    terms.notes.clear();
    terms.thresholds.clear();
    CLAUSE.clone_into(&mut terms.grant.clause);
    terms.grant.excludes.clear();
    terms.grant.hosting_is_distribution.clear();
    terms.grant.outputs.clear();
    terms.grant.governing_law.clear();
    terms.obligations.retain(|obligation| {
        FOR_RECIPIENTS.binary_search(&&*obligation.kind).is_ok() || flows(obligation)
    });
    for obligation in &mut terms.obligations {
        CLAUSE.clone_into(&mut obligation.clause);
        obligation.params.retain(|name, _| name == FLOW_TO_ALL_TIERS);
    }
    terms.obligations.sort();
    terms.obligations.dedup();
    for restriction in &mut terms.restrictions {
        restriction.note = None;
    }
}

fn flows(obligation: &Obligation) -> bool {
    obligation.params.get(FLOW_TO_ALL_TIERS).is_some_and(|value| value == "true")
}

/// Whether the vendor keeps its own contracts is between it and the licensor: customers see what is
/// owed, not how far it is met.
fn hide_progress(edition: &mut Report, keys: &BTreeSet<LicenseKey>) {
    let assessment = &mut edition.assessment;
    assessment.findings.retain(|finding| {
        let is_of_contract = finding.license.as_ref().is_some_and(|key| keys.contains(key));
        !is_of_contract && !finding.rule.as_str().starts_with("contract.")
    });
    let of_artifacts =
        assessment.artifacts.values_mut().flat_map(|artifact| &mut artifact.obligations);
    let of_entries = assessment
        .bundle
        .entries
        .iter_mut()
        .flat_map(|entry| entry.obligations.iter_mut().map(|(_, assessed)| assessed));
    for assessed in of_artifacts.chain(of_entries).filter(|it| keys.contains(&it.license)) {
        assessed.status = ObligationStatus::NotEvidencable;
        assessed.dormancy = Dormancy::Active;
        "whoever receives the artifact is bound by it".clone_into(&mut assessed.because);
        assessed.evidence.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::FOR_RECIPIENTS;

    #[test]
    fn kinds_for_recipients_are_of_the_vocabulary() {
        let vocabulary = include_str!("../../../plugins/sdk/vocab/obligations.toml");
        let vocabulary: toml::Table = vocabulary.parse().unwrap();
        let kinds = vocabulary["obligation_kind"].as_array().unwrap();
        let known: Vec<&str> = kinds.iter().map(|kind| kind["id"].as_str().unwrap()).collect();
        assert!(FOR_RECIPIENTS.is_sorted());
        for kind in FOR_RECIPIENTS {
            assert!(known.contains(kind), "{kind}");
        }
    }
}
