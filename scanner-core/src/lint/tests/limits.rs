use std::fmt::Write as _;

use super::super::lint;
use super::linted;
use crate::bom::Refusal;
use crate::model::Limits;

#[track_caller]
fn refused(document: &[u8]) -> Refusal {
    match lint(document, &Limits::default()) {
        Err(refusal) => refusal,
        Ok(lint) => panic!("{lint:?}"),
    }
}

#[test]
fn what_is_no_bill_of_materials_is_said_to_be_none() {
    for document in [
        &b""[..],
        b"{",
        b"{}",
        b"[]",
        b"{\"bomFormat\":\"Other\"}",
        b"<bom/>",
        b"<bom xmlns='http://example.org/1.6'/>",
        b"<bom xmlns='http://cyclonedx.org/schema/bom/1.6'>",
        b"<a></b>",
        b"words",
        b"\xff\xfe{\0",
        b"<\xff>",
    ] {
        assert!(matches!(refused(document), Refusal::NotABom(_)), "{document:?}");
    }
}

#[test]
fn depth_and_size_are_bounded() {
    let deep = format!("{{\"bomFormat\":\"CycloneDX\",\"x\":{}", "[".repeat(100_000));
    assert!(matches!(refused(deep.as_bytes()), Refusal::Limit(_)));
    let namespace = "http://cyclonedx.org/schema/bom/1.6";
    let deep = format!("<bom xmlns='{namespace}'>{}", "<a>".repeat(100_000));
    assert!(matches!(refused(deep.as_bytes()), Refusal::Limit(_)));
    let small = Limits { manifest_bytes: 1, ..Limits::default() };
    assert!(matches!(lint(b"{}", &small), Err(Refusal::Limit(_))));
}

#[test]
fn entities_do_not_expand() {
    let namespace = "http://cyclonedx.org/schema/bom/1.6";
    let bomb = format!(
        "<!DOCTYPE bom [<!ENTITY a \"{}\"><!ENTITY b \"&a;&a;&a;\">]><bom xmlns='{namespace}'>\
         <components><component type='library'><name>n</name><purl>&b;&lt;</purl></component></components></bom>",
        "x".repeat(1_000)
    );
    let lint = linted(bomb.as_bytes());
    assert!(lint.problems.list[0].message.starts_with("`&b;<` "), "{lint:?}");
}

#[test]
fn problems_of_one_code_are_counted_past_a_number() {
    let mut components = String::new();
    for number in 0..3_000 {
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(
            components,
            "{comma}{{\"type\":\"library\",\"name\":\"n\",\"purl\":\"{number}\"}}"
        );
    }
    let document = format!(
        "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[{components}]}}"
    );
    let lint = linted(document.as_bytes());
    assert_eq!(lint.problems.list.len(), 1_000);
    assert_eq!(lint.problems.counts().values().sum::<usize>(), 3_000);
}

/// Whatever a value or a key is: what is said of it has a bounded length.
#[test]
fn places_and_messages_are_cut() {
    let long = "x".repeat(1 << 20);
    let document = format!(
        "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"{long}\":{{\"bom-ref\":\"{long}\",\
         \"ref\":\"{long}{long}\",\"a\":{{\"bom-ref\":\"\"}}}}}}"
    );
    let lint = linted(document.as_bytes());
    assert!(!lint.problems.list.is_empty());
    for problem in &lint.problems.list {
        assert!(problem.at.to_string().len() < 1_000 && problem.message.len() < 1_000);
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let _ = lint(&bytes, &Limits::default());
    }

    /// Documents with a part cut out or doubled.
    #[test]
    fn no_cut_makes_it_panic(from in 0_usize..400, length in 0_usize..40) {
        let document = "<bom xmlns='http://cyclonedx.org/schema/bom/1.6'><components><component \
            type='data' bom-ref='a'><licenses><license><id>MIT</id></license></licenses></component>\
            </components><dependencies><dependency ref='a'><dependency ref='b'/></dependency>\
            </dependencies></bom>";
        let mut bytes = document.as_bytes().to_vec();
        let from = from.min(bytes.len());
        let until = (from + length).min(bytes.len());
        bytes.drain(from..until);
        let _ = lint(&bytes, &Limits::default());
    }
}
