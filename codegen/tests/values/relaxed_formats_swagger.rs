//! What the overlay relaxed is text; the rest is still checked.

use fixtures::relaxed_formats_swagger::*;

use crate::{fault, same};

#[test]
fn relaxed_formats_take_any_text() {
    same::<Event>(r#"{"id":"1","amount":"1,50","at":"2024-01-02T03:04:05Z"}"#);
    assert!(fault::<Event>(r#"{"at":"yesterday"}"#).contains("at at: "));
    let client = Client::builder().base_url("http://localhost").build().unwrap();
    let _ = client.a().get().since("yesterday").ids(["1"]);
}
