//! Replies as servers write them: charsets, codings, streams that stall or break off.

use std::time::Duration;

use fixtures::media_types::*;
use fixtures::runtime::Error;

use crate::server::{Answer, Server};

// `{"a":"café"}`, compressed once.
const GZIP: &[u8] = &[
    31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 171, 86, 74, 84, 178, 82, 74, 78, 76, 59, 188, 82, 169, 22, 0,
    124, 17, 46, 40, 13, 0, 0, 0,
];
const DEFLATE: &[u8] = &[
    120, 156, 171, 86, 74, 84, 178, 82, 74, 78, 76, 59, 188, 82, 169, 22, 0, 29, 62, 4, 178,
];
const BROTLI: &[u8] = &[
    11, 6, 128, 123, 34, 97, 34, 58, 34, 99, 97, 102, 195, 169, 34, 125, 3,
];
const ZSTD: &[u8] = &[
    40, 181, 47, 253, 4, 88, 105, 0, 0, 123, 34, 97, 34, 58, 34, 99, 97, 102, 195, 169, 34, 125,
    35, 31, 120, 118,
];

async fn answering(answers: Vec<Answer>) -> (Server, Client) {
    let server = Server::answering(answers).await;
    let builder = Client::builder().base_url(&server.url).max_retries(0);
    let client = builder
        .stream_idle_timeout(Duration::from_millis(300))
        .build()
        .unwrap();
    (server, client)
}

