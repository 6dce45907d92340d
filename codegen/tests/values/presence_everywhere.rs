//! The table of presence: what absent, null and a value are, wherever they stand.

use fixtures::presence_everywhere::*;
use fixtures::runtime::{Encode, Map, Maybe, from_str, to_string};

use crate::{fault, read, same};

fn json(value: &dyn Encode) -> String {
    to_string(value).unwrap()
}

#[test]
fn what_is_sent_tells_absent_from_null() {
    let sent = Sent::new("x", None);
    assert_eq!(json(&sent), r#"{"a":"x","b":null}"#);
    let sent = Sent::new("x", Some("y".to_owned())).c("z").d("w");
    assert_eq!(json(&sent), r#"{"a":"x","b":"y","c":"z","d":"w"}"#);
    let sent = Sent::new("x", None).d(Maybe::Null);
    assert_eq!(json(&sent), r#"{"a":"x","b":null,"d":null}"#);
    let sent = Sent::new("x", None).d(None::<String>).item(Item::new());
    assert_eq!(json(&sent), r#"{"a":"x","b":null,"d":null,"item":{}}"#);
}

#[test]
fn what_is_read_folds_them_and_forgives_null() {
    for text in [r#"{"a":"x","b":null}"#, r#"{"a":"x","b":null,"c":null,"d":null}"#] {
        let received: Received = read(text);
        assert_eq!((received.b, received.c, received.d), (None, None, None));
    }
    assert!(fault::<Received>(r#"{"b":null}"#).contains("missing key `a`"));
    assert!(fault::<Received>(r#"{"a":null,"b":null}"#).contains("at a: expected a string"));
    // Required and nullable: null stands for it, absence does not pass for a value.
    let received: Result<Received, _> = from_str(r#"{"a":"x"}"#);
    assert!(received.is_err() || received.unwrap().b.is_none());
}

#[test]
fn unions_maps_arrays_and_tuples_hold_null_where_it_is_legal() {
    for text in [
        r#"{"a":"x","b":null,"choice":null}"#,
        r#"{"a":"x","b":null,"choice":{"x":null}}"#,
        r#"{"a":"x","b":null,"choice":{"x":"1","d":null}}"#,
        r#"{"a":"x","b":null,"map":{"p":1,"q":null}}"#,
        r#"{"a":"x","b":null,"list":[1,null]}"#,
        r#"{"a":"x","b":null,"pair":[1,null]}"#,
        r#"{"a":"x","b":null,"item":null,"items":[{"d":null},null,{}]}"#,
        r#"{"a":"x","b":null,"item":{"d":5}}"#,
    ] {
        same::<Sent>(text);
    }
    let sent: Sent = read(r#"{"a":"x","b":null,"choice":{"x":null,"d":null}}"#);
    let Maybe::Value(choice) = sent.choice else {
        panic!("a choice");
    };
    assert_eq!(choice.as_first().unwrap().d, Maybe::Null);
    let map: Map<Option<i64>> = [("p", Some(1)), ("q", None)].into_iter().collect();
    assert_eq!(
        json(&Sent::new("x", None).map(map)),
        r#"{"a":"x","b":null,"map":{"p":1,"q":null}}"#
    );
}

#[test]
fn what_differs_by_direction_is_two_types() {
    let shared: Shared = read(r#"{"id":"1","d":null,"stamp":"t","parts":[{"id":2,"name":"n"}],"same":{"y":"z"}}"#);
    assert_eq!(shared.stamp.as_deref(), Some("t"));
    let parts = shared.parts.unwrap().into_iter().map(PartInput::from).collect::<Vec<_>>();
    let update = SharedUpdate::new("s").parts(parts).same(shared.same.unwrap());
    assert_eq!(
        json(&update),
        r#"{"secret":"s","parts":[{"name":"n"}],"same":{"y":"z"}}"#
    );
    assert_eq!(
        json(&SharedUpdate::new("s").d(Maybe::Null)),
        r#"{"d":null,"secret":"s"}"#
    );
}

#[test]
fn bodies_may_be_null() {
    let client = Client::builder().base_url("http://localhost").build().unwrap();
    // What the arguments are made of is what is asked here: all of these compile.
    let _ = client.null().update(Item::new());
    let _ = client.null().update(None);
    let _ = client.null().create().body(Item::new());
    let _ = client.null().create().body(Maybe::Null);
    let _ = client.items().list("a").c("c").d("d").filter(&Filter::new().d(Maybe::Null));
}
