//! Plugins in child processes: well-behaved ones in Rust and C, and every way to misbehave.
//!
//! The libraries are built here, as their authors would build them: with `cargo build` and `cc`.

#![expect(clippy::unwrap_used, reason = "the helpers of a test fail as the test does")]

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use std::{env, fs};

use flowdown_plugin_host::{
    ChildLimits, HostCommand, HostError, Installed, Loaded, refuse_shared_ids,
};
use flowdown_plugin_sdk::abi::{Answer, Bytes, Table};
use flowdown_plugin_sdk::harness::model;
use flowdown_plugin_sdk::message::{
    ABI_MAJOR, ArtifactView, Evidence, Phase, ResolveRequest, ResolveResponse,
};
use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What the tests need from `cargo build`, built once.
struct Built {
    host: HostCommand,
    well_behaved: PathBuf,
    misbehaving: PathBuf,
}

static BUILT: LazyLock<Built> = LazyLock::new(|| {
    let target = target_folder();
    run(cargo()
        .args(["build", "--package=flowdown-test-well-behaved"])
        .args(["--package=flowdown-test-misbehaving", "--target-dir"])
        .arg(&target));
    run(cargo()
        .args(["build", "--package=flowdown-plugin-host", "--example=plugin_host", "--target-dir"])
        .arg(&target));
    let debug = target.join("debug");
    Built {
        host: HostCommand { program: debug.join("examples/plugin_host"), arguments: vec![] },
        well_behaved: debug.join(library_name("flowdown_test_well_behaved")),
        misbehaving: debug.join(library_name("flowdown_test_misbehaving")),
    }
});

/// The folder that holds `debug`, from where Cargo put the program under test.
fn target_folder() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_flowdown"));
    program.ancestors().nth(2).expect("a program lies in TARGET/PROFILE").to_owned()
}

fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").expect("Cargo runs its tests"));
    command.current_dir(ROOT);
    command
}

