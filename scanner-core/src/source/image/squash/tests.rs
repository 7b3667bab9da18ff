use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use proptest::prelude::*;

use super::{Squashed, Stored, squash};
use crate::model::{Limits, SourcePath};
use crate::source::image::layer::{Node, NodeKind};

/// Nodes of one layer, as words: `d/` a folder, `f` a file, `l>t` a symbolic link, `h=t` a hard link,
/// `-f` a whiteout, `!d` an opaque one, `*c` a device.
fn layer(text: &str) -> Vec<Node> {
    let node = |word: &str| {
        let (path, kind) = match word.as_bytes()[0] {
            b'-' => (&word[1..], NodeKind::Whiteout),
            b'!' => (&word[1..], NodeKind::Opaque),
            b'*' => (&word[1..], NodeKind::Special),
            _ => match (word.split_once('>'), word.split_once('=')) {
                (Some((path, target)), _) => (path, NodeKind::Symlink(target.into())),
                (_, Some((path, target))) => (path, NodeKind::HardLink(SourcePath::new(target))),
                _ if word.ends_with('/') => (word.trim_end_matches('/'), NodeKind::Folder),
                _ => (word, NodeKind::File(1)),
            },
        };
        Node { path: SourcePath::new(path), kind }
    };
    text.split_whitespace().map(node).collect()
}

fn squashed(layers: &[Vec<Node>], limits: &Limits) -> Squashed {
    let layers: Vec<&[Node]> = layers.iter().map(Vec::as_slice).collect();
    squash(&layers, limits)
}

/// `path:layer.node` for each file, what is hidden in brackets, what leads nowhere behind `!`.
fn told(layers: &[Vec<Node>]) -> String {
    let squashed = squashed(layers, &Limits::default());
    let place = |stored: Stored| format!("{}.{}", stored.layer, stored.node);
    let mut words: Vec<String> =
        squashed.files.iter().map(|it| format!("{}:{}", it.path, place(it.stored))).collect();
    words.extend(squashed.hidden.iter().map(|it| format!("[{}:{}]", it.path, place(it.stored))));
    words.extend(squashed.diagnostics.iter().map(|it| match &it.at {
        Some(at) => format!("!{}", at.path),
        None => format!("!{}", it.message),
    }));
    words.join(" ")
}

#[track_caller]
fn check(layers: &[&str], expected: &str) {
    let layers: Vec<_> = layers.iter().map(|text| layer(text)).collect();
    assert_eq!(told(&layers), expected);
}

#[test]
fn upper_layers_add_and_replace() {
    check(&["a b/c"], "a:0.0 b/c:0.1");
    check(&["a b", "b c"], "a:0.0 b:1.0 c:1.1 [b:0.1]");
    check(&["d/ d/low", "d/ d/new"], "d/low:0.1 d/new:1.1");
    check(&["d/ d/low", "d"], "d:1.0 [d/low:0.1]");
    check(&["d", "d/ d/x"], "d/x:1.1 [d:0.0]");
    check(&["a", "*a"], "[a:0.0]");
    check(&["a a"], "a:0.1 [a:0.0]");
    check(&[], "");
}

#[test]
fn whiteouts_delete_what_is_below_only() {
    check(&["a b", "-a"], "b:0.1 [a:0.0]");
    check(&["d/x d/y/z ab", "-d"], "ab:0.2 [d/x:0.0] [d/y/z:0.1]");
    // Wherever in the archive they stand.
    check(&["a", "a -a"], "a:1.0 [a:0.0]");
    check(&["a", "-a a"], "a:1.1 [a:0.0]");
    check(&["d/low", "d/new -d"], "d/new:1.0 [d/low:0.0]");
    check(&["d/low d-2/x", "d/new !d"], "d-2/x:0.1 d/new:1.0 [d/low:0.0]");
    check(&["d/low", "!d d/new"], "d/new:1.1 [d/low:0.0]");
    check(&["a d/b", "!", "c"], "c:2.0 [a:0.0] [d/b:0.1]");
    check(&["a", "-b !c"], "a:0.0");
    // What is deleted stays away.
    check(&["a", "-a", "b"], "b:2.0 [a:0.0]");
    check(&["a", "-a", "a"], "a:2.0 [a:0.0]");
}

