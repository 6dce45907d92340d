//! What the document says nothing of is kept where it asks for it.

use fixtures::keep_unknown_fields::*;

use crate::{again, read, same};

#[test]
fn open_objects_of_responses_keep_what_they_do_not_know() {
    same::<Received>(r#"{"a":"x","inner":{"b":1,"new":[1,null]},"z":{"y":1.5},"m":null}"#);
    let received: Received = read(r#"{"z":1,"a":"x"}"#);
    assert_eq!(received.additional["z"], 1);
}

#[test]
fn closed_objects_do_not() {
    assert_eq!(
        again::<Received>(r#"{"a":"x","closed":{"c":1,"d":2}}"#),
        r#"{"a":"x","closed":{"c":1}}"#
    );
}

#[test]
fn members_are_told_apart_by_the_keys_that_the_document_knows() {
    let received: Received = read(r#"{"a":"x","choice":{"b":1,"c":2}}"#);
    assert!(received.choice.unwrap().as_wider().is_some());
    same::<Received>(r#"{"a":"x","choice":{"b":1,"d":2}}"#);
}

#[test]
fn what_is_sent_back_is_what_the_request_knows() {
    let both: Both = read(r#"{"id":"1","name":"n","parts":{"p":{"id":"2","size":3}},"z":1}"#);
    let update = BothUpdate::from(both);
    assert_eq!(
        fixtures::runtime::to_string(&update).unwrap(),
        r#"{"name":"n","parts":{"p":{"size":3}}}"#
    );
}
