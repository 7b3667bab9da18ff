//! The file system that a container of the image sees: layers put on top of each other. Pure.
//!
//! OCI image specification 1.1, layer.md: a whiteout deletes what lower layers have at its path, an
//! opaque one what they have below its folder, wherever in the archive they stand; of equal entries
//! the last wins. Paths lead through symbolic links of the file system below, as they do for
//! whoever unpacks the layers one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::layer::{Node, NodeKind};
use crate::model::{Code, Diagnostic, Limits, Location, SourcePath};

/// Where the bytes of a file are.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Stored {
    /// The layer, lowest first.
    pub layer: usize,
    /// The path under which that layer's archive has it.
    pub path: Box<str>,
}

/// A file that the image shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// Its path in the file system.
    pub path: SourcePath,
    /// Its size in bytes.
    pub size: u64,
    /// Where its bytes are.
    pub stored: Stored,
}

/// The file system of an image.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Squashed {
    /// Its files by path; links to files stand beside what they lead to.
    pub files: Vec<Shown>,
    /// Files that a layer still carries and the image does not show.
    pub hidden: Vec<Shown>,
    /// What could not be followed.
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Place {
    File { size: u64, stored: Stored },
    Folder,
    Symlink(Box<str>),
    Special,
}

/// Puts `layers` (lowest first) on top of each other.
pub fn squash(layers: &[&[Node]], limits: &Limits) -> Squashed {
    let mut tree = Tree { places: BTreeMap::new(), symlinks: 0, limits };
    let mut all = BTreeMap::new();
    for (index, nodes) in layers.iter().enumerate() {
        tree.delete(nodes);
        for node in *nodes {
            if let Some((stored, size)) = tree.put(index, node) {
                all.insert(stored, size);
            }
        }
    }
    let mut squashed = Squashed::default();
    let mut shown = BTreeSet::new();
    for (path, place) in &tree.places {
        match place {
            Place::File { size, stored } => {
                shown.insert(stored.clone());
                squashed.files.push(file(path, *size, stored));
            }
            Place::Symlink(target) => match tree.follow(path, target) {
                Followed::File { size, stored } => squashed.files.push(file(path, size, &stored)),
                Followed::Other => {}
                Followed::Nowhere => squashed.diagnostics.push(broken(path)),
            },
            Place::Folder | Place::Special => {}
        }
    }
    squashed.hidden = all
        .into_iter()
        .filter(|(stored, _)| !shown.contains(stored))
        .map(|(stored, size)| file(&stored.path, size, &stored))
        .collect();
    squashed
}

fn file(path: &str, size: u64, stored: &Stored) -> Shown {
    Shown { path: SourcePath::new(path), size, stored: stored.clone() }
}

fn broken(path: &str) -> Diagnostic {
    Diagnostic::new(
        Code::SourceLinkBroken,
        Location::scanned(&SourcePath::new(path)),
        "the symbolic link leads nowhere in this image",
    )
    .help("it may be filled when a container starts; nothing was scanned here")
}

enum Followed {
    File { size: u64, stored: Stored },
    Other,
    Nowhere,
}

struct Tree<'a> {
    places: BTreeMap<Box<str>, Place>,
    /// How many places are symbolic links: without any, no path needs to be resolved.
    symlinks: usize,
    limits: &'a Limits,
}

