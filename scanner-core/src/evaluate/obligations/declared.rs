//! Obligations that only the vendor's declaration about the product can show.

use super::{Duty, Verdict};
use crate::model::ObligationStatus::{Contradicted, NeedsDeclaration, Satisfied};
use crate::model::{Location, Product, ShipMode, Threshold};

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
    match ships(duty) {
        Some((product, ShipMode::Hosted)) => Verdict::seen(
            Contradicted,
            "the product is declared `hosted`",
            settings(product, "product.ships"),
        ),
        Some((product, mode)) => {
            let because = format!("the product is declared `{}`", mode.name());
            Verdict::seen(Satisfied, because, settings(product, "product.ships"))
        }
        None => undeclared("product.ships"),
    }
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
    let metric = duty.obligation.params.get("metric");
    let threshold = duty
        .terms
        .into_iter()
        .flat_map(|terms| &terms.thresholds)
        .find(|threshold| Some(&threshold.metric) == metric);
    let Some(threshold) = threshold else {
        return Verdict::new(NeedsDeclaration, "only the vendor can say");
    };
    let (field, declared) = match &*threshold.metric {
        "mau" | "monthly-unique-users" => {
            ("product.monthly_users", duty.scene.product.and_then(|product| product.monthly_users))
        }
        "annual-revenue" => {
            ("product.revenue", duty.scene.product.and_then(|product| product.revenue))
        }
        other => {
            let because = format!("only the vendor can say how large its `{other}` is");
            return Verdict::new(NeedsDeclaration, because);
        }
    };
    let (Some(product), Some(declared)) = (duty.scene.product, declared) else {
        return undeclared(field);
    };
    let words = format!(
        "`{field}` is declared as {declared}, the threshold is {} {} ({})",
        threshold.operator, threshold.value, threshold.window
    );
    if exceeds(declared, threshold) {
        Verdict::seen(Contradicted, words, settings(product, field))
    } else {
        Verdict::seen(Satisfied, words, settings(product, field))
    }
}

fn exceeds(declared: u64, threshold: &Threshold) -> bool {
    match &*threshold.operator {
        ">=" => declared >= threshold.value,
        _ => declared > threshold.value,
    }
}

fn ships<'a>(duty: &Duty<'a>) -> Option<(&'a Product, ShipMode)> {
    let product = duty.scene.product?;
    Some((product, product.ships?))
}

fn undeclared(field: &str) -> Verdict {
    Verdict::new(NeedsDeclaration, format!("`{field}` is not declared"))
}

fn settings(product: &Product, key: &str) -> Vec<Location> {
    let file = product.declared_in.as_ref();
    file.map(|file| Location::user_file(file).at_key(key)).into_iter().collect()
}