#[test]
fn hard_links_share_the_file_of_their_layer_or_a_lower_one() {
    check(&["a b=a"], "a:0.0 b:0.0");
    check(&["a", "b=a"], "a:0.0 b:0.0");
    check(&["a", "b=a", "-a"], "b:0.0");
    // The link keeps what its target was.
    check(&["a b=a a"], "a:0.2 b:0.0");
    check(&["a b=a", "a"], "a:1.0 b:0.0");
    check(&["real/x d>real h=d/x"], "h:0.0 real/x:0.0");
    // A link to a link is that link.
    check(&["t l>t h=l"], "h:0.0 l:0.0 t:0.0");
    check(&["b=a a"], "a:0.1 !b");
    check(&["d/ h=d"], "!h");
    check(&["h=h"], "!h");
}

#[test]
fn symbolic_links_to_files_stand_beside_them() {
    check(&["x/a l>x/a m>/x/a x/n>a"], "l:0.0 m:0.0 x/a:0.0 x/n:0.0");
    check(&["a x/l>../../../a"], "a:0.0 x/l:0.0");
    check(&["a l>m m>a"], "a:0.0 l:0.0 m:0.0");
    check(&["a b>c c>b d>d e>nowhere"], "a:0.0 !b !c !d !e");
    check(&["a l>a", "-a"], "[a:0.0] !l");
    check(&["d/x l>d m>./ *c n>c"], "d/x:0.0");
}

#[test]
fn paths_lead_through_links_to_folders() {
    check(&["real/x a>real", "a/y"], "real/x:0.0 real/y:1.0");
    check(&["real/x a>real", "a/ a/y"], "a/y:1.1 real/x:0.0");
    check(&["real/x real/y a>real", "-a/x"], "real/y:0.1 [real/x:0.0]");
    check(&["real/ real/x a>real", "!a real/"], "[real/x:0.1]");
    check(&["real/x a>real", "-a"], "real/x:0.0");
    check(&["a>/r r/ a/x"], "r/x:0.2");
    check(&["a>../../r a/x"], "r/x:0.1");
    check(&["a>nope a/x"], "nope/x:0.1");
    check(&["a>b b>a a/x"], "a/x:0.2 !a !b");
    check(
        &["usr/lib/ lib>usr/lib lib/x", "lib64>lib lib64/y", "-lib/x"],
        "usr/lib/y:1.1 [lib/x:0.2]",
    );
}

#[test]
fn links_beyond_the_limits_are_said() {
    let chain: String = (0..50).map(|at| format!("l{at}>l{} ", at + 1)).collect();
    let told = told(&[layer(&format!("{chain} l50"))]);
    assert!(told.ends_with("l9:0.50 !l0 !l1 !l2 !l3 !l4 !l5 !l6 !l7 !l8"), "{told}");
    // Each link leads to a long way through the next one: the ways multiply.
    let long = "x/../".repeat(800);
    let mut text: String = (0..39).map(|at| format!("l{at}>{long}l{} ", at + 1)).collect();
    text += "x/ l39/ ";
    for at in 0..2000 {
        text += &format!("l0/f{at} ");
    }
    let squashed = squashed(&[layer(&text)], &Limits::default());
    assert_eq!(squashed.files.len(), 2000);
    assert!(squashed.diagnostics.iter().any(|it| it.code.as_str() == "limit.reached"));
}

#[test]
fn many_broken_links_are_counted() {
    let text: String = (0..250).map(|at| format!("l{at}>nowhere ")).collect();
    let squashed = squashed(&[layer(&text)], &Limits::default());
    assert_eq!(squashed.diagnostics.len(), 101);
    assert!(squashed.diagnostics[100].message.starts_with("`150` more links"));
}

/// A file system of folders and files that point to each other, into which layers are unpacked one
/// entry after the other: what containers see, told in another way.
#[derive(Clone)]
enum Inode {
    Folder(Rc<RefCell<BTreeMap<String, Inode>>>),
    File(Stored),
    Link(String),
    Other,
}

