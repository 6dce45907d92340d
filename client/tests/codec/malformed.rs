//! Documents that are cut short, damaged or made to hurt.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::runtime::{
    DateTime, Decode, Map, Reader, Uuid, Value, from_slice, from_str, object, string_enum,
    to_string, union,
};

struct Record {
    id: Uuid,
    at: Option<DateTime>,
    tags: Option<Vec<String>>,
    score: Option<f64>,
    shape: Option<Shape>,
    inner: Option<Box<Record>>,
    additional: Map<Value>,
}
object! { Record { id!: "id", at?: "at", tags?: "tags", score?: "score", shape?: "shape", inner?: "inner", .. additional } }

#[derive(Clone)]
enum Shape {
    Circle(Circle),
    Label(Label),
    Text(String),
    Unknown(Value),
}
union! { Shape { Circle = 0 { kinds: object, required: ["radius"] }, Label = 1 { kinds: string }, Text = 2 { kinds: string | array } } }

struct Circle {
    radius: i32,
}
object! { Circle { radius!: "radius" } }

#[derive(Clone)]
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

#[derive(Clone)]
enum Node {
    A(Box<Branch>),
    B(Box<Branch>),
    C(Box<Branch>),
    Unknown(Value),
}
union! { Node { A = 0 { kinds: object }, B = 1 { kinds: object }, C = 2 { kinds: object } } }

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

proptest! {
    #[test]
    fn any_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = from_slice::<Record>(&bytes).map_err(|fault| fault.to_string());
        let _ = from_slice::<Value>(&bytes);
        let _ = from_slice::<Node>(&bytes);
    }

    #[test]
    fn any_pieces_of_json_never_panic(pieces in proptest::collection::vec(0..PIECES.len(), 0..60)) {
        let text: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        let _ = from_str::<Record>(&text).map_err(|fault| fault.to_string());
        let _ = from_str::<Vec<Node>>(&text).map_err(|fault| fault.to_string());
        if let Ok(value) = from_str::<Value>(&text) {
            prop_assert_eq!(&from_str::<Value>(&to_string(&value).unwrap()).unwrap(), &value);
        }
    }
}

/// What documents are made of, and what breaks them.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"id\"",
    "\"inner\"",
    "\"shape\"",
    "\"next\"",
    "\"radius\"",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "\"",
    "null",
    "true",
    "-0",
    "1e400",
    "1E-400",
    "0.1",
    "9223372036854775808",
    "\u{feff}",
    " ",
    "\\",
    "é",
];

#[test]
fn depth_is_bounded_wherever_it_is() {
    // Far deeper than any stack holds, read on a small one.
    let deep =
        |open: &str, close: &str| format!("{}{}", open.repeat(200_000), close.repeat(200_000));
    let texts = [
        deep("[", "]"),
        deep(r#"{"next":"#, "}"),
        deep(r#"{"inner":"#, "}"),
        deep(r#"{"id":1,"other":["#, "]}"),
    ];
    let read = move || {
        for text in texts {
            for said in [
                from_str::<Value>(&text).map(drop),
                from_str::<Node>(&text).map(drop),
                from_str::<Record>(&text).map(drop),
                from_str::<Map<Value>>(&text).map(drop),
                Reader::over(&text).skip(),
            ] {
                assert!(said.is_err());
            }
        }
    };
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(read);
    thread.unwrap().join().unwrap();
    let fits = format!("{}{}", "[".repeat(128), "]".repeat(128));
    assert!(from_str::<Value>(&fits).is_ok());
    assert!(from_str::<Value>(&format!("[{fits}]")).is_err());
}

/// The most memory that this process has held, in bytes.
#[cfg(target_os = "linux")]
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    let kilobytes: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes * 1024
}

#[test]
#[cfg(target_os = "linux")]
fn memory_is_a_small_multiple_of_the_document() {
    let many = |item: &str, size: usize| {
        format!("[{}{item}]", format!("{item},").repeat(size / item.len()))
    };
    let size = 2 << 20;
    let objects = many(r#"{"id":1,"next":{"next":[]},"a":"b"}"#, size);
    let numbers = many("0", size);
    let before = peak();
    assert!(from_str::<Vec<Node>>(&objects).is_ok());
    assert!(from_str::<Vec<Record>>(&objects).is_err());
    assert!(from_str::<Vec<f64>>(&numbers).is_ok());
    assert!(Reader::over(&objects).skip().is_ok());
    let grown = peak() - before;
    assert!(grown < 40 * size, "{grown} bytes for documents of {size}");
}
