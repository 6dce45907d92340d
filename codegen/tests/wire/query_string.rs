//! Parameters that are the whole query.

use fixtures::query_string::*;

use crate::server::{Answer, Server};

async fn start() -> (Server, Client) {
    let server = Server::answering(vec![Answer::status(204)]).await;
    let client = Client::builder().base_url(&server.url).build().unwrap();
    (server, client)
}

#[tokio::test]
async fn forms_json_and_texts_are_the_query() {
    let (server, client) = start().await;
    client
        .search()
        .get(&GetSearchFilter::new().q("a b&c").page(2))
        .await
        .unwrap();
    assert_eq!(server.last().query(), "q=a+b%26c&page=2");
    client.search().get(&GetSearchFilter::new()).await.unwrap();
    assert_eq!(server.last().target, "/search");
    client
        .select()
        .get()
        .selector(&GetSelectSelector::new().path("$.a b"))
        .await
        .unwrap();
    assert_eq!(server.last().query(), "%7B%22path%22%3A%22%24.a%20b%22%7D");
    client.path().get("$.a.b[1:1]").await.unwrap();
    assert_eq!(server.last().query(), "%24.a.b%5B1%3A1%5D");
    client.select().get().await.unwrap();
    assert_eq!(server.last().target, "/select");
}

#[tokio::test]
async fn properties_have_their_encodings() {
    let (server, client) = start().await;
    let filter = GetStyledFilter::new()
        .ids(vec![1, 2])
        .tags(["x", "y z"])
        .range(GetStyledFilterRange::new().from(3))
        .more(GetStyledFilterMore::new().a("b"));
    client.styled().get().filter(&filter).await.unwrap();
    assert_eq!(
        server.last().query(),
        "ids=1,2&tags=x&tags=y+z&range%5Bfrom%5D=3&more=%7B%22a%22%3A%22b%22%7D"
    );
}
