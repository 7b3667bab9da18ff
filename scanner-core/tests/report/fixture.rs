//! A report with everything in it: an OpenRAIL fine-tune whose licence is concluded, an adapter with
//! a declared Llama licence, a sharded model nobody knows, packages, a development-only package,
//! and names that try to break out of every format.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use flowdown_core::evaluate::evaluate;
use flowdown_core::model::{
    AppliedLicense, Artifact, ArtifactAssessment, ArtifactFile, ArtifactId, ArtifactKind,
    AssessedObligation, Assessment, Attachment, Basis, BundleEntry, BundleGap, BundleText,
    CapturedText, Claim, Code, Conveyance, Diagnostic, Digest, Directness, Distillation, Dormancy,
    EffectiveTerms, EvidenceClass, Fact, FactName, FactValue, FileRole, Finding, Grant, Inventory,
    LicenseBundle, LicenseConclusion, LicenseFlow, LicenseKey, LicenseStatement, LicenseStatus,
    LicenseTerms, Location, Mental, Obligation, ObligationStatus, Origin, PluginRecord, Product,
    Profile, ProfileKind, Purl, Recognition, Relation, RelationKind, RelationTarget, Report,
    ResolverId, Rule, ScannedImage, Sha512, ShipMode, SourceIdentity, SourceKind, SourcePath,
    TextMatch, TextOrigin, TextRole, Timestamp, UnclaimedFile, UnknownAncestor, UseRestriction,
    UserFile, Verified,
};

pub(crate) const RAIL: &str = "bigcode-openrail-m-v1";
pub(crate) const RAIL_SPDX: &str = "LicenseRef-scancode-bigcode-open-rail-m-v1";
pub(crate) const RAIL_TEXT: &str =
    "EXAMPLE OPENRAIL-M\n\nAttachment A\n(a) not to do the first thing;\n```\n(b) nor the second\n";
/// Breaks out of JSON, Markdown, terminals and file systems where nobody takes care.
pub(crate) const HOSTILE: &str =
    "</script>\"`**x**`[y](javascript:z)\u{202e}\u{1b}[31m\n# Heading\u{0}%41../../\u{fffd}";

pub(crate) fn key(text: &str) -> LicenseKey {
    LicenseKey(text.to_owned())
}

pub(crate) fn id(kind: &str, name: &str) -> ArtifactId {
    ArtifactId(format!("{kind}:{}", Digest::sha256_of(name.as_bytes())))
}

fn at(path: &str) -> Location {
    Location::scanned(&SourcePath::new(path))
}

fn file(path: &str, role: FileRole) -> ArtifactFile {
    ArtifactFile {
        path: SourcePath::new(path),
        role,
        size: 1_024,
        sha256: Some(Digest::sha256_of(path.as_bytes())),
        sha512: None,
        claimed_sha256: None,
    }
}

pub(crate) fn artifact(kind: ArtifactKind, name: &str, folder: &str) -> Artifact {
    Artifact {
        id: id(kind.name(), &format!("{folder}/{name}")),
        kind,
        name: Some(name.to_owned()),
        version: None,
        purl: None,
        folder: SourcePath::new(folder),
        files: Vec::new(),
        facts: Vec::new(),
        tensors: Vec::new(),
        occurrences: Vec::new(),
        development_only: false,
        depends_on: Vec::new(),
    }
}

fn claim(stated: &str, candidates: &[&str], basis: Basis, at: Location) -> Claim<LicenseStatement> {
    Claim {
        value: LicenseStatement {
            stated: Some(stated.to_owned()),
            candidates: candidates.iter().copied().map(key).collect(),
            expression: None,
            recognition: (basis == Basis::Detected).then_some(Recognition::Exact),
        },
        basis,
        evidence: vec![at],
        by: ResolverId("rail".to_owned()),
    }
}

fn conclusion(status: LicenseStatus, expression: Option<&str>) -> LicenseConclusion {
    LicenseConclusion {
        status,
        expression: expression.map(str::to_owned),
        declared: expression.map(str::to_owned),
        because: format!("the fixture says {}", status.name()),
    }
}

