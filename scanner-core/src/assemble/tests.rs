use super::{Assembled, Origin, ReadFile, Repository, ScannedFile, assemble};
use crate::model::{
    ArtifactKind, Digest, Fact, FactName, FactValue, FileRole, Location, SourcePath, Tensor, names,
};

/// A file with what its extractors would say.
struct Given(ScannedFile);

fn file(path: &str, extractor: &'static str) -> Given {
    let path = SourcePath::new(path);
    Given(ScannedFile {
        sha256: Some(Digest::sha256_of(path.as_str().as_bytes())),
        size: 100,
        read: Some(Box::new(ReadFile { extractors: vec![extractor], ..ReadFile::default() })),
        path,
    })
}

fn weights(path: &str, format: &'static str) -> Given {
    let extractor = if format == "gguf" { "gguf" } else { "safetensors" };
    file(path, extractor).fact(names::WEIGHTS_FORMAT, format)
}

impl Given {
    fn fact(mut self, name: FactName, value: impl Into<FactValue>) -> Self {
        let at = Location::scanned(&self.0.path);
        self.0.read.get_or_insert_default().extraction.facts.push(Fact::new(name, value, at));
        self
    }

    fn tensor(mut self, name: &str) -> Self {
        self.0.read.get_or_insert_default().extraction.tensors.push(Tensor {
            name: name.to_owned(),
            dtype: "F32".to_owned(),
            shape: vec![1],
            bytes: Some(0..4),
            digest: None,
        });
        self
    }
}

fn run(given: Vec<Given>) -> Assembled {
    run_in(given, &Origin { name: "tree".to_owned(), repository: None, below_store: None })
}

fn run_in(given: Vec<Given>, origin: &Origin) -> Assembled {
    let mut files: Vec<ScannedFile> = given.into_iter().map(|given| given.0).collect();
    files.sort_by(|left, right| left.path.cmp(&right.path));
    assemble(files, origin)
}

/// Artifacts as `kind name: files`, then unclaimed files.
#[track_caller]
fn check(given: Vec<Given>, expected: &[&str]) {
    let assembled = run(given);
    let mut lines: Vec<String> = assembled
        .artifacts
        .iter()
        .map(|artifact| {
            let files: Vec<String> =
                artifact.files.iter().map(|file| file.path.to_string()).collect();
            format!("{} {}: {}", artifact.kind.name(), artifact.label(), files.join(" "))
        })
        .collect();
    lines.extend(assembled.unclaimed.iter().map(|file| format!("unclaimed {}", file.path)));
    assert_eq!(lines, expected);
}

#[test]
fn shards_index_config_card_and_licence_are_one_model() {
    check(
        vec![
            weights("a/model-00001-of-00002.safetensors", "safetensors"),
            weights("a/model-00002-of-00002.safetensors", "safetensors"),
            file("a/model.safetensors.index.json", "shard_index"),
            file("a/config.json", "config").fact(names::CONFIG_MODEL_TYPE, "llama"),
            file("a/tokenizer.json", "tokenizer"),
            file("a/README.md", "model_card"),
            file("a/LICENSE", "license_file").fact(names::LICENSE_FILE_KIND, "license"),
            Given(ScannedFile { read: None, ..file("a/photo.png", "").0 }),
        ],
        &[
            "model a: a/LICENSE a/README.md a/config.json a/model-00001-of-00002.safetensors \
             a/model-00002-of-00002.safetensors a/model.safetensors.index.json a/tokenizer.json",
            "unclaimed a/photo.png",
        ],
    );
}

#[test]
fn several_adapters_side_by_side_stay_several() {
    check(
        vec![
            weights("loras/red.safetensors", "safetensors").tensor("x.lora_down.weight"),
            weights("loras/blue.safetensors", "safetensors").tensor("x.lora_down.weight"),
        ],
        &["adapter blue: loras/blue.safetensors", "adapter red: loras/red.safetensors"],
    );
}

