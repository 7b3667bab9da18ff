//! A folder in which facts of layers are kept, one file each.

#[cfg(feature = "object-store")]
mod object_store;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use crate::model::Digest;

#[cfg(feature = "object-store")]
pub use self::object_store::{ObjectStore, ObjectStoreError};

/// Files that are kept end like this.
const ENDING: &str = "layer";
/// The oldest are dropped when all together have more bytes than this.
const KEPT_BYTES: u64 = 4 << 30;

/// Facts of layers in a folder. Several programs may use it at once: a file is there as a whole or not.
#[derive(Debug)]
pub struct CacheFolder {
    path: PathBuf,
    kept_bytes: u64,
    written: AtomicU64,
}

impl CacheFolder {
    /// The folder at `path`, which is made when something is kept.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), kept_bytes: KEPT_BYTES, written: AtomicU64::new(0) }
    }

    fn file(&self, key: &str) -> PathBuf {
        self.path.join(format!("{key}.{ENDING}"))
    }

    /// What is kept under `key`, a digest in hexadecimal.
    pub fn get(&self, key: &str) -> Option<Vec<u8>> {
        let path = self.file(key);
        let bytes = fs::read(&path).ok()?;
        // What is used stays longest. A folder that cannot be written to is still read.
        if let Ok(file) = fs::File::options().append(true).open(&path) {
            let _ = file.set_modified(SystemTime::now());
        }
        Some(bytes)
    }

    /// Keeps `bytes`.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn put(&self, key: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.path)?;
        // No two programs write the same file at the same time, or the later one writes nothing.
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let unfinished = self.path.join(format!(".{key}.{}.{number}", now.as_nanos()));
        let mut file = fs::File::create_new(&unfinished)?;
        let written = file.write_all(bytes).and_then(|()| fs::rename(&unfinished, self.file(key)));
        if written.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        written?;
        self.trim()
    }

    /// Drops what is kept under `key`.
    pub fn drop(&self, key: &str) {
        let _ = fs::remove_file(self.file(key));
    }

    /// Drops the files that were used longest ago, until the rest fits.
    fn trim(&self) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let path = entry.path();
            let is_ours = path.extension().is_some_and(|ending| ending == ENDING)
                && path.file_stem().and_then(|stem| stem.to_str()).is_some_and(is_key);
            // Another program may have dropped it in between.
            let Ok(metadata) = entry.metadata() else { continue };
            if is_ours && metadata.is_file() {
                let used = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                files.push((used, metadata.len(), path));
            }
        }
        let mut total: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
        files.sort();
        for (_, bytes, path) in files {
            if total <= self.kept_bytes {
                break;
            }
            total = total.saturating_sub(bytes);
            let _ = fs::remove_file(path);
        }
        Ok(())
    }
}

fn is_key(stem: &str) -> bool {
    Digest::parse(&format!("sha256:{stem}")).is_some()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn key(number: u8) -> String {
        Digest::sha256_of(&[number]).hex()
    }

    #[test]
    fn what_is_kept_is_there_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let cache = CacheFolder::new(&folder.path().join("new"));
        assert_eq!(cache.get(&key(1)), None);
        cache.put(&key(1), b"one").unwrap();
        cache.put(&key(1), b"other").unwrap();
        assert_eq!(cache.get(&key(1)).as_deref(), Some(&b"other"[..]));
        cache.drop(&key(1));
        assert_eq!(cache.get(&key(1)), None);
        assert_eq!(fs::read_dir(folder.path().join("new")).unwrap().count(), 0);
    }

    #[test]
    fn what_was_used_longest_ago_goes_first_and_strange_files_stay() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = CacheFolder::new(folder.path());
        cache.kept_bytes = 6;
        fs::write(folder.path().join("notes.layer"), [0; 100]).unwrap();
        for number in 1..=2 {
            cache.put(&key(number), b"abc").unwrap();
            let file = fs::File::options().append(true).open(cache.file(&key(number))).unwrap();
            let age = Duration::from_secs(100 - u64::from(number));
            file.set_modified(SystemTime::now() - age).unwrap();
        }
        assert!(cache.get(&key(1)).is_some());
        cache.put(&key(3), b"abc").unwrap();
        assert_eq!(cache.get(&key(2)), None);
        assert!(cache.get(&key(1)).is_some() && cache.get(&key(3)).is_some());
        assert!(folder.path().join("notes.layer").exists());
    }
}
