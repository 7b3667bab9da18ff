//! Lists the files below a directory, in one order on every machine.

use std::collections::BTreeSet;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

use crate::model::{Code, Diagnostic, Limits, Location, SourcePath};
use crate::source::Listing;

/// Lists `root` and everything below it but what `exclude` names.
pub(super) fn tree(
    root: &Path,
    boundary: &Path,
    limits: &Limits,
    exclude: &dyn Fn(&SourcePath) -> bool,
) -> Listing {
    let mut walk = Walk {
        root,
        boundary,
        limits,
        exclude,
        listing: Listing::default(),
        named_blobs: BTreeSet::new(),
        full: None,
    };
    let mut pending = vec![(SourcePath::new(""), 0)];
    while let Some((folder, depth)) = pending.pop() {
        walk.folder(&folder, depth, &mut pending);
        if walk.full.is_some() {
            break;
        }
    }
    if let Some(path) = walk.full {
        walk.listing.diagnostics.push(
            Diagnostic::new(
                Code::LimitReached,
                Location::scanned(&path),
                format!("the source has more than {} files", limits.entries),
            )
            .help("files after this one were not scanned; raise `limits.entries`"),
        );
    }
    let mut listing = walk.listing;
    listing.files.retain(|path| !walk.named_blobs.contains(path));
    listing.files.sort();
    listing
}

/// Lists the single file `file` of `root`.
pub(super) fn single(root: &Path, file: &SourcePath) -> Listing {
    let mut listing = Listing::default();
    match fs::metadata(native(root, file)) {
        Ok(metadata) if metadata.is_file() => listing.files.push(file.clone()),
        Ok(metadata) => listing.diagnostics.push(special(file, metadata.file_type())),
        Err(error) => listing.diagnostics.push(unreadable(file, &error)),
    }
    listing
}

/// The path of this machine that `path` names below `root`.
pub(super) fn native(root: &Path, path: &SourcePath) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        root.join(std::ffi::OsString::from_vec(path.decoded().into_owned()))
    }
    #[cfg(not(unix))]
    {
        root.join(String::from_utf8_lossy(&path.decoded()).as_ref())
    }
}

/// The path below `root` that the `path` of this machine names, the reverse of [`native`].
pub(super) fn below(root: &Path, path: &Path) -> Option<SourcePath> {
    let parts = path.strip_prefix(root).ok()?.iter();
    Some(parts.fold(SourcePath::new(""), |path, part| path.child(part.as_encoded_bytes())))
}

/// The bytes of the last component.
pub(super) fn name_bytes(path: &Path) -> &[u8] {
    path.file_name().map_or(b"", |name| name.as_encoded_bytes())
}