fn applied(license: &str, basis: Basis, ancestor: Option<&str>) -> AppliedLicense {
    AppliedLicense {
        key: key(license),
        basis,
        from_ancestor: ancestor.map(str::to_owned),
        relation: ancestor.map(|_| RelationKind::FineTunedFrom),
        alternatives: Vec::new(),
        evidence: vec![at("README.md")],
    }
}

fn effective(expression: Option<&str>, licenses: Vec<AppliedLicense>) -> EffectiveTerms {
    EffectiveTerms {
        expression: expression.map(str::to_owned),
        licenses,
        unknown_ancestors: Vec::new(),
        not_reached: Vec::new(),
        use_limits: Vec::new(),
        thresholds: Vec::new(),
        restricted_categories: BTreeSet::new(),
        because: "own terms and those of every ancestor".to_owned(),
    }
}

fn obligation(kind: &str, clause: &str, evidence: EvidenceClass) -> Obligation {
    Obligation {
        kind: kind.to_owned(),
        clause: clause.to_owned(),
        triggers: vec!["distribute".to_owned(), "host".to_owned()],
        evidence,
        params: BTreeMap::from([("list_ref".to_owned(), "Attachment A".to_owned())]),
    }
}

fn assessed(license: &str, owed: Obligation, status: ObligationStatus) -> AssessedObligation {
    AssessedObligation {
        license: key(license),
        obligation: owed,
        dormancy: Dormancy::Active,
        status,
        because: format!("the fixture says {}", status.name()),
        evidence: vec![at("starcoder/LICENSE").at_lines(1, 3)],
    }
}

fn restrictions() -> Vec<UseRestriction> {
    ('a'..='n')
        .map(|letter| UseRestriction {
            label: format!("({letter})"),
            categories: vec![format!("category-{letter}")],
            mental: if letter == 'c' { Mental::Intent } else { Mental::None },
            exceptions: if letter == 'f' { vec!["with-disclosure".to_owned()] } else { Vec::new() },
            note: None,
        })
        .collect()
}

fn terms(license: &str, spdx: &str, conveyance: Conveyance, family: &str) -> LicenseTerms {
    LicenseTerms {
        key: key(license),
        name: format!("Example title of {license}"),
        date: Some("2023-03".to_owned()),
        licensor: (family != "oss-permissive").then(|| "Example Licensor".to_owned()),
        family: family.to_owned(),
        verified: Verified::Read,
        spdx: spdx.to_owned(),
        notes: Vec::new(),
        grant: Grant {
            conveyance,
            directness: Directness::Implied,
            acceptance: "by-use".to_owned(),
            acceptance_clause: None,
            sublicensable: true,
            relicense_derivatives: "free".to_owned(),
            distillation: Distillation::Silent,
            clause: "2".to_owned(),
            legal_basis: vec!["copyright".to_owned()],
            revocable: String::new(),
            covers: vec!["model".to_owned()],
            excludes: Vec::new(),
            hosting_is_distribution: String::new(),
            outputs: "no-claim".to_owned(),
            permitted_use: "any".to_owned(),
            governing_law: String::new(),
        },
        thresholds: Vec::new(),
        obligations: vec![obligation("copy-of-licence", "5.2.a", EvidenceClass::Mechanical)],
        restrictions: if family == "oss-permissive" { Vec::new() } else { restrictions() },
    }
}

struct Builder {
    inventory: Inventory,
    assessments: BTreeMap<ArtifactId, ArtifactAssessment>,
}

impl Builder {
    fn add(
        &mut self,
        artifact: Artifact,
        conclusion: LicenseConclusion,
        effective: EffectiveTerms,
        obligations: Vec<AssessedObligation>,
    ) -> ArtifactId {
        let id = artifact.id.clone();
        let assessment = ArtifactAssessment { conclusion, effective, obligations };
        self.assessments.insert(id.clone(), assessment);
        self.inventory.artifacts.push(artifact);
        id
    }

    fn relate(&mut self, from: &ArtifactId, kind: RelationKind, to: RelationTarget) {
        self.inventory.relations.push(Relation {
            from: from.clone(),
            kind,
            to,
            basis: Basis::Declared,
            evidence: vec![at("README.md").at_lines(3, 3)],
            by: ResolverId("lineage".to_owned()),
        });
    }
}

