//! `hasExtractedLicensingInfos`: a text for every `LicenseRef-` that the document uses.

use spdx_rs::models::OtherLicensingInformationDetected;

use super::elements::Elements;
use crate::report::references::references;

pub(super) fn extracted(elements: &Elements<'_>) -> Vec<OtherLicensingInformationDetected> {
    references(&elements.index, super::packages::other_expressions(elements))
        .into_iter()
        .map(|reference| OtherLicensingInformationDetected {
            extracted_text: reference.text(),
            license_name: reference.name(),
            license_cross_reference: Vec::new(),
            license_comment: reference.comment(),
            license_identifier: reference.id,
        })
        .collect()
}
