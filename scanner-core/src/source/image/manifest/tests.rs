use std::collections::BTreeMap;
use std::io;

use serde_json::{Value, json};

use super::{ImageError, Name, Platform, PlatformChoice, has_image, resolve};
use crate::model::{Digest, Limits};
use crate::source::image::Image;

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";

/// Documents by name.
#[derive(Default)]
struct Place(BTreeMap<String, Vec<u8>>);

impl Place {
    /// Adds a blob; its descriptor.
    fn blob(&mut self, media_type: &str, document: &Value) -> Value {
        let bytes = document.to_string().into_bytes();
        let digest = Digest::sha256_of(&bytes).to_string();
        let size = bytes.len();
        self.0.insert(format!("blobs/{}", digest.replace(':', "/")), bytes);
        json!({"mediaType": media_type, "digest": digest, "size": size})
    }

    /// Adds an image of one layer; the descriptor of its manifest.
    fn image(&mut self, architecture: &str, layer: u8) -> Value {
        let diff_id = Digest::sha256_of(&[layer]).to_string();
        let config = json!({
            "os": "linux", "architecture": architecture,
            "config": {"Labels": {"made-by": "test"}},
            "rootfs": {"diff_ids": [diff_id]},
        });
        let config = self.blob(CONFIG, &config);
        let layer = json!({
            "mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": diff_id, "size": 1,
        });
        self.blob(MANIFEST, &json!({"config": config, "layers": [layer]}))
    }

    fn document(&mut self, name: &str, document: &Value) {
        self.0.insert(name.to_owned(), document.to_string().into_bytes());
    }

    fn index(&mut self, manifests: &[Value]) {
        self.document("index.json", &json!({"manifests": manifests}));
        self.document("oci-layout", &json!({"imageLayoutVersion": "1.0.0"}));
    }

    fn resolve(&self, name: Option<&str>, choice: &PlatformChoice) -> Result<Told, ImageError> {
        let document = |name: &str| Ok(self.0.get(name).cloned());
        let (images, diagnostics) =
            resolve(&document, Name::only(name), choice, &Limits::default())?;
        let lines = diagnostics.iter().map(|it| format!("{}: {}", it.code.as_str(), it.message));
        Ok(Told { images, diagnostics: lines.collect() })
    }
}

#[derive(Debug)]
struct Told {
    images: Vec<Image>,
    diagnostics: Vec<String>,
}

fn named(mut descriptor: Value, name: &str) -> Value {
    descriptor["annotations"] = json!({"org.opencontainers.image.ref.name": name});
    descriptor
}

fn for_platform(mut descriptor: Value, architecture: &str) -> Value {
    let os = if architecture == "unknown" { "unknown" } else { "linux" };
    descriptor["platform"] = json!({"os": os, "architecture": architecture});
    descriptor
}

fn one(architecture: &str) -> PlatformChoice {
    PlatformChoice::One(Platform::parse(&format!("linux/{architecture}")).unwrap())
}

/// The platforms of the images that were chosen, or why there are none.
#[track_caller]
fn check(place: &Place, name: Option<&str>, choice: &PlatformChoice, expected: &str) {
    let told = match place.resolve(name, choice) {
        Ok(told) => {
            assert_eq!(told.diagnostics, [""; 0]);
            let platforms = told.images.iter().map(|it| it.platform.as_ref().unwrap().to_string());
            platforms.collect::<Vec<_>>().join(" ")
        }
        Err(error) => error.to_string(),
    };
    assert_eq!(told, expected);
}

#[test]
fn an_image_is_read_with_what_it_says_of_itself() {
    let mut place = Place::default();
    let image = named(place.image("amd64", 1), "1.0");
    place.index(std::slice::from_ref(&image));
    let told = place.resolve(None, &PlatformChoice::Host).unwrap();
    assert_eq!(told.diagnostics, [""; 0]);
    let [found] = &*told.images else { panic!("{told:?}") };
    assert_eq!(found.names, ["1.0"]);
    assert_eq!(found.manifest.unwrap().to_string(), image["digest"].as_str().unwrap());
    assert!(found.labels.contains(&("made-by".to_owned(), "test".to_owned())));
    let diff_id = Digest::sha256_of(&[1]);
    assert_eq!((found.layers[0].digest, found.layers[0].diff_id), (Some(diff_id), Some(diff_id)));
    assert_eq!(found.layers[0].blob, format!("blobs/sha256/{}", diff_id.hex()));
}

