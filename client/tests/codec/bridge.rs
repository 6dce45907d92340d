//! The same types through serde: `serde_json` in all its ways, and YAML.

use serde::{Deserialize, Serialize};

use crate::runtime::{Decimal, Map, Maybe, Value, from_str, object, string_enum};

struct Item {
    id: u64,
    name: Option<String>,
    note: Maybe<String>,
    ratio: f64,
    price: Decimal,
    colour: Colour,
    additional: Map<Value>,
}
object! { Item { id!: "id", name!: "name", note~: "note", ratio!: "ratio", price!: "price", colour!: "colour", .. additional } }

#[derive(Clone)]
enum Colour {
    Red,
    Unknown(String),
}
string_enum! { Colour { Red = "red" } }

/// A caller's own type around an emitted one.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Owned {
    items: Vec<Item>,
    label: String,
}

const TEXT: &str = r#"{"items":[{"id":18446744073709551615,"name":null,"note":null,"ratio":0.1,"price":1.50,"colour":"red","z":{"b":-1,"a":[]},"k":"é\n"}],"label":"l"}"#;

#[test]
fn serde_json_reads_and_writes_the_same_text() {
    let owned: Owned = serde_json::from_str(TEXT).unwrap();
    assert_eq!(owned.items[0], from_str(r#"{"id":18446744073709551615,"name":null,"note":null,"ratio":0.1,"price":1.5,"colour":"red","z":{"b":-1,"a":[]},"k":"é\n"}"#).unwrap());
    assert_eq!(serde_json::to_string(&owned).unwrap(), TEXT);
    assert_eq!(
        serde_json::from_slice::<Owned>(TEXT.as_bytes()).unwrap(),
        owned
    );
    assert_eq!(
        serde_json::from_reader::<_, Owned>(TEXT.as_bytes()).unwrap(),
        owned
    );
    assert_eq!(
        serde_json::from_value::<Owned>(serde_json::from_str(TEXT).unwrap()).unwrap(),
        owned
    );
    assert_eq!(
        serde_json::to_value(&owned).unwrap(),
        serde_json::from_str::<Value>(TEXT).unwrap()
    );
    let pretty = serde_json::to_string_pretty(&owned).unwrap();
    assert!(pretty.contains("\n      \"colour\": \"red\","), "{pretty}");
    assert_eq!(serde_json::from_str::<Owned>(&pretty).unwrap(), owned);
}

#[test]
fn yaml_reads_and_writes_the_same_value() {
    let owned: Owned = serde_json::from_str(TEXT).unwrap();
    let yaml = serde_yaml::to_string(&owned).unwrap();
    assert_eq!(serde_yaml::from_str::<Owned>(&yaml).unwrap(), owned);
    let item: Item = serde_yaml::from_str(
        "id: 1\nname: ~\nratio: 2\nprice: 3\ncolour: blue\n5: five\ntrue: t\n",
    )
    .unwrap();
    assert_eq!(item.colour, Colour::Unknown("blue".into()));
    assert_eq!(item.additional.keys().collect::<Vec<_>>(), ["5", "true"]);
}

#[test]
fn faults_become_serde_errors() {
    let error = serde_json::from_str::<Owned>(r#"{"label":"l","items":[{"id":"x"}]}"#)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("at id: expected an integer, found \"x\""),
        "{error}"
    );
    assert!(serde_json::from_str::<Item>(r#"{"id":1"#).is_err());
    assert!(
        serde_yaml::from_str::<Item>("id: .nan")
            .unwrap_err()
            .to_string()
            .contains("NaN")
    );
    let infinite = Item {
        ratio: f64::INFINITY,
        ..serde_json::from_str::<Owned>(TEXT).unwrap().items.remove(0)
    };
    assert!(serde_json::to_string(&infinite).is_err());
}
