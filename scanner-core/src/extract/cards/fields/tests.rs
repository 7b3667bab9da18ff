use proptest::prelude::*;
use serde_json::Value;

use super::reader;
use super::reader::Attempt;
use crate::extract::json::Json;
use crate::model::Limits;

/// Whether our value says what serde_json's does.
fn is_same(ours: &Json<'_>, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Json::Null, Value::Null) | (Json::Bool, Value::Bool(_)) => true,
        (Json::Int(ours), Value::Number(theirs)) => ours.to_string() == theirs.to_string(),
        (Json::Float(ours), Value::Number(theirs)) => Some(*ours) == theirs.as_f64(),
        (Json::Text(ours), Value::String(theirs)) => ours == theirs,
        (Json::List(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| is_same(a, b))
        }
        (Json::Map(ours), Value::Object(theirs)) => {
            // serde_json keeps the last of two equal keys.
            theirs.iter().all(|(key, theirs)| {
                let last = ours.iter().rev().find(|(name, _)| name == key);
                last.is_some_and(|(_, ours)| is_same(ours, theirs))
            })
        }
        _ => false,
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e9..1e9_f64).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-c]{0,2}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_are_those_of_serde_json(value in value(), garbage in "[,:{}\\[\\]\"a1 ]{0,3}") {
        let text = format!("{{\"x\": {value}, \"x\": {value} {garbage}}}");
        let attempt = Attempt::run(&text, &|_| true, &Limits::default());
        let theirs = serde_json::from_str::<Value>(&text);
        prop_assert_eq!(attempt.error.is_some(), theirs.is_err(), "{}", text);
        for (_, ours) in attempt.fields.iter().take(1) {
            prop_assert!(is_same(ours, &value), "{:?} is not {}", ours, value);
        }
    }
}

#[test]
fn only_words_outside_strings_are_replaced() {
    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(reader::without_non_finite(text).as_deref(), expected);
    }
    check("{}", None);
    check("\"NaN\"", None);
    check("\"\\\"NaN", None);
    check("\"é\\", None);
    check("[NaN,-Infinity,Infinity,-1]", Some("[null,null,null,-1]"));
    check("{\"NaN\":NaN}é", Some("{\"NaN\":null}é"));
}
