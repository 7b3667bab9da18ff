use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use flowdown_test_support::tar::{Header, TarBuilder};
use proptest::prelude::*;

use super::{FileVisitor, LayerTree, NodeKind, read_layer};
use crate::model::{Digest, Limits, SourcePath};

/// The files that came, with their content.
#[derive(Default)]
struct Seen(Vec<(usize, String, Vec<u8>)>);

impl FileVisitor for Seen {
    fn file(
        &mut self,
        index: usize,
        path: &SourcePath,
        size: u64,
        content: &mut dyn Read,
    ) -> io::Result<()> {
        let mut bytes = Vec::new();
        // Half of it: the rest is passed over.
        content.take(size.div_ceil(2)).read_to_end(&mut bytes)?;
        self.0.push((index, path.to_string(), bytes));
        Ok(())
    }
}

fn read(stream: &[u8], limits: &Limits) -> (LayerTree, Seen) {
    let mut seen = Seen::default();
    let tree = read_layer(stream, "l", limits, &mut seen);
    (tree, seen)
}

/// The nodes, one a word, and the diagnostics, one a line.
fn told(tree: &LayerTree) -> String {
    let node = |node: &super::Node| match &node.kind {
        NodeKind::File(size) => format!("{}:{size}", node.path),
        NodeKind::Folder => format!("{}/", node.path),
        NodeKind::Symlink(target) => format!("{}>{target}", node.path),
        NodeKind::HardLink(target) => format!("{}={target}", node.path),
        NodeKind::Special => format!("*{}", node.path),
        NodeKind::Whiteout => format!("-{}", node.path),
        NodeKind::Opaque => format!("!{}", node.path),
    };
    let mut lines = vec![tree.nodes.iter().map(node).collect::<Vec<_>>().join(" ")];
    lines.extend(tree.diagnostics.iter().map(|it| format!("{}: {}", it.code.as_str(), it.message)));
    lines.join("\n")
}

#[track_caller]
fn check(layer: &[u8], expected: &str) {
    let (tree, _) = read(layer, &Limits::default());
    assert_eq!(told(&tree), expected);
    let is_whole = !expected.contains("layer-");
    let blob = Digest::sha256_of(layer);
    assert_eq!(tree.measured.map(|it| (it.blob, it.decoded)), is_whole.then_some((blob, blob)));
}

#[test]
fn entries_become_nodes() {
    let layer = TarBuilder::new()
        .folder("./")
        .folder("./a/")
        .file("./a/f", b"hello")
        .symlink("/l", "/a/f")
        .hard_link("h", "./a/f")
        .named(b'3', b"dev/null", b"", b"")
        .file("a/.wh.gone", b"")
        .file(".wh.also", b"")
        .file("a/.wh..wh..opq", b"")
        .file(".wh..wh.plnk", b"")
        .hard_link("a/.wh.linked", ".wh..wh.aufs")
        .build();
    check(&layer, "./ a/ a/f:5 l>/a/f h=a/f *dev/null -a/gone -also !a -a/linked");
    let (tree, seen) = read(&layer, &Limits::default());
    assert_eq!(seen.0, [(2, "a/f".to_owned(), b"hel".to_vec())]);
    assert_eq!(tree.nodes[2].path.as_str(), "a/f");
}

#[test]
fn what_stands_out_is_said_once_a_layer() {
    let layer = TarBuilder::new()
        .file("../../etc/passwd", b"x")
        .file("../b", b"")
        .hard_link("h", "../c")
        .file("d/.wh...", b"")
        .file(".wh.", b"")
        .named(b'Q', b"what", b"", b"data")
        .file(&"n".repeat(5000), b"")
        .symlink("s", &"t/".repeat(3000))
        .file("end", b"")
        .build();
    let shown = "n".repeat(200);
    let expected = [
        "etc/passwd:1 b:0 h=c end:0",
        "image.path-escapes: layer `l`: the entry `../../etc/passwd` names a place outside of the \
         image; so do `4` more",
        &format!(
            "limit.reached: layer `l`: the entry `{shown}` has a path of more than 4096 bytes; so do \
             `1` more"
        ),
        "source.entry-skipped: layer `l`: the entry `what` has a type that tar does not define",
    ];
    check(&layer, &expected.join("\n"));
}

#[test]
fn a_layer_that_breaks_off_keeps_what_was_read() {
    let layer = TarBuilder::new().file("a", b"x").file("b", &[b'y'; 3000]).build();
    let cut =
        "a:1 b:3000\nimage.layer-broken: layer `l` breaks off: the archive ends within an entry";
    check(&layer[..2000], cut);
    let mut damaged = layer.clone();
    damaged[1024] = b'z';
    let (tree, _) = read(&damaged, &Limits::default());
    assert!(told(&tree).starts_with("a:1\nimage.layer-broken: layer `l` breaks off: the checksum"));
}

#[test]
fn what_is_no_layer_is_said() {
    let refused = |layer: &[u8]| told(&read(layer, &Limits::default()).0);
    let none = "\nimage.layer-unsupported: layer `l` is none that this version reads: ";
    assert_eq!(refused(b"BZh91AY&SY"), format!("{none}it is compressed with bzip2"));
    assert_eq!(refused(b"\xfd7zXZ\0rest"), format!("{none}it is compressed with xz"));
    assert!(refused(&[b'x'; 2000]).starts_with(&format!("{none}it is no tar archive: `x")));
    assert_eq!(refused(b""), "");
}

#[test]
fn holes_without_end_are_not_read() {
    let huge = Header::new(b'S', b"holes", 0).gnu().number(483, 1 << 50);
    let layer = TarBuilder::new().entry(&huge, b"").file("b", b"y").build();
    let (tree, seen) = read(&layer, &Limits::default());
    assert_eq!(
        told(&tree),
        "holes:1125899906842624 b:1\n\
         limit.reached: layer `l`: the entry `holes` has more holes than `limits.expansion_ratio` allows"
    );
    assert_eq!(seen.0.len(), 1);
}

#[test]
fn limits_are_said_by_their_names() {
    let bytes = TarBuilder::new().file("zeros", &vec![0; 70 << 20]).build();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&bytes).unwrap();
    let (tree, _) =
        read(&encoder.finish().unwrap(), &Limits { expansion_ratio: 2, ..Limits::default() });
    let [diagnostic] = &*tree.diagnostics else { panic!("{}", told(&tree)) };
    assert_eq!(diagnostic.code.as_str(), "limit.reached");
    assert!(diagnostic.help.as_ref().unwrap().contains("raise `limits.expansion_ratio`"));
    let layer = TarBuilder::new().file("a", b"").file("b", b"").build();
    let (tree, _) = read(&layer, &Limits { entries: 1, ..Limits::default() });
    assert_eq!(told(&tree), "a:0\nlimit.reached: a layer has more than 1 entries");
    assert_eq!(tree.measured.unwrap().blob, Digest::sha256_of(&layer));
}

proptest! {
    #[test]
    fn no_bytes_make_a_layer_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..1500),
        magic in prop::sample::select(vec![b"".as_slice(), b"\x1f\x8b\x08\0", b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18"]),
    ) {
        read(&[magic, &bytes].concat(), &Limits::default());
    }
}
