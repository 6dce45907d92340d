//! Every rule by which pages follow each other, from the first to the last page.

use fixtures::pagination::*;

use crate::server::{Answer, Seen, Server};

async fn start(
    answer: impl Fn(usize, &Seen) -> Answer + Send + Sync + 'static,
) -> (Server, Client) {
    let server = Server::new(answer).await;
    let client = Client::builder().base_url(&server.url).build().unwrap();
    (server, client)
}

fn items(ids: std::ops::Range<usize>) -> String {
    let items: Vec<String> = ids.map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
    items.join(",")
}

fn targets(server: &Server) -> Vec<String> {
    server.seen().into_iter().map(|seen| seen.target).collect()
}

fn ids(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.id.as_str()).collect()
}

#[tokio::test]
async fn offsets_and_page_numbers() {
    let (server, client) = start(|number, _| {
        Answer::json(&format!(
            r#"{{"items":[{}],"total":3}}"#,
            items(2 * number..(2 * number + 2).min(3))
        ))
    })
    .await;
    let all = client
        .offset()
        .get()
        .limit(2)
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids(&all), ["0", "1", "2"]);
    assert_eq!(
        targets(&server),
        ["/offset?limit=2", "/offset?limit=2&offset=2"]
    );
    let (server, client) = start(|number, _| {
        Answer::json(&format!(
            r#"{{"data":[{}],"meta":{{"lastPage":3}}}}"#,
            items(number..number + 1)
        ))
    })
    .await;
    let all = client.page().get().items().try_collect().await.unwrap();
    assert_eq!(ids(&all), ["0", "1", "2"]);
    assert_eq!(targets(&server), ["/page", "/page?page=2", "/page?page=3"]);
}

#[tokio::test]
async fn cursors_and_last_items() {
    let (server, client) = start(|number, _| {
        let next = if number == 0 { "\"a/b\"" } else { "null" };
        Answer::json(&format!(
            r#"{{"items":[{}],"next_cursor":{next}}}"#,
            items(number..number + 1)
        ))
    })
    .await;
    let all = client.cursor().get().items().try_collect().await.unwrap();
    assert_eq!(ids(&all), ["0", "1"]);
    assert_eq!(targets(&server), ["/cursor", "/cursor?cursor=a%2Fb"]);
    let (server, client) = start(|number, _| {
        Answer::json(&format!(
            r#"{{"data":[{}],"has_more":{}}}"#,
            items(number..number + 1),
            number == 0
        ))
    })
    .await;
    let all = client.last().get().items().try_collect().await.unwrap();
    assert_eq!(ids(&all), ["0", "1"]);
    assert_eq!(targets(&server), ["/last", "/last?starting_after=0"]);
}

#[tokio::test]
async fn links_of_pages_and_of_headers() {
    let (server, client) = start(|number, _| {
        let next = if number == 0 {
            "\"https://evil.example/x?limit=1&offset=1\""
        } else {
            "null"
        };
        Answer::json(&format!(
            r#"{{"count":2,"next":{next},"previous":null,"results":[{}]}}"#,
            items(number..number + 1)
        ))
    })
    .await;
    let all = client
        .link()
        .get()
        .limit(1)
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids(&all), ["0", "1"]);
    assert_eq!(
        targets(&server),
        ["/link?limit=1", "/link?limit=1&offset=1"]
    );
    let (server, client) = start(|number, _| {
        let mut headers = vec![("content-type", "application/json")];
        if number == 0 {
            headers.push((
                "link",
                "</a?page=1>; rel=\"prev\", <https://evil.example/a?page=7>; rel=\"next\"",
            ));
        }
        Answer::new(200, &headers, format!("[{}]", items(number..number + 1)))
    })
    .await;
    let all = client.header().list().items().try_collect().await.unwrap();
    assert_eq!(ids(&all), ["0", "1"]);
    assert_eq!(targets(&server), ["/header", "/header?page=7"]);
}

#[tokio::test]
async fn a_server_that_never_ends_is_left() {
    let endless = |body: &'static str| move |_: usize, _: &Seen| Answer::json(body);
    let (server, client) = start(endless(r#"{"items":[{"id":"0"}],"next_cursor":"x"}"#)).await;
    let all = client.cursor().get().items().try_collect().await.unwrap();
    assert_eq!((all.len(), server.count()), (1, 2));
    let (server, client) = start(endless(r#"{"data":[{"id":"0"}],"has_more":true}"#)).await;
    let all = client.last().get().items().try_collect().await.unwrap();
    assert_eq!((all.len(), server.count()), (1, 2));
    let (server, client) = start(endless(r#"{"items":[{"id":"0"}]}"#)).await;
    let all = client.offset().get().items().try_collect().await.unwrap();
    assert_eq!((all.len(), server.count()), (1, 2));
    let (server, client) = start(endless(
        r#"{"results":[{"id":"0"}],"next":"http://x/?a=1"}"#,
    ))
    .await;
    let all = client.link().get().items().try_collect().await.unwrap();
    assert_eq!((all.len(), server.count()), (1, 2));
}
