//! Numbers, texts and objects come out as they went in.

use fixtures::exact_values::*;

use crate::{again, fault, read, same};

#[test]
fn numbers_lose_nothing() {
    for text in [
        r#"{"plain":-9223372036854775808}"#,
        r#"{"small":-2147483648,"proven":4294967295,"byte":255}"#,
        r#"{"large":18446744073709551615,"unsigned":18446744073709551615}"#,
        r#"{"quoted":"9223372036854775807"}"#,
        r#"{"decimal":0.10000000000000000000000000000000001}"#,
        r#"{"decimal":123456789012345678901234567890.10}"#,
        r#"{"text_decimal":"19.90"}"#,
        r#"{"float":0.1,"double":0.1}"#,
        r#"{"double":1.7976931348623157e308}"#,
        r#"{"double":5e-324}"#,
    ] {
        let value = again::<Numbers>(text);
        let (a, b): (serde_json::Value, serde_json::Value) =
            (serde_json::from_str(&value).unwrap(), serde_json::from_str(text).unwrap());
        assert!(value == text || a == b, "{value} is not {text}");
    }
    same::<Numbers>(r#"{"decimal":0.10000000000000000000000000000000001,"text_decimal":"19.90"}"#);
    assert!(fault::<Numbers>(r#"{"byte":256}"#).starts_with("at byte: "));
    assert!(fault::<Numbers>(r#"{"plain":1.5}"#).starts_with("at plain: "));
}

#[test]
fn texts_lose_nothing() {
    for text in [
        r#"{"at":"2024-01-02T03:04:05Z"}"#,
        r#"{"at":"2024-01-02T03:04:05.123456789+02:00"}"#,
        r#"{"at":"2024-01-02T03:04:05.100-03:30"}"#,
        r#"{"at":"2024-01-02T03:04:05"}"#,
        r#"{"at":"2024-01-02T03:04:05.000001"}"#,
        r#"{"day":"2024-02-29","time":"23:59:60Z"}"#,
        r#"{"time":"03:04:05.123456789"}"#,
        r#"{"span":"P1Y2M3DT4H5M6.5S"}"#,
        r#"{"span":"P3W"}"#,
        r#"{"id":"67E55044-10B1-426F-9247-BB680E5FE0C8"}"#,
        r#"{"link":"https://example.com"}"#,
        r#"{"link":"https://example.com/a/{id}?q={x}"}"#,
        r#"{"template":"/a/{id}{?q*}"}"#,
        r#"{"bytes":"aGVsbG8="}"#,
        r#"{"ip":"2001:db8::1","mail":"not checked"}"#,
    ] {
        let value: Result<Texts, _> = fixtures::runtime::from_str(text);
        let value = value.unwrap_or_else(|fault| panic!("{text}: {fault}"));
        let out = fixtures::runtime::to_string(&value).unwrap();
        assert!(out.eq_ignore_ascii_case(text), "{out} is not {text}");
    }
}

#[test]
fn objects_keep_all_that_they_leave_open_in_order() {
    same::<Objects>(r#"{"counted":{"a":"x","z":1,"b":2,"m":3}}"#);
    same::<Objects>(r#"{"open":{"a":"x","z":[1],"b":{"c":null}}}"#);
    same::<Objects>(r#"{"patterns":{"x-b":"1","x-a":"2"},"two_patterns":{"b1":"long","a1":"s"}}"#);
    same::<Objects>(r#"{"mixed":{"n1":1,"s1":"t"},"named":{"b":true,"a":false}}"#);
    let objects: Objects = read(r#"{"two_patterns":{"a":"x"}}"#);
    assert_eq!(objects.two_patterns.unwrap()["a"], "x");
}

#[test]
fn all_of_is_the_intersection_of_everything() {
    let text = r#"{"id":"1","state":"b","size":9,"note":"n","tags":["y"],"at":"2024-01-02","more":"text"}"#;
    let joined: Joined = read(text);
    same::<Joined>(text);
    let size: Option<i32> = joined.size;
    assert_eq!(size, Some(9));
    let note: Option<String> = joined.note;
    assert_eq!(note.as_deref(), Some("n"));
    assert_eq!(joined.additional["more"], "text");
    // What only one of the lists has is none of the values.
    assert!(matches!(read::<Joined>(r#"{"id":"1","state":"a"}"#).state, JoinedState::Unknown(_)));
    assert!(fault::<Joined>(r#"{"id":"1"}"#).contains("missing key `state`"));
    assert!(fault::<Joined>(r#"{"id":"1","state":"b","at":"now"}"#).starts_with("at at: "));
}

#[test]
fn a_base_is_a_union_and_its_heirs_are_types() {
    let heir: Heir = read(r#"{"kind":"heir","name":"n","extra":1}"#);
    assert_eq!(Base::from(heir.clone()).as_heir(), Some(&heir));
    same::<Base>(r#"{"kind":"heir","name":"n","extra":1}"#);
    same::<Base>(r#"{"kind":"other","x":[]}"#);
}
