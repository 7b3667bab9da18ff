//! From the entries of an archive to the nodes of a file system.
//!
//! Paths are taken as containerd and umoci unpack them: `..` is resolved by its letters, above the
//! root is the root, and an absolute path begins there too. What stands out is counted, since an
//! archive can have millions of entries.

use super::layer::{Node, NodeKind};
use crate::model::{Code, Diagnostic, Limits, SourcePath};
use crate::source::decode::is_bomb;
use crate::source::tar::{EntryKind, TarEntry};

/// Bytes of a path, or of the target of a link: Linux takes no longer one.
const PATH_BYTES: usize = 4096;
/// Bytes of a path that a message shows.
const SHOWN_BYTES: usize = 200;

/// Where entries come in.
pub(super) struct Entrance<'a> {
    limits: &'a Limits,
    escaping: Noted,
    too_long: Noted,
    unknown: Noted,
    expanding: Noted,
}

/// How many entries there were of a kind, and the first of them.
#[derive(Default)]
struct Noted {
    count: u64,
    first: String,
}

impl Noted {
    fn note(&mut self, path: &[u8]) {
        if self.count == 0 {
            let shown = &path[..path.len().min(SHOWN_BYTES)];
            self.first = String::from_utf8_lossy(shown).into_owned();
        }
        self.count += 1;
    }

    fn diagnostic(&self, code: Code, archive: &str, what: &str, help: &str) -> Option<Diagnostic> {
        let first = &self.first;
        let more = match self.count {
            0 => return None,
            1 => String::new(),
            count => format!("; so do `{}` more", count - 1),
        };
        let message = format!("{archive}: the entry `{first}` {what}{more}");
        Some(Diagnostic::of_run(code, message).help(help))
    }
}

impl<'a> Entrance<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        let [escaping, too_long, unknown, expanding] = std::array::from_fn(|_| Noted::default());
        Self { limits, escaping, too_long, unknown, expanding }
    }

    /// Adds the node of an entry. Returns index and path of a file whose content is to be read.
    pub(super) fn enter(
        &mut self,
        entry: &TarEntry,
        nodes: &mut Vec<Node>,
    ) -> Option<(usize, SourcePath)> {
        if entry.path.len() > PATH_BYTES || entry.link.len() > PATH_BYTES {
            self.too_long.note(&entry.path);
            return None;
        }
        let (path, escapes) = clean(&entry.path);
        if escapes {
            self.escaping.note(&entry.path);
        }
        let node = self.node(&path, entry)?;
        let is_file = matches!(node.kind, NodeKind::File(_));
        nodes.push(node);
        if !is_file {
            return None;
        }
        if is_bomb(entry.size, entry.stored, self.limits.expansion_ratio) {
            self.expanding.note(&entry.path);
            return None;
        }
        Some((nodes.len() - 1, path))
    }

    fn node(&mut self, path: &SourcePath, entry: &TarEntry) -> Option<Node> {
        // Whiteouts: OCI image specification 1.1, layer.md, "Whiteouts".
        if let Some(name) = path.file_name().strip_prefix(".wh.") {
            return self.whiteout(path, name, entry);
        }
        let kind = match entry.kind {
            EntryKind::File => NodeKind::File(entry.size),
            EntryKind::Directory => NodeKind::Folder,
            EntryKind::Special => NodeKind::Special,
            EntryKind::Symlink => NodeKind::Symlink(link_target(&entry.link).into()),
            EntryKind::HardLink => {
                let (target, escapes) = clean(&entry.link);
                if escapes {
                    self.escaping.note(&entry.link);
                }
                NodeKind::HardLink(target)
            }
            EntryKind::Unknown(_) => {
                self.unknown.note(&entry.path);
                return None;
            }
        };
        Some(Node { path: path.clone(), kind })
    }

    fn whiteout(&mut self, path: &SourcePath, name: &str, entry: &TarEntry) -> Option<Node> {
        let folder = path.parent();
        let (path, kind) = match name {
            ".wh..opq" => (folder, NodeKind::Opaque),
            // Names that AUFS keeps for itself.
            _ if name.starts_with(".wh.") => return None,
            // The folder itself, or the one above it.
            "" | "." | ".." => {
                self.escaping.note(&entry.path);
                return None;
            }
            _ => (SourcePath::new(&format!("{}/{name}", folder.as_str())), NodeKind::Whiteout),
        };
        Some(Node { path, kind })
    }

    /// What stood out among the entries of `archive`, which is what messages call it.
    pub(super) fn diagnostics(&self, archive: &str) -> impl Iterator<Item = Diagnostic> {
        let escaping = self.escaping.diagnostic(
            Code::ImagePathEscapes,
            archive,
            "names a place outside of the image",
            "it was scanned where programs put it that unpack images safely",
        );
        let too_long = self.too_long.diagnostic(
            Code::LimitReached,
            archive,
            &format!("has a path of more than {PATH_BYTES} bytes"),
            "no file system takes it; it was not scanned",
        );
        let unknown = self.unknown.diagnostic(
            Code::SourceEntrySkipped,
            archive,
            "has a type that tar does not define",
            "it was not taken into the file system, and not scanned",
        );
        let expanding = self.expanding.diagnostic(
            Code::LimitReached,
            archive,
            "has more holes than `limits.expansion_ratio` allows",
            "its content was not read; raise the limit if the file is honest",
        );
        [escaping, too_long, unknown, expanding].into_iter().flatten()
    }
}

