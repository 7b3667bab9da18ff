//! Obligations of contracts, with what the contract itself says of them: days, sums, scope.
//!
//! Content shows whether something was changed. The rest is between the parties: what the vendor
//! names a document for is shown by it, and everything else stays open, in the contract's own
//! figures.

use super::{Duty, Verdict, undecided};
use crate::evaluate::conclusion::list;
use crate::evaluate::contracts::{self, Content};
use crate::model::ObligationStatus::{Contradicted, NeedsDeclaration, NotEvidencable, Satisfied};
use crate::model::{Contract, Location, ObligationStatus, ShipMode};

/// The contract under which the duty is owed.
fn contract<'a>(duty: &Duty<'a>) -> Option<&'a Contract> {
    duty.scene.contract(&duty.license.key)
}

/// The artifact itself must be what the contract names. `None` when no contract says so, or the
/// artifact is only derived from what it covers.
pub(super) fn no_modification(duty: &Duty<'_>) -> Option<Verdict> {
    let contract = contract(duty)?;
    if duty.license.from_ancestor.is_some() {
        return None;
    }
    let (status, because, places) = match contracts::content(duty.artifact, contract) {
        Content::Unnamed => {
            let because = "the contract names no digest, so nothing shows whether it was changed";
            (NeedsDeclaration, because.to_owned(), Vec::new())
        }
        Content::Whole(id) => {
            let because = format!("the contract names `{id}`");
            (Satisfied, because, duty.artifact.occurrences.clone())
        }
        Content::Named(places) => {
            (Satisfied, "every digest is one that the contract names".to_owned(), places)
        }
        Content::Other(places, digests) => {
            let digests = list(&digests);
            let because = format!("it has {digests}, which the contract does not name");
            (Contradicted, because, places)
        }
        Content::Unread(places) => {
            let because = "its content was not read to the end, so no digest can be compared";
            (NeedsDeclaration, because.to_owned(), places)
        }
        Content::Pointers(places) => {
            let because = "only a pointer to the content that the contract names is here";
            (NeedsDeclaration, because.to_owned(), places)
        }
    };
    Some(Verdict::seen(status, because, places))
}

/// A contract that allows some recipients says so in `scope`; who receives the product, only the
/// vendor knows. `None` where no contract names a scope, or nothing is passed on.
pub(super) fn no_redistribution(duty: &Duty<'_>) -> Option<Verdict> {
    let contract = contract(duty)?;
    let scope = duty.obligation.params.get("scope")?;
    let ships = duty.scene.product.and_then(|product| product.ships);
    if !matches!(ships, Some(ShipMode::Distributed | ShipMode::Embedded)) {
        return None;
    }
    let because =
        format!("it may not be passed on {scope}; who receives it, only the vendor can say");
    Some(Verdict::seen(NeedsDeclaration, because, place(duty, contract)))
}

/// Every other obligation of a contract. `None` when no contract says so.
pub(super) fn verdict(duty: &Duty<'_>) -> Option<Verdict> {
    let contract = contract(duty)?;
    if let Some(shown) = documented(duty, contract) {
        return Some(shown);
    }
    let (status, mut because) = words(duty, contract).unwrap_or_else(|| {
        let open = undecided::verdict(duty.obligation);
        (open.status, open.because)
    });
    if duty.obligation.params.get("flow_to_all_tiers").is_some_and(|value| value == "true") {
        because.push_str("; every further recipient must pass it on again");
    }
    Some(Verdict::seen(status, because, place(duty, contract)))
}

/// A document that the vendor names shows what it is named for; whether it is complete, it does not
/// show.
fn documented(duty: &Duty<'_>, contract: &Contract) -> Option<Verdict> {
    let parts = contract.particulars.as_ref()?;
    let document = parts.evidence.get(&duty.obligation.kind)?;
    let because = format!(
        "the vendor names `{}` for it; whether that is complete, a person must read",
        document.path
    );
    let key = format!("contract.evidence.{}", duty.obligation.kind);
    let evidence = vec![parts.at(key), Location::user_file(document)];
    Some(Verdict::seen(Satisfied, because, evidence))
}

