//! What an artifact is called: its own name, never its base model's.

use super::{Origin, Repository};
use crate::model::names;
use crate::model::{Fact, SourcePath};

/// Folder names that say nothing about what is in them.
const GENERIC_FOLDERS: &[&str] = &[
    "adapter",
    "checkpoint",
    "checkpoints",
    "gguf",
    "hf",
    "llm",
    "lora",
    "model",
    "models",
    "onnx",
    "output",
    "safetensors",
    "snapshot",
    "weights",
];

/// A name, and the repository that it is certain to come from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Naming {
    pub(super) name: Option<String>,
    pub(super) repository: Option<Repository>,
}

/// Names a model at home in `folder`. `stem` is the name of its weight files when they name it.
///
/// A card's own title or `general.name` may be left over from the base model, so that folder and
/// file names, which somebody chose for this copy, come first.
pub(super) fn of_model(
    folder: &SourcePath,
    stem: Option<&str>,
    facts: &[Fact],
    origin: &Origin,
) -> Naming {
    let repository = cached_repository(folder).or_else(|| {
        let Repository { name, revision } = origin.repository.clone()?;
        let revision = revision.or_else(|| commit(folder.as_str().split('/')));
        Some(Repository { name, revision })
    });
    if let Some(repository) = repository {
        let name = match stem {
            Some(stem) => format!("{}:{stem}", repository.name),
            None => repository.name.clone(),
        };
        return Naming { name: Some(name), repository: Some(repository) };
    }
    if let Some(name) = stored(folder, origin) {
        let name = stem.map_or_else(|| name.clone(), |stem| format!("{name}:{stem}"));
        return Naming { name: Some(name), repository: None };
    }
    let folder_name = if folder.as_str().is_empty() { &*origin.name } else { folder.file_name() };
    let from_card = || {
        facts
            .iter()
            .find(|fact| fact.name == names::CARD_MODEL_NAME)
            .and_then(|fact| fact.value.as_text())
            .map(str::to_owned)
    };
    let name = match stem {
        Some(stem) => Some(stem.to_owned()),
        None if is_generic(folder_name) => from_card().or_else(|| Some(folder_name.to_owned())),
        None => Some(folder_name.to_owned()),
    };
    Naming { name: name.filter(|name| !name.is_empty()), repository: None }
}

/// Where stores of other programs keep a model: below these folders by publisher and name.
const STORES: &[&[&str]] = &[
    &[".lmstudio", "models"],
    &["lm-studio", "models"],
    &["modelscope", "hub", "models"],
    &["modelscope", "hub"],
];

/// What is left of `path` below the folder of a store of LM Studio or ModelScope.
pub(super) fn below_store(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    let ends = STORES.iter().filter_map(|store| {
        let at = parts.windows(store.len()).position(|window| window == *store)?;
        Some(at + store.len())
    });
    // The deepest: one store's folder can lie in another's.
    ends.max().map(|end| parts[end..].join("/"))
}

/// The name of a model in a store of LM Studio or ModelScope, `publisher/name`. It is a folder that
/// anybody can make, so it is no repository.
fn stored(folder: &SourcePath, origin: &Origin) -> Option<String> {
    let below = match &origin.below_store {
        Some(root) => format!("{root}/{}", folder.as_str()),
        None => below_store(folder.as_str())?,
    };
    let mut parts = below.split('/').filter(|part| !part.is_empty());
    let (publisher, name) = (parts.next()?, parts.next()?);
    // ModelScope writes a dot in a name as three low lines.
    Some(format!("{publisher}/{name}").replace("___", "."))
}

/// The repository of a Hugging Face cache that `folder` lies in:
/// `models--org--name/snapshots/<commit>/…`.
fn cached_repository(folder: &SourcePath) -> Option<Repository> {
    let mut parts = folder.as_str().split('/');
    let name = parts.find_map(|part| part.strip_prefix("models--"))?.replacen("--", "/", 1);
    Some(Repository { name, revision: commit(parts) })
}

/// The commit that the path below a cached repository names: `snapshots/<commit>/…`.
fn commit<'a>(mut parts: impl Iterator<Item = &'a str>) -> Option<String> {
    (parts.next() == Some("snapshots")).then(|| parts.next()).flatten().map(str::to_owned)
}

fn is_generic(name: &str) -> bool {
    GENERIC_FOLDERS.contains(&&*name.to_ascii_lowercase())
        || (name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit()))
        || name.bytes().all(|byte| byte.is_ascii_digit())
}
