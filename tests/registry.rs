//! Images of a registry: what is asked, what is shown to whom, and what a registry cannot do to a scan.

#![cfg(feature = "registry")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use flowdown_core::model::Limits;
use flowdown_core::source::image::Store as _;
use flowdown_core::source::registry::{Options, Reference, Registry, Timing};
use flowdown_test_support::image::gzip;
use flowdown_test_support::random::SplitMix;
use flowdown_test_support::registry::{
    Asked, INDEX, Published, Reply, Sent, Server, TAR, archive, digest,
};
use flowdown_test_support::safetensors::SafetensorsBuilder;
use flowdown_test_support::stargz::{Stargz, TABLE_DIGEST};
use serde_json::{Value, json};

const SAFETENSORS: &str = "application/vnd.docker.ai.safetensors";
const LICENSE: &str = "application/vnd.docker.ai.license";
/// Address space of the program: what is sent in these tests is larger.
const MEMORY_KIB: u32 = 1 << 20;

/// The binary, with nobody logged in and bounded memory.
fn flowdown(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("ulimit -v {MEMORY_KIB}; exec \"$0\" \"$@\"")])
        .arg(env!("CARGO_BIN_EXE_flowdown"))
        .args(arguments)
        .args(["--threads", "2"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", home)
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .stdin(Stdio::null());
    command
}

/// Exit code and what is said on standard error.
#[derive(Debug)]
struct Said {
    code: Option<i32>,
    words: String,
    document: Value,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            words: String::from_utf8(output.stderr).unwrap(),
            document: serde_json::from_slice(&output.stdout).unwrap_or_default(),
        }
    }
}

fn scan_at(home: &Path, arguments: &[&str]) -> Said {
    let arguments = [&["scan", "-o", "json=-", "--no-cache"], arguments].concat();
    flowdown(home, &arguments).output().unwrap().into()
}

fn scan(server: &Server, more: &[&str]) -> Said {
    let home = tempfile::tempdir().unwrap();
    let name = format!("{}/team/app:1", server.host());
    scan_at(home.path(), &[&[name.as_str()], more].concat())
}

/// A scan ends with this code, says these words, and takes no longer than honest work.
#[track_caller]
fn check(server: &Server, more: &[&str], code: i32, words: &str) -> Said {
    let start = Instant::now();
    let said = scan(server, more);
    assert_eq!(said.code, Some(code), "{}", said.words);
    assert!(said.words.contains(words), "{}", said.words);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    said
}

fn weights(tensor_bytes: usize) -> Vec<u8> {
    let data = vec![7; tensor_bytes];
    SafetensorsBuilder::new().tensor("t", "U8", &[tensor_bytes as u64], &data).build()
}

/// A model in one layer, a requirement in another.
fn app() -> Published {
    let model = weights(300_000);
    Published::of(&[
        (TAR, archive(&[("app/model.safetensors", &model)])),
        (TAR, archive(&[("app/requirements.txt", b"requests==2.31.0\n")])),
    ])
}

/// A registry that has `image`, but for what `instead` answers.
fn registry(
    image: &Published,
    instead: impl Fn(&Asked) -> Option<Reply> + Send + Sync + 'static,
) -> Server {
    let image = image.clone();
    Server::start(move |asked| instead(asked).unwrap_or_else(|| image.answer(asked)))
}

/// One blob is answered in another way.
fn with_blob(image: &Published, index: usize, instead: Reply) -> Server {
    let path = format!("/v2/team/app/blobs/{}", image.layers[index]);
    registry(image, move |asked| (asked.path == path).then(|| instead.clone()))
}

/// The manifest is answered in another way.
fn with_manifest(image: &Published, instead: Reply) -> Server {
    registry(image, move |asked| asked.path.contains("/manifests/").then(|| instead.clone()))
}

fn paths(server: &Server) -> Vec<String> {
    server.asked().into_iter().map(|asked| asked.path).collect()
}

/// What was asked for that is the image itself.
fn of_image(server: &Server) -> Vec<String> {
    paths(server).into_iter().filter(|path| !is_beside(path)).collect()
}

