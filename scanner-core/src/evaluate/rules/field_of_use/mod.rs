//! The product is declared for a field of use that a licence restricts.

use std::collections::BTreeSet;

use super::{Case, Code, Rule};
use crate::evaluate::obligations;
use crate::model::{
    AppliedLicense, Finding, LicenseTerms, Location, Mental, Product, UseRestriction,
};

pub(super) struct FieldOfUse;

/// The category of restrictions on commercial use.
const COMMERCIAL: &str = "commercial-use";

impl Rule for FieldOfUse {
    fn id(&self) -> &'static str {
        "field_of_use"
    }

    fn codes(&self) -> &'static [Code] {
        &[Code::FieldRestricted]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        let Some(product) = case.scene.product else { return };
        let mut seen = BTreeSet::new();
        for license in &case.assessment.effective.licenses {
            let Some(terms) = case.scene.terms(&license.key) else { continue };
            if !seen.insert(&license.key) {
                continue;
            }
            for (field, key) in fields(product, terms) {
                findings.extend(restricted(case, license, terms, field, key));
            }
        }
    }
}

/// What the product is declared for, with the keys that say so.
fn fields<'a>(product: &'a Product, terms: &LicenseTerms) -> BTreeSet<(&'a str, &'static str)> {
    let declared = product.fields_of_use.iter().flatten();
    let mut fields: BTreeSet<(&str, &str)> =
        declared.map(|field| (&**field, "product.fields_of_use")).collect();
    // Where the licence is non-commercial as such, that obligation makes the finding.
    let is_obligation = terms
        .obligations
        .iter()
        .any(|obligation| matches!(&*obligation.kind, "non-commercial-only" | "research-only"));
    if product.commercial == Some(true) && !is_obligation {
        fields.insert((COMMERCIAL, "product.commercial"));
    }
    fields
}

fn restricted(
    case: &Case<'_>,
    license: &AppliedLicense,
    terms: &LicenseTerms,
    field: &str,
    key: &'static str,
) -> Option<Finding> {
    let product = case.scene.product?;
    let restrictions: Vec<&UseRestriction> = terms
        .restrictions
        .iter()
        .filter(|restriction| restriction.categories.iter().any(|category| category == field))
        .collect();
    if restrictions.is_empty() {
        return None;
    }
    let clauses: Vec<&str> = restrictions.iter().map(|it| &*it.label).collect();
    let words: Vec<String> = restrictions.iter().map(|it| words(it)).collect();
    let meaning = case.scene.inventory.categories.get(field).map_or("", String::as_str);
    let meaning = meaning.trim_end_matches('.').to_lowercase();
    let mut because: Vec<Location> = obligations::settings(product, key);
    because.extend(license.evidence.iter().cloned());
    Some(Finding {
        artifact: Some(case.artifact.id.clone()),
        rule: Code::FieldRestricted,
        license: Some(license.key.clone()),
        clause: Some(clauses.join(", ")),
        message: format!(
            "{} ({}) on `{}` restricts `{field}` ({meaning}): {}; `{key}` declares it",
            case.scene.spdx(&license.key),
            license.basis.name(),
            case.artifact.label(),
            words.join("; ")
        ),
        because,
        fix:
            "read the clause; leave the artifact out of that use, or get another licence from the \
              licensor"
                .to_owned(),
    })
}

/// A restriction with what limits it: `clause (h), only if intended, except with-consent`.
fn words(restriction: &UseRestriction) -> String {
    let mental = match restriction.mental {
        Mental::None => "",
        Mental::Intent => ", only if intended",
        Mental::Effect => ", only if it has the effect",
        Mental::IntentOrEffect => ", if intended or with the effect",
        Mental::Knowledge => ", only if known",
    };
    let exceptions = if restriction.exceptions.is_empty() {
        String::new()
    } else {
        format!(", except {}", restriction.exceptions.join(", "))
    };
    format!("clause {}{mental}{exceptions}", restriction.label)
}
