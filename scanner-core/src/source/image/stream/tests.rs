use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use flowdown_test_support::tar::TarBuilder;

use super::{Blobs, read_stream};
use crate::model::{Limits, SourcePath};

/// What came: `layer NAME` or `file NAME` with their bytes.
#[derive(Default)]
struct Seen(Vec<String>);

impl Blobs for Seen {
    fn layer(&mut self, name: &str, stream: &mut dyn Read) {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        self.0.push(format!("layer {name} {}", bytes.len()));
    }

    fn file(
        &mut self,
        index: usize,
        path: &SourcePath,
        size: u64,
        content: &mut dyn Read,
    ) -> io::Result<()> {
        let read = io::copy(content, &mut io::sink())?;
        self.0.push(format!("file {index} {path} {size} {read}"));
        Ok(())
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn layers_are_told_by_what_they_hold() {
    let layer = TarBuilder::new().file("f", b"x").build();
    let zstd_layer = zstd::encode_all(&*layer, 3).unwrap();
    let gzip_layer = gzip(&layer);
    let archive = TarBuilder::new()
        .file("blobs/sha256/01", &layer)
        .file("blobs/sha256/02", &gzip_layer)
        .file("blobs/sha256/03", &zstd_layer)
        .file("blobs/sha256/04", br#"{"a": 1}"#)
        .file("usr/share/doc/x/changelog.gz", &gzip(b"a text"))
        .file("usr/lib/x.json", b"{}")
        .file("index.json", b"{}")
        .file("empty", b"")
        .symlink("a/layer.tar", "../b/layer.tar")
        .hard_link("c.tar", "./d.tar")
        .build();
    for archive in [archive.clone(), gzip(&archive), zstd::encode_all(&*archive, 1).unwrap()] {
        let mut seen = Seen::default();
        let streamed = read_stream(&*archive, &mut seen, &Limits::default()).unwrap();
        let expected = [
            format!("layer blobs/sha256/01 {}", layer.len()),
            format!("layer blobs/sha256/02 {}", gzip_layer.len()),
            format!("layer blobs/sha256/03 {}", zstd_layer.len()),
            "file 3 blobs/sha256/04 8 8".to_owned(),
            format!("file 4 usr/share/doc/x/changelog.gz {0} {0}", gzip(b"a text").len()),
            "file 5 usr/lib/x.json 2 2".to_owned(),
            "file 6 index.json 2 2".to_owned(),
            "file 7 empty 0 0".to_owned(),
        ];
        assert_eq!(seen.0, expected);
        let documents: Vec<&String> = streamed.documents.keys().collect();
        assert_eq!(documents, ["blobs/sha256/04", "index.json"]);
        assert_eq!(streamed.links["a/layer.tar"], "b/layer.tar");
        assert_eq!(streamed.links["c.tar"], "d.tar");
        assert!(streamed.has("empty") && !streamed.has("full"));
        assert_eq!(streamed.tree.diagnostics, []);
        assert!(streamed.tree.measured.is_some());
    }
}

#[test]
fn an_archive_that_breaks_off_keeps_what_was_read() {
    let archive = TarBuilder::new().file("a", b"x").file("b", &[b'y'; 5000]).build();
    let mut seen = Seen::default();
    let streamed = read_stream(&archive[..3000], &mut seen, &Limits::default()).unwrap();
    assert_eq!(seen.0, ["file 0 a 1 1"]);
    let [diagnostic] = &*streamed.tree.diagnostics else { panic!("{streamed:?}") };
    assert_eq!(
        (diagnostic.code.as_str(), &*diagnostic.message),
        ("image.layer-broken", "the archive breaks off: the archive ends within an entry")
    );
    assert_eq!(streamed.tree.measured, None);
}

#[test]
fn what_begins_as_no_archive_is_refused() {
    let refuse = |bytes: &[u8]| {
        read_stream(bytes, &mut Seen::default(), &Limits::default()).unwrap_err().to_string()
    };
    assert!(refuse(&[b'x'; 1000]).contains("is no number of a tar header"));
    assert!(refuse(&gzip(&[b'x'; 1000])).contains("is no number of a tar header"));
    assert_eq!(refuse(b"short"), "the archive ends within an entry");
    assert!(read_stream(io::empty(), &mut Seen::default(), &Limits::default()).is_ok());
}

#[test]
fn the_number_of_entries_is_bounded() {
    let archive = TarBuilder::new().file("a", b"").file("b", b"").file("c", b"").build();
    let limits = Limits { entries: 2, ..Limits::default() };
    let mut seen = Seen::default();
    let streamed = read_stream(&*archive, &mut seen, &limits).unwrap();
    assert_eq!(seen.0.len(), 2);
    assert_eq!(streamed.tree.diagnostics[0].code.as_str(), "limit.reached");
}