fn words(duty: &Duty<'_>, contract: &Contract) -> Option<(ObligationStatus, String)> {
    let param = |name: &str| duty.obligation.params.get(name).map(String::as_str);
    let licensor = contract.terms.licensor.as_deref().unwrap_or("the licensor");
    Some(match &*duty.obligation.kind {
        "audit" => {
            let often = param("frequency").map_or_else(String::new, |often| format!(" {often}"));
            let notice = param("notice_days")
                .map_or_else(String::new, |days| format!(", with {days} days' notice"));
            let because = format!("`{licensor}` may audit the vendor{often}{notice}");
            (NotEvidencable, format!("{because}; files show nothing of it"))
        }
        "indemnify-licensor" => {
            let scope = param("scope").map_or_else(String::new, |scope| format!(" for {scope}"));
            let cap = param("cap").map_or_else(String::new, |cap| format!(", up to {cap}"));
            let cap = with_currency(cap, param("currency"));
            let because = format!("the vendor holds `{licensor}` harmless{scope}{cap}");
            (NotEvidencable, format!("{because}; files show nothing of it"))
        }
        "liquidated-damages" => {
            let sum = param("formula")
                .or(param("amount"))
                .map_or_else(|| "a sum that is not recorded".to_owned(), str::to_owned);
            let sum = with_currency(sum, param("currency").filter(|_| param("formula").is_none()));
            let scope = param("scope").map_or_else(String::new, |scope| format!(" ({scope})"));
            let because = format!("a breach{scope} costs the vendor {sum}");
            (NotEvidencable, format!("{because}; whether one happened, files do not show"))
        }
        "report-downstream-violation" => {
            let within = param("deadline_days").map_or_else(
                || "in a time that is not recorded".to_owned(),
                |days| format!("within {days} days"),
            );
            let because = format!("a violation by a customer must be reported {within}");
            (NotEvidencable, format!("{because}; whether one happened, files do not show"))
        }
        "terminate-on-downstream-breach" => {
            let cure = param("cure_days").map_or_else(String::new, |days| {
                format!(", if it is not cured within {days} days")
            });
            let because =
                format!("`{licensor}` may end the contract for a customer's breach{cure}");
            (NotEvidencable, format!("{because}; whether one happened, files do not show"))
        }
        "third-party-beneficiary" => {
            let affiliates = param("affiliates")
                .map_or_else(String::new, |affiliates| format!(" with {affiliates}"));
            let because = format!(
                "the agreement with customers must name `{licensor}`{affiliates} as a third-party \
                 beneficiary"
            );
            (NeedsDeclaration, format!("{because}; its wording decides"))
        }
        "usage-fee" => {
            let amount = param("amount").unwrap_or("a fee that is not recorded").to_owned();
            let amount = with_currency(amount, param("currency"));
            let per = param("per").map_or_else(String::new, |per| format!(" per {per}"));
            (
                NeedsDeclaration,
                format!("{amount}{per} is due; whether it is paid, only the vendor can say"),
            )
        }
        _ => return None,
    })
}

fn with_currency(amount: String, currency: Option<&str>) -> String {
    match currency {
        Some(currency) if !amount.is_empty() => format!("{amount} {currency}"),
        _ => amount,
    }
}

/// The entry of the contract file that has the obligation.
fn place(duty: &Duty<'_>, contract: &Contract) -> Vec<Location> {
    let index = contract.terms.obligations.iter().position(|it| it == duty.obligation);
    let key = index.map_or_else(|| "obligation".to_owned(), |index| format!("obligation.{index}"));
    contract.particulars.iter().map(|parts| parts.at(&key)).collect()
}