#[test]
fn an_image_of_a_registry_is_that_of_a_layout() {
    let image = app();
    let server = registry(&image, |_| None);
    let mut fetched = check(&server, &[], 0, "").document;
    let folder = tempfile::tempdir().unwrap();
    image.write_layout(folder.path(), "team/app:1").unwrap();
    let mut local = scan_at(folder.path(), &[folder.path().to_str().unwrap()]).document;
    assert_eq!(fetched["source"]["kind"], "registry");
    assert_eq!(fetched["source"]["name"], format!("{}/team/app:1", server.host()));
    for document in [&mut fetched, &mut local] {
        assert_eq!(document["inventory"]["artifacts"].as_array().unwrap().len(), 2);
        document["source"] = Value::Null;
        document["assessment"]["bundle"]["product"] = Value::Null;
    }
    assert_eq!(fetched, local);
    // Manifest, configuration and each layer, once; and what lies beside.
    let mut asked = of_image(&server);
    let count = asked.len();
    asked.sort();
    asked.dedup();
    assert_eq!((asked.len(), count), (4, 4), "{asked:?}");
    assert_eq!(server.asked().len(), 4 + 5, "{:?}", paths(&server));
    let by_digest = format!("{}/team/app@{}", server.host(), image.manifest);
    assert_eq!(scan_at(folder.path(), &[&by_digest]).code, Some(0));
    let forced = format!("registry:{}/team/app:1", server.host());
    assert_eq!(scan_at(folder.path(), &[&forced]).code, Some(0));
}

/// Whether a request is for what lies beside an image: referrers, their tag, or cosign's.
fn is_beside(path: &str) -> bool {
    path.contains("/referrers/") || path.contains("/manifests/sha256-")
}

/// A manifest with this type and layer, as its registry has it.
fn beside(kind: &str, layer: &str) -> Vec<u8> {
    let layer = json!({ "mediaType": layer, "digest": digest(layer.as_bytes()), "size": 1 });
    let config = json!({ "mediaType": "application/vnd.oci.empty.v1+json", "digest": digest(b"{}"),
        "size": 2 });
    let manifest =
        json!({ "schemaVersion": 2, "artifactType": kind, "config": config, "layers": [layer] });
    manifest.to_string().into_bytes()
}

/// Kind, media type and digest of what is listed beside the image.
fn listed(document: &Value) -> Vec<(String, String, String)> {
    let found = document["source"]["images"][0]["attachments"].as_array().unwrap();
    let text = |it: &Value, key: &str| it[key].as_str().unwrap_or_default().to_owned();
    found.iter().map(|it| (text(it, "kind"), text(it, "media_type"), text(it, "digest"))).collect()
}

const CYCLONEDX: &str = "application/vnd.cyclonedx+json";
const SIGSTORE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// A registry with a bill of materials that refers to the image, in a list at `list`, and a signature of
/// cosign.
fn with_things_beside(image: &Published, list: &'static str) -> Server {
    let (bom, signature) = (beside(CYCLONEDX, CYCLONEDX), beside(SIGSTORE, SIGSTORE));
    let of_bom = json!({ "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "digest": digest(&bom), "size": bom.len(), "artifactType": CYCLONEDX });
    let index =
        json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [of_bom] }).to_string();
    let list =
        list.replace("DIGEST", &image.manifest).replace("TAG", &image.manifest.replace(':', "-"));
    let tag = format!("/v2/team/app/manifests/{}.sig", image.manifest.replace(':', "-"));
    let bom_path = format!("/v2/team/app/manifests/{}", digest(&bom));
    registry(image, move |asked| match asked.path.as_str() {
        path if path == format!("/v2/team/app/{list}") => {
            Some(Reply::of(index.as_bytes()).with("content-type", INDEX))
        }
        path if path == bom_path => Some(Reply::of(&bom)),
        path if path == tag => Some(Reply::of(&signature)),
        path if is_beside(path) => Some(Reply::status(404)),
        _ => None,
    })
}