#[test]
fn an_adapter_beside_a_model_keeps_its_own_configuration() {
    check(
        vec![
            weights("m/adapter_model.safetensors", "safetensors"),
            weights("m/pytorch_model.bin", "torch-zip"),
            file("m/adapter_config.json", "adapter_config"),
            file("m/config.json", "config").fact(names::CONFIG_MODEL_TYPE, "phi"),
            file("m/README.md", "model_card"),
        ],
        &[
            "model m: m/README.md m/config.json m/pytorch_model.bin",
            "adapter m: m/README.md m/adapter_config.json m/adapter_model.safetensors \
             m/config.json",
        ],
    );
}

#[test]
fn each_quantisation_is_a_model_and_shares_the_card() {
    check(
        vec![
            weights("g/m-Q4_K_M.gguf", "gguf"),
            weights("g/m-Q8_0-00001-of-00002.gguf", "gguf"),
            weights("g/m-Q8_0-00002-of-00002.gguf", "gguf"),
            file("g/README.md", "model_card"),
        ],
        &[
            "model m-Q4_K_M: g/README.md g/m-Q4_K_M.gguf",
            "model m-Q8_0: g/README.md g/m-Q8_0-00001-of-00002.gguf \
             g/m-Q8_0-00002-of-00002.gguf",
        ],
    );
}

#[test]
fn a_pipeline_is_one_model() {
    check(
        vec![
            file("sd/model_index.json", "model_index"),
            file("sd/unet/config.json", "config").fact(names::CONFIG_MODEL_TYPE, "unet"),
            weights("sd/unet/diffusion_pytorch_model.safetensors", "safetensors"),
            weights("sd/vae/diffusion_pytorch_model.safetensors", "safetensors"),
        ],
        &["model sd: sd/model_index.json sd/unet/config.json \
           sd/unet/diffusion_pytorch_model.safetensors \
           sd/vae/diffusion_pytorch_model.safetensors"],
    );
}

#[test]
fn another_format_of_the_same_model_is_not_another_model() {
    check(
        vec![
            file("e/config.json", "config").fact(names::CONFIG_MODEL_TYPE, "bert"),
            weights("e/model.safetensors", "safetensors"),
            weights("e/onnx/model.onnx", "onnx"),
        ],
        &["model e: e/config.json e/model.safetensors e/onnx/model.onnx"],
    );
}

#[test]
fn a_checkpoint_takes_card_and_licence_from_above_but_not_from_a_project() {
    check(
        vec![
            file("m/README.md", "model_card").fact(names::CARD_LICENSE, "mit"),
            weights("m/checkpoint-5/model.safetensors", "safetensors"),
            file("README.md", "model_card"),
            weights("other/thing.safetensors", "safetensors"),
        ],
        &[
            "model checkpoint-5: m/README.md m/checkpoint-5/model.safetensors",
            "model thing: other/thing.safetensors",
            "unclaimed README.md",
        ],
    );
}

#[test]
fn a_model_without_weights_is_still_there() {
    let assembled = run(vec![
        file("m/config.json", "config").fact(names::CONFIG_MODEL_TYPE, "falcon"),
        file("m/README.md", "model_card"),
    ]);
    assert_eq!(assembled.artifacts.len(), 1);
    let model = &assembled.artifacts[0];
    assert_eq!(model.kind, ArtifactKind::Model);
    assert!(model.id.0.starts_with("model:unweighted:sha256:"), "{}", model.id);
    assert_eq!(model.files_of(FileRole::Weights).count(), 0);
}

/// Whatever the extractors take for the name of weights is one here too.
#[test]
fn a_pointer_in_place_of_any_weights_is_weights() {
    for path in ["m/rust_model.ot", "m/model.pkl", "m/MODEL.SAFETENSORS", "m/model.pdparams"] {
        let mut pointer =
            weights(path, "git-lfs-pointer").fact(names::LFS_OID, Digest::sha256_of(b"x"));
        pointer.0.read.get_or_insert_default().extractors = vec!["lfs_pointer"];
        let assembled = run(vec![pointer]);
        let kinds: Vec<_> = assembled.artifacts.iter().map(|artifact| artifact.kind).collect();
        assert_eq!(kinds, [ArtifactKind::Model], "{path}");
    }
}

