//! Sizes above which other terms apply, compared with what the vendor declares.

use super::{Verdict, settings, undeclared};
use crate::model::ObligationStatus::{Contradicted, NeedsDeclaration, Satisfied};
use crate::model::{LicenseTerms, Obligation, Product, Threshold};

/// What a vendor declares of a size.
type Declared = fn(&Product) -> Option<u64>;

/// Metrics of records, sorted, with the key that declares the number and how to get it.
const METRICS: &[(&str, &str, Declared)] = &[
    ("annual-revenue", "product.revenue", |product| product.revenue),
    ("dau", "product.daily_users", |product| product.daily_users),
    ("mau", "product.monthly_users", |product| product.monthly_users),
    ("monthly-revenue", "product.monthly_revenue", |product| product.monthly_revenue),
    ("monthly-unique-users", "product.monthly_users", |product| product.monthly_users),
    ("team-size", "product.team_size", |product| product.team_size),
];

/// The threshold that `obligation` speaks of.
pub(in crate::evaluate) fn of<'a>(
    obligation: &Obligation,
    terms: Option<&'a LicenseTerms>,
) -> Option<&'a Threshold> {
    let metric = obligation.params.get("metric")?;
    terms?.thresholds.iter().find(|threshold| threshold.metric == *metric)
}

/// Thresholds that no obligation speaks of, because something else than a separate licence follows.
pub(in crate::evaluate) fn without_obligation(
    terms: &LicenseTerms,
) -> impl Iterator<Item = &Threshold> {
    terms.thresholds.iter().filter(|threshold| {
        let mut owed = terms.obligations.iter();
        !owed.any(|owed| owed.params.get("metric") == Some(&threshold.metric))
    })
}

/// The key of the settings file that would decide, if it is not declared.
pub(in crate::evaluate) fn missing_key(
    threshold: &Threshold,
    product: Option<&Product>,
) -> Option<&'static str> {
    let (key, declared) = number(threshold, product)?;
    match declared {
        None if is_commercial_only(threshold) && commercial(product) == Some(false) => None,
        None => Some(key),
        Some(size) if exceeds(size, threshold) && is_commercial_only(threshold) => {
            commercial(product).is_none().then_some("product.commercial")
        }
        Some(_) => None,
    }
}

/// Whether the product is below `threshold`, as declared.
pub(in crate::evaluate) fn verdict(threshold: &Threshold, product: Option<&Product>) -> Verdict {
    let (Some((key, size)), true) = (number(threshold, product), is_comparable(threshold)) else {
        let metric = &threshold.metric;
        let because = format!("only the vendor can say how large its `{metric}` is");
        return Verdict::new(NeedsDeclaration, because);
    };
    if let (Some(product), true, Some(false)) =
        (product, is_commercial_only(threshold), commercial(product))
    {
        let because = format!(
            "the threshold of `{}` concerns commercial use, and the product is declared \
             non-commercial",
            threshold.metric
        );
        return Verdict::seen(Satisfied, because, settings(product, "product.commercial"));
    }
    let (Some(product), Some(size)) = (product, size) else { return undeclared(key) };
    let words = format!("`{key}` is declared as {size}, the threshold is {}", words(threshold));
    if !exceeds(size, threshold) {
        return Verdict::seen(Satisfied, words, settings(product, key));
    }
    if is_commercial_only(threshold) && product.commercial.is_none() {
        let because = format!(
            "{words}; it concerns commercial use, and `product.commercial` is not declared"
        );
        return Verdict::seen(NeedsDeclaration, because, settings(product, key));
    }
    Verdict::seen(Contradicted, words, settings(product, key))
}

/// The number and what surrounds it: `> 700000000 (month before …)`.
pub(in crate::evaluate) fn words(threshold: &Threshold) -> String {
    let currency = threshold.currency.as_ref().map_or_else(String::new, |it| format!(" {it}"));
    let exempt =
        threshold.exempt.as_ref().map_or_else(String::new, |exempt| format!("; exempt: {exempt}"));
    let Threshold { operator, value, window, .. } = threshold;
    format!("{operator} {value}{currency} ({window}{exempt})")
}

