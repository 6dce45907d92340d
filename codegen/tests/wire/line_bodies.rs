//! Bodies of many values.

use fixtures::line_bodies::*;
use fixtures::runtime::{Body, Error, Lines};
use futures_util::stream;

use crate::server::{Answer, Server};

async fn start() -> (Server, Client) {
    let answer = |_: usize, seen: &crate::server::Seen| match seen.path() {
        "/records" => Answer::streamed(
            "application/json-seq",
            &[b"\x1e{\"id\":1,\n \"text\":\"a\"}\n\x1e{\"id\"", b":2}\n"],
        ),
        "/text" => Answer::new(200, &[("content-type", "application/x-ndjson")], "{}\n{}\n"),
        _ => Answer::status(204),
    };
    let server = Server::new(answer).await;
    let client = Client::builder()
        .base_url(&server.url)
        .max_retries(0)
        .build()
        .unwrap();
    (server, client)
}

#[tokio::test]
async fn lists_iterators_streams_and_files_are_lines() {
    let (server, client) = start().await;
    let rows = || vec![Row::new(1).text("a\nb"), Row::new(2)];
    let text = "{\"id\":1,\"text\":\"a\\nb\"}\n{\"id\":2}\n";
    client.lines().send(rows()).await.unwrap();
    let seen = server.last();
    assert_eq!(seen.header("content-type"), Some("application/x-ndjson"));
    assert_eq!(
        (seen.text(), seen.header("content-length")),
        (text, Some("32"))
    );
    client
        .lines()
        .send(rows().into_iter().collect::<Lines<_>>())
        .await
        .unwrap();
    assert_eq!(server.last().text(), text);
    let values = stream::iter(rows().into_iter().map(Ok::<_, std::io::Error>));
    client.lines().send(Lines::stream(values)).await.unwrap();
    let seen = server.last();
    assert_eq!(
        (seen.text(), seen.header("transfer-encoding")),
        (text, Some("chunked"))
    );
    client
        .lines()
        .send(Body::from("{\"id\":3}\n"))
        .await
        .unwrap();
    assert_eq!(server.last().text(), "{\"id\":3}\n");
    client.lines().send(Vec::new()).await.unwrap();
    assert_eq!(server.last().text(), "");
    client
        .array()
        .send(["a".to_owned(), "b".to_owned()])
        .await
        .unwrap();
    let seen = server.last();
    assert_eq!(
        (seen.header("content-type"), seen.text()),
        (Some("application/jsonl"), "\"a\"\n\"b\"\n")
    );
}

#[tokio::test]
async fn records_have_separators_both_ways() {
    let (server, client) = start().await;
    let mut replies = client
        .records()
        .send([Row::new(1), Row::new(2)])
        .await
        .unwrap();
    let seen = server.last();
    assert_eq!(
        seen.header("content-type"),
        Some("application/geo+json-seq")
    );
    assert_eq!(seen.text(), "\x1e{\"id\":1}\n\x1e{\"id\":2}\n");
    let mut ids = Vec::new();
    while let Some(row) = replies.try_next().await.unwrap() {
        ids.push((row.id, row.text));
    }
    assert_eq!(ids, [(1, Some("a".to_owned())), (2, None)]);
}

#[tokio::test]
async fn a_body_of_lines_may_be_left_out_or_chosen() {
    let (server, client) = start().await;
    client.optional().send().await.unwrap();
    assert_eq!(server.last().header("content-type"), None);
    client.optional().send().body([Row::new(1)]).await.unwrap();
    assert_eq!(server.last().text(), "{\"id\":1}\n");
    client
        .either()
        .send(either::SendEitherBody::Lines(vec![Row::new(1)].into()))
        .await
        .unwrap();
    assert_eq!(
        server.last().header("content-type"),
        Some("application/x-ndjson")
    );
    client.either().send(vec![Row::new(1)]).await.unwrap();
    assert_eq!(
        server.last().header("content-type"),
        Some("application/json")
    );
}

#[tokio::test]
async fn a_stream_that_fails_is_an_error_and_is_sent_once() {
    let (_server, client) = start().await;
    let values = stream::iter([
        Ok(Row::new(1)),
        Err(std::io::Error::other("the disk is gone")),
    ]);
    let error = client
        .lines()
        .send(Lines::stream(values))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("the disk is gone"), "{error}");
    let lines: Lines<Row> = Lines::stream(stream::iter([Ok::<_, std::io::Error>(Row::new(1))]));
    client.lines().send(lines.clone()).await.unwrap();
    assert!(matches!(
        client.lines().send(lines).await.unwrap_err(),
        Error::Build(_)
    ));
}

#[tokio::test]
async fn lines_that_are_described_as_a_text_or_a_file_are_one() {
    let (server, client) = start().await;
    assert_eq!(client.text().send("{\"a\":1}\n").await.unwrap(), "{}\n{}\n");
    let seen = server.last();
    assert_eq!(
        (seen.header("content-type"), seen.text()),
        (Some("application/x-ndjson"), "{\"a\":1}\n")
    );
    client.file().send(b"{}\n".to_vec()).await.unwrap();
    let seen = server.last();
    assert_eq!(
        (seen.header("content-type"), seen.text()),
        (Some("application/jsonl"), "{}\n")
    );
}