#[test]
fn an_image_for_several_platforms_is_one_image() {
    let mut place = Place::default();
    let amd = for_platform(place.image("amd64", 1), "amd64");
    let arm = for_platform(place.image("arm64", 2), "arm64");
    let attestation = for_platform(place.image("unknown", 3), "unknown");
    let inner = place.blob(INDEX, &json!({"manifests": [amd, arm, attestation]}));
    // Flat, below an index without a name, below one with a name.
    for index in [
        vec![amd.clone(), arm.clone(), attestation.clone()],
        vec![inner.clone()],
        vec![named(inner, "v")],
    ] {
        place.index(&index);
        check(&place, None, &one("arm64"), "linux/arm64");
        check(&place, None, &PlatformChoice::All, "linux/amd64 linux/arm64");
        check(
            &place,
            None,
            &one("s390x"),
            "it has no image for `linux/s390x`; it has `linux/amd64`, `linux/arm64`",
        );
    }
    check(&place, Some("v"), &one("amd64"), "linux/amd64");
    check(&place, arm["digest"].as_str(), &PlatformChoice::Host, "linux/arm64");
}

#[test]
fn of_several_images_one_must_be_named() {
    let mut place = Place::default();
    let [one_image, other, third] = [1, 2, 3].map(|layer| place.image("amd64", layer));
    let digest = third["digest"].as_str().unwrap().to_owned();
    place.index(&[named(one_image.clone(), "example.org/a/app:1"), named(other, "app:2"), third]);
    let several =
        format!("it holds 3 images; name one of `app:2`, `example.org/a/app:1`, `{digest}`");
    check(&place, None, &PlatformChoice::Host, &several);
    for name in ["example.org/a/app:1", "a/app:1", "app:1", "1", &digest] {
        check(&place, Some(name), &PlatformChoice::Host, "linux/amd64");
    }
    let none =
        format!("it holds no image `pp:1`; it has `app:2`, `example.org/a/app:1`, `{digest}`");
    check(&place, Some("pp:1"), &PlatformChoice::Host, &none);
    // Two names of one image.
    place.index(&[named(one_image.clone(), "1.0"), named(one_image, "latest")]);
    check(&place, Some("latest"), &PlatformChoice::Host, "linux/amd64");
}

#[test]
fn the_configuration_says_the_platform_where_the_index_does_not() {
    let mut place = Place::default();
    let image = place.image("amd64", 1);
    place.index(&[image]);
    check(&place, None, &one("amd64"), "linux/amd64");
    let other = "it has no image for `linux/arm64`; it has `linux/amd64`";
    check(&place, None, &one("arm64"), other);
}

#[test]
fn what_docker_saves_is_read() {
    let mut place = Place::default();
    place.document(
        "c1.json",
        &json!({"os": "linux", "architecture": "amd64", "rootfs": {"diff_ids": []}}),
    );
    let of = |config: &str, tags: Value| json!({"Config": config, "RepoTags": tags, "Layers": ["./a/layer.tar"]});
    place.document("manifest.json", &json!([of("c1.json", json!(["app:1", "app:2"]))]));
    let told = place.resolve(Some("app:2"), &PlatformChoice::Host).unwrap();
    assert_eq!(told.images[0].names, ["app:1", "app:2"]);
    assert_eq!(told.images[0].layers[0].blob, "a/layer.tar");
    assert_eq!(told.images[0].platform.as_ref().unwrap().to_string(), "linux/amd64");
    let two = json!([of("c1.json", json!(null)), of("c2.json", json!(["b:1"]))]);
    place.document("manifest.json", &two);
    check(&place, None, &PlatformChoice::Host, "it holds 2 images; name one of `c1.json`, `b:1`");
    check(&place, Some("b:1"), &PlatformChoice::Host, "`c2.json` cannot be read: it is not there");
}