#[test]
fn identity_says_what_it_rests_on() {
    let pointer = |path: &str, oid: u8| {
        let mut given =
            weights(path, "git-lfs-pointer").fact(names::LFS_OID, Digest::sha256_of(&[oid]));
        given.0.read.get_or_insert_default().extractors = vec!["lfs_pointer"];
        given
    };
    let id = |given: Vec<Given>| run(given).artifacts[0].id.0.clone();
    let mut header_only = weights("a/model.safetensors", "safetensors")
        .fact(names::WEIGHTS_HEADER_DIGEST, Digest::sha256_of(b"h"));
    header_only.0.sha256 = None;
    assert!(id(vec![header_only]).starts_with("model:headers:sha256:"));
    let claimed = id(vec![pointer("a/model.safetensors", 1)]);
    assert!(claimed.starts_with("model:claimed:sha256:"));
    assert_eq!(claimed, id(vec![pointer("b/pytorch_model.bin", 1)]), "names do not count");
    assert_ne!(claimed, id(vec![pointer("a/model.safetensors", 2)]));
    let mut empty = weights("a/model.safetensors", "empty");
    empty.0.size = 0;
    assert!(id(vec![empty]).starts_with("model:unweighted:sha256:"));
}

/// A fine-tune has the header of its base model, and is not it.
#[test]
fn equal_headers_are_no_equal_weights() {
    let header_only = |path: &str, header: &[u8]| {
        let mut given = weights(path, "safetensors")
            .fact(names::WEIGHTS_HEADER_DIGEST, Digest::sha256_of(header));
        given.0.sha256 = None;
        given
    };
    let ids = |given: Vec<Given>| -> Vec<String> {
        run(given).artifacts.iter().map(|artifact| artifact.id.0.clone()).collect()
    };
    let both = ids(vec![
        header_only("base/model.safetensors", b"h"),
        header_only("tuned/model.safetensors", b"h"),
    ]);
    assert_eq!(both.len(), 2);
    assert!(both.iter().all(|id| id.starts_with("model:headers:sha256:")), "{both:?}");
    // What stands alone is the same wherever it stands.
    let alone = ids(vec![header_only("base/model.safetensors", b"h")]);
    assert_eq!(alone, ids(vec![header_only("tuned/model.safetensors", b"h")]));
    assert!(!both.contains(&alone[0]));
}

#[test]
fn the_same_weights_in_two_places_are_one_artifact() {
    let copy = |path: &str| {
        let mut given = weights(path, "safetensors");
        given.0.sha256 = Some(Digest::sha256_of(b"same"));
        given
    };
    let assembled = run(vec![copy("a/model.safetensors"), copy("b/model.safetensors")]);
    assert_eq!(assembled.artifacts.len(), 1);
    assert_eq!(assembled.artifacts[0].occurrences.len(), 2);
}

#[test]
fn a_cache_or_repository_names_the_model() {
    let folder = "models--org--name/snapshots/abc";
    let assembled = run(vec![weights(&format!("{folder}/model.safetensors"), "safetensors")]);
    let model = &assembled.artifacts[0];
    assert_eq!(model.name.as_deref(), Some("org/name"));
    assert_eq!(model.version.as_deref(), Some("abc"));
    let purl = model.purl.as_ref().map(crate::model::Purl::as_str);
    assert_eq!(purl, Some("pkg:huggingface/org/name@abc"));

    let repository = Repository { name: "o/n".to_owned(), revision: None };
    let origin =
        Origin { name: "snapshot".to_owned(), repository: Some(repository), below_store: None };
    let assembled = run_in(vec![weights("model.safetensors", "safetensors")], &origin);
    assert_eq!(assembled.artifacts[0].name.as_deref(), Some("o/n"));

    let assembled = run_in(vec![weights("snapshots/c0/model.safetensors", "safetensors")], &origin);
    assert_eq!(assembled.artifacts[0].version.as_deref(), Some("c0"));
}

