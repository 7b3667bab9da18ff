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

    /// The raw bytes of the file name or path that [`Self::child`] encoded.
    pub fn decoded(&self) -> Vec<u8> {
        let bytes = self.0.as_bytes();
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
        raw
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
