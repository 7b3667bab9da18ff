//! The file system that a container of the image sees: layers put on top of each other. Pure.
//!
//! OCI image specification 1.1, layer.md: a whiteout deletes what lower layers have at its path, an
//! opaque one what they have below its folder, wherever in the archive they stand; of equal entries
//! the last wins. Paths lead through symbolic links of the file system below, as they do for
//! whoever unpacks the layers one by one; what stands at the path itself is replaced, a link too,
//! and only folders are merged. A file in the way of a folder stays: no program unpacks such a layer.

#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Bound;

use super::layer::{Node, NodeKind};
use crate::model::{Code, Diagnostic, Limits, Location, SourcePath};

/// Links that are said one by one to lead nowhere; more are counted.
const BROKEN_LINKS: usize = 100;
/// Components that are looked up on average on the way to an entry; paths have about six.
const STEPS_PER_NODE: u64 = 100;

/// Where the bytes of a file are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Stored {
    /// The layer, lowest first.
    pub layer: usize,
    /// The node in that layer's tree.
    pub node: usize,
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
    let nodes: usize = layers.iter().map(|nodes| nodes.len()).sum();
    let mut tree = Tree {
        places: BTreeMap::new(),
        symlinks: 0,
        unlinked: Vec::new(),
        limits,
        steps: Cell::new(STEPS_PER_NODE * (nodes as u64 + 1000)),
    };
    for (layer, nodes) in layers.iter().enumerate() {
        tree.delete(nodes);
        for (node, entry) in nodes.iter().enumerate() {
            tree.put(Stored { layer, node }, entry);
        }
    }
    let mut is_shown: Vec<Vec<bool>> = layers.iter().map(|it| vec![false; it.len()]).collect();
    let mut squashed = Squashed::default();
    let mut broken = std::mem::take(&mut tree.unlinked);
    let mut show = |path: SourcePath, size, stored| {
        squashed.files.push(Shown { path, size, stored });
    };
    for (path, place) in &tree.places {
        match place {
            Place::File { size, stored } => {
                is_shown[stored.layer][stored.node] = true;
                show(path.clone(), *size, *stored);
            }
            Place::Symlink(target) => match tree.follow(path.as_str(), target) {
                Followed::File { size, stored } => show(path.clone(), size, stored),
                Followed::Other => {}
                Followed::Nowhere => broken.push(path.clone()),
            },
            Place::Folder | Place::Special => {}
        }
    }
    for (layer, nodes) in layers.iter().enumerate() {
        for (node, entry) in nodes.iter().enumerate() {
            if let NodeKind::File(size) = entry.kind
                && !is_shown[layer][node]
            {
                let path = entry.path.clone();
                squashed.hidden.push(Shown { path, size, stored: Stored { layer, node } });
            }
        }
    }
    squashed.diagnostics = lead_nowhere(&broken);
    if tree.steps.get() == 0 {
        squashed.diagnostics.push(
            Diagnostic::of_run(
                Code::LimitReached,
                format!(
                    "paths lead through more links than `{STEPS_PER_NODE}` steps an entry allow"
                ),
            )
            .help("files behind further links are listed where the layers have them"),
        );
    }
    squashed
}

fn lead_nowhere(links: &[SourcePath]) -> Vec<Diagnostic> {
    let help = "it may be filled when a container starts; nothing was scanned here";
    let one = |path: &SourcePath| {
        let at = Location::scanned(path);
        let what = "the link leads nowhere in this image";
        Diagnostic::new(Code::SourceLinkBroken, at, what).help(help)
    };
    let rest = links.len().saturating_sub(BROKEN_LINKS);
    let more = (rest > 0).then(|| {
        let what = format!("`{rest}` more links lead nowhere in this image");
        Diagnostic::of_run(Code::SourceLinkBroken, what).help(help)
    });
    links.iter().take(BROKEN_LINKS).map(one).chain(more).collect()
}

enum Followed {
    File { size: u64, stored: Stored },
    Other,
    Nowhere,
}

struct Tree<'a> {
    places: BTreeMap<SourcePath, Place>,
    /// How many places are symbolic links: without any, no path needs to be resolved.
    symlinks: usize,
    /// Hard links to what is not there.
    unlinked: Vec<SourcePath>,
    limits: &'a Limits,
    /// Components that may still be looked up: short links to long paths multiply.
    steps: Cell<u64>,
}

