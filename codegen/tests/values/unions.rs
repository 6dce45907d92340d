//! Which member a value becomes, rule by rule, and that it comes out as it went in.

use fixtures::runtime::{Maybe, Uuid};
use fixtures::unions::*;

use crate::{again, fault, read, same};

#[test]
fn a_mapped_discriminator_names_the_member() {
    for method in ["card", "credit"] {
        let text = format!(r#"{{"method":"{method}","number":"1"}}"#);
        assert!(read::<Mapped>(&text).as_card().is_some());
        same::<Mapped>(&text);
    }
    // The member lacks the property, which is written all the same.
    same::<Mapped>(r#"{"method":"cash","amount":1.5}"#);
    let cash: Cash = read(r#"{"amount":2.5}"#);
    let mapped = Mapped::from(cash);
    assert_eq!(mapped.as_cash().and_then(|it| it.amount), Some(2.5));
    assert!(mapped.as_card().is_none());
    assert_eq!(
        fixtures::runtime::to_string(&mapped).unwrap(),
        r#"{"method":"cash","amount":2.5}"#
    );
}

#[test]
fn an_unknown_tag_and_what_is_no_member_are_kept_and_come_out_unchanged() {
    for text in [
        r#"{"method":"coupon","z":[1,{"b":null}],"number":7}"#,
        r#"["no object"]"#,
        "17",
    ] {
        assert!(matches!(read::<Mapped>(text), Mapped::Unknown(_)), "{text}");
        same::<Mapped>(text);
    }
    for text in [r#"{"radius_":1}"#, "[]"] {
        assert!(matches!(read::<Required>(text), Required::Unknown(_)), "{text}");
        same::<Required>(text);
    }
    assert!(matches!(read::<Kind>("1.5"), Kind::Unknown(_)));
    same::<Kind>("1.5");
    same::<Kind>("null");
    same::<Constant>(r#"{"kind":"video","url":"u"}"#);
}

#[test]
fn a_discriminator_without_a_mapping_takes_the_names_of_schemas() {
    assert!(read::<Named>(r#"{"type":"Tram"}"#).as_tram().is_some());
    assert!(read::<Named>(r#"{"line":"1","type":"Bus"}"#).as_bus().is_some());
    same::<Named>(r#"{"type":"Tram","line":"2"}"#);
    same::<Named>(r#"{"type":"Ferry","line":"2"}"#);
}

#[test]
fn heirs_are_told_by_the_discriminator_of_their_base() {
    let dog = read::<Animal>(r#"{"species":"dog","name":"Rex","breed":"pug"}"#);
    assert_eq!(dog.as_dog().map(|it| it.breed.as_str()), Some("pug"));
    same::<Animal>(r#"{"species":"cat","name":"Tom","lives":9}"#);
    same::<Animal>(r#"{"species":"fish","name":"Nemo","fins":2}"#);
}

#[test]
fn constants_and_lists_tell_members_apart() {
    assert!(read::<Constant>(r#"{"text":"a","kind":"text"}"#).as_text_block().is_some());
    assert!(read::<Constant>(r#"{"kind":"image","url":"a"}"#).as_image_block().is_some());
    assert!(read::<Flag>(r#"{"ok":false,"value":"x"}"#).as_failure().is_some());
    assert!(read::<Flag>(r#"{"ok":true}"#).as_success().is_some());
    assert!(read::<Listed>(r#"{"state":"open"}"#).as_early().is_some());
    assert!(read::<Listed>(r#"{"state":"closed"}"#).as_late().is_some());
    same::<Listed>(r#"{"state":"lost","note":"n"}"#);
}

#[test]
fn the_kind_of_json_decides() {
    assert_eq!(read::<Kind>("true").as_bool(), Some(&true));
    assert_eq!(read::<Kind>("-3").as_integer(), Some(&-3));
    assert_eq!(read::<Kind>(r#""a""#).as_string(), Some("a"));
    assert_eq!(read::<Kind>("[]").as_array(), Some(&Vec::new()));
    assert!(read::<Kind>("{}").as_cash().is_some());
    assert_eq!(read::<Types>("[1]").as_array(), Some(&vec![1]));
    assert_eq!(read::<Types>(r#""x""#).as_string(), Some("x"));
    assert_eq!(read::<Nullable>("5").as_integer(), Some(&5));
    let all: All = read(r#"{"types":null,"nullable":"a"}"#);
    assert_eq!(all.types, Maybe::Null);
    assert_eq!(all.nullable, Maybe::Value(Nullable::from("a")));
    same::<All>(r#"{"types":null,"nullable":3}"#);
}

#[test]
fn required_and_known_keys_decide() {
    assert!(read::<Required>(r#"{"name":"n","side":2.5}"#).as_square().is_some());
    // The keys that one knows and the other does not.
    assert!(read::<Known>(r#"{"id":"a","more":"b"}"#).as_long().is_some());
    assert!(read::<Around>(r#"{"id":"a","right":"b"}"#).as_right().is_some());
    same::<Around>(r#"{"id":"a","left":"b"}"#);
    assert!(read::<Open>(r#"{"radius":1.5,"name":"c"}"#).as_circle().is_some());
    // Of an object with a key that the struct does not know, nothing is lost.
    same::<Open>(r#"{"radius":1,"weight":2}"#);
    assert!(read::<Open>(r#"{"radius":1,"weight":2}"#).as_map().is_some());
}

#[test]
fn formats_and_ranges_decide() {
    let uuid = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    assert_eq!(
        read::<Format>(&format!("\"{uuid}\"")).as_uuid(),
        Some(&Uuid::parse_str(uuid).unwrap())
    );
    assert!(read::<Format>(r#""2024-01-02T03:04:05Z""#).as_date_time().is_some());
    assert!(read::<Format>(r#""10.0.0.1""#).as_ipv4().is_some());
    assert_eq!(read::<Format>(r#""word""#).as_string(), Some("word"));
    assert!(read::<FormatInside>(r#"{"when":"2024-01-02"}"#).as_at().is_some());
    assert!(read::<FormatInside>(&format!(r#"{{"when":"{uuid}"}}"#)).as_by().is_some());
    assert!(read::<Inner>(r#"{"value":1}"#).as_counted().is_some());
    assert!(read::<Inner>(r#"{"value":"1"}"#).as_worded().is_some());
    assert!(read::<Range>(r#"{"code":499}"#).as_client_fault().is_some());
    assert!(read::<Range>(r#"{"code":500}"#).as_server_fault().is_some());
    assert!(matches!(read::<Range>(r#"{"code":302}"#), Range::Unknown(_)));
    assert_eq!(read::<Width>("255").as_integer(), Some(&255_u8));
    assert_eq!(read::<Width>("256").as_integer_value(), Some(&256_i64));
    assert!(read::<Lists>(r#"["a"]"#).as_array_value().is_some());
    assert!(read::<Lists>("[1]").as_array().is_some());
}

#[test]
fn the_rest_goes_by_specificity() {
    let uuid = r#"{"id":"67e55044-10b1-426f-9247-bb680e5fe0c8"}"#;
    assert!(read::<Overlap>(uuid).as_strict().is_some());
    assert!(read::<Overlap>(r#"{"id":"word"}"#).as_loose().is_some());
    same::<Overlap>(uuid);
}

#[test]
fn objects_that_are_meant_to_be_combined_keep_all_fields() {
    let combined: Combined = read(r#"{"email":"a@b","city":"c","id":"1"}"#);
    assert_eq!(combined.email.as_deref(), Some("a@b"));
    assert_eq!(combined.city.as_deref(), Some("c"));
    // Alternatives of which a value is both: no member holds it all.
    let both = r#"{"side":1,"radius":2}"#;
    assert!(matches!(read::<Several>(both), Several::Unknown(_)));
    same::<Several>(both);
    assert!(read::<Several>(r#"{"side":1.5}"#).as_square().is_some());
}

#[test]
fn members_convert_into_their_union() {
    assert_eq!(Kind::from(true).as_bool(), Some(&true));
    assert_eq!(Kind::from("text").as_string(), Some("text"));
    assert_eq!(Kind::from(vec!["a".to_owned()]).as_array().map(Vec::len), Some(1));
    let square: Square = read(r#"{"side":1}"#);
    assert_eq!(Required::from(square.clone()).as_square(), Some(&square));
}

#[test]
fn a_closed_member_gives_way_to_another_that_may_have_more_keys() {
    assert!(read::<Closable>(r#"{"a":1,"b":2}"#).as_sealed().is_some());
    assert!(read::<Closable>(r#"{"a":1}"#).as_sealed().is_some());
    assert!(read::<Closable>(r#"{"a":1,"c":2}"#).as_roomy().is_some());
}

#[test]
fn a_fault_says_which_members_were_tried_and_why_each_failed() {
    assert_eq!(
        fault::<Mapped>(r#"{"method":"card","number":1}"#),
        "at number: expected a string, found 1, as `Card` (offset 26)"
    );
    let said = fault::<Vec<Inner>>(r#"[{"value":[]}]"#);
    assert!(said.starts_with("at [0]: no member of the union fits: "), "{said}");
    for member in ["Counted (at value: expected an integer", "Worded (at value: expected a string"] {
        assert!(said.contains(member), "{said}");
    }
    assert!(fault::<Animal>(r#"{"species":"dog","name":"Rex"}"#).contains("missing key `breed`, as `Dog`"));
}

#[test]
fn whole_documents_come_out_as_they_went_in() {
    same::<All>(concat!(
        r#"{"mapped":{"method":"cash"},"named":{"type":"Bus"},"heir":{"species":"cat","name":"a"},"#,
        r#""constant":{"kind":"text","text":"t"},"kind":[],"range":{"code":404},"width":1,"lists":[]}"#
    ));
    assert_eq!(again::<Types>("7"), "7");
}