#[test]
fn what_refers_to_an_image_is_listed() {
    let image = app();
    let expected = [CYCLONEDX, SIGSTORE]
        .map(|kind| (kind.to_owned(), kind.to_owned(), digest(kind.as_bytes())));
    for list in ["referrers/DIGEST", "manifests/TAG"] {
        let server = with_things_beside(&image, list);
        let said = check(&server, &[], 0, "");
        assert_eq!(listed(&said.document), expected, "{list}");
        // What it holds is not fetched.
        let blobs = paths(&server).into_iter().filter(|path| path.contains("/blobs/"));
        assert_eq!(blobs.count(), 3);
    }
    let server = with_things_beside(&image, "referrers/DIGEST");
    scan(&server, &["--quick"]);
    assert!(!paths(&server).iter().any(|path| is_beside(path)));
}

/// A list that nobody can read, or that leads nowhere, costs a remark and no conclusion.
#[test]
fn a_registry_that_does_not_say_what_lies_beside_costs_a_remark() {
    let image = app();
    let forbidden = registry(&image, |asked| is_beside(&asked.path).then(|| Reply::status(403)));
    let said = check(&forbidden, &[], 0, "image.attachments-unread");
    assert_eq!(listed(&said.document), []);
    // Referrers that are not there, have no digest, or are a page.
    let lost = json!([
        { "mediaType": "a", "digest": digest(b"lost"), "artifactType": "b" },
        { "mediaType": "c", "digest": "../../../token" },
    ]);
    let list = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": lost }).to_string();
    let astray = registry(&image, move |asked| match is_beside(&asked.path) {
        true if asked.path.contains("/referrers/") => Some(Reply::of(list.as_bytes())),
        true => Some(Reply::status(404)),
        false => None,
    });
    let said = check(&astray, &[], 0, "");
    let kinds: Vec<String> = listed(&said.document).into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, ["b", "c"]);
    assert!(!paths(&astray).iter().any(|path| path.contains("token")));
}

#[test]
fn an_index_leads_to_the_image_of_the_platform() {
    let image = app();
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [
        { "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": image.manifest,
          "size": image.blobs[&image.manifest].len(),
          "platform": { "os": "linux", "architecture": "amd64" } },
        { "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest(b"other"),
          "size": 5, "platform": { "os": "linux", "architecture": "s390x" } },
    ]});
    let reply = Reply::of(index.to_string().as_bytes()).with("content-type", INDEX);
    let server =
        registry(&image, move |asked| asked.path.ends_with("/manifests/1").then(|| reply.clone()));
    check(&server, &["--platform", "linux/amd64"], 0, "");
    check(&server, &["--platform", "linux/arm64"], 2, "no image for `linux/arm64`");
    check(&server, &["--platform", "linux/s390x"], 2, "cannot be read");
}

fn logged_in(home: &Path, host: &str, auth: &str) {
    std::fs::create_dir_all(home.join(".docker")).unwrap();
    let file = json!({ "auths": { host: { "auth": auth } } });
    std::fs::write(home.join(".docker/config.json"), file.to_string()).unwrap();
}