#[test]
fn other_files_with_those_names_are_no_image() {
    let has = |documents: &[(&str, Value)]| {
        let place: BTreeMap<_, _> = documents.iter().cloned().collect();
        has_image(&|name| place.get(name).map(|it| it.to_string().into_bytes()))
    };
    let layout = ("oci-layout", json!({}));
    assert!(has(&[layout.clone(), ("index.json", json!({}))]));
    assert!(!has(&[("index.json", json!({}))]));
    assert!(!has(&[layout]));
    assert!(has(&[("manifest.json", json!([{"Config": "c.json", "Layers": []}]))]));
    assert!(!has(&[("manifest.json", json!({"short_name": "a web page"}))]));
    assert!(!has(&[("manifest.json", json!([]))]));
    assert!(!has(&[("manifest.json", json!([{"name": "x"}]))]));
}

#[test]
fn an_index_that_names_itself_does_not_hide_the_others() {
    let mut place = Place::default();
    let image = place.image("amd64", 1);
    // Its digest is wrong, as it must be.
    let digest = Digest::sha256_of(b"itself").to_string();
    let itself = json!({"mediaType": INDEX, "digest": digest});
    let name = format!("blobs/{}", digest.replace(':', "/"));
    place.document(&name, &json!({"manifests": [itself, for_platform(image, "amd64")]}));
    place.index(std::slice::from_ref(&itself));
    let told = place.resolve(None, &PlatformChoice::Host).unwrap();
    assert_eq!(told.images.len(), 1);
    assert!(told.diagnostics[0].starts_with("image.digest-mismatch: the document `blobs/sha256/"));
    assert_eq!(
        told.diagnostics[1],
        format!(
            "image.manifest-invalid: `{name}` is not what it should be: the index names itself"
        )
    );
    place.document(&name, &json!({"manifests": [itself]}));
    let error = place.resolve(None, &PlatformChoice::Host).unwrap_err().to_string();
    assert!(error.starts_with("`index.json` is not what it should be: "), "{error}");
}

#[test]
fn indexes_that_multiply_are_bounded() {
    let mut place = Place::default();
    let mut below = place.image("amd64", 1);
    for _ in 0..6 {
        let many = vec![below; 50];
        below = place.blob(INDEX, &json!({"manifests": many}));
    }
    place.index(&[named(below, "many")]);
    let told = place.resolve(None, &PlatformChoice::Host).unwrap();
    assert!(told.diagnostics.iter().all(|it| it.starts_with("limit.reached")));
    assert_eq!(told.images.len(), 1);
}

#[test]
fn documents_that_are_absent_or_wrong() {
    let mut place = Place::default();
    check(
        &place,
        None,
        &PlatformChoice::Host,
        "it holds no image: neither `index.json` nor `manifest.json` is there",
    );
    place.index(&[]);
    check(
        &place,
        None,
        &PlatformChoice::Host,
        "it holds no image: neither `index.json` nor `manifest.json` is there",
    );
    let amd = for_platform(place.image("amd64", 1), "amd64");
    let absent = for_platform(json!({"mediaType": MANIFEST, "digest": "sha256:00"}), "arm64");
    place.index(&[amd.clone(), absent]);
    check(&place, None, &one("amd64"), "linux/amd64");
    check(&place, None, &one("arm64"), "`blobs/sha256/00` cannot be read: it is not there");
    let told = place.resolve(None, &PlatformChoice::All).unwrap();
    assert_eq!(told.images.len(), 1);
    assert_eq!(
        told.diagnostics,
        ["image.manifest-invalid: `blobs/sha256/00` cannot be read: it is not there"]
    );
    // A document that was changed after its digest was taken.
    let name = format!("blobs/{}", amd["digest"].as_str().unwrap().replace(':', "/"));
    let mut changed: Value = serde_json::from_slice(&place.0[&name]).unwrap();
    changed["annotations"] = json!({"a": "b"});
    place.document(&name, &changed);
    place.index(&[amd]);
    let told = place.resolve(None, &PlatformChoice::Host).unwrap();
    assert!(
        told.diagnostics[0].starts_with(&format!("image.digest-mismatch: the document `{name}`"))
    );
    assert_eq!(told.images.len(), 1);
    place.0.insert(name.clone(), b"{".to_vec());
    let error = place.resolve(None, &PlatformChoice::Host).unwrap_err().to_string();
    assert!(error.starts_with(&format!("`{name}` is not what it should be: EOF")), "{error}");
}

