//! The order of the stages, and the threads: [`scan`]. What customers may read of the result:
//! [`for_customers`].

mod ancestors;
mod boms;
mod cache;
mod concluded;
mod customers;
mod declared;
mod image;
mod quick;
mod read;
mod recognize;
mod stream;
mod table;

pub use boms::{FACTS as BOM_FACTS, NamedBom};
pub use cache::LayerCache;
#[cfg(feature = "object-store")]
pub use cache::SharedCache;
pub use customers::for_customers;
pub use declared::FACTS as DECLARED_FACTS;

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use self::image::ImageFiles;
use crate::assemble::{self, Assembled, Origin, Repository, ScannedFile};
use crate::evaluate;
use crate::extract::driver::{Depth, TensorDigests};
use crate::model::{
    Artifact, Completeness, ContractCoverage, Diagnostic, Digest, Inventory, LicenseKey, Limits,
    PluginRecord, Policy, Product, Profile, Report, ScannedImage, SourceIdentity, SourceKind,
    SourcePath, Timestamp,
};
use crate::resolve::{self, Contracted, Knowledge, Plugin, Resolved};
use crate::source::Source;
use crate::source::image::{Image, ImageError, PlatformChoice, Store, folders};

/// What to scan, and how.
pub struct Request<'a> {
    /// Where bytes come from.
    pub input: Input<'a>,
    /// Bills of materials whose components are parts of the product too.
    pub boms: Vec<NamedBom>,
    /// The repository the source is a copy of, when where it lies tells.
    pub repository: Option<Repository>,
    /// The place of the source below a store of models ([`assemble::below_store`]).
    pub below_store: Option<String>,
    /// How far weight files are read.
    pub depth: Depth,
    /// Which files get a digest when they are read in full.
    pub digested: Digested,
    /// Whether tensors get digests of their own.
    pub tensor_digests: TensorDigests,
    /// Bounds on everything untrusted.
    pub limits: Limits,
    /// Who resolves.
    pub plugins: Vec<Plugin>,
    /// What the vendor declares.
    pub product: Option<Product>,
    /// What the user finds acceptable.
    pub policy: Option<Policy>,
    /// Paths to leave out; of a folder, everything below it.
    pub exclude: &'a (dyn Fn(&SourcePath) -> bool + Sync),
    /// Whether what lower layers of an image carry and the image does not show is scanned too.
    pub hidden: HiddenFiles,
    /// Whose demands on a bill of materials the documents are to meet.
    pub profile: Profile,
    /// Where facts of layers are kept from one scan to the next.
    pub cache: Option<&'a dyn LayerCache>,
    /// When the documents say they were made.
    pub created: Timestamp,
    /// Number of threads; `None` takes one for each processor.
    pub threads: Option<NonZeroUsize>,
    /// Who is told how far the scan is.
    pub progress: &'a dyn Progress,
}

/// Which files get a digest when they are read in full.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Digested {
    /// Those that an extractor wants; the others are not read past their head.
    Wanted,
    /// Every one.
    Every,
}

/// What is done with files that an image carries and does not show.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum HiddenFiles {
    /// They are listed.
    #[default]
    Listed,
    /// They are scanned like the others, below `layers/<diffID>`.
    Scanned,
}

