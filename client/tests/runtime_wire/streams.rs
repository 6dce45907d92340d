//! Server-sent events and lines, cut anywhere, stalled, broken off and taken up again.

use std::time::Duration;

use futures_util::TryStreamExt;

use crate::runtime::{Call, Error, EventStream, Operation, Pending, decode};
use crate::server::{Answer, Server};
use crate::{builder, client, core, leak};

const SSE: &str = "text/event-stream";

fn event(id: i64) -> String {
    format!("data: {{\"id\":{id},\"name\":\"x\"}}\n\n")
}

/// The events of a text, as `(event, id, data)`, sent in chunks of this many bytes.
async fn parse(text: &[u8], size: usize) -> Vec<(Option<String>, Option<String>, String)> {
    let chunks: Vec<&[u8]> = text.chunks(size).collect();
    let server = Server::answering(vec![Answer::streamed(SSE, &chunks)]).await;
    let operation = leak(Operation {
        id: "probe",
        path: "/x",
        streaming: true,
        ..Operation::DEFAULT
    });
    let call = Call::new(&core(&server.url), operation);
    let mut stream: EventStream<String> = Pending::new(call, decode::text_events)
        .await
        .expect("a stream");
    let mut all = Vec::new();
    while let Some(event) = stream.try_next().await.expect("an event") {
        all.push((event.name, event.id, event.data));
    }
    all
}

fn data(texts: &[&str]) -> Vec<(Option<String>, Option<String>, String)> {
    texts
        .iter()
        .map(|text| (None, None, (*text).to_owned()))
        .collect()
}

#[tokio::test]
async fn the_format_of_events() {
    // The examples of WHATWG HTML section 9.2.6, and what else the grammar allows.
    assert_eq!(
        parse(b"data: YHOO\ndata: +2\ndata: 10\n\n", 100).await,
        data(&["YHOO\n+2\n10"])
    );
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        parse(b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n", 100).await,
        [(None, some("1"), "first event".to_owned()), (None, None, "second event".to_owned())]
    );
    assert_eq!(
        parse(b"data\n\ndata\ndata\n\ndata:", 100).await,
        data(&["", "\n"])
    );
    assert_eq!(
        parse(b"data:test\n\ndata: test\n\n", 100).await,
        data(&["test", "test"])
    );
    assert_eq!(
        parse(b"data: a\r\ndata: b\r\n\r\ndata: c\r\rdata: d\n\n", 100).await,
        data(&["a\nb", "c", "d"])
    );
    assert_eq!(parse(b"\xEF\xBB\xBFdata: a\n\n", 100).await, data(&["a"]));
    assert_eq!(
        parse(
            b"event: add\nid: 5\ndata: 1\n\ndata: 2\n\nevent: x\n\nid: a\0b\ndata: 3\n\n",
            100
        )
        .await,
        [
            (some("add"), some("5"), "1".to_owned()),
            (None, some("5"), "2".to_owned()),
            (None, some("5"), "3".to_owned())
        ]
    );
    assert_eq!(
        parse(b"other: x\nretry: abc\ndata: a: b\n\n", 100).await,
        data(&["a: b"])
    );
    assert_eq!(
        parse(b"data: a\n\ndata: [DONE]\n\ndata: b\n\n", 100).await,
        data(&["a"])
    );
    assert_eq!(parse(b"", 100).await, []);
}

#[tokio::test]
async fn chunks_may_be_cut_anywhere() {
    let text = "\u{feff}data: é€𝄞\r\ndata: x\r\n\r\n:c\r\rid: ü\rdata: y\r\n\r\n".as_bytes();
    let expected = vec![
        (None, None, "é€𝄞\nx".to_owned()),
        (None, Some("ü".to_owned()), "y".to_owned()),
    ];
    for size in 1..=7 {
        assert_eq!(parse(text, size).await, expected, "{size}");
    }
}

#[tokio::test]
async fn typed_events_and_one_that_is_not_as_documented() {
    let text = format!("{}data: {{\"id\":\"x\"}}\n\n{}", event(1), event(2));
    let server = Server::answering(vec![Answer::streamed(SSE, &[text.as_bytes()])]).await;
    let mut stream = client(&server).pets().events().await.expect("a stream");
    assert_eq!(server.last().header("accept"), Some(SSE));
    assert_eq!(
        stream
            .try_next()
            .await
            .expect("an event")
            .expect("an event")
            .data
            .id,
        1
    );
    let error = stream.try_next().await.expect_err("no pet");
    let Error::Decode(decode) = &error else {
        panic!("{error}")
    };
    assert_eq!(
        (decode.path(), decode.raw_body()),
        ("id", &b"{\"id\":\"x\"}"[..])
    );
    assert_eq!(
        stream
            .try_next()
            .await
            .expect("an event")
            .expect("an event")
            .data
            .id,
        2
    );
    assert!(stream.try_next().await.expect("the end").is_none());
    // It is a `Stream` too.
    let server = Server::answering(vec![Answer::streamed(
        SSE,
        &[event(1).as_bytes(), event(2).as_bytes()],
    )])
    .await;
    let stream = client(&server).pets().events().await.expect("a stream");
    let all: Vec<_> = TryStreamExt::try_collect(stream).await.expect("events");
    assert_eq!(all.len(), 2);
}

