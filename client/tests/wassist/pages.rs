//! Streams over `{count, next, previous, results}`.

use crate::support::{Answer, KEY, Server, always, busy};
use crate::{EMPTY, argument, builder, client, page};

#[tokio::test]
async fn offsets_run_over_all_pages_and_other_hosts_named_by_next_get_nothing() {
    let stranger = always(EMPTY).await;
    let elsewhere = format!("{}/api/v1/conversations/?limit=2&agent=x", stranger.url);
    let server = Server::new(move |_, seen| {
        let offset = argument(seen, "offset").unwrap_or(0);
        let end = (offset + 2).min(5);
        let next = format!("{elsewhere}&offset={end}");
        page(5, (end < 5).then_some(next.as_str()), offset..end)
    })
    .await;
    let ids: Vec<String> = client(&server)
        .conversations()
        .list()
        .limit(2)
        .contact("a b")
        .items()
        .try_collect()
        .await
        .expect("all items")
        .iter()
        .map(|conversation| conversation.id.to_string())
        .collect();
    let expected: Vec<String> = (0..5)
        .map(|number| format!("00000000-0000-0000-0000-{number:012}"))
        .collect();
    assert_eq!(ids, expected);
    assert_eq!(stranger.count(), 0);
    let seen = server.seen();
    let targets: Vec<&str> = seen.iter().map(|seen| seen.target.as_str()).collect();
    assert_eq!(
        targets,
        [
            "/api/v1/conversations/?contact=a%20b&limit=2",
            "/api/v1/conversations/?contact=a%20b&limit=2&offset=2",
            "/api/v1/conversations/?contact=a%20b&limit=2&offset=4",
        ]
    );
    assert!(
        seen.iter()
            .all(|seen| seen.header("x-api-key") == Some(KEY))
    );
}

/// Pages of two, each with the link that Django REST framework writes.
async fn paged(total: usize) -> Server {
    Server::new(move |_, seen| {
        let offset = argument(seen, "offset").unwrap_or(0);
        let limit = argument(seen, "limit").unwrap_or(2).min(2);
        let end = (offset + limit).min(total);
        let next = (end < total).then(|| {
            format!("https://other.example/api/v1/conversations/?limit={limit}&offset={end}")
        });
        page(total, next.as_deref(), offset..end)
    })
    .await
}

fn offsets(server: &Server) -> Vec<Option<usize>> {
    server
        .seen()
        .iter()
        .map(|seen| argument(seen, "offset"))
        .collect()
}

#[tokio::test]
async fn pages_and_items_end_with_the_last_page() {
    let server = paged(5).await;
    let client = client(&server);
    let all = client
        .conversations()
        .list()
        .limit(2)
        .items()
        .try_collect()
        .await
        .expect("all items");
    assert_eq!(all.len(), 5);
    assert_eq!(offsets(&server), [None, Some(2), Some(4)]);

    // A limit above what the server grants advances by what came; an offset of the caller's is where it starts.
    let server = paged(7).await;
    let client = builder(&server.url).build().expect("a client");
    let sizes: Vec<usize> = client
        .conversations()
        .list()
        .limit(500)
        .offset(1)
        .pages()
        .try_collect()
        .await
        .expect("all pages")
        .iter()
        .map(|page| page.results.len())
        .collect();
    assert_eq!(sizes, [2, 2, 2]);
    assert_eq!(offsets(&server), [Some(1), Some(3), Some(5)]);

    // Without a limit of the caller's none is sent.
    let server = paged(3).await;
    let client = builder(&server.url).build().expect("a client");
    let mut pages = client.conversations().list().pages();
    assert_eq!(
        pages
            .try_next()
            .await
            .expect("a page")
            .map(|page| page.count),
        Some(3)
    );
    assert_eq!(server.count(), 1, "what was not polled is not asked for");
    assert!(pages.try_next().await.expect("a page").is_some());
    assert!(pages.try_next().await.expect("the end").is_none());
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| argument(seen, "limit").is_none())
    );

    let server = paged(100).await;
    let client = builder(&server.url).build().expect("a client");
    let some = client
        .conversations()
        .list()
        .items()
        .max_pages(3)
        .try_collect()
        .await
        .expect("three pages");
    assert_eq!((some.len(), server.count()), (6, 3));
}

#[tokio::test]
async fn a_repeated_page_ends_the_stream() {
    let same = Server::answering(vec![page(100, None, 0..2)]).await;
    let all = client(&same)
        .conversations()
        .list()
        .items()
        .try_collect()
        .await
        .expect("an end");
    assert_eq!((all.len(), same.count()), (2, 1), "`next: null` is the end");
    let same = Server::answering(vec![page(
        100,
        Some("https://other.example/?offset=2"),
        0..2,
    )])
    .await;
    let all = client(&same)
        .conversations()
        .list()
        .items()
        .try_collect()
        .await
        .expect("an end");
    assert_eq!(
        (all.len(), same.count()),
        (2, 2),
        "the page before over again"
    );
}

#[tokio::test]
async fn an_error_ends_the_pages_and_what_came_before_stays() {
    let server = Server::answering(vec![
        page(5, Some("https://other.example/?offset=2"), 0..2),
        busy(503, "0"),
        page(5, Some("https://other.example/?offset=4"), 2..4),
        Answer::new(403, &[], r#"{"detail":"no more for you"}"#),
    ])
    .await;
    let mut items = client(&server).conversations().list().items();
    for _ in 0..4 {
        assert!(items.try_next().await.expect("an item").is_some());
    }
    let error = items.try_next().await.expect_err("the third page");
    assert!(error.to_string().contains("no more for you"), "{error}");
    assert!(items.try_next().await.expect("the end").is_none());
    assert_eq!(server.count(), 4);
}
