//! Every limit kept and broken, with its path.

use fixtures::constraints::{Client, Line, Order, Payment, State, UploadFileRequest};
use fixtures::runtime::{File, Violations};

use crate::read;

fn paths(result: Result<(), Violations>) -> Vec<String> {
    let violations = result.expect_err("some limit is not kept");
    violations
        .iter()
        .map(|it| format!("{} {}", it.path(), it.rule()))
        .collect()
}

#[test]
fn what_keeps_all_limits_passes() {
    let order: Order = read(
        r#"{"lines":[{"sku":"abc","count":9}],"state":"open","customer":"äöüß","coupon":"A1","price":0.3,"weight":10.0,
            "payment":{"kind":"card","number":"1234"},"gift":true,"notes":{"abc":"x"},"codes":{"a1":"x","b1":"long"},"point":[9,99],"other":5}"#,
    );
    assert_eq!(order.validate(), Ok(()));
    let order: Order = read(r#"{"lines":[{"sku":"abc"}],"state":"paid","coupon":null,"customer":"ab"}"#);
    assert_eq!(order.validate(), Ok(()));
}

#[test]
fn every_broken_limit_is_listed_with_its_path() {
    let order: Order = read(
        r#"{"lines":[{"sku":"ab","count":0},{"sku":"abcdefghi","count":10},{"count":0,"sku":"ab"}],"state":"lost","coupon":"a1",
            "price":0.25,"weight":10.000000000000000000000001,"payment":{"kind":"transfer","iban":"1234567"},"gift":false,
            "notes":{"abcd":"x","b":"","C":"y"},"codes":{"a1":"long","b1":"x","c1":"y"},"point":[10,100],"parent":{"lines":[],"state":"open","customer":"x"},"odd key":6}"#,
    );
    assert_eq!(
        paths(order.validate()),
        [
            "$ dependentRequired",
            "lines uniqueItems",
            "lines[0].sku minLength",
            "lines[0].count minimum",
            "lines[1].sku maxLength",
            "lines[1].count exclusiveMaximum",
            "lines[2].sku minLength",
            "lines[2].count minimum",
            "state enum",
            "coupon pattern",
            "price multipleOf",
            "weight maximum",
            "payment.iban maxLength",
            "parent.lines minItems",
            "parent.customer minLength",
            "gift enum",
            "notes maxProperties",
            "notes.abcd propertyNames",
            "notes.b minLength",
            "notes.C propertyNames",
            "codes.a1 maxLength",
            "codes.b1 minLength",
            "codes.c1 patternProperties",
            "point[0] maximum",
            "point[1] maximum",
            "[\"odd key\"] maximum",
        ]
    );
}

#[test]
fn a_violation_says_what_was_found_and_what_is_allowed() {
    let line = Line::new("ab").count(10);
    let violations = line.validate().unwrap_err();
    assert_eq!(
        violations.to_string(),
        "at sku: has 2 characters (minLength: 3); at count: is 10 (exclusiveMaximum: 10)"
    );
    let error: Box<dyn std::error::Error> = violations.into();
    assert!(error.to_string().contains("minLength"));
    let state: State = "lost".parse().unwrap();
    assert_eq!(
        state.validate().unwrap_err().to_string(),
        "at $: is \"lost\" (enum: \"open\", \"paid\")"
    );
}

#[test]
fn a_member_that_the_document_does_not_have_is_none() {
    let payment: Payment = read(r#"{"kind":"cash"}"#);
    assert_eq!(
        payment.validate().unwrap_err().to_string(),
        "at $: is none of the members (oneOf: Card, Transfer)"
    );
}

#[test]
fn the_fields_of_a_form_are_checked_without_its_files() {
    let form = UploadFileRequest::new(File::bytes("x"), "123456").labels(vec!["a b".to_owned()]);
    assert_eq!(paths(form.validate()), ["title maxLength", "labels[0] pattern"]);
    let client = Client::builder().base_url("http://localhost").build().unwrap();
    assert_eq!(
        paths(client.files().upload(form).validate()),
        ["body.title maxLength", "body.labels[0] pattern"]
    );
}

#[test]
fn a_request_checks_its_parameters_and_its_body() {
    let client = Client::builder().base_url("http://localhost").build().unwrap();
    let order = Order::new(vec![Line::new("abc")], State::Open);
    let good = client.orders().create("eu", order.clone()).limit(100);
    assert_eq!(good.validate(), Ok(()));
    let bad = client
        .orders()
        .create("EU", order.customer("x"))
        .limit(0)
        .tags(["a", "bb", "bb"]);
    assert_eq!(
        paths(bad.validate()),
        [
            "path.region pattern",
            "query.limit minimum",
            "query.tags maxItems",
            "query.tags uniqueItems",
            "query.tags[0] minLength",
            "body.customer minLength",
        ]
    );
    let none: Vec<Line> = Vec::new();
    assert_eq!(
        paths(client.orders().replace("eu", none).validate()),
        ["body minItems"]
    );
    let form = client.orders().replace("eu", Line::new("a"));
    assert_eq!(paths(form.validate()), ["body.sku minLength"]);
}
