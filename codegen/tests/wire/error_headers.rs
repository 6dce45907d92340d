//! Documented headers of errors.

use std::time::Duration;

use fixtures::error_headers::Client;
use fixtures::error_headers::things::*;
use fixtures::error_headers::types::*;
use fixtures::runtime::Error;

use crate::server::{Answer, Server};

async fn failing(answer: Answer) -> (Client, Server) {
    let server = Server::answering(vec![answer]).await;
    let client = Client::builder()
        .base_url(&server.url)
        .max_retries(0)
        .build()
        .unwrap();
    (client, server)
}

#[tokio::test]
async fn headers_of_errors_are_typed() {
    let headers = [
        ("retry-after", "7"),
        ("x-ratelimit-limit", "100"),
        ("x-ratelimit-reset", "2026-01-31T12:00:00Z"),
        ("content-type", "application/json"),
    ];
    let (client, _server) = failing(Answer::new(429, &headers, r#"{"title":"slow"}"#)).await;
    let Err(Error::Api(error)) = client.things().list().await else {
        panic!("no error")
    };
    let headers = ListThingsErrorHeaders::of(&error).unwrap();
    // Another status documents a text: the struct has one field for both.
    assert_eq!(headers.retry_after.as_deref(), Some("7"));
    assert_eq!(headers.x_rate_limit_limit, Some(100));
    assert_eq!(
        headers.x_rate_limit_reset.unwrap().to_string(),
        "2026-01-31T12:00:00Z"
    );
    assert_eq!(headers.www_authenticate, None);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    let typed: ListThingsError = error.typed().unwrap();
    let ListThingsError::TooManyRequests(problem) = typed else {
        panic!("{typed:?}")
    };
    assert_eq!(problem.title.as_deref(), Some("slow"));

    let (client, _server) = failing(Answer::new(401, &[("www-authenticate", "Bearer")], "")).await;
    let Err(Error::Api(error)) = client.things().list().await else {
        panic!("no error")
    };
    let headers = ListThingsErrorHeaders::of(&error).unwrap();
    assert_eq!(headers.www_authenticate.as_deref(), Some("Bearer"));
    assert_eq!(headers.retry_after, None);
}

#[tokio::test]
async fn a_header_that_is_missing_or_wrong_is_named() {
    let (client, _server) = failing(Answer::new(500, &[], "{}")).await;
    let Err(Error::Api(error)) = client.things().create().await else {
        panic!("no error")
    };
    let fault = CreateThingErrorHeaders::of(&error).unwrap_err();
    assert!(fault.to_string().contains("X-Reason"), "{fault}");
    let (client, _server) = failing(Answer::new(429, &[("x-ratelimit-limit", "many")], "{}")).await;
    let Err(Error::Api(error)) = client.things().list().await else {
        panic!("no error")
    };
    let fault = ListThingsErrorHeaders::of(&error).unwrap_err();
    assert!(fault.to_string().contains("X-RateLimit-Limit"), "{fault}");
}

#[tokio::test]
async fn an_error_is_read_as_what_it_is_and_by_its_charset() {
    for (media, body) in [
        (
            "application/json; charset=iso-8859-1",
            &b"{\"title\":\"\xe9\"}"[..],
        ),
        (
            "application/xml",
            "<problem><title>é</title></problem>".as_bytes(),
        ),
        (
            "application/xml; charset=iso-8859-1",
            b"<problem><title>\xe9</title></problem>",
        ),
        (
            "application/json; charset=utf-16le",
            b"{\0\"\0t\0i\0t\0l\0e\0\"\0:\0\"\0\xe9\0\"\0}\0",
        ),
    ] {
        let headers = [("content-type", media), ("x-reason", "quota")];
        let (client, _server) = failing(Answer::new(500, &headers, body)).await;
        let Err(Error::Api(error)) = client.things().create().await else {
            panic!("no error")
        };
        let CreateThingError::Default(problem) = error.typed().unwrap() else {
            panic!("{media}")
        };
        assert_eq!(problem.title.as_deref(), Some("é"), "{media}");
        let headers = CreateThingErrorHeaders::of(&error).unwrap();
        assert_eq!(headers.x_reason, CreateThingXReason::Quota);
    }
}
