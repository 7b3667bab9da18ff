//! One image in every form: as a layout with gzip and zstd, as the archives of `docker save` and of
//! OCI, as a stream, and unpacked. `tests/images/make.sh` builds it in the folder that
//! `FLOWDOWN_TEST_IMAGES` names; without it every test is listed as ignored.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use flowdown_test_support::outside::{self, files_below};
use libtest_mimic::{Arguments, Failed};
use serde_json::{Map, Value, json};

/// Names the folder that `make.sh` filled.
const IMAGES: &str = "FLOWDOWN_TEST_IMAGES";

/// The forms of the image: source argument below the folder, and what comes on standard input.
const FORMS: &[(&str, Option<&str>)] = &[
    ("layout-gzip", None),
    ("oci:layout-gzip:app", None),
    ("layout-zstd", None),
    ("app.docker.tar", None),
    ("docker-archive:app.docker.tar:example.org/app:1", None),
    ("app.docker.tar.gz", None),
    ("app.oci.tar", None),
    ("-", Some("app.docker.tar")),
    ("-", Some("app.docker.tar.gz")),
    ("-", Some("app.oci.tar")),
];

const FORMATS: [&str; 3] = ["json", "cyclonedx", "spdx"];

fn main() {
    let trials = outside::trials(
        IMAGES,
        &[
            ("every_form_gives_the_same_documents", every_form),
            ("the_unpacked_file_system_has_the_same_artifacts", unpacked),
            ("packages_are_those_that_dpkg_lists", dpkg),
            ("packages_are_those_that_python_has", python),
            ("every_model_is_found_with_its_licence", models),
            ("a_quick_scan_finds_the_same", quick),
            ("copyright_files_belong_to_their_packages", copyright_files),
            ("what_the_image_shows_is_what_unpacking_it_shows", shown_files),
            ("documents_do_not_depend_on_threads", threads),
        ],
    );
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Scans a form; its documents in the order of [`FORMATS`].
fn scan(
    images: &Path,
    source: &str,
    input: Option<&str>,
    arguments: &[&str],
) -> Result<Vec<String>, Failed> {
    let out = tempfile::tempdir()?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowdown"));
    command
        .args(["scan", source, "--no-summary", "--no-cache"])
        .args(arguments)
        .current_dir(images);
    for format in FORMATS {
        command.args(["-o", &format!("{format}={}", out.path().join(format).display())]);
    }
    let stdin = match input {
        Some(file) => File::open(images.join(file))?.into(),
        None => Stdio::null(),
    };
    let output = command.env("SOURCE_DATE_EPOCH", "1700000000").stdin(stdin).output()?;
    if output.status.code() != Some(0) {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{source} {input:?}: {}: {errors}", output.status).into());
    }
    let read = |format: &&str| fs::read_to_string(out.path().join(format));
    Ok(FORMATS.iter().map(read).collect::<Result<_, _>>()?)
}

/// The document in our own form of the layout with gzip, which most tests look at.
fn of_layout(images: &Path) -> Result<&'static Value, Failed> {
    static DOCUMENT: Mutex<Option<&'static Value>> = Mutex::new(None);
    let mut document = DOCUMENT.lock().map_err(|_| "another test failed")?;
    if let Some(document) = *document {
        return Ok(document);
    }
    let documents = scan(images, "layout-gzip", None, &[])?;
    Ok(document.insert(Box::leak(Box::new(serde_json::from_str(&documents[0])?))))
}

fn inventory(images: &Path, source: &str) -> Result<Value, Failed> {
    if source == "layout-gzip" {
        return Ok(of_layout(images)?["inventory"].clone());
    }
    let documents = scan(images, source, None, &[])?;
    let mut document: Value = serde_json::from_str(&documents[0])?;
    Ok(document["inventory"].take())
}

