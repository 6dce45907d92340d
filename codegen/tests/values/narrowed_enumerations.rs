//! A use that allows some values of an enumeration alone is of its type: what it is filled with, read as and checked for.

use fixtures::narrowed_enumerations::{
    Button, Color, Heir, Kind, Narrow, Part, Row, Spellings, Text, Update, Warm,
};

use fixtures::runtime::{Encode, to_string};

use crate::read;

fn write(value: &impl Encode) -> String {
    to_string(value).unwrap()
}

#[test]
fn new_fills_in_the_one_value() {
    assert_eq!(write(&Row::new("a")), r#"{"type":1,"label":"a"}"#);
    assert_eq!(write(&Button::new("a")), r#"{"type":2,"label":"a"}"#);
    assert_eq!(write(&Text::new("a")), r#"{"type":3,"label":"a"}"#);
    assert_eq!(Heir::new().color, Color::Green);
    let all = Spellings::new(Some(Color::Green), vec![Color::Red], Narrow::B);
    assert_eq!((all.sibling.clone(), all.member), (Color::Blue, Kind::Button));
    assert_eq!(all.validate(), Ok(()));
}

#[test]
fn a_union_is_told_apart_by_it() {
    let part: Part = read(r#"{"label":"a","type":2}"#);
    assert_eq!(part, Part::from(Button::new("a")));
    assert_eq!(write(&part), r#"{"type":2,"label":"a"}"#);
    let part: Part = read(r#"{"label":"a","type":4}"#);
    assert!(matches!(part, Part::Unknown(_)), "{part:?}");
}

#[test]
fn a_union_is_told_apart_by_what_may_be_null() {
    assert!(read::<Update>(r#"{"kind":1,"note":"a"}"#).as_rows().is_some());
    assert!(read::<Update>(r#"{"kind":3,"note":"a"}"#).as_others().is_some());
    let either: Update = read(r#"{"kind":null}"#);
    assert!(!matches!(either, Update::Unknown(_)), "{either:?}");
}

#[test]
fn another_value_is_read_as_the_type_has_it_and_refused_by_validate() {
    let text = r#"{"sibling":"red","member":3,"nullable":null,"listed":["green","red"],"mapped":{"x":1},"several":"blue","all":"red","both":"e"}"#;
    let all: Spellings = read(text);
    assert_eq!((all.sibling.clone(), all.member), (Color::Red, Kind::Text));
    assert_eq!((all.several.clone(), all.all.clone()), (Some(Color::Blue), Some(Color::Red)));
    assert_eq!(write(&all), text);
    let found = all.validate().expect_err("most of it is not allowed");
    let found: Vec<String> = found.iter().map(|it| format!("{} {}", it.path(), it.rule())).collect();
    let wanted = ["sibling", "member", "listed[0]", "mapped.x", "several", "both"];
    assert_eq!(found, wanted.map(|path| format!("{path} enum")));

    let all: Spellings = read(r#"{"sibling":"mauve","member":9,"nullable":null,"listed":[],"both":"b"}"#);
    assert_eq!(all.sibling, Color::Unknown("mauve".to_owned()));
    assert_eq!(all.member, Kind::Unknown(9));
}

#[test]
fn a_component_that_narrows_is_a_type_of_its_own() {
    assert_eq!(Warm::KNOWN, ["red"]);
    let all: Spellings = read(r#"{"sibling":"blue","member":2,"nullable":"green","listed":[],"both":"c","named":"red","foreign":"violet","either":"red"}"#);
    assert_eq!(all.named, Some(Warm::Red));
    assert_eq!(all.validate(), Ok(()));
}