fn library_name(name: &str) -> String {
    format!("{}{name}{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX)
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}:\n{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// Compiles C as a library, with warnings as errors, and returns its path.
fn compile(source: &str, arguments: &[&str], folder: &Path) -> PathBuf {
    let library = folder.join(library_name("plugin"));
    run(Command::new("cc")
        .current_dir(ROOT)
        .args(["-shared", "-fPIC", "-O1", "-std=c11", "-Wall", "-Wextra", "-Werror"])
        .args(["-fvisibility=hidden", "-Iexamples/91_plugin_c"])
        .args(arguments)
        .args([source, "-o"])
        .arg(&library));
    library
}

fn limits() -> ChildLimits {
    ChildLimits { answer_bytes: 1 << 20, ..ChildLimits::default() }
}

fn install(path: &Path, limits: ChildLimits) -> Result<Installed, HostError> {
    Installed::child_of(&BUILT.host, path, None, limits)
}

fn request(artifacts: Vec<ArtifactView>) -> ResolveRequest {
    ResolveRequest { abi: ABI_MAJOR, settings: BTreeMap::new(), product: None, artifacts }
}

/// The error of a plugin, with its path replaced.
fn anonymous(error: &impl ToString, path: &Path) -> String {
    error.to_string().replace(path.to_str().unwrap(), "PLUGIN")
}

/// Asks about one artifact of this name; what the plugin said of it, or the error.
fn ask(plugin: &Installed, name: &str) -> Result<String, String> {
    match plugin.resolver.resolve(&request(vec![model(name, &[])])) {
        Ok(response) => Ok(response
            .artifacts
            .iter()
            .flat_map(|resolution| &resolution.diagnostics)
            .map(|diagnostic| diagnostic.message.as_str())
            .collect()),
        Err(error) => Err(error.0),
    }
}

fn acme_claims(plugin: &Installed, facts: &[(&str, Value)]) -> ResolveResponse {
    let artifacts = vec![model("acme/other", &[]), model("acme/small", facts)];
    plugin.resolver.resolve(&request(artifacts)).unwrap()
}

#[test]
fn a_well_behaved_plugin_is_described_verified_and_asked() {
    let path = &BUILT.well_behaved;
    let digest = sha256(path);
    let plugin = Installed::child_of(&BUILT.host, path, Some(digest), limits()).unwrap();
    assert_eq!(plugin.descriptor.id, "well-behaved");
    assert_eq!(plugin.descriptor.phase, Phase::License);
    assert_eq!(plugin.sha256, digest);
    assert_eq!(plugin.loaded, Loaded::Process { path: path.clone() });
    for _ in 0..3 {
        let response = acme_claims(&plugin, &[("card.license", "acme-1.0".into())]);
        let [resolution] = response.artifacts.as_slice() else { panic!("{response:?}") };
        assert_eq!(resolution.id, "model:acme/small");
        assert_eq!(resolution.claims[0].candidates, ["acme-1.0"]);
        assert_eq!(resolution.claims[0].evidence, [Evidence::Fact(0)]);
    }
}

#[test]
fn messages_fit_their_schemas() {
    let schema = |name: &str| {
        let path = Path::new(ROOT).join(format!("schemas/plugin/{name}/1.json"));
        let schema: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    };
    let check = |name: &str, message: &Value| {
        let schema = schema(name);
        let errors: Vec<String> = schema.iter_errors(message).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        // A schema that takes any object would pass everything above.
        let mut stranger = message.clone();
        stranger["stranger"] = 1.into();
        assert!(!schema.is_valid(&stranger), "{name} takes an unknown key");
    };
    let plugin = install(&BUILT.well_behaved, limits()).unwrap();
    check("descriptor", &serde_json::to_value(&*plugin.descriptor).unwrap());
    let facts = [("card.license", "acme-1.0".into())];
    let asked = request(vec![model("acme/small", &facts)]);
    check("resolve-request", &serde_json::to_value(&asked).unwrap());
    let response = acme_claims(&plugin, &facts);
    assert_eq!(response.artifacts[0].claims.len(), 1);
    check("resolve-response", &serde_json::to_value(&response).unwrap());
}

#[test]
fn a_large_request_and_answer_cross_whole() {
    // Whoever has time without end may say so.
    let call_time = Duration::MAX;
    let limits = ChildLimits { answer_bytes: 64 << 20, call_time, ..ChildLimits::default() };
    let plugin = install(&BUILT.well_behaved, limits).unwrap();
    let facts = [("card.license", "acme-1.0".into()), ("card.title", "x".repeat(1_000).into())];
    let artifacts = (0..5_000).map(|number| model(&number.to_string(), &facts)).collect();
    let response = plugin.resolver.resolve(&request(artifacts)).unwrap();
    assert_eq!(response.artifacts.len(), 5_000);
    assert_eq!(response.artifacts[4_999].id, "model:4999");
}

#[test]
fn a_library_that_is_not_the_pinned_one_is_not_loaded() {
    let path = &BUILT.well_behaved;
    let error = Installed::child_of(&BUILT.host, path, Some([0xab; 32]), limits()).unwrap_err();
    let HostError::Digest { expected, found, .. } = &error else { panic!("{error}") };
    assert_eq!(expected.to_string(), "ab".repeat(32));
    assert_eq!(found.0, sha256(path));
}

fn sha256(path: &Path) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(fs::read(path).unwrap()).into()
}

#[test]
fn what_is_no_plugin_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let check = |path: &Path| match install(path, limits()) {
        Ok(plugin) => panic!("{plugin:?} was installed"),
        Err(error) => anonymous(&error, path),
    };
    let text = folder.path().join("text.so");
    fs::write(&text, "not a library, but a text that is longer than any magic number of one\n")
        .unwrap();
    let refused =
        "plugin `PLUGIN` cannot be used: the file is no dynamic library: Unknown file magic";
    assert_eq!(check(&text), refused);
    let missing = check(&folder.path().join("absent.so"));
    assert!(missing.starts_with("plugin `PLUGIN` cannot be read: No such file"), "{missing}");
    let refused = "plugin `PLUGIN` cannot be read: not a regular file";
    assert_eq!(check(folder.path()), refused);
    assert_eq!(check(Path::new("/dev/zero")), refused);
    let pipe = folder.path().join("pipe");
    run(Command::new("mkfifo").arg(&pipe));
    assert_eq!(check(&pipe), refused);
    // Half a library is still an ELF file, which the system's loader must not see.
    let half = folder.path().join("half.so");
    let image = fs::read(&BUILT.well_behaved).unwrap();
    fs::write(&half, &image[..image.len() / 2]).unwrap();
    let refused = check(&half);
    assert!(refused.starts_with("plugin `PLUGIN` cannot be used: the "), "{refused}");
}

