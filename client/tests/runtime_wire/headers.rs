//! The documented headers of a reply as typed values.

use serde_json::json;

use crate::runtime::{
    Base64, Decode, DocumentedHeaders, Error, HeaderForm, Map, Response, StatusCode, Value,
    to_value,
};
use crate::sample::pets::ListPetsHeaders;
use crate::server::{Answer, Server};
use crate::{builder, client};

const PAGE: &str = r#"{"count":1,"next":null,"results":[]}"#;

async fn replied(headers: &[(&str, &str)]) -> Response<crate::sample::PetPage> {
    let server = Server::answering(vec![Answer::new(200, headers, PAGE)]).await;
    let response = client(&server).pets().list().with_response().await;
    response.expect("a page")
}

/// A header as a value of a type, and its JSON.
async fn read<T: Decode + crate::runtime::Encode>(
    lines: &[&str],
    form: HeaderForm,
) -> Result<Option<Value>, String> {
    let lines: Vec<_> = lines.iter().map(|line| ("x-it", *line)).collect();
    let response = replied(&lines).await;
    DocumentedHeaders::of(&response)
        .optional::<T>("X-It", form)
        .map(|found| found.map(|value| to_value(&value).expect("JSON")))
        .map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_struct_of_headers_is_read_from_a_response() {
    let response = replied(&[
        ("x-total", "12"),
        ("x-tags", "a, b"),
        ("x-tags", "c"),
        ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("x-limits", "left=3,kind=per day"),
        ("x-meta-color", "red"),
        ("X-Meta-Size", "7"),
    ])
    .await;
    let headers = ListPetsHeaders::of(&response).expect("headers");
    assert_eq!(headers.x_total, 12);
    assert_eq!(headers.x_tags.expect("tags"), ["a", "b", "c"]);
    assert_eq!(
        headers.last_modified.expect("a date").to_string(),
        "1994-11-06T08:49:37Z"
    );
    assert_eq!(
        to_value(&headers.x_limits).expect("JSON"),
        json!({"left": 3, "kind": "per day"})
    );
    assert_eq!(
        to_value(&headers.x_meta).expect("JSON"),
        json!({"color": "red", "size": "7"})
    );
}

#[tokio::test]
async fn what_may_be_missing_is_none_and_what_may_not_is_an_error() {
    let response = replied(&[("x-total", "0")]).await;
    let headers = ListPetsHeaders::of(&response).expect("headers");
    assert_eq!(
        headers,
        ListPetsHeaders {
            x_total: 0,
            x_tags: None,
            last_modified: None,
            x_limits: None,
            x_meta: None
        }
    );

    let error = ListPetsHeaders::of(&replied(&[]).await).expect_err("no total");
    assert_eq!(error.status(), Some(StatusCode::OK));
    assert_eq!(
        error.to_string(),
        "operation `pets_list`: the 200 OK reply is not as documented: at headers.X-Total: the header is missing"
    );
}

#[tokio::test]
async fn an_error_names_the_header_and_hides_what_is_secret() {
    let response = replied(&[("x-total", "twelve")]).await;
    let Err(Error::Decode(error)) = ListPetsHeaders::of(&response) else {
        panic!("decoded");
    };
    assert_eq!(error.path(), "headers.X-Total");
    assert!(
        error
            .to_string()
            .contains("expected an integer, found \"twelve\"")
    );

    let server = Server::answering(vec![Answer::new(200, &[("x-total", "sesame-7")], PAGE)]).await;
    let client = builder(&server)
        .api_key("sesame-7")
        .build()
        .expect("a client");
    let response = client.pets().list().with_response().await.expect("a page");
    let error = ListPetsHeaders::of(&response).expect_err("no number");
    assert!(!crate::shown(&error).contains("sesame"), "{error}");
}

#[tokio::test]
async fn every_form_of_the_style_simple() {
    use HeaderForm::{Bare, Date, Delimited, Either, Json, List, Object, Text};
    let ok = |value| Ok(Some(value));
    assert_eq!(read::<String>(&["0123"], Text).await, ok(json!("0123")));
    assert_eq!(read::<String>(&["a, b"], Text).await, ok(json!("a, b")));
    assert_eq!(
        read::<String>(&["caf\u{e9}"], Text).await,
        ok(json!("caf\u{e9}"))
    );
    assert_eq!(read::<i64>(&["-7"], Bare).await, ok(json!(-7)));
    assert_eq!(read::<i64>(&[""], Bare).await, Ok(None));
    assert_eq!(read::<f64>(&["1.5e3"], Bare).await, ok(json!(1500)));
    assert_eq!(read::<bool>(&["True"], Bare).await, ok(json!(true)));
    assert_eq!(read::<Base64>(&["AQI="], Text).await, ok(json!("AQI=")));
    assert_eq!(read::<Value>(&["7"], Either).await, ok(json!(7)));
    assert_eq!(read::<Value>(&["007"], Either).await, ok(json!("007")));
    assert_eq!(
        read::<crate::runtime::DateTime>(&["2024-01-02T03:04:05+01:00"], Date).await,
        ok(json!("2024-01-02T03:04:05+01:00"))
    );
    assert!(
        read::<crate::runtime::DateTime>(&["yesterday"], Date)
            .await
            .is_err()
    );
    assert_eq!(
        read::<Vec<i64>>(&["1,2", "3"], List(&Bare)).await,
        ok(json!([1, 2, 3]))
    );
    assert_eq!(read::<Vec<i64>>(&[""], List(&Bare)).await, ok(json!([])));
    assert!(read::<Vec<i64>>(&["1,x"], List(&Bare)).await.is_err());
    assert_eq!(
        read::<Vec<String>>(&["a|b,c"], Delimited('|', &Text)).await,
        ok(json!(["a", "b,c"]))
    );
    let properties = &[("R", Bare), ("on", Bare)];
    let object = json!({"R": 100, "on": true, "name": "x"});
    assert_eq!(
        read::<Map<Value>>(&["R,100,on,true,name,x"], Object(false, properties, &Text)).await,
        ok(object.clone())
    );
    assert_eq!(
        read::<Map<Value>>(
            &["R=100,on=true", "name=x"],
            Object(true, properties, &Text)
        )
        .await,
        ok(object.clone())
    );
    assert_eq!(
        read::<Map<Value>>(&[r#"{"R":100,"on":true,"name":"x"}"#], Json).await,
        ok(object)
    );
    assert!(read::<Map<Value>>(&["{"], Json).await.is_err());
}

#[tokio::test]
async fn cookies_are_not_one_list() {
    let response = replied(&[
        ("set-cookie", "a=1; Expires=Sun, 06 Nov 1994 08:49:37 GMT"),
        ("set-cookie", "b=2"),
    ])
    .await;
    let cookies: Vec<String> = DocumentedHeaders::of(&response)
        .required("Set-Cookie", HeaderForm::List(&HeaderForm::Text))
        .expect("cookies");
    assert_eq!(
        cookies,
        ["a=1; Expires=Sun, 06 Nov 1994 08:49:37 GMT", "b=2"]
    );
}
