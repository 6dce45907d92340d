//! Pages by headers, to the end.

use fixtures::page_headers::*;
use fixtures::runtime::Error;

use crate::server::{Answer, Seen, Server};

fn page(ids: &str, header: Option<(&str, &str)>) -> Answer {
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(header);
    Answer::new(200, &headers, ids)
}

async fn start(
    answer: impl Fn(usize, &Seen) -> Answer + Send + Sync + 'static,
) -> (Server, Client) {
    let server = Server::new(answer).await;
    let client = Client::builder().base_url(&server.url).build().unwrap();
    (server, client)
}

fn targets(server: &Server) -> Vec<String> {
    server.seen().into_iter().map(|seen| seen.target).collect()
}

#[tokio::test]
async fn only_the_query_of_a_url_in_a_header_is_followed() {
    let (server, client) = start(|number, _| match number {
        0 => page(
            r#"{"data":[{"id":1}]}"#,
            Some((
                "next-page",
                "https://evil.example/other?_limit=1&_token=a%2Bb",
            )),
        ),
        _ => page(r#"{"data":[{"id":2}]}"#, None),
    })
    .await;
    let all = client
        .records()
        .list()
        .limit(1)
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(all.iter().map(|it| it.id).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(
        targets(&server),
        ["/records?_limit=1", "/records?_limit=1&_token=a%2Bb"]
    );
}

#[tokio::test]
async fn numbers_and_cursors_in_headers_are_taken_over() {
    let (server, client) = start(|number, _| match number {
        0 => page(r#"[{"id":1}]"#, Some(("x-next-page", "2"))),
        1 => page(r#"[{"id":2}]"#, Some(("x-next-page", "3"))),
        _ => page(r#"[{"id":3}]"#, Some(("x-next-page", ""))),
    })
    .await;
    let all = client
        .issues()
        .list()
        .per_page(1)
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(all.len(), 3);
    assert_eq!(
        targets(&server),
        [
            "/issues?per_page=1",
            "/issues?page=2&per_page=1",
            "/issues?page=3&per_page=1"
        ]
    );
    let (server, client) = start(|number, _| match number {
        0 => page(r#"[{"id":1}]"#, Some(("x-next-cursor", "a/b"))),
        _ => page(r#"[{"id":2}]"#, None),
    })
    .await;
    assert_eq!(
        client
            .events()
            .list()
            .items()
            .try_collect()
            .await
            .unwrap()
            .len(),
        2
    );
    assert_eq!(targets(&server), ["/events", "/events?cursor=a%2Fb"]);
    // A document may say number and a server send a URL.
    let (server, client) = start(|number, _| match number {
        0 => page(r#"[{"id":1}]"#, Some(("x-next-page", "/issues?page=2"))),
        _ => page(r#"[{"id":2}]"#, None),
    })
    .await;
    assert_eq!(
        client
            .issues()
            .list()
            .items()
            .try_collect()
            .await
            .unwrap()
            .len(),
        2
    );
    assert_eq!(targets(&server), ["/issues", "/issues?page=2"]);
}

#[tokio::test]
async fn a_header_that_the_document_does_not_list_can_be_named() {
    let (server, client) = start(|number, _| match number {
        0 => page(r#"[{"id":1}]"#, Some(("next-page", "?_limit=1&x=2"))),
        _ => page(r#"[{"id":2}]"#, None),
    })
    .await;
    assert_eq!(
        client
            .hidden()
            .list()
            .items()
            .try_collect()
            .await
            .unwrap()
            .len(),
        2
    );
    assert_eq!(targets(&server)[1], "/hidden?_limit=1&x=2");
    let (server, client) = start(|number, _| match number {
        0 => page(r#"[{"id":1}]"#, Some(("x-token", "t"))),
        _ => page(r#"[{"id":2}]"#, None),
    })
    .await;
    assert_eq!(
        client
            .tokens()
            .list()
            .items()
            .try_collect()
            .await
            .unwrap()
            .len(),
        2
    );
    assert_eq!(targets(&server)[1], "/tokens?from=t");
}

#[tokio::test]
async fn loops_end() {
    // The same cursor over and over, with pages that differ.
    let (server, client) = start(|number, _| {
        page(
            &format!(r#"[{{"id":{number}}}]"#),
            Some(("x-next-cursor", "same")),
        )
    })
    .await;
    assert_eq!(
        client
            .events()
            .list()
            .items()
            .try_collect()
            .await
            .unwrap()
            .len(),
        2
    );
    assert_eq!(server.count(), 2);
    // The same page over and over.
    let (server, client) = start(|_, _| page(r#"[{"id":1}]"#, Some(("x-next-page", "2")))).await;
    assert_eq!(
        client
            .issues()
            .list()
            .items()
            .try_collect()
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(server.count(), 2);
    // Cursors that never come to an end, with nothing on the pages.
    let (_server, client) =
        start(|number, _| page("[]", Some(("x-next-cursor", &number.to_string())))).await;
    let error = client
        .events()
        .list()
        .items()
        .try_collect()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Build(_)), "{error}");
}