/// A document without what names the source: its kind and name, and the identifiers that are
/// computed from the whole.
fn without_source(document: &str, source: &str) -> Result<String, Failed> {
    let mut document: Value = serde_json::from_str(document)?;
    let name = source_name(source);
    // Names, manifests and compressed layers of the image differ by form; artifacts name what was
    // decompressed.
    if let Some(source) = document.get_mut("source").and_then(Value::as_object_mut) {
        source.remove("images");
    }
    Ok(serde_json::to_string_pretty(&walk(document, &|_, value| match value {
        Value::String(text) if text.starts_with("urn:uuid:") => Value::from("an identifier"),
        Value::String(text) if text.starts_with("https://") && text.contains(&name) => {
            Value::from("a namespace")
        }
        Value::String(text) if text.starts_with(r#"flowdown:{"properties":{"flowdown:image:"#) => {
            Value::from("what the image says of itself")
        }
        Value::String(text) if text == name => Value::from("the source"),
        Value::String(text)
            if ["dir", "docker-archive", "oci-archive", "oci", "stream"]
                .iter()
                .any(|kind| text == *kind || text == format!("{kind}:{name}")) =>
        {
            Value::from("the kind of source")
        }
        other => other,
    }))?)
}

fn source_name(source: &str) -> String {
    let mut parts = source.split(':');
    let name = parts.find(|part| part.contains('.') || part.starts_with("layout-"));
    if source == "-" { "stdin" } else { name.unwrap_or(source) }.to_owned()
}

fn walk(value: Value, change: &dyn Fn(&str, Value) -> Value) -> Value {
    match value {
        Value::Array(items) => {
            let of_image = |item: &Value| {
                item["name"].as_str().is_some_and(|name| name.starts_with("flowdown:image:"))
            };
            let items = items.into_iter().filter(|item| !of_image(item));
            items.map(|item| walk(item, change)).collect()
        }
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(key, value)| {
                let value = change(&key, walk(value, change));
                (key, value)
            });
            Value::Object(fields.collect::<Map<_, _>>())
        }
        other => other,
    }
}

fn every_form(images: &Path) -> Result<(), Failed> {
    let mut first: Option<Vec<String>> = None;
    for (source, input) in FORMS {
        let documents = scan(images, source, *input, &[])?;
        let normal: Vec<String> = documents
            .iter()
            .map(|document| without_source(document, source))
            .collect::<Result<_, _>>()?;
        let Some(first) = &first else {
            first = Some(normal);
            continue;
        };
        for ((one, other), format) in first.iter().zip(&normal).zip(FORMATS) {
            let mut pairs = one.lines().zip(other.lines());
            if let Some((line, (one, other))) = (1..).zip(pairs.by_ref()).find(|(_, (a, b))| a != b)
            {
                return Err(
                    format!("{source} {input:?}: {format}: line {line}: {one} | {other}").into()
                );
            }
            if one != other {
                return Err(format!("{source} {input:?}: {format} has another length").into());
            }
        }
    }
    Ok(())
}

/// What holds of a file system wherever it lies: artifacts and what is said of them, without layers.
/// Links that begin at the root of the image lead out of an unpacked one.
fn without_layers(inventory: &Value) -> BTreeMap<String, String> {
    let bare = walk(inventory["artifacts"].clone(), &|key, value| match (key, value) {
        ("origin", Value::Object(mut origin)) => {
            origin.remove("layer");
            Value::Object(origin)
        }
        (_, other) => other,
    });
    let artifacts = bare.as_array().into_iter().flatten();
    artifacts
        .map(|it| (it["id"].to_string(), serde_json::to_string_pretty(it).unwrap_or_default()))
        .collect()
}

fn unpacked(images: &Path) -> Result<(), Failed> {
    let of_image = without_layers(&inventory(images, "layout-gzip")?);
    let of_folder = without_layers(&inventory(images, "dir:unpacked/rootfs")?);
    let stream = Command::new("tar")
        .args(["--directory", "unpacked/rootfs", "--create", "--file", "unpacked.tar", "."])
        .current_dir(images)
        .status()?;
    let of_archive = without_layers(&inventory(images, "unpacked.tar")?);
    if !stream.success() || of_image.len() < 100 {
        return Err(format!("{stream}; {} artifacts", of_image.len()).into());
    }
    for (name, other) in [("folder", &of_folder), ("archive", &of_archive)] {
        let ids = |it: &BTreeMap<String, String>| it.keys().cloned().collect::<BTreeSet<_>>();
        let only: Vec<String> = ids(&of_image).symmetric_difference(&ids(other)).cloned().collect();
        if !only.is_empty() {
            return Err(format!("only in one of image and {name}: {only:?}").into());
        }
        for (id, artifact) in &of_image {
            let pair = artifact.lines().zip(other[id].lines()).find(|(one, other)| one != other);
            if let Some((one, two)) = pair {
                return Err(format!("{name}: {id}: {one} | {two}").into());
            }
        }
    }
    Ok(())
}

