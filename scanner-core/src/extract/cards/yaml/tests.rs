use proptest::prelude::*;
use serde_json::Value as Oracle;

use super::lines::{AtProse, recover};
use super::{Node, Style, Value, read};
use crate::model::Limits;

/// Whether our tree has the shape and the texts of the one that `serde-saphyr` reads.
fn is_same(ours: &Node, theirs: &Oracle) -> bool {
    match (&ours.value, theirs) {
        (Value::Null, Oracle::Null) => true,
        (Value::Text(ours, _), Oracle::String(theirs)) => ours == theirs,
        // Numbers and booleans keep their spelling here.
        (Value::Text(_, style), Oracle::Bool(_) | Oracle::Number(_)) => *style == Style::Plain,
        (Value::List(ours), Oracle::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| is_same(a, b))
        }
        (Value::Map(ours), Oracle::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().all(|entry| {
                    theirs.get(&entry.key).is_some_and(|theirs| is_same(&entry.value, theirs))
                })
        }
        _ => false,
    }
}

const WORDS: &[&str] = &[
    "a: ", "b: ", "c: ", "x", "no", "3.0", "'q'", "\"d\"", "~", "\n", "\n", "\n  ", "\n- ",
    "\n  - ", "[", "]", ", ", "{", "}", "&n ", "*n", "|\n  t\n", ">\n  f\n", "# c\n", "<<: ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 5000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_serde_saphyr_accepts_is_read_the_same(
        words in prop::collection::vec(prop::sample::select(WORDS), 0..12),
    ) {
        let text = words.concat();
        if let Ok(theirs) = serde_saphyr::from_str::<Oracle>(&text) {
            let ours = read(&text, &Limits::default());
            prop_assert_eq!(&ours.problems, &[], "{:?}", text);
            prop_assert_eq!(&ours.duplicates, &[], "{:?}", text);
            match ours.documents.as_slice() {
                [] => prop_assert_eq!(theirs, Oracle::Null, "{:?}", text),
                [node, ..] => prop_assert!(is_same(node, &theirs), "{:?}: {:?}", text, node),
            }
        }
    }

    #[test]
    fn lines_stay_inside_the_text(
        words in prop::collection::vec(prop::sample::select(WORDS), 0..30),
    ) {
        let text = words.concat();
        let lines = text.lines().count() as u64;
        for document in read(&text, &Limits::default()).documents {
            prop_assert!(1 <= document.first && document.first <= document.last);
            prop_assert!(document.last <= lines.max(1), "{:?}: {:?}", text, document);
        }
    }
}

#[test]
fn lines_are_read_without_knowing_yaml() {
    #[track_caller]
    fn check(text: &str, at_prose: AtProse, expected: &str, end: u64) {
        let recovered = recover(text, 1, at_prose, 3);
        let shown: Vec<String> = recovered
            .entries
            .iter()
            .map(|entry| {
                let items: Vec<&str> = match &entry.value.value {
                    Value::List(items) => items.iter().filter_map(Node::text).collect(),
                    _ => entry.value.text().into_iter().collect(),
                };
                format!("{}={}", entry.key, items.join("+"))
            })
            .collect();
        assert_eq!((shown.join(" ").as_str(), recovered.end), (expected, end));
    }
    check("license: mit # c\nb: 'x'\n", AtProse::GoOn, "license=mit b=x", 3);
    check("\"a\": x\n'b' : y\n", AtProse::GoOn, "a=x b=y", 3);
    check("a:\n- x\n\t- 'y'\n\n- z\n", AtProse::GoOn, "a=x+y+z", 6);
    check("a: [x, \"y\"]\nb: [x\n", AtProse::GoOn, "a=x+y", 3);
    check("a: x\n- y\n", AtProse::GoOn, "a=x", 3);
    // Values that one line does not tell.
    check("a: &x y\nb: {c: d}\nc: |\nd: !t x\ne: \"x\n", AtProse::GoOn, "", 6);
    check("a:x\n b: y\n", AtProse::GoOn, "", 3);
    check("a: x\nSome prose: here.\nb: y\n", AtProse::GoOn, "a=x b=y", 4);
    check("a: x\nSome prose: here.\nb: y\n", AtProse::Stop, "a=x", 2);
    // At most as many entries as asked for.
    check("a: 1\nb: 2\nc: 3\nd: 4\n", AtProse::GoOn, "a=1 b=2 c=3", 4);
}