#[test]
fn a_program_that_is_no_host_is_told_apart_from_a_bad_plugin() {
    let check = |program: &str, arguments: &[&str]| {
        let arguments = arguments.iter().map(ToString::to_string).collect();
        let host = HostCommand { program: PathBuf::from(program), arguments };
        let path = &BUILT.well_behaved;
        let limits = ChildLimits { call_time: Duration::from_secs(2), ..limits() };
        let error = Installed::child_of(&host, path, None, limits).unwrap_err();
        let told = anonymous(&error, path);
        told.strip_prefix("plugin `PLUGIN` cannot be used: ").unwrap_or(&told).to_owned()
    };
    let absent = check("/nonexistent/flowdown", &[]);
    assert!(absent.contains("process `/nonexistent/flowdown` cannot be started"), "{absent}");
    let silent = "its process ended with exit code 3; it wrote `no | idea`";
    assert_eq!(check("/bin/sh", &["-c", "echo no >&2; echo idea >&2; exit 3"]), silent);
    let talks = "its process sent no frame but the byte 0x68; it was ended";
    assert_eq!(check("/bin/sh", &["-c", "echo hello, world; exec cat"]), talks);
    let deaf = "it ran longer than 2s and was ended";
    assert_eq!(check("/bin/sh", &["-c", "exec sleep 600"]), deaf);
}

/// Every table and answer that the SDK cannot make: at which call it is refused, and why.
#[test]
fn broken_tables_and_answers_are_refused_with_the_reason() {
    let size = size_of::<Table>();
    let answer = "its answer is not valid at";
    let cases = [
        ("NO_SYMBOL", "the library exports no symbol `flowdown_plugin_v1_…`; export one with `export_plugin!`".to_owned()),
        ("TWO", "the library exports `flowdown_plugin_v1_second` and `flowdown_plugin_v1_tables`; a library holds one plugin".to_owned()),
        ("FUNCTION", "`flowdown_plugin_v1_tables` is no data but text; export data of type `Table`".to_owned()),
        ("SHORT", format!("`flowdown_plugin_v1_tables` is data of 8 bytes, a table has {size}; export data of type `Table`")),
        ("SIZE", format!("the table says it has 8 bytes, version 1 has {size}")),
        ("MAJOR", "it speaks version 2 of the plugin interface, this host version 1; build it against the SDK of this host".to_owned()),
        ("MINOR", "it needs version 1.1 of the plugin interface, this host has 1.0; update Flowdown".to_owned()),
        ("NO_FUNCTION", "the table has no function `call`".to_owned()),
        ("CONSTRUCTOR_ABORTS", "its process ended with signal 6".to_owned()),
        ("CONSTRUCTOR_HANGS", "it ran longer than 5s and was ended".to_owned()),
        ("DESCRIPTOR_HANGS", "it ran longer than 5s and was ended".to_owned()),
        ("DESCRIPTOR_GARBAGE", "its descriptor is not valid at `.`: expected value at line 1 column 1".to_owned()),
        ("DESCRIPTOR_PHASE", "its descriptor is not valid at `phase`: unknown variant `both`, expected `lineage` or `license` at line 1 column 41".to_owned()),
        ("DESCRIPTOR_ID", "its descriptor is not valid at `id`: `No Id` is not 1 to 128 of the characters a-z, 0-9 and `-`".to_owned()),
        ("ANSWER_EMPTY", format!("{answer} `.`: EOF while parsing a value at line 1 column 0")),
        ("ANSWER_GARBAGE", format!("{answer} `artifacts[0].id`: EOF while parsing a value at line 1 column 20")),
        ("ANSWER_SHAPE", format!("{answer} `artifacts[0].claims[0].candidates`: invalid type: integer `7`, expected a sequence at line 1 column 55")),
        ("ANSWER_NULL", "the answer has 1000 bytes at an address where none can be".to_owned()),
        ("ANSWER_LIES", format!("its answer has {} bytes, the limit is 1048576; it was ended", usize::MAX / 4)),
        ("ANSWER_STATUS", "the answer has status 77, version 1.0 has 0 to 3".to_owned()),
        ("FRAMES", "its process sent no frame but the byte 0x74; it was ended".to_owned()),
    ];
    let check = |case: &str| {
        let folder = tempfile::tempdir().unwrap();
        let define = format!("-DCASE_{case}");
        let path = compile("tests/plugins/misbehaving/tables.c", &[&define], folder.path());
        let limits = ChildLimits { call_time: Duration::from_secs(5), ..limits() };
        let plugin = match install(&path, limits) {
            Ok(plugin) => plugin,
            Err(error) => {
                let told = anonymous(&error, &path);
                let reason = told.strip_prefix("plugin `PLUGIN` cannot be used: ");
                return reason.unwrap_or_else(|| panic!("{told}")).to_owned();
            }
        };
        ask(&plugin, "x").unwrap_err()
    };
    for (case, reason) in cases {
        assert_eq!(check(case), reason, "{case}");
    }
}

