//! Documents that are cut short, damaged or made to hurt.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::runtime::{
    DateTime, Decode, Map, Reader, Uuid, Value, from_slice, from_str, object, string_enum, union,
};

#[derive(Debug)]
struct Record {
    id: Uuid,
    at: Option<DateTime>,
    tags: Option<Vec<String>>,
    score: Option<f64>,
    shape: Option<Shape>,
    inner: Option<Box<Record>>,
    additional: Map<Value>,
}
object! { Record { id: "id", at?: "at", tags?: "tags", score?: "score", shape?: "shape", inner?: "inner", .. additional } }

#[derive(Debug)]
enum Shape {
    Circle(Circle),
    Label(Label),
    Text(String),
    Unknown(Value),
}
union! { Shape { Circle { kinds: object, required: ["radius"] }, Label { kinds: string }, Text { kinds: string | array } } }

#[derive(Debug)]
struct Circle {
    radius: i32,
}
object! { Circle { radius: "radius" } }

#[derive(Debug, PartialEq)]
enum Label {
    Big,
    Unknown(String),
}
string_enum! { Label { Big = "big" } }

const DOCUMENT: &str = r#" {"id":"9f0e3c1a-0000-4000-8000-000000000000","at":"2024-07-31T09:30:00Z","tags":["a","\u00e9\ud83d\ude00"],
    "score":-1.5e3,"shape":{"radius":3},"inner":{"id":"9f0e3c1a-0000-4000-8000-000000000001","shape":"big"},"other":[true,false,null,{}]} "#;

#[test]
fn every_prefix_is_a_fault() {
    let record: Record = from_str(DOCUMENT).unwrap();
    assert_eq!(record.tags.unwrap()[1], "é😀");
    for end in 0..DOCUMENT.len() - 1 {
        assert!(
            from_slice::<Record>(&DOCUMENT.as_bytes()[..end]).is_err(),
            "{}",
            &DOCUMENT[..end]
        );
        assert!(Reader::over(&DOCUMENT[..end]).skip().is_err());
    }
}

#[test]
fn what_follows_a_document_is_a_fault() {
    for text in ["{} {}", "{},", "{}\0", "{}x", "{}]"] {
        assert!(from_str::<Value>(text).is_err(), "{text:?}");
    }
    assert!(from_slice::<Value>(b"{}\xc0").is_err());
    assert!(from_slice::<Value>("\u{feff}{}".as_bytes()).is_err());
}

proptest! {
    #[test]
    fn damage_never_panics(at in 0..DOCUMENT.len(), byte in any::<u8>(), end in 0..DOCUMENT.len()) {
        let mut bytes = DOCUMENT.as_bytes().to_vec();
        bytes[at] = byte;
        let _ = from_slice::<Record>(&bytes).map_err(|fault| fault.to_string());
        let _ = from_slice::<Record>(&bytes[..end]);
    }
}

#[derive(Debug)]
enum Node {
    A(Box<Branch>),
    B(Box<Branch>),
    C(Box<Branch>),
    Unknown(Value),
}
union! { Node { A { kinds: object }, B { kinds: object }, C { kinds: object } } }

#[derive(Debug)]
struct Branch {
    next: Option<Node>,
}
object! { Branch { next?: "next" } }

#[test]
fn nested_unions_cost_a_bounded_time() {
    // Every level could be read three ways, and the innermost value fits none.
    let mut text = r#"{"next":[]}"#.to_owned();
    for _ in 0..100 {
        text = format!(r#"{{"x":1,"next":{text}}}"#);
    }
    let start = Instant::now();
    let _ = from_str::<Node>(&text);
    let text = format!("{}1{}", r#"{"next":"#.repeat(100), "}".repeat(99));
    assert!(from_str::<Node>(&text).is_err());
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn a_claim_of_many_elements_reserves_nothing() {
    let text = format!("[{}", "0,".repeat(10));
    assert!(Vec::<u64>::decode(&mut Reader::over(&text)).is_err());
}
