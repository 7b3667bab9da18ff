use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::assemble::ReadFile;
use crate::extract::Extraction;
use crate::model::{CapturedText, Fact, FactValue, Location, Sha512, Tensor, TextRole, names};
use crate::source::image::{LayerTree, Node, NodeKind};

/// A layer with something of everything.
fn layer() -> LayerFiles {
    let path = SourcePath::new("a/b%41 ü\u{202e}.gguf");
    let at = Location::scanned(&path);
    let map = FactValue::Map(BTreeMap::from([
        ("list".to_owned(), FactValue::List(vec!["x".into(), FactValue::Int(-3)])),
        ("digest".to_owned(), FactValue::Digest(Digest::sha256_of(b"y"))),
    ]));
    let facts = vec![
        Fact::new(names::CARD_LICENSE, "mit", at.clone().at_lines(2, 3)),
        Fact::new(names::WEIGHTS_METADATA, map, at.clone().at_key("__metadata__")),
        Fact::new(names::WEIGHTS_TENSOR_COUNT, 7_u64, at.clone().at_bytes(8, 90)),
    ];
    let tensor = Tensor {
        name: "t".to_owned(),
        dtype: "BF16".to_owned(),
        shape: vec![2, 3],
        bytes: Some(8..20),
        digest: Some(Digest::sha256_of(b"t")),
    };
    let text = CapturedText {
        path: path.clone(),
        role: TextRole::UsePolicy,
        bytes: Arc::from(&b"no \xff utf-8"[..]),
        first_line: 4,
    };
    let doubt = Diagnostic::new(Code::GgufOddity, at, "odd").help("look");
    let file = ScannedFile {
        path: path.clone(),
        size: 9,
        sha256: Some(Digest::sha256_of(b"f")),
        read: Some(Box::new(ReadFile {
            sha512: Some(Sha512::of(b"f")),
            extractors: vec!["gguf"],
            extraction: Extraction {
                facts,
                tensors: vec![tensor],
                texts: vec![text],
                diagnostics: vec![doubt.clone()],
            },
        })),
    };
    let kinds = [
        NodeKind::File(9),
        NodeKind::Folder,
        NodeKind::Symlink("../x".into()),
        NodeKind::HardLink(SourcePath::new("a")),
        NodeKind::Special,
        NodeKind::Whiteout,
        NodeKind::Opaque,
    ];
    let nodes = kinds.into_iter().map(|kind| Node { path: path.clone(), kind }).collect();
    LayerFiles {
        tree: LayerTree { nodes, measured: None, diagnostics: vec![doubt] },
        files: BTreeMap::from([(0, file)]),
        kept: BTreeMap::from([(3, Arc::from(&b"blob"[..]))]),
    }
}

#[test]
fn a_layer_reads_back_as_it_was() {
    let kept = wire::Layer::of(&layer()).ok().and_then(|layer| pack(&layer));
    let read: Option<wire::Layer> = unpack(&kept.unwrap_or_default(), 0);
    let read = read.and_then(|layer| layer.into_layer().ok());
    assert_eq!(format!("{read:?}"), format!("{:?}", Some(layer())));
}

#[test]
fn a_damaged_byte_is_found() {
    let kept = wire::Layer::of(&layer()).ok().and_then(|layer| pack(&layer)).unwrap_or_default();
    assert!(kept.len() > 100);
    for at in 0..kept.len() {
        let mut damaged = kept.clone();
        damaged[at] ^= 1;
        assert!(unpack::<wire::Layer>(&damaged, 0).is_none(), "byte {at}");
        assert!(unpack::<wire::Layer>(&kept[..at], 0).is_none(), "cut at {at}");
    }
}

#[test]
fn what_names_nothing_known_is_no_layer() {
    let mut layer = layer();
    // An extractor of another version.
    for file in layer.files.values_mut() {
        file.read.get_or_insert_default().extractors = vec!["no-such-extractor"];
    }
    let read = wire::Layer::of(&layer).ok().map(wire::Layer::into_layer);
    assert!(matches!(read, Some(Err(_))));
}
