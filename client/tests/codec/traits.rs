//! `Clone`, `Debug` and `PartialEq` by the lists of the codec's macros, beside what deriving them gives.

use crate::runtime::{Map, Maybe, Value, from_str, integer_enum, object, string_enum, union};

/// The same struct or enum twice: with the codec's macro, and derived.
macro_rules! twice {
    ($(#[$attribute:meta])* $keyword:ident $name:ident { $($body:tt)* }) => {
        $(#[$attribute])*
        $keyword $name { $($body)* }
        mod derived {
            #[allow(unused_imports)]
            use super::*;

            #[derive(Clone, Debug, PartialEq)]
            #[allow(dead_code)]
            pub(super) $keyword $name { $($body)* }
        }
    };
}

mod optional {
    use super::*;
    twice! { struct Note { pub r#type: Option<String>, pub odd_name: Maybe<f64>, pub inner: Option<Box<Note>> } }
    object! { Note { r#type?: "type", odd_name~: "oddName", inner?: "in" } }

    #[test]
    fn shown_as_derived() {
        let note: Note = from_str(r#"{"type":"a","oddName":null,"in":{"oddName":1.5}}"#).unwrap();
        let twin = derived::Note {
            r#type: Some("a".to_owned()),
            odd_name: Maybe::Null,
            inner: Some(Box::new(derived::Note {
                r#type: None,
                odd_name: Maybe::Value(1.5),
                inner: None,
            })),
        };
        assert_eq!(format!("{note:?}"), format!("{twin:?}"));
        assert_eq!(format!("{note:#?}"), format!("{twin:#?}"));
    }

    #[test]
    fn equal_when_each_property_is() {
        let read = |text| from_str::<Note>(text).unwrap();
        let note = read(r#"{"type":"a","in":{"type":"b"}}"#);
        assert_eq!(note, note.clone());
        assert_ne!(note, read(r#"{"type":"a"}"#));
        assert_ne!(note, read(r#"{"type":"a","in":{"type":"c"}}"#));
        assert_ne!(
            note,
            read(r#"{"type":"a","oddName":null,"in":{"type":"b"}}"#)
        );
        let odd = Note {
            odd_name: Maybe::Value(f64::NAN),
            ..note
        };
        assert_ne!(odd, odd.clone(), "NaN is not equal to itself");
    }
}

mod open {
    use super::*;
    twice! { struct Bag { pub id: i64, pub rest: Map<Value> } }
    object! { Bag { id!: "id", .. rest } }

    #[test]
    fn other_properties_count() {
        let bag: Bag = from_str(r#"{"id":1,"x":[2]}"#).unwrap();
        let twin = derived::Bag {
            id: 1,
            rest: bag.rest.clone(),
        };
        assert_eq!(format!("{bag:#?}"), format!("{twin:#?}"));
        assert_eq!(bag, bag.clone());
        assert_ne!(bag, from_str::<Bag>(r#"{"id":1,"x":[3]}"#).unwrap());
        assert_ne!(bag, from_str::<Bag>(r#"{"id":2,"x":[2]}"#).unwrap());
        assert_ne!(bag, from_str::<Bag>(r#"{"id":1}"#).unwrap());
    }
}

mod empty {
    use super::*;
    twice! { struct Nothing {} }
    object! { Nothing {} }

    #[test]
    fn has_nothing_to_show() {
        assert_eq!(
            format!("{:?}", Nothing {}),
            format!("{:?}", derived::Nothing {})
        );
        assert_eq!(Nothing {}, Nothing {}.clone());
    }
}

mod texts {
    use super::*;
    twice! { #[derive(Clone)] enum State { On, OffLine, Unknown(String) } }
    string_enum! { State { On = "on", OffLine = "off, line" } }

    #[test]
    fn shown_by_variant() {
        for (state, twin) in [
            (State::On, derived::State::On),
            (State::OffLine, derived::State::OffLine),
            (
                State::from("new"),
                derived::State::Unknown("new".to_owned()),
            ),
        ] {
            assert_eq!(format!("{state:?}"), format!("{twin:?}"));
            assert_eq!(state, state.clone());
        }
        assert_ne!(State::On, State::OffLine);
        assert_ne!(State::from("new"), State::from("newer"));
    }
}

mod numbers {
    use super::*;
    twice! { #[derive(Clone)] enum Level { Low, High, Unknown(i64) } }
    integer_enum! { Level { Low = -1, High = 2 } }

    #[test]
    fn shown_by_variant() {
        for (level, twin) in [
            (Level::Low, derived::Level::Low),
            (Level::High, derived::Level::High),
            (Level::from(7), derived::Level::Unknown(7)),
        ] {
            assert_eq!(format!("{level:?}"), format!("{twin:?}"));
        }
        assert_ne!(Level::Low, Level::High);
        assert_eq!(Level::from(7), Level::Unknown(7));
    }
}

mod unions {
    use super::*;
    twice! { #[derive(Clone)] enum Answer { Number(i64), Boxed(Box<Words>), Unknown(Value) } }
    union! { Answer { Number = 0 { kinds: integer }, Boxed = 1 { kinds: array } } }

    type Words = Vec<String>;

    #[test]
    fn shown_by_variant() {
        let words = || Box::new(vec!["a".to_owned()]);
        for (answer, twin) in [
            (Answer::Number(1), derived::Answer::Number(1)),
            (Answer::Boxed(words()), derived::Answer::Boxed(words())),
            (
                Answer::Unknown(Value::Null),
                derived::Answer::Unknown(Value::Null),
            ),
        ] {
            assert_eq!(format!("{answer:?}"), format!("{twin:?}"));
            assert_eq!(format!("{answer:#?}"), format!("{twin:#?}"));
            assert_eq!(answer, answer.clone());
        }
        assert_ne!(Answer::Number(1), Answer::Number(2));
        assert_ne!(Answer::Number(1), Answer::Unknown(Value::from(1)));
    }
}
