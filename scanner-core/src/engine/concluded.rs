//! What the vendor concludes where no plugin can say what it means: licences of contracts, and of ancestors
//! outside the scan.

use std::collections::BTreeMap;

use crate::model::{
    ArtifactId, Claim, Code, ConcludedAncestor, DeclaredComponent, Diagnostic, KnownAncestor,
    LicenseStatement, Product, Purl, Relation, RelationTarget,
};
use crate::resolve::Knowledge;

/// Gives the vendor's conclusions that name a contract their meaning.
pub(super) fn of_contracts(
    claims: &mut BTreeMap<ArtifactId, Vec<Claim<LicenseStatement>>>,
    product: Option<&Product>,
    knowledge: &Knowledge,
) {
    let components = || product.into_iter().flat_map(|product| &product.components);
    for claim in claims.values_mut().flatten().filter(|it| it.value.candidates.is_empty()) {
        let is_vendors = components().any(|component| claim.evidence.contains(&component.at));
        let stated = claim.value.stated.as_deref().filter(|_| is_vendors);
        if let Some((licenses, expression)) = stated.and_then(|it| knowledge.expression(it)) {
            claim.value.candidates = licenses;
            claim.value.expression = Some(expression);
        }
    }
}

/// The ancestors outside the scan that `components` are about, and what is wrong about those that are
/// about nothing. Only a whole name or package URL means an ancestor: a conclusion about everything that a
/// pattern meets would be none.
pub(super) fn of_ancestors(
    components: &[&DeclaredComponent],
    relations: &[Relation],
    known: &BTreeMap<String, KnownAncestor>,
    knowledge: &Knowledge,
) -> (BTreeMap<String, ConcludedAncestor>, Vec<Diagnostic>) {
    let mut concluded = BTreeMap::new();
    let mut diagnostics = Vec::new();
    let lineage = relations.iter().filter(|relation| relation.kind.is_lineage());
    let outside = lineage.filter_map(|relation| match &relation.to {
        RelationTarget::Elsewhere { name, purl } => Some((name, purl.as_ref())),
        RelationTarget::Here(_) => None,
    });
    let names: Vec<(&String, Option<&Purl>)> =
        outside.chain(known.keys().map(|name| (name, None))).collect();
    for component in components {
        let selector = component.artifact.as_str();
        let is_meant = |(name, purl): &&(&String, Option<&Purl>)| {
            name.eq_ignore_ascii_case(selector)
                || purl.is_some_and(|purl| purl.as_str() == selector)
        };
        let meant: Vec<&String> = names.iter().filter(is_meant).map(|(name, _)| *name).collect();
        let unused = |message: String, help: &str| {
            Diagnostic::new(Code::ProductComponentUnused, component.at.clone(), message).help(help)
        };
        if meant.is_empty() {
            let message = format!("`{selector}` is no part of what was scanned");
            diagnostics.push(unused(message, "correct `artifact` or remove the table"));
            continue;
        }
        if says_more(component) {
            let message = format!(
                "`{selector}` is an ancestor outside the scan, of which only `concluded_license` counts"
            );
            diagnostics.push(unused(message, "remove the other keys"));
        }
        let Some(stated) = &component.concluded_license else { continue };
        let Some((licenses, expression)) = knowledge.expression(stated) else {
            let message = format!("`{stated}` is not one licence that is known");
            diagnostics.push(unused(message, "name an SPDX id or a licence of the catalogue"));
            continue;
        };
        for name in meant {
            let ancestor = ConcludedAncestor {
                licenses: licenses.clone(),
                expression: expression.clone(),
                reason: component.reason.clone().unwrap_or_default(),
                at: component.at.clone(),
            };
            concluded.insert(name.clone(), ancestor);
        }
    }
    (concluded, diagnostics)
}

/// Whether there is more than a conclusion.
fn says_more(component: &DeclaredComponent) -> bool {
    component.version.is_some()
        || component.supplier.is_some()
        || component.creator.is_some()
        || component.file.is_some()
        || !component.copyright.is_empty()
}
