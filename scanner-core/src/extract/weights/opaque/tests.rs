use super::super::tests::{codes, read_wanted};
use super::Opaque;
use crate::model::Limits;

fn check(name: &str, file: &[u8], expected: Option<&str>) {
    let extraction = read_wanted(&Opaque, name, file, &[1], &Limits::default());
    let format = extraction.as_ref().map(|extraction| {
        assert_eq!(codes(extraction), ["weights.header-unread"]);
        extraction.facts[0].value.as_text().unwrap()
    });
    assert_eq!(format, expected, "{name}");
}

#[test]
fn formats_that_need_no_name() {
    check("x", b"tjgg\x03\0\0\0", Some("ggjt"));
    check("x", b"lmgg\0\0\0\0", Some("ggml"));
    check("x", b"fmgg\x01\0\0\0", Some("ggmf"));
    check("x", b"algg\x01\0\0\0", Some("ggla"));
    check("x", b"\x89HDF\r\n\x1a\n\0\0", Some("hdf5"));
    check("x", b"\x93NUMPY\x01\0", Some("numpy"));
    check("x", b"\x1c\0\0\0TFL3", Some("tflite"));
    check("x", b"PK\x03\x04\x14\0\0\0archive/data.pkl", Some("torch-zip"));
    check("x", b"PK\x03\x04\x14\0\0\0word/document.xml", None);
    check("x", b"", None);
    check("x", b"TFL3", None);
}

#[test]
fn formats_that_a_name_must_confirm() {
    let pickle = b"\x80\x02}q\0.";
    check("pytorch_model.bin", pickle, Some("pickle"));
    check("model.PTH", pickle, Some("pickle"));
    check("model.joblib", pickle, Some("pickle"));
    check("notes.txt", pickle, None);
    check("pytorch_model.bin", b"\x80\x06}q\0.", None);
    check("model.onnx", b"\x08\x07\x12\x07pytorch", Some("onnx"));
    check("model.onnx", b"<html>", None);
    check("model.txt", b"\x08\x07\x12\x07pytorch", None);
    check("flax_model.msgpack", b"\x81\xa6params", Some("flax-msgpack"));
    check("other.dat", b"\x81\xa6params", None);
    check("arrays.npz", b"PK\x03\x04\x14\0\0\0a.npy", Some("numpy-zip"));
    check("model.keras", b"PK\x03\x04\x14\0\0\0metadata.json", Some("keras-zip"));
    check("model.pt", b"PK\x03\x04\x14\0\0\0other", Some("zip"));
}

#[test]
fn git_lfs_pointers_are_left_alone() {
    let pointer = b"version https://git-lfs.github.com/spec/v1\n";
    check("pytorch_model.bin", pointer, None);
}
