use super::super::tests::{codes, read_wanted};
use super::Empty;
use crate::model::Limits;

fn check(name: &str, file: &[u8], expected: Option<&[&str]>) {
    let extraction = read_wanted(&Empty, name, file, &[1], &Limits::default());
    assert_eq!(extraction.as_ref().map(codes).as_deref(), expected, "{name}");
}

#[test]
fn only_files_of_zero_bytes_that_are_named_like_weights() {
    let expected: &[&str] = &["weights.empty-file"];
    check("model.safetensors", b"", Some(expected));
    check("a/MODEL.GGUF", b"", Some(expected));
    check("pytorch_model.bin", b"", Some(expected));
    check("flax_model.msgpack", b"", Some(expected));
    check("model.safetensors", b"x", None);
    check("__init__.py", b"", None);
    check("bin", b"", None);
}
