//! Presence, order, unknown and repeated keys, faults and their paths.

use crate::runtime::{Map, Maybe, Uuid, Value, from_str, object, to_string, to_vec};
use crate::{again, fault};

struct Presence {
    id: u32,
    contact: Option<String>,
    label: Option<String>,
    meta: Maybe<i64>,
    r#type: String,
}
object! { Presence {
    id!: "id",
    contact!: "contact",
    label?: "label",
    meta~: "meta",
    r#type!: "type",
} }

struct Open {
    first: Option<bool>,
    second: String,
    additional: Map<Value>,
}
object! { Open {
    first?: "first",
    second!: "a \"second\" one",
    .. additional
} }

struct Rest {
    all: Map<i64>,
}
object! { Rest { .. all } }

struct Empty {}
object! { Empty {} }

struct Tree {
    id: Uuid,
    children: Option<Vec<Tree>>,
    parent: Option<Box<Tree>>,
}
object! { Tree { id!: "id", children?: "odd key", parent?: "parent" } }

struct Page {
    data: Vec<Tree>,
}
object! { Page { data!: "data" } }

#[test]
fn presence_follows_the_table() {
    let value: Presence = from_str(r#"{"type":"t","id":1,"contact":null}"#).unwrap();
    assert_eq!(
        value,
        Presence {
            id: 1,
            contact: None,
            label: None,
            meta: Maybe::Absent,
            r#type: "t".into()
        }
    );
    assert_eq!(
        to_string(&value).unwrap(),
        r#"{"id":1,"contact":null,"type":"t"}"#
    );

    assert_eq!(
        again::<Presence>(r#"{"id":1,"contact":"c","label":null,"meta":null,"type":""}"#),
        r#"{"id":1,"contact":"c","meta":null,"type":""}"#
    );
    assert_eq!(
        again::<Presence>(r#"{"id":1,"contact":"c","label":"l","meta":-3,"type":""}"#),
        r#"{"id":1,"contact":"c","label":"l","meta":-3,"type":""}"#
    );
    assert_eq!(
        fault::<Presence>(r#"{"id":1,"type":""}"#),
        "at $: missing key `contact` (offset 18)"
    );
    assert_eq!(
        fault::<Presence>(r#"{"id":null,"type":"","contact":null}"#),
        "at id: expected an integer, found null (offset 6)"
    );
    assert_eq!(
        fault::<Presence>(r#"{"id":1,"type":null,"contact":null}"#),
        "at type: expected a string, found null (offset 15)"
    );
}

#[test]
fn unknown_keys_are_skipped_and_repeated_keys_count_last() {
    assert_eq!(
        again::<Presence>(
            r#" { "x" : [ { } , [ 1 , "]" ] ] , "id" : 1 , "\u0069d" : 2 , "contact" : null , "type" : "t" , "y" : { "z" : -1.5e3 } } "#
        ),
        r#"{"id":2,"contact":null,"type":"t"}"#
    );
    assert_eq!(again::<Empty>(r#"{"a":{"b":[]}}"#), "{}");
}

#[test]
fn additional_properties_keep_their_order_behind_the_named_ones() {
    assert_eq!(
        again::<Open>(r#"{"z":1,"a \"second\" one":"s","b":{"c":[]},"first":true,"a":null}"#),
        r#"{"first":true,"a \"second\" one":"s","z":1,"b":{"c":[]},"a":null}"#
    );
    assert_eq!(
        again::<Open>(r#"{"a \"second\" one":"{}"}"#),
        r#"{"a \"second\" one":"{}"}"#
    );
    assert_eq!(again::<Rest>("{}"), "{}");
    assert_eq!(again::<Rest>(r#"{"b":1,"a":2}"#), r#"{"b":1,"a":2}"#);
    assert_eq!(
        fault::<Rest>(r#"{"b":1,"a b":"2"}"#),
        r#"at ["a b"]: expected an integer, found "2" (offset 13)"#
    );
}

#[test]
fn faults_name_the_path() {
    let id = "00000000-0000-0000-0000-000000000001";
    let text =
        format!(r#"{{"data":[{{"id":"{id}"}},{{"id":"{id}","odd key":[{{"id":"x\ny"}}]}}]}}"#);
    let found = fault::<Page>(&text);
    assert!(
        found.starts_with(r#"at data[1]["odd key"][0].id: expected a UUID, found "x\ny" (offset "#),
        "{found}"
    );
    let long = "\u{7}".repeat(100_000);
    assert!(fault::<Uuid>(&to_string(&long).unwrap()).len() < 500);
}

#[test]
fn nesting_ends_at_128_levels() {
    let id = "00000000-0000-0000-0000-000000000001";
    let nested = |levels: usize| {
        let mut text = format!(r#"{{"id":"{id}"}}"#);
        for _ in 1..levels {
            text = format!(r#"{{"id":"{id}","parent":{text}}}"#);
        }
        text
    };
    assert_eq!(again::<Tree>(&nested(128)), nested(128));
    assert!(fault::<Tree>(&nested(129)).contains("nested more than 128 levels"));
    for text in ["[".repeat(1_000_000), r#"{"a":"#.repeat(1_000_000)] {
        assert!(fault::<Value>(&text).contains("nested more than 128 levels"));
        assert!(
            fault::<Empty>(&format!(r#"{{"skipped":{text}}}"#))
                .contains("nested more than 128 levels")
        );
    }
    let level = format!("{}{}", "[".repeat(128), "]".repeat(128));
    assert_eq!(again::<Value>(&level), level);
    assert!(fault::<Empty>(&format!(r#"{{"skipped":{level}}}"#)).contains("nested more than"));
    assert_eq!(
        again::<Empty>(&format!(r#"{{"skipped":{}}}"#, &level[1..255])),
        "{}"
    );
}

struct Wide {
    additional: Map<u8>,
}
object! { Wide { .. additional } }

/// More properties than the reader has bits for.
struct Broad {
    f0: u8,
    f1: Option<u8>,
    f2: u8,
    f3: Option<u8>,
    f4: u8,
    f5: Option<u8>,
    f6: u8,
    f7: Option<u8>,
    f8: u8,
    f9: Option<u8>,
    f10: u8,
    f11: Option<u8>,
    f12: u8,
    f13: Option<u8>,
    f14: u8,
    f15: Option<u8>,
    f16: u8,
    f17: Option<u8>,
    f18: u8,
    f19: Option<u8>,
    f20: u8,
    f21: Option<u8>,
    f22: u8,
    f23: Option<u8>,
    f24: u8,
    f25: Option<u8>,
    f26: u8,
    f27: Option<u8>,
    f28: u8,
    f29: Option<u8>,
    f30: u8,
    f31: Option<u8>,
    f32: u8,
    f33: Option<u8>,
    f34: u8,
    f35: Option<u8>,
    f36: u8,
    f37: Option<u8>,
    f38: u8,
    f39: Option<u8>,
    f40: u8,
    f41: Option<u8>,
    f42: u8,
    f43: Option<u8>,
    f44: u8,
    f45: Option<u8>,
    f46: u8,
    f47: Option<u8>,
    f48: u8,
    f49: Option<u8>,
    f50: u8,
    f51: Option<u8>,
    f52: u8,
    f53: Option<u8>,
    f54: u8,
    f55: Option<u8>,
    f56: u8,
    f57: Option<u8>,
    f58: u8,
    f59: Option<u8>,
    f60: u8,
    f61: Option<u8>,
    f62: u8,
    f63: Option<u8>,
    f64: u8,
    f65: Option<u8>,
    f66: u8,
    f67: Option<u8>,
    f68: u8,
    f69: Option<u8>,
    f70: u8,
    f71: Option<u8>,
    f72: u8,
    f73: Option<u8>,
    f74: u8,
    f75: Option<u8>,
    f76: u8,
    f77: Option<u8>,
    f78: u8,
    f79: Option<u8>,
    f80: u8,
    f81: Option<u8>,
    f82: u8,
    f83: Option<u8>,
    f84: u8,
    f85: Option<u8>,
    f86: u8,
    f87: Option<u8>,
    f88: u8,
    f89: Option<u8>,
    f90: u8,
    f91: Option<u8>,
    f92: u8,
    f93: Option<u8>,
    f94: u8,
    f95: Option<u8>,
    f96: u8,
    f97: Option<u8>,
    f98: u8,
    f99: Option<u8>,
    f100: u8,
    f101: Option<u8>,
    f102: u8,
    f103: Option<u8>,
    f104: u8,
    f105: Option<u8>,
    f106: u8,
    f107: Option<u8>,
    f108: u8,
    f109: Option<u8>,
    f110: u8,
    f111: Option<u8>,
    f112: u8,
    f113: Option<u8>,
    f114: u8,
    f115: Option<u8>,
    f116: u8,
    f117: Option<u8>,
    f118: u8,
    f119: Option<u8>,
    f120: u8,
    f121: Option<u8>,
    f122: u8,
    f123: Option<u8>,
    f124: u8,
    f125: Option<u8>,
    f126: u8,
    f127: Option<u8>,
    f128: u8,
    f129: Option<u8>,
}
object! { Broad {
    f0!: "f0", f1?: "f1", f2!: "f2", f3?: "f3", f4!: "f4", f5?: "f5", f6!: "f6", f7?: "f7", f8!: "f8", f9?: "f9", f10!: "f10", f11?: "f11", f12!: "f12", f13?: "f13", f14!: "f14", f15?: "f15", f16!: "f16", f17?: "f17", f18!: "f18", f19?: "f19", f20!: "f20", f21?: "f21", f22!: "f22", f23?: "f23", f24!: "f24", f25?: "f25", f26!: "f26", f27?: "f27", f28!: "f28", f29?: "f29", f30!: "f30", f31?: "f31", f32!: "f32", f33?: "f33", f34!: "f34", f35?: "f35", f36!: "f36", f37?: "f37", f38!: "f38", f39?: "f39", f40!: "f40", f41?: "f41", f42!: "f42", f43?: "f43", f44!: "f44", f45?: "f45", f46!: "f46", f47?: "f47", f48!: "f48", f49?: "f49", f50!: "f50", f51?: "f51", f52!: "f52", f53?: "f53", f54!: "f54", f55?: "f55", f56!: "f56", f57?: "f57", f58!: "f58", f59?: "f59", f60!: "f60", f61?: "f61", f62!: "f62", f63?: "f63", f64!: "f64", f65?: "f65", f66!: "f66", f67?: "f67", f68!: "f68", f69?: "f69", f70!: "f70", f71?: "f71", f72!: "f72", f73?: "f73", f74!: "f74", f75?: "f75", f76!: "f76", f77?: "f77", f78!: "f78", f79?: "f79", f80!: "f80", f81?: "f81", f82!: "f82", f83?: "f83", f84!: "f84", f85?: "f85", f86!: "f86", f87?: "f87", f88!: "f88", f89?: "f89", f90!: "f90", f91?: "f91", f92!: "f92", f93?: "f93", f94!: "f94", f95?: "f95", f96!: "f96", f97?: "f97", f98!: "f98", f99?: "f99", f100!: "f100", f101?: "f101", f102!: "f102", f103?: "f103", f104!: "f104", f105?: "f105", f106!: "f106", f107?: "f107", f108!: "f108", f109?: "f109", f110!: "f110", f111?: "f111", f112!: "f112", f113?: "f113", f114!: "f114", f115?: "f115", f116!: "f116", f117?: "f117", f118!: "f118", f119?: "f119", f120!: "f120", f121?: "f121", f122!: "f122", f123?: "f123", f124!: "f124", f125?: "f125", f126!: "f126", f127?: "f127", f128!: "f128", f129?: "f129",
} }

#[test]
fn objects_wider_than_128_properties_decode_in_any_order() {
    let all = |numbers: &mut dyn Iterator<Item = usize>| {
        let entries: Vec<String> = numbers
            .map(|number| format!(r#""f{number}":{}"#, number % 7))
            .collect();
        format!("{{{}}}", entries.join(","))
    };
    assert_eq!(
        again::<Broad>(&all(&mut (0..130).rev())),
        all(&mut (0..130))
    );
    assert_eq!(
        again::<Broad>(&all(&mut (0..130).step_by(2))),
        all(&mut (0..130).step_by(2))
    );
    assert!(fault::<Broad>(&all(&mut (0..128))).contains("missing key `f128`"));
    assert!(fault::<Broad>(&all(&mut (2..130))).contains("missing key `f0`"));
}

#[test]
fn maps_keep_insertion_order_and_compare_without_it() {
    let mut map: Map<u8> = from_str(r#"{"b":1,"a":2,"b":3}"#).unwrap();
    assert_eq!(to_vec(&map).unwrap(), br#"{"b":3,"a":2}"#);
    assert_eq!(map, Map::from([("a", 2), ("b", 3)]));
    assert_ne!(map, Map::from([("a", 2), ("c", 3)]));
    assert_eq!(map.remove("b"), Some(3));
    map.insert("c", 4);
    assert_eq!(
        map.iter()
            .map(|(key, value)| (key.as_str(), *value))
            .collect::<Vec<_>>(),
        [("a", 2), ("c", 4)]
    );
    assert_eq!((map["c"], map.get("b"), map.len()), (4, None, 2));
    let wide = Wide { additional: map };
    assert_eq!(to_string(&wide).unwrap(), r#"{"a":2,"c":4}"#);
}

#[test]
fn maybe_converts() {
    assert_eq!(Maybe::from(3), Maybe::Value(3));
    assert_eq!(Maybe::<u8>::from(None), Maybe::Null);
    assert_eq!(
        Maybe::<String>::from("x").as_option().map(String::as_str),
        Some("x")
    );
    assert!(Maybe::<u8>::default().is_absent());
    assert_eq!(Maybe::<u8>::Null.into_option(), None);
    assert_eq!(Maybe::Value(2).map(|value| value * 2).unwrap_or(0), 4);
}
