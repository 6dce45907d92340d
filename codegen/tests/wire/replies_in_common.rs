//! Errors and headers that operations have in common, read by the name of each and by their own.

use fixtures::runtime::Error;
use fixtures::replies_in_common::books::*;
use fixtures::replies_in_common::racks::*;
use fixtures::replies_in_common::{Client, shared_replies};

use crate::server::{Answer, Server};

async fn answering(answer: Answer) -> (Client, Server) {
    let server = Server::answering(vec![answer]).await;
    let client = Client::builder()
        .base_url(&server.url)
        .max_retries(0)
        .build()
        .unwrap();
    (client, server)
}

fn slow() -> Answer {
    let headers = [
        ("content-type", "application/json"),
        ("x-ratelimit-limit", "100"),
        ("x-ratelimit-remaining", "0"),
    ];
    Answer::new(429, &headers, r#"{"code":7}"#)
}

#[tokio::test]
async fn one_enum_is_read_under_the_names_of_two_operations() {
    let (client, _server) = answering(slow()).await;
    let Err(Error::Api(error)) = client.books().list().await else {
        panic!("no error")
    };
    let ListBooksError::TooManyRequests(fault) = error.typed().unwrap() else {
        panic!("{error}")
    };
    assert_eq!(fault.code, Some(7));

    let (client, _server) = answering(slow()).await;
    let Err(Error::Api(error)) = client.racks().create().await else {
        panic!("no error")
    };
    let typed: CreateRackError = error.typed().unwrap();
    assert!(matches!(typed, CreateRackError::TooManyRequests(_)));
    // The two are one type, and so is the name that says what it holds.
    let same: ListBooksError = typed.clone();
    let shared: shared_replies::Problem404Fault429 = same;
    assert_eq!(shared, typed);
}

#[tokio::test]
async fn headers_of_successes_and_of_errors_are_one_struct() {
    let (client, _server) = answering(slow()).await;
    let Err(Error::Api(error)) = client.racks().list().await else {
        panic!("no error")
    };
    let of_error: shared_replies::RateLimitHeaders = ListRacksErrorHeaders::of(&error).unwrap();
    assert_eq!(of_error.x_rate_limit_limit, Some(100));

    let headers = [
        ("content-type", "application/json"),
        ("x-ratelimit-limit", "100"),
        ("x-ratelimit-remaining", "0"),
    ];
    let (client, _server) = answering(Answer::new(200, &headers, "[]")).await;
    let response = client.books().list().with_response().await.unwrap();
    assert_eq!(ListBooksHeaders::of(&response).unwrap(), of_error);
}

#[tokio::test]
async fn nearly_equal_ones_stay_apart() {
    let json = [("content-type", "application/json")];
    let (client, _server) = answering(Answer::new(200, &json, r#""a""#)).await;
    let response = client.racks().get("1").with_response().await.unwrap();
    let headers: OptionalTotalHeaders = GetRackHeaders::of(&response).unwrap();
    assert_eq!(headers.x_total, None);

    let (client, _server) = answering(Answer::new(200, &json, "[]")).await;
    let response = client.racks().list().with_response().await.unwrap();
    let missing = ListRacksHeaders::of(&response).unwrap_err();
    assert!(missing.to_string().contains("X-Total"), "{missing}");

    // What one resource alone has stands in its module.
    let body = r#"{"title":"none"}"#;
    let (client, _server) = answering(Answer::new(404, &json, body)).await;
    let Err(Error::Api(error)) = client.books().delete("1").await else {
        panic!("no error")
    };
    let typed: Problem403_404 = error.typed::<DeleteBookError>().unwrap();
    assert_eq!(typed, error.typed::<GetBookError>().unwrap());
    let ReplaceBookError::NotFound(fault) = error.typed().unwrap() else {
        panic!("{error}")
    };
    assert_eq!(fault.code, None);
}