fn packages(inventory: &Value, kind: &str) -> BTreeMap<String, Value> {
    let start = format!("pkg:{kind}/");
    let artifacts = inventory["artifacts"].as_array().into_iter().flatten();
    artifacts
        .filter_map(|it| Some((it["purl"].as_str()?.to_owned(), it.clone())))
        .filter(|(purl, _)| purl.starts_with(&start))
        .collect()
}

fn dpkg(images: &Path) -> Result<(), Failed> {
    let found = packages(&inventory(images, "layout-gzip")?, "deb");
    let list = fs::read_to_string(images.join("packages.txt"))?;
    let expected: BTreeSet<String> = list
        .lines()
        .filter_map(|line| line.strip_prefix("installed "))
        .map(|line| {
            let fields: Vec<&str> = line.split(' ').collect();
            format!("{}@{} {}", fields[0], fields[1], fields[2])
        })
        .collect();
    let told: BTreeSet<String> = found
        .iter()
        .map(|(purl, it)| {
            let arch = purl.split("arch=").nth(1).unwrap_or_default().split('&').next();
            let text = |key: &str| it[key].as_str().unwrap_or_default().to_owned();
            format!("{}@{} {}", text("name"), text("version"), arch.unwrap_or_default())
        })
        .collect();
    if expected.len() < 50 || told != expected {
        let differ: Vec<&String> = told.symmetric_difference(&expected).collect();
        return Err(format!("{} of {}: {differ:?}", told.len(), expected.len()).into());
    }
    let other = found
        .keys()
        .find(|purl| !purl.starts_with("pkg:deb/debian/") || !purl.ends_with("&distro=debian-12"));
    other.map_or(Ok(()), |purl| Err(purl.into()))
}

fn python(images: &Path) -> Result<(), Failed> {
    let is_installed = |artifact: &Value| {
        let mut places = artifact["occurrences"].as_array().into_iter().flatten();
        places.any(|at| at["path"].as_str().is_some_and(|path| path.ends_with("/METADATA")))
    };
    let found: BTreeSet<String> = packages(&inventory(images, "layout-gzip")?, "pypi")
        .into_iter()
        .filter(|(_, artifact)| is_installed(artifact))
        .map(|(purl, _)| purl)
        .collect();
    let name = |path: &str| {
        let folder = path.strip_suffix(".dist-info/METADATA")?.rsplit('/').next()?;
        let (name, version) = folder.split_once('-')?;
        Some(format!("pkg:pypi/{}@{version}", name.to_lowercase().replace('_', "-")))
    };
    let files = files_below(&images.join("unpacked/rootfs"))?;
    let expected: BTreeSet<String> = files.iter().filter_map(|(path, _)| name(path)).collect();
    if expected.len() < 3 || found != expected {
        return Err(format!("{found:?} and {expected:?}").into());
    }
    Ok(())
}

fn models(images: &Path) -> Result<(), Failed> {
    let document = of_layout(images)?;
    let expected: Value = serde_json::from_str(&fs::read_to_string(images.join("expected.json"))?)?;
    let artifacts = document["inventory"]["artifacts"].as_array().ok_or("no artifacts")?;
    let models: Vec<&Value> = artifacts.iter().filter(|it| it["kind"] == "model").collect();
    let shown = expected["shown"].as_object().ok_or("nothing is expected")?;
    if models.len() != shown.len() {
        return Err(format!("{} models instead of {}", models.len(), shown.len()).into());
    }
    for (name, license) in shown {
        let model = models.iter().find(|it| it["name"] == **name).ok_or(name.as_str())?;
        let id = model["id"].as_str().unwrap_or_default();
        let concluded = &document["assessment"]["artifacts"][id]["license"];
        if concluded["expression"] != *license {
            return Err(format!("{name}: {concluded}").into());
        }
        if model["files"]
            .as_array()
            .is_none_or(|files| files.iter().all(|it| it["sha256"].is_null()))
        {
            return Err(format!("{name} has no file with a digest").into());
        }
    }
    Ok(())
}

