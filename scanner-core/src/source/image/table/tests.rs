use flowdown_test_support::stargz::{Stargz, TABLE_DIGEST};
use serde_json::{Value, json};

use super::*;

struct Bytes<'a>(&'a [u8]);

impl ReadAt for Bytes<'_> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let start = usize::try_from(offset).map_or(self.0.len(), |at| at.min(self.0.len()));
        let count = buffer.len().min(self.0.len() - start);
        buffer[..count].copy_from_slice(&self.0[start..start + count]);
        Ok(count)
    }
}

fn read(blob: &[u8], annotations: &[(&str, &str)], limits: &Limits) -> io::Result<Option<Table>> {
    let annotations =
        annotations.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let layer = Layer { annotations: annotations.collect(), ..Layer::unnamed() };
    Table::of(&layer, &Bytes(blob), blob.len() as u64, limits)
}

fn stargz(change: impl FnOnce(&mut Value)) -> Stargz {
    let content = vec![1; 200_000];
    Stargz::of(&[("small", b"x"), ("large", &content)], 90_000, change).unwrap()
}

/// What is kept of a table with these entries.
fn kept(entries: Value) -> Vec<Vec<(u64, u64)>> {
    let layer = stargz(|table| table["entries"] = entries);
    let table = read(&layer.blob, &[(TABLE_DIGEST, &layer.digest)], &Limits::default());
    let files = table.unwrap().unwrap().files;
    files.values().map(|it| it.iter().map(|chunk| (chunk.at, chunk.offset)).collect()).collect()
}

#[test]
fn large_files_are_kept_with_their_chunks() {
    let layer = stargz(|_| ());
    let table = read(&layer.blob, &[(TABLE_DIGEST, &layer.digest)], &Limits::default());
    let files = table.unwrap().unwrap().files;
    assert_eq!(files.len(), 1);
    let chunks = files.values().next().unwrap();
    assert_eq!(chunks.iter().map(|it| it.at).collect::<Vec<_>>(), [0, 90_000, 180_000]);
    for chunk in chunks {
        assert_eq!(layer.blob[chunk.offset as usize..][..2], [0x1f, 0x8b]);
    }
}

#[test]
fn what_contradicts_itself_is_not_kept() {
    let file = |offset: u64| json!({"type": "reg", "name": "a", "size": 100_000, "offset": offset});
    let chunk =
        |at: u64, offset: u64| json!({"type": "chunk", "chunkOffset": at, "offset": offset});
    assert_eq!(kept(json!([file(9), chunk(5, 20)])), [[(0, 9), (5, 20)]]);
    // A file in one chunk, whose end is not known; one whose end is.
    assert!(kept(json!([file(9)])).is_empty());
    let ended = json!({"type": "reg", "size": 100_000, "offset": 9, "endOffset": 50});
    assert_eq!(kept(json!([ended])), [[(0, 9), (100_000, 50)]]);
    assert!(kept(json!([file(9), chunk(5, 9)])).is_empty());
    assert!(kept(json!([file(9), chunk(5, 20), chunk(5, 30)])).is_empty());
    assert!(kept(json!([file(9), {"type": "dir", "name": "b"}, chunk(5, 20)])).is_empty());
    assert!(kept(json!([chunk(5, 20), {"type": "new", "size": 100_000}])).is_empty());
    let inner = json!({"type": "reg", "size": 100_000, "offset": 9, "innerOffset": 4});
    assert!(kept(json!([inner, chunk(5, 20)])).is_empty());
}

#[track_caller]
fn check_refused(blob: &[u8], annotation: (&str, &str), limits: &Limits, why: &str) {
    let error = match annotation {
        (TABLE_DIGEST, _) => read(blob, &[annotation], limits),
        (place, digest) => {
            let names = CHUNKED[0];
            let position = format!("{names}manifest-position");
            let checksum = format!("{names}manifest-checksum");
            read(blob, &[(&position, place), (&checksum, digest)], limits)
        }
    };
    let error = error.unwrap_err().to_string();
    assert!(error.contains(why), "{error}");
}

#[test]
fn a_table_that_is_not_as_it_should_be_is_refused() {
    let limits = Limits::default();
    let layer = stargz(|_| ());
    let (blob, digest) = (&layer.blob, &*layer.digest);
    check_refused(blob, (TABLE_DIGEST, "sha256:00"), &limits, "not `sha256:00`");
    check_refused(&blob[..20], (TABLE_DIGEST, digest), &limits, "no footer");
    check_refused(&blob[..blob.len() - 1], (TABLE_DIGEST, digest), &limits, "no place");
    let small = Limits { layer_table_bytes: 600, ..Limits::default() };
    check_refused(blob, (TABLE_DIGEST, digest), &small, "");
    let other = stargz(|table| *table = json!({"entries": 7}));
    check_refused(&other.blob, (TABLE_DIGEST, &other.digest), &limits, "the entries of a layer");
    for place in ["", "1", "a:b:c:1", "0:10:10:2", "-1:10:10:1"] {
        check_refused(blob, (place, digest), &limits, "is none");
    }
    check_refused(blob, ("0:10:10:1", digest), &limits, "not `sha256:");
    check_refused(blob, ("18446744073709551615:10:10:1", digest), &limits, "not `sha256:");
    assert_eq!(read(blob, &[("other", "x")], &limits).unwrap(), None);
}
