//! Any JSON: the same values as `serde_json` has, and the same text.

use proptest::prelude::*;
use serde_json::{Map, Number, Value};

use crate::runtime::{Decode, Reader, from_slice, from_str, to_string, to_value};

fn any_value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<u64>().prop_map(Number::from),
        any::<i64>().prop_map(Number::from),
        any::<f64>().prop_map(|value| Number::from_f64(value).unwrap_or_else(|| Number::from(0))),
    ];
    let text = prop_oneof![any::<String>(), "[a-z\"\\\\\u{0}-\u{20}é😀]{0,24}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number.prop_map(Value::Number),
        text.clone().prop_map(Value::String)
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((text.clone(), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn values_are_those_of_serde_json(value in any_value()) {
        let theirs = serde_json::to_string(&value).unwrap();
        prop_assert_eq!(&to_string(&value).unwrap(), &theirs);
        prop_assert_eq!(&from_str::<Value>(&theirs).unwrap(), &value);
        prop_assert_eq!(&from_str::<Value>(&serde_json::to_string_pretty(&value).unwrap()).unwrap(), &value);
        prop_assert_eq!(&to_value(&value).unwrap(), &value);
        // Skipping ends where decoding ends.
        let twice = format!(" {theirs} {theirs}");
        let mut reader = Reader::over(&twice);
        prop_assert_eq!(reader.raw().unwrap(), &theirs);
        prop_assert_eq!(&Value::decode(&mut reader).unwrap(), &value);
        prop_assert!(reader.finish().is_ok());
    }

    #[test]
    fn every_verdict_is_that_of_serde_json(text in "[\\[\\]{},:\"\\\\ \n0-9eE+\\-.truefalsn\u{1}é]{0,16}") {
        let theirs = serde_json::from_str::<Value>(&text);
        let ours = from_str::<Value>(&text);
        prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{:?}: {:?} {:?}", text, ours, theirs);
        let skipped = Reader::over(&text).skip().is_ok();
        prop_assert!(skipped || ours.is_err());
    }

    #[test]
    fn damaged_documents_never_panic(value in any_value(), flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let mut bytes = serde_json::to_vec(&value).unwrap();
        for (index, byte) in flips {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        let ours = from_slice::<Value>(&bytes);
        let theirs = serde_json::from_slice::<Value>(&bytes);
        prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{:?} {:?}", ours, theirs);
    }
}

#[test]
fn numbers_are_those_of_serde_json() {
    for text in [
        "0",
        "-0",
        "-0.0",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "1.0",
        "1e2",
        "0.1",
    ] {
        assert_eq!(
            from_str::<Value>(text).unwrap(),
            serde_json::from_str::<Value>(text).unwrap(),
            "{text}"
        );
    }
    assert_eq!(to_string(&serde_json::json!(1.0)).unwrap(), "1.0");
}