/// What a Rust plugin can do to its process, and what the user reads then.
fn check_misbehavior(name: &str, limits: ChildLimits) -> String {
    let plugin = install(&BUILT.misbehaving, limits).unwrap();
    assert_eq!(ask(&plugin, "behave").unwrap(), "");
    let failure = ask(&plugin, name).unwrap_err();
    // It is not asked again, even for something harmless; another plugin is not concerned.
    let stopped = "it is not asked again, because it failed before: ";
    assert_eq!(ask(&plugin, "behave").unwrap_err(), format!("{stopped}{failure}"));
    let other = install(&BUILT.well_behaved, ChildLimits::default()).unwrap();
    let response = acme_claims(&other, &[("card.license", "acme-1.0".into())]);
    assert_eq!(response.artifacts.len(), 1);
    failure
}

#[test]
fn a_panic_is_told_and_the_plugin_stopped() {
    let panicked = "it panicked: told to";
    assert_eq!(check_misbehavior("panic", limits()), panicked);
}

#[test]
fn a_process_that_ends_by_itself_is_told_with_its_status() {
    let died = "its process ended with";
    assert_eq!(check_misbehavior("abort", limits()), format!("{died} signal 6"));
    assert_eq!(check_misbehavior("exit", limits()), format!("{died} exit code 7"));
    let overflow = check_misbehavior("stack", limits());
    assert!(overflow.starts_with(&format!("{died} signal 6; it wrote `")), "{overflow}");
    assert!(overflow.contains("has overflowed its stack"), "{overflow}");
}

#[test]
fn an_answer_for_somebody_else_is_refused() {
    let stranger = "its answer is not valid at `artifacts[0].id`: \
                    `model:nobody` was not asked about, or was answered before";
    assert_eq!(check_misbehavior("stranger", limits()), stranger);
}

#[test]
fn an_answer_over_the_limit_is_not_read() {
    let failure = check_misbehavior("huge", limits());
    let (found, rest) = failure
        .strip_prefix("its answer has ")
        .and_then(|rest| rest.split_once(' '))
        .unwrap_or_else(|| panic!("{failure}"));
    assert!(found.parse::<u64>().unwrap() > 2 << 20, "{failure}");
    assert_eq!(rest, "bytes, the limit is 1048576; it was ended");
}

#[test]
fn a_plugin_that_hangs_spins_or_shouts_is_ended() {
    let limits = ChildLimits { call_time: Duration::from_secs(4), ..limits() };
    for name in ["hang", "spin", "noise"] {
        let timed_out = "it ran longer than 4s and was ended";
        assert_eq!(check_misbehavior(name, limits.clone()), timed_out, "{name}");
    }
}

#[test]
fn memory_and_processor_time_are_limited() {
    let limits = ChildLimits { memory_bytes: 512 << 20, cpu_seconds: 1, ..limits() };
    let failure = check_misbehavior("allocate", limits.clone());
    let out_of_memory = "its process ended with signal 6; it wrote `memory \
                         allocation of 16777216 bytes failed";
    assert!(failure.starts_with(out_of_memory), "{failure}");
    let killed = "its process ended with signal 9";
    assert_eq!(check_misbehavior("spin", limits), killed);
}

#[test]
fn a_plugin_cannot_write_files() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    let failure = check_misbehavior(&format!("write:{}", file.display()), limits());
    assert_eq!(failure, "its process ended with signal 25");
    assert_eq!(fs::read(&file).unwrap(), b"");
}