#[test]
fn layers_and_diff_ids_must_be_as_many() {
    let mut place = Place::default();
    let config = place.blob(CONFIG, &json!({"rootfs": {"diff_ids": ["sha256:00", "sha256:01"]}}));
    let layers = json!([{"digest": "sha256:02"}]);
    let manifest = place.blob(MANIFEST, &json!({"config": config, "layers": layers}));
    place.index(&[manifest]);
    let told = place.resolve(None, &PlatformChoice::Host).unwrap();
    assert_eq!(
        told.diagnostics,
        ["image.digest-mismatch: the manifest has `1` layers, the configuration `2`"]
    );
}

#[test]
fn an_error_of_the_store_is_said() {
    let document = |_: &str| Err(io::Error::other("bad sector"));
    let error =
        resolve(&document, Name::Only, &PlatformChoice::Host, &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "`index.json` cannot be read: bad sector");
}

/// What is about an image is none, whoever put it beside: BuildKit, cosign, or a manifest with a
/// subject.
#[test]
fn what_is_about_an_image_is_listed_with_it() {
    const STATEMENT: &str = "application/vnd.in-toto+json";
    let mut place = Place::default();
    let app = place.image("amd64", 1);
    let layer = |kind: &str| {
        let digest = Digest::sha256_of(kind.as_bytes()).to_string();
        json!({"mediaType": STATEMENT, "digest": digest, "size": 9,
            "annotations": {"in-toto.io/predicate-type": kind}})
    };
    let mut attestation =
        place.blob(MANIFEST, &json!({"layers": [layer("spdx"), layer("provenance")]}));
    attestation["platform"] = json!({"os": "unknown", "architecture": "unknown"});
    attestation["annotations"] = json!({"vnd.docker.reference.digest": app["digest"]});
    let bom = json!({
        "artifactType": "application/vnd.cyclonedx+json", "subject": app,
        "layers": [{"mediaType": "application/vnd.cyclonedx+json", "digest": "sha256:0"}],
    });
    let bom = place.blob(MANIFEST, &bom);
    let mut signature =
        place.blob(MANIFEST, &json!({"layers": [{"mediaType": "application/vnd.dev.cosign"}]}));
    let tag = app["digest"].as_str().unwrap_or_default().replace(':', "-") + ".sig";
    signature["annotations"] = json!({"org.opencontainers.image.ref.name": tag});
    let mut elsewhere = place.image("amd64", 2);
    elsewhere["annotations"] = json!({
        "kind": "dev.cosignproject.cosign/sigs", "org.opencontainers.image.ref.name": "x",
    });
    place.index(&[app, attestation, bom, signature, elsewhere]);
    let told = place.resolve(None, &PlatformChoice::Host).unwrap();
    assert_eq!((told.images.len(), told.diagnostics.len()), (1, 0));
    let found: Vec<&str> = told.images[0].attachments.iter().map(|it| it.kind.as_str()).collect();
    let layer = "application/vnd.oci.image.layer.v1.tar";
    let expected = [
        "application/vnd.cyclonedx+json",
        "application/vnd.dev.cosign",
        layer,
        "provenance",
        "spdx",
    ];
    assert_eq!(found, expected);
}