#[test]
fn a_token_is_fetched_for_user_and_password_and_shown_only_to_the_registry() {
    let image = app();
    let storage = registry(&image, |_| None);
    let elsewhere = storage.host();
    let server = registry(&image, move |asked| {
        if asked.path.starts_with("/token?") {
            let is_known = asked.header("authorization") == "Basic bGludXM6c2VjcmV0";
            return Some(match is_known {
                true => Reply::of(br#"{"token":"t.0-k","expires_in":60}"#),
                false => Reply::status(401),
            });
        }
        if asked.header("authorization") != "Bearer t.0-k" {
            let challenge = format!(
                r#"Bearer realm="http://{}/token",service="a registry",scope="repository:*:push""#,
                asked.header("host")
            );
            return Some(Reply::status(401).with("www-authenticate", &challenge));
        }
        let target = format!("http://{elsewhere}{}", asked.path);
        let is_layer = asked.path.contains("/blobs/");
        is_layer.then(|| Reply::status(307).with("location", &target))
    });
    let home = tempfile::tempdir().unwrap();
    let name = format!("{}/team/app:1", server.host());
    let said = scan_at(home.path(), &[&name]);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(said.words.contains("run `docker login"), "{said:?}");
    logged_in(home.path(), &server.host(), "bGludXM6d3Jvbmc=");
    let said = scan_at(home.path(), &[&name]);
    assert!(said.words.contains("does not accept the stored login"), "{said:?}");
    assert!(!said.words.contains("wrong"), "{said:?}");
    logged_in(home.path(), &server.host(), "bGludXM6c2VjcmV0");
    let before = server.asked().len();
    let said = scan_at(home.path(), &[&name]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let asked = server.asked().split_off(before);
    let tokens: Vec<&Asked> = asked.iter().filter(|it| it.path.starts_with("/token")).collect();
    assert_eq!(tokens.len(), 1, "one token is enough");
    // The right to push that was offered is not asked for.
    assert_eq!(tokens[0].path, "/token?scope=repository%3Ateam%2Fapp%3Apull&service=a%20registry");
    let redirected = storage.asked();
    assert_eq!(redirected.len(), 3);
    assert!(redirected.iter().all(|it| it.header("authorization").is_empty()), "{redirected:?}");
    for word in ["t.0-k", "c2VjcmV0", "secret"] {
        assert!(!said.document.to_string().contains(word));
    }
}

#[test]
fn user_and_password_are_shown_when_the_registry_asks() {
    let image = app();
    let server = registry(&image, |asked| {
        let is_known = asked.header("authorization") == "Basic bGludXM6c2VjcmV0";
        let challenge = Reply::status(401).with("www-authenticate", r#"Basic realm="x""#);
        (!is_known).then_some(challenge)
    });
    let home = tempfile::tempdir().unwrap();
    let name = format!("{}/team/app:1", server.host());
    assert_eq!(scan_at(home.path(), &[&name]).code, Some(2));
    logged_in(home.path(), &server.host(), "bGludXM6c2VjcmV0");
    assert_eq!(scan_at(home.path(), &[&name]).code, Some(0));
}

#[test]
fn redirects_lead_neither_astray_nor_round() {
    let image = app();
    let to = |target: &str| with_blob(&image, 1, Reply::status(307).with("location", target));
    check(&to("http://registry.example.com/x"), &[], 3, "it is not HTTPS");
    check(&to("file:///etc/passwd"), &[], 3, "is not followed");
    check(&to("/v2/../x"), &[], 3, "image.layer-broken");
    let round = format!("/v2/team/app/blobs/{}", image.layers[1]);
    let server = to(&round);
    check(&server, &[], 3, "more than 5 redirects");
    assert!(of_image(&server).len() < 12);
}

#[test]
fn a_busy_registry_is_asked_again_as_it_wishes() {
    let image = app();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let server = registry(&image, move |asked| {
        let is_first =
            asked.path.contains("/manifests/1") && counted.fetch_add(1, Ordering::Relaxed) == 0;
        is_first.then(|| Reply::status(429).with("retry-after", "1"))
    });
    let start = Instant::now();
    check(&server, &[], 0, "");
    assert_eq!(count.load(Ordering::Relaxed), 2);
    assert!(start.elapsed() >= Duration::from_secs(1));

    let tomorrow = Reply::status(429).with("retry-after", "86400");
    let server = with_manifest(&image, tomorrow);
    check(&server, &[], 2, "may be asked again in `86400` s");
    assert_eq!(server.asked().len(), 1);

    let server = with_manifest(&image, Reply::status(503));
    check(&server, &[], 2, "status `503`");
    assert_eq!(server.asked().len(), 4);

    let server = with_manifest(&image, Reply::status(403));
    check(&server, &[], 2, "status `403`");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn a_layer_that_breaks_off_is_asked_for_from_there_or_reported() {
    let image = app();
    let layer = image.layer(0);
    let cut = move |asked: &Asked| {
        let is_whole = asked.path.contains("/blobs/") && asked.range().is_none();
        let is_it = asked.path.ends_with(&digest(&layer));
        (is_whole && is_it).then(|| Reply::sent(Sent::Cut(Arc::clone(&layer), 100_000)))
    };
    let server = registry(&image, cut.clone());
    check(&server, &[], 0, "");
    assert_eq!(of_image(&server).len(), 5);

    let without_ranges = Published { has_ranges: false, ..image.clone() };
    let server = registry(&without_ranges, cut);
    let said = check(&server, &[], 3, "image.layer-broken");
    assert!(said.words.contains("`100000` of the"), "{}", said.words);
    // What came before, and the other layer, are reported.
    assert_eq!(said.document["inventory"]["artifacts"].as_array().unwrap().len(), 2);
}

#[test]
fn a_layer_that_does_not_end_is_cut() {
    let image = app();
    let server = with_blob(&image, 0, Reply::sent(Sent::Endless(image.layer(0))));
    let said = check(&server, &[], 3, "image.layer-broken");
    assert!(said.words.contains("sends more than the"), "{}", said.words);
    assert_eq!(said.document["inventory"]["artifacts"].as_array().unwrap().len(), 2);
    let endless = image.layer(0).len() as u64 + (32 << 20);
    assert!(server.asked().iter().all(|it| it.sent.load(Ordering::Relaxed) < endless));
}

#[test]
fn other_bytes_than_the_digest_says_are_reported() {
    let image = app();
    let mut bytes = image.layer(0).to_vec();
    bytes[1500] ^= 1;
    check(&with_blob(&image, 0, Reply::of(&bytes)), &[], 3, "image.digest-mismatch");
    let other = Published::of(&[(TAR, archive(&[("x", b"y")]))]);
    let mut both = image.clone();
    both.blobs.extend(other.blobs.clone());
    let server = with_manifest(&both, other.document().with("docker-content-digest", "x"));
    let name = format!("{}/team/app@{}", server.host(), image.manifest);
    let home = tempfile::tempdir().unwrap();
    let said = scan_at(home.path(), &[&name]);
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(said.words.contains("image.digest-mismatch"), "{said:?}");
}

#[test]
fn what_is_no_manifest_is_refused() {
    let image = app();
    let html =
        Reply::of(b"\n<!doctype html><title>Sign in</title>").with("content-type", "text/html");
    check(&with_manifest(&image, html), &[], 2, "it is a web page");
    let endless = Reply::sent(Sent::Endless(b"{\"config\":{},\"x\":\"".as_slice().into()));
    let server = with_manifest(&image, endless);
    check(&server, &[], 2, "more than `8388608` bytes");
    assert!(server.asked()[0].sent.load(Ordering::Relaxed) < 64 << 20);
    let both = Reply::of(br#"{"manifests":[],"config":{},"layers":[]}"#);
    check(&with_manifest(&image, both), &[], 2, "an index and an image at once");
    check(&with_manifest(&image, Reply::of(b"[]")), &[], 2, "is not what it should be");
    check(&with_manifest(&image, Reply::of(br#"{"fsLayers":[]}"#)), &[], 2, "neither an index");
    let cut = Reply::sent(Sent::Cut(Arc::clone(&image.blobs[&image.manifest]), 10));
    check(&with_manifest(&image, cut), &[], 2, "it breaks off");
    check(&with_manifest(&image, Reply::status(404)), &[], 2, "status `404`");
    let words = br#"{"errors":[{"code":"NAME_UNKNOWN","message":"no \u001b[31msuch"}]}"#;
    let said =
        check(&with_manifest(&image, Reply::of(words).with_status(404)), &[], 2, "NAME_UNKNOWN");
    assert!(!said.words.contains('\u{1b}'));
}

#[test]
fn an_index_that_names_itself_ends() {
    let image = app();
    let itself = |times: usize| {
        let entry = json!({ "mediaType": INDEX, "digest": digest(b"itself"), "size": 300_000 });
        let index = json!({ "mediaType": INDEX, "manifests": vec![entry; times] });
        with_manifest(&image, Reply::of(index.to_string().as_bytes()).with("content-type", INDEX))
    };
    check(&itself(1), &[], 2, "is not what it should be");
    let server = itself(1000);
    check(&server, &[], 2, "is not what it should be");
    assert!(server.asked().len() < 110, "{}", server.asked().len());
}

#[test]
fn layers_without_a_size_or_with_a_strange_name_are_not_asked_for() {
    let image = app();
    let manifest = json!({ "config": { "digest": "sha256:../../x", "size": 2 }, "layers": [
        { "mediaType": TAR, "digest": image.layers[0] },
        { "mediaType": TAR, "digest": "sha256:../../../etc/passwd", "size": 10 },
        { "mediaType": TAR, "digest": "no digest", "size": 10 },
    ]});
    let server = with_manifest(&image, Reply::of(manifest.to_string().as_bytes()));
    let said = check(&server, &[], 3, "the manifest states no size");
    assert_eq!(said.words.matches("image.layer-broken").count(), 3, "{}", said.words);
    assert_eq!(of_image(&server), ["/v2/team/app/manifests/1"]);
}

/// A model artifact: weights of 200 MB, and a licence.
fn model() -> Published {
    Published::of(&[(SAFETENSORS, weights(200 << 20)), (LICENSE, b"Apache License".to_vec())])
}

/// Requests for the weights, and bytes that the server got rid of.
fn weight_traffic(server: &Server, image: &Published) -> (usize, u64) {
    let asked = server.asked();
    let weights: Vec<&Asked> =
        asked.iter().filter(|it| it.path.ends_with(&image.layers[0])).collect();
    (weights.len(), weights.iter().map(|it| it.sent.load(Ordering::Relaxed)).sum())
}

#[test]
fn quick_fetches_the_headers_of_weights() {
    let image = model();
    let server = registry(&image, |_| None);
    let said = check(&server, &["--quick"], 0, "");
    let (requests, bytes) = weight_traffic(&server, &image);
    assert!(requests <= 2 && bytes <= 256 << 10, "{requests} requests, {bytes} bytes");
    let artifacts = said.document["inventory"]["artifacts"].to_string();
    assert!(artifacts.contains("team-app-1.safetensors"), "{artifacts}");

    // Without ranges it is read from its start and left; what is under way then is lost.
    let without_ranges = Published { has_ranges: false, ..image.clone() };
    let server = registry(&without_ranges, |_| None);
    let other = check(&server, &["--quick"], 0, "");
    let (requests, bytes) = weight_traffic(&server, &image);
    assert!(requests == 1 && bytes < 16 << 20, "{requests} requests, {bytes} bytes");
    assert_eq!(other.document["inventory"]["artifacts"], said.document["inventory"]["artifacts"]);
}

#[test]
fn all_of_a_model_is_read_in_bounded_memory() {
    let image = model();
    let server = registry(&image, |_| None);
    let said = check(&server, &["--no-tensor-digests"], 0, "");
    let sha256 = image.layers[0].trim_start_matches("sha256:");
    assert!(said.document.to_string().contains(sha256));
    assert_eq!(weight_traffic(&server, &image).0, 1);
}

#[test]
fn quick_says_what_it_did_not_fetch() {
    let layer = gzip(&archive(&[("app/model.safetensors", &weights(300_000))])).unwrap();
    let is_said = format!("{TAR}+gzip");
    let image =
        Published::of(&[(is_said.as_str(), layer.clone()), (TAR, [&layer[..], b" "].concat())]);
    let server = registry(&image, |_| None);
    let said = check(&server, &["--quick"], 3, "image.layer-not-read");
    assert_eq!(said.words.matches("image.layer-not-read").count(), 2, "{}", said.words);
    // Manifest and configuration, and the start of the one that may be uncompressed.
    assert_eq!(server.asked().len(), 3, "{:?}", paths(&server));
}

/// Layers that are not compressed: weights are passed over by asking for what stands behind them.
#[test]
fn quick_passes_over_weights_in_uncompressed_layers() {
    let model = weights(100 << 20);
    let mut tuned = model.clone();
    tuned.reverse();
    tuned[..8 << 10].copy_from_slice(&model[..8 << 10]);
    let layer = archive(&[
        ("app/one/model.safetensors", &model),
        ("app/one/LICENSE", b"All rights reserved.\n"),
        ("app/two/model.safetensors", &tuned),
        ("app/requirements.txt", b"requests==2.31.0\n"),
    ]);
    let image = Published::of(&[(TAR, layer)]);
    let server = registry(&image, |_| None);
    let said = check(&server, &["--quick"], 0, "");
    let (requests, bytes) = weight_traffic(&server, &image);
    // One for the start, and one behind each of the two; what is under way when it is left is lost.
    assert!(requests == 3 && bytes < 48 << 20, "{requests} requests, {bytes} bytes");
    let kinds = |document: &Value| -> Vec<String> {
        let artifacts = document["inventory"]["artifacts"].as_array().unwrap();
        artifacts
            .iter()
            .map(|it| format!("{} {} {}", it["kind"], it["name"], it["folder"]))
            .collect()
    };
    let full = check(&registry(&image, |_| None), &["--no-tensor-digests"], 0, "").document;
    assert_eq!(kinds(&said.document), kinds(&full));

    // Without ranges nothing stands behind the first weights that could be reached.
    let without_ranges = Published { has_ranges: false, ..image };
    check(&registry(&without_ranges, |_| None), &["--quick"], 3, "sends no parts of blobs");
}

/// A compressed layer with a table of contents: of the weights the start alone is fetched.
#[test]
fn quick_passes_over_weights_in_layers_with_a_table_of_contents() {
    let mut random = SplitMix::new(1);
    let data: Vec<u8> = (0..12 << 17).flat_map(|_| random.bits().to_le_bytes()).collect();
    let size = data.len() as u64;
    let model = SafetensorsBuilder::new().tensor("t", "U8", &[size], &data).build();
    let files: [(&str, &[u8]); 2] =
        [("app/model.safetensors", &model), ("app/requirements.txt", b"requests==2.31.0\n")];
    let layer = Stargz::of(&files, 1 << 20, |_| ()).unwrap();
    let is_said = format!("{TAR}+gzip");
    let image = Published::of(&[(&is_said, layer.blob.clone())]);
    let image = image.annotated(0, TABLE_DIGEST, &layer.digest);
    let server = registry(&image, |_| None);
    let said = check(&server, &["--quick"], 0, "");
    let found = said.document["inventory"]["artifacts"].to_string();
    assert!(found.contains("app/model.safetensors") && found.contains("requests"), "{found}");
    let (requests, bytes) = weight_traffic(&server, &image);
    // Footer, table, start and last chunk; what is under way when the start is left is lost.
    assert!(requests == 4 && bytes < 8 << 20, "{requests} requests, {bytes} of {size} bytes");

    // A table with another digest is not taken.
    let wrong = format!("sha256:{}", "0".repeat(64));
    let image = image.annotated(0, TABLE_DIGEST, &wrong);
    check(&registry(&image, |_| None), &["--quick"], 3, "its table of contents cannot be used");
}

#[test]
fn parts_that_are_others_than_those_asked_for_are_not_taken() {
    let image = Published::of(&[(SAFETENSORS, weights(300_000))]);
    let bytes = image.layer(0);
    let part = |from: usize| {
        let range = format!("bytes {from}-{}/{}", from + 131_071, bytes.len());
        let part = Reply::of(&bytes[from..from + 131_072]).with_status(206);
        with_blob(&image, 0, part.with("content-range", &range))
    };
    check(&part(0), &["--quick"], 0, "");
    check(&part(7), &["--quick"], 3, "file.unreadable");
    let beyond = with_blob(&image, 0, Reply::status(416));
    check(&beyond, &["--quick"], 3, "file.unreadable");
    let longer = Reply::of(&bytes).with_status(206).with("content-range", "bytes 0-9/999999999");
    check(&with_blob(&image, 0, longer), &["--quick"], 3, "file.unreadable");
}

/// Short patience, so that a test of it is short.
fn impatient() -> Options {
    let timing = Timing {
        response: Duration::from_millis(700),
        idle: Duration::from_millis(700),
        window: Duration::from_millis(1500),
        window_bytes: 10_000,
        pause: Duration::from_millis(10),
        ..Timing::default()
    };
    Options { timing, ..Options::default() }
}

/// What comes of reading the first layer without patience.
fn read_impatiently(server: &Server, image: &Published) -> Result<u64, String> {
    let reference = Reference::parse(&format!("{}/team/app:1", server.host())).unwrap();
    let start = Instant::now();
    let read = Registry::open(&reference, impatient(), &Limits::default())
        .map_err(|error| error.to_string())
        .and_then(|registry| {
            let name = format!("blobs/{}", image.layers[0].replacen(':', "/", 1));
            let read = registry.open(&name).and_then(|mut it| io::copy(&mut it, &mut io::sink()));
            let requests: u64 = registry.traffic().values().map(|it| it.requests).sum();
            assert_eq!(requests, server.asked().len() as u64);
            read.map_err(|error| error.to_string())
        });
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    read
}

#[test]
fn a_registry_that_is_slow_is_given_up() {
    let image = app();
    let nothing = Reply::sent(Sent::Nothing(Duration::from_secs(5)));
    let layer = image.layer(0);
    let slow = |bytes: usize, pause: u64| {
        Reply::sent(Sent::Slow(Arc::clone(&layer), bytes, Duration::from_millis(pause)))
    };
    let check = |server: &Server, words: &str| {
        let error = read_impatiently(server, &image).unwrap_err();
        assert!(error.contains(words), "{error}");
    };
    check(&with_manifest(&image, nothing.clone()), "no answer within 0.7 s");
    check(&with_blob(&image, 0, nothing), "no answer within 0.7 s");
    check(&with_blob(&image, 0, slow(1000, 3000)), "of the `");
    // A byte now and then keeps a connection alive, and is not enough.
    check(&with_blob(&image, 0, slow(100, 50)), "fewer than `10000`");
    let honest = with_blob(&image, 0, slow(20_000, 50));
    assert_eq!(read_impatiently(&honest, &image), Ok(layer.len() as u64));
}

#[test]
fn mirrors_are_asked_first_and_may_be_without_the_image() {
    let image = app();
    let mirror = registry(&image, |_| None);
    let empty = Server::start(|_| Reply::status(404));
    let origin = registry(&image, |_| None);
    let home = tempfile::tempdir().unwrap();
    let settings = home.path().join("flowdown.toml");
    let name = format!("{}/team/app:1", origin.host());
    let run = |first: &Server| {
        let text =
            format!("[registry]\nmirrors = {{'{}' = ['{}']}}\n", origin.host(), first.host());
        std::fs::write(&settings, text).unwrap();
        let said = scan_at(home.path(), &[&name, "--config", settings.to_str().unwrap()]);
        assert_eq!(said.code, Some(0), "{said:?}");
        said.document
    };
    let from_mirror = run(&mirror);
    assert_eq!((of_image(&mirror).len(), paths(&origin).len()), (4, 0));
    let from_origin = run(&empty);
    assert_eq!((paths(&empty).len(), of_image(&origin).len()), (1, 4));
    assert_eq!(from_mirror, from_origin);
}

#[test]
fn what_cannot_be_reached_says_so() {
    let home = tempfile::tempdir().unwrap();
    let said = scan_at(home.path(), &["localhost:1/team/app:1"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(said.words.contains("is no path, so it was taken for an image"), "{said:?}");
    assert!(said.words.contains("cannot be reached"), "{said:?}");
    let said = scan_at(home.path(), &["registry:localhost:1/Team/app"]);
    assert!(said.words.contains("`Team/app` is no repository"), "{said:?}");
    let said = scan_at(home.path(), &["no/such/folder"]);
    assert!(said.words.contains("the source `no/such/folder` cannot be opened"), "{said:?}");
}