#[tokio::test]
async fn a_stalled_stream_is_a_timeout_and_the_time_of_the_call_is_not() {
    let stalled = Answer::streamed(SSE, &[event(1).as_bytes()]).then_hang();
    let server = Server::answering(vec![stalled]).await;
    let client = builder(&server)
        .stream_idle_timeout(Duration::from_millis(1500))
        .build()
        .expect("a client");
    let mut stream = client.pets().events().await.expect("a stream");
    stream
        .try_next()
        .await
        .expect("an event")
        .expect("an event");
    let waited = tokio::time::timeout(Duration::from_secs(15), stream.try_next()).await;
    let error = waited.expect("an end of the wait").expect_err("stalled");
    assert!(
        error.is_timeout() && error.to_string().contains("1.5s"),
        "{error}"
    );
    assert!(stream.try_next().await.expect("the end").is_none());
    let mut download = client.pets().photo(1).await.expect("headers");
    download.chunk().await.expect("a chunk");
    let waited = tokio::time::timeout(Duration::from_secs(15), download.chunk()).await;
    let error = waited.expect("an end of the wait").expect_err("stalled");
    assert!(error.is_timeout(), "{error}");

    // Signs of life keep it open beyond the time of the call.
    let chunks: Vec<Vec<u8>> = (0..8)
        .map(|_| b":\n\n".to_vec())
        .chain([event(1).into_bytes()])
        .collect();
    let server = Server::new(move |_, _| {
        let chunks: Vec<&[u8]> = chunks.iter().map(Vec::as_slice).collect();
        Answer::streamed(SSE, &chunks).slowly(Duration::from_millis(300))
    })
    .await;
    let client = builder(&server)
        .stream_idle_timeout(Duration::from_secs(2))
        .timeout(Duration::from_secs(2))
        .build()
        .expect("a client");
    let mut stream = client.pets().events().await.expect("a stream");
    assert_eq!(
        stream
            .try_next()
            .await
            .expect("an event")
            .expect("an event")
            .data
            .id,
        1
    );
    // Until the headers the time of the call counts.
    let server = Server::answering(vec![
        Answer::streamed(SSE, &[]).after(Duration::from_secs(5)),
    ])
    .await;
    let error = crate::client(&server)
        .pets()
        .events()
        .timeout(Duration::from_millis(100))
        .await
        .expect_err("late");
    assert!(matches!(error, Error::Timeout(_)));
}

#[tokio::test]
async fn a_broken_stream_ends_with_an_error_unless_it_connects_again() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 1000\r\n\r\n";
    let broken =
        Answer::raw(format!("{head}retry: 20\nid: 1\n{}id: 2\ndata: lost", event(1)).as_bytes());
    let answers = vec![
        broken,
        Answer::streamed(SSE, &[format!("id: 5\n{}", event(2)).as_bytes()]),
        Answer::new(503, &[("retry-after-ms", "1")], ""),
        Answer::streamed(SSE, &[event(3).as_bytes()]),
        Answer::status(204),
    ];
    let server = Server::answering(answers.clone()).await;
    let mut stream = client(&server).pets().events().await.expect("a stream");
    stream
        .try_next()
        .await
        .expect("an event")
        .expect("an event");
    assert!(matches!(stream.try_next().await, Err(Error::Transport(_))));
    assert!(stream.try_next().await.expect("the end").is_none());

    let server = Server::answering(answers).await;
    let mut stream = client(&server)
        .pets()
        .events()
        .await
        .expect("a stream")
        .reconnect(true);
    let mut ids = Vec::new();
    while let Some(event) = stream.try_next().await.expect("an event") {
        ids.push(event.data.id);
    }
    assert_eq!(ids, [1, 2, 3]);
    assert_eq!(stream.last_event_id(), Some("5"));
    let last: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("last-event-id").map(str::to_owned))
        .collect();
    // The event that was cut short did not happen: its id does not count.
    assert_eq!(
        last,
        [
            None,
            Some("1".into()),
            Some("5".into()),
            Some("5".into()),
            Some("5".into())
        ]
    );
}