/// The stores of LM Studio and ModelScope, scanned as a whole, from inside, or in a larger tree.
#[test]
fn a_store_names_publisher_and_model() {
    let named = |path: &str, below_store: Option<&str>| {
        let origin = Origin {
            name: "tree".to_owned(),
            repository: None,
            below_store: below_store.map(str::to_owned),
        };
        let assembled = run_in(vec![weights(path, "safetensors")], &origin);
        let model = &assembled.artifacts[0];
        // A folder that anybody can make is no repository of the Hub.
        assert!(model.purl.as_ref().is_none_or(|it| !it.as_str().contains("huggingface")));
        model.name.clone().unwrap_or_default()
    };
    let whole = "home/.lmstudio/models/org/Model-GGUF/model.safetensors";
    assert_eq!(named(whole, None), "org/Model-GGUF");
    assert_eq!(named("org/Model-GGUF/model.safetensors", Some("")), "org/Model-GGUF");
    assert_eq!(named("model.safetensors", Some("org/Model-GGUF")), "org/Model-GGUF");
    let hub = "cache/modelscope/hub/models/Qwen/Qwen2___5-7B/model.safetensors";
    assert_eq!(named(hub, None), "Qwen/Qwen2.5-7B");
    // Too high up for a publisher and a name.
    assert_eq!(named("model.safetensors", Some("org")), "tree");
}

#[test]
fn a_cached_repository_without_organisation_is_one_of_the_hub() {
    let path = "hub/models--gpt2/snapshots/abc/model.safetensors";
    let assembled = run(vec![weights(path, "safetensors")]);
    let model = &assembled.artifacts[0];
    assert_eq!(model.name.as_deref(), Some("gpt2"));
    let purl = model.purl.as_ref().map(crate::model::Purl::as_str);
    assert_eq!(purl, Some("pkg:huggingface/gpt2@abc"));
}

#[test]
fn copies_of_one_model_are_counted_once() {
    let copy = |path: &str| {
        let mut given = weights(path, "safetensors")
            .fact(names::WEIGHTS_PARAMETER_COUNT, FactValue::Int(4))
            .tensor("w");
        given.0.sha256 = Some(Digest::sha256_of(b"the same bytes"));
        given
    };
    let card = file("b/README.md", "model_card").fact(names::CARD_LICENSE, "mit");
    let assembled = run(vec![copy("a/model.safetensors"), copy("b/model.safetensors"), card]);
    let [model] = &*assembled.artifacts else { panic!("{:?}", assembled.artifacts) };
    assert_eq!(model.occurrences.len(), 2);
    assert_eq!(model.files_of(FileRole::Weights).count(), 2);
    assert_eq!(model.facts_named(names::WEIGHTS_PARAMETER_COUNT.as_str()).count(), 1);
    assert_eq!(model.facts_named(names::CARD_LICENSE.as_str()).count(), 1);
    assert_eq!(model.tensors.len(), 1);
}

#[test]
fn a_manifest_without_packages_stays_in_sight() {
    check(vec![file("requirements.txt", "requirements")], &["unclaimed requirements.txt"]);
}

#[test]
fn a_lone_licence_is_a_document() {
    check(
        vec![file("LICENSE", "license_file").fact(names::LICENSE_FILE_KIND, "license")],
        &["document LICENSE: LICENSE"],
    );
}

#[test]
fn shard_numbers_and_precisions_are_no_part_of_a_name() {
    use super::group::stem;
    assert_eq!(stem("model-00001-of-00002.safetensors"), "model");
    assert_eq!(stem("pytorch_model_00003-of-00072.bin"), "pytorch_model");
    assert_eq!(stem("model.fp16.safetensors"), "model");
    assert_eq!(stem("acme-Q8_0.gguf"), "acme-Q8_0");
    assert_eq!(stem("best-of-both.gguf"), "best-of-both");
}

/// An entry of a table of installed packages.
fn installed(
    path: &str,
    extractor: &'static str,
    ecosystem: &str,
    fields: &[(&str, &str)],
) -> Given {
    let mut given = file(path, extractor);
    for entry in fields.chunk_by(|_, next| next.0 != "name") {
        let fixed = [("ecosystem", ecosystem), ("state", "installed"), ("scope", "runtime")];
        let value = |(key, value): &(&str, &str)| {
            let text = FactValue::from((*value).to_owned());
            let is_list = *key == "depends-on";
            ((*key).to_owned(), if is_list { FactValue::List(vec![text]) } else { text })
        };
        let map = fixed.iter().chain(entry).map(value).collect();
        given = given.fact(names::MANIFEST_PACKAGE, FactValue::Map(map));
    }
    given
}

