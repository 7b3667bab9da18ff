//! What the binary says of real repositories and of the directory that two requirements are about.
//!
//! The corpus is named by `FLOWDOWN_CORPUS`; its tools write the directory with the Python that
//! `FLOWDOWN_PYTHON` names. Without them every test here is listed as ignored. The expectations were
//! read in the cards, configurations and licence files themselves, as the comments say.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use flowdown_test_support::outside::{CORPUS, PYTHON, named};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

fn main() {
    let arguments = Arguments::from_args();
    let given = named(CORPUS).zip(named(PYTHON));
    let is_absent = given.is_none();
    let (corpus, python) = given.unwrap_or_default();
    let mut trials: Vec<Trial> = REPOSITORIES
        .iter()
        .map(|expected| {
            let corpus = corpus.clone();
            Trial::test(expected.repository, move || repository(&corpus, expected))
        })
        .collect();
    trials.push(Trial::test("the_made_application", move || application(&corpus, &python)));
    let trials = trials.into_iter().map(|trial| {
        trial.with_kind(format!("needs {CORPUS}, {PYTHON}")).with_ignored_flag(is_absent)
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

/// What is expected of the first model or adapter of a repository.
struct Expected {
    repository: &'static str,
    /// `NOASSERTION` when there is no single licence.
    own: &'static str,
    status: &'static str,
    effective: &'static str,
    /// `relation target`, sorted; lineage only.
    parents: &'static [&'static str],
    /// Codes of its findings, sorted, each once.
    findings: &'static [&'static str],
}

const COPY: &str = "flowdown.license-copy-missing";
const UNDECLARED: &str = "flowdown.use-restrictions-undeclared";
const AMBIGUOUS: &str = "license.ambiguous";
const UNKNOWN: &str = "license.unknown";
const ANCESTOR: &str = "lineage.ancestor-unknown";

const CREATIVE_ML: &str = "LicenseRef-scancode-stable-diffusion-2022-08-22";
const SDXL: &str = "LicenseRef-creativeml-openrailpp-m-sdxl-1.0";
const BIG_CODE: &str = "LicenseRef-scancode-bigcode-open-rail-m-v1";
const LLAMA_2: &str = "LicenseRef-scancode-llama-2-license-2023";

const REPOSITORIES: &[Expected] = &[
    // The card has the tag and nothing else; BLOOM's own `LICENSE` is not here. The tokenizer's
    // `name_or_path` is no ancestor.
    Expected {
        repository: "amansingh61__bloom",
        own: "LicenseRef-scancode-bigscience-rail-1.0",
        status: "declared",
        effective: "LicenseRef-scancode-bigscience-rail-1.0",
        parents: &[],
        findings: &[COPY, UNDECLARED],
    },
    // Tag `bigcode-openrail-m`. `_name_or_path` is `bigcode/starcoder`, from which the model that
    // was quantised was trained: not the source of the quantisation.
    Expected {
        repository: "Decentralised-AI__WizardCoder-15B-1.0-GPTQ",
        own: BIG_CODE,
        status: "declared",
        effective: BIG_CODE,
        parents: &["derived-from bigcode/starcoder"],
        findings: &[COPY, UNDECLARED],
    },
    // `LICENSE.md` is the SDXL text as published, and the tag `openrail++` can mean it.
    // `vae/config.json` names `../sdxl-vae/`: a folder of a part.
    Expected {
        repository: "HDRJ-One__stable-diffusion-xl-base-1.0",
        own: SDXL,
        status: "concluded",
        effective: SDXL,
        parents: &[],
        findings: &[UNDECLARED],
    },
    // The tag alone. The text encoder and the safety checker name where they came from: they are
    // parts, not ancestors of the pipeline.
    Expected {
        repository: "HDRJ-One__runwayml-stable-diffusion-v1-5",
        own: CREATIVE_ML,
        status: "declared",
        effective: CREATIVE_ML,
        parents: &[],
        findings: &[COPY, UNDECLARED],
    },
    // `openrail` is the tag of a family: ten texts bear the name.
    Expected {
        repository: "Dia1Up__Meinamix-for-ONNX",
        own: "NOASSERTION",
        status: "declared",
        effective: "NOASSERTION",
        parents: &[],
        findings: &[COPY, UNDECLARED, AMBIGUOUS],
    },
    // No tag. `LICENSE.txt` is the Llama 2 text but for one word, `USE_POLICY.md` its policy; the
    // notice that clause 1.b.iii prescribes is absent.
    Expected {
        repository: "HamZil__Llama-2-7b-hf",
        own: LLAMA_2,
        status: "detected",
        effective: LLAMA_2,
        parents: &["derived-from meta-llama/Llama-2-7b-hf"],
        findings: &["flowdown.notice-missing"],
    },
    // `LICENSE.md` is the Tongyi Qianwen agreement; `NOTICE.md` holds the licences of code that
    // others wrote. Nothing here is permissive.
    Expected {
        repository: "mapengAdam__qianwen-72B",
        own: "LicenseRef-scancode-tongyi-qianwen-2023",
        status: "detected",
        effective: "LicenseRef-scancode-tongyi-qianwen-2023",
        parents: &[],
        findings: &[],
    },
    // `license_name: gemma-terms-of-use`, as Google's first cards have it: two dated terms.
    Expected {
        repository: "ananddhanabal__gemma",
        own: "NOASSERTION",
        status: "declared",
        effective: "NOASSERTION",
        parents: &[],
        findings: &[COPY, "flowdown.notice-missing", UNDECLARED, AMBIGUOUS],
    },
    // Three `base_model`s and bitsandbytes: which of the three was quantised, nothing states.
    Expected {
        repository: "DocWobble__Orpheus_3B_Quantized",
        own: "Apache-2.0",
        status: "declared",
        effective: "NOASSERTION",
        parents: &[
            "derived-from canopylabs/orpheus-3b-0.1-ft",
            "derived-from canopylabs/orpheus-3b-0.1-pretrained",
            "derived-from meta-llama/Llama-3.2-3B-Instruct",
        ],
        findings: &[COPY, ANCESTOR],
    },
    // `mergekit_config.yml` names three models, the card one of them; no licence anywhere.
    Expected {
        repository: "YouriLalain__1PARAMMYL-8B-ModelStock",
        own: "NOASSERTION",
        status: "unknown",
        effective: "NOASSERTION",
        parents: &[
            "merged-from Dampfinchen/Llama-3.1-8B-Ultra-Instruct",
            "merged-from DreadPoor/Heart_Stolen-8B-Model_Stock",
            "merged-from arcee-ai/Llama-3.1-SuperNova-Lite",
        ],
        findings: &[UNKNOWN, ANCESTOR],
    },
    // Tag `mit`, and the MIT text with a note behind it: whoever uses the combined model must comply
    // with Meta's licence. Its base is Llama 3.1 under another name, which the catalogue does not have.
    Expected {
        repository: "CogniX-LTD__Cogni-OpenModel",
        own: "MIT",
        status: "declared",
        effective: "NOASSERTION",
        parents: &["adapter-of unsloth/meta-llama-3.1-8b-bnb-4bit"],
        findings: &[AMBIGUOUS, ANCESTOR],
    },
    // A listed licence without a record: what it demands is unknown, not nothing.
    // `_name_or_path` is `output_a_mythoxwin/`, a folder.
    Expected {
        repository: "YouZiSoftware__lzlv_70b_fp16_hf",
        own: "CC-BY-NC-2.0",
        status: "declared",
        effective: "CC-BY-NC-2.0",
        parents: &[],
        findings: &["license.terms-unrecorded"],
    },
    // The card states the tag and the base; the catalogue knows the base from a public source.
    Expected {
        repository: "fetchwiki__deepcogito-cogito-v1-preview-qwen-14B",
        own: "Apache-2.0",
        status: "declared",
        effective: "Apache-2.0",
        parents: &["derived-from Qwen/Qwen2.5-14B"],
        findings: &[COPY],
    },
];

fn repository(corpus: &Path, expected: &Expected) -> Result<(), Failed> {
    let report = scan(&corpus.join("hf").join(expected.repository), "json")?;
    let artifact = list(&report["inventory"]["artifacts"])
        .find(|it| it["name"] == expected.repository)
        .ok_or("no artifact has the name of the repository")?;
    same_as_expected(&report, artifact, expected)
}

fn same_as_expected(report: &Value, artifact: &Value, expected: &Expected) -> Result<(), Failed> {
    let id = &artifact["id"];
    let assessed = &report["assessment"]["artifacts"][words(id)];
    let conclusion = &assessed["license"];
    same("own licence", words(&conclusion["expression"]), expected.own)?;
    same("status", words(&conclusion["status"]), expected.status)?;
    same("effective terms", words(&assessed["effective"]["expression"]), expected.effective)?;
    let parents: BTreeSet<String> = list(&report["inventory"]["relations"])
        .filter(|it| it["from"] == *id && it["kind"] != "trained-on")
        .map(|it| format!("{} {}", words(&it["kind"]), words(&it["to"]["elsewhere"]["name"])))
        .collect();
    same("parents", &parents.iter().map(String::as_str).collect::<Vec<_>>()[..], expected.parents)?;
    let findings: BTreeSet<&str> = list(&report["assessment"]["findings"])
        .filter(|it| it["artifact"] == *id)
        .map(|it| words(&it["rule"]))
        .collect();
    same("findings", &findings.into_iter().collect::<Vec<_>>()[..], expected.findings)
}

fn same<T: PartialEq + std::fmt::Debug + ?Sized>(
    what: &str,
    found: &T,
    expected: &T,
) -> Result<(), Failed> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what}: found {found:?}, expected {expected:?}").into())
}