struct Walk<'a> {
    root: &'a Path,
    boundary: &'a Path,
    limits: &'a Limits,
    exclude: &'a dyn Fn(&SourcePath) -> bool,
    listing: Listing,
    /// Blobs of a Hugging Face cache that a listed link names.
    named_blobs: BTreeSet<SourcePath>,
    /// The first file over the limit.
    full: Option<SourcePath>,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &SourcePath, depth: u32, pending: &mut Vec<(SourcePath, u32)>) {
        if depth > self.limits.folder_depth {
            self.listing.diagnostics.push(
                Diagnostic::new(
                    Code::LimitReached,
                    Location::scanned(folder),
                    format!("folders are nested deeper than {}", self.limits.folder_depth),
                )
                .help("this folder was not scanned; raise `limits.folder_depth`"),
            );
            return;
        }
        let mut children = match fs::read_dir(native(self.root, folder)) {
            Ok(children) => self.readable(folder, children),
            Err(error) => {
                self.listing.diagnostics.push(unreadable(folder, &error));
                return;
            }
        };
        // The file system's order differs between machines; what a limit cuts off must not.
        children.sort_by(|left, right| left.0.cmp(&right.0));
        let below = pending.len();
        for (path, kind) in children {
            if kind.is_dir() {
                pending.push((path, depth + 1));
            } else if self.full.is_none() {
                self.entry(path, kind);
            }
        }
        pending[below..].reverse();
    }

    fn readable(
        &mut self,
        folder: &SourcePath,
        children: fs::ReadDir,
    ) -> Vec<(SourcePath, FileType)> {
        let mut readable = Vec::new();
        for child in children {
            match child.and_then(|child| Ok((child.file_type()?, child))) {
                Ok((kind, child)) => {
                    let path = folder.child(child.file_name().as_encoded_bytes());
                    if !(self.exclude)(&path) {
                        readable.push((path, kind));
                    }
                }
                Err(error) => self.listing.diagnostics.push(unreadable(folder, &error)),
            }
        }
        readable
    }

    /// The path in this source of a link's `target` that is a blob of a Hugging Face cache.
    fn blob(&self, target: &Path) -> Option<SourcePath> {
        below(self.root, target).filter(|_| is_blob(target))
    }

    fn entry(&mut self, path: SourcePath, kind: FileType) {
        let kind = if kind.is_symlink() {
            let Some(kind) = self.linked(&path) else { return };
            kind
        } else {
            kind
        };
        if !kind.is_file() {
            self.listing.diagnostics.push(special(&path, kind));
        } else if self.listing.files.len() as u64 >= self.limits.entries {
            self.full = Some(path);
        } else {
            self.listing.files.push(path);
        }
    }

    /// What the link at `path` leads to, unless it is a folder or nothing that may be scanned.
    fn linked(&mut self, path: &SourcePath) -> Option<FileType> {
        let target = native(self.root, path).canonicalize().and_then(|target| {
            let kind = target.starts_with(self.boundary).then(|| fs::metadata(&target));
            Ok((kind.transpose()?, target))
        });
        let diagnostic = match target {
            Ok((Some(kind), _)) if kind.is_dir() => return None,
            Ok((Some(kind), target)) => {
                self.named_blobs.extend(self.blob(&target));
                return Some(kind.file_type());
            }
            Ok((None, _)) => Diagnostic::new(
                Code::SourceLinkEscapes,
                Location::scanned(path),
                "the symbolic link leads out of the scanned directory",
            )
            .help("it was not followed; scan its target on its own if it ships"),
            Err(error) => Diagnostic::new(
                Code::SourceLinkBroken,
                Location::scanned(path),
                format!("the symbolic link leads nowhere: {error}"),
            )
            .help("fetch what it stands for and scan again; nothing was scanned here"),
        };
        self.listing.diagnostics.push(diagnostic);
        None
    }
}

/// Whether `path` is a blob of a Hugging Face cache: `<kind>--<repository>/blobs/<digest>`. A file
/// with a name of its own is none, and cannot be hidden by a link to it.
fn is_blob(path: &Path) -> bool {
    let mut names = path.iter().rev().map(|name| name.to_str().unwrap_or_default());
    let mut next = || names.next().unwrap_or_default();
    let (digest, folder, repository) = (next(), next(), next());
    matches!(digest.len(), 40 | 64)
        && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
        && folder == "blobs"
        && ["models--", "datasets--", "spaces--"].iter().any(|kind| repository.starts_with(kind))
}

fn special(path: &SourcePath, kind: FileType) -> Diagnostic {
    let what = if kind.is_dir() { "a directory" } else { "a pipe, socket or device" };
    Diagnostic::new(
        Code::SourceEntrySkipped,
        Location::scanned(path),
        format!("it is {what}, not a regular file"),
    )
    .help("it was not opened")
}

fn unreadable(path: &SourcePath, error: &io::Error) -> Diagnostic {
    Diagnostic::new(
        Code::FileUnreadable,
        Location::scanned(path),
        format!("it cannot be read: {error}"),
    )
    .help("nothing below it was scanned; give the user who scans read permission")
}