fn typed(media: &str, body: impl AsRef<[u8]>) -> Answer {
    Answer::new(200, &[("content-type", media)], body)
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[tokio::test]
async fn charsets_are_read() {
    let json = r#"{"a":"café"}"#;
    let latin = b"{\"a\":\"caf\xe9\"}";
    for (media, body) in [
        ("application/json; charset=iso-8859-1", latin.to_vec()),
        ("application/json; charset=\"ISO-8859-1\"", latin.to_vec()),
        (
            "application/json; charset=utf-16le",
            utf16(json, u16::to_le_bytes),
        ),
        (
            "application/json; charset=utf-16be",
            utf16(json, u16::to_be_bytes),
        ),
        (
            "application/json; charset=utf-16",
            utf16(json, u16::to_be_bytes),
        ),
        (
            "application/json; charset=utf-16",
            utf16(json, u16::to_le_bytes),
        ),
        ("application/json", utf16(json, u16::to_le_bytes)),
        (
            "application/json; charset=utf-16",
            utf16(&format!("\u{feff}{json}"), u16::to_be_bytes),
        ),
        (
            "application/json; charset=utf-8",
            format!("\u{feff}{json}").into_bytes(),
        ),
        (
            "application/json; charset=iso-8859-1",
            json.as_bytes().to_vec(),
        ),
    ] {
        let (_server, client) = answering(vec![typed(media, body)]).await;
        assert_eq!(
            client.any().get().await.unwrap().a.as_deref(),
            Some("café"),
            "{media}"
        );
    }
    for (media, body, expected) in [
        (
            "text/plain; charset=iso-8859-1",
            b"caf\xe9".to_vec(),
            "café",
        ),
        (
            "text/plain; charset=windows-1252",
            b"\x80 \x93a\x94".to_vec(),
            "€ “a”",
        ),
        (
            "text/plain; charset=utf-16le",
            utf16("é\n", u16::to_le_bytes),
            "é\n",
        ),
        ("text/plain", "é".as_bytes().to_vec(), "é"),
    ] {
        let (_server, client) = answering(vec![typed(media, body)]).await;
        assert_eq!(client.text().get().await.unwrap(), expected, "{media}");
    }
    let (_server, client) = answering(vec![typed("text/plain; charset=x-unknown", b"\xff")]).await;
    let error = client.text().get().await.unwrap_err();
    assert!(error.to_string().contains("x-unknown"), "{error}");
}

#[tokio::test]
async fn compressed_replies_are_read_and_wrong_ones_are_errors() {
    for (coding, body) in [
        ("gzip", GZIP),
        ("deflate", DEFLATE),
        ("br", BROTLI),
        ("zstd", ZSTD),
    ] {
        let headers = [
            ("content-type", "application/json"),
            ("content-encoding", coding),
        ];
        let (server, client) = answering(vec![Answer::new(200, &headers, body)]).await;
        assert_eq!(
            client.any().get().await.unwrap().a.as_deref(),
            Some("café"),
            "{coding}"
        );
        let asked = server
            .last()
            .header("accept-encoding")
            .unwrap_or_default()
            .to_owned();
        assert!(asked.contains(coding), "{asked}");
        // What is labelled wrongly is no value, and not taken for one.
        let (_server, client) = answering(vec![Answer::new(200, &headers, r#"{"a":"b"}"#)]).await;
        assert!(client.any().get().await.is_err(), "{coding}");
    }
    let headers = [
        ("content-type", "application/json"),
        ("content-encoding", "compress"),
    ];
    let (_server, client) = answering(vec![Answer::new(200, &headers, b"\x1f\x9d")]).await;
    let error = client.any().get().await.unwrap_err();
    assert!(error.to_string().contains("`compress`"), "{error}");
    let headers = [
        ("content-type", "application/json"),
        ("content-encoding", "identity"),
    ];
    let (_server, client) = answering(vec![Answer::new(200, &headers, "{}")]).await;
    assert_eq!(client.any().get().await.unwrap().a, None);
}

#[tokio::test]
async fn a_stream_that_stalls_is_a_timeout() {
    let stalled = |media: &str, chunk: &[u8]| Answer::streamed(media, &[chunk]).then_hang();
    let (_server, client) = answering(vec![stalled(
        "text/event-stream",
        b"data: {\"a\":\"1\"}\n\n",
    )])
    .await;
    let mut events = client.events().list().await.unwrap();
    assert_eq!(
        events.try_next().await.unwrap().unwrap().data.a.as_deref(),
        Some("1")
    );
    assert!(events.try_next().await.unwrap_err().is_timeout());
    let (_server, client) = answering(vec![stalled("application/x-ndjson", b"{}\n{\"a\"")]).await;
    let mut lines = client.lines().list().await.unwrap();
    assert_eq!(lines.try_next().await.unwrap().unwrap().a, None);
    assert!(lines.try_next().await.unwrap_err().is_timeout());
    let (_server, client) = answering(vec![stalled("application/octet-stream", b"12")]).await;
    let mut bytes = client.bytes().list().await.unwrap();
    assert_eq!(&bytes.chunk().await.unwrap().unwrap()[..], b"12");
    assert!(bytes.chunk().await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn events_go_on_after_a_break() {
    let first = b"retry: 10\n\nid: 7\nevent: note\ndata: {\"a\":\"1\"}\n\nid: 8\ndata: {\"a\":";
    let answers = vec![
        Answer::streamed("text/event-stream", &[first]),
        Answer::streamed("text/event-stream", &[b"id: 8\ndata: {\"a\":\"2\"}\n\n"]),
        Answer::status(204),
    ];
    let (server, client) = answering(answers).await;
    let mut events = client.events().list().await.unwrap().reconnect(true);
    let event = events.try_next().await.unwrap().unwrap();
    assert_eq!(
        (event.name.as_deref(), event.id.as_deref()),
        (Some("note"), Some("7"))
    );
    assert_eq!(
        events.try_next().await.unwrap().unwrap().data.a.as_deref(),
        Some("2")
    );
    assert!(events.try_next().await.unwrap().is_none());
    let seen = server.seen();
    let ids: Vec<_> = seen
        .iter()
        .map(|seen| seen.header("last-event-id"))
        .collect();
    assert_eq!(ids, [None, Some("7"), Some("8")]);
}

#[tokio::test]
async fn status_and_headers_come_with_every_kind_of_value() {
    let headers = [
        ("content-type", "application/json"),
        ("x-request-id", "r1"),
        ("x-own", "v"),
    ];
    let (_server, client) = answering(vec![Answer::new(203, &headers, "{}")]).await;
    let response = client.any().get().with_response().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.header("x-own")),
        (203, Some("v"))
    );
    assert_eq!(
        (response.request_id(), response.attempts()),
        (Some("r1"), 1)
    );
    let (_server, client) = answering(vec![typed("text/event-stream", "data: {}\n\n")]).await;
    let response = client.events().list().with_response().await.unwrap();
    assert_eq!(response.header("content-type"), Some("text/event-stream"));
    assert!(response.into_value().try_next().await.unwrap().is_some());
    let (_server, client) = answering(vec![Answer::new(400, &headers, r#"{"a":"wrong"}"#)]).await;
    let Err(Error::Api(error)) = client.vendor().get().with_response().await else {
        panic!("no error")
    };
    assert_eq!(
        (error.status().as_u16(), error.request_id()),
        (400, Some("r1"))
    );
}
