//! One value in several media types: what came decides; and each stream has a method.

use fixtures::runtime::Error;
use fixtures::several_media_types::*;

use crate::server::{Answer, Server};

async fn answering(media: Option<&str>, body: impl AsRef<[u8]>) -> (Server, Client) {
    let headers: Vec<_> = media
        .map(|media| ("content-type", media))
        .into_iter()
        .collect();
    let server = Server::answering(vec![Answer::new(200, &headers, body)]).await;
    let client = Client::builder().base_url(&server.url).build().unwrap();
    (server, client)
}

const JSON: &str = r#"{"to":"é"}"#;
const XML: &str = "<note><to>é</to></note>";

#[tokio::test]
async fn json_or_xml_is_told_by_the_reply() {
    for (media, body) in [
        (Some("application/json"), JSON),
        (Some("application/xml; charset=utf-8"), XML),
        (Some("application/problem+xml"), XML),
        (None, JSON),
        (None, XML),
        (Some("text/plain"), XML),
        (Some("application/octet-stream"), JSON),
    ] {
        let (server, client) = answering(media, body).await;
        assert_eq!(
            client.note().get().await.unwrap().to,
            "é",
            "{media:?} {body}"
        );
        assert_eq!(
            server.last().header("accept"),
            Some("application/json, application/xml;q=0.9")
        );
        let (_server, client) = answering(media, body).await;
        assert_eq!(client.maybe().get().await.unwrap().unwrap().to, "é");
    }
    let (_server, client) = answering(
        Some("application/xml; charset=iso-8859-1"),
        b"<note><to>\xe9</to></note>",
    )
    .await;
    assert_eq!(client.note().get().await.unwrap().to, "é");
    let server = Server::answering(vec![Answer::status(204)]).await;
    let client = Client::builder().base_url(&server.url).build().unwrap();
    assert_eq!(client.maybe().get().await.unwrap(), None);
}

#[tokio::test]
async fn a_string_is_json_or_text() {
    for (media, body, expected) in [
        (Some("application/json"), "\"a\\nb\"", "a\nb"),
        (Some("text/json"), "\"a\"", "a"),
        (Some("text/plain"), "\"a\"", "\"a\""),
        (Some("text/plain; charset=utf-8"), "é", "é"),
        (None, "\"a\"", "a"),
        (None, "plain", "plain"),
    ] {
        let (server, client) = answering(media, body).await;
        assert_eq!(
            client.word().get().await.unwrap(),
            expected,
            "{media:?} {body}"
        );
        assert_eq!(
            server.last().header("accept"),
            Some("application/json, text/json;q=0.9, text/plain;q=0.9")
        );
    }
    let (_server, client) = answering(Some("application/json"), "plain").await;
    assert!(matches!(
        client.word().get().await.unwrap_err(),
        Error::Decode(_)
    ));
}

#[tokio::test]
async fn bytes_are_asked_for_in_any_media_type_at_last() {
    let (server, client) = answering(Some("image/jpeg"), b"\xff\xd8").await;
    let picture = client.picture().get().await.unwrap();
    assert_eq!(&picture.bytes().await.unwrap()[..], b"\xff\xd8");
    assert_eq!(
        server.last().header("accept"),
        Some("image/png, image/jpeg;q=0.9, application/problem+json;q=0.5, */*;q=0.1")
    );
}

#[tokio::test]
async fn every_kind_of_stream_has_a_method() {
    let (server, client) = answering(Some("application/json"), format!("[{JSON}]")).await;
    assert_eq!(client.feed().create().await.unwrap().len(), 1);
    assert_eq!(server.last().header("accept"), Some("application/json"));
    let (server, client) =
        answering(Some("application/x-ndjson"), format!("{JSON}\n{JSON}\n")).await;
    let mut lines = client.feed().create_lines().await.unwrap();
    assert_eq!(lines.try_next().await.unwrap().unwrap().to, "é");
    assert_eq!(server.last().header("accept"), Some("application/x-ndjson"));
    let (server, client) = answering(Some("text/event-stream"), format!("data: {JSON}\n\n")).await;
    let mut events = client.feed().create_events().await.unwrap();
    assert_eq!(events.try_next().await.unwrap().unwrap().data.to, "é");
    assert_eq!(server.last().header("accept"), Some("text/event-stream"));
    // Without JSON, the lines are the operation itself; their schema was that of the whole.
    let (_server, client) = answering(Some("application/x-ndjson"), JSON).await;
    let mut lines = client.log().get().await.unwrap();
    assert_eq!(lines.try_next().await.unwrap().unwrap().to, "é");
    let (_server, client) = answering(Some("text/event-stream"), format!("data: {JSON}\n\n")).await;
    let mut events = client.log().get_stream().await.unwrap();
    assert_eq!(events.try_next().await.unwrap().unwrap().data.to, "é");
}

#[tokio::test]
async fn another_value_in_another_media_type_has_a_method() {
    let (server, client) = answering(Some("application/json"), JSON).await;
    assert_eq!(client.report().get().await.unwrap().to, "é");
    assert_eq!(server.last().header("accept"), Some("application/json"));
    let (server, client) = answering(Some("text/csv"), "a,b").await;
    assert_eq!(client.report().get_csv().await.unwrap(), "a,b");
    assert_eq!(server.last().header("accept"), Some("text/csv"));
    let (server, client) = answering(Some("application/vnd.other+json"), r#"{"b":"x"}"#).await;
    assert_eq!(
        client.report().get_other_json().await.unwrap().b.as_deref(),
        Some("x")
    );
    assert_eq!(
        server.last().header("accept"),
        Some("application/vnd.other+json")
    );
    let (server, client) = answering(Some("application/pdf"), b"%PDF").await;
    let report = client.report().get_pdf().await.unwrap();
    assert_eq!(&report.bytes().await.unwrap()[..], b"%PDF");
    assert_eq!(server.last().header("accept"), Some("application/pdf"));
}
