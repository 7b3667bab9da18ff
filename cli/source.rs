//! What the SOURCE argument means.

mod registry;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context as _, bail};
use flowdown_core::assemble::{Repository, below_store};
use flowdown_core::engine::{Input, NamedBom};
use flowdown_core::model::{Diagnostic, Limits, SourceIdentity, SourceKind, SourcePath};
use flowdown_core::source::dir::Directory;
use flowdown_core::source::image::{
    Archive, Documents, Image, Layout, Name, Ollama, PlatformChoice, Store, has_image, is_archive,
    resolve, small_document,
};
use flowdown_core::source::registry::{PlainHttp, Reference};

use self::registry::registry;
use crate::boms;

/// As much of a file as tells what it is.
const HEAD_BYTES: u64 = 512;

/// An opened source.
#[expect(clippy::large_enum_variant, reason = "there is one for each run")]
pub(crate) enum Opened {
    /// A directory or a file, with the repository that its place tells.
    Directory(Directory, Option<Repository>),
    /// Images in a place where blobs can be opened by name.
    Images { store: Box<dyn Store>, images: Vec<Image>, diagnostics: Vec<Diagnostic> },
    /// A bill of materials; `None` once it was taken.
    Bom { identity: SourceIdentity, bom: Option<Box<NamedBom>> },
    /// An archive as a stream.
    Stream { stream: Box<dyn Read + Send>, name: String, image: Option<String> },
}

impl Opened {
    /// As the engine takes it.
    pub(crate) fn input(&mut self, platform: &PlatformChoice) -> Input<'_> {
        match self {
            Self::Directory(directory, _) => Input::Files(directory),
            Self::Bom { identity, .. } => Input::Boms(identity.clone()),
            Self::Images { store, images, diagnostics } => {
                Input::Images { store: &**store, images, diagnostics: std::mem::take(diagnostics) }
            }
            Self::Stream { stream, name, image } => Input::Stream {
                stream: Mutex::new(std::mem::replace(stream, Box::new(io::empty()))),
                name: name.clone(),
                image: image.clone(),
                platform: platform.clone(),
            },
        }
    }

    /// The bill of materials that the source is.
    pub(crate) fn take_boms(&mut self) -> Vec<NamedBom> {
        match self {
            Self::Bom { bom, .. } => bom.take().map(|bom| *bom).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The repository that the place of the source tells.
    pub(crate) fn repository(&self) -> Option<Repository> {
        match self {
            Self::Directory(_, repository) => repository.clone(),
            _ => None,
        }
    }

    /// Where the source lies below a store of models.
    pub(crate) fn below_store(&self) -> Option<String> {
        match self {
            Self::Directory(directory, _) => below_store(directory.root().to_str()?),
            _ => None,
        }
    }

    /// The path in the source of the file with this canonical path.
    pub(crate) fn path_of(&self, path: &Path) -> Option<SourcePath> {
        match self {
            Self::Directory(directory, _) => directory.path_of(path),
            _ => None,
        }
    }
}

/// How a source is opened.
pub(crate) struct How<'a> {
    /// The images that are meant, of several.
    pub(crate) platform: &'a PlatformChoice,
    /// Bounds on what is read.
    pub(crate) limits: &'a Limits,
    /// Hosts that are asked before a registry.
    #[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "nothing is asked"))]
    pub(crate) mirrors: &'a BTreeMap<String, Vec<String>>,
    /// Where no TLS is asked for.
    #[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "nothing is asked"))]
    pub(crate) plain_http: PlainHttp,
    /// Whether a registry is asked what lies beside an image.
    #[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "nothing is asked"))]
    pub(crate) attachments: bool,
}

/// The kinds that an argument can force, as its prefix.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Bom,
    Directory,
    Archive,
    Layout,
    HuggingFaceCache,
    LmStudio,
    ModelScope,
    Ollama,
    Registry,
}

const PREFIXES: [(&str, Kind); 11] = [
    ("dir", Kind::Directory),
    ("docker-archive", Kind::Archive),
    ("oci-archive", Kind::Archive),
    ("oci", Kind::Layout),
    ("oci-dir", Kind::Layout),
    ("hf-cache", Kind::HuggingFaceCache),
    ("lm-studio", Kind::LmStudio),
    ("modelscope", Kind::ModelScope),
    ("ollama", Kind::Ollama),
    ("registry", Kind::Registry),
    ("sbom", Kind::Bom),
];