fn elsewhere(name: &str) -> RelationTarget {
    RelationTarget::Elsewhere { name: name.to_owned(), purl: Purl::of_hugging_face(name, None) }
}

/// The OpenRAIL fine-tune: concluded licence, text, ancestor with the same licence, dataset.
fn fine_tune(builder: &mut Builder) -> ArtifactId {
    let mut model = artifact(ArtifactKind::Model, "acme/coder-ft", "starcoder");
    model.version = Some("0f".repeat(20));
    model.purl = Purl::of_hugging_face("acme/coder-ft", model.version.as_deref());
    model.files = vec![
        file("starcoder/LICENSE", FileRole::License),
        file("starcoder/README.md", FileRole::Card),
        file("starcoder/model.safetensors", FileRole::Weights),
    ];
    model.occurrences = vec![at("starcoder/model.safetensors").at_bytes(0, 1_024)];
    let weights = "starcoder/model.safetensors";
    let sizes =
        [("hidden_size", 2_048), ("odd_size", 7)].map(|(k, v)| (k.to_owned(), FactValue::Int(v)));
    model.facts = vec![
        Fact::new(
            FactName::new("card.language"),
            FactValue::List(vec!["en".into(), "code".into()]),
            at("starcoder/README.md"),
        ),
        Fact::new(FactName::new("card.pipeline-tag"), "text-generation", at("starcoder/README.md")),
        Fact::new(
            FactName::new("config.architectures"),
            FactValue::List(vec!["GPTBigCodeForCausalLM".into()]),
            at("starcoder/config.json"),
        ),
        Fact::new(
            FactName::new("config.hyperparameters"),
            FactValue::Map(sizes.into()),
            at("starcoder/config.json"),
        ),
        Fact::new(FactName::new("config.model-type"), "gpt_bigcode", at("starcoder/config.json")),
        Fact::new(
            FactName::new("weights.dtypes"),
            FactValue::Map(BTreeMap::from([("F16".to_owned(), FactValue::Int(293))])),
            at(weights),
        ),
        Fact::new(FactName::new("weights.format"), "safetensors", at(weights)),
        Fact::new(FactName::new("weights.parameter-count"), 1_137_207_296_u64, at(weights)),
        Fact::new(FactName::new("weights.tensor-count"), 293_u64, at(weights)),
        Fact::new(
            FactName::new("weights.tensor-manifest-digest"),
            Digest::sha256_of(b"manifest"),
            at(weights),
        ),
    ];
    let owed = vec![
        assessed(
            RAIL,
            obligation("copy-of-licence", "5.2.a", EvidenceClass::Mechanical),
            ObligationStatus::Satisfied,
        ),
        assessed(
            RAIL,
            obligation("flowdown-use-restrictions", "5.1", EvidenceClass::Semi),
            ObligationStatus::NeedsDeclaration,
        ),
        assessed(
            RAIL,
            obligation("output-accountability", "6", EvidenceClass::None),
            ObligationStatus::NotEvidencable,
        ),
        assessed(
            RAIL,
            obligation("retain-notices", "5.2.c", EvidenceClass::Mechanical),
            ObligationStatus::Missing,
        ),
    ];
    let id = builder.add(
        model,
        conclusion(LicenseStatus::Concluded, Some(RAIL_SPDX)),
        effective(
            Some(RAIL_SPDX),
            vec![
                applied(RAIL, Basis::Concluded, None),
                applied(RAIL, Basis::Catalogue, Some("bigcode/starcoderbase-1b")),
            ],
        ),
        owed,
    );
    let license = at("starcoder/LICENSE").at_lines(1, 6);
    builder.inventory.claims.insert(
        id.clone(),
        vec![
            claim(
                "bigcode-openrail-m",
                &[RAIL],
                Basis::Declared,
                at("starcoder/README.md").at_key("license"),
            ),
            claim(RAIL, &[RAIL], Basis::Detected, license.clone()),
        ],
    );
    builder.inventory.text_matches.insert(
        id.clone(),
        vec![TextMatch {
            path: SourcePath::new("starcoder/LICENSE"),
            sha256: Digest::sha256_of(RAIL_TEXT.as_bytes()),
            key: key(RAIL),
            kind: ProfileKind::License,
            recognition: Recognition::Exact,
            resemblance_permille: 1_000,
            containment_permille: 1_000,
            at: license,
            differs: Vec::new(),
            clauses: vec![("(a)".to_owned(), at("starcoder/LICENSE").at_lines(4, 4))],
        }],
    );
    builder.relate(&id, RelationKind::FineTunedFrom, elsewhere("bigcode/starcoderbase-1b"));
    builder.relate(&id, RelationKind::TrainedOn, elsewhere("bigcode/the-stack"));
    id
}

