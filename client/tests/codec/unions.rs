//! Which member of a union a value becomes, rule by rule.

use crate::runtime::{
    DateTime, Map, Value, from_str, newtype, object, string_enum, to_string, union,
};
use crate::{again, fault};

struct Cat {
    pet_type: String,
    name: String,
    age: Option<u8>,
}
object! { Cat { pet_type!: "petType", name!: "name", age?: "age" } }

struct Dog {
    name: String,
    bark: Option<bool>,
}
object! { Dog { name!: "name", bark?: "bark" } }

#[derive(Clone)]
enum Pet {
    Cat(Cat),
    Dog(Box<Dog>),
    Unknown(Value),
}
union! { Pet {
    tag "petType";
    Cat = 0 { tags: ["cat", "#/components/schemas/Cat"], kinds: object, required: ["name"], known: ["petType", "name", "age"] },
    Dog = 1 { tags: ["dog"], kinds: object, required: ["name"], known: ["name", "bark"], inject: "dog" },
} }

#[test]
fn the_tag_decides_and_its_member_fails_alone() {
    assert!(matches!(
        from_str::<Pet>(r##"{"name":"x","petType":"#/components/schemas/Cat"}"##).unwrap(),
        Pet::Cat(_)
    ));
    assert!(matches!(
        from_str::<Pet>(r#"{"name":"x","age":1,"petType":"dog"}"#).unwrap(),
        Pet::Dog(_)
    ));
    assert_eq!(
        fault::<Pet>(r#"{"petType":"cat","bark":true}"#),
        "at $: missing key `name`, as `Cat` (offset 29)"
    );
    assert_eq!(
        fault::<Pet>(r#"{"petType":"cat","name":1}"#),
        "at name: expected a string, found 1, as `Cat` (offset 24)"
    );
}

#[derive(Clone)]
enum Message {
    User(Cat),
    Assistant(Dog),
    Call(Cat),
    Unknown(Value),
}
union! { Message {
    tag "type";
    User = 0 { tags: ["message"], kinds: object, required: ["petType", "name"], known: ["type", "role", "petType", "name", "age"], constants: [("role", "\"user\"")] },
    Assistant = 1 { tags: ["message"], kinds: object, required: ["name"], known: ["type", "role", "name", "bark"], constants: [("role", "\"assistant\"")] },
    Call = 2 { tags: ["call"], kinds: object, known: ["type", "petType", "name"] },
} }

struct Nothing {}
object! { Nothing {} }

#[derive(Clone)]
enum MaybeCat {
    Cat(Cat),
    Nothing(Nothing),
    Unknown(Value),
}
union! { MaybeCat {
    Cat = 0 { kinds: object, required: ["petType", "name"], known: ["petType", "name", "age"] },
    Nothing = 1 { kinds: object, empty: true },
} }

#[test]
fn an_object_that_has_no_keys_takes_none_that_another_fails_at() {
    assert!(matches!(from_str("{}").unwrap(), MaybeCat::Nothing(_)));
    assert_eq!(
        fault::<MaybeCat>(r#"{"petType":"cat","name":1}"#),
        "at name: expected a string, found 1, as `Cat` (offset 24)"
    );
    let text = r#"{"petType":"cat"}"#;
    assert_eq!(again::<MaybeCat>(text), text);
}

#[derive(Clone)]
enum Partly {
    Cat(Cat),
    Dog(Dog),
    Unknown(Value),
}
union! { Partly {
    tag "petType";
    Cat = 0 { tags: ["cat"], kinds: object, required: ["name"], known: ["petType", "name", "age"] },
    Dog = 1 { kinds: object, required: ["name"], known: ["name", "bark"] },
} }

#[test]
fn a_tag_that_names_none_leaves_the_members_without_tags() {
    let read = |text| from_str::<Partly>(text).unwrap();
    assert!(matches!(
        read(r#"{"petType":"cat","name":"x"}"#),
        Partly::Cat(_)
    ));
    assert!(matches!(
        read(r#"{"petType":"dog","name":"x"}"#),
        Partly::Dog(_)
    ));
    assert!(matches!(read(r#"{"petType":"dog"}"#), Partly::Unknown(_)));
}

#[test]
fn a_tag_of_several_members_leaves_the_other_rules_among_them() {
    let read = |text| from_str::<Message>(text).unwrap();
    assert!(matches!(
        read(r#"{"type":"message","role":"assistant","name":"x"}"#),
        Message::Assistant(_)
    ));
    assert!(matches!(
        read(r#"{"type":"message","name":"x","bark":true}"#),
        Message::Assistant(_)
    ));
    assert!(matches!(
        read(r#"{"type":"message","role":"user","petType":"a","name":"x"}"#),
        Message::User(_)
    ));
    // None that the tag names, though another would take it.
    let text = r#"{"type":"message","role":"critic","petType":"a","name":"x"}"#;
    assert!(matches!(read(text), Message::Unknown(_)));
    assert_eq!(again::<Message>(text), text);
}

#[derive(Clone)]
enum AnyPet {
    Cat(Cat),
    Other(Map<Value>),
    Unknown(Value),
}
union! { AnyPet {
    tag "petType";
    Cat = 0 { tags: ["cat"], kinds: object, required: ["name"], known: ["petType", "name", "age"] },
    Other = 1 { tags: ["other"], kinds: object, fallback: true },
} }

#[test]
fn what_no_tag_names_is_the_fallback() {
    assert!(matches!(
        from_str::<AnyPet>(r#"{"name":"x","petType":"cat"}"#).unwrap(),
        AnyPet::Cat(_)
    ));
    for text in [r#"{"petType":"fish","name":"x"}"#, r#"{"name":"x"}"#] {
        assert!(matches!(
            from_str::<AnyPet>(text).unwrap(),
            AnyPet::Other(_)
        ));
        assert_eq!(again::<AnyPet>(text), text);
    }
    assert!(matches!(from_str("[]").unwrap(), AnyPet::Unknown(_)));
}

#[test]
fn an_unknown_tag_keeps_the_value_unchanged() {
    let text = r#"{"petType":"fish","z":{"b":1,"a":[1.0]},"name":"x"}"#;
    assert!(matches!(from_str::<Pet>(text).unwrap(), Pet::Unknown(_)));
    assert_eq!(again::<Pet>(text), text);
    assert_eq!(again::<Pet>("[1]"), "[1]");
}

#[test]
fn a_missing_tag_leaves_the_other_rules() {
    assert!(matches!(
        from_str::<Pet>(r#"{"name":"x","bark":true}"#).unwrap(),
        Pet::Dog(_)
    ));
    assert!(matches!(
        from_str::<Pet>(r#"{"bark":true}"#).unwrap(),
        Pet::Unknown(_)
    ));
}

#[test]
fn a_tag_that_the_member_lacks_is_injected() {
    assert_eq!(
        again::<Pet>(r#"{"name":"x","petType":"dog"}"#),
        r#"{"petType":"dog","name":"x"}"#
    );
    assert_eq!(
        again::<Pet>(r#"{"petType":"cat","name":"x"}"#),
        r#"{"petType":"cat","name":"x"}"#
    );
    assert_eq!(
        again::<Kept>(r#"{"a":1,"kind":"k"}"#),
        r#"{"a":1,"kind":"k"}"#
    );
    assert_eq!(
        to_string(&Kept::Any(Map::new())).unwrap(),
        r#"{"kind":"k"}"#
    );
}

#[derive(Clone)]
enum Kept {
    Any(Map<Value>),
    Unknown(Value),
}
union! { Kept { tag "kind"; Any = 0 { tags: ["k"], inject: "k" } } }

#[derive(Clone)]
enum Scalar {
    Flag(bool),
    Count(i64),
    Ratio(f64),
    At(DateTime),
    Text(String),
    Many(Vec<Scalar>),
    Unknown(Value),
}
union! { Scalar {
    Flag = 0 { kinds: boolean },
    Count = 1 { kinds: integer },
    Ratio = 2 { kinds: number },
    At = 3 { kinds: string },
    Text = 4 { kinds: string },
    Many = 5 { kinds: array },
} }

#[test]
fn kinds_decide() {
    let read = |text: &str| from_str::<Scalar>(text).unwrap();
    assert_eq!(read("true"), Scalar::Flag(true));
    assert_eq!(read("3"), Scalar::Count(3));
    assert_eq!(read("3.0"), Scalar::Count(3));
    assert_eq!(read("3.5"), Scalar::Ratio(3.5));
    assert_eq!(read("1e30"), Scalar::Ratio(1e30));
    assert!(matches!(read(r#""2024-07-31T09:30:00Z""#), Scalar::At(_)));
    assert_eq!(read(r#""x""#), Scalar::Text("x".into()));
    assert_eq!(
        read("[1,[\"x\"]]"),
        Scalar::Many(vec![
            Scalar::Count(1),
            Scalar::Many(vec![Scalar::Text("x".into())])
        ])
    );
    assert_eq!(read("null"), Scalar::Unknown(Value::Null));
    assert_eq!(again::<Scalar>(r#"{"a":1}"#), r#"{"a":1}"#);
}

struct Circle {
    r#type: Option<String>,
    size: i64,
}
object! { Circle { r#type?: "type", size!: "size" } }

#[derive(Clone)]
enum Figure {
    Circle(Circle),
    Square(Circle),
    Unknown(Value),
}
union! { Figure {
    Circle = 0 { kinds: object, constants: [("type", "\"circle\""), ("type", "\"disc\"")] },
    Square = 1 { kinds: object, required: ["type", "size"], constants: [("type", "\"square\"")] },
} }

#[test]
fn constants_and_required_keys_decide() {
    let read = |text: &str| from_str::<Figure>(text).unwrap();
    assert!(matches!(
        read(r#"{"type":"disc","size":1}"#),
        Figure::Circle(_)
    ));
    assert!(matches!(
        read(r#"{"size":1,"type":"squ\u0061re"}"#),
        Figure::Square(_)
    ));
    assert!(matches!(read(r#"{"size":1}"#), Figure::Circle(_)));
    assert!(matches!(
        read(r#"{"size":1,"type":"line"}"#),
        Figure::Unknown(_)
    ));
    assert_eq!(
        fault::<Figure>(r#"{"size":"1","type":"square"}"#),
        "at size: expected an integer, found \"1\", as `Square` (offset 8)"
    );
}

struct Narrow {
    a: Option<i64>,
    nested: Option<Box<Narrow>>,
}
object! { Narrow { a?: "a", nested?: "nested" } }

struct Broad {
    a: Option<i64>,
    b: Option<i64>,
    nested: Option<Box<Broad>>,
}
object! { Broad { a?: "a", b?: "b", nested?: "nested" } }

#[derive(Clone)]
enum Sealed {
    Narrow(Narrow),
    Unknown(Value),
}
union! { Sealed { Narrow = 0 { kinds: object, known: ["a", "nested"], closed: true } } }

#[test]
fn a_closed_member_alone_reads_newer_keys() {
    let read = |text: &str| from_str::<Sealed>(text).unwrap();
    assert!(matches!(read(r#"{"a":1,"b":2}"#), Sealed::Narrow(_)));
}

#[derive(Clone)]
enum Colour {
    Red,
    Unknown(String),
}
string_enum! { Colour { Red = "red" } }

#[derive(Clone)]
enum Mood {
    Calm,
    Unknown(String),
}
string_enum! { Mood { Calm = "calm" } }

#[derive(Clone)]
enum Overlap {
    Narrow(Narrow),
    Broad(Broad),
    Colour(Colour),
    Mood(Mood),
    Unknown(Value),
}
union! { Overlap {
    Narrow = 0 { kinds: object, known: ["a", "nested"] },
    Broad = 1 { kinds: object },
    Colour = 2 { kinds: string },
    Mood = 3 { kinds: string },
} }

#[test]
fn the_fewest_unknown_parts_win_and_ties_go_by_order() {
    let read = |text: &str| from_str::<Overlap>(text).unwrap();
    assert!(matches!(read("{}"), Overlap::Narrow(_)));
    assert!(matches!(read(r#"{"a":1}"#), Overlap::Narrow(_)));
    assert!(matches!(read(r#"{"a":1,"b":2}"#), Overlap::Broad(_)));
    assert!(matches!(
        read(r#"{"a":1,"nested":{"nested":{"b":2}}}"#),
        Overlap::Broad(_)
    ));
    assert!(matches!(read(r#"{"a":1,"z":2}"#), Overlap::Narrow(_)));
    assert!(matches!(
        read(r#"{"z":1,"b":"wrong","a":1}"#),
        Overlap::Narrow(_)
    ));
    assert_eq!(read(r#""calm""#), Overlap::Mood(Mood::Calm));
    assert_eq!(
        read(r#""new""#),
        Overlap::Colour(Colour::Unknown("new".into()))
    );
}

#[test]
fn a_failure_says_what_each_member_lacked() {
    assert_eq!(
        fault::<Vec<Overlap>>(r#"[{"a":"x","b":{}}]"#),
        r#"at [0]: no member of the union fits: Broad (at a: expected an integer, found "x"); Narrow (at a: expected an integer, found "x") (offset 1)"#
    );
}

struct Outer {
    before: i64,
    pick: Overlap,
    after: Vec<Overlap>,
}
object! { Outer { before!: "before", pick!: "pick", after!: "after" } }

#[test]
fn reading_goes_on_behind_a_union_whichever_member_won() {
    for pick in [
        r#"{"a":1}"#,
        r#"{"a":1,"z":2,"b":"wrong"}"#,
        r#"{"b":1}"#,
        r#""calm""#,
        "[[]]",
        "7",
    ] {
        let text = format!(r#"{{"before":1,"pick":{pick},"after":[{pick},{pick}]}}"#);
        let value: Outer = from_str(&text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(
            value.after,
            [value.pick.clone(), value.pick.clone()],
            "{text}"
        );
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Wrapped(Overlap);
newtype! { Wrapped(Overlap) }

#[test]
fn unions_nest() {
    assert_eq!(
        Wrapped::from(Overlap::Mood(Mood::Calm)),
        from_str(r#""calm""#).unwrap()
    );
}

#[derive(Clone)]
enum Guest {
    Cat(Cat),
    Other(Box<Dog>),
    Unknown(Value),
}
union! { Guest {
    tag "petType";
    Cat = 0 { tags: ["cat"], kinds: object, required: ["petType", "name"], known: ["petType", "name", "age"] },
    Other = 1 { tags: ["Other"], kinds: object, required: ["name"], known: ["name", "bark"], fallback: true },
} }

#[test]
fn what_no_tag_tells_is_the_default_member() {
    for text in [
        r#"{"petType":"fish","name":"x"}"#,
        r#"{"name":"x","petType":null}"#,
        r#"{"name":"x"}"#,
        r#"{"petType":"Other","name":"x"}"#,
    ] {
        let guest = from_str::<Guest>(text).unwrap();
        assert!(matches!(guest, Guest::Other(_)), "{text}: {guest:?}");
        // Of a member without the tag property, no tag is made up.
        assert_eq!(to_string(&guest).unwrap(), r#"{"name":"x"}"#);
    }
    let cat = from_str::<Guest>(r#"{"petType":"cat","name":"x"}"#).unwrap();
    assert!(matches!(cat, Guest::Cat(_)));
    // Its fault is that of the union, and what is no object has no tag.
    assert_eq!(
        fault::<Guest>(r#"{"petType":"fish"}"#),
        "at $: missing key `name`, as `Other` (offset 18)"
    );
    assert!(matches!(
        from_str::<Guest>("[1]").unwrap(),
        Guest::Unknown(_)
    ));
}

struct Named {
    name: String,
}
object! { Named { name!: "name" } }

struct Aged {
    age: i64,
}
object! { Aged { age!: "age" } }

#[derive(Clone)]
enum Person {
    Named(Named),
    Aged(Aged),
    Unknown(Value),
}
union! { Person {
    any;
    Named = 0 { kinds: object, required: ["name"], known: ["name"] },
    Aged = 1 { kinds: object, required: ["age"], known: ["age"] },
} }

#[test]
fn what_only_several_members_know_is_kept_whole() {
    let read = |text: &str| from_str::<Person>(text).unwrap();
    assert!(matches!(read(r#"{"name":"x"}"#), Person::Named(_)));
    assert!(matches!(read(r#"{"name":"x","z":1}"#), Person::Named(_)));
    // It cannot be the other, whose value is wrong.
    assert!(matches!(
        read(r#"{"name":"x","age":"old"}"#),
        Person::Named(_)
    ));
    let both = r#"{"age":1,"name":"x"}"#;
    assert!(matches!(read(both), Person::Unknown(_)));
    assert_eq!(
        again::<Vec<Person>>(&format!("[{both},{both}]")),
        format!("[{both},{both}]")
    );
}

struct Coded {
    code: f64,
}
object! { Coded { code!: "code" } }

#[derive(Clone)]
enum Level {
    Low(Coded),
    High(Coded),
    Unknown(Value),
}
union! { Level {
    Low = 0 { kinds: object, required: ["code"], ranges: [("code", "", "99.5")] },
    High = 1 { kinds: object, required: ["code"], ranges: [("code", "100", "200")] },
} }

#[test]
fn ranges_decide() {
    let read = |text: &str| from_str::<Level>(text).unwrap();
    assert!(matches!(read(r#"{"code":-1}"#), Level::Low(_)));
    assert!(matches!(read(r#"{"code":99.5}"#), Level::Low(_)));
    assert!(matches!(read(r#"{"code":1e2}"#), Level::High(_)));
    for text in [r#"{"code":99.75}"#, r#"{"code":201}"#] {
        assert!(matches!(read(text), Level::Unknown(_)));
        assert_eq!(again::<Level>(text), text);
    }
    let said = fault::<Level>(r#"{"code":"1"}"#);
    assert!(
        said.contains("Low (at code: ") && said.contains("High (at code: "),
        "{said}"
    );
}