/// Opens the source that `argument` names.
pub(crate) fn open(argument: &str, how: &How<'_>) -> anyhow::Result<Opened> {
    let How { platform, limits, .. } = *how;
    if argument == "-" {
        return standard_input(limits);
    }
    let forced = argument
        .split_once(':')
        .and_then(|(prefix, rest)| Some((kind_of(prefix)?, rest)))
        .filter(|_| !Path::new(argument).exists());
    match forced {
        Some((Kind::Bom, path)) => Ok(bom(boms::read(Path::new(path), limits)?)),
        Some((Kind::Directory, path)) => directory(Path::new(path), limits),
        Some((Kind::HuggingFaceCache, path)) => hugging_face_cache(path, limits),
        Some((Kind::LmStudio, path)) => store(path, None, ".lmstudio/models", limits),
        Some((Kind::ModelScope, path)) => {
            store(path, Some("MODELSCOPE_CACHE"), ".cache/modelscope/hub", limits)
        }
        Some((Kind::Archive, rest)) => {
            let (path, image) = split_image(rest);
            archive(&path, image, platform, limits)
        }
        Some((Kind::Layout, rest)) => {
            let (path, image) = split_image(rest);
            layout(&path, image, platform, limits)
        }
        Some((Kind::Ollama, rest)) => ollama(rest, limits),
        Some((Kind::Registry, name)) => {
            let reference = Reference::parse(name)
                .with_context(|| format!("`{argument}` names no image of a registry"))?;
            registry(&reference, how)
        }
        None => detect(argument, how),
    }
}

fn kind_of(prefix: &str) -> Option<Kind> {
    PREFIXES.iter().find(|(name, _)| *name == prefix).map(|(_, kind)| *kind)
}

fn detect(argument: &str, how: &How<'_>) -> anyhow::Result<Opened> {
    let How { platform, limits, .. } = *how;
    let path = Path::new(argument);
    if !path.exists()
        && let Some(reference) = Reference::with_host(argument)
    {
        return registry(&reference, how)
            .with_context(|| format!("`{argument}` is no path, so it was taken for an image"));
    }
    if !path.exists()
        && let Some((scheme, _)) = argument.split_once(':')
        && scheme.len() > 1
        && scheme.chars().all(|c| c.is_ascii_lowercase() || c == '-')
    {
        let known: Vec<String> = PREFIXES.iter().map(|(name, _)| format!("`{name}:`")).collect();
        bail!(
            "`{argument}` is neither a path nor a kind of source that this version reads; kinds are \
             {}",
            known.join(", ")
        );
    }
    if Layout::is_at(path) {
        return layout(path, None, platform, limits);
    }
    if path.is_file() && File::open(path).is_ok_and(|file| is_archive(file, limits)) {
        return archive(path, None, platform, limits);
    }
    if let Some(named) = boms::detect(path, limits) {
        return Ok(bom(named));
    }
    directory(path, limits)
}

fn bom(named: NamedBom) -> Opened {
    let identity = SourceIdentity { kind: SourceKind::Bom, name: named.file.path.to_string() };
    Opened::Bom { identity, bom: Some(Box::new(named)) }
}

fn directory(path: &Path, limits: &Limits) -> anyhow::Result<Opened> {
    let directory = Directory::open(path, limits)
        .with_context(|| format!("the source `{}` cannot be opened", path.display()))?;
    let repository =
        directory.hugging_face_snapshot().map(|(name, revision)| Repository { name, revision });
    Ok(Opened::Directory(directory, repository))
}

/// The cache folder that is named, else the one that the variables of the Hub's own tools name.
fn hugging_face_cache(path: &str, limits: &Limits) -> anyhow::Result<Opened> {
    let place = || {
        let variable = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty());
        if let Some(hub) = variable("HF_HUB_CACHE") {
            return Some(PathBuf::from(hub));
        }
        let home = match variable("HF_HOME") {
            Some(home) => PathBuf::from(home),
            None => PathBuf::from(variable("HOME")?).join(".cache/huggingface"),
        };
        Some(home.join("hub"))
    };
    let path = if path.is_empty() { place() } else { Some(PathBuf::from(path)) };
    let path = path.context("no cache is named, and neither `HF_HOME` nor `HOME` is set")?;
    directory(&path, limits)
}

/// The store at `path`, else that of `variable`, else the one in this folder of the user's home.
fn store(
    path: &str,
    variable: Option<&str>,
    at_home: &str,
    limits: &Limits,
) -> anyhow::Result<Opened> {
    let named = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let path = match path {
        "" => variable
            .and_then(named)
            .or_else(|| Some(named("HOME")?.join(at_home)))
            .context("no store is named, and `HOME` is not set")?,
        path => PathBuf::from(path),
    };
    directory(&path, limits)
}

