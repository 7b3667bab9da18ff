//! Where each package of a lock file lies, and what a name means at each place.

use std::collections::HashMap;
use std::ops::Range;

use crate::extract::manifests::json::Node;
use crate::extract::manifests::sheet::Sheet;
use crate::extract::text::shown;
use crate::model::Code;

/// The folder that packages are installed in.
const FOLDER: &str = "node_modules/";
/// Longest place of a package. Node.js cannot open longer paths on most systems, and a name that is
/// inherited by every nested package must not multiply.
const MAX_PATH_BYTES: usize = 1024;
/// Folders in which a name is looked up, from the inside out.
const MAX_STEPS: usize = 64;

/// The root's index.
const ROOT: usize = 0;

/// Which of the two descriptions a tree was read from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Format {
    /// `packages`, flat, by place.
    Packages,
    /// `dependencies`, nested, by name.
    Dependencies,
}

/// A package at its place.
pub(super) struct Place<'j, 't> {
    /// Below the folder of the lock file.
    pub(super) path: String,
    /// The name of its folder: its own, or an alias.
    pub(super) folder: &'j str,
    pub(super) node: &'j Node<'t>,
    pub(super) span: Range<usize>,
    parent: usize,
    /// The place that a link points to. It is looked up once, not at each name that leads here:
    /// members of an object are searched one after the other.
    link: Option<usize>,
}

impl Place<'_, '_> {
    /// Whether it only points to a place that has an entry of its own.
    pub(super) const fn leads_elsewhere(&self) -> bool {
        self.link.is_some()
    }

    /// Whether it is installed, unlike a member of the workspace.
    pub(super) fn is_installed(&self) -> bool {
        self.path.starts_with(FOLDER) || self.path.contains("/node_modules/")
    }
}

/// The packages of a lock file. The first place is the project's own.
pub(super) struct Tree<'j, 't> {
    pub(super) format: Format,
    places: Vec<Place<'j, 't>>,
    root: Option<&'j Node<'t>>,
    children: HashMap<(usize, &'j str), usize>,
    by_path: HashMap<&'j str, usize>,
}

impl<'j, 't> Tree<'j, 't> {
    /// Reads `packages`.
    pub(super) fn of_packages(sheet: &mut Sheet<'_>, packages: &'j Node<'t>) -> Self {
        let mut tree = Self::new(Format::Packages, packages);
        tree.root = packages.get("");
        let mut paths = vec![""];
        for member in packages.members() {
            let path: &str = &member.key;
            if path.is_empty() || !is_sound(sheet, path, &member.span) {
                continue;
            }
            let folder = path.rsplit_once(FOLDER).map_or(path, |(_, folder)| folder);
            tree.by_path.insert(path, tree.places.len());
            paths.push(path);
            tree.places.push(Place {
                path: path.to_owned(),
                folder,
                node: &member.node,
                span: member.span.clone(),
                parent: ROOT,
                link: None,
            });
        }
        for (index, path) in paths.into_iter().enumerate().skip(1) {
            tree.places[index].parent = tree.parent_of(path);
            let node = tree.places[index].node;
            let target = node.text_of("resolved").filter(|_| node.is_set("link"));
            tree.places[index].link = target.and_then(|path| tree.by_path.get(path)).copied();
            if tree.places[index].is_installed() {
                let child = (tree.places[index].parent, tree.places[index].folder);
                tree.children.insert(child, index);
            }
        }
        tree
    }

    /// Reads nested `dependencies`, without recursion.
    pub(super) fn of_dependencies(sheet: &mut Sheet<'_>, dependencies: &'j Node<'t>) -> Self {
        let mut tree = Self::new(Format::Dependencies, dependencies);
        // Later members are taken first from a stack, so each list goes on it in reverse.
        let mut open: Vec<_> = dependencies.members().iter().rev().map(|m| (ROOT, m)).collect();
        while let Some((parent, member)) = open.pop() {
            let path = match tree.places[parent].path.as_str() {
                "" => format!("{FOLDER}{}", member.key),
                above => format!("{above}/{FOLDER}{}", member.key),
            };
            if !is_sound(sheet, &path, &member.span) {
                continue;
            }
            let index = tree.places.len();
            tree.children.insert((parent, &member.key), index);
            tree.places.push(Place {
                path,
                folder: &member.key,
                node: &member.node,
                span: member.span.clone(),
                parent,
                link: None,
            });
            let nested = member.node.get("dependencies").map_or(&[][..], Node::members);
            open.extend(nested.iter().rev().map(|member| (index, member)));
        }
        tree
    }

    fn new(format: Format, node: &'j Node<'t>) -> Self {
        let span = 0..0;
        let root = Place { path: String::new(), folder: "", node, span, parent: ROOT, link: None };
        Self {
            format,
            places: vec![root],
            root: None,
            children: HashMap::new(),
            by_path: HashMap::new(),
        }
    }

    /// What the lock file says about the project itself.
    pub(super) const fn root(&self) -> Option<&'j Node<'t>> {
        self.root
    }

    /// The packages with their indices, without the project itself.
    pub(super) fn places(&self) -> impl Iterator<Item = (usize, &Place<'j, 't>)> {
        self.places.iter().enumerate().skip(1)
    }

    /// How many places there are, with the project's own.
    pub(super) const fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn place(&self, index: usize) -> &Place<'j, 't> {
        &self.places[index]
    }

    /// The package that `name` means for the code at `from`, as Node.js looks it up: in its own
    /// `node_modules`, then in that of each folder above.
    pub(super) fn resolve(&self, from: usize, name: &str) -> Option<usize> {
        let mut place = from;
        for _ in 0..MAX_STEPS {
            if let Some(found) = self.children.get(&(place, name)) {
                return Some(self.places[*found].link.unwrap_or(*found));
            }
            if place == ROOT {
                return None;
            }
            place = self.places[place].parent;
        }
        None
    }

    /// The package in whose folder `path` lies. A place above that is not listed is skipped.
    fn parent_of(&self, path: &str) -> usize {
        let mut rest = path;
        for _ in 0..MAX_STEPS {
            let Some((above, _)) = rest.rsplit_once("/node_modules/") else { break };
            if let Some(parent) = self.by_path.get(above) {
                return *parent;
            }
            rest = above;
        }
        ROOT
    }
}

/// Whether a place can be kept. One that climbs out of `node_modules` is kept and reported.
fn is_sound(sheet: &mut Sheet<'_>, path: &str, span: &Range<usize>) -> bool {
    if path.len() <= MAX_PATH_BYTES {
        let inside = path.split_once(FOLDER).map_or("", |(_, inside)| inside);
        if inside.split('/').any(|part| part == "..") {
            let message = format!("the place `{}` climbs out of its folder", shown(path));
            let help = "do not install from this file: npm writes no such place";
            sheet.problem(Code::ManifestEntryInvalid, span, message, help);
        }
        return true;
    }
    let message = format!(
        "the place `{}…` has {} bytes, more than {MAX_PATH_BYTES}; the package was not listed",
        shown(path),
        path.len()
    );
    let help = "check who wrote the file: Node.js cannot open such a path";
    sheet.problem(Code::ManifestEntryInvalid, span, message, help);
    false
}