#[test]
fn a_plugin_sees_nothing_of_the_host_and_cannot_disturb_the_frames() {
    let plugin = install(&BUILT.misbehaving, limits()).unwrap();
    let seen = "stdout taken, stdin Some(0), environment 0, folder /";
    assert_eq!(ask(&plugin, "probe").unwrap(), seen);
    assert_eq!(ask(&plugin, "probe").unwrap(), seen);
}

#[test]
fn a_refusal_does_not_stop_a_plugin() {
    let plugin = install(&BUILT.misbehaving, limits()).unwrap();
    assert_eq!(ask(&plugin, "refuse").unwrap_err(), "it says: told to");
    assert_eq!(ask(&plugin, "behave").unwrap(), "");
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_plugin_started_ends_with_it() {
    let failure = check_misbehavior("leave-child", limits());
    let left = failure.split("left ").nth(1).and_then(|rest| rest.strip_suffix('`'));
    let left: u32 = left.unwrap_or_else(|| panic!("{failure}")).parse().unwrap();
    // Gone, or dead and waiting for its new parent to notice.
    let is_running = || {
        fs::read_to_string(format!("/proc/{left}/stat"))
            .is_ok_and(|stat| !stat.rsplit(')').next().unwrap().trim_start().starts_with('Z'))
    };
    let deadline = Instant::now() + Duration::from_secs(20);
    while is_running() {
        assert!(Instant::now() < deadline, "process {left} still runs");
        std::thread::yield_now();
    }
}

/// A host that is killed cannot end its children: they notice by themselves.
#[test]
fn a_plugin_that_hangs_ends_with_its_host() {
    let frame = |kind: u8, payload: &Value| {
        let payload = payload.to_string();
        let length = (payload.len() as u64).to_le_bytes();
        [&[kind], length.as_slice(), payload.as_bytes()].concat()
    };
    let start = serde_json::json!({
        "sha256": sha256(&BUILT.misbehaving), "memory_bytes": 1_u64 << 32, "cpu_seconds": 60,
    });
    let hang = serde_json::to_value(request(vec![model("hang", &[])])).unwrap();
    let mut child = Command::new(&BUILT.host.program)
        .arg(&BUILT.misbehaving)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()
        .unwrap();
    let mut host = child.stdin.take().unwrap();
    host.write_all(&frame(1, &start)).unwrap();
    host.write_all(&frame(2, &hang)).unwrap();
    // The descriptor comes, and then nothing.
    let mut header = [0; 9];
    child.stdout.as_mut().unwrap().read_exact(&mut header).unwrap();
    assert_eq!(header[0], 3);
    assert!(child.try_wait().unwrap().is_none(), "it ended while its host was there");
    drop(host);
    let deadline = Instant::now() + Duration::from_secs(20);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("it still runs without its host");
        }
        std::thread::yield_now();
    }
}

#[test]
fn one_plugin_twice_is_refused() {
    let plugins = [(), ()].map(|()| install(&BUILT.well_behaved, limits()).unwrap());
    let error = refuse_shared_ids(&plugins).unwrap_err().to_string();
    assert!(error.ends_with("both call themselves `well-behaved`; remove one of them"), "{error}");
}

