//! Responses end to end: what a server answers, through the emitted types of a document.

use crate::generated::replies::Client;
use crate::generated::replies::replies::{
    RepliesErrorsError, RepliesHeadersHeaders, RepliesSeveralResponse,
};
use crate::runtime::Error;
use crate::server::{Answer, Server};

fn client(server: &Server) -> Client {
    let builder = Client::builder().base_url(&server.url).max_retries(0);
    builder.build().expect("a client")
}

fn json(status: u16, body: &str) -> Answer {
    Answer::new(status, &[("content-type", "application/json")], body)
}

#[tokio::test]
async fn errors_are_typed_by_the_most_specific_status() {
    for (status, body, expected) in [
        (404, r#"{"name":"x"}"#, "NotFound(Missing { name: \"x\" })"),
        (
            403,
            r#"{"message":"m"}"#,
            "ClientError(Problem { message: \"m\" })",
        ),
        (500, r#"{"code":7}"#, "Default(Fault { code: 7 })"),
    ] {
        let server = Server::answering(vec![json(status, body)]).await;
        let error = client(&server)
            .replies()
            .errors()
            .await
            .expect_err(expected);
        let Error::Api(api) = &error else {
            panic!("{error}")
        };
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        let typed = api.typed::<RepliesErrorsError>().expect("as documented");
        assert_eq!(format!("{typed:?}"), expected);
    }
}

#[tokio::test]
async fn several_successes_are_an_enum() {
    for (answer, expected) in [
        (json(200, r#"{"id":1}"#), "Ok(Pet { id: 1 })"),
        (json(202, r#"{"job":"j"}"#), "Accepted(Job { job: \"j\" })"),
        (Answer::status(204), "NoContent"),
    ] {
        let server = Server::answering(vec![answer]).await;
        let found: RepliesSeveralResponse =
            client(&server).replies().several().await.expect(expected);
        assert_eq!(format!("{found:?}"), expected);
    }
    // A body that is documented for another status is not taken for this one's.
    let server = Server::answering(vec![json(202, r#"{"id":1}"#)]).await;
    let error = client(&server).replies().several().await.expect_err("202");
    assert!(matches!(error, Error::Decode(_)), "{error}");
}

#[tokio::test]
async fn headers_are_typed() {
    let answer = Answer::new(200, &[("x-total", "3"), ("x-tags", "a, b")], r#"{"id":1}"#);
    let server = Server::answering(vec![answer, json(200, r#"{"id":1}"#)]).await;
    let client = client(&server);
    let response = client.replies().headers().with_response().await;
    let response = response.expect("a pet");
    let headers = RepliesHeadersHeaders::of(&response).expect("headers");
    assert_eq!(headers.x_total, 3);
    assert_eq!(headers.x_tags.expect("tags"), ["a", "b"]);
    assert_eq!(response.status().as_u16(), 200);
    let response = client.replies().headers().with_response().await;
    assert!(RepliesHeadersHeaders::of(&response.expect("a pet")).is_err());
}

#[tokio::test]
async fn streams_text_and_bytes() {
    let server = Server::new(|_, seen| match seen.path() {
        "/events" => Answer::streamed(
            "text/event-stream",
            &[b"data: {\"id\":1}\n\nda", b"ta: {\"id\":2}\n\n"],
        ),
        "/lines" => Answer::streamed("application/x-ndjson", &[b"{\"id\":1}\n{\"i", b"d\":2}"]),
        "/text" => Answer::new(
            200,
            &[("content-type", "text/plain; charset=latin1")],
            b"\xe9",
        ),
        _ => Answer::new(200, &[("content-type", "image/png")], [0_u8, 255]),
    })
    .await;
    let client = client(&server);
    let replies = client.replies();
    let mut events = replies.events().await.expect("events");
    let mut ids = Vec::new();
    while let Some(event) = events.try_next().await.expect("an event") {
        ids.push(event.data.id);
    }
    assert_eq!(ids, [1, 2]);
    assert_eq!(server.last().header("accept"), Some("text/event-stream"));
    let mut lines = replies.lines().await.expect("lines");
    ids.clear();
    while let Some(line) = lines.try_next().await.expect("a line") {
        ids.push(line.id);
    }
    assert_eq!(ids, [1, 2]);
    assert_eq!(replies.text().await.expect("text"), "é");
    let photo = replies.photo().await.expect("a photo");
    assert_eq!(photo.bytes().await.expect("bytes").as_ref(), [0_u8, 255]);
}