/// The path of an entry in source form, and whether it climbs out of the file system.
fn clean(raw: &[u8]) -> (SourcePath, bool) {
    let mut parts = Vec::new();
    let mut escapes = false;
    for part in raw.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => escapes |= parts.pop().is_none(),
            name => parts.push(name),
        }
    }
    let mut path = String::with_capacity(raw.len());
    for part in parts {
        push(&mut path, part);
    }
    (SourcePath::new(&path), escapes)
}

/// The target of a link with its components in the characters of a source path; `..` and a `/` at
/// the start stay.
fn link_target(raw: &[u8]) -> String {
    let mut target = String::with_capacity(raw.len());
    if raw.first() == Some(&b'/') {
        target.push('/');
    }
    for part in raw.split(|byte| *byte == b'/').filter(|part| !part.is_empty()) {
        push(&mut target, part);
    }
    target
}

/// Adds a component in the characters of a source path.
fn push(path: &mut String, part: &[u8]) {
    if !path.is_empty() && !path.ends_with('/') {
        path.push('/');
    }
    match std::str::from_utf8(part) {
        Ok(plain) if !plain.contains('%') => path.push_str(plain),
        _ => path.push_str(SourcePath::new("").child(part).as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::{clean, link_target};

    #[track_caller]
    fn check(raw: &[u8], expected: &str, expected_escapes: bool) {
        let (path, escapes) = clean(raw);
        assert_eq!((path.as_str(), escapes), (expected, expected_escapes));
    }

    #[test]
    fn paths_stay_in_the_image() {
        check(b"./a//b/", "a/b", false);
        check(b"/etc/passwd", "etc/passwd", false);
        check(b"a/../b", "b", false);
        check(b"../../etc/passwd", "etc/passwd", true);
        check(b"a/../../b", "b", true);
        check(b"./", "", false);
        check(b"", "", false);
        check(b"caf\xe9/50%41/..x", "caf%E9/50%2541/..x", false);
    }

    #[test]
    fn targets_of_links_keep_their_way() {
        assert_eq!(link_target(b"../a//b/"), "../a/b");
        assert_eq!(link_target(b"/a/./b"), "/a/./b");
        assert_eq!(link_target(b"/"), "/");
        assert_eq!(link_target(b"caf\xe9"), "caf%E9");
    }
}
