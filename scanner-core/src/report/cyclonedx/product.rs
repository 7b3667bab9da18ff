//! The customer bundle as the licences of the product.

use super::context::Context;
use super::license::{Acknowledgement, License, LicenseChoice, Licensing, Party, acknowledgement};
use super::property;
use crate::model::{BundleEntry, Conveyance};
use crate::report::index::stands;
use crate::report::place::cut;
use crate::report::refs::Refs;

/// The customer bundle as the licences of the product: the vendor's own, then one for each licence
/// and grantor. Entries without a known licence are properties of the product, not licences.
pub(super) fn licenses(context: &Context<'_>, refs: &mut Refs) -> Vec<LicenseChoice> {
    let report = context.index.report;
    let Some(product) = &report.product else { return Vec::new() };
    let bundle = &report.assessment.bundle;
    let own = bundle.product_license.as_deref().map(|text| {
        let mut license = License::of(text);
        license.bom_ref = Some(refs.take(&format!("bundle:product:{text}")));
        license.acknowledgement = Some(Acknowledgement::Declared);
        license.properties.add(property::BUNDLE_ROLE, "product-license");
        license.licensing = Some(Licensing {
            alt_ids: Vec::new(),
            licensor: product.vendor.as_deref().map(Party::named),
            licensee: Some(Party::named(EACH_CUSTOMER)),
            ..Licensing::default()
        });
        license.choice()
    });
    let granted = bundle.entries.iter().filter(|entry| entry.license.is_some());
    let granted = granted.map(|entry| of_entry(context, refs, entry).choice());
    own.into_iter().chain(granted).collect()
}

const EACH_CUSTOMER: &str = "each customer";

fn of_entry(context: &Context<'_>, refs: &mut Refs, entry: &BundleEntry) -> License {
    let mut license = License::of(&entry.spdx);
    license.bom_ref = Some(refs.take(&format!("bundle:{}", entry.spdx)));
    license.acknowledgement = acknowledgement(stands(entry.basis));
    license.licensing = Some(Licensing {
        alt_ids: vec![cut(&entry.spdx).into_owned()],
        licensor: entry.grantor.as_deref().map(Party::named),
        licensee: Some(Party::named(EACH_CUSTOMER)),
        ..Licensing::default()
    });
    let properties = &mut license.properties;
    properties.add(property::BUNDLE_ROLE, "component-license");
    properties.add(property::BUNDLE_BASIS, entry.basis.name());
    properties.add(property::BUNDLE_GRANT, grant(entry.conveyance));
    properties.each(
        property::BUNDLE_APPLIES_TO,
        entry.covers.iter().filter_map(|id| context.artifact(id)),
    );
    properties
        .each(property::LICENSE_TEXT_SHA256, entry.texts.iter().map(|text| text.sha256.hex()));
    properties.each(property::BUNDLE_GAP, entry.gaps.iter().map(|gap| &gap.what));
    if !entry.restrictions.is_empty() {
        properties.add(property::BUNDLE_USE_RESTRICTIONS, entry.restrictions.len().to_string());
    }
    let standard = entry.license.as_ref().and_then(|key| context.standard(key));
    properties.maybe(property::LICENSE_STANDARD_REF, standard);
    license
}

const fn grant(conveyance: Option<Conveyance>) -> &'static str {
    match conveyance {
        Some(Conveyance::DirectLicense) => "direct",
        Some(Conveyance::SublicenseWithFlowdown) => "sublicense",
        Some(Conveyance::CommercialFlowdown) => "contract",
        Some(Conveyance::NoConveyance) => "none",
        None => "unknown",
    }
}