type Folder = Rc<RefCell<BTreeMap<String, Inode>>>;

struct Unpacked {
    root: Folder,
}

impl Unpacked {
    /// The folder that `path` leads to from the root; missing ones are made.
    fn folder(&self, path: &[String], makes: bool) -> Option<Folder> {
        let mut links = Limits::default().link_depth;
        let mut trail = vec![Rc::clone(&self.root)];
        let mut pending: Vec<String> = path.iter().rev().cloned().collect();
        while let Some(part) = pending.pop() {
            if part == ".." {
                if trail.len() > 1 {
                    trail.pop();
                }
                continue;
            }
            let here = Rc::clone(trail.last().unwrap());
            let next = here.borrow().get(&part).cloned();
            match next {
                Some(Inode::Folder(folder)) => trail.push(folder),
                Some(Inode::Link(target)) => {
                    links = links.checked_sub(1)?;
                    if target.starts_with('/') {
                        trail.truncate(1);
                    }
                    let parts = target.as_str().split('/').filter(|it| !it.is_empty());
                    pending.extend(parts.rev().map(str::to_owned));
                }
                Some(Inode::File(_) | Inode::Other) => return None,
                None if makes => {
                    let folder = Folder::default();
                    here.borrow_mut().insert(part, Inode::Folder(Rc::clone(&folder)));
                    trail.push(folder);
                }
                None => return None,
            }
        }
        trail.pop()
    }

    /// Whether the entry can be unpacked.
    fn put(&self, stored: Stored, node: &Node) -> Option<()> {
        let mut path: Vec<String> = node.path.as_str().split('/').map(str::to_owned).collect();
        let name = path.pop()?;
        let above = self.folder(&path, true)?;
        let old = above.borrow().get(&name).cloned();
        let new = match &node.kind {
            NodeKind::Whiteout | NodeKind::Opaque => return Some(()),
            NodeKind::Folder if matches!(old, Some(Inode::Folder(_))) => return Some(()),
            NodeKind::Folder => Inode::Folder(Folder::default()),
            NodeKind::File(_) => Inode::File(stored),
            NodeKind::Symlink(target) => Inode::Link(target.to_string()),
            NodeKind::HardLink(target) => {
                let mut target: Vec<String> =
                    target.as_str().split('/').map(str::to_owned).collect();
                let name = target.pop()?;
                let found = self.folder(&target, false)?.borrow().get(&name).cloned()?;
                if matches!(found, Inode::Folder(_)) {
                    return None;
                }
                found
            }
            NodeKind::Special => Inode::Other,
        };
        above.borrow_mut().insert(name, new);
        Some(())
    }

    fn delete(&self, nodes: &[Node]) {
        for node in nodes {
            let mut path: Vec<String> = node.path.as_str().split('/').map(str::to_owned).collect();
            match node.kind {
                NodeKind::Opaque => {
                    if let Some(folder) = self.folder(&path, false) {
                        folder.borrow_mut().clear();
                    }
                }
                NodeKind::Whiteout => {
                    let name = path.pop().unwrap();
                    if let Some(folder) = self.folder(&path, false) {
                        folder.borrow_mut().remove(&name);
                    }
                }
                _ => {}
            }
        }
    }

    fn files(&self) -> BTreeMap<String, Stored> {
        let mut files = BTreeMap::new();
        let mut pending = vec![(String::new(), Rc::clone(&self.root))];
        while let Some((above, folder)) = pending.pop() {
            for (name, inode) in &*folder.borrow() {
                let path = format!("{above}{name}");
                match inode {
                    Inode::Folder(folder) => pending.push((format!("{path}/"), Rc::clone(folder))),
                    Inode::File(stored) => drop(files.insert(path, *stored)),
                    Inode::Link(_) => {
                        if let Some(stored) = self.target(&path, inode, 40) {
                            files.insert(path, stored);
                        }
                    }
                    Inode::Other => {}
                }
            }
        }
        files
    }