impl Tree<'_> {
    /// Applies the whiteouts of one layer to what lower layers left.
    fn delete(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node.kind {
                NodeKind::Opaque => {
                    let folder = self.resolved_folder(node.path.as_str());
                    self.remove_below(&folder);
                }
                NodeKind::Whiteout => {
                    let path = self.resolved(&node.path);
                    self.remove_below(path.as_str());
                    self.remove(path.as_str());
                }
                _ => {}
            }
        }
    }

    /// Puts one node of a layer in its place.
    fn put(&mut self, stored: Stored, node: &Node) {
        let path = self.resolved(&node.path);
        if path.as_str().is_empty() {
            return;
        }
        let place = match &node.kind {
            NodeKind::Whiteout | NodeKind::Opaque => return,
            // Of two folders one stays.
            NodeKind::Folder if self.places.get(&path) == Some(&Place::Folder) => return,
            NodeKind::Folder => Place::Folder,
            NodeKind::File(size) => Place::File { size: *size, stored },
            NodeKind::Symlink(target) => Place::Symlink(target.clone()),
            NodeKind::HardLink(target) => match self.places.get(&self.resolved(target)) {
                Some(place) if *place != Place::Folder => place.clone(),
                _ => {
                    self.unlinked.push(path);
                    return;
                }
            },
            NodeKind::Special => Place::Special,
        };
        if place != Place::Folder {
            self.remove_below(path.as_str());
        }
        self.remove(path.as_str());
        self.symlinks += usize::from(matches!(place, Place::Symlink(_)));
        self.places.insert(path, place);
    }

    fn remove(&mut self, path: &str) {
        if let Some(Place::Symlink(_)) = self.places.remove(path) {
            self.symlinks -= 1;
        }
    }

    fn remove_below(&mut self, folder: &str) {
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let from = (Bound::Included(start.as_str()), Bound::Unbounded);
        let below: Vec<SourcePath> = self
            .places
            .range::<str, _>(from)
            .take_while(|(path, _)| path.as_str().starts_with(&start))
            .map(|(path, _)| path.clone())
            .collect();
        for path in below {
            self.remove(path.as_str());
        }
    }

    /// `path` with the links of its folders followed; the last component stays.
    fn resolved(&self, path: &SourcePath) -> SourcePath {
        match path.as_str().rsplit_once('/') {
            Some((folder, name)) if self.symlinks > 0 => {
                let resolved = self.resolved_folder(folder);
                if *resolved == *folder {
                    path.clone()
                } else {
                    SourcePath::new(&format!("{resolved}/{name}"))
                }
            }
            _ => path.clone(),
        }
    }

    /// `folder` with all links followed; as it is where they lead nowhere.
    fn resolved_folder(&self, folder: &str) -> Box<str> {
        let mut links = self.limits.link_depth;
        self.walk(folder, &mut links).unwrap_or_else(|| folder.into())
    }

    /// `path` with every link followed, the last component's too; `None` after too many links.
    fn walk<'p>(&'p self, path: &'p str, links: &mut u32) -> Option<Box<str>> {
        let mut pending: Vec<&str> = path.rsplit('/').collect();
        let mut here = String::new();
        while let Some(part) = pending.pop() {
            match part {
                "" | "." => {}
                // Above the root is the root.
                ".." => here.truncate(here.rfind('/').unwrap_or_default()),
                name => {
                    self.steps.set(self.steps.get().checked_sub(1)?);
                    let above = here.len();
                    if above > 0 {
                        here.push('/');
                    }
                    here.push_str(name);
                    if let Some(Place::Symlink(target)) = self.places.get(&*here) {
                        *links = links.checked_sub(1)?;
                        here.truncate(if target.starts_with('/') { 0 } else { above });
                        pending.extend(target.rsplit('/'));
                    }
                }
            }
        }
        Some(here.into())
    }

    fn follow(&self, link: &str, target: &str) -> Followed {
        let mut links = self.limits.link_depth;
        let Some(end) = self.walk(&beside(link, target), &mut links) else {
            return Followed::Nowhere;
        };
        match self.places.get(&*end) {
            Some(Place::File { size, stored }) => Followed::File { size: *size, stored: *stored },
            Some(_) => Followed::Other,
            // Folders need no entry of their own.
            None if end.is_empty() || self.has_below(&end) => Followed::Other,
            None => Followed::Nowhere,
        }
    }

    fn has_below(&self, folder: &str) -> bool {
        let start = format!("{folder}/");
        let from = (Bound::Included(start.as_str()), Bound::Unbounded);
        self.places
            .range::<str, _>(from)
            .next()
            .is_some_and(|(path, _)| path.as_str().starts_with(&start))
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
