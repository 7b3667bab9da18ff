//! What an image says of itself, in each format.

use serde_json::Value;

use crate::{fixture, written};

/// The example of an image, of which nobody declares a product.
fn parsed(format: &str) -> Value {
    let mut report = fixture::layered();
    report.product = None;
    serde_json::from_str(&written(format, &report)).unwrap()
}

/// Name and value of properties about images.
fn about_images(properties: &Value, name: &str, value: &str) -> Vec<(String, String)> {
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let properties = properties.as_array().unwrap().iter();
    properties
        .map(|it| (text(&it[name]), text(&it[value])))
        .filter(|(name, _)| name.starts_with("flowdown:image:"))
        .collect()
}

#[test]
fn every_format_has_what_the_image_says() {
    let cyclonedx = parsed("cyclonedx");
    assert_eq!(cyclonedx["metadata"]["component"]["type"], "container");
    let found = about_images(&cyclonedx["metadata"]["properties"], "name", "value");
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["attachment", "config", "label", "layer", "manifest", "name", "platform"]
            .map(|name| format!("flowdown:image:{name}"))
    );
    assert_eq!(found[2].1, "org.opencontainers.image.licenses=Apache-2.0");
    assert!(found[0].1.starts_with("https://spdx.dev/Document sha256:"), "{}", found[0].1);

    let graph = parsed("spdx-3")["@graph"].as_array().unwrap().clone();
    let of = |kind: &str| graph.iter().find(|it| it["type"] == kind).unwrap();
    let extension = &of("software_Sbom")["extension"][0]["extension_cdxProperty"];
    let named = about_images(extension, "extension_cdxPropName", "extension_cdxPropValue");
    assert_eq!(named, found);
    let root = &of("software_Sbom")["rootElement"][0];
    let root = graph.iter().find(|it| it["spdxId"] == *root).unwrap();
    assert_eq!(root["software_primaryPurpose"], "container");

    let spdx = parsed("spdx");
    assert_eq!(spdx["packages"][0]["primaryPackagePurpose"], "CONTAINER");
    let comment = spdx["packages"][0]["annotations"][0]["comment"].as_str().unwrap();
    let data: Value = serde_json::from_str(comment.strip_prefix("flowdown:").unwrap()).unwrap();
    for (name, value) in found {
        assert_eq!(data["properties"][name][0], value);
    }
}

#[test]
fn of_several_images_only_names_and_manifests_are_told() {
    let mut report = fixture::layered();
    report.images.push(report.images[0].clone());
    let document: Value = serde_json::from_str(&written("cyclonedx", &report)).unwrap();
    let found = about_images(&document["metadata"]["properties"], "name", "value");
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    let (manifest, name) = ("flowdown:image:manifest", "flowdown:image:name");
    assert_eq!(names, [manifest, manifest, name, name]);
    // A declared product is what is described, whatever it ships in.
    assert_eq!(document["metadata"]["component"]["type"], "application");
}
