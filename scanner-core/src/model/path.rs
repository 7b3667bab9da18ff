//! Paths inside a source.

use std::fmt;

/// A path inside a source: `/`-separated, relative, without `.` or `..`, valid UTF-8.
///
/// Bytes of a file name that are not UTF-8, and a literal `%` followed by two hexadecimal digits,
/// are percent-encoded, so that two different names never become one path.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SourcePath(String);

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
        Self(clean)
    }

    /// The path of the entry called `name` (raw bytes of a file system or archive) below `self`.
    pub fn child(&self, name: &[u8]) -> Self {
        let mut path = self.0.clone();
        if !path.is_empty() {
            path.push('/');
        }
        for chunk in name.utf8_chunks() {
            push_valid(&mut path, chunk.valid());
            for byte in chunk.invalid() {
                path.push_str(&format!("%{byte:02X}"));
            }
        }
        Self(path)
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last component; empty for the root.
    pub fn file_name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&*self.0, |(_, name)| name)
    }

    /// The folder that holds it; the root's parent is the root.
    pub fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned())
    }

    /// Whether `self` is `folder` or lies below it.
    pub fn is_within(&self, folder: &Self) -> bool {
        folder.0.is_empty()
            || self
                .0
                .strip_prefix(&*folder.0)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Resolves `relative` (as written inside a file of folder `self`) without leaving the source:
    /// `None` when `..` would climb above the root or the text is absolute.
    pub fn join(&self, relative: &str) -> Option<Self> {
        if relative.starts_with('/') || relative.contains('\\') || relative.contains('\0') {
            return None;
        }
        let mut parts: Vec<&str> = self.0.split('/').filter(|part| !part.is_empty()).collect();
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                name => parts.push(name),
            }
        }
        Some(Self(parts.join("/")))
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
        f.write_str(if self.0.is_empty() { "." } else { &self.0 })
    }
}