/// A Llama adapter, declared only, on a base in the scan and with an ancestor that nobody knows.
fn adapter(builder: &mut Builder, base: &ArtifactId) -> ArtifactId {
    let mut adapter = artifact(ArtifactKind::Adapter, "acme/llama-lora", "lora");
    adapter.files = vec![file("lora/adapter_model.safetensors", FileRole::Weights)];
    adapter.files[0].sha256 = None;
    adapter.files[0].claimed_sha256 = Some(Digest::sha256_of(b"absent"));
    adapter.occurrences = vec![at("lora/adapter_model.safetensors")];
    let mut terms = effective(None, vec![applied("llama-3.1", Basis::Declared, None)]);
    terms.unknown_ancestors = vec![UnknownAncestor {
        name: "someone/private".to_owned(),
        relation: RelationKind::MergedFrom,
        evidence: vec![at("lora/README.md")],
    }];
    let owed = vec![AssessedObligation {
        dormancy: Dormancy::Dormant,
        ..assessed(
            "llama-3.1",
            obligation("copy-of-licence", "1.b.i", EvidenceClass::Mechanical),
            ObligationStatus::Missing,
        )
    }];
    let id = builder.add(
        adapter,
        conclusion(LicenseStatus::Declared, Some("LicenseRef-scancode-llama-3.1-license-2024")),
        terms,
        owed,
    );
    builder.inventory.claims.insert(
        id.clone(),
        vec![claim(
            "llama3.1",
            &["llama-3.1"],
            Basis::Declared,
            at("lora/README.md").at_key("license"),
        )],
    );
    builder.relate(&id, RelationKind::AdapterOf, RelationTarget::Here(base.clone()));
    builder.relate(&id, RelationKind::MergedFrom, elsewhere("someone/private"));
    id
}

/// A sharded model without a name, a licence or a hint.
fn unknown(builder: &mut Builder) -> ArtifactId {
    let mut model = artifact(ArtifactKind::Model, "unknown", "weights");
    model.name = None;
    model.files = vec![
        file("weights/a/model-00001-of-00002.safetensors", FileRole::Weights),
        file("weights/model-00001-of-00002.safetensors", FileRole::Weights),
    ];
    model.occurrences = model.files.iter().map(|file| Location::scanned(&file.path)).collect();
    let id = builder.add(
        model,
        conclusion(LicenseStatus::Unknown, None),
        effective(None, Vec::new()),
        Vec::new(),
    );
    builder.inventory.claims.insert(
        id.clone(),
        vec![claim("openrail", &[RAIL, "llama-3.1"], Basis::Declared, at("weights/README.md"))],
    );
    id
}

fn package(name: &str, version: &str) -> Artifact {
    let mut package = artifact(ArtifactKind::Package, name, "");
    package.version = Some(version.to_owned());
    package.purl = Purl::build("pypi", None, name, Some(version));
    package.occurrences = vec![at("requirements.txt").at_lines(2, 2)];
    package
}