#[tokio::test]
async fn connecting_in_vain_ends() {
    let server = Server::answering(vec![Answer::streamed(SSE, &[b"retry: 1\n\n"])]).await;
    let mut stream = client(&server)
        .pets()
        .events()
        .await
        .expect("a stream")
        .reconnect(true);
    let started = std::time::Instant::now();
    assert!(stream.try_next().await.expect("the end").is_none());
    assert_eq!(server.count(), 6);
    // The server says when to connect again; without its word it would be 3 s each time.
    assert!(started.elapsed() < Duration::from_secs(12));
    let server = Server::answering(vec![
        Answer::streamed(SSE, &[b"retry: 1\n\n"]),
        Answer::status(401),
    ])
    .await;
    let mut stream = client(&server)
        .pets()
        .events()
        .await
        .expect("a stream")
        .reconnect(true);
    assert_eq!(
        stream
            .try_next()
            .await
            .expect_err("401")
            .status()
            .map(|status| status.as_u16()),
        Some(401)
    );
    assert!(stream.try_next().await.expect("the end").is_none());
}

#[tokio::test]
async fn lines() {
    let text = "\u{feff}{\"id\":1,\"name\":\"é\"}\r\n\n  \n{\"id\":2,\"name\":\"b\"}\n{\"id\":\"x\"}\n{\"id\":3,\"name\":\"c\"}";
    for size in [1, 2, 3, 7, 1000] {
        let chunks: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
        let server =
            Server::answering(vec![Answer::streamed("application/x-ndjson", &chunks)]).await;
        let mut stream = client(&server).pets().lines().await.expect("a stream");
        let mut ids = Vec::new();
        loop {
            match stream.try_next().await {
                Ok(Some(pet)) => ids.push(pet.id),
                Ok(None) => break,
                Err(Error::Decode(decode)) => {
                    assert_eq!(decode.path(), "id");
                    ids.push(-1);
                }
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(ids, [1, 2, -1, 3], "{size}");
    }
}

#[tokio::test]
async fn an_event_or_line_beyond_the_limit() {
    let long = [b'x'; 2000];
    let server = Server::answering(vec![Answer::streamed(SSE, &[b"data: ", &long])]).await;
    let client = builder(&server)
        .max_response_bytes(1000)
        .build()
        .expect("a client");
    let error = client
        .pets()
        .events()
        .await
        .expect("a stream")
        .try_next()
        .await
        .expect_err("too long");
    assert!(error.to_string().contains("max_response_bytes"), "{error}");
    let error = client
        .pets()
        .lines()
        .await
        .expect("a stream")
        .try_next()
        .await
        .expect_err("too long");
    assert!(error.to_string().contains("max_response_bytes"), "{error}");
    // The limit is one of an event, not of the stream.
    let server = Server::new(|_, _| Answer::streamed(SSE, &vec![&b"data: x\n\n"[..]; 200])).await;
    let operation = leak(Operation {
        id: "probe",
        path: "/x",
        streaming: true,
        ..Operation::DEFAULT
    });
    let mut settings = crate::runtime::Settings::new(&crate::sample::API);
    settings.base_url(&server.url);
    settings.max_response_bytes(100);
    let call = Call::new(&settings.build().expect("a core"), operation);
    let stream = Pending::new(call, decode::text_events)
        .await
        .expect("a stream");
    assert_eq!(
        TryStreamExt::try_collect::<Vec<_>>(stream)
            .await
            .expect("events")
            .len(),
        200
    );
}

#[tokio::test]
async fn a_reply_of_json_is_no_empty_stream() {
    for media in ["application/json", "Application/JSON; charset=utf-8"] {
        let answer = Answer::new(200, &[("content-type", media)], r#"{"id":1,"name":"x"}"#);
        let server = Server::answering(vec![answer]).await;
        let error = client(&server).pets().events().await.expect_err("JSON");
        assert!(matches!(error, Error::Decode(_)), "{error:?}");
        assert!(error.to_string().contains("the reply is JSON"), "{error}");
        assert_eq!(server.last().header("accept"), Some(SSE));
    }
    // Any other type, or none, is taken as the events that are documented.
    let chunk = event(1);
    for media in ["text/plain", "application/octet-stream"] {
        let server = Server::answering(vec![Answer::streamed(media, &[chunk.as_bytes()])]).await;
        let mut events = client(&server).pets().events().await.expect("events");
        assert!(events.try_next().await.expect("an event").is_some());
    }
}
