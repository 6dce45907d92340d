//! Read, change, send back.

use fixtures::directions::*;
use fixtures::runtime::to_string;

use crate::read;

#[test]
fn what_was_read_becomes_what_is_sent_however_deep_it_differs() {
    let node: Node = read(
        r#"{"id":"1","name":"a","parent":{"id":"0","name":"p"},"children":[{"id":"2"},{"id":"3","children":[]}],
            "choice":{"leaf":"l","stamp":"now"},"table":{"x":[{"leaf":"m","stamp":"then"}]},"gaps":[null,{"id":"4","at":5}]}"#,
    );
    let mut update = NodeUpdate::from(node);
    update.name = Some("b".to_owned());
    assert_eq!(
        to_string(&update).unwrap(),
        concat!(
            r#"{"name":"b","parent":{"name":"p"},"children":[{},{"children":[]}],"#,
            r#""choice":{"leaf":"l"},"table":{"x":[{"leaf":"m"}]},"gaps":[null,{"at":5}]}"#
        )
    );
    let node: Node = read(r#"{"id":"1","choice":{"id":"2","choice":"text"}}"#);
    assert_eq!(
        to_string(&NodeUpdate::from(node)).unwrap(),
        r#"{"choice":{"choice":"text"}}"#
    );
    let node: Node = read(r#"{"id":"1","choice":[1,{"x":null}]}"#);
    assert_eq!(
        to_string(&NodeUpdate::from(node)).unwrap(),
        r#"{"choice":[1,{"x":null}]}"#
    );
}