impl Tree<'_> {
    /// Applies the whiteouts of one layer to what lower layers left.
    fn delete(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node.kind {
                NodeKind::Opaque => {
                    let folder = self.resolved_folder(&node.path);
                    self.remove_below(&folder);
                }
                NodeKind::Whiteout => {
                    let path = self.resolved(&node.path);
                    self.remove_below(&path);
                    self.remove(&path);
                }
                _ => {}
            }
        }
    }

    /// Puts one node of a layer in its place; returns the stored file, if it is one.
    fn put(&mut self, layer: usize, node: &Node) -> Option<(Stored, u64)> {
        let path = self.resolved(&node.path);
        if path.is_empty() {
            return None;
        }
        let place = match &node.kind {
            NodeKind::Whiteout | NodeKind::Opaque => return None,
            NodeKind::Folder => {
                // A folder over a link to a folder keeps the link, as unpacking does.
                let keeps = match self.places.get(&*path) {
                    Some(Place::Folder) => true,
                    Some(Place::Symlink(target)) => self.is_folder(&path, target),
                    _ => false,
                };
                if keeps {
                    return None;
                }
                Place::Folder
            }
            NodeKind::File(size) => {
                Place::File { size: *size, stored: Stored { layer, path: node.path.clone() } }
            }
            NodeKind::Symlink(target) => Place::Symlink(target.clone()),
            NodeKind::HardLink(target) => {
                let target = self.resolved(target);
                match self.places.get(&*target) {
                    Some(place) => place.clone(),
                    None => return None,
                }
            }
            NodeKind::Special => Place::Special,
        };
        let stored = match (&place, &node.kind) {
            (Place::File { size, stored }, NodeKind::File(_)) => Some((stored.clone(), *size)),
            _ => None,
        };
        if !matches!(place, Place::Folder) {
            self.remove_below(&path);
        }
        self.remove(&path);
        self.symlinks += usize::from(matches!(place, Place::Symlink(_)));
        self.places.insert(path, place);
        stored
    }

    fn remove(&mut self, path: &str) {
        if let Some(Place::Symlink(_)) = self.places.remove(path) {
            self.symlinks -= 1;
        }
    }

    fn remove_below(&mut self, folder: &str) {
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let from = (Bound::Included(start.as_str()), Bound::Unbounded);
        let below: Vec<Box<str>> = self
            .places
            .range::<str, _>(from)
            .take_while(|(path, _)| path.starts_with(&start))
            .map(|(path, _)| path.clone())
            .collect();
        for path in below {
            self.remove(&path);
        }
    }

    /// `path` with the links of its folders followed; the last component stays.
    fn resolved(&self, path: &str) -> Box<str> {
        if self.symlinks == 0 {
            return path.into();
        }
        match path.rsplit_once('/') {
            None => path.into(),
            Some((folder, name)) => {
                let folder = self.resolved_folder(folder);
                if folder.is_empty() { name.into() } else { format!("{folder}/{name}").into() }
            }
        }
    }

    /// `folder` with all links followed; as it is where they lead nowhere.
    fn resolved_folder(&self, folder: &str) -> Box<str> {
        let mut steps = self.limits.link_depth;
        self.walk(folder, &mut steps).unwrap_or_else(|| folder.into())
    }

    /// `path` with every link followed, the last component's too; `None` after too many links.
    fn walk(&self, path: &str, steps: &mut u32) -> Option<Box<str>> {
        let mut pending: Vec<String> = path.rsplit('/').map(str::to_owned).collect();
        let mut here = String::new();
        while let Some(part) = pending.pop() {
            match part.as_str() {
                "" | "." => {}
                // Above the root is the root.
                ".." => here.truncate(here.rfind('/').unwrap_or_default()),
                name => {
                    let above = here.len();
                    if above > 0 {
                        here.push('/');
                    }
                    here.push_str(name);
                    if let Some(Place::Symlink(target)) = self.places.get(&*here) {
                        *steps = steps.checked_sub(1)?;
                        here.truncate(if target.starts_with('/') { 0 } else { above });
                        pending.extend(target.rsplit('/').map(str::to_owned));
                    }
                }
            }
        }
        Some(here.into())
    }

    fn follow(&self, link: &str, target: &str) -> Followed {
        let mut steps = self.limits.link_depth;
        let Some(end) = self.walk(&beside(link, target), &mut steps) else {
            return Followed::Nowhere;
        };
        match self.places.get(&*end) {
            Some(Place::File { size, stored }) => {
                Followed::File { size: *size, stored: stored.clone() }
            }
            Some(_) => Followed::Other,
            // Folders need no entry of their own.
            None if end.is_empty() || self.has_below(&end) => Followed::Other,
            None => Followed::Nowhere,
        }
    }

    fn is_folder(&self, link: &str, target: &str) -> bool {
        let mut steps = self.limits.link_depth;
        self.walk(&beside(link, target), &mut steps).is_some_and(|end| {
            end.is_empty()
                || matches!(self.places.get(&*end), Some(Place::Folder))
                || self.has_below(&end)
        })
    }

    fn has_below(&self, folder: &str) -> bool {
        let start = format!("{folder}/");
        let from = (Bound::Included(start.as_str()), Bound::Unbounded);
        self.places.range::<str, _>(from).next().is_some_and(|(path, _)| path.starts_with(&start))
    }
}

/// The path of `target` as written in the link at `link`.
fn beside(link: &str, target: &str) -> String {
    if target.starts_with('/') {
        return target.to_owned();
    }
    let folder = link.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{folder}/{target}")
}