/// Where bytes come from.
pub enum Input<'a> {
    /// Files that can be opened one by one.
    Files(&'a dyn Source),
    /// No files: the bills of materials are all there is.
    Boms(SourceIdentity),
    /// Images whose blobs can be opened one by one.
    Images {
        /// Where the blobs lie.
        store: &'a dyn Store,
        /// The images, at least one.
        images: &'a [Image],
        /// What is wrong about their manifests.
        diagnostics: Vec<Diagnostic>,
    },
    /// An archive that comes as a stream: images, or plain files.
    Stream {
        /// The stream.
        stream: Mutex<Box<dyn Read + Send>>,
        /// What it is called.
        name: String,
        /// The image that is meant, if it has several.
        image: Option<String>,
        /// The platforms that are meant.
        platform: PlatformChoice,
    },
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The threads cannot be started.
    #[error("the threads of the scan cannot be started")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// There is no image to scan, or it is not said which.
    #[error("no image can be scanned")]
    Image(#[from] ImageError),
    /// The stream breaks off, or is no archive.
    #[error("the stream cannot be read as an archive")]
    Stream(#[source] io::Error),
}

/// Is told how far a scan is. Called from several threads.
pub trait Progress: Sync {
    /// So many more bytes are there to look at.
    fn found(&self, bytes: u64);
    /// That many bytes of a file were read or passed over.
    fn passed(&self, path: &SourcePath, bytes: u64);
}

/// Nobody is told anything.
pub struct Quiet;

impl Progress for Quiet {
    fn found(&self, _: u64) {}
    fn passed(&self, _: &SourcePath, _: u64) {}
}

/// Scans. What cannot be read, resolved or understood is a diagnostic in the report.
///
/// # Errors
/// When the threads cannot be started, or what comes as a stream is nothing that can be scanned.
pub fn scan(request: Request<'_>) -> Result<Report, ScanError> {
    let threads = request.threads.map_or(0, NonZeroUsize::get);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    pool.install(|| run(request))
}

/// What reading the input gave.
struct Contents {
    identity: SourceIdentity,
    images: Vec<ScannedImage>,
    files: Vec<ScannedFile>,
    hidden: Vec<ScannedFile>,
    diagnostics: Vec<Diagnostic>,
}

fn contents(request: &Request<'_>) -> Result<Contents, ScanError> {
    match &request.input {
        Input::Files(source) => {
            let (files, diagnostics) = read::files(request, *source);
            let identity = source.identity();
            Ok(Contents { identity, images: Vec::new(), files, hidden: Vec::new(), diagnostics })
        }
        Input::Boms(identity) => Ok(Contents::of(identity.clone(), &[], ImageFiles::default())),
        Input::Images { store, images, diagnostics } => {
            let mut files = ImageFiles::default();
            for (image, folder) in images.iter().zip(folders(images)) {
                files.add(image::read(request, *store, image), folder.as_deref());
            }
            files.diagnostics.extend(diagnostics.iter().cloned());
            Ok(Contents::of(store.identity(), images, files))
        }
        Input::Stream { stream, name, image, platform } => {
            let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
            let read = stream::read(request, &mut **stream, image.as_deref(), platform)?;
            let kind = SourceKind::Stream;
            let identity = SourceIdentity { kind, name: name.clone() };
            Ok(Contents::of(identity, &read.images, read.files))
        }
    }
}

impl Contents {
    fn of(identity: SourceIdentity, images: &[Image], files: ImageFiles) -> Self {
        let ImageFiles { files, hidden, diagnostics } = files;
        let images = images.iter().map(image::described).collect();
        Self { identity, images, files, hidden, diagnostics }
    }
}

fn run(mut request: Request<'_>) -> Result<Report, ScanError> {
    let Contents { identity, images, mut files, hidden, mut diagnostics } = contents(&request)?;
    diagnostics.extend(request.cache.and_then(LayerCache::complaint));
    if request.hidden == HiddenFiles::Scanned {
        files.extend(hidden.iter().cloned().map(image::below_its_layer));
        files.sort_by(|left, right| left.path.cmp(&right.path));
    }
    let digests = digests(&files, &diagnostics);
    let origin = Origin {
        name: identity.name.clone(),
        repository: request.repository.take(),
        below_store: request.below_store.take(),
    };
    let mut assembled = assemble::assemble(files, &origin);
    boms::add(&mut assembled, &request.boms);
    let elsewhere = declared::add(&mut assembled, request.product.as_ref());
    diagnostics.append(&mut assembled.diagnostics);

    let mut knowledge = resolve::knowledge(&request.plugins);
    diagnostics.append(&mut knowledge.diagnostics);

    let recognized = recognize::texts(&assembled, &mut knowledge);
    diagnostics.extend(recognized.diagnostics);
    let mut resolved = resolve::resolve(
        &assembled.artifacts,
        &recognized.matches,
        &request.plugins,
        request.product.as_ref(),
        &request.limits,
    );
    let Assembled { artifacts, texts, unclaimed, .. } = assembled;
    let contracts = take_contracts(&request, &artifacts, &mut resolved, &mut knowledge);
    concluded::of_contracts(&mut resolved.claims, request.product.as_ref(), &knowledge);
    let ancestors = ancestors::known(&resolved.relations, &knowledge);
    let (concluded_ancestors, unused) =
        concluded::of_ancestors(&elsewhere, &resolved.relations, &ancestors, &knowledge);
    diagnostics.extend(unused);
    let mut inventory = Inventory {
        files: digests,
        ancestors,
        concluded_ancestors,
        license_changes: ancestors::relicensed(&resolved.relations, &knowledge),
        artifacts,
        claims: resolved.claims,
        contracts,
        extra_duties: resolved.obligations,
        relations: resolved.relations,
        text_matches: recognized.matches,
        texts,
        phrases: recognized.phrases,
        unclaimed,
        hidden: hidden.iter().map(image::hidden).collect(),
        diagnostics,
        ..Inventory::default()
    };
    inventory.diagnostics.extend(resolved.diagnostics);
    if let Some(policy) = &request.policy {
        evaluate::policy::clarify(&mut inventory, policy);
    }
    keep_named_knowledge(&mut inventory, knowledge);
    inventory.diagnostics.sort();
    inventory.diagnostics.dedup();
    let mut assessment = evaluate::evaluate(&inventory, request.product.as_ref(), &identity.name);
    let policy = request.policy.as_ref().map(|policy| {
        evaluate::policy::judge(&inventory, &mut assessment, policy, request.created.date())
    });
    let mut plugins: Vec<PluginRecord> =
        request.plugins.into_iter().map(|plugin| plugin.record).collect();
    plugins.sort();
    Ok(Report {
        profile: request.profile,
        images,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        created: request.created,
        source: identity,
        product: request.product,
        plugins,
        inventory,
        assessment,
        policy,
    })
}

/// The digest of every file, and none for each place of `unlisted` where there may be more files.
fn digests(files: &[ScannedFile], unlisted: &[Diagnostic]) -> BTreeMap<SourcePath, Option<Digest>> {
    let gaps = unlisted.iter().filter(|it| it.code.completeness() == Completeness::Incomplete);
    let gaps = gaps.map(|gap| gap.at.as_ref().map_or(SourcePath::new(""), |at| at.path.clone()));
    let files = files.iter().map(|file| (file.path.clone(), file.sha256));
    files.chain(gaps.map(|path| (path, None))).collect()
}

/// Adds what contracts say to what plugins said and know; returns what each contract covers.
fn take_contracts(
    request: &Request<'_>,
    artifacts: &[Artifact],
    resolved: &mut Resolved,
    knowledge: &mut Knowledge,
) -> BTreeMap<LicenseKey, ContractCoverage> {
    let contracts = request.product.as_ref().map_or(&[][..], |product| &product.contracts);
    let Contracted { coverage, claims } =
        resolve::contracts(contracts, request.created, artifacts, &resolved.relations);
    knowledge.take_contracts(contracts);
    for (artifact, mut claims) in claims {
        resolved.claims.entry(artifact).or_default().append(&mut claims);
    }
    coverage
}

/// Keeps what is known of the licences that claims or ancestors name; the rest of the catalogue is
/// no part of this inventory.
fn keep_named_knowledge(inventory: &mut Inventory, mut knowledge: Knowledge) {
    let claimed = inventory
        .claims
        .values()
        .flatten()
        .flat_map(|claim| claim.value.candidates.iter().cloned());
    let inherited =
        inventory.ancestors.values().flat_map(|ancestor| ancestor.licenses.iter().cloned());
    let inherited = inherited.chain(
        inventory
            .concluded_ancestors
            .values()
            .flat_map(|ancestor| ancestor.licenses.iter().cloned()),
    );
    let owed = inventory.extra_duties.values().flatten().map(|duty| duty.license.clone());
    let contracted = inventory
        .contracts
        .iter()
        .filter(|(_, coverage)| !coverage.is_empty())
        .map(|(key, _)| key.clone());
    let earlier = inventory.license_changes.values().flat_map(|change| change.from.iter().cloned());
    let mut keys: Vec<_> =
        claimed.chain(earlier).chain(inherited).chain(owed).chain(contracted).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        if let Some(text) = knowledge.listed_text(&key) {
            inventory.listed_texts.insert(key.clone(), Arc::clone(&text));
        }
        if let Some(id) = knowledge.spdx_ids.remove(&key) {
            inventory.spdx_ids.insert(key.clone(), id);
        }
        if let Some(terms) = knowledge.terms.remove(&key) {
            let policies = terms.obligations.iter().filter_map(|it| it.params.get("policy_ref"));
            let policies = policies.map(|id| LicenseKey(id.clone()));
            for key in policies.chain([key.clone()]) {
                if let Some(wordings) = knowledge.wordings.remove(&key) {
                    inventory.wordings.insert(key, wordings);
                }
            }
            inventory.terms.insert(key, terms);
        }
    }
    inventory.categories = Knowledge::meanings(inventory.terms.values());
}
