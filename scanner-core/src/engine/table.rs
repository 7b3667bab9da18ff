//! Whether a layer holds what its table of contents says.

use std::collections::BTreeMap;
use std::io;

use super::Request;
use crate::model::{Code, Diagnostic, SourcePath};
use crate::source::image::{Layer, Node, NodeKind, STARGZ_NAME, Store, listed_files};

/// What is wrong about the table of a layer that holds `nodes`; `None` where there is no table, or none
/// that can be had.
pub(super) fn compared(
    request: &Request<'_>,
    store: &dyn Store,
    layer: &Layer,
    nodes: &[Node],
) -> Option<Diagnostic> {
    let parts = store.parts(&layer.blob)?;
    let size = store.size(&layer.blob).or(layer.size)?;
    let stated = match listed_files(layer, &*parts, size, &request.limits) {
        Ok(listed) => listed?,
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            let message =
                format!("the table of contents of layer `{}` cannot be used: {error}", layer.blob);
            return Some(mismatch(message));
        }
        // A registry that sends no parts of blobs.
        Err(_) => return None,
    };
    let held: BTreeMap<&SourcePath, u64> = nodes
        .iter()
        .filter_map(|node| match node.kind {
            NodeKind::File(size) if size > 0 => Some((&node.path, size)),
            _ => None,
        })
        .collect();
    let only_stated = stated.iter().filter(|(path, size)| held.get(path) != Some(size));
    let only_held = held.iter().filter(|(path, size)| stated.get(**path) != Some(size));
    let differing = only_stated.map(|(path, _)| path).chain(only_held.map(|(path, _)| *path));
    let mut differing: Vec<&SourcePath> = differing.filter(|path| is_comparable(path)).collect();
    differing.sort();
    differing.dedup();
    let first = differing.first()?;
    Some(mismatch(format!(
        "layer `{}` and its table of contents differ in `{}` files, first in `{first}`",
        layer.blob,
        differing.len()
    )))
}

/// The table does not name itself, and cannot hold every name: bytes that are no UTF-8 are replaced.
fn is_comparable(path: &SourcePath) -> bool {
    path.as_str() != STARGZ_NAME && !path.as_str().contains(['%', '\u{fffd}'])
}

fn mismatch(message: String) -> Diagnostic {
    Diagnostic::of_run(Code::ImageTableMismatch, message).help(
        "it was scanned as the layer has it; who fetches single files by the table gets others: build the \
         image again",
    )
}
