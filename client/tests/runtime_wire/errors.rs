//! What every way of failing looks like.

use std::error::Error as _;
use std::time::{Duration, Instant};

use crate::runtime::{ApiError, Error};
use crate::sample::{ListPetsError, Problem};
use crate::server::{Answer, Server};
use crate::{builder, client, shown};

async fn api_error(answer: Answer) -> Box<ApiError> {
    let server = Server::answering(vec![answer]).await;
    match client(&server).pets().list().max_retries(0).await {
        Err(Error::Api(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn everywhere<T: std::error::Error + Send + Sync + 'static>() {}

fn sendable<T: Send + Unpin>(_: &T) {}

fn shared<T: Clone + Send + Sync + 'static>(_: &T) {}

#[test]
fn an_error_is_small_and_futures_go_anywhere() {
    everywhere::<Error>();
    assert!(size_of::<Error>() <= 16, "{}", size_of::<Error>());
    let client = crate::sample::Client::builder()
        .base_url("http://127.0.0.1:1")
        .build()
        .expect("a client");
    sendable(&client.pets().list().send());
    sendable(&client.pets().list().with_response());
    sendable(&client.pets().list().pages());
    sendable(&client.pets().list().items());
    shared(&client);
}

#[tokio::test]
async fn a_documented_error_is_typed() {
    let error = api_error(Answer::new(
        400,
        &[
            ("content-type", "application/json"),
            ("x-request-id", "r-1"),
        ],
        r#"{"message":"limit is too\nlarge"}"#,
    ))
    .await;
    assert_eq!(
        error.to_string(),
        "operation `pets_list` was answered with 400 Bad Request: limit is too large (request r-1)"
    );
    assert_eq!(
        (
            error.status().as_u16(),
            error.request_id(),
            error.operation()
        ),
        (400, Some("r-1"), "pets_list")
    );
    assert_eq!(
        (
            error.raw_body().len(),
            error.attempts(),
            error.is_truncated()
        ),
        (33, 1, false)
    );
    let typed = error.typed::<ListPetsError>().expect("as documented");
    assert_eq!(
        typed,
        ListPetsError::BadRequest(Problem {
            message: "limit is too\nlarge".into()
        })
    );
}

#[tokio::test]
async fn an_undocumented_error_keeps_its_bytes() {
    let error = api_error(Answer::new(418, &[], [0xff_u8, 1, 2])).await;
    assert_eq!(error.raw_body(), [0xff, 1, 2]);
    assert_eq!(
        error.typed::<ListPetsError>().expect("a fallback"),
        ListPetsError::Undocumented
    );
    assert_eq!(error.message(), None);
    // A documented status with another body than the documented one.
    let error = api_error(Answer::new(400, &[], "<html>")).await;
    let Err(Error::Decode(decode)) = error.typed::<ListPetsError>() else {
        panic!()
    };
    assert_eq!(
        (decode.status().as_u16(), decode.raw_body()),
        (400, &b"<html>"[..])
    );
}

#[tokio::test]
async fn the_message_is_found_where_servers_put_it() {
    for (body, expected) in [
        (r#"{"error":{"message":"a","type":"b"}}"#, Some("a")),
        (r#"{"error":"a"}"#, Some("a")),
        (r#"{"detail":"a"}"#, Some("a")),
        (r#"{"detail":[{"loc":["x"],"msg":"a"}]}"#, Some("a")),
        (r#"{"title":"a","status":400}"#, Some("a")),
        (r#"{"errors":[{"message":"a"}]}"#, Some("a")),
        (r#"{"error":"code","error_description":"a"}"#, Some("a")),
        (r#"{"other":"a"}"#, None),
        ("\u{feff}{\"message\":\"a\"}", Some("a")),
        ("not json", None),
        ("", None),
    ] {
        let error = api_error(Answer::new(422, &[], body)).await;
        assert_eq!(error.message(), expected, "{body}");
    }
    let long = format!(r#"{{"message":"{}"}}"#, "x".repeat(1000));
    assert_eq!(
        api_error(Answer::new(400, &[], long))
            .await
            .message()
            .map(|m| m.chars().count()),
        Some(301)
    );
}

#[tokio::test]
async fn a_huge_error_body_is_cut() {
    let error = api_error(Answer::new(400, &[], vec![b'x'; (1 << 20) + 10])).await;
    assert!(error.is_truncated() && error.raw_body().len() == 1 << 20);
    // A body that breaks off is kept as far as it came.
    let error = api_error(Answer::raw(
        b"HTTP/1.1 400 Bad\r\ncontent-length: 100\r\n\r\nhalf",
    ))
    .await;
    assert_eq!(error.raw_body(), b"half");
}

#[tokio::test]
async fn a_reply_that_is_not_as_documented_names_the_place() {
    let server = Server::answering(vec![Answer::json(
        r#"{"count":1,"next":null,"results":[{"id":1,"name":"a"},{"id":"x","name":"b"}]}"#,
    )])
    .await;
    let error = client(&server).pets().list().await.expect_err("a wrong id");
    let Error::Decode(decode) = &error else {
        panic!("{error}")
    };
    assert_eq!(
        (decode.path(), decode.operation(), decode.status().as_u16()),
        ("results[1].id", "pets_list", 200)
    );
    assert!(error.to_string().contains("results[1].id"), "{error}");
    assert!(decode.raw_body().starts_with(br#"{"count""#));
    assert!(!error.is_retryable() && !error.is_timeout());
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn the_raw_body_of_a_reply_that_is_not_as_documented_is_cut() {
    let long = format!(r#"{{"count":"{}"}}"#, "x".repeat(1 << 20));
    let server = Server::answering(vec![Answer::json(&long)]).await;
    let error = client(&server).pets().list().await.expect_err("no count");
    let Error::Decode(decode) = &error else {
        panic!("{error}")
    };
    assert_eq!(decode.raw_body(), &long.as_bytes()[..1 << 20]);
    assert!(error.to_string().len() < 1000, "{error}");
}

/// One error type for all operations of all clients.
async fn mixed(server: &Server) -> Result<i64, Error> {
    let list = client(server).pets().list().await?;
    let other = crate::generated::replies::Client::builder()
        .base_url(&server.url)
        .build()?;
    let id = other.replies().errors().await?.id;
    Ok(id + i64::try_from(list.results.len()).unwrap_or_default())
}

#[tokio::test]
async fn the_question_mark_mixes_operations_and_clients() {
    async fn boxed(server: &Server) -> Result<i64, Box<dyn std::error::Error + Send + Sync>> {
        Ok(mixed(server).await?)
    }
    let server = Server::new(|_, seen| match seen.path() {
        "/errors" => Answer::json(r#"{"id":41}"#),
        _ => Answer::json(r#"{"count":1,"next":null,"results":[{"id":1,"name":"a"}]}"#),
    })
    .await;
    assert_eq!(boxed(&server).await.expect("both calls"), 42);
    let refused = Server::answering(vec![Answer::status(404)]).await;
    let error = boxed(&refused).await.expect_err("404");
    assert!(error.downcast_ref::<Error>().is_some());
}

#[tokio::test]
async fn web_pages_and_empty_bodies_are_told_apart() {
    let page = Answer::new(
        200,
        &[("content-type", "text/html")],
        "<!doctype html><p>hello",
    );
    for (answer, expected) in [
        (page, "HTML"),
        (Answer::new(200, &[], "<html>"), "HTML"),
        (
            Answer::new(200, &[("content-type", "application/json")], ""),
            "empty",
        ),
        (Answer::status(204), "empty"),
    ] {
        let server = Server::answering(vec![answer]).await;
        let error = client(&server).pets().list().await.expect_err(expected);
        assert!(
            matches!(error, Error::Decode(_)) && error.to_string().contains(expected),
            "{error}"
        );
    }
}

#[tokio::test]
async fn refused_connections() {
    let client = crate::sample::Client::builder()
        .base_url("http://127.0.0.1:1")
        .query_key("hidden")
        .max_retries(0)
        .build()
        .expect("a client");
    let error = client.pets().list().await.expect_err("nobody listens");
    assert!(matches!(error, Error::Connect(_)) && error.is_connect() && error.is_retryable());
    assert!(
        error
            .to_string()
            .starts_with("operation `pets_list` could not connect: "),
        "{error}"
    );
    assert!(error.to_string().contains("refused"), "{error}");
    assert_eq!(
        (error.attempts(), error.status(), error.operation()),
        (1, None, Some("pets_list"))
    );
    assert!(error.source().is_some());
    assert!(!shown(&error).contains("hidden"), "{}", shown(&error));
}

#[tokio::test]
async fn a_connection_that_never_opens_times_out() {
    // An address that drops packets, reserved for documentation, where a route exists; otherwise it is unreachable.
    let client = crate::sample::Client::builder()
        .base_url("http://192.0.2.1:81")
        .connect_timeout(Duration::from_millis(100))
        .max_retries(0)
        .build()
        .expect("a client");
    let started = Instant::now();
    let error = client.pets().list().await.expect_err("nobody is there");
    assert!(error.is_connect(), "{error}");
    assert!(started.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn slow_answers_time_out() {
    let slow = Answer::json("{}").after(Duration::from_secs(5));
    let server = Server::answering(vec![slow]).await;
    let client = builder(&server)
        .timeout(Duration::from_millis(100))
        .build()
        .expect("a client");
    let error = client.pets().list().await.expect_err("slow");
    assert!(
        matches!(error, Error::Timeout(_)) && error.is_timeout() && error.is_retryable(),
        "{error}"
    );
    assert_eq!(
        error.to_string(),
        "operation `pets_list` got no complete answer within 100ms"
    );
    // The time of the call covers the body.
    let half = Answer::raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf").then_hang();
    let server = Server::answering(vec![half]).await;
    let error = crate::client(&server)
        .pets()
        .list()
        .timeout(Duration::from_millis(100))
        .await
        .expect_err("half");
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn a_reply_that_breaks_off() {
    let half = Answer::raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");
    let server = Server::answering(vec![half]).await;
    let error = client(&server)
        .pets()
        .list()
        .max_retries(0)
        .await
        .expect_err("half");
    assert!(
        matches!(error, Error::Transport(_)) && error.to_string().contains("broke off"),
        "{error}"
    );
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
}

#[tokio::test]
async fn a_body_beyond_the_limit() {
    for answer in [
        Answer::json(&"x".repeat(1000)),
        Answer::streamed("a/b", &[&[b'x'; 600], &[b'x'; 600]]),
    ] {
        let server = Server::answering(vec![answer]).await;
        let client = builder(&server)
            .max_response_bytes(999)
            .build()
            .expect("a client");
        let error = client.pets().list().await.expect_err("too long");
        assert!(
            error.to_string().contains("max_response_bytes") && !error.is_retryable(),
            "{error}"
        );
        assert_eq!(server.count(), 1);
    }
}

#[test]
fn a_client_that_cannot_be_built_says_why() {
    let builder = crate::sample::Client::builder;
    for (builder, expected) in [
        (builder().base_url("api.example.com/v1"), "no absolute URL"),
        (
            builder().base_url("ftp://example.com"),
            "only http and https",
        ),
        (
            builder().base_url("https://user:hidden@example.com"),
            "give them as credentials",
        ),
        (builder().header("x y", "1"), "is no header name"),
        (builder().header("x", "hidden\n"), "control character"),
        (builder().idempotency_header("x y"), "is no header name"),
    ] {
        let error = builder.build().expect_err(expected);
        assert!(
            matches!(error, Error::Build(_)) && error.to_string().contains(expected),
            "{error}"
        );
        assert!(!shown(&error).contains("hidden"), "{error}");
        assert_eq!(error.operation(), None);
    }
}

#[tokio::test]
async fn the_first_request_id_header_counts() {
    for name in ["x-request-id", "request-id", "x-amzn-requestid", "cf-ray"] {
        let error = api_error(Answer::new(404, &[(name, "abc")], "")).await;
        assert_eq!(error.request_id(), Some("abc"), "{name}");
        assert_eq!(Error::Api(error).request_id(), Some("abc"));
    }
}
