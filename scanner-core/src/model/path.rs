//! Paths inside a source.

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::Digest;

/// A path inside a source: `/`-separated, relative, without `.` or `..`, valid UTF-8.
///
/// Bytes of a file name that are not UTF-8, and a literal `%` followed by two hexadecimal digits,
/// are percent-encoded, so that two different names never become one path.
///
/// The path of a file in an image also knows the layer that its bytes came from, so that whatever is
/// said of the file can name it. A file system has one file at a path: two paths are the same when
/// their text is.
///
/// A scan keeps one for every file, and copies of it with all that is said of the file: copies share
/// their text, and the paths of a layer its digest.
#[derive(Clone)]
pub struct SourcePath {
    text: Arc<str>,
    layer: Option<Arc<Digest>>,
}

impl PartialEq for SourcePath {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for SourcePath {}

impl PartialOrd for SourcePath {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SourcePath {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl Hash for SourcePath {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

/// A path is found by its text: it is compared, ordered and hashed as that.
impl Borrow<str> for SourcePath {
    fn borrow(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SourcePath").field(&self.text).finish()
    }
}

impl SourcePath {
    /// Takes a path that is already in source form. Empty, `.` and `..` components are dropped:
    /// a source path cannot leave its source.
    pub fn new(path: &str) -> Self {
        let mut clean = String::with_capacity(path.len());
        for part in path.split('/') {
            if part.is_empty() || part == "." || part == ".." {
                continue;
            }
            if !clean.is_empty() {
                clean.push('/');
            }
            clean.push_str(part);
        }
        Self::of(clean)
    }

    fn of(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), layer: None }
    }

    /// The path of the entry called `name` (raw bytes of a file system or archive) below `self`.
    pub fn child(&self, name: &[u8]) -> Self {
        let mut path = String::with_capacity(self.text.len() + 1 + name.len());
        path.push_str(&self.text);
        if !path.is_empty() {
            path.push('/');
        }
        for chunk in name.utf8_chunks() {
            push_valid(&mut path, chunk.valid());
            for byte in chunk.invalid() {
                path.push_str(&format!("%{byte:02X}"));
            }
        }
        Self::of(path)
    }

    /// The same path, in a file system whose file there came from the layer with this diffID.
    #[must_use]
    pub fn in_layer(mut self, layer: Option<Arc<Digest>>) -> Self {
        self.layer = layer;
        self
    }

    /// The same path, in a file system whose file there came from the layer of `other`.
    #[must_use]
    pub fn in_layer_of(self, other: &Self) -> Self {
        self.in_layer(other.layer.clone())
    }

    /// The diffID of the image layer that the file came from.
    pub fn layer(&self) -> Option<Digest> {
        self.layer.as_deref().copied()
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The raw bytes of the file name or path that [`Self::child`] encoded.
    pub fn decoded(&self) -> Cow<'_, [u8]> {
        let bytes = self.text.as_bytes();
        if !bytes.contains(&b'%') {
            return Cow::Borrowed(bytes);
        }
        let mut raw = Vec::with_capacity(bytes.len());
        let mut index = 0;
        while let Some(&byte) = bytes.get(index) {
            let escaped = (byte == b'%')
                .then(|| bytes.get(index + 1..index + 3))
                .flatten()
                .and_then(|digits| std::str::from_utf8(digits).ok())
                .and_then(|digits| u8::from_str_radix(digits, 16).ok());
            raw.push(escaped.unwrap_or(byte));
            index += if escaped.is_some() { 3 } else { 1 };
        }
        Cow::Owned(raw)
    }

    /// The last component; empty for the root.
    pub fn file_name(&self) -> &str {
        self.text.rsplit_once('/').map_or(&*self.text, |(_, name)| name)
    }

    /// The folder that holds it; the root's parent is the root.
    pub fn parent(&self) -> Self {
        let folder = self.text.rsplit_once('/').map_or("", |(folder, _)| folder);
        Self::of(folder)
    }

    /// Whether `self` is `folder` or lies below it.
    pub fn is_within(&self, folder: &Self) -> bool {
        folder.text.is_empty()
            || self
                .text
                .strip_prefix(&*folder.text)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Resolves `relative` (as written inside a file of folder `self`) without leaving the source:
    /// `None` when `..` would climb above the root or the text is absolute.
    pub fn join(&self, relative: &str) -> Option<Self> {
        if relative.starts_with('/') || relative.contains('\\') || relative.contains('\0') {
            return None;
        }
        let mut parts: Vec<&str> = self.text.split('/').filter(|part| !part.is_empty()).collect();
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                name => parts.push(name),
            }
        }
        Some(Self::of(parts.join("/")))
    }
}

fn push_valid(path: &mut String, text: &str) {
    let bytes = text.as_bytes();
    for (index, character) in text.char_indices() {
        let is_escape = character == '%'
            && bytes.get(index + 1).is_some_and(u8::is_ascii_hexdigit)
            && bytes.get(index + 2).is_some_and(u8::is_ascii_hexdigit);
        match character {
            _ if is_escape => path.push_str("%25"),
            // A separator inside a name can only come from a hostile archive.
            '/' => path.push_str("%2F"),
            _ => path.push(character),
        }
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.text.is_empty() { "." } else { &self.text })
    }
}

#[cfg(test)]
mod tests {
    use super::SourcePath;

    fn check(name: &[u8], encoded: &str) {
        let path = SourcePath::new("a").child(name);
        assert_eq!(path.as_str(), format!("a/{encoded}"));
        assert_eq!(path.decoded(), [b"a/", name].concat());
    }

    #[test]
    fn different_names_stay_different_paths() {
        check(b"model.safetensors", "model.safetensors");
        check(b"caf\xe9", "caf%E9");
        check(b"caf%E9", "caf%25E9");
        check(b"100%", "100%");
        check("café".as_bytes(), "café");
    }

    #[test]
    fn a_path_cannot_leave_its_source() {
        assert_eq!(SourcePath::new("/../a/./b/../../c").as_str(), "a/b/c");
        let folder = SourcePath::new("models/a");
        assert_eq!(folder.join("../b/c").map(|path| path.to_string()), Some("models/b/c".into()));
        assert_eq!(folder.join("../../../x"), None);
        assert_eq!(folder.join("/etc/passwd"), None);
    }

    #[test]
    fn within_counts_whole_components() {
        let folder = SourcePath::new("models/a");
        assert!(SourcePath::new("models/a/x").is_within(&folder));
        assert!(folder.is_within(&folder));
        assert!(!SourcePath::new("models/ab").is_within(&folder));
    }
}