fn words(value: &Value) -> &str {
    value.as_str().unwrap_or("NOASSERTION")
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Scans `folder` and reads the document that the binary writes in `format`.
fn scan(folder: &Path, format: &str) -> Result<Value, Failed> {
    let output = Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .arg("scan")
        .arg(folder)
        .args(["-o", &format!("{format}=-")])
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .stdin(Stdio::null())
        .output()?;
    if output.status.code() != Some(0) {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The directory that the corpus' own tool writes: an OpenRAIL fine-tune with its licence text, and a
/// Llama 3.1 derivative without one.
fn application(corpus: &Path, python: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let made =
        Command::new(python).arg(corpus.join("tools/make_app.py")).arg(folder.path()).output()?;
    if !made.status.success() {
        return Err(String::from_utf8_lossy(&made.stderr).into_owned().into());
    }
    fine_tune_under_its_own_name(&scan(folder.path(), "cyclonedx")?)?;
    let report = scan(folder.path(), "json")?;
    let artifact = |name: &str| {
        list(&report["inventory"]["artifacts"])
            .find(|it| it["name"] == name)
            .ok_or_else(|| Failed::from(format!("there is no artifact `{name}`")))
    };
    let terms = &report["inventory"]["terms"]["bigcode-openrail-m-v1"];
    let restrictions = list(&terms["restrictions"]).filter(|it| it["label"].is_string()).count();
    same("restrictions by clause", &restrictions, &14)?;
    let derivative = artifact("acme-chat-8b")?;
    same_as_expected(
        &report,
        derivative,
        &Expected {
            repository: "acme-chat-8b",
            own: "LicenseRef-scancode-llama-3.1-license-2024",
            status: "declared",
            effective: "NOASSERTION",
            parents: &["derived-from meta-llama/Llama-3.1-8B-Instruct"],
            findings: &[COPY, "flowdown.model-naming-missing", "flowdown.notice-missing", ANCESTOR],
        },
    )?;
    let duties = &report["assessment"]["artifacts"][words(&derivative["id"])]["obligations"];
    let copy = list(duties).find(|it| it["obligation"]["kind"] == "copy-of-licence");
    same("status of the copy", &copy.map(|it| words(&it["status"])), &Some("missing"))
}

fn fine_tune_under_its_own_name(document: &Value) -> Result<(), Failed> {
    let component = list(&document["components"])
        .find(|it| it["name"] == "acme-coder-1b")
        .ok_or("no component has the fine-tune's own name")?;
    let license = &component["licenses"][0]["license"];
    same("licence", words(&license["name"]), BIG_CODE)?;
    same("acknowledgement", words(&license["acknowledgement"]), "concluded")?;
    let ancestor = &component["pedigree"]["ancestors"][0];
    same("ancestor", words(&ancestor["name"]), "starcoderbase-1b")?;
    same("purl", words(&ancestor["purl"]), "pkg:huggingface/bigcode/starcoderbase-1b")
}