/// Both examples resolve the same licence; the one in Rust was written against the SDK only.
#[test]
fn the_examples_in_rust_and_c_say_the_same() {
    let rust = build_rust_example();
    let folder = tempfile::tempdir().unwrap();
    let c = compile("examples/91_plugin_c/acme.c", &["-Wconversion"], folder.path());
    let [rust, c] = [rust, c].map(|path| install(&path, limits()).unwrap());
    assert_eq!((rust.descriptor.id.as_str(), c.descriptor.id.as_str()), ("acme", "acme-c"));
    assert_eq!(rust.descriptor.terms, c.descriptor.terms);
    assert_eq!(rust.descriptor.tags, c.descriptor.tags);
    let [terms] = rust.descriptor.terms.as_slice() else { panic!("one license") };
    assert_eq!((terms.obligation.len(), terms.restriction.len()), (2, 1));

    let license = |value: Value| ("card.license", value);
    let license_name = |value: Value| ("card.license-name", value);
    let acme = || license_name("acme-model-1.0".into());
    let nested = serde_json::json!({"a": [{"b": "}]\\\""}, -1.5e3, null], "card.license": "other"});
    let artifacts = vec![
        model("none", &[]),
        model("both", &[license("other".into()), acme()]),
        model("reverse", &[acme(), license("other".into())]),
        model("case", &[license("Other".into()), license_name("ACME-Model-1.0".into())]),
        model("name only", &[acme()]),
        model("tag only", &[license("other".into())]),
        model("another tag", &[license("mit".into()), acme()]),
        model("another name", &[license("other".into()), license_name("acme-model-1.0x".into())]),
        model("list", &[license(serde_json::json!(["other"])), acme()]),
        model("twice", &[license("mit".into()), license("other".into()), acme(), acme()]),
        model("deep", &[("card.license-link", nested), license("other".into()), acme()]),
        model("quote \" back \\ slash é \u{7}", &[license("other".into()), acme()]),
    ];
    let asked = request(artifacts);
    let answer = rust.resolver.resolve(&asked).unwrap();
    assert_eq!(c.resolver.resolve(&asked).unwrap(), answer);
    let resolved: Vec<(&str, &[Evidence])> = answer
        .artifacts
        .iter()
        .map(|resolution| (resolution.id.as_str(), &*resolution.claims[0].evidence))
        .collect();
    let first_two = [Evidence::Fact(0), Evidence::Fact(1)];
    let swapped = [Evidence::Fact(1), Evidence::Fact(0)];
    let later = [Evidence::Fact(1), Evidence::Fact(2)];
    let expected: &[(&str, &[Evidence])] = &[
        ("model:both", &first_two),
        ("model:reverse", &swapped),
        ("model:case", &first_two),
        ("model:twice", &later),
        ("model:deep", &later),
        ("model:quote \" back \\ slash é \u{7}", &first_two),
    ];
    assert_eq!(resolved, expected);
}

/// Runs the author's own tests of the example, and builds the library.
fn build_rust_example() -> PathBuf {
    let target = target_folder().join("example-plugin");
    for task in ["test", "build"] {
        run(cargo()
            .current_dir(Path::new(ROOT).join("examples/90_plugin_rust"))
            .args([task, "--locked", "--quiet", "--target-dir"])
            .arg(&target));
    }
    target.join("debug").join(library_name("acme_plugin"))
}

/// Reads every beginning of a request, and the request with every byte changed, under sanitizers.
#[test]
fn the_example_in_c_reads_nothing_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let facts = [
        ("card.license", "other".into()),
        ("card.license-link", serde_json::json!({"a": [1, "\\"], "b": {}})),
        ("card.license-name", "acme-model-1.0".into()),
    ];
    let asked = request(vec![model("a", &facts), model("b", &facts)]);
    let input = folder.path().join("request.json");
    fs::write(&input, serde_json::to_vec(&asked).unwrap()).unwrap();
    let program = folder.path().join("driver");
    run(Command::new("cc")
        .current_dir(ROOT)
        .args(["-std=c11", "-g", "-O1", "-fsanitize=address,undefined"])
        .args(["-fno-sanitize-recover=all", "-Iexamples/91_plugin_c"])
        .args(["tests/plugins/read_every_cut.c", "-o"])
        .arg(&program));
    let length = fs::metadata(&input).unwrap().len();
    let printed = run(Command::new(&program).arg(&input));
    // Of all beginnings only the whole request is one.
    assert_eq!(printed, format!("{length} bytes, 1 whole\n"));
}

/// Through the program itself: it is the host, and its own child.
#[test]
fn a_scan_uses_a_good_plugin_and_survives_a_bad_one() {
    let folder = tempfile::tempdir().unwrap();
    let plugin = compile("examples/91_plugin_c/acme.c", &[], folder.path());
    // The misbehaving plugin does what the model is called.
    let model = folder.path().join("scanned/abort");
    fs::create_dir_all(&model).unwrap();
    for file in ["README.md", "config.json", "model.safetensors"] {
        let original = Path::new(ROOT).join("examples/91_plugin_c/model").join(file);
        fs::copy(original, model.join(file)).unwrap();
    }
    let scan = |plugins: &[&Path]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowdown"));
        command.arg("scan").arg(folder.path().join("scanned"));
        for plugin in plugins {
            command.arg("--plugin").arg(plugin);
        }
        let output = command.output().unwrap();
        let [stdout, stderr] =
            [output.stdout, output.stderr].map(|b| String::from_utf8(b).unwrap());
        (output.status.code(), stdout, stderr)
    };
    let (code, stdout, stderr) = scan(&[&plugin]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("LicenseRef-acme-model-1.0"), "{stdout}");
    let (code, stdout, stderr) = scan(&[&BUILT.misbehaving, &plugin]);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stdout.contains("LicenseRef-acme-model-1.0"), "{stdout}");
    let failed = "error[plugin.failed]: plugin `misbehaving` did not answer: its process ended";
    assert!(stderr.contains(failed), "{stderr}");
    let (code, stdout, stderr) = scan(&[]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(!stdout.contains("LicenseRef-acme-model-1.0"), "{stdout}");
}

