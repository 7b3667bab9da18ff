//! Which key of the settings file would decide what is open.

use super::{territory, threshold};
use crate::model::{Artifact, AssessedObligation, LicenseTerms, ObligationStatus, Product};

/// The keys of `[product]` that are not declared and would decide `owed`.
pub(in crate::evaluate) fn missing(
    artifact: &Artifact,
    owed: &AssessedObligation,
    terms: Option<&LicenseTerms>,
    product: Option<&Product>,
) -> Vec<&'static str> {
    if owed.status != ObligationStatus::NeedsDeclaration {
        return Vec::new();
    }
    let unless = |is_declared: bool, key| if is_declared { Vec::new() } else { vec![key] };
    match &*owed.obligation.kind {
        "no-redistribution" | "no-hosting" => {
            unless(product.is_some_and(|it| it.ships.is_some()), "product.ships")
        }
        "non-commercial-only" | "research-only" => {
            unless(product.is_some_and(|it| it.commercial.is_some()), "product.commercial")
        }
        "separate-licence-over-threshold" => threshold::of(&owed.obligation, terms)
            .and_then(|threshold| threshold::missing_key(threshold, product))
            .into_iter()
            .collect(),
        "territory-limit" => match territory::judge(artifact, &owed.obligation, product) {
            territory::Territory::Undeclared(keys) => keys,
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
