//! in-toto statements: what they refuse.

use flowdown_core::model::{Digest, SourcePath};
use flowdown_core::report::in_toto::{Statement, Unattestable, directory_hash, predicate_type};
use flowdown_core::report::{by_format, reporters};

use crate::fixture;

#[test]
fn only_json_of_a_known_type_is_a_predicate() {
    for reporter in reporters() {
        let is_json = reporter.media_type().ends_with("+json");
        assert_eq!(predicate_type(reporter).is_ok(), is_json, "{}", reporter.format());
    }
}

#[test]
fn every_file_needs_a_digest_and_a_name_of_one_line() {
    let reporter = by_format("cyclonedx").unwrap();
    let mut report = fixture::report();
    report.inventory.files = ["a", "b", "c"]
        .map(|path| (SourcePath::new(path), Some(Digest::sha256_of(path.as_bytes()))))
        .into();
    let mut bytes = Vec::new();
    Statement::new(reporter, &report).unwrap().write(&mut bytes).unwrap();
    assert!(serde_json::from_slice::<serde_json::Value>(&bytes).is_ok());

    report.inventory.files.insert(SourcePath::new("b"), None);
    report.inventory.files.insert(SourcePath::new("c"), None);
    let error = Statement::new(reporter, &report).err().unwrap();
    assert_eq!(error, Unattestable::Undigested(SourcePath::new("b"), 2));
    assert!(error.to_string().contains("2 places") && error.to_string().contains("`b`"));

    report.inventory.files = [(SourcePath::new("a\nb"), Some(Digest::sha256_of(b"")))].into();
    let error = directory_hash(&report).unwrap_err();
    assert!(error.to_string().contains("line break") && !error.to_string().contains('\n'));
}

#[test]
fn paths_are_sorted_by_their_bytes() {
    let mut report = fixture::report();
    let digest = Digest::sha256_of(b"x");
    // As text `%FF` comes before `a`, as a byte after it.
    let odd = SourcePath::new("").child(b"\xff");
    report.inventory.files = [(odd, Some(digest)), (SourcePath::new("a"), Some(digest))].into();
    let hex = digest.hex();
    let listing = [format!("{hex}  a\n{hex}  ").as_bytes(), b"\xff\n"].concat();
    assert_eq!(directory_hash(&report).unwrap(), Digest::sha256_of(&listing));
}
