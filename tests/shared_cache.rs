//! A cache of layers that machines share, in a store that a test plays. `botocore` signs the requests again
//! where `FLOWDOWN_PYTHON` names a Python that has it.

#![cfg(feature = "object-store")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use flowdown_test_support::outside::trials;
use flowdown_test_support::registry::{Asked, Published, Reply, Server, TAR, archive};
use flowdown_test_support::safetensors::SafetensorsBuilder;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

const KEY: &str = "a key";
const SECRET: &str = "a secret/with+signs";

fn main() {
    let arguments = Arguments::from_args();
    let mut all =
        trials("FLOWDOWN_PYTHON", &[("requests_are_signed_as_botocore_signs_them", signatures)]);
    all.push(Trial::test("machines_share_what_layers_say", machines_share));
    all.push(Trial::test("a_store_that_fails_is_left_alone", a_store_that_fails));
    all.push(Trial::test("what_is_damaged_there_is_not_trusted", damaged));
    all.push(Trial::test("what_is_not_set_is_said", not_set));
    libtest_mimic::run(&arguments, all).exit();
}

/// A registry with a model in one layer and a requirement in another.
fn registry() -> Server {
    let weights = SafetensorsBuilder::new().tensor("w", "U8", &[4], b"1234").build();
    let image = Published::of(&[
        (TAR, archive(&[("app/model.safetensors", &weights)])),
        (TAR, archive(&[("app/requirements.txt", b"requests==2.31.0\n")])),
    ]);
    Server::start(move |asked| image.answer(asked))
}

fn pulled(registry: &Server) -> usize {
    registry.asked().iter().filter(|asked| asked.path.contains("/blobs/")).count()
}

/// A scan on a machine that has nothing of its own; the document and the exit code.
fn scan(registry: &Server, endpoint: &str, secret: Option<&str>) -> (Value, Option<i32>, String) {
    let machine = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowdown"));
    command
        .args(["scan", "-o", "json=-", &format!("{}/team/app:1", registry.host())])
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .env("FLOWDOWN_CACHE", machine.path())
        .env("FLOWDOWN_SHARED_CACHE", "s3://cache/flowdown")
        .env("AWS_ENDPOINT_URL_S3", endpoint)
        .env("AWS_ACCESS_KEY_ID", KEY)
        .env("AWS_REGION", "eu-central-1")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .env_remove("AWS_SESSION_TOKEN")
        .stdin(Stdio::null());
    if let Some(secret) = secret {
        command.env("AWS_SECRET_ACCESS_KEY", secret);
    }
    let output = command.output().unwrap();
    let document = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (document, output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// The second machine pulls the configuration alone, and finds the same.
fn check_sharing(endpoint: &str) -> Result<(), Failed> {
    let registry = registry();
    let (first, code, words) = scan(&registry, endpoint, Some(SECRET));
    let after_first = pulled(&registry);
    let (second, ..) = scan(&registry, endpoint, Some(SECRET));
    let again = pulled(&registry) - after_first;
    let found = first["inventory"]["artifacts"].as_array().map_or(0, Vec::len);
    if (code, found, again) != (Some(0), 2, 1) || first != second {
        return Err(format!("{code:?}, {found} artifacts, {again} pulled again: {words}").into());
    }
    Ok(())
}

/// What a store has, by path.
type Objects = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// A store that keeps what it is given, and answers like one.
fn store() -> (Server, Objects) {
    let kept = Objects::default();
    let objects = Arc::clone(&kept);
    let server = Server::start(move |asked| {
        let name = asked.path.split('?').next().unwrap_or_default().to_owned();
        let mut objects = objects.lock().unwrap();
        match asked.method.as_str() {
            "PUT" => {
                objects.insert(name, asked.body.clone());
                Reply::status(200)
            }
            _ => objects.get(&name).map_or_else(|| Reply::status(404), |bytes| Reply::of(bytes)),
        }
    });
    (server, kept)
}

fn machines_share() -> Result<(), Failed> {
    let (server, kept) = store();
    check_sharing(&format!("http://{}", server.host()))?;
    let names: Vec<String> = kept.lock().unwrap().keys().cloned().collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names.iter().all(|name| name.starts_with("/cache/flowdown/")), "{names:?}");
    Ok(())
}

fn signatures(python: &Path) -> Result<(), Failed> {
    let (server, _) = store();
    check_sharing(&format!("http://{}", server.host()))?;
    let asked = server.asked();
    let line = |it: &Asked| format!("{} http://{}{}\n", it.method, server.host(), it.path);
    let requests: String = asked.iter().map(line).collect();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/presigned.py");
    let sign = |secret: &str| -> Result<Output, Failed> {
        let mut child = Command::new(python)
            .arg(&script)
            .args([KEY, secret, "eu-central-1"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        child.stdin.take().ok_or("no input")?.write_all(requests.as_bytes())?;
        Ok(child.wait_with_output()?)
    };
    let output = sign(SECRET)?;
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        return Err(words.into());
    }
    // Each of two layers is asked for twice and put once.
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "6 requests");
    assert!(!sign("another secret")?.status.success(), "a comparison that cannot fail");
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "trials return a result")]
fn a_store_that_fails() -> Result<(), Failed> {
    let server = Server::start(|_| Reply::status(500));
    let (document, code, words) =
        scan(&registry(), &format!("http://{}", server.host()), Some(SECRET));
    assert_eq!(code, Some(0), "{words}");
    assert_eq!(words.matches("cache.unreachable").count(), 1, "{words}");
    assert_eq!(document["inventory"]["artifacts"].as_array().unwrap().len(), 2);
    // Two layers ask at the same time at most, and after that nobody.
    assert!(server.asked().len() <= 2, "{}", server.asked().len());
    Ok(())
}

/// A damaged value is read from the layer again, said, and replaced.
fn damaged() -> Result<(), Failed> {
    let (server, kept) = store();
    let endpoint = format!("http://{}", server.host());
    let registry = registry();
    let (first, ..) = scan(&registry, &endpoint, Some(SECRET));
    for bytes in kept.lock().unwrap().values_mut() {
        bytes[40] ^= 1;
    }
    let (second, code, words) = scan(&registry, &endpoint, Some(SECRET));
    assert_eq!(code, Some(0), "{words}");
    assert!(words.contains("cache.discarded"), "{words}");
    assert_eq!(second["inventory"]["artifacts"], first["inventory"]["artifacts"]);
    check_sharing(&endpoint)
}

#[expect(clippy::unnecessary_wraps, reason = "trials return a result")]
fn not_set() -> Result<(), Failed> {
    let (_, code, words) = scan(&registry(), "http://127.0.0.1:1", None);
    assert_eq!(code, Some(2), "{words}");
    assert!(words.contains("`AWS_SECRET_ACCESS_KEY` is not set"), "{words}");
    Ok(())
}
