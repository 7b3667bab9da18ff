//! What the scanned image says of itself, as properties: claims of whoever built it.

use super::property::{self, Properties};
use crate::model::{Report, ScannedImage};

/// Labels, layers and attachments are listed up to this many each.
const LISTED: usize = 256;

/// Names and manifests of every image; everything else when there is one, since properties do not say
/// to which of several they belong.
pub(super) fn properties(report: &Report, properties: &mut Properties) {
    if let [only] = report.images.as_slice() {
        of_one(only, properties);
    }
    let names = report.images.iter().flat_map(|image| &image.names).take(LISTED);
    let manifests = report.images.iter().filter_map(|image| image.manifest).take(LISTED);
    properties.each(property::IMAGE_MANIFEST, manifests.map(|digest| digest.to_string()));
    properties.each(property::IMAGE_NAME, names);
    if let [only] = report.images.as_slice() {
        properties.maybe(property::IMAGE_PLATFORM, only.platform.as_ref());
    }
}

fn of_one(image: &ScannedImage, properties: &mut Properties) {
    for attachment in image.attachments.iter().take(LISTED) {
        let digest = attachment.digest.map(|digest| format!(" {digest}")).unwrap_or_default();
        properties.add(property::IMAGE_ATTACHMENT, format!("{}{digest}", attachment.kind));
    }
    properties.maybe(property::IMAGE_CONFIG, image.config.map(|digest| digest.to_string()));
    let labels = image.labels.iter().take(LISTED);
    properties.each(property::IMAGE_LABEL, labels.map(|(name, value)| format!("{name}={value}")));
    // A layer by its content, else by its blob.
    let layers = image.layers.iter().filter_map(|(content, blob)| content.or(*blob)).take(LISTED);
    properties.each(property::IMAGE_LAYER, layers.map(|digest| digest.to_string()));
}
