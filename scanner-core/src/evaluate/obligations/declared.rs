//! Obligations that only the vendor's declaration about the product can show.

use super::{Duty, Verdict, settings, threshold, undeclared};
use crate::model::ObligationStatus::{Contradicted, NeedsDeclaration, Satisfied};
use crate::model::{Product, ShipMode};

/// It may not be passed on.
pub(super) fn not_shipped(duty: &Duty<'_>) -> Verdict {
    match ships(duty) {
        Some((product, mode @ (ShipMode::Distributed | ShipMode::Embedded))) => {
            let because = format!("the product is declared `{}`", mode.name());
            Verdict::seen(Contradicted, because, settings(product, "product.ships"))
        }
        Some((product, mode)) => {
            let because = format!("the product is declared `{}`; copies stay here", mode.name());
            Verdict::seen(Satisfied, because, settings(product, "product.ships"))
        }
        None => undeclared("product.ships"),
    }
}

/// It may not be offered as a service.
pub(super) fn not_hosted(duty: &Duty<'_>) -> Verdict {
    let scope = duty.obligation.params.get("scope");
    match ships(duty) {
        Some((product, ShipMode::Hosted)) if is_free_of_charge(product, scope) => Verdict::seen(
            Satisfied,
            "the product is declared `hosted` and not commercial; the clause concerns revenue",
            settings(product, "product.commercial"),
        ),
        Some((product, ShipMode::Hosted)) => {
            let scope =
                scope.map_or_else(String::new, |scope| format!("; the clause concerns: {scope}"));
            let because = format!("the product is declared `hosted`{scope}");
            Verdict::seen(Contradicted, because, settings(product, "product.ships"))
        }
        Some((product, mode)) => {
            let because = format!("the product is declared `{}`", mode.name());
            Verdict::seen(Satisfied, because, settings(product, "product.ships"))
        }
        None => undeclared("product.ships"),
    }
}

/// Whether a clause that concerns revenue only does not concern the product.
fn is_free_of_charge(product: &Product, scope: Option<&String>) -> bool {
    product.commercial == Some(false) && scope.is_some_and(|scope| scope.contains("revenue"))
}

/// Only non-commercial use, or only research.
pub(super) fn not_commercial(duty: &Duty<'_>) -> Verdict {
    let Some((product, commercial)) =
        duty.scene.product.and_then(|product| Some((product, product.commercial?)))
    else {
        return undeclared("product.commercial");
    };
    let at = settings(product, "product.commercial");
    if commercial {
        return Verdict::seen(Contradicted, "the product is declared commercial", at);
    }
    if duty.obligation.kind == "research-only" {
        let because = "the product is declared non-commercial; whether it is research, only the \
                       vendor can say";
        return Verdict::seen(NeedsDeclaration, because, at);
    }
    Verdict::seen(Satisfied, "the product is declared non-commercial", at)
}

/// Below the size at which a separate licence is needed.
pub(super) fn below_threshold(duty: &Duty<'_>) -> Verdict {
    match threshold::of(duty.obligation, duty.terms) {
        Some(threshold) => threshold::verdict(threshold, duty.scene.product),
        None => Verdict::new(NeedsDeclaration, "only the vendor can say"),
    }
}

fn ships<'a>(duty: &Duty<'a>) -> Option<(&'a Product, ShipMode)> {
    let product = duty.scene.product?;
    Some((product, product.ships?))
}