fn notice(path: &str) -> Given {
    file(path, "license_file").fact(names::LICENSE_FILE_KIND, "notice")
}

fn os_release(path: &str, id: &str, version: Option<&str>) -> Given {
    let text = |text: &str| FactValue::from(text.to_owned());
    let mut map = vec![("id".to_owned(), text(id))];
    map.extend(version.map(|version| ("version-id".to_owned(), text(version))));
    file(path, "os_release").fact(names::OS_RELEASE, FactValue::Map(map.into_iter().collect()))
}

#[test]
fn packages_of_a_system_have_its_purl_and_their_copyright_files() {
    let given = vec![
        installed(
            "r/var/lib/dpkg/status",
            "dpkg",
            "deb",
            &[
                ("name", "adduser"),
                ("version", "3.134"),
                ("architecture", "all"),
                ("depends-on", "libstdc++6"),
                ("name", "gcc-12-base"),
                ("version", "12.2"),
                ("source-package", "gcc-12"),
                ("name", "libstdc++6"),
                ("version", "1:12.2"),
                ("source-package", "gcc-12@12.1"),
                ("name", "lone"),
            ],
        ),
        os_release("r/etc/os-release", "debian", Some("12")),
        os_release("r/usr/lib/os-release", "other", None),
        notice("r/usr/share/doc/adduser/copyright"),
        notice("r/usr/share/doc/gcc-12-base/copyright"),
        notice("usr/share/doc/lone/copyright"),
    ];
    let assembled = run(given);
    let purls: Vec<String> = assembled
        .artifacts
        .iter()
        .filter(|it| it.kind == ArtifactKind::Package)
        .map(|it| {
            let files: Vec<String> = it.files.iter().map(|it| it.path.to_string()).collect();
            format!("{} {}", it.purl.as_ref().unwrap(), files.join(" "))
        })
        .collect();
    assert_eq!(
        purls,
        [
            "pkg:deb/debian/adduser@3.134?arch=all&distro=debian-12 r/usr/share/doc/adduser/copyright",
            "pkg:deb/debian/gcc-12-base@12.2?distro=debian-12 r/usr/share/doc/gcc-12-base/copyright",
            "pkg:deb/debian/libstdc%2B%2B6@1:12.2?distro=debian-12 r/usr/share/doc/gcc-12-base/copyright",
            "pkg:deb/debian/lone?distro=debian-12 ",
        ]
    );
    let adduser = &assembled.artifacts[0];
    assert_eq!(adduser.name.as_deref(), Some("adduser"));
    assert_eq!(adduser.depends_on.len(), 1);
}

#[test]
fn packages_without_dpkg_stand_in_files_of_their_own() {
    let part = |name: &str, needs: &str| {
        let path = format!("var/lib/dpkg/status.d/{name}");
        let fields = [("name", name), ("version", "1"), ("depends-on", needs)];
        installed(&path, "dpkg", "deb", &fields)
    };
    let assembled = run(vec![
        part("libc6", "libgcc"),
        part("base-files", "libc6"),
        installed("lib/apk/db/installed", "apk", "apk", &[("name", "musl"), ("version", "1")]),
        os_release("usr/lib/os-release", "alpine", Some("3.18")),
    ]);
    let told: Vec<String> = assembled
        .artifacts
        .iter()
        .map(|it| format!("{} {}", it.purl.as_ref().unwrap(), it.depends_on.len()))
        .collect();
    assert_eq!(
        told,
        [
            "pkg:deb/alpine/base-files@1?distro=alpine-3.18 1",
            "pkg:deb/alpine/libc6@1?distro=alpine-3.18 0",
            "pkg:apk/alpine/musl@1?distro=alpine-3.18 0",
        ]
    );
    assert_eq!(assembled.unclaimed.len(), 1, "os-release is no package");
}