    /// The file that a link leads to.
    fn target(&self, path: &str, inode: &Inode, links: u32) -> Option<Stored> {
        let target = match inode {
            Inode::File(stored) => return Some(*stored),
            Inode::Link(target) if links > 0 => target,
            _ => return None,
        };
        let above = path.rsplit_once('/').map_or("", |(above, _)| above);
        let whole =
            if target.starts_with('/') { target.clone() } else { format!("{above}/{target}") };
        let mut parts: Vec<String> =
            whole.split('/').filter(|it| !it.is_empty()).map(str::to_owned).collect();
        let name = parts.pop()?;
        if name == ".." {
            return None;
        }
        let folder = self.folder(&parts, false)?;
        let found = folder.borrow().get(&name).cloned()?;
        // The way of the folder itself may lead through links.
        self.target(&self.path_of(&folder, &name)?, &found, links - 1)
    }

    fn path_of(&self, wanted: &Folder, name: &str) -> Option<String> {
        let mut pending = vec![(String::new(), Rc::clone(&self.root))];
        while let Some((above, folder)) = pending.pop() {
            if Rc::ptr_eq(&folder, wanted) {
                return Some(format!("{above}{name}"));
            }
            for (name, inode) in &*folder.borrow() {
                if let Inode::Folder(folder) = inode {
                    pending.push((format!("{above}{name}/"), Rc::clone(folder)));
                }
            }
        }
        None
    }
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!["a", "b", "c"]), 1..4)
        .prop_map(|it| it.join("/"))
}

fn target() -> impl Strategy<Value = String> {
    prop_oneof![
        path(),
        path().prop_map(|it| format!("/{it}")),
        path().prop_map(|it| format!("../{it}"))
    ]
}

fn node() -> impl Strategy<Value = Node> {
    let kind = prop_oneof![
        4 => Just(NodeKind::File(1)),
        2 => Just(NodeKind::Folder),
        2 => target().prop_map(|it| NodeKind::Symlink(it.into())),
        1 => path().prop_map(|it| NodeKind::HardLink(SourcePath::new(&it))),
        1 => Just(NodeKind::Whiteout),
        1 => Just(NodeKind::Opaque),
        1 => Just(NodeKind::Special),
    ];
    (path(), kind).prop_map(|(path, kind)| Node { path: SourcePath::new(&path), kind })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn layers_make_what_unpacking_them_makes(
        layers in prop::collection::vec(prop::collection::vec(node(), 0..8), 1..4),
    ) {
        let unpacked = Unpacked { root: Folder::default() };
        let mut unpackable = Vec::new();
        for (layer, nodes) in layers.iter().enumerate() {
            unpacked.delete(nodes);
            let mut kept = Vec::new();
            for entry in nodes {
                let is_whiteout = matches!(entry.kind, NodeKind::Whiteout | NodeKind::Opaque);
                let stored = Stored { layer, node: kept.len() };
                // Entries that no program unpacks are left out.
                if is_whiteout || unpacked.put(stored, entry).is_some() {
                    kept.push(entry.clone());
                }
            }
            unpackable.push(kept);
        }
        let squashed = squashed(&unpackable, &Limits::default());
        let files: BTreeMap<String, Stored> =
            squashed.files.iter().map(|it| (it.path.to_string(), it.stored)).collect();
        prop_assert_eq!(files.len(), squashed.files.len());
        prop_assert_eq!(&files, &unpacked.files());
        let all: usize = unpackable
            .iter()
            .flatten()
            .filter(|node| matches!(node.kind, NodeKind::File(_)))
            .count();
        let shown: std::collections::BTreeSet<_> = files.values().collect();
        prop_assert_eq!(shown.len() + squashed.hidden.len(), all);
    }

    #[test]
    fn any_layers_are_squashed(
        layers in prop::collection::vec(prop::collection::vec(node(), 0..30), 0..6),
    ) {
        let squashed = squashed(&layers, &Limits::default());
        let mut paths: Vec<&SourcePath> = squashed.files.iter().map(|it| &it.path).collect();
        paths.dedup();
        prop_assert_eq!(paths.len(), squashed.files.len());
    }
}