fn number(threshold: &Threshold, product: Option<&Product>) -> Option<(&'static str, Option<u64>)> {
    let index = METRICS.binary_search_by_key(&&*threshold.metric, |(metric, ..)| *metric).ok()?;
    let (_, key, number) = METRICS[index];
    Some((key, product.and_then(number)))
}

/// Money is declared in US dollars.
fn is_comparable(threshold: &Threshold) -> bool {
    threshold.currency.as_ref().is_none_or(|currency| currency == "USD")
}

/// Whether the record says that only commercial use counts.
fn is_commercial_only(threshold: &Threshold) -> bool {
    threshold.window.contains("commercial") || threshold.effect.contains("commercial")
}

fn commercial(product: Option<&Product>) -> Option<bool> {
    product?.commercial
}

fn exceeds(declared: u64, threshold: &Threshold) -> bool {
    match &*threshold.operator {
        ">=" => declared >= threshold.value,
        _ => declared > threshold.value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ObligationStatus;

    fn threshold(metric: &str, effect: &str) -> Threshold {
        Threshold {
            metric: metric.to_owned(),
            value: 100,
            operator: ">".to_owned(),
            window: "month".to_owned(),
            effect: effect.to_owned(),
            clause: "2".to_owned(),
            exempt: None,
            currency: None,
        }
    }

    #[track_caller]
    fn check(
        threshold: &Threshold,
        declare: impl FnOnce(&mut Product),
        status: ObligationStatus,
        missing: Option<&str>,
    ) {
        let mut product = Product::default();
        declare(&mut product);
        assert_eq!(verdict(threshold, Some(&product)).status, status);
        assert_eq!(missing_key(threshold, Some(&product)), missing);
    }

    #[test]
    fn a_number_decides() {
        let users = threshold("mau", "no rights");
        check(&users, |_| {}, NeedsDeclaration, Some("product.monthly_users"));
        check(&users, |product| product.monthly_users = Some(100), Satisfied, None);
        check(&users, |product| product.monthly_users = Some(101), Contradicted, None);
        let from = Threshold { operator: ">=".to_owned(), ..threshold("dau", "no rights") };
        check(&from, |product| product.daily_users = Some(100), Contradicted, None);
    }

    #[test]
    fn commercial_thresholds_need_commercial_use() {
        let team = threshold("team-size", "commercial use not allowed");
        let large = |commercial| {
            move |product: &mut Product| {
                product.team_size = Some(500);
                product.commercial = commercial;
            }
        };
        check(&team, large(Some(true)), Contradicted, None);
        check(&team, large(Some(false)), Satisfied, None);
        check(&team, large(None), NeedsDeclaration, Some("product.commercial"));
        check(&team, |product| product.commercial = Some(false), Satisfied, None);
    }

    #[test]
    fn other_currencies_are_not_compared() {
        let euros =
            Threshold { currency: Some("EUR".to_owned()), ..threshold("annual-revenue", "x") };
        let declare = |product: &mut Product| product.revenue = Some(u64::MAX);
        check(&euros, declare, NeedsDeclaration, None);
    }

    /// A record with a metric that no key declares could never be decided.
    #[test]
    fn every_metric_of_the_catalogue_has_a_key() {
        assert!(METRICS.is_sorted_by_key(|(metric, ..)| *metric));
        let mut seen = 0;
        for family in ["commercial", "community", "open-source", "rail"] {
            let folder = format!("{}/../plugins/{family}/catalogue", env!("CARGO_MANIFEST_DIR"));
            for entry in std::fs::read_dir(folder).into_iter().flatten() {
                let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
                let record: toml::Table = text.parse().unwrap();
                let thresholds = record.get("threshold").and_then(toml::Value::as_array);
                for threshold in thresholds.into_iter().flatten() {
                    let metric = threshold["metric"].as_str().unwrap();
                    assert!(METRICS.iter().any(|(known, ..)| *known == metric), "{metric}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 5, "the catalogue has thresholds");
    }
}