/// The header for C describes the table of the SDK, field by field.
#[test]
fn the_header_for_c_has_the_layout_of_the_sdk() {
    use std::mem::offset_of;

    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("layout.c");
    let fields = [
        ("plugin_v1", "size", offset_of!(Table, size)),
        ("plugin_v1", "abi_major", offset_of!(Table, abi_major)),
        ("plugin_v1", "abi_minor", offset_of!(Table, abi_minor)),
        ("plugin_v1", "describe", offset_of!(Table, describe)),
        ("plugin_v1", "call", offset_of!(Table, call)),
        ("plugin_v1", "free", offset_of!(Table, free)),
        ("bytes", "length", offset_of!(Bytes, length)),
        ("bytes", "data", offset_of!(Bytes, data)),
        ("answer", "length", offset_of!(Answer, length)),
        ("answer", "data", offset_of!(Answer, data)),
        ("answer", "status", offset_of!(Answer, status)),
    ];
    let sizes = [
        ("plugin_v1", size_of::<Table>()),
        ("bytes", size_of::<Bytes>()),
        ("answer", size_of::<Answer>()),
    ];
    let mut program =
        "#include <stdio.h>\n#include \"flowdown_plugin.h\"\nint main(void) {\n".to_owned();
    let mut expected = String::new();
    for (name, field, offset) in fields {
        program += &format!("printf(\"%zu\\n\", offsetof(struct flowdown_{name}, {field}));\n");
        expected += &format!("{offset}\n");
    }
    for (name, size) in sizes {
        program += &format!("printf(\"%zu\\n\", sizeof(struct flowdown_{name}));\n");
        expected += &format!("{size}\n");
    }
    fs::write(&source, program + "}\n").unwrap();
    let binary = folder.path().join("layout");
    let header = Path::new(ROOT).join("examples/91_plugin_c");
    run(Command::new("cc").arg("-I").arg(header).arg(&source).arg("-o").arg(&binary));
    assert_eq!(run(&mut Command::new(&binary)), expected);
}

/// The families that are linked in, built as libraries and named on the command line, take the
/// place of the built-in ones and say the same.
#[test]
fn the_families_as_libraries_say_the_same() {
    let families = ["commercial", "community", "lineage", "open-source", "rail"];
    let target = target_folder();
    let packages = families.map(|family| format!("--package=flowdown-{family}"));
    run(cargo().arg("build").args(packages).arg("--target-dir").arg(&target));
    let libraries = families.map(|family| {
        let name = format!("flowdown_{}", family.replace('-', "_"));
        target.join("debug").join(library_name(&name))
    });
    let scan = |libraries: &[PathBuf]| -> Value {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowdown"));
        command.current_dir(ROOT).env("SOURCE_DATE_EPOCH", "1700000000");
        command.args(["scan", "examples/01_rail_finetune", "-o", "json=-"]);
        for library in libraries {
            command.arg("--plugin").arg(library);
        }
        serde_json::from_str(&run(&mut command)).unwrap()
    };
    let (mut linked, mut loaded) = (scan(&[]), scan(&libraries));
    let take = |document: &mut Value| -> Vec<Value> {
        document["plugins"].take().as_array().unwrap().clone()
    };
    for (built_in, library) in take(&mut linked).iter().zip(take(&mut loaded)) {
        assert_eq!(built_in["id"], library["id"]);
        assert_eq!(built_in["loaded"], "built-in");
        assert!(library["loaded"].as_str().unwrap().starts_with("process: "), "{library}");
    }
    assert_eq!(linked, loaded);
}