fn packages(builder: &mut Builder) -> Vec<ArtifactId> {
    let mut left = package("serde-like", "1.0.0");
    let hashes = FactValue::List(vec![Digest::sha256_of(b"wheel").to_string().into()]);
    left.facts = vec![Fact::new(
        FactName::new("manifest.package"),
        FactValue::Map(BTreeMap::from([("hashes".to_owned(), hashes)])),
        at("requirements.txt"),
    )];
    let mut right = package("cyclic", "2.0.0");
    let mut test_tool = package("test-tool", "3.0.0");
    test_tool.development_only = true;
    left.depends_on = vec![right.id.clone(), id("package", "not in the inventory")];
    right.depends_on = vec![left.id.clone()];
    let mut compound = claim(
        "MIT/Apache-2.0",
        &["mit", "Apache-2.0"],
        Basis::Declared,
        at("requirements.txt").at_lines(2, 2),
    );
    compound.value.expression = Some("MIT OR Apache-2.0".to_owned());
    builder.inventory.claims.insert(left.id.clone(), vec![compound]);
    let both = || effective(Some("MIT OR Apache-2.0"), vec![applied("mit", Basis::Declared, None)]);
    let mut contradicted = conclusion(LicenseStatus::Contradicted, None);
    contradicted.declared = Some("MIT".to_owned());
    vec![
        builder.add(
            left,
            conclusion(LicenseStatus::Declared, Some("MIT OR Apache-2.0")),
            both(),
            Vec::new(),
        ),
        builder.add(right, conclusion(LicenseStatus::Detected, Some("MIT")), both(), Vec::new()),
        builder.add(test_tool, contradicted, effective(None, Vec::new()), Vec::new()),
    ]
}

/// Names, versions, statements and expressions that are attacks.
fn hostile(builder: &mut Builder) -> ArtifactId {
    let mut document = artifact(ArtifactKind::Document, HOSTILE, "x");
    document.version = Some(HOSTILE.to_owned());
    document.files = vec![file("x/\u{202e}LICENSE\n.txt", FileRole::License)];
    document.occurrences = vec![at("x/\u{202e}LICENSE\n.txt").at_key(HOSTILE)];
    let id = builder.add(
        document,
        conclusion(LicenseStatus::Declared, Some(HOSTILE)),
        effective(None, Vec::new()),
        Vec::new(),
    );
    builder
        .inventory
        .claims
        .insert(id.clone(), vec![claim(HOSTILE, &[], Basis::Declared, at("x"))]);
    builder.relate(&id, RelationKind::DerivedFrom, elsewhere(HOSTILE));
    id
}

fn text(path: &str, bytes: &[u8]) -> BundleText {
    BundleText {
        origin: TextOrigin::Artifact { path: SourcePath::new(path) },
        sha256: Digest::sha256_of(bytes),
        bytes: Arc::from(bytes),
    }
}

pub(crate) fn entry(license: Option<&str>, spdx: &str, covers: &[&ArtifactId]) -> BundleEntry {
    BundleEntry {
        license: license.map(key),
        spdx: spdx.to_owned(),
        name: format!("Example title of {spdx}"),
        basis: Basis::Declared,
        conveyance: None,
        grantor: None,
        covers: covers.iter().copied().cloned().collect(),
        texts: Vec::new(),
        notices: Vec::new(),
        restrictions: Vec::new(),
        obligations: Vec::new(),
        gaps: Vec::new(),
    }
}

fn bundle(
    tune: &ArtifactId,
    adapter: &ArtifactId,
    unknown: &ArtifactId,
    package: &ArtifactId,
    hostile: &ArtifactId,
) -> LicenseBundle {
    let mut rail = entry(Some(RAIL), RAIL_SPDX, &[tune]);
    rail.basis = Basis::Concluded;
    rail.conveyance = Some(Conveyance::SublicenseWithFlowdown);
    rail.grantor = Some("Acme Corp".to_owned());
    rail.texts = vec![
        text("starcoder/LICENSE", RAIL_TEXT.as_bytes()),
        text("other/LICENSE", b"another text\xff"),
    ];
    rail.notices = vec![
        text("starcoder/NOTICE", b"Copyright A\n"),
        text("x/../CON", b"Copyright B\n```\n# not a heading"),
    ];
    rail.restrictions = restrictions().into_iter().map(|restriction| (restriction, None)).collect();
    rail.restrictions[0].1 =
        Some(("(a) not to do the first thing;".to_owned(), at("starcoder/LICENSE").at_lines(4, 4)));
    let mut llama =
        entry(Some("llama-3.1"), "LicenseRef-scancode-llama-3.1-license-2024", &[adapter]);
    llama.restrictions =
        restrictions().into_iter().map(|restriction| (restriction, None)).collect();
    llama.gaps = vec![BundleGap {
        what: "no text of the licence came with `lora`".to_owned(),
        fix: "put LICENSE beside the adapter".to_owned(),
    }];
    LicenseBundle {
        product: "acme-chat".to_owned(),
        product_license: Some("LicenseRef-acme-eula".to_owned()),
        entries: vec![
            rail,
            llama,
            entry(Some("mit"), "MIT", &[package]),
            entry(None, "NOASSERTION", &[unknown]),
            entry(Some(HOSTILE), HOSTILE, &[hostile]),
        ],
    }
}

