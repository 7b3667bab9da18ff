//! Where facts of layers are kept from one scan to the next.

use std::path::PathBuf;

use flowdown_core::engine::LayerCache;
use flowdown_core::source::cache::CacheFolder;

use crate::args::InputArguments;

/// Names a bucket that machines share: `s3://BUCKET/PREFIX`.
const SHARED: &str = "FLOWDOWN_SHARED_CACHE";

/// The cache of this machine, with the shared one behind it if it is named; none with `--no-cache`, and
/// none with `--exclude`, which changes what is read of a layer.
pub(super) fn cache(input: &InputArguments) -> anyhow::Result<Option<Box<dyn LayerCache>>> {
    let variable = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty());
    if input.no_cache || !input.exclude.is_empty() {
        return Ok(None);
    }
    let folder = match (variable("FLOWDOWN_CACHE"), variable("XDG_CACHE_HOME")) {
        (Some(folder), _) => PathBuf::from(folder),
        (None, Some(caches)) => PathBuf::from(caches).join("flowdown"),
        (None, None) => match variable("HOME") {
            Some(home) => PathBuf::from(home).join(".cache/flowdown"),
            None => return Ok(None),
        },
    };
    let folder = CacheFolder::new(&folder.join("layers"));
    match std::env::var(SHARED).ok().filter(|address| !address.is_empty()) {
        Some(address) => shared(folder, &address).map(Some),
        None => Ok(Some(Box::new(folder))),
    }
}

#[cfg(feature = "object-store")]
fn shared(folder: CacheFolder, address: &str) -> anyhow::Result<Box<dyn LayerCache>> {
    use anyhow::Context as _;
    use flowdown_core::engine::SharedCache;
    use flowdown_core::source::cache::ObjectStore;

    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let store = ObjectStore::open(address, variable)
        .with_context(|| format!("the shared cache that `{SHARED}` names cannot be used"))?;
    Ok(Box::new(SharedCache::new(folder, store)))
}

#[cfg(not(feature = "object-store"))]
fn shared(_: CacheFolder, address: &str) -> anyhow::Result<Box<dyn LayerCache>> {
    anyhow::bail!(
        "this program was built without support for object stores, and `{SHARED}` names `{address}`"
    );
}