/// Kind, name, version, package URL, licence and path of every file of an artifact, sorted. Without
/// digests no identifier is the same, and copies of one text are documents of their own.
fn found(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for it in document["inventory"]["artifacts"].as_array().into_iter().flatten() {
        let id = it["id"].as_str().unwrap_or_default();
        let license = &document["assessment"]["artifacts"][id]["license"]["expression"];
        let name = if it["kind"] == "document" { &Value::Null } else { &it["name"] };
        let purl = it["purl"].as_str().filter(|purl| !purl.contains("checksum="));
        let mut paths: Vec<&Value> =
            it["files"].as_array().into_iter().flatten().map(|file| &file["path"]).collect();
        if paths.is_empty() {
            paths.push(&Value::Null);
        }
        found.extend(
            paths.into_iter().map(|path| {
                json!([it["kind"], name, it["version"], purl, license, path]).to_string()
            }),
        );
    }
    found.sort();
    found
}

fn quick(images: &Path) -> Result<(), Failed> {
    let full = found(of_layout(images)?);
    // `layout-chunked` is no form like the others: skopeo 1.9 drops zeros at the end of its layers, which
    // then have other digests than the image states.
    for (source, input) in [
        ("layout-gzip", None),
        ("layout-zstd", None),
        ("layout-chunked", None),
        ("app.docker.tar", None),
        ("-", Some("app.oci.tar")),
    ] {
        let documents = scan(images, source, input, &["--quick"])?;
        let quick = found(&serde_json::from_str(&documents[0])?);
        let mut pairs = full.iter().zip(&quick);
        if let Some((full, quick)) = pairs.find(|(full, quick)| full != quick) {
            return Err(format!("{source} {input:?}: {full} | {quick}").into());
        }
        if full.len() < 100 || full.len() != quick.len() {
            return Err(format!("{source}: {} and {} artifacts", full.len(), quick.len()).into());
        }
    }
    Ok(())
}

fn copyright_files(images: &Path) -> Result<(), Failed> {
    let found = packages(&inventory(images, "layout-gzip")?, "deb");
    let without: Vec<&String> = found
        .iter()
        .filter(|(_, it)| it["files"].as_array().is_none_or(Vec::is_empty))
        .map(|(purl, _)| purl)
        .collect();
    if without.is_empty() { Ok(()) } else { Err(format!("no licence text: {without:?}").into()) }
}

fn shown_files(images: &Path) -> Result<(), Failed> {
    let inventory = inventory(images, "layout-gzip")?;
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let paths = |items: &'_ Value| -> Vec<String> {
        items
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|it| it["path"].as_str().map(str::to_owned))
            .collect()
    };
    let mut all = paths(&inventory["unclaimed"]);
    for artifact in inventory["artifacts"].as_array().into_iter().flatten() {
        all.extend(paths(&artifact["files"]));
        all.extend(paths(&artifact["occurrences"]));
    }
    told.extend(all.iter().map(String::as_str));
    let root = images.join("unpacked/rootfs");
    let files = files_below(&root)?;
    let is_blob = |path: &str| path.contains("/models--") && path.contains("/blobs/");
    let missing: Vec<&str> = files
        .iter()
        .map(|(path, _)| &**path)
        .filter(|path| !told.contains(path) && !is_blob(path))
        .collect();
    if files.len() < 1000 || !missing.is_empty() {
        return Err(format!("of {} files: {missing:?}", files.len()).into());
    }
    let regular: BTreeSet<&str> = files.iter().map(|(path, _)| &**path).collect();
    // What is told beyond the regular files are links to some.
    let invented: Vec<&&str> = told
        .iter()
        .filter(|path| !regular.contains(*path))
        .filter(|path| !root.join(path).is_symlink())
        .collect();
    if invented.is_empty() { Ok(()) } else { Err(format!("not in the image: {invented:?}").into()) }
}

fn threads(images: &Path) -> Result<(), Failed> {
    for (source, input) in
        [("layout-gzip", None), ("app.oci.tar", None), ("-", Some("app.docker.tar"))]
    {
        let one = scan(images, source, input, &["--threads", "1"])?;
        let two = scan(images, source, input, &["--threads", "2"])?;
        if one != two {
            return Err(format!("{source} {input:?}").into());
        }
    }
    Ok(())
}