/// The whole report.
pub(crate) fn report() -> Report {
    let mut builder = Builder { inventory: Inventory::default(), assessments: BTreeMap::new() };
    let tune = fine_tune(&mut builder);
    let adapter = adapter(&mut builder, &tune);
    let unknown = unknown(&mut builder);
    let packages = packages(&mut builder);
    let hostile = hostile(&mut builder);
    let bundle = bundle(&tune, &adapter, &unknown, &packages[0], &hostile);
    let Builder { mut inventory, assessments } = builder;
    inventory.texts.insert(
        SourcePath::new("starcoder/LICENSE"),
        CapturedText {
            path: SourcePath::new("starcoder/LICENSE"),
            role: TextRole::License,
            bytes: Arc::from(RAIL_TEXT.as_bytes()),
            first_line: 1,
        },
    );
    for terms in [
        terms(RAIL, RAIL_SPDX, Conveyance::SublicenseWithFlowdown, "openrail-m"),
        terms(
            "llama-3.1",
            "LicenseRef-scancode-llama-3.1-license-2024",
            Conveyance::DirectLicense,
            "behavioural-use-community",
        ),
        terms("mit", "MIT", Conveyance::DirectLicense, "oss-permissive"),
    ] {
        inventory.spdx_ids.insert(terms.key.clone(), terms.spdx.clone());
        inventory.terms.insert(terms.key.clone(), terms);
        inventory.categories.insert("category-a".to_owned(), "What *a* means.".to_owned());
    }
    inventory.listed_texts.insert(key("mit"), Arc::from("EXAMPLE MIT TEXT"));
    inventory.unclaimed = vec![UnclaimedFile { path: SourcePath::new("data.bin"), size: 9 }];
    inventory.diagnostics = vec![
        Diagnostic::new(
            Code::FileTooLarge,
            at("big.md"),
            "`big.md` has 9 bytes and the limit is 4",
        )
        .help("raise `limits.card_bytes`"),
    ];
    let findings = vec![Finding {
        artifact: Some(unknown),
        rule: Rule::LicenseUnknown,
        license: None,
        clause: None,
        message: "nothing says under which licence `weights` is held".to_owned(),
        because: vec![at("weights")],
        fix: "ask its author".to_owned(),
    }];
    let product = Product {
        name: "acme-chat".to_owned(),
        version: Some("2.3.0".to_owned()),
        vendor: Some("Acme Corp".to_owned()),
        license: Some("LicenseRef-acme-eula".to_owned()),
        ships: Some(ShipMode::Distributed),
        declared_in: Some(UserFile {
            path: SourcePath::new("flowdown.toml"),
            sha256: Digest::sha256_of(b"settings"),
        }),
        ..Product::default()
    };
    let flow = evaluate(&inventory, Some(&product), "models").flow;
    Report {
        profile: Profile::Standard,
        tool_version: "0.1.0".to_owned(),
        created: Timestamp(1_767_225_600),
        source: SourceIdentity { kind: SourceKind::Directory, name: "models".to_owned() },
        images: Vec::new(),
        product: Some(product),
        plugins: ["lineage", "rail"].map(plugin).into(),
        inventory,
        assessment: Assessment {
            artifacts: assessments,
            findings,
            bundle,
            flow,
            agreement: Some(crate::agreement::review()),
        },
        policy: None,
    }
}

fn plugin(id: &str) -> PluginRecord {
    PluginRecord {
        id: id.to_owned(),
        version: "0.1.0".to_owned(),
        families: vec!["openrail-m".to_owned()],
        loaded: "built-in".to_owned(),
        sha256: Digest::sha256_of(id.as_bytes()),
    }
}