/// `MODEL:TAG` of the store that `OLLAMA_MODELS` or the home folder names, or the path of a store.
/// Without a model, every model of the store.
fn ollama(argument: &str, limits: &Limits) -> anyhow::Result<Opened> {
    let (root, model) = match Path::new(argument) {
        path if !argument.is_empty() && Ollama::is_at(path) => (path.to_owned(), None),
        _ => {
            let variable = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty());
            let root = variable("OLLAMA_MODELS")
                .map(PathBuf::from)
                .or_else(|| Some(PathBuf::from(variable("HOME")?).join(".ollama/models")));
            let model = Some(argument).filter(|it| !it.is_empty()).map(|model| {
                if model.contains(':') { model.to_owned() } else { format!("{model}:latest") }
            });
            (root.context("neither `OLLAMA_MODELS` nor `HOME` is set")?, model)
        }
    };
    let store = Ollama::open(&root)
        .with_context(|| format!("the Ollama store `{}` cannot be opened", root.display()))?;
    images(Box::new(store), &root, Name::of(model.as_deref()), &PlatformChoice::All, limits)
}

/// `path:name`, where the name of an image follows the last `:` that is not part of the path.
fn split_image(text: &str) -> (PathBuf, Option<String>) {
    if !Path::new(text).exists() {
        for (at, _) in text.match_indices(':') {
            let (path, name) = (Path::new(&text[..at]), &text[at + 1..]);
            if path.exists() && !name.is_empty() {
                return (path.to_owned(), Some(name.to_owned()));
            }
        }
    }
    (PathBuf::from(text), None)
}

#[expect(clippy::needless_pass_by_value, reason = "what was split off an argument ends here")]
fn layout(
    path: &Path,
    image: Option<String>,
    platform: &PlatformChoice,
    limits: &Limits,
) -> anyhow::Result<Opened> {
    let store = Layout::open(path)
        .with_context(|| format!("the image layout `{}` cannot be opened", path.display()))?;
    images(Box::new(store), path, Name::only(image.as_deref()), platform, limits)
}

fn archive(
    path: &Path,
    image: Option<String>,
    platform: &PlatformChoice,
    limits: &Limits,
) -> anyhow::Result<Opened> {
    let cannot = || format!("the archive `{}` cannot be opened", path.display());
    let is_compressed = matches!(
        head(path).with_context(cannot)?.as_slice(),
        [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..]
    );
    let name = path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned());
    if !is_compressed {
        // One that breaks off, or holds no image, is read as a stream, as far as it goes.
        if let Ok(store) = Archive::open(path, limits)
            && has_image(&|name| small_document(&store, name, limits).ok().flatten())
        {
            return images(Box::new(store), path, Name::only(image.as_deref()), platform, limits);
        }
    }
    let stream = File::open(path).with_context(cannot)?;
    Ok(Opened::Stream { stream: Box::new(stream), name, image })
}

fn images(
    store: Box<dyn Store>,
    path: &Path,
    image: Name<'_>,
    platform: &PlatformChoice,
    limits: &Limits,
) -> anyhow::Result<Opened> {
    let document = |name: &str| small_document(&*store, name, limits);
    let (images, diagnostics) = found(&document, path, image, platform, limits)?;
    Ok(Opened::Images { store, images, diagnostics })
}

fn found(
    document: &Documents<'_>,
    path: &Path,
    image: Name<'_>,
    platform: &PlatformChoice,
    limits: &Limits,
) -> anyhow::Result<(Vec<Image>, Vec<Diagnostic>)> {
    resolve(document, image, platform, limits)
        .with_context(|| format!("no image of `{}` can be scanned", path.display()))
}

/// An archive, or a bill of materials: those are text.
fn standard_input(limits: &Limits) -> anyhow::Result<Opened> {
    let mut stream = io::stdin();
    if stream.is_terminal() {
        bail!("`-` reads an archive from standard input, which is a terminal; pipe one into it");
    }
    let mut head = Vec::new();
    let cannot = "standard input cannot be read";
    stream.by_ref().take(HEAD_BYTES).read_to_end(&mut head).context(cannot)?;
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
    let stream = io::Cursor::new(head.clone()).chain(stream);
    if matches!(first, Some(b'{' | b'<')) || head.starts_with(b"SPDXVersion:") {
        let bytes = boms::bytes(stream, limits).context(cannot)?;
        return match boms::of_bytes(&bytes, "stdin", limits) {
            Ok(named) => Ok(bom(named)),
            Err(refusal) => {
                bail!("what comes on standard input is no bill of materials: {refusal}")
            }
        };
    }
    Ok(Opened::Stream { stream: Box::new(stream), name: "stdin".to_owned(), image: None })
}

fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}
