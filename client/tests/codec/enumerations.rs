//! Values that a document lists, and those it does not.

use crate::runtime::{Value, from_str, integer_enum, newtype, string_enum, to_string, value_enum};
use crate::{again, fault};

#[derive(Clone)]
enum Status {
    Active,
    OnHold,
    Unknown(String),
}
string_enum! { Status { Active = "active", OnHold = "on \"hold\"" } }

#[derive(Clone)]
enum Level {
    Low,
    High,
    Unknown(i64),
}
integer_enum! { Level { Low = -1, High = 2 } }

#[derive(Clone, Debug, PartialEq)]
enum Mixed {
    One,
    Text,
    Nothing,
    Unknown(Value),
}
value_enum! { Mixed { One = "1", Text = "\"1\"", Nothing = "null" } }

#[derive(Clone, Debug, PartialEq)]
struct Names(Vec<String>);
newtype! { Names(Vec<String>) }

#[test]
fn strings_stay_open() {
    assert_eq!(
        from_str::<Status>(r#""on \"hold\"""#).unwrap(),
        Status::OnHold
    );
    assert_eq!(
        from_str::<Status>(r#""Active""#).unwrap(),
        Status::Unknown("Active".into())
    );
    assert_eq!(again::<Status>(r#""new\n""#), r#""new\n""#);
    assert_eq!(Status::KNOWN, ["active", "on \"hold\""]);
    assert_eq!(
        "active".parse::<Status>().unwrap(),
        Status::from(String::from("active"))
    );
    assert_eq!(
        format!("{:>8}|{}", Status::Active, Status::from("x")),
        "  active|x"
    );
    assert_eq!(
        fault::<Status>("1"),
        "at $: expected a string, found 1 (offset 0)"
    );
}

#[test]
fn integers_stay_open() {
    assert_eq!(from_str::<Level>("-1").unwrap(), Level::Low);
    assert_eq!(from_str::<Level>("2.0").unwrap(), Level::High);
    assert_eq!(again::<Level>("7"), "7");
    assert_eq!(
        (
            Level::from(7).as_i64(),
            Level::High.to_string(),
            Level::KNOWN
        ),
        (7, "2".into(), [-1, 2].as_slice())
    );
}

#[test]
fn mixed_values_stay_open() {
    for (text, value) in [
        ("1", Mixed::One),
        ("1.0", Mixed::One),
        ("\"1\"", Mixed::Text),
        ("null", Mixed::Nothing),
    ] {
        assert_eq!(from_str::<Mixed>(text).unwrap(), value);
    }
    assert_eq!(to_string(&Mixed::Text).unwrap(), "\"1\"");
    assert_eq!(
        again::<Mixed>(r#"{"b":[1],"a":0.5}"#),
        r#"{"b":[1],"a":0.5}"#
    );
}

#[test]
fn newtypes_are_transparent() {
    assert_eq!(again::<Names>(r#"["a"]"#), r#"["a"]"#);
    assert_eq!(Names::from(vec!["a".to_owned()]).len(), 1);
    assert_eq!(Vec::from(Names(vec![])), Vec::<String>::new());
    assert_eq!(
        fault::<Names>("[1]"),
        "at [0]: expected a string, found 1 (offset 1)"
    );
}