/// The same report with every location in an image layer, for what directories never have.
pub(crate) fn layered() -> Report {
    let mut report = report();
    for artifact in &mut report.inventory.artifacts {
        for location in &mut artifact.occurrences {
            location.origin = Origin::Scanned { layer: Some(Digest::sha256_of(b"layer")) };
        }
    }
    report.images = vec![image()];
    report
}

/// An image with everything that it can say of itself.
fn image() -> ScannedImage {
    ScannedImage {
        names: vec!["registry.example/team/app:1".to_owned()],
        manifest: Some(Digest::sha256_of(b"manifest")),
        config: Some(Digest::sha256_of(b"config")),
        platform: Some("linux/amd64".to_owned()),
        labels: vec![("org.opencontainers.image.licenses".to_owned(), "Apache-2.0".to_owned())],
        layers: vec![(Some(Digest::sha256_of(b"layer")), Some(Digest::sha256_of(b"blob")))],
        attachments: vec![Attachment {
            kind: "https://spdx.dev/Document".to_owned(),
            media_type: "application/vnd.in-toto+json".to_owned(),
            digest: Some(Digest::sha256_of(b"attestation")),
        }],
    }
}

/// The same report with every name that may be empty made empty or blank.
pub(crate) fn blank() -> Report {
    let mut report = report();
    report.source.name.clear();
    report.product = Some(Product {
        vendor: Some(" ".to_owned()),
        version: Some(String::new()),
        ..Product::default()
    });
    report.plugins[0].id.clear();
    report.plugins[0].version.clear();
    for artifact in &mut report.inventory.artifacts {
        artifact.name = Some(String::new());
        artifact.version = Some(String::new());
    }
    for entry in &mut report.assessment.bundle.entries {
        entry.name.clear();
        entry.grantor = Some(String::new());
    }
    report
}

/// The same report with `count` more packages, each with an obligation, a place and dependencies.
pub(crate) fn many(count: usize) -> Report {
    let mut report = report();
    let known = |artifact: &&Artifact| artifact.label() == "serde-like";
    let package = report.inventory.artifacts.iter().find(known).unwrap().clone();
    let assessment = report.assessment.artifacts[&package.id].clone();
    let claims = report.inventory.claims[&package.id].clone();
    for number in 0..count {
        let name = format!("package-{number}");
        let lines = 10 * number as u64;
        let place = at("vendor/package-lock.json").at_lines(lines + 1, lines + 9);
        let mut next = package.clone();
        next.id = id("package", &number.to_string());
        next.purl = Purl::build("npm", None, &name, Some("1.0.0"));
        next.name = Some(name);
        next.occurrences = vec![place.clone()];
        next.depends_on = (1..=3).map(|step| id("package", &(number + step).to_string())).collect();
        let mut claims = claims.clone();
        claims[0].evidence = vec![place.clone()];
        let mut assessment = assessment.clone();
        let copy = obligation("copy-of-licence", "1", EvidenceClass::Mechanical);
        let owed = assessed("mit", copy, ObligationStatus::NeedsDeclaration);
        assessment.obligations = vec![AssessedObligation { evidence: vec![place], ..owed }];
        report.inventory.claims.insert(next.id.clone(), claims);
        report.assessment.artifacts.insert(next.id.clone(), assessment);
        report.inventory.artifacts.push(next);
    }
    report
}

/// A report about nothing.
pub(crate) fn empty() -> Report {
    let mut report = report();
    report.product = None;
    report.inventory = Inventory::default();
    report.assessment.artifacts.clear();
    report.assessment.findings.clear();
    report.assessment.bundle.product_license = None;
    report.assessment.bundle.entries.clear();
    report.assessment.flow = LicenseFlow::default();
    report.assessment.agreement = None;
    report
}

/// The same report under the profile of the BSI, with the digests that it asks for.
pub(crate) fn bsi() -> Report {
    let mut report = report();
    report.profile = Profile::Bsi;
    for artifact in &mut report.inventory.artifacts {
        for file in artifact.files.iter_mut().filter(|file| file.sha256.is_some()) {
            file.sha512 = Some(Sha512::of(file.path.as_str().as_bytes()));
        }
    }
    report
}
