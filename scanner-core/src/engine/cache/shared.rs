//! A cache that machines share, behind the one of this machine.

use super::LayerCache;
use crate::model::{Code, Diagnostic};
use crate::source::cache::{CacheFolder, ObjectStore};

/// Facts of layers in a folder of this machine, and in an object store where they are not in it.
pub struct SharedCache {
    folder: CacheFolder,
    store: ObjectStore,
}

impl SharedCache {
    /// What is not in `folder` is asked of `store`, and what is new goes to both.
    pub fn new(folder: CacheFolder, store: ObjectStore) -> Self {
        Self { folder, store }
    }
}

impl LayerCache for SharedCache {
    fn get(&self, key: &str) -> Option<Vec<u8>> {
        if let Some(bytes) = self.folder.get(key) {
            return Some(bytes);
        }
        let bytes = self.store.get(key)?;
        LayerCache::put(&self.folder, key, &bytes);
        Some(bytes)
    }

    fn put(&self, key: &str, bytes: &[u8]) {
        LayerCache::put(&self.folder, key, bytes);
        self.store.put(key, bytes);
    }

    /// Here only: what is read again replaces what the store has.
    fn drop(&self, key: &str) {
        self.folder.drop(key);
    }

    fn complaint(&self) -> Option<Diagnostic> {
        let why = self.store.failure()?;
        let message = format!("the shared cache does not answer: {why}");
        let diagnostic = Diagnostic::of_run(Code::CacheUnreachable, message);
        Some(diagnostic.help("layers were read instead; look at the address and the credentials"))
    }
}
